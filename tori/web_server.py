"""gunicorn as ``serve`` starts it, and its settings that are code: what a web process does when it has started, and
before it ends."""

import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from sqlalchemy.exc import SQLAlchemyError

from tori import database, heap
from tori.config import Config
from tori.database import db
from tori.deeds import readings
from tori.edge.engine import search_engine
from tori.running import MEGABYTE, cpu_seconds, die_with_parent, own_memory
from tori.search import dictionaries
from tori.search.port import SearchError
from tori.web_threads import Threads

log = logging.getLogger(__name__)

MOST_CPU_SECONDS = 20.0
"""No page needs so much; a thread that has spent it in one request will never answer."""

LOOK_SECONDS = 2.0
FINISH_SECONDS = 3.0
STATEMENT_SECONDS = 15
GROWTH = 20 * MEGABYTE
"""A web process that holds so much for itself is replaced."""
GROWTH_SECONDS = 1.0
"""At most one in so many: one grows by ten megabytes a second while readers ask for everything."""
RESTING_GROWTH = 16 * MEGABYTE
"""The same while nobody asks it for anything."""
KEEP_ALIVE = 5
RESTING_SECONDS = 5.0
"""Not less than ``KEEP_ALIVE``: no reader holds a connection to a process that has rested for so long."""
YOUNG_OBJECTS = 5_000
"""So many more than were let go before the garbage collector looks for circles among them: a page of Flask makes some
thousand objects that go by themselves, and a search paid 4 % for looking."""
RESTING_CPU = 0.01
"""Share of a processor; looking around takes less."""

worker_class = Threads
"""For gunicorn's own command, which reads its settings from this module."""


SIGNALS = (*Arbiter.SIGNALS, signal.SIGCHLD)
"""What gunicorn has handlers for. Another process that is forked beside the web processes takes them off."""


class Beside(Protocol):
    """What the process that keeps the web processes does besides."""

    def read_anew(self) -> object:
        """Brings what is read before forking up to the present."""

    def look(self) -> None:
        """Called every second and when a child has ended. Raises StopIteration to end everything."""

    def notice(self) -> None:
        """Asks the system about its own children, before gunicorn asks about all."""

    def end(self) -> None:
        """Tells its own children to end."""

    def leave(self) -> None:
        """In a new web process: lets go of what is not for it."""


class WebServer(BaseApplication):  # type: ignore[misc]
    """gunicorn around an application that is there already; its web processes are forked from this one."""

    def __init__(self, app: Flask, settings: dict[str, Any], beside: Beside | None) -> None:
        self.app = app
        self.settings = settings
        self.beside = beside
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app

    def run(self) -> None:
        Keeper(self).run()


class Keeper(Arbiter):  # type: ignore[misc]
    """gunicorn's process that looks after the web processes. One of them that has grown is replaced by another that
    begins with what this process holds; no request fails by that. What has changed meanwhile is read before, or each
    new one would have to read it and so grow at once.

    One that rests is replaced sooner: what it holds for itself is of no use to anybody then.

    Without anything ``beside`` it stays too short for any of that.
    """

    _looked = 0.0
    _spent: Mapping[int, float] = MappingProxyType({})
    _worked: Mapping[int, float] = MappingProxyType({})
    """The moments at which they were seen to have worked."""

    def __init__(self, app: WebServer) -> None:
        super().__init__(app)
        self.beside = app.beside
        self.ends_with_terminal = _has_terminal() and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN

    def handle_int(self) -> None:
        """Ctrl-C: what has begun is finished. A second one does not wait."""
        self.handle_term()

    def handle_hup(self) -> None:
        """The terminal was closed; where there is none, or ``nohup`` came before, web processes are changed."""
        if self.ends_with_terminal:
            self.handle_term()
        super().handle_hup()

    def reap_workers(self) -> None:
        if self.beside:
            self.beside.notice()
        super().reap_workers()

    def spawn_worker(self) -> int:
        """A web process goes here when it ends: what the keeper still has to do is not for it."""
        keeper = os.getpid()
        try:
            pid: int = super().spawn_worker()
        except BaseException as end:
            if os.getpid() != keeper:
                logging.shutdown()
                code = end.code if isinstance(end, SystemExit) else 1
                os._exit(code if isinstance(code, int) else 1)
            raise
        return pid

    def stop(self, graceful: bool = True) -> None:
        if self.beside:
            self.beside.end()
        super().stop(graceful)

    def murder_workers(self) -> None:
        """Called every second or more often."""
        super().murder_workers()
        if self.beside:
            self.beside.look()
            self._replace_grown(self.beside)

    def _replace_grown(self, beside: Beside) -> None:
        moment = time.monotonic()
        passed = moment - self._looked
        # One at a time: while it goes there is one more than told.
        if passed < GROWTH_SECONDS or len(self.WORKERS) != self.num_workers:
            return
        before, worked = self._spent, self._worked
        self._looked, self._spent = moment, {pid: cpu_seconds(pid) for pid in self.WORKERS}
        self._worked = {
            pid: worked[pid] if pid in worked and spent - before[pid] < RESTING_CPU * passed else moment
            for pid, spent in self._spent.items()
        }
        for pid, at in self._worked.items():
            if own_memory(pid) > (RESTING_GROWTH if moment - at >= RESTING_SECONDS else GROWTH):
                beside.read_anew()
                # The oldest goes when there is one too many.
                self.WORKERS[pid].age = 0
                self.spawn_worker()
                return


