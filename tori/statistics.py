"""The figures of the square. Each is one function and a fixed number of queries.

The counting rules, stated once: a deed counts for one organisation, in the month it was published by Finnish time,
while it is published or archived; an adoption counts while its deed does. Nothing is rounded by itself: shares are made
whole by the largest remainder, and equal counts share a place.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from tori.config import ROOT
from tori.core import clock
from tori.models.deeds import PUBLIC_STATUSES, Adoption, Deed, Sector
from tori.models.people import Municipality, Organisation, OrganisationKind, Region

COUNTED = Deed.status.in_(PUBLIC_STATUSES)

TOP_PLACES = 10
MOST_TOP_ROWS = 15
PER_INHABITANTS = 1_000
MONTHS_SHOWN = 12
MOST_YEARS = 40

HISTORY_FILE = ROOT / "seed_data" / "statistics.json"


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


@dataclass(frozen=True)
class YearFigures:
    """``deeds`` came in the year, ``total`` had come by its end; ``newcomers`` are organisations that began then."""

    year: int
    deeds: int
    total: int
    newcomers: int


@dataclass(frozen=True)
class MonthFigures:
    first_day: date
    deeds: int
    adoptions: int


@dataclass(frozen=True)
class Share:
    """``percent`` is a whole number; those of one list sum to 100 (or to 0 when there is nothing)."""

    slug: str
    name: str
    count: int
    percent: int


@dataclass(frozen=True)
class RankedOrganisation:
    """``place`` is shared by equals. ``per_thousand`` is None for others than municipalities."""

    place: int
    is_tied: bool
    slug: str
    name: str
    deeds: int
    per_thousand: float | None
    received: int
    made: int


@dataclass(frozen=True)
class Ranking:
    """``left_out`` organisations share the place after the last one shown; ties are never cut in two."""

    rows: list[RankedOrganisation]
    left_out: int
    left_out_deeds: int


@dataclass(frozen=True)
class RegionFigures:
    slug: str
    name: str
    deeds: int
    organisations: int
    received: int


def totals(session: Session) -> Totals:
    """One statement."""
    counted_adoption = Adoption.deed_id.in_(select(Deed.id).where(COUNTED))
    row = session.execute(
        select(
            func.count(),
            func.count(Deed.organisation_id.distinct()),
            func.count(Organisation.municipality_id.distinct()),
            func.count(Organisation.region_id.distinct()),
            select(func.count()).select_from(Adoption).where(counted_adoption).scalar_subquery(),
            select(func.count(Adoption.organisation_id.distinct())).where(counted_adoption).scalar_subquery(),
            select(func.count(Adoption.deed_id.distinct())).where(counted_adoption).scalar_subquery(),
            func.coalesce(func.sum(Deed.comment_count), 0),
        )
        .select_from(Deed)
        .join(Organisation, Organisation.id == Deed.organisation_id)
        .where(COUNTED)
    ).one()
    return Totals(*row)


def _within(moment: ColumnElement[datetime] | Any, start: date, end: date) -> ColumnElement[int]:
    """How many moments fall into the Finnish days from ``start`` up to, not including, ``end``."""
    inside = (moment >= clock.start_of_day(start)) & (moment < clock.start_of_day(end))
    return func.coalesce(func.sum(case((inside, 1), else_=0)), 0)


def by_year(session: Session) -> list[YearFigures]:
    """From the first year with a deed to this one, years without deeds too. Two statements and the span of years."""
    first = session.scalar(select(func.min(Deed.published_at)).where(COUNTED))
    if first is None:
        return []
    this_year = clock.today().year
    years = range(max(clock.in_finland(first).year, this_year - MOST_YEARS), this_year + 1)
    spans = [(date(year, 1, 1), date(year + 1, 1, 1)) for year in years]
    deeds = session.execute(
        select(
            _within(Deed.published_at, date(1, 1, 2), spans[0][0]),
            *(_within(Deed.published_at, *span) for span in spans),
        ).where(COUNTED)
    ).one()
    opened = (
        select(func.min(Deed.published_at).label("moment")).where(COUNTED).group_by(Deed.organisation_id).subquery()
    )
    newcomers = session.execute(select(*(_within(opened.c.moment, *span) for span in spans))).one()
    result: list[YearFigures] = []
    total = deeds[0]
    for year, count, new in zip(years, deeds[1:], newcomers, strict=True):
        total += count
        result.append(YearFigures(year, count, total, new))
    return result


def _months_until(last: date, count: int) -> list[date]:
    first_days = [date(last.year, last.month, 1)]
    while len(first_days) < count:
        year, month = first_days[0].year, first_days[0].month
        first_days.insert(0, date(year - 1, 12, 1) if month == 1 else date(year, month - 1, 1))
    return first_days


def by_month(session: Session, months: int = MONTHS_SHOWN) -> list[MonthFigures]:
    """The last months, the running one last. Two statements."""
    first_days = _months_until(clock.today(), months)
    spans = list(zip(first_days, [*first_days[1:], _after(first_days[-1])], strict=True))
    deeds = session.execute(select(*(_within(Deed.published_at, *span) for span in spans)).where(COUNTED)).one()
    adoptions = session.execute(
        select(*(_within(Adoption.created_at, *span) for span in spans))
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(COUNTED)
    ).one()
    return [MonthFigures(*row) for row in zip(first_days, deeds, adoptions, strict=True)]


def _after(first_day: date) -> date:
    return date(first_day.year + first_day.month // 12, first_day.month % 12 + 1, 1)


def whole_percents(counts: Sequence[int]) -> list[int]:
    """Whole percents that sum to 100, by the largest remainder; of equal remainders the earlier one is raised."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    percents = [100 * count // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: (-(100 * counts[place] % total), place))
    for place in by_remainder[: 100 - sum(percents)]:
        percents[place] += 1
    return percents


