"""Windows of the digest: whatever the clock, the rhythm and the crashes, each thing is told once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tori.digest.windows import SETTLING, Slot, latest_slot, window_of
from tori.models.digest import Rhythm

START = datetime(2026, 1, 1, tzinfo=UTC)
TUESDAY = Slot.parse("tuesday 07:00")
WEEKS = 20
MINUTES = WEEKS * 7 * 24 * 60
moments = st.integers(1, MINUTES).map(lambda minute: START + timedelta(minutes=minute))
slots = st.builds(
    lambda day, hour, minute: Slot.parse(f"{day} {hour:02}:{minute:02}"),
    st.sampled_from(["monday", "tuesday", "sunday"]),
    st.integers(0, 23),
    st.integers(0, 59),
)


@settings(max_examples=60, deadline=None)
@given(
    news=st.lists(moments, max_size=60),
    runs=st.lists(st.tuples(moments, st.booleans()), max_size=80),
    changes=st.lists(st.tuples(moments, st.sampled_from([Rhythm.WEEKLY, Rhythm.MONTHLY])), max_size=4),
    slot=slots,
)
@example(news=[START + timedelta(days=5, hours=4, minutes=50)], runs=[], changes=[], slot=TUESDAY)
def test_in_a_thousand_weeks_nothing_is_missed_and_nothing_comes_twice(
    news: list[datetime], runs: list[tuple[datetime, bool]], changes: list[tuple[datetime, Rhythm]], slot: Slot
) -> None:
    """Each example is twenty weeks of news, of runs at odd moments that may be killed before their end, and of changes
    of rhythm. A killed run leaves everything as it was, since state and mail are written together."""
    told_until, rhythm = START, Rhythm.WEEKLY
    told: list[datetime] = []
    end = START + timedelta(minutes=MINUTES)
    steps = [(moment, "run", killed) for moment, killed in runs]
    steps += [(moment, "change", chosen) for moment, chosen in changes]
    steps += [(end + timedelta(days=62), "run", False)]
    for now, step, value in sorted(steps, key=lambda step: step[0]):
        if step == "change":
            rhythm = Rhythm(value)
            continue
        window = window_of(rhythm, told_until, now, slot)
        if window is None or value is True:
            continue
        told += [moment for moment in news if window.since < moment <= window.until]
        told_until = window.until
        assert told_until <= now - SETTLING
    assert sorted(told) == sorted(news)


@given(now=moments, rhythm=st.sampled_from([Rhythm.WEEKLY, Rhythm.MONTHLY]), slot=slots)
def test_asking_again_at_once_gives_nothing(now: datetime, rhythm: Rhythm, slot: Slot) -> None:
    window = window_of(rhythm, START - timedelta(days=90), now, slot)
    assert window is not None
    assert window_of(rhythm, window.until, now, slot) is None


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-03-30T12:00+03:00", "2026-03-24T07:00+02:00"),
        ("2026-03-31T06:59+03:00", "2026-03-24T07:00+02:00"),
        ("2026-03-31T07:00+03:00", "2026-03-31T07:00+03:00"),
        ("2026-10-27T07:30+02:00", "2026-10-27T07:00+02:00"),
        ("2026-10-27T06:30+02:00", "2026-10-20T07:00+03:00"),
    ],
)
def test_issues_go_out_at_seven_in_finland_over_summer_time(now: str, slot: str) -> None:
    assert latest_slot(Rhythm.WEEKLY, datetime.fromisoformat(now), TUESDAY) == datetime.fromisoformat(slot)


def test_a_month_begins_on_its_first_such_day() -> None:
    def monthly(text: str) -> str:
        return latest_slot(Rhythm.MONTHLY, datetime.fromisoformat(text), TUESDAY).date().isoformat()

    assert monthly("2026-09-01T07:00+03:00") == "2026-09-01"
    assert monthly("2026-09-01T06:59+03:00") == "2026-08-04"
    assert monthly("2026-09-30T12:00+03:00") == "2026-09-01"
    assert monthly("2026-10-05T12:00+03:00") == "2026-09-01"
    assert monthly("2026-10-06T12:00+03:00") == "2026-10-06"


def test_who_wants_nothing_is_due_for_nothing() -> None:
    assert window_of(Rhythm.NONE, START, START + timedelta(days=400), TUESDAY) is None
