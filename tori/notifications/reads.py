"""What a process has read of the public content, good until the content changes."""

from collections.abc import Hashable, Iterable
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tori.database import is_writing
from tori.notifications.changes import present_stamps

MOST = 6000
PAGES, VERSIONS = "pages", "page versions"

_reads: WeakKeyDictionary[Engine, tuple[int, dict[Hashable, Any]]] = WeakKeyDictionary()


def reads_of(session: Session, deed_ids: Iterable[int] = ()) -> dict[Hashable, Any]:
    """For what every visitor sees alike: filled by the callers, emptied by every change of the content.

    Costs one statement, so it is asked for once for a page; the page versions of the deeds (``page_versions``) come
    with it. Inside a change it is empty and forgotten: what is not committed must not be shown to others.
    """
    if is_writing():
        return {}
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    known = _reads.get(engine)
    versions = known[1][VERSIONS] if known else {}
    now = present_stamps(session, [deed_id for deed_id in deed_ids if deed_id not in versions])
    if known is None or known[0] != now.content or len(known[1]) > MOST:
        known = _reads[engine] = (now.content, {PAGES: now.pages, VERSIONS: {}})
    known[1][VERSIONS].update(now.deeds)
    return known[1]


def page_versions(session: Session, reads: dict[Hashable, Any], deed_ids: Iterable[int]) -> tuple[int, dict[int, int]]:
    """``Stamps.pages``, and the page version of each deed. One statement, none for those that came with ``reads``."""
    known = reads.setdefault(VERSIONS, {})
    wanted = list(deed_ids)
    missing = [deed_id for deed_id in wanted if deed_id not in known]
    if missing or PAGES not in reads:
        now = present_stamps(session, missing)
        reads[PAGES] = now.pages
        known.update(now.deeds)
    return reads[PAGES], {deed_id: known[deed_id] for deed_id in wanted if deed_id in known}


def forget(engine: Engine) -> None:
    """As a process that has read nothing yet."""
    _reads.pop(engine, None)
