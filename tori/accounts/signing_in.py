"""Signing in. Tries are counted before the password is looked at, and stay counted also when they are refused.

The counts of account, address and organisation are for browsers and addresses that nobody has signed in from: whoever
guesses the passwords of a whole city locks out neither its people at their own desks nor the link by mail.
"""

import logging
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.accounts.passwords import hash_password, is_outdated, verify_password
from tori.core import clock
from tori.core.errors import RuleBroken, TooMany
from tori.core.events import UserSignedIn, record
from tori.database import db, transaction
from tori.edge import limits
from tori.edge.sessions import hash_token
from tori.models.operations import AuditEntry
from tori.models.people import User

log = logging.getLogger(__name__)

REMEMBERED_FOR = timedelta(days=30)
KEY_LENGTH = 32

Bucket = tuple[str, str]


def user_by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def sign_in(email: str, password: str, address: str, known_ids: Collection[int] = ()) -> User:
    """The person whose password this is. Commits by itself, so that a refused try stays counted.

    ``known_ids`` are the people who have signed in with this browser before: they have a count of their own, so that
    others can't lock them out. Raises RuleBroken("bad_credentials") for every kind of wrong, TooMany with a wait.
    """
    user = user_by_email(db.session(), email)
    buckets = _buckets(db.session(), user, email, address, known_ids)
    with transaction() as session:
        waits = [limits.note(session, limit, key) for limit, key in buckets]
    if any(waits):
        log.warning("sign-in: too many tries for %s from %s", user.id if user else "no account", address)
        raise TooMany("sign_in", max(waits))
    is_right = verify_password(user.password_hash if user and user.is_active else None, password)
    if user is None or not is_right:
        log.info("sign-in: refused for %s from %s", user.id if user else "no account", address)
        raise RuleBroken("bad_credentials")
    new_hash = hash_password(password) if is_outdated(user.password_hash or "") else None
    with transaction() as session:
        user = session.get_one(User, user.id)
        if new_hash:
            user.password_hash = new_hash
        user.seen_on, user.asked_idle_on = clock.today(), None
        for limit, key in buckets:
            forgive = limits.forget if limit in ("sign_in_device", "sign_in_pair") else limits.take_back
            forgive(session, limit, key)
        record(session, UserSignedIn(actor_id=user.id, user_id=user.id))
    return user


def _buckets(session: Session, user: User | None, email: str, address: str, known_ids: Collection[int]) -> list[Bucket]:
    """The counters of a try: of the browser when the person is known to it, else of account and address."""
    account = hash_token(email.strip().lower())[:KEY_LENGTH]
    if user is not None and user.id in known_ids:
        return [("sign_in_device", account)]
    net = limits.net_of(address)
    buckets = [("sign_in_pair", f"{account}:{net}")]
    if user is None or not _has_signed_in_from(session, user, address):
        buckets += [("sign_in_account", account), ("sign_in_address", net)]
        if (house := limits.house_of(session, email.strip())) is not None:
            buckets.append(("sign_in_organisation", str(house)))
    return buckets


def _has_signed_in_from(session: Session, user: User, address: str) -> bool:
    """Whether the person has been let in from the address lately. The audit log remembers it."""
    return (
        session.scalar(
            select(AuditEntry.id)
            .where(
                AuditEntry.actor_id == user.id,
                AuditEntry.event == UserSignedIn.__name__,
                AuditEntry.source == web_source(address),
                AuditEntry.created_at > clock.now() - REMEMBERED_FOR,
            )
            .limit(1)
        )
        is not None
    )


def web_source(address: str) -> str:
    """How the audit log names a browser's address."""
    return f"web {address}".strip()
