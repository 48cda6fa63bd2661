"""Deeds, adoptions and newcomers by year and by month of Finnish time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.models.deeds import Adoption, Deed
from tori.statistics.counting import COUNTED, COUNTED_ADOPTION, month_after, months_until, spans_of, within

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


def by_year(session: Session) -> list[YearFigures]:
    """From the first year with a deed to this one, years without deeds too. Four statements."""
    first = session.scalar(select(func.min(Deed.published_at)).where(COUNTED))
    if first is None:
        return []
    today = clock.today()
    years = range(max(clock.in_finland(first).year, today.year - MOST_YEARS), today.year + 1)
    spans = [(date(year, 1, 1), date(year + 1, 1, 1)) for year in years]
    deeds = session.execute(
        select(
            within(Deed.published_at, date(1, 1, 2), spans[0][0]),
            *(within(Deed.published_at, *span) for span in spans),
        ).where(COUNTED)
    ).one()
    opened = (
        select(func.min(Deed.published_at).label("moment")).where(COUNTED).group_by(Deed.organisation_id).subquery()
    )
    newcomers = session.execute(select(*(within(opened.c.moment, *span) for span in spans))).one()
    adoptions = _adoptions_within(session, spans)
    result: list[YearFigures] = []
    total = deeds[0]
    for year, count, new, taken in zip(years, deeds[1:], newcomers, adoptions, strict=True):
        total += count
        months = today.month if year == today.year else MONTHS_IN_YEAR
        result.append(YearFigures(year, count, total, round(count / months, 1), new, taken))
    return result


def _adoptions_within(session: Session, spans: list[tuple[date, date]]) -> list[int]:
    """Counted along the index of moments, each adoption once and not once for every span."""
    moment = Adoption.created_at
    counts = [
        select(func.count())
        .select_from(Adoption)
        .where(moment >= clock.start_of_day(start), moment < clock.start_of_day(end), COUNTED_ADOPTION)
        .scalar_subquery()
        for start, end in spans
    ]
    return list(session.execute(select(*counts)).one())


def by_month(session: Session, months: int = MONTHS_SHOWN) -> list[MonthFigures]:
    """The last months, the running one last. Two statements."""
    first_days = months_until(clock.today(), months)
    spans = spans_of(first_days)
    deeds = session.execute(select(*(within(Deed.published_at, *span) for span in spans)).where(COUNTED)).one()
    return [MonthFigures(*row) for row in zip(first_days, deeds, _adoptions_within(session, spans), strict=True)]


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
