"""F20, F21, F22: the clock jumps, the night of summer time, a server in another part of the world."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL, Browser
from tests.digest.helpers import digests, publish, reader, run
from tests.factories import Factory
from tori.config import ROOT
from tori.core import clock
from tori.digest.windows import Slot, latest_slot
from tori.models.digest import Rhythm
from tori.models.operations import JobRun
from tori.worker import Job, daily, hourly, run_due_jobs

pytestmark = pytest.mark.fault

NOON = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=365), timedelta(days=-365)]


def minutes(days: list[date]) -> list[datetime]:
    return [clock.start_of_day(days[0]) + timedelta(minutes=10 * step) for step in range(len(days) * 25 * 6)]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_f20_a_jump_of_the_clock_signs_nobody_out_for_ever_and_sends_nothing_twice(
    app: Flask, session: Session, make: Factory, browser: Browser, jump: timedelta
) -> None:
    theme = make.theme()
    person = make.user()
    reader(make, NOON - timedelta(days=14), user_id=person.id, rhythm=Rhythm.WEEKLY, theme_ids=[theme.id])
    publish(make, NOON - timedelta(days=8), "Ennen hyppyä", themes=[theme])
    run(NOON)
    sent = len(digests(session))
    with clock.frozen(NOON):
        browser.sign_in(person)
        session.rollback()
        order = [make.deed(f"Teko {number}").id for number in range(3)]
    with clock.frozen(NOON + jump):
        browser.get("/oma")
        session.rollback()
        order.append(make.deed("Hypyn aikana").id)
        jobs = [Job("kokeilu", daily, lambda config: None)]
        run_due_jobs(app.extensions["tori"], jobs)
        run_due_jobs(app.extensions["tori"], jobs)
    run(NOON + jump)
    run(NOON + timedelta(hours=1))
    # Order is by number, which no clock moves.
    assert order == sorted(order)
    assert len(digests(session)) == sent, "nothing is told again"
    with clock.frozen(NOON + timedelta(minutes=20)):
        again = Browser(app)
        again.sign_in(person)
        assert again.get("/oma").status_code == 200
    assert session.scalar(select(func.count()).select_from(JobRun)) == 1


@pytest.mark.parametrize("first", [date(2027, 3, 27), date(2027, 10, 30)], ids=["an hour is missing", "an hour twice"])
def test_f21_in_the_nights_of_summer_time_every_job_runs_once_a_day(app: Flask, session: Session, first: date) -> None:
    days = [first + timedelta(days=number) for number in range(3)]
    runs: list[str] = []
    jobs = [Job("yo", daily, lambda config: runs.append(clock.today().isoformat()))]
    for moment in minutes(days):
        with clock.frozen(moment):
            if clock.today() <= days[-1]:
                run_due_jobs(app.extensions["tori"], jobs)
    assert runs == [day.isoformat() for day in days]


def test_f21_hours_are_told_in_utc_and_deadlines_in_finland() -> None:
    night = [datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)]
    # Half past three comes twice in Finland, but these are two hours and two runs.
    assert {f"{clock.in_finland(moment):%H:%M}" for moment in night} == {"03:30"}
    assert len({hourly(moment) for moment in night}) == 2
    # "31.10. klo 24" is midnight in Finland, in winter time again.
    assert clock.start_of_day(date(2027, 11, 1)) == datetime(2027, 10, 31, 22, 0, tzinfo=UTC)
    assert clock.start_of_day(date(2027, 3, 28)) == datetime(2027, 3, 27, 22, 0, tzinfo=UTC)
    assert clock.start_of_day(date(2027, 3, 29)) == datetime(2027, 3, 28, 21, 0, tzinfo=UTC)
    slot = Slot.parse("sunday 03:30")
    for sunday in (date(2027, 3, 28), date(2027, 10, 31)):
        slots = {
            latest_slot(Rhythm.WEEKLY, clock.start_of_day(sunday) + timedelta(minutes=10 * step), slot)
            for step in range(26 * 6)
        }
        assert len(slots) == 2, "the slot of the week before, and one of this night"


PAGES = """
import hashlib, re, sys
from tori import create_app
from tori.core import clock
from datetime import datetime, UTC
app = create_app()
with clock.frozen(datetime(2026, 11, 24, 22, 30, tzinfo=UTC)):
    for path in ("/", "/teot", "/teot?q=koulu", "/tilastot", "/kampanjat", "/vuosikello", "/syote.xml", "/api/v1/deeds",
                 "/sv/teot"):
        answer = app.test_client().get(path)
        text = re.sub(r'csrf[^>]*>|name="csrf_token"[^>]*>', "", answer.text)
        print(path, answer.status_code, hashlib.sha256(text.encode()).hexdigest())
"""


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="reads a site of its own on SQLite")
def test_f22_a_server_in_another_time_zone_shows_the_same_pages(seeded: object) -> None:
    shown = []
    for zone in ("UTC", "Europe/Helsinki", "America/Los_Angeles"):
        result = subprocess.run(
            [sys.executable, "-c", PAGES], cwd=ROOT, capture_output=True, text=True, check=True,
            env={**os.environ, "TZ": zone, "TORI_INSTANCE": str(seeded), "TORI_DEMO": "1", "DATABASE_URL": "",
                 "PYTHONHASHSEED": "0"},
        )  # fmt: skip
        shown.append(result.stdout.splitlines())
    assert "/teot 200" in shown[0][1]
    assert shown[0] == shown[1] == shown[2]