def by_sector(session: Session, locale: str) -> list[Share]:
    """All sectors in their fixed order. One statement."""
    rows = session.execute(
        select(Sector, func.count(Deed.id))
        .outerjoin(Deed, (Deed.sector_id == Sector.id) & COUNTED)
        .group_by(Sector.id)
        .order_by(Sector.position)
    ).all()
    percents = whole_percents([count for sector, count in rows])
    return [
        Share(sector.slug, sector.name_in(locale), count, percent)
        for (sector, count), percent in zip(rows, percents, strict=True)
    ]


def by_region(session: Session, locale: str) -> list[RegionFigures]:
    """All regions by name, those without deeds too. One statement."""
    rows = session.execute(
        select(
            Region,
            func.count(Deed.id),
            func.count(Deed.organisation_id.distinct()),
            func.coalesce(func.sum(Deed.adoption_count), 0),
        )
        .outerjoin(Organisation, Organisation.region_id == Region.id)
        .outerjoin(Deed, (Deed.organisation_id == Organisation.id) & COUNTED)
        .group_by(Region.id)
    )
    figures = [RegionFigures(row[0].slug, row[0].name_in(locale), *row[1:]) for row in rows]
    return sorted(figures, key=lambda region: region.name)


def by_municipality(session: Session) -> dict[str, int]:
    """Code of the municipality -> deeds of all organisations in it, its own and others'. One statement."""
    rows = session.execute(
        select(Municipality.code, func.count())
        .join(Organisation, Organisation.municipality_id == Municipality.id)
        .join(Deed, Deed.organisation_id == Organisation.id)
        .where(COUNTED)
        .group_by(Municipality.code)
    )
    return {code: count for code, count in rows}  # noqa: C416


