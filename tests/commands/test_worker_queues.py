"""A queue is worked off when something in it is due, and not looked at in detail when nothing is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori import ahead, wiring
from tori.config import Config
from tori.core import clock
from tori.database import PREPARED, db
from tori.models.campaigning import DiplomaBatch
from tori.models.campaigns import Campaign, CampaignKind, CampaignState
from tori.models.deeds import DeedStatus, LookForAlike
from tori.models.digest import Rhythm, Subscriber
from tori.models.editorial import Newsletter
from tori.models.machines import Webhook, WebhookDelivery
from tori.models.operations import AuditEntry, Heartbeat, IndexTask, JobRun, OutboxMail
from tori.search import indexing
from tori.worker import Job, Queue, Worker, beat, daily, hourly

NOW = datetime(2026, 5, 13, 9, tzinfo=UTC)
"""A Wednesday; the digest of the week went out the day before."""
BEFORE, AFTER = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)
TODAY = date(2026, 5, 13)


@pytest.fixture(autouse=True)
def at_a_known_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def campaign(make: Factory, **values: Any) -> Campaign:
    row = {"kind": CampaignKind.OPEN, "name": "Kevät", "slug": f"kevat-{make._next()}", **values}
    return make._add(Campaign(**row))


def mail(make: Factory, **values: Any) -> OutboxMail:
    row = {"event": "test", "recipient": "toimittaja@example.org", "subject": "Hei", "body_text": "", "body_html": "",
           "message_id": f"<{make._next()}@example.org>", "due_at": BEFORE, **values}  # fmt: skip
    return make._add(OutboxMail(**row))


def subscriber(make: Factory, rhythm: Rhythm, told_until: datetime) -> Subscriber:
    key = f"key-{make._next()}"
    return make._add(Subscriber(key=key, email=f"{key}@example.org", rhythm=rhythm, told_until=told_until))


def newsletter(make: Factory, **values: Any) -> Newsletter:
    return make._add(Newsletter(subjects={}, intros={}, **values))


def delivery(make: Factory, rests_since: datetime | None = None, **values: Any) -> WebhookDelivery:
    receiver = make._add(
        Webhook(organisation_id=make.organisation().id, url="https://example.org/", secret="", events=[],
                rests_since=rests_since)
    )  # fmt: skip
    return make._add(
        WebhookDelivery(**{"webhook_id": receiver.id, "event": "ping", "body": "", "due_at": BEFORE, **values})
    )


def batch(make: Factory, finished_at: datetime | None) -> DiplomaBatch:
    gala = campaign(make, starts_on=TODAY, ends_on=TODAY, state=OPEN)
    return make._add(DiplomaBatch(campaign_id=gala.id, locale="fi", total=0, finished_at=finished_at))


DAY, OPEN = timedelta(days=1), CampaignState.OPEN
WEEK_AGO, YEAR_AGO = NOW - 7 * DAY, NOW - 365 * DAY
CASES: list[tuple[str, Callable[[Factory], object], bool]] = [
    ("move_due", lambda make: campaign(make, starts_on=TODAY, ends_on=TODAY), True),
    ("move_due", lambda make: campaign(make, starts_on=TODAY - DAY, ends_on=TODAY - DAY), True),
    ("move_due", lambda make: campaign(make, starts_on=TODAY, ends_on=TODAY, state=OPEN), False),
    ("move_due", lambda make: campaign(make, starts_on=TODAY - DAY, ends_on=TODAY - DAY, state=OPEN), True),
    ("move_due", lambda make: campaign(make, starts_on=TODAY + DAY, ends_on=TODAY + DAY), False),
    ("move_due", lambda make: campaign(make, starts_on=TODAY, ends_on=TODAY, is_public=False), False),
    ("publish_due", lambda make: make.deed(status=DeedStatus.DRAFT, publish_at=BEFORE), True),
    ("publish_due", lambda make: make.deed(status=DeedStatus.DRAFT, publish_at=AFTER), False),
    ("publish_due", lambda make: make.deed(status=DeedStatus.DRAFT), False),
    ("index_changed_deeds", lambda make: make._add(IndexTask(deed_id=make.deed().id)), True),
    ("find_deeds_alike", lambda make: make.deed(look_for_alike=LookForAlike.JUST_IT), True),
    ("find_deeds_alike", lambda make: make.deed(look_for_alike=LookForAlike.NOT), False),
    ("write_due_digests", lambda make: subscriber(make, Rhythm.WEEKLY, WEEK_AGO), True),
    ("write_due_digests", lambda make: subscriber(make, Rhythm.WEEKLY, NOW), False),
    ("write_due_digests", lambda make: subscriber(make, Rhythm.MONTHLY, WEEK_AGO), False),
    ("write_due_digests", lambda make: subscriber(make, Rhythm.MONTHLY, YEAR_AGO), True),
    ("write_due_digests", lambda make: subscriber(make, Rhythm.NONE, YEAR_AGO), False),
    ("send_due", lambda make: newsletter(make, send_at=NOW), True),
    ("send_due", lambda make: newsletter(make, send_at=AFTER), False),
    ("send_due", lambda make: newsletter(make, send_at=BEFORE, sent_at=NOW), False),
    ("send_due", newsletter, False),
    ("send_due_mails", mail, True),
    ("send_due_mails", lambda make: mail(make, due_at=AFTER), False),
    ("send_due_mails", lambda make: mail(make, sent_at=BEFORE), False),
    ("send_due_mails", lambda make: mail(make, failed_at=BEFORE), False),
    ("deliver_due", delivery, True),
    ("deliver_due", lambda make: delivery(make, due_at=AFTER), False),
    ("deliver_due", lambda make: delivery(make, sent_at=BEFORE), False),
    ("deliver_due", lambda make: delivery(make, failed_at=BEFORE), False),
    ("deliver_due", lambda make: delivery(make, rests_since=BEFORE), False),
    ("print_due", lambda make: batch(make, None), True),
    ("print_due", lambda make: batch(make, BEFORE), False),
    ("seal_new", lambda make: make._add(AuditEntry(event="Testi")), True),
    ("seal_new", lambda make: make._add(AuditEntry(event="Testi", position=1)), False),
]  # fmt: skip


def queue_of(config: Config, name: str) -> Queue:
    return next(queue for queue in wiring.queues(config) if queue.drain.__name__ == name)


@pytest.mark.parametrize(("name", "put", "expected"), CASES)
def test_a_queue_is_due_when_something_in_it_is(
    name: str, put: Callable[[Factory], object], expected: bool, app: Flask, session: Session, make: Factory
) -> None:
    config: Config = app.extensions["tori"]
    indexing.rebuild(session, wiring.engine_of(config))
    queue = queue_of(config, name)
    assert not queue.is_due(config)
    put(make)
    session.rollback()
    assert queue.is_due(config) is expected


def test_every_queue_has_its_cases(app: Flask) -> None:
    names = {queue.drain.__name__ for queue in wiring.queues(app.extensions["tori"])}
    assert names == {name for name, _, expected in CASES if expected}


def test_an_index_that_is_not_there_is_due_and_when_it_cannot_be_built_not_at_once_again(
    app: Flask, session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    config: Config = app.extensions["tori"]
    engine = indexing.MemoryEngine()
    problems = ["gone"]
    monkeypatch.setattr(engine, "problem", lambda: problems[0])
    assert indexing.is_due(config, engine)
    indexing.drain(session, engine)
    assert not indexing.is_due(config, engine)
    monkeypatch.setattr(indexing, "LOOK_EVERY_SECONDS", 0.0)
    assert indexing.is_due(config, engine)


def test_what_is_not_due_is_not_worked_off(app: Flask) -> None:
    done: list[str] = []

    def queue(name: str, is_due: bool) -> Queue:
        return Queue(lambda config: done.append(name) or 1, lambda config: is_due)

    assert Worker(app, [queue("rests", False), queue("waits", True)], []).turn() == 1
    assert done == ["waits"]


def test_a_queue_that_cannot_be_looked_at_does_not_hold_up_the_others(app: Flask) -> None:
    def broken(config: Config) -> bool:
        raise ValueError("no such table")

    assert Worker(app, [Queue(lambda config: 5, broken), Queue(lambda config: 1, lambda config: True)], []).turn() == 1


def test_a_job_that_has_been_run_is_not_looked_for_again_in_its_period(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []
    jobs = [Job(name, period, lambda config: None) for name, period in (("day", daily), ("hour", hourly))]
    own = Worker(app, [], jobs)
    own.run_job = lambda config, job, period: runs.append(job.name)
    assert (own.turn(), own.turn()) == (2, 0)
    looked: list[str] = []
    monkeypatch.setattr(
        "tori.worker.run_due_jobs", lambda config, due, run: looked.extend(job.name for job in due) or 0
    )
    own.turn()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    own.turn()
    assert looked == ["hour"]
    assert runs == ["day", "hour"]
    assert session.scalar(select(func.count()).select_from(JobRun)) == 2


def test_a_worker_that_lives_is_one_row(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for moment in (NOW, AFTER):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        beat("worker-1")
        beat("worker-2")
    session.rollback()
    rows = session.execute(select(Heartbeat.name, Heartbeat.seen_at).order_by(Heartbeat.name)).all()
    assert [tuple(row) for row in rows] == [("worker-1", AFTER), ("worker-2", AFTER)]


def test_what_is_asked_all_the_time_is_compiled_before_the_processes_part(app: Flask, session: Session) -> None:
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    session.rollback()
    for statement in PREPARED:
        statement._compiled.clear()
    assert ahead.make_ready(app, app.extensions["tori"])
    assert len(PREPARED) > len(wiring.queues(app.extensions["tori"]))
    assert all(db.engine.dialect.name in statement._compiled for statement in PREPARED)
