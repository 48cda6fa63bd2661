"""The counting rules in SQL, and what all figures are made with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from tori.core import clock
from tori.models.deeds import IN_USE_STATUSES, PUBLIC_STATUSES, Adoption, Deed

COUNTED = Deed.status.in_(PUBLIC_STATUSES)
CONFIRMED = Adoption.status.in_(IN_USE_STATUSES)
"""An adoption whose organisation has said that the model is in use there."""

COUNTED_ADOPTION = Adoption.deed_id.not_in(select(Deed.id).where(Deed.status.not_in(PUBLIC_STATUSES)))
"""The same as a join with a counted deed, but the deeds themselves, with their long texts, are not read."""

PER_INHABITANTS = 1_000


@dataclass(frozen=True)
class Share:
    """``percent`` is a whole number; those of one list sum to 100 (or to 0 when there is nothing).

    ``slug`` is empty for what has not been told.
    """

    slug: str
    name: str
    count: int
    percent: int


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


def percent_of(part: int, whole: int) -> int | None:
    """A whole percent, halves up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def per_thousand(count: int, population: int | None) -> float | None:
    """To two decimals, the same on every surface."""
    return round(PER_INHABITANTS * count / population, 2) if population else None


def as_shares(named: Sequence[tuple[str, str]], counts: dict[str | None, int]) -> list[Share]:
    """``named`` are slugs with their words; what stands under no known slug joins the one with an empty slug."""
    known = {slug for slug, name in named}
    rows = [
        counts.get(slug, 0) if slug else sum(count for value, count in counts.items() if value not in known - {""})
        for slug, name in named
    ]
    percents = whole_percents(rows)
    return [
        Share(slug, name, count, percent) for (slug, name), count, percent in zip(named, rows, percents, strict=True)
    ]


def within(moment: ColumnElement[datetime] | Any, start: date, end: date) -> ColumnElement[int]:
    """How many moments fall into the Finnish days from ``start`` up to, not including, ``end``."""
    inside = (moment >= clock.start_of_day(start)) & (moment < clock.start_of_day(end))
    return func.coalesce(func.sum(case((inside, 1), else_=0)), 0)


def month_after(first_day: date) -> date:
    return date(first_day.year + first_day.month // 12, first_day.month % 12 + 1, 1)


def months_until(last: date, count: int) -> list[date]:
    """First days of so many months, the month of ``last`` being the last."""
    first_days = [last.replace(day=1)]
    while len(first_days) < count:
        year, month = first_days[0].year, first_days[0].month
        first_days.insert(0, date(year - 1, 12, 1) if month == 1 else date(year, month - 1, 1))
    return first_days


def spans_of(first_days: Sequence[date]) -> list[tuple[date, date]]:
    """Each month as its first day and the first day of the next."""
    return list(zip(first_days, [*first_days[1:], month_after(first_days[-1])], strict=True))
