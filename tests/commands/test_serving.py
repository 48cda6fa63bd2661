"""``serve`` as `make run` starts it: real processes on a free port, with an instance folder of their own."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from gunicorn.arbiter import Arbiter

from tests.conftest import TEST_DATABASE_URL
from tests.drills.running import memory_of
from tests.exchange.lines import whole
from tests.site import DEMO_PASSWORD, Site, free_port
from tori import serving, web_server
from tori.config import ROOT, Config, load_config
from tori.edge import shelf, stored
from tori.exchange.seeding import SeedError
from tori.running import MEGABYTE, own_memory
from tori.serving import Child, StartError, Supervisor, apart, check_port, listen, running_lock
from tori.web_server import Keeper
from tori.worker import BEGUN_SECONDS, LOOK_SECONDS

START_SECONDS = 120
MOST_OF_ITS_OWN = 75 * MEGABYTE
DEEDS_OF_START = 168


def get(port: int, path: str = "/healthz") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def wait_for(condition: Callable[[], object], seconds: float = START_SECONDS) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def children_of(pid: int) -> dict[str, list[int]]:
    """Name -> process ids of the web processes and the worker."""
    found: dict[str, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            title = (entry / "comm").read_text().strip()
        except (OSError, ValueError):
            continue
        if parent == pid:
            found.setdefault(title.removeprefix("tori-"), []).append(int(entry.name))
    return found


def all_below(pid: int) -> list[int]:
    below = [pid]
    for known in below:
        below += map(int, Path(f"/proc/{known}/task/{known}/children").read_text().split())
    return below


def resident(pid: int) -> int:
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def stored_pages(site: Site) -> int:
    with closing(sqlite3.connect(site.instance / stored.FOLDER / shelf.FILE)) as file:
        return int(file.execute("select count(*) from page").fetchone()[0])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, WEB_WORKERS="2")
    yield site
    if site.process is not None and site.process.poll() is None:
        site.stop()


def output(site: Site) -> str:
    return (site.instance / "site.log").read_text(encoding="utf-8")


def pid_of(site: Site) -> int:
    assert site.process is not None
    return site.process.pid


def end(site: Site, number: int) -> int:
    """The signal goes to the command alone, not to its children. Returns the exit code."""
    assert site.process is not None
    site.process.send_signal(number)
    return site.process.wait(40)


@pytest.mark.fault
@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="starts a site of its own on SQLite")
def test_one_command_opens_the_whole_site_and_one_signal_ends_it(site: Site) -> None:
    site.start()
    wait_for(lambda: "Ctrl-C" in output(site))
    greeting = output(site)
    assert f"{site.url}/" in greeting
    assert f"deeds: {DEEDS_OF_START}" in greeting
    assert DEMO_PASSWORD in greeting
    for account in ("jasen", "jasen2", "yhteyshenkilo", "kampanja", "toimittaja", "admin"):
        assert f"{account}@example.org" in greeting
    status, page = get(site.port, "/")
    assert status == 200
    assert "<h1" in page

    # A child that is killed outright is started again; the others go on.
    for name, count in (("worker", 1), ("web", 2)):
        killed = children_of(pid_of(site))[name][0]
        os.kill(killed, signal.SIGKILL)

        def is_replaced(name: str = name, killed: int = killed, count: int = count) -> bool:
            present = children_of(pid_of(site)).get(name, [])
            return killed not in present and len(present) == count

        wait_for(is_replaced)
    wait_for(lambda: get(site.port)[0] == 200)

    children = children_of(pid_of(site))
    assert set(children) == {"web", "worker"}
    # They are forked from one process that has read all that they need, and hold most of it in memory together, also
    # after they have been used.
    for path in ("/teot", "/sv/teot", "/teot?q=koulu", "/teot/7", "/tilastot", "/kartta", "/en/"):
        assert get(site.port, path)[0] == 200
    # While a job has its child there is more.
    wait_for(lambda: memory_of(pid_of(site)) < 0.45 * sum(resident(pid) for pid in all_below(pid_of(site))), 40)
    for pid in all_below(pid_of(site))[1:]:
        assert own_memory(pid) < MOST_OF_ITS_OWN

    # It has been started again by now if what it did at first made it grow; with nothing to do it stays as it is.
    def worker_stays() -> bool:
        before = children_of(pid_of(site)).get("worker", [])
        time.sleep(BEGUN_SECONDS + 2 * LOOK_SECONDS)
        return bool(before) and children_of(pid_of(site)).get("worker") == before

    wait_for(worker_stays, 60)
    # And it makes the pages of deeds before anybody asks.
    wait_for(lambda: stored_pages(site) > DEEDS_OF_START, 60)
    reader = urllib.request.Request(
        f"{site.url}/teot/5?lahde=some", headers={"User-Agent": "Mozilla/5.0 Firefox/140.0"}
    )
    with urllib.request.urlopen(reader, timeout=10) as answer:
        assert answer.status == 200
    assert end(site, signal.SIGINT) == 0
    with closing(sqlite3.connect(site.instance / "tori.sqlite3")) as rows:
        assert rows.execute("select deed_id, channel, readers from deed_reading").fetchall() == [(5, "some", 1)]
    assert output(site).rstrip().endswith("Stopped.")
    # Web processes that end do nothing that is for the process they were forked from.
    assert "Traceback" not in output(site)
    assert "exited with code" not in output(site)
    for pid in chain.from_iterable(children.values()):
        assert not Path(f"/proc/{pid}").exists()

    # The second start seeds nothing.
    site.start()
    assert output(site).count("Loading the seed content") == 1
    assert end(site, signal.SIGTERM) == 0


@pytest.mark.fault
@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="starts a site of its own on SQLite")
def test_an_import_killed_with_the_whole_site_leaves_all_or_nothing_and_the_index_catches_up(
    site: Site, tmp_path: Path
) -> None:
    site.start()
    rows = tmp_path / "teot.jsonl"
    rows.write_text("\n".join(whole(external_id=f"teko-{number}", related=None) for number in range(300)))
    before = _count(site.instance, "deed")
    importing = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "deeds", "import", str(rows)],
        cwd=ROOT, env={**os.environ, "TORI_INSTANCE": str(site.instance)}, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert importing.stderr is not None
    importing.stderr.readline()
    importing.kill()
    importing.communicate()
    children = children_of(pid_of(site))
    os.kill(pid_of(site), signal.SIGKILL)
    assert site.process is not None
    site.process.wait()
    # The kernel tells the children that their parent is gone.
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in chain.from_iterable(children.values())))
    after = _count(site.instance, "deed")
    assert after in (before, before + 300)
    assert _count(site.instance, "deed_revision") == after

    site.start()
    wait_for(lambda: _count(site.instance, "index_task") == 0)


def _count(instance: Path, table: str) -> int:
    connection = sqlite3.connect(instance / "tori.sqlite3", timeout=30)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


def test_a_taken_port_says_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StartError, match=rf"Port {port} is taken: choose another with PORT=\d+ make run"):
            check_port(port)
    check_port(port)


def test_two_sites_do_not_share_an_instance_folder(tmp_path: Path) -> None:
    with running_lock(tmp_path), pytest.raises(StartError, match="TORI_INSTANCE"), running_lock(tmp_path):
        pass
    with running_lock(tmp_path):
        pass


def supervisor(tmp_path: Path, first: Child, other: Child) -> Supervisor:
    config = load_config({}, instance=tmp_path, port=free_port())
    return Supervisor(Flask("none"), config, listen(config.port), first, [other])


def test_a_program_that_can_not_run_ends_the_site_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Child("web server", lambda: sys.exit(3), "tori-first")
    steady = Child("worker", lambda: time.sleep(60), "tori-worker")
    monkeypatch.setattr(serving, "answers", lambda port: False)
    site = supervisor(tmp_path, failing, steady)
    with site.listener, pytest.raises(StartError, match="The web server stops at once"):
        site.run()

    # The same of one that is beside the web processes.
    def keep(app: Flask, config: Config, listener: socket.socket, beside: Supervisor) -> None:
        with contextlib.suppress(StopIteration):
            while True:
                beside.look()
                time.sleep(0.05)
        sys.exit(0)

    for name in ("answers", "make_ready", "_greet"):
        monkeypatch.setattr(serving, name, lambda *given: True)
    monkeypatch.setattr(web_server, "run", keep)
    first = Child("web server", lambda: time.sleep(60), "tori-first")
    failing = Child("worker", lambda: sys.exit(3), "tori-worker")
    site = supervisor(tmp_path, first, failing)
    with site.listener, pytest.raises(StartError, match="The worker stops at once"):
        site.run()
    assert not first.is_alive


def test_an_end_that_somebody_else_was_told_of_is_noticed_all_the_same() -> None:
    child = Child("worker", lambda: sys.exit(3), "tori-worker")
    child.start()
    assert child.process is not None
    os.waitpid(child.process.pid or 0, 0)
    assert not child.is_alive


def test_a_terminal_that_closes_ends_the_site_and_without_one_web_processes_are_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reloaded: list[bool] = []
    monkeypatch.setattr(Arbiter, "handle_hup", lambda keeper: reloaded.append(True))
    keeper = object.__new__(Keeper)
    keeper.ends_with_terminal = False
    keeper.handle_hup()
    assert reloaded == [True]
    keeper.ends_with_terminal = True
    with pytest.raises(StopIteration):
        keeper.handle_hup()
    assert reloaded == [True]


def test_what_stops_the_preparation_is_told_in_its_own_words() -> None:
    def fail() -> None:
        raise SeedError("line 3 has no title")

    with pytest.raises(StartError, match="line 3 has no title"):
        apart(fail)
    with pytest.raises(StartError, match="the messages are above"):
        apart(lambda: sys.exit(2))
    apart(lambda: None)


@pytest.mark.parametrize("command", [["worker"], ["seed"], ["users", "list"], ["search", "status"], ["doctor"]])
def test_a_database_without_its_tables_is_one_sentence(command: list[str], tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        cwd=ROOT, env={**os.environ, "TORI_INSTANCE": str(tmp_path), "DATABASE_URL": ""}, capture_output=True,
        text=True, check=False, timeout=60,
    )  # fmt: skip
    assert result.returncode == 1
    assert "Run: flask --app wsgi db upgrade" in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"PORT": "abc"}, "PORT must be a whole number"),
        ({"SEARCH_URL": "elastic:"}, "SEARCH_URL must begin with"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with"),
        ({"TORI_INSTANCE": "/proc/nothing"}, "can't be written"),
    ],
)
def test_a_bad_setting_is_one_sentence(environment: dict[str, str], words: str, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "doctor"],
        cwd=ROOT, env={**os.environ, "TORI_INSTANCE": str(tmp_path), **environment}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert result.returncode != 0
    assert words in result.stderr
    assert "Traceback" not in result.stderr
