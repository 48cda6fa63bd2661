"""The end of an account: asked for, changed one's mind about, done; and kept done when an old backup comes back.

What a person published stays with the organisation, without the name. Everything else of theirs goes with the row of
the account, as every table names it with ON DELETE. A line in ``instance/erased`` remembers who, without telling it.
"""

import hashlib
import logging
import os
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tori.accounts import mails
from tori.accounts.service import require_password
from tori.config import ERASED_FILE, Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import ErasureAsked, ErasureCancelled, UserErased, record
from tori.database import db, transaction
from tori.models.accounts import Invitation
from tori.models.campaigning import Lead, Nomination
from tori.models.deeds import Comment, Deed
from tori.models.digest import MailBounce, Subscriber
from tori.models.moderation import Report
from tori.models.operations import Feedback, IndexTask, OutboxMail
from tori.models.people import Role, User
from tori.notifications import mail
from tori.policy import Actor, Permission, require

log = logging.getLogger(__name__)


def _config() -> Config:
    return current_app.extensions["tori"]  # type: ignore[no-any-return]


def ask(actor: Actor, password: str) -> None:
    """The account is erased after ERASURE_DAYS, and works as before until then. Commits by itself.

    Who signs in with the account of an organisation has no password here and needs none.
    """
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.user is not None
    if actor.user.password_hash is not None:
        require_password(actor, password)
    with transaction() as session:
        user = session.get_one(User, actor.user.id)
        if user.erase_on is not None:
            return
        _refuse_last_administrator(session, user)
        user.erase_on = clock.today() + timedelta(days=_config().erasure_days)
        record(session, ErasureAsked(actor_id=user.id, user_id=user.id))
        mails.send(session, user, "erasure_asked", day=user.erase_on, cancel=mails.link(user, "accounts.erase"))


def _refuse_last_administrator(session: Session, user: User) -> None:
    others = select(func.count()).where(
        User.role == Role.ADMIN, User.id != user.id, User.confirmed_at.is_not(None), User.disabled_at.is_(None)
    )
    if user.role == Role.ADMIN and not session.scalar(others):
        raise RuleBroken("last_administrator")


def cancel(session: Session, actor: Actor) -> None:
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.user is not None
    user = session.get_one(User, actor.user.id)
    if user.erase_on is None:
        return
    user.erase_on = None
    record(session, ErasureCancelled(actor_id=user.id, user_id=user.id))


def erase_due(config: Config) -> int:
    """Erases those whose day has come; a daily job. Returns how many."""
    numbers = list(db.session.scalars(select(User.id).where(User.erase_on <= clock.today()).order_by(User.id)))
    for number in numbers:
        with transaction() as session:
            user = session.get(User, number)
            if user is not None and user.erase_on is not None and user.erase_on <= clock.today():
                erase(session, user, config)
    return len(numbers)


def erase(session: Session, user: User, config: Config) -> None:
    """Takes the person out of the database and tells them by a mail that is the last one."""
    address, locale, number = user.email, user.locale, user.id
    # Written first: a line too many erases nobody, a line too few would bring somebody back from a backup.
    _bury(config, user)
    _forget_address(session, address)
    for deed_id in session.scalars(select(Deed.id).where(Deed.author_id == number)):
        session.add(IndexTask(deed_id=deed_id))
    session.execute(
        update(Comment).where(Comment.author_id == number, Comment.removed_at.is_not(None)).values(body="", html="")
    )
    session.execute(update(Deed).where(Deed.author_id == number).values(author_erased=True))
    session.flush()
    session.expunge(user)
    session.execute(delete(User).where(User.id == number))
    session.expire_all()
    record(session, UserErased(actor_id=None, user_id=number))
    mail.enqueue(session, "erased", address, locale, contact=config.contact_email)


GOES = (OutboxMail.recipient, Invitation.email, Subscriber.email, MailBounce.address)
"""Rows that an address goes with."""
EMPTIED = (Feedback.email, Report.email, Lead.email, Nomination.nominee_email, Nomination.nominator_email)
"""Rows that stay without the address, as they tell of more than the person."""


def _forget_address(session: Session, address: str) -> None:
    """The places that know an address by itself and not through the account."""
    for column in GOES:
        session.execute(delete(column.class_).where(column == address))
    session.execute(update(Nomination).where(Nomination.nominee_email == address).values(nominee_name=""))
    session.execute(update(Nomination).where(Nomination.nominator_email == address).values(nominator_name=""))
    for column in EMPTIED:
        session.execute(update(column.class_).where(column == address).values({column.key: ""}))


# Staying erased


def _mark_of(user: User) -> str:
    """Tells an account from every other, also from one that gets its number later, and tells nothing of its owner."""
    return hashlib.sha256(f"{user.id} {user.created_at.isoformat()}".encode()).hexdigest()


def _tombstones(config: Config) -> Path:
    return config.instance / ERASED_FILE


def _bury(config: Config, user: User) -> None:
    descriptor = os.open(_tombstones(config), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{user.id} {_mark_of(user)}\n")
        file.flush()
        os.fsync(file.fileno())


def erase_again(config: Config) -> int:
    """Erases whom a restored backup has brought back. Returns how many."""
    path = _tombstones(config)
    lines = path.read_text().split("\n") if path.exists() else []
    found = 0
    for number, _, mark in (line.partition(" ") for line in lines if line):
        with transaction() as session:
            user = session.get(User, int(number))
            if user is not None and _mark_of(user) == mark:
                erase(session, user, config)
                found += 1
    if found:
        log.warning("%s people that had been erased were erased again after a restore", found)
    return found
