"""Working copies: what somebody is typing, kept by the server before it is saved. One small write, no versions."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.errors import Conflict, RuleBroken
from tori.core.text import clean_line
from tori.database import insert_of, transaction
from tori.edge.sessions import hash_token
from tori.models.deeds import Deed
from tori.models.people import User
from tori.models.writing import WorkingCopy
from tori.policy import Actor, Permission, require

MAX_LENGTH = 300_000
"""Characters of all fields together."""
MAX_FIELDS = 500
MAX_COPIES = 50
MAX_SEQUENCE = 1_000_000
MAX_SECRET = 100
KEPT = timedelta(days=90)
KEPT_UNCLAIMED = timedelta(days=7)
KEPT_FROM_EVENT = timedelta(days=30)
"""Who wrote at a stand has the link in a mail, and may come back from a journey first."""
EVENT = "paikalla-"
"""How the number of a text begins that was written on a shared device at an event."""
NOT_KEPT = {"csrf_token", "action", "add_row", "choose", "privacy_ok", "sequence"}

VISITORS_TEXT = "visitors_text"
"""Key of a browser's session: the hash of the secret by which the text that a visitor left is found."""

Fields = dict[str, list[str]]


def key_of_new(form_number: str) -> str:
    return f"new:{clean_line(form_number)[:40]}"


def key_of_deed(deed_id: int, part: str = "") -> str:
    return f"deed:{deed_id}:{part}"


def typed(fields: Iterable[tuple[str, list[str]]]) -> Fields:
    """What is worth keeping of a sent form."""
    return {name: values for name, values in fields if name not in NOT_KEPT and len(name) <= 100}


def save_new(session: Session, actor: Actor, form_number: str, fields: Fields, sequence: int) -> datetime:
    """Keeps the text of a deed that has not been saved once. Returns when. Raises Conflict when newer text is kept."""
    require(actor, Permission.ACCOUNT_OWN)
    return _save(session, actor, key_of_new(form_number), fields, sequence)


def save_of_deed(
    session: Session, actor: Actor, deed: Deed, part: str, fields: Fields, sequence: int, base_version: int
) -> datetime:
    """As ``save_new``, of changes to a deed or to one part of it."""
    require(actor, Permission.DEED_EDIT, deed)
    return _save(session, actor, key_of_deed(deed.id, part), fields, sequence, deed.id, base_version)


def _save(
    session: Session, actor: Actor, key: str, fields: Fields, sequence: int,
    deed_id: int | None = None, base_version: int | None = None,
) -> datetime:  # fmt: skip
    _check_size(fields)
    if not 0 < sequence <= MAX_SEQUENCE:
        raise RuleBroken("value_missing")
    moment = clock.now()
    values = {"fields": fields, "sequence": sequence, "base_version": base_version, "saved_at": moment}
    own = (WorkingCopy.user_id == actor.id, WorkingCopy.key == key)
    changed = session.execute(
        update(WorkingCopy).where(*own, WorkingCopy.sequence < sequence).values(values),
        execution_options={"synchronize_session": False},
    )
    if changed.rowcount or _insert(session, user_id=actor.id, key=key, deed_id=deed_id, **values):  # type: ignore[attr-defined]
        return moment
    raise Conflict(session.scalar(select(WorkingCopy.sequence).where(*own)) or 0)


def _insert(session: Session, **values: Any) -> bool:
    """False when there is such a copy already."""
    count = session.scalar(select(func.count()).where(WorkingCopy.user_id == values["user_id"])) or 0
    if count >= MAX_COPIES:
        raise RuleBroken("too_many_copies", limit=MAX_COPIES)
    insert = insert_of(session)
    # PostgreSQL's driver counts no rows of such an insert, so the new row itself has to answer.
    added = session.scalar(insert(WorkingCopy).values(**values).on_conflict_do_nothing().returning(WorkingCopy.id))
    return added is not None


def _check_size(fields: Mapping[str, list[str]]) -> None:
    length = sum(len(text) for texts in fields.values() for text in texts)
    if length > MAX_LENGTH or len(fields) > MAX_FIELDS:
        raise RuleBroken("text_too_long", limit=MAX_LENGTH)


