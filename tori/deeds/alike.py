"""Which deeds stand beside a deed, from the same shelf: found by the worker, read as they are stored.

A page that asked the search for them would depend on every other deed, and nobody could keep it. So each deed has its
list. A deed that is told anew is looked at again, and so are those found beside it, as it may belong on their lists.
"""

import time
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tori.core.shown import note_shown
from tori.core.text import plain_text
from tori.database import Due, transaction
from tori.deeds.queries import DeedCard
from tori.models.deeds import PUBLIC_STATUSES, Deed, LookForAlike, Sector
from tori.models.operations import IndexTask
from tori.notifications.changes import note_pages
from tori.search.port import Filters, SearchEngine, SearchError, SearchQuery, Sort

MOST = 6
"""More than are shown: some may be gone before they are looked at again."""
MAX_NEED = 600
BATCH = 20
MOST_SECONDS = 0.5


def ids_beside(session: Session, deed: Deed) -> list[int]:
    """Deeds named by the maker or the source first, then those found alike."""
    named = related_ids(session, deed)
    # One of them may be hidden now and come back.
    note_shown(named)
    return [*named, *(found for found in deed.alike if found not in named)]


def related_ids(session: Session, deed: Deed) -> list[int]:
    """The deeds that the maker or the source names as belonging to the same matter."""
    if not deed.related:
        return []
    return list(session.scalars(select(Deed.id).where(Deed.external_id.in_(deed.related)).order_by(Deed.id)))


_DUE = select(Deed.id).where(Deed.look_for_alike > LookForAlike.NOT, Deed.id.not_in(select(IndexTask.deed_id)))
is_due = Due(_DUE)


def find_due(session: Session, engine: SearchEngine) -> int:
    """Looks for the neighbours of some deeds that wait for it. Returns how many were looked at.

    Whatever waits for the index waits here, too.
    """
    ids = list(session.scalars(_DUE.order_by(Deed.look_for_alike.desc(), Deed.id.desc()).limit(BATCH)))
    end, found = time.monotonic() + MOST_SECONDS, []
    for deed in session.scalars(select(Deed).where(Deed.id.in_(ids))):
        try:
            found.append((deed, _found(session, engine, deed) if deed.status in PUBLIC_STATUSES else []))
        except SearchError:
            break
        if time.monotonic() > end:
            break
    if found:
        store(found)
    return len(found)


def _found(session: Session, engine: SearchEngine, deed: Deed) -> list[int]:
    """Deeds that begin from a like need, where the need is told; else those that speak of the same things."""
    if not deed.need:
        found = engine.related(deed.id, MOST)
    else:
        need = f"{deed.title}. {plain_text(deed.need)}"[:MAX_NEED]
        found = [hit.id for hit in engine.nearest(need, MOST + 1) if hit.id != deed.id][:MOST]
    return _with_another_sector(session, engine, deed, found)


def _with_another_sector(session: Session, engine: SearchEngine, deed: Deed, found: list[int]) -> list[int]:
    """When all of them are of the deed's own sector, the last gives way to the one most taken elsewhere on its themes:
    the same idea often works in quite another sector."""
    of_another = select(Deed.id).where(Deed.id.in_(found), Deed.sector_id != deed.sector_id)
    if not deed.themes or session.scalar(of_another.limit(1)) is not None:
        return found
    sectors = tuple(session.scalars(select(Sector.slug).where(Sector.id != deed.sector_id)))
    filters = Filters(sectors=sectors, themes=tuple(theme.slug for theme in deed.themes))
    others = engine.search(SearchQuery(filters=filters, sort=Sort.ADOPTED, per_page=1)).hits
    return [*found[: MOST - 1], *(hit.id for hit in others)] if others else found


def shown(cards: Sequence[DeedCard], sector_slug: str, most: int) -> list[DeedCard]:
    """The first of them; one is of another sector than the deed, if there is any such."""
    first = list(cards[:most])
    if any(card.sector_slug != sector_slug for card in first):
        return first
    other = next((card for card in cards[most:] if card.sector_slug != sector_slug), None)
    return first if other is None else [*first[: most - 1], other]


def store(found: Sequence[tuple[Deed, list[int]]]) -> None:
    """Keeps what was found for each deed, as the deed was read. One transaction."""
    read = [(deed.id, deed.version, deed.alike, deed.look_for_alike, ids) for deed, ids in found]
    with transaction() as session:
        for deed_id, version, _before, _look, ids in read:
            # Told anew meanwhile: it stays due.
            seen = (Deed.id == deed_id) & (Deed.version == version)
            session.execute(update(Deed).where(seen).values(look_for_alike=LookForAlike.NOT, alike=ids))
        for _deed_id, _version, _before, look, ids in read:
            if look == LookForAlike.AND_BESIDE_IT:
                quiet = Deed.look_for_alike == LookForAlike.NOT
                session.execute(update(Deed).where(Deed.id.in_(ids), quiet).values(look_for_alike=LookForAlike.JUST_IT))
        note_pages(session, [deed_id for deed_id, _version, before, _look, ids in read if before != ids])
