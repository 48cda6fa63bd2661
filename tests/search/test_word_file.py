"""The words of an index as a file that all processes read."""

import os
from array import array
from pathlib import Path

import pytest

from tests.search.conftest import deed
from tori.search import whoosh_engine, word_file
from tori.search.lexicon import Lexicon
from tori.search.port import IndexLocked, SearchQuery
from tori.search.suggest import Beginnings, Titles
from tori.search.whoosh_engine import WhooshEngine
from tori.search.whoosh_view import WhooshView
from tori.search.word_file import CountedWords, KnownTerms, sums_of

WORDS = {"kirjasto": 6, "kirjastoauto": 2, "koulu": 30, "työ": 3, "työhyvinvointi": 20}


@pytest.fixture(autouse=True)
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_engine, "MANY_DEEDS", 1)
    monkeypatch.setattr(whoosh_engine, "LOOK_SECONDS", 0.0)


@pytest.fixture
def worker(tmp_path: Path) -> WhooshEngine:
    engine = WhooshEngine(tmp_path)
    engine.rebuild([deed(1, "Kirjaston aukiolo"), deed(2, "Koulun uimahalli")])
    return engine


@pytest.fixture
def reader(worker: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> WhooshEngine:
    """Of another process: it counts nothing."""

    def count(view: WhooshView) -> None:
        raise AssertionError("a reader counts words")

    engine = WhooshEngine(worker.folder)
    counted = WhooshView.counted_words
    monkeypatch.setattr(
        WhooshView, "counted_words", lambda view: counted(view) if view._engine is worker else count(view)
    )
    return engine


def known(*terms: str) -> KnownTerms:
    return KnownTerms.of(array("I", (number for term in terms for number in sums_of(term.encode()))))


def file_of(engine: WhooshEngine) -> Path:
    return engine.folder / engine._current() / whoosh_engine.WORDS


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "words.bin"
    lexicon = Lexicon(WORDS)
    titles = Titles(Beginnings.of([(3, "Kirjaston aukiolo"), (9, "Aukio")]), 12)
    word_file.write(path, CountedWords("build-1", 7, 1.5, lexicon, known("kirjasto", "työ"), titles))
    found = word_file.read(path)
    assert found is not None
    assert (found.build, found.generation, found.seconds) == ("build-1", 7, 1.5)
    assert [word in found.terms for word in ("kirjasto", "työ")] == [True, True]
    assert {word: found.lexicon.frequency(word) for word in (*WORDS, "muu")} == {**WORDS, "muu": 0}
    assert found.lexicon.starting_with("kirja", 5) == lexicon.starting_with("kirja", 5) != []
    for slip in ("kirjsato", "tyohyvinvointi", "kolu"):
        assert found.lexicon.near(slip) == lexicon.near(slip) != []
    assert found.titles.newest == 12
    assert found.titles.beginnings.of_those("auki") == [9, 3]
    assert found.titles.beginnings.of_those("kirjaston a") == [3]
    assert list(tmp_path.iterdir()) == [path]


def test_few_terms_that_are_not_there_seem_known() -> None:
    terms = known(*(f"sana{number}" for number in range(2000)))
    assert all(f"sana{number}" in terms for number in range(2000))
    assert sum(f"olematon{number}" in terms for number in range(1000)) < 80
    assert "sana" not in known()


def test_what_the_worker_has_counted_nobody_else_counts(worker: WhooshEngine, reader: WhooshEngine) -> None:
    assert [worker.keep_words(), worker.keep_words()] == [1, 0]
    reader.warm()
    assert reader._view().lexicon.near("uimahlli")[0].word == "uimahalli"
    snapshot = reader._view()._snapshot
    assert snapshot.terms is not None
    assert "uimahalli" in snapshot.terms


def test_words_are_counted_anew_when_they_have_grown_old(
    worker: WhooshEngine, reader: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.keep_words()
    assert reader._view().lexicon.frequency("kirjasto") == 1
    worker.index([deed(3, "Kirjaston robotti")])
    monkeypatch.setattr(whoosh_engine, "PATIENCE", 1e9)
    assert worker.keep_words() == 0
    assert reader._view().lexicon.frequency("robotti") == 0
    # Counted of an older state, they say nothing of which terms there are now.
    assert reader._view()._snapshot.terms is None
    assert [hit.id for hit in reader.search(SearchQuery("robotti")).hits] == [3]
    monkeypatch.setattr(whoosh_engine, "PATIENCE", 0)
    reader.warm()
    assert reader.is_warm()
    assert worker.keep_words() == 1
    assert not reader.is_warm()
    assert reader._view().lexicon.frequency("robotti") == 1
    assert reader._view()._snapshot.terms is not None


def test_titles_laid_before_a_change_suggest_what_is_there_now(
    worker: WhooshEngine, reader: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def suggested(beginning: str) -> list[tuple[str, object]]:
        return [(found.text, found.key) for found in reader.suggest(beginning) if found.kind == "deed"]

    worker.keep_words()
    assert suggested("kirjas") == [("Kirjaston aukiolo", 1)]
    assert suggested("koulun uim") == [("Koulun uimahalli", 2)]
    monkeypatch.setattr(whoosh_engine, "PATIENCE", 1e9)
    worker.replace([deed(2, "Koulun uusi uimahalli")], [1])
    assert worker.keep_words() == 0
    assert suggested("kirjas") == []
    assert suggested("koulun uim") == []
    assert suggested("koulun uus") == [("Koulun uusi uimahalli", 2)]
    worker.replace([deed(3, "Kirjaston robotti")], [])
    assert suggested("kirjas") == [("Kirjaston robotti", 3)]


def test_a_small_index_is_counted_by_each(worker: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_engine, "MANY_DEEDS", 3)
    assert worker.keep_words() == 0
    assert not file_of(worker).exists()


@pytest.mark.parametrize("harm", ["cut", "flipped", "emptied", "of another version"])
def test_a_damaged_file_is_passed_over_and_made_anew(
    harm: str, worker: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.keep_words()
    path = file_of(worker)
    whole = path.read_bytes()
    if harm == "of another version":
        monkeypatch.setattr(word_file, "FORMAT", 1)
    else:
        middle = len(whole) // 2
        harmed = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
        path.write_bytes({"cut": whole[:-200], "flipped": harmed, "emptied": b""}[harm])
    assert word_file.read(path) is None
    other = WhooshEngine(worker.folder)
    assert other._view().lexicon.frequency("kirjasto") == 1
    assert worker.keep_words() == 1
    assert word_file.read(path) is not None


def test_no_change_of_one_byte_is_taken_for_the_words(worker: WhooshEngine) -> None:
    worker.keep_words()
    path = file_of(worker)
    whole = path.read_bytes()
    head = len(whole[: word_file.HEAD].rstrip())
    for at in (*range(head), *range(word_file.HEAD, len(whole), 97)):
        for bit in (1, 32):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            found = word_file.read(path)
            # The padding between arrays is nobody's; a letter of the sum may change its case.
            assert found is None or at < word_file.SUM or at >= word_file.HEAD, at
            if found is not None:
                assert (found.build, found.lexicon.frequency("uimahalli")) == (worker._current(), 1)


def test_the_last_words_serve_until_those_of_a_rebuilt_index_are_there(
    worker: WhooshEngine, reader: WhooshEngine
) -> None:
    worker.keep_words()
    assert reader._view().lexicon.frequency("kirjasto") == 1
    worker.rebuild([deed(1, "Kirjaston robotti")])
    assert reader._view().lexicon.frequency("robotti") == 0
    assert worker.keep_words() == 1
    assert reader._view().lexicon.frequency("robotti") == 1


def test_an_index_that_has_become_small_is_counted_by_each_again(
    worker: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.keep_words()
    assert worker._view().lexicon.frequency("uimahalli") == 1
    monkeypatch.setattr(whoosh_engine, "MANY_DEEDS", 2)
    worker.rebuild([deed(1, "Kirjaston aukiolo")])
    assert worker._view().lexicon.frequency("uimahalli") == 0


def test_a_writer_that_was_killed_leaves_nothing_that_grows(
    worker: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(file_of(worker).parent.iterdir())
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", lambda *arguments: os._exit(0))
        for _ in range(2):
            pid = os.fork()
            if not pid:
                worker.keep_words()
            os.waitpid(pid, 0)
    assert len(set(file_of(worker).parent.iterdir()) - before) == 1
    assert worker.keep_words() == 1
    assert set(file_of(worker).parent.iterdir()) - before == {file_of(worker)}


def test_words_wait_while_the_index_is_written(worker: WhooshEngine) -> None:
    with worker._writing(), pytest.raises(IndexLocked):
        WhooshEngine(worker.folder).keep_words()
    assert worker.keep_words() == 1
