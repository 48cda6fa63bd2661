"""How much there is of everything."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.models.deeds import Adoption, Deed
from tori.statistics.counting import COUNTED
from tori.statistics.gathered import Gathered, gather


@dataclass(frozen=True)
class Totals:
    """``municipalities`` and ``regions`` are those with a deed of any organisation that is in them."""

    deeds: int
    organisations: int
    municipalities: int
    regions: int
    adoptions: int
    adopters: int
    adopted_deeds: int
    comments: int


def totals(session: Session, gathered: Gathered | None = None) -> Totals:
    """One statement beside what is gathered."""
    rows = gathered or gather(session)
    places = [rows.organisations[group.organisation_id] for group in rows.tellers]
    adopted = select(func.count(Adoption.deed_id.distinct())).join(Deed, Deed.id == Adoption.deed_id).where(COUNTED)
    return Totals(
        deeds=sum(group.deeds for group in rows.tellers),
        organisations=len(rows.tellers),
        municipalities=len({place.municipality_id for place in places} - {None}),
        regions=len({place.region_id for place in places} - {None}),
        adoptions=sum(group.adoptions for group in rows.adoptions),
        adopters=len({group.organisation_id for group in rows.adoptions}),
        adopted_deeds=session.scalar(adopted) or 0,
        comments=sum(group.comments for group in rows.tellers),
    )
