"""What only an index on disk can get wrong, and the measured defects of Whoosh that our use steps around."""

import contextlib
import fcntl
import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from pathlib import Path
from typing import Any

import pytest
from whoosh import fields as whoosh_fields
from whoosh import query as whoosh_query
from whoosh.filedb.filestore import RamStorage
from whoosh.index import LockError

from tests.search.conftest import DEEDS, deed
from tori.search import whoosh_engine
from tori.search.catalogue import Row
from tori.search.port import IndexLocked, IndexUnavailable, SearchQuery
from tori.search.whoosh_engine import CURRENT, LOCK, META, WhooshEngine
from tori.search.whoosh_view import advance


def ids(engine: WhooshEngine, text: str = "") -> list[int]:
    return [hit.id for hit in engine.search(SearchQuery(text, per_page=500)).hits]


def build_of(engine: WhooshEngine) -> Path:
    return engine.folder / (engine.folder / CURRENT).read_text().strip()


def test_a_second_process_sees_changes_and_rebuilds(whoosh: WhooshEngine) -> None:
    reader = WhooshEngine(whoosh.folder)
    assert len(ids(reader)) == 10
    whoosh.index([deed(11, "Uimahallin vuorot")])
    assert ids(reader, "uimahalli")[:1] == [11]
    whoosh.rebuild(DEEDS[:4])
    assert sorted(ids(reader)) == [1, 2, 3, 4]


def test_an_engine_knows_whether_anything_has_changed_since_it_was_made_ready(whoosh: WhooshEngine) -> None:
    reader = WhooshEngine(whoosh.folder)
    for change in (
        lambda: None,
        lambda: whoosh.index([deed(11, "Uimahallin vuorot")]),
        lambda: whoosh.replace([], [11]),
        lambda: whoosh.rebuild(DEEDS[:4]),
    ):
        change()
        assert not reader.is_warm()
        reader.warm()
        assert reader.is_warm()


def test_a_change_is_seen_however_long_the_index_has_rested(whoosh: WhooshEngine) -> None:
    reader = WhooshEngine(whoosh.folder)
    for number in range(11, 14):
        os.utime(build_of(whoosh), ns=(1_000_000_000 * number,) * 2)
        assert number not in ids(reader)
        assert number not in ids(reader)
        whoosh.index([deed(number, "Uimahallin vuorot")])
        assert number in ids(reader)


def test_frequencies_stay_the_same_when_all_terms_are_known(whoosh: WhooshEngine) -> None:
    whoosh.replace([deed(11, "Kirjaston uimahalli")], [3])
    terms = ("kirjasto", "+kirjasto", "uimahalli", "+uima", "~valm", "hoitaja", "olematon", "")
    read = [whoosh._view().frequency(term) for term in terms]
    whoosh.warm()
    whoosh._view()._snapshot.found.clear()
    known = whoosh._view()._snapshot.terms
    assert known is not None
    assert sum(f"olematon{number}" in known for number in range(1000)) < 150
    assert [whoosh._view().frequency(term) for term in terms] == read
    assert 0 in read
    assert max(read) > 0


def test_a_reader_is_opened_anew_instead_of_refreshed(whoosh: WhooshEngine) -> None:
    """`Searcher.refresh()` brings back deleted deeds and doubles updated ones after a merge."""
    for round_number in range(12):
        whoosh.replace([deed(n, f"Teko {round_number} kirjastosta") for n in range(1, 8)], [8, 9, 10])
        assert sorted(ids(whoosh)) == [1, 2, 3, 4, 5, 6, 7]
        assert sorted(ids(whoosh, "kirjasto")) == [1, 2, 3, 4, 5, 6, 7]
        assert len(whoosh.search(SearchQuery(f'"teko {round_number}"')).hits) == 7


def test_whooshs_own_exclusion_is_still_not_to_be_trusted() -> None:
    """Documents why exclusions are sets of ours: shows what AndNot gives beside And and Not."""
    storage = RamStorage()
    index = storage.create_index(whoosh_fields.Schema(number=whoosh_fields.STORED, text=whoosh_fields.KEYWORD))
    writer = index.writer()
    for number in range(300):
        kept = " ".join(w for w, step in (("a", 2), ("b", 3), ("c", 5)) if number % step == 0)
        writer.add_document(number=number, text=kept)
    writer.commit()
    a, b, c = (whoosh_query.Term("text", word) for word in "abc")
    with index.searcher() as searcher:
        safe = whoosh_query.And([whoosh_query.Or([a, c]), whoosh_query.Not(b)])
        found = {hit["number"] for hit in searcher.search(safe, limit=None)}
    assert found == {n for n in range(300) if (n % 2 == 0 or n % 5 == 0) and n % 3}


