"""Deeds, adoptions and newcomers by year and by month of Finnish time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.models.deeds import Adoption, Deed
from tori.statistics.counting import COUNTED, month_after, months_until, spans_of
from tori.statistics.gathered import Gathered, gather
from tori.statistics.spans import THE_BEGINNING, adoptions_within, deeds_within, of_days

MONTHS_SHOWN = 12
MONTHS_IN_YEAR = 12
MOST_YEARS = 40


@dataclass(frozen=True)
class YearFigures:
    """``deeds`` came in the year, ``total`` had come by its end; ``newcomers`` are organisations that began then.

    ``per_month`` divides the deeds by the months that have begun, to one decimal. ``adoptions`` were made in the year.
    """

    year: int
    deeds: int
    total: int
    per_month: float
    newcomers: int
    adoptions: int


@dataclass(frozen=True)
class MonthFigures:
    first_day: date
    deeds: int
    adoptions: int


def by_year(session: Session, gathered: Gathered | None = None) -> list[YearFigures]:
    """From the first year with a deed to this one, years without deeds too. Three statements beside what is
    gathered."""
    tellers = (gathered or gather(session)).tellers
    if not tellers:
        return []
    opened = Counter(clock.in_finland(group.first).year for group in tellers)
    today = clock.today()
    years = range(max(min(opened), today.year - MOST_YEARS), today.year + 1)
    spans = of_days([(date(year, 1, 1), date(year + 1, 1, 1)) for year in years])
    before, *deeds = deeds_within(session, [(THE_BEGINNING, spans[0][0]), *spans])
    result: list[YearFigures] = []
    total = before
    for year, count, taken in zip(years, deeds, adoptions_within(session, spans), strict=True):
        total += count
        months = today.month if year == today.year else MONTHS_IN_YEAR
        result.append(YearFigures(year, count, total, round(count / months, 1), opened[year], taken))
    return result


def by_month(session: Session, months: int = MONTHS_SHOWN) -> list[MonthFigures]:
    """The last months, the running one last. Three statements."""
    first_days = months_until(clock.today(), months)
    spans = of_days(spans_of(first_days))
    rows = zip(first_days, deeds_within(session, spans), adoptions_within(session, spans), strict=True)
    return [MonthFigures(*row) for row in rows]


def every_month(session: Session) -> list[MonthFigures]:
    """From the month of the first deed to the running one. Two statements that read every moment."""
    deeds = _by_first_day(session.scalars(select(Deed.published_at).where(COUNTED)))
    taken = select(Adoption.created_at).join(Deed, Deed.id == Adoption.deed_id).where(COUNTED)
    adoptions = _by_first_day(session.scalars(taken))
    if not deeds:
        return []
    rows = []
    month = min(deeds)
    while month <= clock.today():
        rows.append(MonthFigures(month, deeds[month], adoptions[month]))
        month = month_after(month)
    return rows


def _by_first_day(moments: Iterable[datetime | None]) -> Counter[date]:
    return Counter(clock.in_finland(moment).date().replace(day=1) for moment in moments if moment)
