"""What keeps the processes of ``serve`` small: what they share, and that one that has grown is replaced."""

import contextlib
import itertools
import mmap
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori import ahead, heap, serving, web_server, web_threads, wiring, worker
from tori.config import ROOT, Config
from tori.database import db
from tori.deeds import readings
from tori.models.operations import Heartbeat
from tori.models.reading import DeedReading
from tori.models.searching import SearchLogEntry
from tori.running import MEGABYTE, RENEWED, call_itself, children_of, cpu_seconds, own_memory, waited_seconds
from tori.search import indexing
from tori.search.kept import REFRESHING
from tori.web_server import GROWTH_SECONDS, RESTING_SECONDS, Keeper
from tori.web_threads import Threads
from tori.worker import HAD_TO_WAIT, Worker


def keeper_of(
    monkeypatch: pytest.MonkeyPatch, sizes: dict[int, int], wanted: int, resting: Collection[int] = ()
) -> tuple[Keeper, list[str]]:
    """A process that looks after web processes of these sizes in megabytes, oldest first."""
    started: list[str] = []
    keeper = object.__new__(Keeper)
    keeper.timeout, keeper._num_workers = 0, wanted
    keeper.beside = SimpleNamespace(read_anew=lambda: started.append("read"), look=lambda: None)
    keeper.WORKERS = {pid: SimpleNamespace(age=age) for age, pid in enumerate(sizes, 1)}
    monkeypatch.setattr(keeper, "spawn_worker", lambda: started.append("one"), raising=False)
    monkeypatch.setattr(web_server, "own_memory", lambda pid: sizes[pid] * MEGABYTE)
    spent = dict.fromkeys(sizes, 0)

    def spend(pid: int) -> float:
        spent[pid] += pid not in resting
        return spent[pid]

    monkeypatch.setattr(web_server, "cpu_seconds", spend)
    return keeper, started


def look(keeper: Keeper) -> None:
    """After a while."""
    keeper._looked = time.monotonic() - RESTING_SECONDS
    keeper._worked = {pid: at - RESTING_SECONDS for pid, at in keeper._worked.items()}
    keeper.murder_workers()


@pytest.mark.parametrize(
    ("sizes", "resting", "wanted", "replaced"),
    [
        ({11: 500, 12: 10}, set(), 2, [11]),
        ({11: 10, 12: 500}, set(), 2, [12]),
        ({11: 18, 12: 18}, set(), 2, []),
        ({11: 18, 12: 18}, {12}, 2, [12]),
        ({11: 10, 12: 10}, {11, 12}, 2, []),
        # Another one is on its way out already.
        ({11: 500, 12: 10, 13: 5}, {11}, 2, []),
        ({}, set(), 0, []),
    ],
)
def test_a_web_process_that_has_grown_is_replaced_and_sooner_when_it_rests(
    sizes: dict[int, int], resting: set[int], wanted: int, replaced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, started = keeper_of(monkeypatch, sizes, wanted, resting)
    look(keeper)
    look(keeper)
    assert started[:2] == ["read", "one"] * len(replaced)
    # gunicorn ends the oldest when there is one too many.
    assert [pid for pid, one in keeper.WORKERS.items() if one.age == 0] == replaced


def test_the_first_web_server_replaces_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, started = keeper_of(monkeypatch, {11: 500, 12: 500}, 2)
    keeper.beside = None
    look(keeper)
    look(keeper)
    assert started == []


def test_one_that_has_grown_is_replaced_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, started = keeper_of(monkeypatch, {11: 500, 12: 500}, 2)
    for _ in range(3):
        keeper.murder_workers()
    assert started == ["read", "one"]
    keeper._looked -= GROWTH_SECONDS
    keeper.murder_workers()
    assert started == ["read", "one"] * 2


def test_one_rests_when_it_has_not_worked_for_as_long_as_a_connection_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    resting: set[int] = set()
    keeper, started = keeper_of(monkeypatch, {11: 18, 12: 10}, 2, resting)
    for _ in range(3):
        look(keeper)
    assert started == [], "it works"
    resting.add(11)
    keeper._looked -= GROWTH_SECONDS
    keeper.murder_workers()
    assert started == [], "it has worked a moment ago"
    look(keeper)
    assert started == ["read", "one"]


def test_a_worker_that_has_grown_ends_to_be_started_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0)
    grown = Worker(app, [], [])
    grown.most_bytes = 1
    grown._began -= worker.BEGUN_SECONDS + 1
    grown.run_forever()
    assert grown.is_renewed
    with app.app_context():
        assert db.session.get(Heartbeat, grown.name) is None, "it is not counted beside the one that follows"