def without_region(session: Session) -> int:
    """Deeds of organisations that work in the whole country. One statement."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Deed)
            .join(Organisation, Organisation.id == Deed.organisation_id)
            .where(COUNTED, Organisation.region_id.is_(None))
        )
        or 0
    )


def top_organisations(session: Session, locale: str) -> Ranking:
    """Organisations by the number of deeds, with the fairer columns beside it. Two statements.

    The places go to the tenth; those who share the last place are shown all or not at all.
    """
    deeds = func.count(Deed.id)
    rows = session.execute(
        select(
            Organisation,
            deeds.label("deeds"),
            func.coalesce(func.sum(Deed.adoption_count), 0),
            Municipality.population,
        )
        .join(Deed, Deed.organisation_id == Organisation.id)
        .outerjoin(Municipality, Municipality.id == Organisation.municipality_id)
        .where(COUNTED)
        .group_by(Organisation.id, Municipality.population)
        .order_by(deeds.desc(), Organisation.name)
    ).all()
    counts = [row[1] for row in rows]
    shown = _whole_places(counts)
    made = _adoptions_made(session, [row[0].id for row in rows[:shown]])
    ranked = [
        RankedOrganisation(
            place=counts.index(count) + 1,
            is_tied=counts.count(count) > 1,
            slug=organisation.slug,
            name=organisation.name_in(locale),
            deeds=count,
            per_thousand=_per_thousand(organisation, count, population),
            received=received,
            made=made.get(organisation.id, 0),
        )
        for organisation, count, received, population in rows[:shown]
    ]
    next_count = counts[shown] if shown < len(counts) else 0
    return Ranking(ranked, counts.count(next_count) if next_count else 0, next_count)


def _whole_places(counts: Sequence[int]) -> int:
    """How many rows fill the places up to the tenth without cutting a tie; ``counts`` go downwards."""
    shown = 0
    while shown < min(len(counts), TOP_PLACES):
        group = counts.count(counts[shown])
        if shown + group > MOST_TOP_ROWS and shown:
            break
        shown += min(group, MOST_TOP_ROWS)
    return shown


def _per_thousand(organisation: Organisation, deeds: int, population: int | None) -> float | None:
    if organisation.kind != OrganisationKind.MUNICIPALITY or not population:
        return None
    return PER_INHABITANTS * deeds / population


def _adoptions_made(session: Session, organisation_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Adoption.organisation_id, func.count())
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(Adoption.organisation_id.in_(organisation_ids), COUNTED)
        .group_by(Adoption.organisation_id)
    )
    return {organisation_id: count for organisation_id, count in rows}  # noqa: C416


def most_adopted_ids(session: Session, limit: int = 5) -> list[int]:
    """Deeds whose model most organisations have taken; only those that somebody has. One statement."""
    return list(
        session.scalars(
            select(Deed.id)
            .where(COUNTED, Deed.adoption_count > 0)
            .order_by(Deed.adoption_count.desc(), Deed.published_at.desc(), Deed.id)
            .limit(limit)
        )
    )


@dataclass(frozen=True)
class HistoryFigure:
    """A figure of a source, as the source gives it. ``as_of`` is a day, a month or a year, or words of the source."""

    id: str
    group: str
    label: str
    value: float | int | str
    unit: str
    qualifier: str | None
    as_of: str | None
    note: str | None
    citation: str


@dataclass(frozen=True)
class HistoryTable:
    """``rows`` hold words and numbers in the language of the page."""

    id: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    unit: str
    note: str | None
    citation: str


@dataclass(frozen=True)
class History:
    """``conflicts`` tell where sources disagree and which figure the page takes."""

    figures: dict[str, HistoryFigure]
    tables: dict[str, HistoryTable]
    conflicts: list[dict[str, Any]]
    citations: list[str]


@cache
def _history_file() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(HISTORY_FILE.read_text(encoding="utf-8"))
    return content


def _word(value: Any, locale: str) -> Any:
    return (value.get(locale) or value["fi"]) if isinstance(value, dict) else value


@cache
def history(locale: str) -> History:
    """The recorded history of the first square, from ``seed_data/statistics.json``. Figures that only repeat or round
    another one are left out."""
    source = _history_file()
    citations = {item["id"]: item["citation"] for item in source["sources"]}
    figures = {
        row["id"]: HistoryFigure(
            row["id"], row["group"], row.get(f"label_{locale}") or row["label"], row["value"], row["unit"] or "",
            row["qualifier"], row["as_of"], row["note"], citations.get(row["source"], ""),
        )
        for row in source["figures"]
        if row["shown"]
    }  # fmt: skip
    tables = {
        row["id"]: HistoryTable(
            row["id"],
            _word(row["title"], locale),
            [_word(column, locale) for column in row["columns"]],
            [[_word(cell, locale) for cell in cells] for cells in row["rows"]],
            _word(row["unit"], locale) or "",
            _word(row["note"], locale),
            citations.get(row["source"], ""),
        )
        for row in source["tables"]
    }
    return History(figures, tables, source["conflicts"], list(citations.values()))
