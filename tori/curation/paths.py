"""How far a reader has come on a path of learning: the deeds read, and what comes after. Nobody else sees it."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tori.core.errors import NotFound
from tori.core.events import PathStepDone, PathStepUndone, record
from tori.curation.pages import Shelf, shown_pages
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.editorial import GuidePage, PathStep
from tori.policy import Actor, Permission, require


@dataclass(frozen=True)
class Progress:
    """``done`` of ``deeds``, the public ones of the path in order."""

    page: GuidePage
    deeds: list[int]
    done: frozenset[int]

    @property
    def is_begun(self) -> bool:
        return bool(self.done)

    @property
    def is_whole(self) -> bool:
        return bool(self.deeds) and len(self.done) == len(self.deeds)


def mark(session: Session, actor: Actor, page: GuidePage, deed_id: int) -> None:
    """The reader has read a deed of the path. Again does nothing."""
    key = _key(actor, page, deed_id)
    if session.get(PathStep, key) is None:
        session.add(PathStep(**key))
        record(session, PathStepDone(actor_id=actor.id))


def unmark(session: Session, actor: Actor, page: GuidePage, deed_id: int) -> None:
    key = _key(actor, page, deed_id)
    if session.get(PathStep, key) is not None:
        session.execute(delete(PathStep).filter_by(**key))
        record(session, PathStepUndone(actor_id=actor.id))


def _key(actor: Actor, page: GuidePage, deed_id: int) -> dict[str, int]:
    """Raises NotFound when the deed is not on the path."""
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.id is not None
    if page.shelf != Shelf.PATH or deed_id not in page.deed_ids:
        raise NotFound("path")
    return {"user_id": actor.id, "page_id": page.id, "deed_id": deed_id}


def progress_of(session: Session, actor: Actor) -> list[Progress]:
    """Of every path that readers see, in their order. Three statements."""
    paths = [page for page in shown_pages(session) if page.shelf == Shelf.PATH]
    wanted = {number for page in paths for number in page.deed_ids}
    public = set(session.scalars(select(Deed.id).where(Deed.id.in_(wanted), Deed.status.in_(PUBLIC_STATUSES))))
    done: dict[int, set[int]] = defaultdict(set)
    for page_id, deed_id in session.execute(
        select(PathStep.page_id, PathStep.deed_id).where(PathStep.user_id == actor.id)
    ):
        done[page_id].add(deed_id)
    found = []
    for page in paths:
        deeds = [number for number in page.deed_ids if number in public]
        found.append(Progress(page, deeds, frozenset(done[page.id]) & frozenset(deeds)))
    return found


def next_path(found: list[Progress], page: GuidePage) -> GuidePage | None:
    """Where to go from a path that is read through: the next one that is not, the longer ones last."""
    waiting = [row for row in found if row.page.id != page.id and row.deeds and not row.is_whole]
    return min(waiting, key=lambda row: (not row.is_begun, len(row.deeds), row.page.position)).page if waiting else None
