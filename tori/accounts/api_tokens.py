"""Keys of the interface: made by a person for a program, shown once, good for a time and for what their scopes name."""

import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import TokenMade, TokenRevoked, record
from tori.core.text import clean_line
from tori.edge.sessions import hash_token
from tori.models.machines import ApiToken
from tori.models.people import User
from tori.policy import Actor, Permission, require

PREFIX = "tt_"
"""Lets scanners of source code recognise a key that was left where it does not belong."""
MAX_LENGTH = 100
MAX_NAME = 80
MAX_TOKENS = 10
DAYS = (30, 90, 365)
SEEN_EVERY = timedelta(minutes=2)


class Scope(StrEnum):
    DRAFT = "deeds:draft"
    IMPORT = "deeds:import"


def make(session: Session, actor: Actor, name: str, scopes: Collection[str], days: int) -> str:
    """A new key, which nobody can read again from the database."""
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.id is not None
    name = clean_line(name)[:MAX_NAME]
    if not name:
        raise RuleBroken("value_missing", "name")
    chosen = [str(scope) for scope in Scope if scope in scopes]
    if not chosen or len(chosen) != len(set(scopes)):
        raise RuleBroken("scope_missing", "scopes")
    if days not in DAYS:
        raise RuleBroken("unknown_choice", "days")
    if len(tokens_of(session, actor)) >= MAX_TOKENS:
        raise RuleBroken("too_many_items", "name", limit=MAX_TOKENS)
    key = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        user_id=actor.id, name=name, hash=hash_token(key), hint=key[-4:], scopes=chosen,
        expires_on=clock.today() + timedelta(days=days),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, TokenMade(actor_id=actor.id, token_id=row.id, scopes=tuple(chosen)))
    return key


def tokens_of(session: Session, actor: Actor) -> Sequence[ApiToken]:
    """The keys that have not been revoked, the newest first; those past their day too, so that it is seen why."""
    own = (ApiToken.user_id == actor.id, ApiToken.revoked_at.is_(None))
    return session.scalars(select(ApiToken).where(*own).order_by(ApiToken.id.desc())).all()


def revoke(session: Session, actor: Actor, token_id: int) -> None:
    require(actor, Permission.ACCOUNT_OWN)
    row = session.get(ApiToken, token_id)
    if row is None or row.user_id != actor.id or row.revoked_at is not None:
        raise NotFound("token")
    row.revoked_at = clock.now()
    record(session, TokenRevoked(actor_id=actor.id, token_id=row.id))


def revoke_all(session: Session, user: User) -> int:
    """When somebody else may know the person's secrets. Returns how many keys stopped working."""
    rows = session.scalars(select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))).all()
    for row in rows:
        row.revoked_at = clock.now()
        record(session, TokenRevoked(actor_id=user.id, token_id=row.id))
    return len(rows)


def find(session: Session, key: str) -> ApiToken | None:
    """The row of a key that works today, with its person."""
    if not key.startswith(PREFIX) or len(key) > MAX_LENGTH or not key.isascii():
        return None
    row = session.scalar(select(ApiToken).where(ApiToken.hash == hash_token(key)).options(joinedload(ApiToken.user)))
    if row is None or row.revoked_at is not None or row.expires_on < clock.today() or not row.user.is_active:
        return None
    return row


def note_use(row: ApiToken) -> None:
    """Remembers the moment, to two minutes. Runs inside the caller's transaction."""
    moment = clock.now()
    if row.used_at is None or row.used_at + SEEN_EVERY < moment:
        row.used_at = moment


def actor_of(row: ApiToken) -> Actor:
    """The person, without the powers of a role: a key is no second factor, whatever the person holds."""
    return Actor(row.user, is_weak=True)
