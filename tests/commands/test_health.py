"""What monitors ask."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.core import clock
from tori.database import db
from tori.models.operations import Heartbeat
from tori.search import indexing
from tori.web import health
from tori.worker import beat


def test_a_living_process_answers_without_a_question_to_the_database(client: FlaskClient, session: Session) -> None:
    statements: list[str] = []

    def listen(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", listen)
    answer = client.get("/healthz")
    event.remove(db.engine, "before_cursor_execute", listen)
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert statements == []


@pytest.fixture
def whole_site(app: Flask, session: Session, make: Factory) -> Session:
    make.deed()
    indexing.rebuild(session, app.extensions["tori.search"]())
    beat("worker-1")
    return session


def test_a_whole_site_is_ready(client: FlaskClient, whole_site: Session) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    checks = answer.get_json()["checks"]
    assert {name: check["ok"] for name, check in checks.items()} == dict.fromkeys(
        ("database", "index", "worker", "uploads", "disk"), True
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_silent_worker_is_told(client: FlaskClient, whole_site: Session) -> None:
    beat_row = whole_site.get_one(Heartbeat, "worker-1")
    beat_row.seen_at = clock.now() - health.WORKER_SILENCE - timedelta(seconds=1)
    whole_site.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert not answer.get_json()["checks"]["worker"]["ok"]


def test_a_worker_that_has_never_run_is_told(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json()["checks"]["worker"]["detail"] == "has never run"


def test_a_missing_index_is_told(client: FlaskClient, make: Factory, session: Session) -> None:
    make.deed()
    beat("worker-1")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert not answer.get_json()["checks"]["index"]["ok"]


def test_a_broken_database_is_told_without_details(app: Flask, client: FlaskClient, session: Session) -> None:
    session.rollback()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE heartbeat RENAME TO elsewhere")
    try:
        answer = client.get("/readyz")
    finally:
        session.rollback()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO heartbeat")
    assert answer.status_code == 503
    assert answer.get_json()["checks"] == {"database": {"ok": False, "detail": "does not answer, or is not up to date"}}
