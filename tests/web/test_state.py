"""How the service is: in plain words for administrators, as a mail when something is bad, as figures for Prometheus."""

import logging
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, g
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import text as sql

from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tests.site import ROOT, free_port
from tori import backup
from tori.config import Config
from tori.core import clock
from tori.database import db
from tori.edge import slow_queries, troubles
from tori.edge.access import PUBLIC, access
from tori.models.operations import Heartbeat, JobRun, OutboxMail, Setting
from tori.models.people import Role
from tori.search import indexing
from tori.web import state
from tori.web.state import Level
from tori.worker import beat


@pytest.fixture
def config(app: Flask) -> Config:
    found: Config = app.extensions["tori"]
    return found


@pytest.fixture
def whole(app: Flask, session: Session, make: Factory) -> Session:
    make.deed()
    indexing.rebuild(session, app.extensions["tori.search"]())
    beat("worker-1")
    return session


def levels(app: Flask, session: Session, config: Config) -> dict[str, Level]:
    session.rollback()
    found = state.conditions(session, config, app.extensions["tori.search"]())
    return {item.key: item.level for item in found}


def test_a_whole_site_is_in_order_but_for_backups_nobody_has_asked_for(
    app: Flask, whole: Session, config: Config
) -> None:
    found = levels(app, whole, config)
    assert found.pop("backups") is Level.WATCH
    assert set(found.values()) == {Level.FINE}


def test_what_is_wrong_is_told_with_what_to_do(app: Flask, whole: Session, config: Config, tmp_path: Path) -> None:
    whole.get_one(Heartbeat, "worker-1").seen_at = clock.now() - timedelta(minutes=5)
    whole.add(
        OutboxMail(
            event="x", recipient="a@example.org", subject="x", body_text="x", body_html="x", message_id="<1@x>",
            due_at=clock.now(), created_at=clock.now() - timedelta(hours=3),
        )
    )  # fmt: skip
    whole.add(JobRun(name="make_backup", period="2026-11-26", started_at=clock.now(), error="OSError: no"))
    whole.merge(Setting(key=state.CHECKED, value={"damage": "page 7 is broken"}))
    whole.commit()
    config = replace(config, backup_folder=str(tmp_path / "none"))
    found = levels(app, whole, config)
    assert {key for key, level in found.items() if level is Level.BAD} == {"writing", "worker", "outbox", "backups"}
    assert found["jobs"] is Level.WATCH
    for item in state.conditions(whole, config, app.extensions["tori.search"]()):
        assert item.level is Level.FINE or item.advice


def test_a_fault_is_counted_with_its_place_and_request(
    app: Flask, whole: Session, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    @app.route("/testi/kaatuu")
    @access(PUBLIC)
    def crash() -> str:
        g.touched = True
        raise ZeroDivisionError

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(troubles, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(troubles, "_waiting", troubles._Waiting())
    numbers = [app.test_client().get("/testi/kaatuu").headers["X-Request-Id"] for _ in range(2)]
    whole.rollback()
    (found,) = troubles.since(whole, clock.today())
    assert (found.kind, found.place, found.count, found.last_request) == ("ZeroDivisionError", "crash", 2, numbers[1])
    assert levels(app, whole, config)["faults"] is Level.WATCH
    assert troubles.since(whole, clock.today() + timedelta(days=1)) == []


def test_administrators_see_the_page_and_nobody_else(app: Flask, whole: Session, make: Factory) -> None:
    admin = Browser(app).sign_in(make.user(role=Role.ADMIN))
    page = admin.get("/hallinta/tila")
    assert page.status_code == 200
    for word in ("Taustatyöntekijä", "Lähtevä posti", "Varmuuskopiot", "Pidä silmällä", "BACKUP_FOLDER"):
        assert word in page.text
    assert 'href="/hallinta/tila"' in admin.get("/hallinta").text
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))
    assert editor.get("/hallinta/tila").status_code == 403
    assert app.test_client().get("/hallinta/tila").status_code == 302


def test_administrators_are_told_once_a_day_of_what_is_bad(
    app: Flask, whole: Session, make: Factory, config: Config
) -> None:
    make.user(role=Role.ADMIN, email="hoitaja@example.org", locale="sv")
    make.user(role=Role.EDITOR)
    engine = app.extensions["tori.search"]()
    assert state.tell_administrators(config, engine) == 0
    whole.get_one(Heartbeat, "worker-1").seen_at = clock.now() - timedelta(minutes=5)
    whole.commit()
    assert [state.tell_administrators(config, engine) for _ in range(2)] == [1, 0]
    (letter,) = whole.scalars(select(OutboxMail)).all()
    assert letter.recipient == "hoitaja@example.org"
    assert "Bakgrundsarbetaren" in letter.body_text
    assert "/sv/hallinta/tila" in letter.body_text
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert state.tell_administrators(config, engine) == 1
    assert state.tell_administrators(replace(config, alerts=False), engine) == 0


def test_f09_f42_the_nightly_look_finds_a_damaged_backup(
    app: Flask, whole: Session, config: Config, tmp_path: Path
) -> None:
    if config.is_postgresql:
        pytest.skip("the copies of SQLite")
    config = replace(config, backup_folder=str(tmp_path / "kopiot"))
    made = backup.make_nightly(config)
    assert made is not None
    state.check_database(config)
    assert levels(app, whole, config)["writing"] is Level.FINE
    made.write_bytes(made.read_bytes()[:-200])
    state.check_database(config)
    assert levels(app, whole, config)["writing"] is Level.BAD


def test_slow_questions_are_logged_without_their_values(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture, make_app: MakeApp
) -> None:
    other = make_app()
    with other.app_context():
        slow_queries.listen(db.engine, 0.0)
        with caplog.at_level(logging.WARNING, logger="tori.slow_query"):
            db.session.execute(sql("SELECT :secret AS told"), {"secret": "salaisuus"})
        db.session.remove()
    line = next(text for record in caplog.records if "SELECT" in (text := record.getMessage()))
    assert "ms in worker or command: SELECT" in line
    assert "salaisuus" not in line


FIGURES = """
import urllib.request
from tori import create_app, wiring
from tori.edge import metrics
app = create_app()
for path in ("/", "/ei-ole", "/healthz"):
    app.test_client().get(path)
config = app.extensions["tori"]
close = metrics.tell(config, lambda: wiring.figures(app, config))
with urllib.request.urlopen(f"http://127.0.0.1:{config.metrics_port}/metrics") as answer:
    print(answer.read().decode())
close()
"""


def test_figures_are_told_on_an_inner_port(app: Flask, whole: Session, config: Config, tmp_path: Path) -> None:
    whole.close()
    environment = {
        **os.environ, "TORI_INSTANCE": str(config.instance), "METRICS_PORT": str(free_port()),
        "DATABASE_URL": config.database_url, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
    }  # fmt: skip
    result = subprocess.run(
        [sys.executable, "-c", FIGURES], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    told = result.stdout
    assert 'tori_answers_total{method="GET",status="404"} 1.0' in told
    assert 'tori_view_seconds_count{view="health.healthz"} 1.0' in told
    for name in ("tori_index_lag 0.0", "tori_outbox_waiting 0.0", "tori_disk_free_bytes", "tori_index_documents 1.0"):
        assert name in told
    # Nothing of it on the public port.
    assert app.test_client().get("/metrics").status_code == 404
