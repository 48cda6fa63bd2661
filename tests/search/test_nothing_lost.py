"""Whatever breaks, every public deed is found again and nobody has to mend the index by hand."""

import json
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.search.conftest import DEEDS, deed
from tori import wiring
from tori.database import db
from tori.models.operations import IndexTask
from tori.search import indexing
from tori.search.port import SearchQuery
from tori.search.postgresql_engine import PostgresqlEngine
from tori.search.whoosh_engine import CURRENT, META, WhooshEngine


def found(engine: WhooshEngine, words: str = "") -> list[int]:
    return sorted(hit.id for hit in engine.search(SearchQuery(words, per_page=200)).hits)


def waiting(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(IndexTask)) or 0


def queue(session: Session, *ids: int) -> None:
    session.add_all(IndexTask(deed_id=deed_id) for deed_id in ids)
    session.commit()


def test_an_index_of_an_older_analysis_is_built_anew_by_the_worker(
    session: Session, make: Factory, tmp_path: Path
) -> None:
    engine = WhooshEngine(tmp_path / "index")
    row = make.deed("Kirjaston aamu")
    indexing.rebuild(session, engine)
    build = (engine.folder / CURRENT).read_text().strip()
    meta = engine.folder / build / META
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "version": "0/older"}))
    upgraded = WhooshEngine(engine.folder)
    assert found(upgraded) == [row.id], "the old index answers meanwhile"
    assert indexing.drain(session, upgraded) == 1
    assert (engine.folder / CURRENT).read_text().strip() != build
    assert upgraded.status().ready


def test_what_a_killed_rebuild_left_is_cleaned_away(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    engine.rebuild(DEEDS)
    left = engine.folder / "build-19990101000000-dead0000"
    left.mkdir()
    (left / "half.seg").write_bytes(b"half")
    assert len(found(engine)) == len(DEEDS)
    engine.rebuild(DEEDS)
    engine.rebuild(DEEDS)
    assert not left.exists()
    assert len(found(WhooshEngine(engine.folder))) == len(DEEDS)


def test_two_workers_at_once_do_everything_once_and_nothing_twice(app: Flask, session: Session, make: Factory) -> None:
    folder = app.extensions["tori"].instance / "index"
    rows = [make.deed(f"Kirjaston aamu {number}") for number in range(30)]
    indexing.rebuild(session, WhooshEngine(folder))
    queue(session, *(row.id for row in rows), *(row.id for row in rows))
    session.rollback()
    failures: list[BaseException] = []

    def work() -> None:
        engine = WhooshEngine(folder)
        with app.app_context():
            try:
                for _ in range(20):
                    indexing.drain(db.session(), engine)
                    db.session.rollback()
            except BaseException as error:
                failures.append(error)
            finally:
                db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert waiting(session) == 0
    assert found(WhooshEngine(folder)) == sorted(row.id for row in rows)


@pytest.mark.parametrize("damage", ["folder", "current", "segments"])
def test_pages_go_on_and_come_back_by_themselves(
    app: Flask, session: Session, make: Factory, client: FlaskClient, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "LOOK_EVERY_SECONDS", 0.0)
    config = app.extensions["tori"]
    folder = config.instance / "index"
    make.deed("Kirjaston aamu", summary="Ovet aukeavat.")
    worker = WhooshEngine(folder)
    indexing.rebuild(session, worker)
    assert "notice-warning" not in client.get("/teot?q=kirjastojen").text
    if damage == "folder":
        folder.rename(folder.with_name("gone"))
    elif damage == "current":
        (folder / CURRENT).write_text("build-ei-ole\n")
    else:
        build = folder / (folder / CURRENT).read_text().strip()
        for path in build.glob("*.*"):
            if path.name != META:
                path.write_bytes(b"\0" * 10)
        wiring._engines.clear()
    page = client.get("/teot?q=kirjaston").text
    assert "notice-warning" in page
    assert "Kirjaston aamu" in page
    session.rollback()
    assert indexing.drain(session, WhooshEngine(folder)) == 1
    page = client.get("/teot?q=kirjastojen").text
    assert "notice-warning" not in page
    assert "<mark>Kirjaston</mark>" in page or "Kirjaston aamu" in page


def test_a_build_of_postgresql_that_was_killed_leaves_no_trouble(index_database: Engine) -> None:
    engine = PostgresqlEngine(index_database)
    engine.rebuild(DEEDS)
    with index_database.begin() as connection:
        connection.execute(text("UPDATE tori_search.state SET is_building = true"))
        connection.execute(
            text("INSERT INTO tori_search.word (build, word, mark, deeds, serial) SELECT build + 1, 'puoli', '', 1, 0 "
                 "FROM tori_search.state")
        )  # fmt: skip
        assert not engine.replace_within(connection, [deed(11, "Kirjaston ilta")], [])
    assert 11 in engine.fingerprints(), "found at once, and its task stays for the worker"
    assert engine.rebuild(DEEDS) == len(DEEDS)
    with index_database.begin() as connection:
        assert engine.replace_within(connection, [deed(11, "Kirjaston ilta")], [])
        count = "SELECT count(*) FROM tori_search.word WHERE word = 'puoli'"
        assert connection.execute(text(count)).scalar_one() == 0


def test_a_server_that_dies_in_a_change_leaves_the_state_before(index_database: Engine) -> None:
    engine = PostgresqlEngine(index_database)
    engine.rebuild(DEEDS)
    with index_database.connect() as connection:
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        engine.replace_within(connection, [deed(3, "Puolivalmis muutos")], [4])
        with index_database.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
        connection.invalidate()
    assert [hit.id for hit in engine.search(SearchQuery("puolivalmis")).hits if not hit.weak] == []
    assert len(engine.fingerprints()) == len(DEEDS)
    assert 4 in engine.fingerprints()
