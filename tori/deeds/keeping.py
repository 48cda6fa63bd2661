"""Deeds that a reader keeps on own lists, with private notes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import DeedKept, DeedLetGo, record
from tori.core.text import alphabetical, clean_line, clean_text
from tori.deeds.queries import DeedCard, cards_by_ids
from tori.models.deeds import Deed
from tori.models.reading import SavedDeed
from tori.policy import Actor, Permission, require

MAX_KEPT = 1000
MAX_NOTE = 4000
MAX_LIST_NAME = 80


@dataclass(frozen=True)
class KeptDeed:
    card: DeedCard
    list_name: str
    note: str
    since: datetime


def keep(session: Session, actor: Actor, deed: Deed) -> None:
    """Saves the deed for the person. A second press changes nothing."""
    require(actor, Permission.DEED_KEEP, deed)
    if is_kept(session, actor, deed.id):
        return
    if _count_of(session, actor) >= MAX_KEPT:
        raise RuleBroken("too_many_items", limit=MAX_KEPT)
    try:
        with session.begin_nested():
            session.add(SavedDeed(user_id=actor.id, deed_id=deed.id))
    except IntegrityError:
        # The same press twice at the same moment.
        return
    record(session, DeedKept(actor_id=actor.id, deed_id=deed.id))


def let_go(session: Session, actor: Actor, deed_id: int) -> None:
    """Takes a deed off the own list, also one that is no longer on the square."""
    require(actor, Permission.ACCOUNT_OWN)
    found = session.execute(delete(SavedDeed).where(SavedDeed.user_id == actor.id, SavedDeed.deed_id == deed_id))
    if found.rowcount:  # type: ignore[attr-defined]
        record(session, DeedLetGo(actor_id=actor.id, deed_id=deed_id))


def write_note(session: Session, actor: Actor, deed_id: int, note: str, list_name: str) -> None:
    """The note and the list of a kept deed. Nobody else sees them, so nothing is recorded of them."""
    require(actor, Permission.ACCOUNT_OWN)
    row = session.scalar(select(SavedDeed).where(SavedDeed.user_id == actor.id, SavedDeed.deed_id == deed_id))
    if row is None:
        raise NotFound("saved deed")
    note, list_name = clean_text(note), clean_line(list_name)
    if len(note) > MAX_NOTE:
        raise RuleBroken("text_too_long", "note", limit=MAX_NOTE)
    if len(list_name) > MAX_LIST_NAME:
        raise RuleBroken("text_too_long", "list_name", limit=MAX_LIST_NAME)
    row.note, row.list_name = note, list_name


def is_kept(session: Session, actor: Actor, deed_id: int) -> bool:
    if actor.id is None:
        return False
    statement = select(SavedDeed.id).where(SavedDeed.user_id == actor.id, SavedDeed.deed_id == deed_id)
    return session.scalar(statement) is not None


def keepers(session: Session, deed_id: int) -> int:
    """How many people keep the deed: all that its author learns of them."""
    return session.scalar(select(func.count()).where(SavedDeed.deed_id == deed_id)) or 0


def kept_by(session: Session, actor: Actor, locale: str) -> dict[str, list[KeptDeed]]:
    """List name -> kept deeds, the latest first; those without a list come first. Deeds off the square are left out."""
    rows = session.scalars(
        select(SavedDeed).where(SavedDeed.user_id == actor.id).order_by(SavedDeed.id.desc()).limit(MAX_KEPT)
    ).all()
    cards = {card.id: card for card in cards_by_ids(session, [row.deed_id for row in rows], locale, actor)}
    lists: dict[str, list[KeptDeed]] = {}
    for row in sorted(rows, key=lambda row: alphabetical(row.list_name)):
        if row.deed_id in cards:
            kept = KeptDeed(cards[row.deed_id], row.list_name, row.note, row.created_at)
            lists.setdefault(row.list_name, []).append(kept)
    return lists


def _count_of(session: Session, actor: Actor) -> int:
    return session.scalar(select(func.count()).where(SavedDeed.user_id == actor.id)) or 0
