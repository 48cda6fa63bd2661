"""How many deeds and adoptions fall into spans of time, counted along the indexes of moments."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.models.deeds import Adoption, Deed
from tori.statistics.counting import COUNTED, COUNTED_ADOPTION

Moments = tuple[datetime, datetime]
THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Earlier than anything that is counted."""


def of_days(spans: Sequence[tuple[date, date]]) -> list[Moments]:
    """Finnish days from the first up to, not including, the second."""
    return [(clock.start_of_day(start), clock.start_of_day(end)) for start, end in spans]


def deeds_within(session: Session, spans: Sequence[Moments]) -> list[int]:
    """One statement."""
    if not spans:
        return []
    counts = [
        select(func.count())
        .select_from(Deed)
        .where(Deed.published_at >= start, Deed.published_at < end, COUNTED)
        .scalar_subquery()
        for start, end in spans
    ]
    return list(session.execute(select(*counts)).one())


def adoptions_within(session: Session, spans: Sequence[Moments]) -> list[int]:
    """All of them without a look at their deeds, less the few whose deed does not count. Two statements."""
    if not spans:
        return []
    moment = Adoption.created_at
    counts = [
        select(func.count()).select_from(Adoption).where(moment >= start, moment < end).scalar_subquery()
        for start, end in spans
    ]
    every = session.execute(select(*counts)).one()
    left_out = session.execute(
        select(
            *(
                func.coalesce(func.sum(case(((moment >= start) & (moment < end), 1), else_=0)), 0)
                for start, end in spans
            )
        ).where(~COUNTED_ADOPTION)
    ).one()
    return [count - out for count, out in zip(every, left_out, strict=True)]
