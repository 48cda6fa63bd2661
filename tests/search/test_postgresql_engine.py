"""What only the engine of PostgreSQL promises: a change and its place in the index are one transaction."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL
from tests.factories import Factory
from tests.search.conftest import DEEDS, deed
from tori.config import load_config
from tori.core.errors import ConfigurationError
from tori.database import transaction
from tori.models.deeds import Deed, DeedStatus
from tori.models.operations import IndexTask
from tori.search import indexing
from tori.search.fields import Indexed
from tori.search.port import DeedDocument, Filters, IndexLocked, IndexUnavailable, SearchQuery
from tori.search.postgresql_engine import PostgresqlEngine
from tori.search.postgresql_index import (
    BLOCK,
    LAST_PLACE,
    STRONGEST,
    forms_vector,
    lexeme,
    packed,
    strengths_by_term,
    text_array,
    unpacked,
)


def found(engine: PostgresqlEngine, words: str = "", **options: object) -> list[int]:
    return sorted(hit.id for hit in engine.search(SearchQuery(words, per_page=100, **options)).hits)  # type: ignore[arg-type]


# Without a server


def test_postings_are_packed_and_unpacked() -> None:
    entries = {0: 255, 7: 1, 1023: 128}
    places, strengths = unpacked(packed(entries, entries.values()))
    assert dict(zip(places.tolist(), strengths.tolist(), strict=True)) == entries
    weights = {"hento": 0.001, "vahva": 10_000.0, "puuttuva": 0.0}
    assert strengths_by_term(Indexed(weights, [], ())) == {"hento": 1, "vahva": STRONGEST}


def test_arrays_are_quoted() -> None:
    assert text_array(["d\\a", 'he"i', "{a,b}"]) == r"""{"d\\a","he\"i","{a,b}"}"""


def test_lexemes_are_quoted() -> None:
    assert lexeme("d'artagnan\\") == "'d''artagnan\\\\'"


def test_places_that_the_server_cannot_keep_are_left_out() -> None:
    assert forms_vector([(0, "eka"), (LAST_PLACE + 5, "eka"), (LAST_PLACE, "vika")]) == "'eka':1"


def test_the_engine_wants_a_database_of_its_kind() -> None:
    with pytest.raises(ConfigurationError, match="SEARCH_URL"):
        load_config({"SEARCH_URL": "postgresql:"})


# With one

needs_server = pytest.mark.skipif(not TEST_DATABASE_URL.startswith("postgresql"), reason="needs PostgreSQL")


@pytest.fixture
def engine(index_database: Engine) -> PostgresqlEngine:
    made = PostgresqlEngine(index_database)
    made.rebuild(DEEDS)
    return made


@pytest.fixture
def following(app: Flask, index_database: Engine) -> Iterator[PostgresqlEngine]:
    """An engine that hears of every change of the application."""
    from tori import wiring

    config = replace(app.extensions["tori"], search_url="postgresql:")
    app.extensions["tori"] = config
    with app.app_context():
        made = wiring.engine_of(config)
        assert isinstance(made, PostgresqlEngine)
        made.rebuild([])
    yield made
    wiring._engines.pop(f"{config.search_url} {config.instance}")


def test_near_misses_are_found_without_trigrams_too(index_database: Engine, engine: PostgresqlEngine) -> None:
    words = ("kirjsato", "varhaiskasvtus", "kotihoto")
    with_trigrams = [engine.search(SearchQuery(word)).did_you_mean for word in words]
    with index_database.connect() as connection:
        transaction_ = connection.begin()
        try:
            connection.execute(text("ALTER INDEX IF EXISTS tori_search.word_bare RENAME TO hidden"))
            transaction_.commit()
            plain = PostgresqlEngine(index_database)
            assert [plain.search(SearchQuery(word)).did_you_mean for word in words] == with_trigrams
            assert plain.suggest("kirja")
        finally:
            connection.execute(text("ALTER INDEX IF EXISTS tori_search.hidden RENAME TO word_bare"))
            connection.commit()


def test_another_process_sees_a_change_at_its_next_search(index_database: Engine, engine: PostgresqlEngine) -> None:
    other = PostgresqlEngine(index_database)
    assert found(other, "kirjasto") == [3, 8]
    engine.replace([deed(11, "Kirjaston iltavuoro")], [3])
    assert found(other, "kirjasto") == [8, 11]
    assert other.search(SearchQuery(filters=Filters(themes=("digitalisaatio",)))).total == 2
    engine.replace([deed(11, "Uimahallin iltavuoro")], [])
    assert found(other, "iltavuoro") == [11]
    assert 11 not in found(other, "kirjasto")
    assert other.status() == engine.status()


def test_counts_of_words_follow_changes(index_database: Engine, engine: PostgresqlEngine) -> None:
    statement = "SELECT word, mark, deeds FROM tori_search.word WHERE deeds <> 0 ORDER BY word, mark"
    engine.replace([deed(3, "Aivan muu"), deed(20, "Kirjaston ilta")], [5])
    engine.replace([DEEDS[2]], [20])
    engine.replace([DEEDS[4]], [])
    with index_database.connect() as connection:
        kept = connection.execute(text(statement)).all()
        engine.rebuild(DEEDS)
        build = "SELECT build FROM tori_search.state"
        fresh = connection.execute(text(statement.replace("WHERE", f"WHERE build = ({build}) AND"))).all()
    assert kept == fresh


def test_postings_follow_changes(index_database: Engine, engine: PostgresqlEngine) -> None:
    statement = "SELECT word, mark, block, entries FROM tori_search.posting ORDER BY word, mark, block"
    engine.replace([deed(3, "Aivan muu"), deed(BLOCK + 20, "Kirjaston ilta")], [5])
    assert found(engine, "kirjasto") == [8, BLOCK + 20]
    engine.replace([DEEDS[2]], [BLOCK + 20])
    engine.replace([DEEDS[4]], [])
    with index_database.connect() as connection:
        kept = connection.execute(text(statement)).all()
        engine.rebuild(DEEDS)
        build = "(SELECT build FROM tori_search.state)"
        fresh = connection.execute(text(statement.replace("ORDER", f"WHERE build = {build} ORDER"))).all()
    assert kept == fresh


def test_deeds_may_come_in_any_order(engine: PostgresqlEngine) -> None:
    numbers = [1, BLOCK + 1, 2, 3 * BLOCK, BLOCK + 2, 1]
    assert engine.rebuild(deed(number, f"Kirjaston aamu {number}") for number in numbers) == len(set(numbers))
    assert found(engine, "kirjasto") == sorted(set(numbers))
    assert len(found(engine, "aamu")) == len(set(numbers))


def test_a_build_in_progress_is_not_disturbed(index_database: Engine, engine: PostgresqlEngine) -> None:
    def slowly() -> Iterator[DeedDocument]:
        yield DEEDS[0]
        assert len(found(engine)) == len(DEEDS)
        with pytest.raises(IndexLocked):
            PostgresqlEngine(index_database).rebuild(DEEDS)
        yield DEEDS[1]

    assert engine.rebuild(slowly()) == 2
    assert found(engine) == [1, 2]


def test_a_build_that_fails_leaves_the_old_one(engine: PostgresqlEngine) -> None:
    def broken() -> Iterator[DeedDocument]:
        yield DEEDS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(broken())
    assert len(found(engine)) == len(DEEDS)
    assert engine.rebuild(DEEDS) == len(DEEDS)


def test_the_build_before_stays_for_a_minute(index_database: Engine, engine: PostgresqlEngine) -> None:
    engine.rebuild(DEEDS[:3])
    count = text("SELECT count(DISTINCT build) FROM tori_search.document")
    with index_database.connect() as connection:
        assert connection.execute(count).scalar_one() == 2
        connection.execute(text("UPDATE tori_search.state SET switched_at = now() - interval '2 minutes'"))
        connection.commit()
        engine.replace([], [3])
        assert connection.execute(count).scalar_one() == 1


def test_without_an_index_readers_are_told(index_database: Engine) -> None:
    empty = PostgresqlEngine(index_database)
    assert not empty.status().ready
    assert empty.problem()
    for call in (lambda: empty.search(SearchQuery("työ")), lambda: empty.suggest("ty"), lambda: empty.replace([], [1])):
        with pytest.raises(IndexUnavailable):
            call()


def test_another_analysis_makes_a_rebuild_due(index_database: Engine, engine: PostgresqlEngine) -> None:
    with index_database.begin() as connection:
        connection.execute(text("UPDATE tori_search.state SET version = 'old'"))
        assert engine.replace_within(connection, [DEEDS[0]], []) is False
    assert not engine.status().ready
    assert engine.problem()


def test_many_threads_read_one_engine(engine: PostgresqlEngine) -> None:
    wrong: list[object] = []

    def read() -> None:
        for _ in range(10):
            if found(engine, "kirjasto") != [3, 8]:
                wrong.append("wrong")

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def queued(session: Session, deed_id: int) -> None:
    session.add(IndexTask(deed_id=deed_id))


@needs_server
def test_a_deed_is_found_as_soon_as_it_is_committed(
    app: Flask, session: Session, make: Factory, following: PostgresqlEngine
) -> None:
    row = make.deed("Kirjaston aamu")
    with transaction() as writing:
        queued(writing, row.id)
        assert found(following, "kirjasto") == []
    assert found(following, "kirjasto") == [row.id]
    assert session.scalar(select(func.count()).select_from(IndexTask)) == 0
    with transaction() as writing:
        changed = writing.get_one(Deed, row.id)
        changed.title, changed.status = "Uimahallin aamu", DeedStatus.PUBLISHED
        queued(writing, row.id)
    assert (found(following, "uimahalli"), found(following, "kirjasto")) == ([row.id], [])


@needs_server
def test_a_withdrawn_deed_is_gone_at_once(
    app: Flask, session: Session, make: Factory, following: PostgresqlEngine
) -> None:
    row = make.deed("Kirjaston aamu")
    indexing.rebuild(session, following)
    with transaction() as writing:
        writing.get_one(Deed, row.id).status = DeedStatus.WITHDRAWN
        queued(writing, row.id)
    assert found(following) == []


@needs_server
def test_a_change_taken_back_leaves_no_trace(
    app: Flask, session: Session, make: Factory, following: PostgresqlEngine
) -> None:
    row = make.deed("Kirjaston aamu")

    def fail() -> None:
        with transaction() as writing:
            queued(writing, row.id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert found(following) == []


@needs_server
def test_a_held_index_never_stops_a_change(
    app: Flask, session: Session, make: Factory, following: PostgresqlEngine, index_database: Engine
) -> None:
    row = make.deed("Kirjaston aamu")
    with index_database.begin() as other:
        other.execute(text("SELECT * FROM tori_search.state FOR UPDATE"))
        with transaction() as writing:
            queued(writing, row.id)
    assert session.scalar(select(func.count()).select_from(IndexTask)) == 1
    assert indexing.drain(session, following) == 1
    assert found(following) == [row.id]


@needs_server
def test_a_change_during_a_rebuild_is_taken_in_afterwards(
    app: Flask, session: Session, make: Factory, following: PostgresqlEngine
) -> None:
    first, second = make.deed("Kirjaston aamu"), make.deed("Koulun ilta")
    indexing.rebuild(session, following)

    def change(done: int, total: int) -> None:
        with transaction() as writing:
            writing.get_one(Deed, first.id).title = "Uimahallin aamu"
            queued(writing, first.id)
        assert found(following, "uimahalli") == [first.id]

    indexing.rebuild(session, following, change)
    indexing.drain(session, following)
    assert session.scalar(select(func.count()).select_from(IndexTask)) == 0
    assert found(following, "uimahalli") == [first.id]
    assert second.id in found(following)


@needs_server
def test_a_large_import_is_left_to_the_worker(
    app: Flask, session: Session, make: Factory, following: PostgresqlEngine
) -> None:
    rows = [make.deed(f"Kirjaston aamu {number}") for number in range(indexing.MOST_AT_ONCE + 1)]
    with transaction() as writing:
        for row in rows:
            queued(writing, row.id)
    assert found(following) == []
    assert indexing.drain(session, following) == len(rows)
    assert len(found(following)) == len(rows)
