"""How much there is of everything."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

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
    """No statement beside what is gathered."""
    rows = gathered or gather(session)
    places = [rows.organisations[group.organisation_id] for group in rows.tellers]
    return Totals(
        deeds=sum(group.deeds for group in rows.tellers),
        organisations=len(rows.tellers),
        municipalities=len({place.municipality_id for place in places} - {None}),
        regions=len({place.region_id for place in places} - {None}),
        adoptions=sum(group.adoptions for group in rows.adoptions),
        adopters=len(rows.taken),
        adopted_deeds=rows.adopted_deeds,
        comments=sum(group.comments for group in rows.tellers),
    )
