"""F02, F26, F27, F31, F32, F33: what happens to the processes of the web server, and to requests meanwhile."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.conftest import TEST_DATABASE_URL
from tests.faults.clients import Member, fetch, processes, wait_until
from tests.faults.conftest import MakeSite
from tests.site import Site
from tori.web_server import Watchdog

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="starts sites of its own on SQLite"),
]

RELOADS = 2
CLIENTS = 4
PATIENCE = 60.0
"""A busy machine may take long; what counts is that every request is answered."""
IDLE = 200


class Load:
    """Threads that ask again and again; everything that goes wrong is kept."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.served = 0
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def add(self, action: Callable[[int], str]) -> None:
        """``action`` tells what went wrong, or nothing."""

        def run() -> None:
            number = 0
            while not self._stop.is_set():
                number += 1
                try:
                    if problem := action(number):
                        self.failures.append(problem)
                    self.served += 1
                except OSError as error:
                    self.failures.append(repr(error))

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)


def test_f26_f27_restarts_under_load_fail_no_request_and_cut_no_answer(make_site: MakeSite) -> None:
    site = make_site(WEB_WORKERS="2")
    member = Member(site)

    def read(number: int) -> str:
        status = fetch(site, f"/teot?sivu={number % 5 + 1}&n={number}", seconds=PATIENCE).status
        return "" if status < 500 else str(status)

    def export(number: int) -> str:
        reply = fetch(site, "/api/v1/deeds?per_page=50", seconds=PATIENCE)
        return "" if reply.status == 200 and reply.text.rstrip().endswith("}") else f"a cut answer: {reply.status}"

    def write(number: int) -> str:
        return "" if member.try_to_publish(f"Kesken vaihdon {number}", seconds=PATIENCE).status == 303 else "publishing"

    load = Load()
    try:
        for action in [read] * CLIENTS + [export, write]:
            load.add(action)
        assert site.process is not None
        for _ in range(RELOADS):
            before = set(processes(site, "tori-web"))
            os.kill(site.process.pid, signal.SIGHUP)
            wait_until(lambda before=before: not before & set(processes(site, "tori-web")), 45, "new web processes")
            time.sleep(0.5)
    finally:
        load.end()
    assert load.failures == []
    assert load.served > 10


def test_f31_f33_f02_a_stopped_process_is_replaced_idle_connections_break_nothing_and_a_kill_is_survived(
    make_site: MakeSite,
) -> None:
    site = make_site(WEB_WORKERS="2")
    # F33: more idle connections than there are threads.
    idle = [socket.create_connection(("127.0.0.1", site.port), timeout=5) for _ in range(IDLE)]
    try:
        assert fetch(site, "/teot").status == 200
    finally:
        for connection in idle:
            connection.close()
    assert fetch(site, "/teot").status == 200

    # F31: one of two web processes stops. The other answers what the system hands to it.
    stopped = processes(site, "tori-web")[0]
    os.kill(stopped, signal.SIGSTOP)
    began = time.monotonic()
    wait_until(lambda: answers(site) >= 3, 30, "answers of the other process")
    wait_until(lambda: stopped not in processes(site, "tori-web"), 60, "another process in its place")
    # gunicorn waits 30 seconds; a busy machine adds to that.
    assert time.monotonic() - began < 50
    wait_until(lambda: answers(site) >= 5, 10, "all answers")

    # F02: everything is killed at once, and starts again.
    member = Member(site)
    assert member.publish("Ennen tappoa")
    site.stop(signal.SIGKILL)
    site.start()
    wait_until(lambda: "Ennen tappoa" in fetch(site, "/teot").text, 10, "the deed")


def answers(site: Site) -> int:
    """How many of five quick questions are answered."""
    good = 0
    for _ in range(5):
        try:
            good += fetch(site, "/healthz", seconds=2).status == 200
        except OSError:
            continue
    return good


def test_f31_a_request_that_runs_in_circles_is_noticed_by_the_time_it_takes() -> None:
    go = threading.Event()
    slow = threading.Event()

    def app(environ: dict[str, str], start_response: object) -> list[bytes]:
        if environ["PATH_INFO"] == "/circles":
            while not go.is_set():
                pass
        else:
            # Waiting for a slow reader or the database spends no time of the processor.
            slow.wait(10)
        return []

    watchdog = Watchdog(app, most_seconds=0.3)
    waiting = threading.Thread(target=watchdog, args=({"PATH_INFO": "/slow"}, None))
    circling = threading.Thread(target=watchdog, args=({"PATH_INFO": "/circles"}, None))
    waiting.start()
    time.sleep(0.5)
    assert watchdog.hung() is None
    circling.start()
    wait_until(lambda: watchdog.hung() == circling.ident, 10, "noticing")
    go.set()
    circling.join()
    assert watchdog.hung() is None
    slow.set()
    waiting.join()


def test_f33_a_server_without_file_handles_refuses_and_is_well_again(make_site: MakeSite) -> None:
    import resource

    site = make_site()
    for pid in processes(site, "tori-web"):
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (64, 64))
    idle: list[socket.socket] = []
    try:
        for _ in range(150):
            try:
                idle.append(socket.create_connection(("127.0.0.1", site.port), timeout=2))
            except OSError:
                break
        time.sleep(1)
    finally:
        for connection in idle:
            connection.close()
    wait_until(lambda: answers(site) == 5, 30, "answers after the crowd has gone")
    assert site.process is not None
    assert site.process.poll() is None
    with closing(socket.create_connection(("127.0.0.1", site.port), timeout=2)):
        pass
