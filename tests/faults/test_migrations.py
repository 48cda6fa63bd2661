"""F23, F24, F36: upgrading with data, an upgrade that fails or is killed, and one that meets a lock."""

import hashlib
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
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import MetaData, Table, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL
from tests.factories import Factory
from tori import serving
from tori.config import ROOT, Config
from tori.database import db
from tori.models.base import Base
from tori.upgrades import downgrade, upgrade

pytestmark = pytest.mark.fault

REVISIONS = [revision.revision for revision in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()][::-1]


def fingerprints() -> dict[str, tuple[int, str]]:
    """Of every table with rows: how many there are, and a hash of all of them, column by column name."""
    found = {}
    with db.engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            columns = sorted(table.c.keys())
            rows = sorted(repr([row._mapping[name] for name in columns]) for row in connection.execute(select(table)))
            if rows and table.name != "alembic_version":
                found[table.name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def test_f23_what_a_site_holds_is_the_same_after_one_down_and_up_again(
    app: Flask, session: Session, make: Factory
) -> None:
    deed = make.deed("Ennen päivitystä")
    make.comment(deed) if hasattr(make, "comment") else None
    make.user()
    session.close()
    db.session.remove()
    before = fingerprints()
    assert {"deed", "user", "organisation"} <= before.keys()
    for steps in (1, 3):
        downgrade(revision=REVISIONS[-1 - steps])
        assert fingerprints().keys() >= {"deed", "user"}
        upgrade()
        assert fingerprints() == before


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="kept files of SQLite")
@pytest.mark.parametrize("snapshot", sorted((Path(__file__).parent / "snapshots").glob("*.sql")), ids=lambda p: p.stem)
def test_f23_the_kept_data_of_a_release_comes_up_to_now(tmp_path: Path, snapshot: Path, app: Flask) -> None:
    config: Config = app.extensions["tori"]
    database = config.instance / "tori.sqlite3"
    with app.app_context():
        db.engine.dispose()
        for path in config.instance.glob("tori.sqlite3*"):
            path.unlink()
        with closing(sqlite3.connect(database)) as connection:
            connection.executescript(snapshot.read_text(encoding="utf-8"))
            counts = {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                for (name,) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                    "AND name != 'alembic_version'"
                ).fetchall()
            }
        upgrade()
        after = fingerprints()
        # A migration may send deeds to the index once more.
        assert after["index_task"][0] >= counts.pop("index_task")
        assert {name: count for name, count in counts.items() if count} == {
            name: after[name][0] for name, count in counts.items() if count
        }
        downgrade(revision=REVISIONS[-2])
        upgrade()
        assert fingerprints() == after
        db.engine.dispose()
    page = app.test_client().get("/teot")
    assert page.status_code == 200


UPGRADE = """
import os, signal, sys
from sqlalchemy import event
from tori import create_app
from tori.database import db
from tori.upgrades import upgrade
app = create_app()
left = int(sys.argv[1])
with app.app_context():
    def count(connection, cursor, statement, *rest):
        global left
        if statement.lstrip().upper().startswith(("CREATE", "ALTER", "DROP", "INSERT", "UPDATE")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
    event.listen(db.engine, "after_cursor_execute", count)
    upgrade()
"""


def schema(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        return [*rows, *connection.execute("SELECT version_num FROM alembic_version").fetchall()]


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="kills upgrades of SQLite; PostgreSQL undoes them by itself")
def test_f24_an_upgrade_killed_at_any_step_leaves_the_database_as_it_was(
    app: Flask, session: Session, make: Factory, tmp_path: Path
) -> None:
    make.deed("Ennen päivitystä")
    session.close()
    db.session.remove()
    downgrade(revision=REVISIONS[-2])
    db.engine.dispose()
    config: Config = app.extensions["tori"]
    environment = {**os.environ, "TORI_INSTANCE": str(tmp_path / "killed"), "DATABASE_URL": ""}
    for step in range(1, 7, 2):
        folder = tmp_path / "killed"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(config.instance / "tori.sqlite3", folder)
        before = schema(folder / "tori.sqlite3")
        run = [sys.executable, "-c", UPGRADE]
        killed = subprocess.run([*run, str(step)], cwd=ROOT, env=environment, capture_output=True, check=False)
        if killed.returncode == 0:
            break
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        assert schema(folder / "tori.sqlite3") == before
    again = subprocess.run([*run, "0"], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert again.returncode == 0, again.stderr.decode()
    assert schema(folder / "tori.sqlite3")[-1] == (REVISIONS[-1],)


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="PostgreSQL is copied by the people who run it")
def test_f24_the_database_is_copied_before_its_tables_change(app: Flask, session: Session, make: Factory) -> None:
    make.deed("Ennen päivitystä")
    session.close()
    db.session.remove()
    config: Config = app.extensions["tori"]
    assert serving.copy_before_upgrade(config) is None, "nothing changes"
    downgrade(revision=REVISIONS[-2])
    copy = serving.copy_before_upgrade(config)
    assert copy is not None
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT title FROM deed").fetchall() == [("Ennen päivitystä",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (REVISIONS[-2],)


@pytest.mark.skipif(not TEST_DATABASE_URL, reason="a fault of PostgreSQL: runs where TEST_DATABASE_URL names one")
def test_f36_an_upgrade_that_meets_a_lock_gives_up_and_changes_nothing(app: Flask, session: Session) -> None:
    session.close()
    db.session.remove()
    downgrade(revision=REVISIONS[-2])
    with db.engine.connect() as other:
        for table in Base.metadata.sorted_tables:
            exists = other.scalar(text("SELECT to_regclass(:name)"), {"name": f'"{table.name}"'})
            if exists:
                other.execute(text(f'LOCK TABLE "{table.name}" IN ACCESS EXCLUSIVE MODE'))
        began = time.monotonic()
        failed: list[BaseException] = []

        def run() -> None:
            with app.app_context():
                try:
                    upgrade()
                except OperationalError as error:
                    failed.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(30)
        took = time.monotonic() - began
        other.rollback()
    with db.engine.connect() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if failed:
        assert took < 15
        assert version == REVISIONS[-2]
    upgrade()
    assert isinstance(Table("deed", MetaData(), autoload_with=db.engine), Table)