def test_our_exclusions_are_right_against_brute_force(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    words = {
        n: {w for w, step in (("kirjasto", 2), ("koulu", 3), ("museo", 5)) if n % step == 0} for n in range(1, 121)
    }
    engine.rebuild([deed(n, "Teko", " ".join(sorted(own)) or "muu") for n, own in words.items()])
    for wanted, unwanted in (("kirjasto", "koulu"), ("museo", "kirjasto"), ("koulu", "museo")):
        expected = {n for n, own in words.items() if wanted in own and unwanted not in own}
        hits = engine.search(SearchQuery(f"{wanted} -{unwanted}", per_page=500, verbatim=True)).hits
        assert {hit.id for hit in hits} == expected


def test_threads_do_not_share_a_reader(whoosh: WhooshEngine) -> None:
    expected = {text: ids(whoosh, text) for text in ("kirjasto", "työhyvinvointi", "kuhmo", '"öppet dygnet"', "koulu")}
    errors: list[object] = []

    def read() -> None:
        for _ in range(30):
            for text, wanted in expected.items():
                engine_ids = [h.id for h in WhooshEngine.search(whoosh, SearchQuery(text, per_page=500)).hits]
                if engine_ids != wanted:
                    errors.append((text, engine_ids))
            whoosh.forget()
            if snapshot := whoosh._state[0]:
                snapshot.postings = {}

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_thread_at_rest_holds_no_older_state(whoosh: WhooshEngine) -> None:
    has_asked, may_end = threading.Event(), threading.Event()

    def ask_once() -> None:
        ids(whoosh, "kirjasto")
        has_asked.set()
        may_end.wait(20)

    thread = threading.Thread(target=ask_once)
    thread.start()
    assert has_asked.wait(20)
    before = weakref.ref(whoosh._view()._snapshot)
    whoosh.index([deed(990, "Aivan uusi kirjasto")])
    assert 990 in ids(whoosh, "kirjasto")
    gc.collect()
    assert before() is None
    may_end.set()
    thread.join()


def test_a_late_thread_does_not_take_the_process_back(whoosh: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = WhooshEngine(whoosh.folder)
    has_opened, opened = threading.Event(), WhooshEngine._reader

    def slowly(index: Any) -> Any:
        found = opened(index)
        if threading.current_thread() is late:
            has_opened.set()
            time.sleep(0.3)
        return found

    monkeypatch.setattr(WhooshEngine, "_reader", staticmethod(slowly))
    late = threading.Thread(target=lambda: ids(reader, "kirjasto"))
    late.start()
    assert has_opened.wait(20)
    whoosh.replace([deed(990, "Aivan uusi kirjasto")], ids(whoosh, "kirjasto")[:1])
    newest = whoosh._view().token
    assert ids(reader, "kirjasto") == ids(whoosh, "kirjasto")
    late.join()
    state = reader._state[0]
    assert state is not None
    assert state.token == newest


def test_what_a_merge_has_taken_away_is_not_broken(whoosh: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = WhooshEngine(whoosh.folder)
    merges = iter([True])

    def beside_a_merge(*arguments: Any) -> Any:
        if next(merges, False):
            whoosh.index([deed(990, "Aivan uusi kirjasto")])
            raise TypeError("'NoneType' object is not subscriptable")
        return advance(*arguments)

    whoosh._view()
    monkeypatch.setattr(whoosh_engine, "advance", beside_a_merge)
    assert 990 in ids(reader, "kirjasto")
    assert whoosh.status().ready


def test_a_column_that_is_gone_is_told(whoosh: WhooshEngine) -> None:
    for path in whoosh.folder.glob("build-*/*.deed.col"):
        path.unlink()
    with pytest.raises(IndexUnavailable):
        WhooshEngine(whoosh.folder).search(SearchQuery("kirjasto"))


def test_readers_beside_a_writer_always_see_a_whole_state(whoosh: WhooshEngine) -> None:
    stop = threading.Event()
    errors: list[object] = []

    def read() -> None:
        reader = WhooshEngine(whoosh.folder)
        while not stop.is_set():
            try:
                found = ids(reader, '"yhteinen teko"')
            except Exception as error:
                errors.append(error)
                return
            if len(found) not in (0, 5):
                errors.append(found)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(10):
        whoosh.replace([deed(100 + n, f"Yhteinen teko {number}") for n in range(5)], [])
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_failed_commit_frees_the_lock(whoosh: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    real = whoosh_engine.WhooshEngine._add

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(whoosh_engine.WhooshEngine, "_add", fail)
    with pytest.raises(IndexUnavailable):
        whoosh.index([deed(3, "Kesken jäävä")])
    monkeypatch.setattr(whoosh_engine.WhooshEngine, "_add", real)
    assert ids(whoosh, "kirjasto")[:1] == [3]
    whoosh.index([deed(3, "Onnistuva muutos")])
    assert ids(whoosh, "onnistuva")[:1] == [3]


def test_a_held_lock_is_told_and_nothing_is_lost(whoosh: WhooshEngine) -> None:
    with (whoosh.folder / LOCK).open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(IndexLocked):
            whoosh.index([deed(11, "Odottava")])
        with pytest.raises(IndexLocked):
            whoosh.rebuild(DEEDS)
        assert len(ids(whoosh)) == 10
    whoosh.index([deed(11, "Odottava")])
    assert len(ids(whoosh)) == 11


def test_whooshs_own_lock_is_told_too(whoosh: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> None:
        raise LockError

    ids(whoosh)
    monkeypatch.setattr("tori.search.whoosh_writer.FastWriter.__init__", locked)
    with pytest.raises(IndexLocked):
        whoosh.index([deed(11, "Odottava")])


def test_a_missing_index_is_unavailable_and_can_be_built(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "none")
    with pytest.raises(IndexUnavailable):
        engine.search(SearchQuery())
    with pytest.raises(IndexUnavailable):
        engine.index(DEEDS)
    assert not engine.status().ready
    assert engine.problem()
    assert engine.rebuild(DEEDS) == 10
    assert engine.status().ready
    assert engine.problem() is None


def test_a_start_asks_for_problems_without_reading_the_deeds(
    whoosh: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WhooshEngine, "_look_at", lambda *_: pytest.fail("reads the index"))
    assert WhooshEngine(whoosh.folder).problem() is None
    (build_of(whoosh) / META).unlink()
    assert WhooshEngine(whoosh.folder).problem()


def open_files(folder: Path) -> list[str]:
    """What this process holds open below a folder."""
    names = []
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            names.append(os.readlink(link))
    return [name for name in names if name.startswith(str(folder))]


@pytest.mark.parametrize("damage", ["truncate", "garbage", "remove", "toc", "meta", "current"])
def test_a_broken_index_is_noticed_and_rebuilt(whoosh: WhooshEngine, damage: str) -> None:
    build = build_of(whoosh)
    segment = next(build.glob("*.pst" if damage == "truncate" else "*.trm"))
    match damage:
        case "truncate":
            segment.write_bytes(segment.read_bytes()[:200])
        case "garbage":
            segment.write_bytes(os.urandom(segment.stat().st_size))
        case "remove":
            segment.unlink()
        case "toc":
            next(build.glob("_*.toc")).write_bytes(b"not a table of contents")
        case "meta":
            (build / META).unlink()
        case _:
            (whoosh.folder / CURRENT).write_text("../elsewhere\n")
    fresh = WhooshEngine(whoosh.folder)
    gc.collect()
    before = open_files(build)
    gc.disable()
    try:
        with pytest.raises(IndexUnavailable):
            fresh.search(SearchQuery("kirjasto"))
        assert not fresh.status().ready
        with pytest.raises(IndexUnavailable):
            fresh.index([deed(3, "Muutos")])
        if damage != "truncate":
            assert open_files(build) == before, "what fails to open leaves nothing open"
    finally:
        gc.enable()
    assert WhooshEngine(whoosh.folder).rebuild(DEEDS) == 10
    assert fresh.search(SearchQuery("kirjasto")).hits[0].id == 3
    assert fresh.status().ready


def test_a_part_that_a_web_process_cannot_read_is_marked_for_the_worker(whoosh: WhooshEngine) -> None:
    worker = WhooshEngine(whoosh.folder)
    assert worker.status().ready
    with pytest.raises(IndexUnavailable), whoosh.reading():
        raise ValueError("unpickling failed")
    assert not worker.status().ready
    assert worker.problem()
    worker.rebuild(DEEDS)
    assert worker.status().ready
    assert worker.problem() is None


def test_an_index_of_another_analysis_asks_for_a_rebuild(whoosh: WhooshEngine) -> None:
    meta = build_of(whoosh) / META
    meta.write_text(meta.read_text().replace("simplemma", "oldlemma"))
    status = WhooshEngine(whoosh.folder).status()
    assert (status.ready, status.documents) == (False, 10)
    assert WhooshEngine(whoosh.folder).problem() == status.problem


def test_an_index_whose_rows_lack_the_newest_field_serves_until_it_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = Row.values
    with monkeypatch.context() as older:
        older.setattr(Row, "values", lambda row: packed(row)[:-1])
        WhooshEngine(tmp_path).rebuild(DEEDS)
    assert len(ids(WhooshEngine(tmp_path))) == 10


def test_older_code_finds_the_rows_that_it_knows(whoosh: WhooshEngine) -> None:
    known = list(Row.__slots__).index("professions") + 1
    leaves = whoosh._view()._leaves
    assert {len(stored["row"]) for leaf in leaves for stored in leaf.all_stored_fields()} == {known}


def test_a_rebuild_that_fails_leaves_the_live_index(whoosh: WhooshEngine) -> None:
    def broken() -> object:
        yield DEEDS[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        whoosh.rebuild(broken())  # type: ignore[arg-type]
    assert len(ids(whoosh)) == 10
    assert len(list(whoosh.folder.glob("build-*"))) == 1


def test_old_builds_are_cleaned_away(whoosh: WhooshEngine) -> None:
    for _ in range(4):
        whoosh.rebuild(DEEDS)
    assert len(list(whoosh.folder.glob("build-*"))) <= 2


def test_browsing_needs_no_dictionary(tmp_path: Path) -> None:
    WhooshEngine(tmp_path / "index").rebuild(DEEDS)
    script = f"""
        import sys
        from tori.search.port import SearchQuery
        from tori.search.whoosh_engine import WhooshEngine
        engine = WhooshEngine({str(tmp_path / "index")!r})
        assert engine.search(SearchQuery()).total == 10
        loaded = {{"libvoikko", "simplemma", "finnsyll"}} & set(sys.modules)
        assert not loaded, loaded
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True, cwd=Path(__file__).parents[2])


WRITER = """
    import sys
    from datetime import datetime, UTC
    from tori.search.port import DeedDocument
    from tori.search.whoosh_engine import WhooshEngine
    engine = WhooshEngine(sys.argv[1])
    number = int(sys.argv[2])
    while True:
        number += 1
        batch = [
            DeedDocument(id=i, title=f"Kierros {number}", summary="kaikille yhteinen", sector="s", organisation="o",
                         year=2020, published_at=datetime(2020, 1, 1, tzinfo=UTC), version=number)
            for i in range(1, 21)
        ]
        engine.replace(batch, [], last_sequence=number)
        print(number, flush=True)
"""


@pytest.mark.fault
def test_a_killed_writer_leaves_whole_batches_and_no_lock(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    engine = WhooshEngine(folder)
    engine.rebuild([])
    number = 0
    for turn in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(WRITER), str(folder), str(number)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        for _ in range(2):
            number = int(process.stdout.readline())
        time.sleep(0.013 * turn)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        process.stdout.close()
        process.wait()
        number = max([number, *(int(line) for line in rest if line.isdigit())])
        versions = set(engine.fingerprints().values())
        assert len(engine.fingerprints()) == 20
        assert len(versions) == 1
        assert next(iter(versions))[0] >= number
        assert engine.status().last_sequence <= next(iter(versions))[0]
        number = next(iter(versions))[0]
    engine.replace([deed(99, "Lukko on vapaa")], [])
    assert len(engine.fingerprints()) == 21
