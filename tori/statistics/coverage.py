"""Where nobody has told: organisations without deeds, those that fell silent, the holes between sectors and regions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.text import alphabetical
from tori.models.campaigns import TopList, TopListItem
from tori.models.deeds import Deed, Sector
from tori.models.people import Organisation, OrganisationKind, Region
from tori.statistics.counting import COUNTED

SILENT_AFTER = timedelta(days=365)
LEAST_ACTIVE = 3
"""So many deeds make an organisation one that was active."""


@dataclass(frozen=True)
class SilentOrganisation:
    slug: str
    name: str
    deeds: int
    last: date


@dataclass(frozen=True)
class KindCoverage:
    """How many of the organisations of a kind have told something."""

    kind: str
    told: int
    total: int


@dataclass(frozen=True)
class RegionCoverage:
    """``by_sector`` are deeds in the order of the sectors. ``municipalities_told`` of all in the region have a deed of
    their own. ``picked`` deeds stand on a TOP list that is out."""

    slug: str
    name: str
    municipalities_told: int
    municipalities: int
    by_sector: list[int]
    picked: int

    @property
    def deeds(self) -> int:
        return sum(self.by_sector)


@dataclass(frozen=True)
class Coverage:
    silent: list[SilentOrganisation]
    kinds: list[KindCoverage]
    sectors: list[tuple[str, str]]
    regions: list[RegionCoverage]
    without_deeds: list[tuple[str, str, str]]


def coverage(session: Session, locale: str) -> Coverage:
    """Six statements. ``without_deeds`` are slug, name and region of municipalities that have told nothing."""
    told = {
        organisation_id: (count, last)
        for organisation_id, count, last in session.execute(
            select(Deed.organisation_id, func.count(), func.max(Deed.published_at))
            .where(COUNTED)
            .group_by(Deed.organisation_id)
        )
    }
    places = session.scalars(
        select(Organisation).where(Organisation.ended_on.is_(None)).options(joinedload(Organisation.region))
    ).all()
    sectors = session.scalars(select(Sector).order_by(Sector.position)).all()
    cells = {
        (region_id, sector_id): count
        for region_id, sector_id, count in session.execute(
            select(Organisation.region_id, Deed.sector_id, func.count())
            .join(Organisation, Organisation.id == Deed.organisation_id)
            .where(COUNTED)
            .group_by(Organisation.region_id, Deed.sector_id)
        )
    }
    picked = _picked(session)
    towns = [place for place in places if place.kind == OrganisationKind.MUNICIPALITY]
    all_towns = Counter(place.region_id for place in towns)
    told_towns = Counter(place.region_id for place in towns if place.id in told)
    regions = sorted(session.scalars(select(Region)), key=lambda row: alphabetical(row.name_in(locale)))
    return Coverage(
        silent=_silent(places, told, locale),
        kinds=[_kind(str(kind), places, told) for kind in OrganisationKind],
        sectors=[(row.slug, row.name_in(locale)) for row in sectors],
        regions=[
            RegionCoverage(
                row.slug, row.name_in(locale), told_towns[row.id], all_towns[row.id],
                [cells.get((row.id, sector.id), 0) for sector in sectors], picked[row.id],
            )
            for row in regions
        ],
        without_deeds=sorted(
            (place.slug, place.name_in(locale), place.region.name_in(locale) if place.region else "")
            for place in towns
            if place.id not in told
        ),
    )  # fmt: skip


def _picked(session: Session) -> Counter[int | None]:
    """Region -> deeds on the TOP lists that are out, each once."""
    rows = session.execute(
        select(Organisation.region_id, func.count(Deed.id.distinct()))
        .join(Deed, Deed.organisation_id == Organisation.id)
        .join(TopListItem, TopListItem.deed_id == Deed.id)
        .join(TopList, TopList.id == TopListItem.top_list_id)
        .where(COUNTED, TopList.published_at.is_not(None))
        .group_by(Organisation.region_id)
    )
    return Counter(dict(iter(rows)))


Told = Mapping[int, tuple[int, datetime | None]]


def _kind(kind: str, places: Sequence[Organisation], told: Told) -> KindCoverage:
    own = [place for place in places if place.kind == kind]
    return KindCoverage(kind, sum(place.id in told for place in own), len(own))


def _silent(places: Sequence[Organisation], told: Told, locale: str) -> list[SilentOrganisation]:
    """Those with the most deeds first."""
    latest = clock.today() - SILENT_AFTER
    found = []
    for place in places:
        count, last = told.get(place.id, (0, None))
        if last is None or count < LEAST_ACTIVE:
            continue
        day = clock.in_finland(last).date()
        if day < latest:
            found.append(SilentOrganisation(place.slug, place.name_in(locale), count, day))
    return sorted(found, key=lambda row: (-row.deeds, alphabetical(row.name)))
