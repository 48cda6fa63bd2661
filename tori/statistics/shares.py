"""How the deeds and the adoptions divide: by sector, kind of organisation, stage, size, language, closeness."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.models.deeds import AdoptionStatus, Closeness, Maturity, Sector
from tori.models.people import OrganisationKind
from tori.statistics.counting import Share, as_shares, whole_percents
from tori.statistics.gathered import DeedGroup, Gathered, gather

SMALL, BIG, SHORT = "pieni", "iso", "otsikko"


def by_sector(session: Session, locale: str, gathered: Gathered | None = None) -> list[Share]:
    """All sectors in their fixed order. One statement beside what is gathered."""
    counts = (gathered or gather(session)).deeds_by(lambda group: group.sector_id)
    sectors = session.scalars(select(Sector).order_by(Sector.position)).all()
    percents = whole_percents([counts[sector.id] for sector in sectors])
    return [
        Share(sector.slug, sector.name_in(locale), counts[sector.id], percent)
        for sector, percent in zip(sectors, percents, strict=True)
    ]


def by_kind(gathered: Gathered) -> list[Share]:
    """Deeds by the kind of their organisation; the words are those of the page."""
    counts: Counter[str | None] = Counter()
    for group in gathered.tellers:
        counts[gathered.organisations[group.organisation_id].kind] += group.deeds
    return as_shares([(kind, kind) for kind in OrganisationKind], counts)


def by_maturity(gathered: Gathered) -> list[Share]:
    """The last one has not been told."""
    counts = gathered.deeds_by(lambda group: group.maturity)
    return as_shares([*((stage, stage) for stage in Maturity), ("", "")], counts)


def size_of(group: DeedGroup) -> str:
    if group.is_short:
        return SHORT
    return SMALL if group.is_small else BIG


def by_size(gathered: Gathered) -> list[Share]:
    """Small improvements, bigger ones, and those of which little more than the heading is known."""
    return as_shares([(name, name) for name in (SMALL, BIG, SHORT)], gathered.deeds_by(size_of))


def by_language(gathered: Gathered) -> list[Share]:
    return as_shares([(code, code) for code in ("fi", "sv", "en")], gathered.deeds_by(lambda group: group.language))


def by_closeness(gathered: Gathered) -> list[Share]:
    """How close the adoptions are to their models; the last one has not been told."""
    counts = gathered.adoptions_by(lambda group: group.closeness)
    return as_shares([*((value, value) for value in Closeness), ("", "")], counts)


def by_adoption_status(gathered: Gathered) -> list[Share]:
    """How far the adoptions are now; the last one has not been told."""
    counts = gathered.adoptions_by(lambda group: group.status)
    return as_shares([*((value, value) for value in AdoptionStatus), ("", "")], counts)
