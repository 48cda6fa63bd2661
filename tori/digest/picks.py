"""Deeds that the editors pick for everybody's next digest."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import DeedPicked, PickRemoved, record
from tori.core.text import clean_line
from tori.models.deeds import Deed
from tori.models.digest import EditorPick
from tori.policy import Actor, Permission, require

MAX_NOTE = 300
SHOWN = 50


def pick(session: Session, actor: Actor, deed: Deed, note: str) -> EditorPick:
    """Picks a public deed. Picking it again only changes the words."""
    require(actor, Permission.CURATE)
    if not deed.is_public:
        raise RuleBroken("unknown_deed", "deed")
    note = clean_line(note)
    if len(note) > MAX_NOTE:
        raise RuleBroken("text_too_long", "note", limit=MAX_NOTE)
    row = session.scalar(select(EditorPick).where(EditorPick.deed_id == deed.id))
    if row is not None:
        row.note = note
        return row
    row = EditorPick(deed_id=deed.id, editor_id=actor.id, note=note)
    session.add(row)
    session.flush()
    record(session, DeedPicked(actor_id=actor.id, deed_id=deed.id, pick_id=row.id))
    return row


def remove(session: Session, actor: Actor, pick_id: int) -> None:
    """Takes a pick back; a digest not yet sent leaves it out."""
    require(actor, Permission.CURATE)
    row = session.get(EditorPick, pick_id)
    if row is None:
        raise NotFound("pick")
    session.delete(row)
    record(session, PickRemoved(actor_id=actor.id, deed_id=row.deed_id))


def latest(session: Session) -> list[EditorPick]:
    statement = select(EditorPick).options(joinedload(EditorPick.deed)).order_by(EditorPick.id.desc()).limit(SHOWN)
    return list(session.scalars(statement))
