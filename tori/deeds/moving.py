"""Old addresses of the vocabulary and of organisations lead on, in kept searches too."""

from urllib.parse import parse_qsl, urlencode

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tori.models.desk import MovedAddress
from tori.models.searching import SavedSearch


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