def _has_terminal() -> bool:
    try:
        with Path("/dev/tty").open():
            return True
    except OSError:
        return False


def run(app: Flask, config: Config, listener: socket.socket, beside: Beside | None = None) -> None:
    """Serves until it is told to stop; then raises SystemExit, with a code when it was something else that ended it."""

    def post_fork(keeper: Keeper, worker: Threads) -> None:
        die_with_parent()
        if beside:
            beside.leave()

    WebServer(app, {
        "bind": f"fd://{os.dup(listener.fileno())}", "worker_class": Threads, "workers": config.web_workers,
        "threads": config.web_threads, "preload_app": True, "control_socket_disable": True, "loglevel": "warning",
        "graceful_timeout": 30, "keepalive": KEEP_ALIVE, "timeout": 30,
        "post_fork": post_fork, "post_worker_init": begin, "worker_exit": worker_exit,
    }, beside).run()  # fmt: skip


class Watchdog:
    """Ends a web process in which a request runs in circles; gunicorn starts another one in its place.

    gunicorn itself notices a process that has stopped, but not a thread that never ends: it would hold one of the few
    threads and the processor for ever.
    """

    def __init__(self, app: Any, most_seconds: float = MOST_CPU_SECONDS) -> None:
        self.app = app
        self.most_seconds = most_seconds
        self._began: dict[int, float] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        thread = threading.get_ident()
        self._began[thread] = time.thread_time()
        try:
            return self.app(environ, start_response)
        finally:
            self._began.pop(thread, None)

    def hung(self) -> int | None:
        """The thread of a request that runs in circles, if there is one."""
        for thread, began in list(self._began.items()):
            try:
                spent = time.clock_gettime(time.pthread_getcpuclockid(thread)) - began
            except OSError:
                continue
            if spent > self.most_seconds and thread in self._began:
                return thread
        return None

    def watch(self, worker: Any) -> None:
        while worker.alive:
            time.sleep(LOOK_SECONDS)
            heap.let_go_of_files(dictionaries.MAPPED)
            thread = self.hung()
            if thread is None:
                continue
            frame = sys._current_frames().get(thread)
            stack = "".join(traceback.format_stack(frame)[-6:]) if frame else ""
            log.critical("a request runs in circles; this web process is replaced\n%s", stack)
            # The others in this process finish what they have begun.
            worker.alive = False
            time.sleep(FINISH_SECONDS)
            os._exit(1)


def begin(worker: Any) -> None:
    """What every web process does first."""
    gc.set_threshold(YOUNG_OBJECTS)
    database.statement_seconds = STATEMENT_SECONDS
    app = worker.wsgi
    watchdog = Watchdog(app.wsgi_app)
    app.wsgi_app = watchdog
    threading.Thread(target=watchdog.watch, args=(worker,), name="watchdog", daemon=True).start()


def post_worker_init(worker: Any) -> None:
    """For gunicorn's own command, which has made nothing ready: gets the search ready beside the first requests, so
    that nobody waits for the dictionary."""
    app = worker.wsgi

    def warm() -> None:
        with app.app_context():
            try:
                search_engine().warm()
            except (SearchError, SQLAlchemyError) as error:
                log.info("the search can't be warmed yet: %s", error)
            finally:
                db.session.remove()
        # Dictionaries and templates stay: looking through them for garbage again and again would hold up requests.
        gc.collect()
        gc.freeze()

    threading.Thread(target=warm, name="warm-search", daemon=True).start()
    begin(worker)


def worker_exit(server: Any, worker: Any) -> None:
    """Writes the readers counted in the last moments."""
    app = getattr(worker, "wsgi", None)
    if app is None:
        return
    with app.app_context():
        try:
            readings.write()
        except SQLAlchemyError:
            log.warning("readings could not be written before the end", exc_info=True)
        finally:
            db.session.remove()
