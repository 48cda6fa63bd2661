"""Links of account mails. The link holds a random value, the database its hash; each works once and for a time."""

import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.edge.sessions import hash_token
from tori.models.people import AccountToken, User

MAX_TOKEN = 100


class Purpose(StrEnum):
    CONFIRM = "confirm"
    RESET = "reset"
    EMAIL = "email"
    SIGN_IN = "sign_in"


def issue(
    session: Session, user: User, purpose: Purpose, lifetime: timedelta, data: dict[str, Any] | None = None
) -> str:
    """A new link's secret part, which nobody can read again from the database."""
    token = secrets.token_urlsafe(32)
    row = AccountToken(
        hash=hash_token(token), user_id=user.id, purpose=purpose, expires_at=clock.now() + lifetime, data=data or {}
    )
    session.add(row)
    return token


def find(session: Session, token: str, purpose: Purpose) -> tuple[AccountToken, User]:
    """The token's row and its person. Raises RuleBroken("bad_link") for an unknown, used, old or foreign one."""
    row = session.get(AccountToken, hash_token(token)) if len(token) <= MAX_TOKEN else None
    if row is None or row.purpose != purpose or row.used_at is not None or row.expires_at <= clock.now():
        raise RuleBroken("bad_link")
    user = session.get_one(User, row.user_id)
    if user.disabled_at is not None:
        raise RuleBroken("bad_link")
    return row, user


def use(session: Session, token: str, purpose: Purpose) -> tuple[AccountToken, User]:
    """As ``find``, and the link and all others of the purpose stop working."""
    row, user = find(session, token, purpose)
    changed = session.execute(
        update(AccountToken)
        .where(AccountToken.hash == row.hash, AccountToken.used_at.is_(None))
        .values(used_at=clock.now()),
        execution_options={"synchronize_session": "fetch"},
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        # Somebody else has pressed at the same moment.
        raise RuleBroken("bad_link")
    revoke(session, user, purpose)
    return row, user


def revoke(session: Session, user: User, *purposes: Purpose) -> None:
    """Removes the unused links of a person."""
    session.execute(
        delete(AccountToken).where(
            AccountToken.user_id == user.id, AccountToken.purpose.in_(purposes), AccountToken.used_at.is_(None)
        )
    )