@pytest.mark.parametrize(("held", "is_large"), [(70, False), (74, True)])
def test_a_worker_that_has_grown_has_time_to_do_something_but_gets_no_child(
    held: int, is_large: bool, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    own = Worker(app, [], [], made_ready=[lambda config: None])
    own.most_bytes = 72 * MEGABYTE
    monkeypatch.setattr(worker, "own_memory", lambda: held * MEGABYTE)
    monkeypatch.setattr(own, "_start_making", started.append)
    assert not own._has_grown_or_makes(), "it has just begun"
    assert len(started) == (0 if is_large else 1)
    own._began -= worker.BEGUN_SECONDS + 1
    assert own._has_grown_or_makes() is is_large
    assert len(started) == (0 if is_large else 2)
    own.most_bytes = 0
    assert not own._has_grown_or_makes()


def test_what_is_made_ready_is_made_in_children_after_changes_only(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []

    class Process:
        def __init__(self, target: object, args: tuple[object], daemon: bool) -> None:
            started.append(args[0])

        def start(self) -> None:
            pass

        exitcode = 0
        lives = False

        def is_alive(self) -> bool:
            return self.lives

    monkeypatch.setattr(worker, "forking", SimpleNamespace(Process=Process))
    monkeypatch.setattr(worker, "READY_SECONDS", 1e9)
    left = [2, 1, 0]

    def first(config: Config) -> int:
        return left.pop(0)

    def second(config: Config) -> None:
        pass

    own = Worker(app, [], [], made_ready=[first, second])
    monkeypatch.setattr(worker, "content_version", lambda session: 1)
    look = own._has_grown_or_makes
    look()
    monkeypatch.setattr(Process, "lives", True)
    look()
    assert started == [first]
    monkeypatch.setattr(Process, "lives", False)
    # What a change in the middle of a round makes old waits for its turn.
    monkeypatch.setattr(worker, "content_version", lambda session: 2)
    look()
    assert started == [first, second]
    # It had grown before it was done.
    monkeypatch.setattr(Process, "exitcode", RENEWED)
    look()
    assert started == [first, second, first]
    look()
    assert started == [first, second, first, second]
    monkeypatch.setattr(Process, "exitcode", 0)
    for _ in range(4):
        look()
    assert started == [first, second, first, second, first]
    # The processors were busy: it gets another turn when they have been left to readers for a while.
    monkeypatch.setattr(Process, "exitcode", HAD_TO_WAIT)
    monkeypatch.setattr(worker, "content_version", lambda session: 3)
    for _ in range(3):
        look()
    assert len(started) == 6
    own._rests_until = 0.0
    monkeypatch.setattr(Process, "exitcode", 0)
    for _ in range(4):
        look()
    assert sorted(map(str, started[5:])) == sorted(map(str, [first, first, second]))
    monkeypatch.setattr(worker.os, "nice", lambda by: None)
    monkeypatch.setattr(worker, "die_with_parent", lambda: None)
    monkeypatch.setattr(worker.signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(worker, "waited_seconds", lambda: 0.0)
    own._make_and_end(first)
    assert left == []


@pytest.mark.parametrize(
    ("held", "waited", "code", "undone"),
    [
        # The first page alone costs some thirty megabytes: what it holds then ends no child.
        ([32, 39, 41], 0.0, RENEWED, [1, 0]),
        ([32, 39, 40, 40], 0.0, None, []),
        ([1, 1], 1e6, HAD_TO_WAIT, [3, 2, 1, 0]),
    ],
)
def test_a_child_that_has_grown_or_keeps_readers_waiting_ends(
    held: list[int], waited: float, code: int | None, undone: list[int], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, sizes, moments = [4, 3, 2, 1, 0], iter(held), itertools.count(0.0, waited)
    own = Worker(app, [], [])
    own.most_bytes = 1
    monkeypatch.setattr(worker, "own_memory", lambda: next(sizes) * MEGABYTE)
    monkeypatch.setattr(worker, "waited_seconds", lambda: next(moments))
    monkeypatch.setattr(worker.os, "nice", lambda by: None)
    monkeypatch.setattr(worker, "die_with_parent", lambda: None)
    monkeypatch.setattr(worker.signal, "signal", lambda *arguments: None)
    ended: int | str | None = None
    try:
        own._make_and_end(lambda config: left.pop(0))
    except SystemExit as end:
        ended = end.code
    assert (ended, left) == (code, undone)


def test_a_worker_has_one_child_at_a_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    own = Worker(app, [], [])
    own._making = SimpleNamespace(
        is_alive=lambda: True, terminate=lambda: ended.append("terminate"), join=lambda: ended.append("join")
    )
    own._left_to_make = [lambda config: None]
    monkeypatch.setattr(worker, "run_job_apart", lambda *arguments: ended.append("job"))
    own._run_job_apart(own.config, worker.Job("any", worker.daily, lambda config: None), "today")
    assert ended == ["terminate", "join", "job"]
    # It is made from where it was, for what is made stays.
    assert own._making is None
    assert len(own._left_to_make) == 1


@pytest.mark.parametrize(("done", "held", "ends"), [(1, 74, True), (1, 70, False), (0, 74, False)])
def test_a_child_ends_when_the_worker_has_grown_by_what_it_did(
    done: int, held: int, ends: bool, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    own = Worker(app, [], [])
    own.most_bytes = 72 * MEGABYTE
    own._making = SimpleNamespace(
        is_alive=lambda: True, terminate=lambda: ended.append("terminate"), join=lambda: ended.append("join")
    )
    monkeypatch.setattr(worker, "own_memory", lambda: held * MEGABYTE)
    monkeypatch.setattr(own, "turn", lambda: done)
    assert own._beat_and_turn() == done
    assert bool(ended) is ends


@pytest.mark.parametrize(
    ("after", "ends"),
    [
        ({11: 5.1, 12: 5.4}, False),
        ({11: 5.2, 12: 6.5}, True),
        # What a new one has spent before it was first seen does not count.
        ({11: 5.1, 13: 9.0}, False),
    ],
)
def test_a_child_ends_when_readers_ask_for_much(
    after: dict[int, float], ends: bool, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    own = Worker(app, [], [])
    own._making = SimpleNamespace(
        is_alive=lambda: True, terminate=lambda: ended.append("terminate"), join=lambda: ended.append("join")
    )
    own._spent = time.monotonic() - 2, {11: 5.0, 12: 5.0}
    own.readers = lambda: list(after)
    monkeypatch.setattr(worker, "cpu_seconds", after.__getitem__)
    monkeypatch.setattr(own, "turn", lambda: 0)
    own._beat_and_turn()
    assert bool(ended) is ends
    assert (own._rests_until > time.monotonic()) is ends


def test_children_are_found_by_what_they_call_themselves() -> None:
    def live(title: str, ready: Connection) -> None:
        call_itself(title)
        ready.send(title)
        time.sleep(60)

    hears, tells = serving.forking.Pipe(duplex=False)
    children = [serving.forking.Process(target=live, args=(title, tells)) for title in ("tori-web", "tori-else")]
    try:
        for child in children:
            child.start()
        assert {hears.recv(), hears.recv()} == {"tori-web", "tori-else"}
        assert children_of(os.getpid(), "tori-web") == [children[0].pid]
        assert children_of(2**22 + 1, "tori-web") == []
    finally:
        for child in children:
            child.kill()
            child.join()


@pytest.mark.parametrize(("is_alive", "code", "goes_on"), [(True, None, 0), (False, RENEWED, 1), (False, 0, 0)])
def test_another_child_follows_at_once_where_one_has_grown(
    is_alive: bool, code: int | None, goes_on: int, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    def make(config: Config) -> None:
        return None

    own = Worker(app, [], [], made_ready=[make])
    with app.app_context():
        assert own._next_to_make() is make
    own._making = SimpleNamespace(is_alive=lambda: is_alive, exitcode=code)
    monkeypatch.setattr(own, "_start_making", made.append)
    assert not own._look()
    assert made == [make] * goes_on


def test_a_worker_does_what_waits_before_anything_is_made_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    did: list[str] = []
    own = Worker(app, [], [], made_ready=[lambda config: None])

    def turn() -> int:
        did.append("turn")
        return 1

    def start(make: object) -> None:
        did.append("make")
        own.stopping = True

    monkeypatch.setattr(worker.signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0)
    monkeypatch.setattr(own, "turn", turn)
    monkeypatch.setattr(own, "_start_making", start)
    own.run_forever()
    assert did == ["turn", "make"]


def test_what_the_site_reads_ahead_is_no_reading(app: Flask, session: Session, make: Factory) -> None:
    def noted() -> list[int | None]:
        # The process may remember readings of the tests before.
        with app.app_context():
            readings.write()
        return [session.scalar(select(func.count()).select_from(table)) for table in (DeedReading, SearchLogEntry)]

    make.deed()
    config: Config = app.extensions["tori"]
    indexing.rebuild(session, wiring.engine_of(config))
    before = noted()
    assert ahead.make_ready(app, config)
    assert noted() == before


def test_templates_that_members_write_on_are_compiled_ahead(
    app: Flask, session: Session, make: Factory, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, compiled = make.user("kirjoittaja@example.org"), []
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    # What is in use while all connections are let go would never be closed.
    session.rollback()
    app.jinja_env.cache.clear()
    assert ahead.make_ready(app, app.extensions["tori"])
    compile_template = app.jinja_env.compile

    def note(source: str, name: str, *given: Any) -> Any:
        compiled.append(name)
        return compile_template(source, name, *given)

    monkeypatch.setattr(app.jinja_env, "compile", note)
    browser.sign_in(person)
    for path in ("/teot/uusi", "/oma/tiedot"):
        assert browser.get(path).status_code == 200
    assert [name for name in compiled if name.startswith(ahead.FOR_MEMBERS)] == []


def test_what_has_changed_in_the_index_is_read_before_forking(
    app: Flask, session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    config: Config = app.extensions["tori"]
    engine = wiring.engine_of(config)
    read: list[int] = []
    warm = engine.warm

    def note() -> None:
        warm()
        read.append(engine.status().documents)

    monkeypatch.setattr(engine, "warm", note)
    for title in ("Kirjaston aamu", "Koulun ilta"):
        make.deed(title)
        indexing.rebuild(session, engine)
        assert ahead.read_index(app, config)
        # What this process does without need it would copy for itself.
        assert ahead.read_index(app, config)
    assert read == [1, 2]


def test_a_process_is_not_forked_while_a_thread_makes_a_part_of_the_search(
    app: Flask, session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    config: Config = app.extensions["tori"]
    engine = wiring.engine_of(config)
    make.deed("Kirjaston aamu")
    indexing.rebuild(session, engine)
    made = threading.Event()
    ended: list[bool] = []

    def refresh() -> None:
        made.wait(5)
        ended.append(True)

    monkeypatch.setattr(engine, "warm", lambda: threading.Thread(target=refresh, name=REFRESHING).start())
    threading.Timer(0.1, made.set).start()
    ahead.read_index(app, config)
    assert ended == [True]


def test_the_code_is_read_without_libraries_that_few_need_and_without_looking_for_garbage(tmp_path: Path) -> None:
    script = """if True:
        import gc, sys, wsgi
        assert gc.isenabled() and gc.get_freeze_count() > 100_000
        assert not {"cryptography", "PIL", "resvg_py", "pyrage"} & set(sys.modules), sorted(sys.modules)
    """
    environment = {**os.environ, "TORI_INSTANCE": str(tmp_path)}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True, timeout=60)


def test_the_words_are_read_after_the_first_web_server_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("lay_words", "read_words", "make_ready", "save_memory"):
        monkeypatch.setattr(ahead, name, lambda *given, name=name: done.append(name))

    def apart(work: Callable[[], object]) -> None:
        done.append("apart")
        work()

    monkeypatch.setattr(serving, "apart", apart)
    monkeypatch.setattr(serving, "answers", lambda port: done.append("answers") or True)
    monkeypatch.setattr(web_server, "run", lambda *given: done.append("web"))
    first, other = (
        SimpleNamespace(start=lambda name=name: done.append(name), process=None) for name in ("first", "worker")
    )
    config: Config = app.extensions["tori"]
    serving.Supervisor(app, config, SimpleNamespace(), first, [other]).run()
    assert done == [
        "first",
        "answers",
        "apart",
        "lay_words",
        "read_words",
        "make_ready",
        "save_memory",
        "web",
    ]


def test_the_worker_begins_when_the_first_web_server_has_gone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_greet", lambda config: None)
    told: list[str] = []
    first = SimpleNamespace(is_alive=True, process=SimpleNamespace(terminate=lambda: told.append("go")))
    other = SimpleNamespace(is_alive=False, process=None, start=lambda: told.append("worker"))
    site = serving.Supervisor(app, app.extensions["tori"], SimpleNamespace(), first, [other])
    site.look()
    site.look()
    assert told == ["go"], "they would hold their memory at once"
    first.is_alive = False
    site.look()
    assert told == ["go", "worker"]


def test_what_a_child_needs_lies_together_when_the_gaps_were_closed() -> None:
    script = """if True:
        import ctypes, os, sys
        from tori import heap
        from tori.running import own_memory
        heap.keep_small()
        library = ctypes.CDLL(None)
        library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
        pieces = [library.malloc(1000) for _ in range(40_000)]
        for piece in pieces[::4]:
            library.free(piece)
        if sys.argv[1] == "closed":
            heap.close_gaps()
        if os.fork():
            sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
        for _ in range(5_000):
            library.malloc(1000)
        os._exit(own_memory() // 2**20)
    """

    def grown(how: str) -> int:
        return subprocess.run([sys.executable, "-c", script, how], cwd=ROOT, timeout=60, check=False).returncode

    needed, scattered = grown("closed"), grown("open")
    assert needed >= 5_000 * 1000 // 2**20
    assert scattered > 2 * needed


def test_how_long_others_had_the_processors_is_known() -> None:
    before = waited_seconds()
    assert before >= 0
    assert 0 <= waited_seconds() - before < 60


def test_the_memory_of_a_process_is_known() -> None:
    before = own_memory()
    held = bytearray(b"x" * 30 * MEGABYTE)
    assert own_memory() - before > 25 * MEGABYTE
    assert len(held) == 30 * MEGABYTE
    assert own_memory(2**22 + 1) == 0
    assert 0 < cpu_seconds(os.getpid()) <= time.process_time()
    assert cpu_seconds(2**22 + 1) == 0


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def answered(
    monkeypatch: pytest.MonkeyPatch, ours: socket.socket, more: list[bool], *, others: bool = False, read: bytes = b""
) -> int:
    """How many requests a thread answers before it hands the connection back."""
    count = 0

    def handle(self: Any, conn: Any) -> bool:
        nonlocal count, read
        count += 1
        if count == 1:
            conn.parser.unreader.buf = SimpleNamespace(getvalue=lambda: read)
        else:
            conn.parser.unreader.buf = SimpleNamespace(getvalue=lambda: b"")
            if not read:
                ours.recv(1)
        return more.pop(0)

    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    if others:
        waiting.put(1)
    monkeypatch.setattr(web_threads.gthread.ThreadWorker, "handle", handle)
    threads = object.__new__(Threads)
    threads.tpool, threads.alive = SimpleNamespace(_work_queue=waiting), True
    parser = SimpleNamespace(unreader=SimpleNamespace(buf=None))
    threads.handle(SimpleNamespace(sock=ours, is_http2=False, parser=parser))
    return count


def test_a_thread_stays_with_a_reader_who_goes_on(
    line: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = line
    assert answered(monkeypatch, ours, [True]) == 1
    theirs.send(b"xx")
    assert answered(monkeypatch, ours, [True, True, True]) == 3
    theirs.send(b"xx")
    assert answered(monkeypatch, ours, [True], others=True) == 1
    assert answered(monkeypatch, ours, [False]) == 1
    ours.recv(2)
    assert answered(monkeypatch, ours, [True, False], read=b"GET") == 2


def test_pages_of_dictionaries_are_let_go_and_come_back_when_they_are_read(tmp_path: Path) -> None:
    def held(path: Path) -> int:
        """Kilobytes of the file in the memory of this process."""
        sizes = re.search(rf"{re.escape(str(path))}\n(?:.*\n)*?Rss: +(\d+) kB", Path("/proc/self/smaps").read_text())
        assert sizes
        return int(sizes[1])

    with contextlib.ExitStack() as stack:
        files = {}
        for name in ("words.dic", "other.bin"):
            path = tmp_path / name
            path.write_bytes(b"x" * 64 * 1024)
            file = stack.enter_context(path.open("rb"))
            files[path] = stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        for path, mapped in files.items():
            assert mapped[:].count(b"x") == 64 * 1024
            assert held(path) == 64
        assert heap.let_go_of_files((".dic",)) >= 64 * 1024
        assert [held(path) for path in files] == [0, 64]
        assert all(mapped[:].count(b"x") == 64 * 1024 for mapped in files.values())
