"""The only place that asks what time it is, so that tests and simulations can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

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
