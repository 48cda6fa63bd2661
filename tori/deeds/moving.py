"""Old addresses of the vocabulary and of organisations lead on, in kept searches too."""

from collections.abc import Hashable, Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tori.models.deeds import Theme
from tori.models.desk import MovedAddress
from tori.models.people import Organisation
from tori.models.searching import SavedSearch
from tori.models.tags import Tag, TagKind

MOVED = "moved"
THEME, ORGANISATION = "theme", "organisation"
KINDS: dict[str, tuple[str, type[Theme] | type[Tag] | type[Organisation]]] = {
    "teema": (THEME, Theme),
    "organisaatio": (ORGANISATION, Organisation),
    **{kind.value: (kind.value, Tag) for kind in TagKind},
}
"""Parameter of the address of a list -> the kind of what can move, and its table."""


def move_address(session: Session, kind: str, parameter: str, old_slug: str, target_id: int, new_slug: str) -> None:
    """``parameter`` is that of the lists which are narrowed by things of the kind."""
    session.merge(MovedAddress(kind=kind, slug=old_slug, target_id=target_id))
    session.execute(delete(MovedAddress).where(MovedAddress.kind == kind, MovedAddress.slug == new_slug))
    old, new = (parameter, old_slug), (parameter, new_slug)
    for row in session.scalars(select(SavedSearch).where(SavedSearch.query.contains(f"{parameter}={old_slug}"))):
        pairs = [new if pair == old else pair for pair in parse_qsl(row.query)]
        wanted = urlencode(list(dict.fromkeys(pairs)))
        taken = session.scalar(
            select(SavedSearch.id).where(SavedSearch.user_id == row.user_id, SavedSearch.query == wanted)
        )
        if taken is None:
            row.query = wanted


def slugs_of_today(
    session: Session, reads: dict[Hashable, Any], parameter: str, values: Iterable[str]
) -> dict[str, str]:
    """Old slug of an address -> the present one, for those that have moved. ``reads`` are those of ``reads_of``."""
    if MOVED not in reads:
        reads[MOVED] = _all_moved(session)
    kind, model = KINDS[parameter]
    known = reads[MOVED].get(kind, {})
    moved = {value: known[value] for value in values if value in known}
    if not moved:
        return {}
    names = dict(session.execute(select(model.id, model.slug).where(model.id.in_(moved.values()))).all())
    return {old: names[target] for old, target in moved.items() if target in names}


def _all_moved(session: Session) -> dict[str, dict[str, int]]:
    """Kind -> old slug -> the number of what it leads to now. One statement; few have ever moved."""
    moved: dict[str, dict[str, int]] = {}
    for row in session.execute(select(MovedAddress.kind, MovedAddress.slug, MovedAddress.target_id)):
        moved.setdefault(row.kind, {})[row.slug] = row.target_id
    return moved
