"""Of what time an issue of the digest tells. Pure functions: every digest asks here and nowhere else."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tori.core.clock import HELSINKI
from tori.models.digest import Rhythm

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SETTLING = timedelta(minutes=10)
"""A window ends so long before its issue goes out, so that a change just being written is not passed over."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Slot:
    """When issues go out: ``weekday`` counts from Monday as 0, ``at`` is the time in Finland."""

    weekday: int
    at: time

    @classmethod
    def parse(cls, text: str) -> "Slot":
        """``tuesday 07:00``, checked by the settings."""
        day, at = text.split()
        return cls(WEEKDAYS.index(day), time.fromisoformat(at))

    def on(self, day: date) -> datetime:
        return datetime.combine(day, self.at, tzinfo=HELSINKI)


@dataclass(frozen=True)
class Window:
    """What happened after ``since`` until ``until``, that moment too, is told in one issue."""

    since: datetime
    until: datetime


def window_of(rhythm: str, told_until: datetime, now: datetime, slot: Slot) -> Window | None:
    """The time that is due to be told now, None when nothing is.

    A window begins where the one before ended, so nothing falls between two and nothing is in both, whenever and
    however often this is asked; after a pause one window holds it all.
    """
    if rhythm == Rhythm.NONE:
        return None
    until = latest_slot(rhythm, now, slot) - SETTLING
    return Window(told_until, until) if until > told_until else None


def latest_slot(rhythm: str, now: datetime, slot: Slot) -> datetime:
    """The last moment, now included, at which issues of the rhythm went out; those of a month on its first such day."""
    today = now.astimezone(HELSINKI).date()
    day = today - timedelta(days=(today.weekday() - slot.weekday) % 7)
    if slot.on(day) > now:
        day -= WEEK
    while rhythm == Rhythm.MONTHLY and day.day > WEEK.days:
        day -= WEEK
    return slot.on(day)
