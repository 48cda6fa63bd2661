"""F03, F07, F08, F09, F10, F11, F42: what happens to a database of SQLite, and what is kept of it."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL, Browser
from tests.factories import Factory
from tori import backup, serving, upkeep
from tori.config import NEWEST_FILE, ROOT, Config
from tori.core import clock
from tori.database import checkpoint, db, transaction
from tori.models.deeds import Deed
from tori.models.operations import AuditEntry, IndexTask
from tori.running import StartError
from tori.worker import Worker

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="these are faults of SQLite"),
]

WRITERS = 8
WRITES = 100
COPIES = 15
TEXT = "Tämä teksti ei saa kadota, vaikka tietokanta olisi varattu."

WRITER = """
import sys
from tori import create_app
from tori.core import clock
from tori.database import db, transaction
from tori.models.operations import IndexTask
app = create_app()
with app.app_context():
    number = 0
    while True:
        number += 1
        with transaction() as session:
            # Two rows or none.
            session.add_all([IndexTask(deed_id=number), IndexTask(deed_id=-number)])
        print(number, flush=True)
"""


def database(config: Config) -> Path:
    return config.instance / "tori.sqlite3"


@pytest.fixture
def config(app: Flask) -> Config:
    found: Config = app.extensions["tori"]
    return found


def test_f03_whatever_a_power_cut_leaves_opens_with_every_answered_row(instance: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "TORI_INSTANCE": str(instance), "DATABASE_URL": ""},
    ) as writer:  # fmt: skip
        try:
            assert writer.stdout is not None
            answered = int(writer.stdout.readline())
            for turn in range(COPIES):
                for _ in range(5 + turn):
                    answered = int(writer.stdout.readline())
                writer.send_signal(signal.SIGSTOP)
                folder = tmp_path / f"copy-{turn}"
                folder.mkdir()
                for name in ("tori.sqlite3", "tori.sqlite3-wal", "tori.sqlite3-shm"):
                    shutil.copy(instance / name, folder / name)
                writer.send_signal(signal.SIGCONT)
                with closing(sqlite3.connect(folder / "tori.sqlite3")) as connection:
                    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                    plus, minus = (
                        connection.execute(f"SELECT count(*) FROM index_task WHERE deed_id {sign} 0").fetchone()[0]
                        for sign in "><"
                    )
                assert plus == minus >= answered
        finally:
            writer.kill()


def test_f07_a_locked_database_answers_in_time_with_the_text_and_works_again(
    app: Flask, make: Factory, browser: Browser, config: Config
) -> None:
    member = make.user()
    browser.sign_in(member)
    deed = make.deed("Ennen lukkoa")
    token = browser.token()
    with closing(sqlite3.connect(database(config), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        answer = browser.client.post(
            f"/teot/{deed.id}/kommentit", data={"csrf_token": token, "body": TEXT, "kind": "comment"}
        )
        took = time.monotonic() - began
        assert browser.get("/teot").status_code == 200
        assert app.test_client().get(f"/teot/{deed.id}", follow_redirects=True).status_code == 200
        other.execute("ROLLBACK")
    assert answer.status_code == 503
    # Five seconds of waiting, and what a busy machine adds.
    assert took < 12
    assert int(answer.headers["Retry-After"]) > 0
    assert TEXT in answer.text
    # The page sends it again by its button, with nothing to be typed anew.
    assert f'action="/teot/{deed.id}/kommentit"' in answer.text
    again = browser.client.post(
        f"/teot/{deed.id}/kommentit", data={"csrf_token": token, "body": TEXT, "kind": "comment"}
    )
    assert again.status_code == 303


def test_f08_f11_many_writers_all_succeed_and_every_backup_taken_meanwhile_is_whole(
    app: Flask, make: Factory, config: Config, tmp_path: Path
) -> None:
    make.deed("Varmuuskopioitava")
    errors: list[BaseException] = []
    acknowledged: list[int] = []

    def write(number: int) -> None:
        try:
            with app.app_context():
                for turn in range(WRITES):
                    with transaction() as session:
                        # A read first: what makes a deferred transaction fail when somebody writes in between.
                        session.scalar(select(func.max(IndexTask.id)))
                        session.add(IndexTask(deed_id=number * WRITES + turn + 1))
                    acknowledged.append(number * WRITES + turn + 1)
                db.session.remove()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for turn in range(COPIES):
        before = list(acknowledged)
        target = tmp_path / f"{turn}.sqlite3"
        backup.copy_database(database(config), target)
        with closing(sqlite3.connect(target)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            held = {row[0] for row in connection.execute("SELECT deed_id FROM index_task")}
        assert set(before) <= held
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(acknowledged) == WRITERS * WRITES


def flip(path: Path, at: float = 0.5) -> None:
    """Turns the bytes of one page around."""
    data = bytearray(path.read_bytes())
    place = int(len(data) * at) // 4096 * 4096
    data[place : place + 4096] = bytes(255 - byte for byte in data[place : place + 4096])
    path.write_bytes(data)


def test_f09_a_damaged_database_is_not_opened_and_the_sentence_names_the_way_back(
    app: Flask, session: Session, config: Config
) -> None:
    for _ in range(200):
        session.add(AuditEntry(event="Testi", created_at=clock.now(), data={"text": "x" * 200}))
    session.commit()
    session.close()
    db.engine.dispose()
    assert upkeep.damage_of(database(config)) == ""
    serving.refuse_damage(config)
    with closing(sqlite3.connect(database(config))) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'audit_entry'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    flip(database(config), (page - 0.5) * size / (pages * size))
    with pytest.raises(StartError, match=r"is damaged .* backup restore FILE"):
        serving.refuse_damage(config)


def test_f10_what_a_copy_without_its_log_has_lost_is_told(app: Flask, session: Session, config: Config) -> None:
    session.add(AuditEntry(event="Testi", created_at=clock.now(), data={}))
    session.commit()
    checkpoint(db.engine)
    for _ in range(3):
        session.add(AuditEntry(event="Testi", created_at=clock.now(), data={}))
    session.commit()
    upkeep.note_newest(config)
    assert upkeep.missing_changes(config, session) == (4, 0)
    # The copy of somebody who forgot the -wal file.
    shutil.copy(database(config), config.instance / "copy")
    session.close()
    db.engine.dispose()
    for name in ("tori.sqlite3-wal", "tori.sqlite3-shm"):
        (config.instance / name).unlink(missing_ok=True)
    (config.instance / "copy").rename(database(config))
    assert upkeep.missing_changes(config, session) == (1, 3)
    # A restored backup knows of no later changes: the note does not travel with it.
    assert NEWEST_FILE in backup.LEFT_OUT
    assert json.loads((config.instance / NEWEST_FILE).read_text()) == {"change": 4}


def test_f42_only_the_worker_takes_the_log_into_the_file(app: Flask, session: Session, config: Config) -> None:
    with db.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("wal_autocheckpoint", "mmap_size", "synchronous", "journal_mode", "foreign_keys")
        }
    assert found == {
        "wal_autocheckpoint": 0, "mmap_size": 0, "synchronous": 2, "journal_mode": "wal", "foreign_keys": 1,
    }  # fmt: skip
    for _ in range(20):
        with transaction() as writing:
            writing.add_all(IndexTask(deed_id=number) for number in range(200))
    log = config.instance / "tori.sqlite3-wal"
    assert log.stat().st_size > 4096
    worker = Worker(app, [], [], [upkeep.look_after])
    for care in worker.cares:
        care(config)
    assert log.stat().st_size == 0
    assert session.scalar(select(func.count()).select_from(Deed)) == 0
