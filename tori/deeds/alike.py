"""Which deeds stand beside a deed, from the same shelf: found by the worker, read as they are stored.

A page that asked the search for them would depend on every other deed, and nobody could keep it. So each deed has its
list. A deed that is told anew is looked at again, and so are those found beside it, as it may belong on their lists.
"""

import time

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tori.core.shown import note_shown
from tori.core.text import plain_text
from tori.database import transaction
from tori.models.deeds import PUBLIC_STATUSES, Deed, LookForAlike
from tori.models.operations import IndexTask
from tori.notifications.changes import note_alike
from tori.search.port import SearchEngine, SearchError

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


def find_due(session: Session, engine: SearchEngine) -> int:
    """Looks for the neighbours of some deeds that wait for it. Returns how many were looked at.

    Whatever waits for the index waits here, too.
    """
    waiting = select(IndexTask.deed_id)
    due = select(Deed.id).where(Deed.look_for_alike > LookForAlike.NOT, Deed.id.not_in(waiting))
    ids = list(session.scalars(due.order_by(Deed.look_for_alike.desc(), Deed.id.desc()).limit(BATCH)))
    end, done = time.monotonic() + MOST_SECONDS, 0
    for deed_id in ids:
        deed = session.get(Deed, deed_id)
        if deed is None:
            continue
        try:
            found = _found(engine, deed) if deed.status in PUBLIC_STATUSES else []
        except SearchError:
            return done
        _store(deed, found)
        done += 1
        if time.monotonic() > end:
            break
    return done


def _found(engine: SearchEngine, deed: Deed) -> list[int]:
    """Deeds that begin from a like need, where the need is told; else those that speak of the same things."""
    if not deed.need:
        return engine.related(deed.id, MOST)
    need = f"{deed.title}. {plain_text(deed.need)}"[:MAX_NEED]
    return [hit.id for hit in engine.nearest(need, MOST + 1) if hit.id != deed.id][:MOST]


def _store(deed: Deed, found: list[int]) -> None:
    version, before = deed.version, deed.alike
    looks_on = deed.look_for_alike == LookForAlike.AND_BESIDE_IT
    with transaction() as session:
        # Told anew meanwhile: it stays due.
        seen = (Deed.id == deed.id) & (Deed.version == version)
        session.execute(update(Deed).where(seen).values(look_for_alike=LookForAlike.NOT, alike=found))
        if looks_on:
            quiet = Deed.look_for_alike == LookForAlike.NOT
            session.execute(update(Deed).where(Deed.id.in_(found), quiet).values(look_for_alike=LookForAlike.JUST_IT))
        if found != before:
            note_alike(session, deed.id)
