"""Two to four deeds side by side."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.models.deeds import Deed
from tori.models.people import User
from tori.policy import Actor, visible_deeds

LEAST = 2
MOST = 4
ROWS = ("need", "goals", "implementation", "results", "body", "lessons", "applicability")


def chosen_ids(given: Sequence[str]) -> list[int]:
    """The numbers of the address, each once, in order; what is no number is passed over."""
    numbers = [int(text) for text in given[:50] if text.isascii() and text.isdigit() and len(text) < 10]
    return list(dict.fromkeys(numbers))


def compared_deeds(session: Session, actor: Actor, ids: Sequence[int]) -> list[Deed]:
    """The deeds in the order of the ids, as far as the actor may see them, four at most."""
    if not ids:
        return []
    rows = session.scalars(
        select(Deed)
        .where(Deed.id.in_(ids), visible_deeds(actor))
        .options(
            joinedload(Deed.organisation),
            joinedload(Deed.sector),
            joinedload(Deed.author).lazyload(User.memberships),
            selectinload(Deed.themes),
            selectinload(Deed.indicators),
        )
    )
    found = {deed.id: deed for deed in rows}
    return [found[deed_id] for deed_id in ids if deed_id in found][:MOST]


def told_rows(deeds: Sequence[Deed]) -> list[str]:
    """The parts that at least one of the deeds tells."""
    return [name for name in ROWS if any(deed.rendered.get(name) for deed in deeds)]
