"""The only place that asks what time it is, so that tests and simulations can move it."""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

Day = TypeVar("Day", bound=date)

HELSINKI = ZoneInfo("Europe/Helsinki")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day in Finland, which decides in what month a deed counts."""
    return now().astimezone(HELSINKI).date()


def in_finland(moment: datetime) -> datetime:
    return moment.astimezone(HELSINKI)


def start_of_day(day: date) -> datetime:
    """Midnight in Finland at the start of the day, as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=HELSINKI).astimezone(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stops the clock at a moment, for tests and for playing back the past."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def shift_months(day: Day, months: int) -> Day:
    """The same day so many months later, or earlier when negative; the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