def find(session: Session, actor: Actor, key: str) -> WorkingCopy | None:
    """The actor's own copy only."""
    if actor.id is None:
        return None
    return session.scalar(select(WorkingCopy).where(WorkingCopy.user_id == actor.id, WorkingCopy.key == key))


def newest_unfinished(session: Session, actor: Actor) -> WorkingCopy | None:
    """The last deed that the actor began and never saved."""
    return session.scalar(_unfinished(actor.id).limit(1)) if actor.id is not None else None


def _unfinished(user_id: int | None) -> Any:
    return (
        select(WorkingCopy)
        .where(WorkingCopy.user_id == user_id, WorkingCopy.key.startswith("new:"))
        .order_by(WorkingCopy.saved_at.desc())
    )


@dataclass(frozen=True)
class Unfinished:
    form_number: str
    title: str
    saved_at: datetime


def unfinished_of(session: Session, user: User) -> list[Unfinished]:
    """Deeds begun and never saved, the newest first."""
    return [
        Unfinished(copy.key.removeprefix("new:"), clean_line((copy.fields.get("title") or [""])[0]), copy.saved_at)
        for copy in session.scalars(_unfinished(user.id).limit(MAX_COPIES))
    ]


def discard(session: Session, actor: Actor, key: str) -> None:
    """Forgets the actor's copy: it was saved, or is not wanted."""
    require(actor, Permission.ACCOUNT_OWN)
    session.execute(delete(WorkingCopy).where(WorkingCopy.user_id == actor.id, WorkingCopy.key == key))


def discard_of_deed(session: Session, actor: Actor, deed: Deed) -> None:
    """Forgets all copies that the actor has of the deed: the whole form was saved."""
    require(actor, Permission.ACCOUNT_OWN)
    session.execute(delete(WorkingCopy).where(WorkingCopy.user_id == actor.id, WorkingCopy.deed_id == deed.id))


# Visitors


def keep_for_visitor(session: Session, fields: Fields, prefix: str = "") -> str:
    """Keeps what somebody without an account has written. Returns the secret by which they get it back."""
    _check_size(fields)
    secret = secrets.token_urlsafe(32)
    session.add(
        WorkingCopy(
            key=key_of_new(prefix + secrets.token_hex(12)), secret_hash=hash_token(secret), fields=fields, sequence=1,
            saved_at=clock.now(),
        )
    )  # fmt: skip
    return secret


def number_of_visitors_text(session: Session, secret_hash: str | None) -> str:
    """The form number of a text that waits, empty when there is none."""
    key = session.scalar(select(WorkingCopy.key).where(WorkingCopy.secret_hash == secret_hash)) if secret_hash else None
    return key.removeprefix("new:") if key else ""


def text_behind(session: Session, secret: str) -> WorkingCopy | None:
    """The text that a mailed link leads to, while nobody has taken it."""
    if len(secret) > MAX_SECRET:
        return None
    return session.scalar(
        select(WorkingCopy).where(WorkingCopy.secret_hash == hash_token(secret), WorkingCopy.user_id.is_(None))
    )


def claim(session: Session, user: User, secret_hash: str | None) -> str | None:
    """Gives a visitor's text to the account that it was written for. Returns its form number."""
    if not secret_hash:
        return None
    copy = session.scalar(select(WorkingCopy).where(WorkingCopy.secret_hash == secret_hash))
    if copy is None or copy.user_id is not None:
        return None
    copy.user_id, copy.secret_hash = user.id, None
    return copy.key.removeprefix("new:")


def sweep_working_copies(config: Config) -> int:
    """Removes copies that nobody has come back for. Returns how many."""
    moment = clock.now()
    with transaction() as session:
        result = session.execute(
            delete(WorkingCopy).where(
                (WorkingCopy.saved_at < moment - KEPT)
                | (WorkingCopy.user_id.is_(None) & (WorkingCopy.saved_at < moment - KEPT_FROM_EVENT))
                | (
                    WorkingCopy.user_id.is_(None)
                    & WorkingCopy.key.not_like(f"new:{EVENT}%")
                    & (WorkingCopy.saved_at < moment - KEPT_UNCLAIMED)
                )
            )
        )
    return int(result.rowcount)  # type: ignore[attr-defined]
