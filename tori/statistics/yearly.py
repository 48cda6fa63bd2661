"""One year of the whole square: what was told, taken and got, for those who plan, pay and decide."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.text import alphabetical
from tori.models.deeds import Adoption, Deed, Sector, Theme, deed_theme
from tori.models.people import Organisation, Region
from tori.statistics.counting import COUNTED, COUNTED_ADOPTION, Share, whole_percents
from tori.statistics.periods import YearFigures

MOST_TAKEN = 10
MOST_THEMES = 10
MOST_OUTCOMES = 6


@dataclass(frozen=True)
class RegionYear:
    """``deeds`` told and ``adoptions`` made in the year by the organisations of the region."""

    slug: str
    name: str
    deeds: int
    organisations: int
    adoptions: int


@dataclass(frozen=True)
class YearSummary:
    """``before`` is the year before it, None for the first. ``tellers`` and ``takers`` are organisations that told a
    deed or took a model in the year; ``taken`` are the deeds whose model was taken most often in it, with the times."""

    now: YearFigures
    before: YearFigures | None
    tellers: int
    takers: int
    breakthroughs: int
    regions: list[RegionYear]
    sectors: list[Share]
    themes: list[tuple[str, str, int]]
    taken: list[tuple[Deed, int]]
    outcomes: list[Adoption]

    @property
    def silent(self) -> list[RegionYear]:
        """Regions from which nothing was told."""
        return [region for region in self.regions if not region.deeds]


def year_summary(session: Session, locale: str, year: int, years: list[YearFigures]) -> YearSummary | None:
    """Of a year that is among ``years``; None of another. Ten statements."""
    known = {row.year: row for row in years}
    if year not in known:
        return None
    start, end = clock.start_of_day(date(year, 1, 1)), clock.start_of_day(date(year + 1, 1, 1))
    told = COUNTED & (Deed.published_at >= start) & (Deed.published_at < end)
    took = COUNTED_ADOPTION & (Adoption.created_at >= start) & (Adoption.created_at < end)
    tellers = _counts(session, select(Deed.organisation_id, func.count()).where(told).group_by(Deed.organisation_id))
    takers = _counts(
        session, select(Adoption.organisation_id, func.count()).where(took).group_by(Adoption.organisation_id)
    )
    broken_through = (Deed.breakthrough_at >= start) & (Deed.breakthrough_at < end)
    return YearSummary(
        now=known[year],
        before=known.get(year - 1),
        tellers=len(tellers),
        takers=len(takers),
        breakthroughs=session.scalar(select(func.count(Deed.id)).where(COUNTED, broken_through)) or 0,
        regions=_regions(session, locale, tellers, takers),
        sectors=_sectors(session, locale, told),
        themes=_themes(session, locale, told),
        taken=_most_taken(session, took),
        outcomes=_outcomes(session, took),
    )


def _counts(session: Session, statement: Select[int, int]) -> dict[int, int]:
    return {number: count for number, count in session.execute(statement)}  # noqa: C416


def _regions(session: Session, locale: str, tellers: dict[int, int], takers: dict[int, int]) -> list[RegionYear]:
    numbers = {*tellers, *takers}
    home = dict(
        iter(session.execute(select(Organisation.id, Organisation.region_id).where(Organisation.id.in_(numbers))))
    )
    rows = [
        RegionYear(
            region.slug,
            region.name_in(locale),
            sum(count for number, count in tellers.items() if home[number] == region.id),
            sum(home[number] == region.id for number in tellers),
            sum(count for number, count in takers.items() if home[number] == region.id),
        )
        for region in session.scalars(select(Region))
    ]
    return sorted(rows, key=lambda row: (-row.deeds, -row.adoptions, alphabetical(row.name)))


def _sectors(session: Session, locale: str, told: ColumnElement[bool]) -> list[Share]:
    counts = _counts(session, select(Deed.sector_id, func.count()).where(told).group_by(Deed.sector_id))
    sectors = session.scalars(select(Sector).order_by(Sector.position)).all()
    numbers = [counts.get(sector.id, 0) for sector in sectors]
    rows = [
        Share(sector.slug, sector.name_in(locale), count, percent)
        for sector, count, percent in zip(sectors, numbers, whole_percents(numbers), strict=True)
    ]
    return sorted((row for row in rows if row.count), key=lambda row: -row.count)


def _themes(session: Session, locale: str, told: ColumnElement[bool]) -> list[tuple[str, str, int]]:
    rows = session.execute(
        select(Theme, func.count())
        .join(deed_theme, deed_theme.c.theme_id == Theme.id)
        .join(Deed, Deed.id == deed_theme.c.deed_id)
        .where(told)
        .group_by(Theme.id)
    )
    named = [(theme.slug, theme.name_in(locale), count) for theme, count in rows]
    return sorted(named, key=lambda row: (-row[2], row[1]))[:MOST_THEMES]


def _most_taken(session: Session, took: ColumnElement[bool]) -> list[tuple[Deed, int]]:
    times = func.count(Adoption.id)
    rows = session.execute(
        select(Adoption.deed_id, times)
        .where(took)
        .group_by(Adoption.deed_id)
        .order_by(times.desc(), Adoption.deed_id)
        .limit(MOST_TAKEN)
    ).all()
    deeds = session.scalars(
        select(Deed).where(Deed.id.in_([row[0] for row in rows])).options(joinedload(Deed.organisation))
    )
    known = {deed.id: deed for deed in deeds}
    return [(known[deed_id], count) for deed_id, count in rows]


def _outcomes(session: Session, took: ColumnElement[bool]) -> list[Adoption]:
    """What adopters of the year say came of it, the newest first."""
    return list(
        session.scalars(
            select(Adoption)
            .where(took, Adoption.outcome != "")
            .options(joinedload(Adoption.organisation), joinedload(Adoption.deed).joinedload(Deed.organisation))
            .order_by(Adoption.created_at.desc(), Adoption.id.desc())
            .limit(MOST_OUTCOMES)
        )
    )
