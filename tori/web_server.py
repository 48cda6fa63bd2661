"""gunicorn as ``serve`` starts it, and its settings that are code: what a web process does when it has started, and
before it ends."""

import gc
import logging
import os
import signal
import sys
import threading
import time
import traceback
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers import gthread
from sqlalchemy.exc import SQLAlchemyError

from tori import database
from tori.config import Config
from tori.database import db
from tori.deeds import readings
from tori.edge.engine import search_engine
from tori.search.port import SearchError

log = logging.getLogger(__name__)

MOST_CPU_SECONDS = 20.0
"""No page needs so much; a thread that has spent it in one request will never answer."""

LOOK_SECONDS = 2.0
FINISH_SECONDS = 3.0
LARGE_SITE = 2_000
"""From so many deeds on it pays to hold what the search needs in memory once for all web processes."""
READ_AFTER_SECONDS = 2.0
database.statement_seconds = 15

# How long a thread waits for the first word of a new connection before it hands the waiting to the poller. gunicorn's
# five seconds let a few dozen connections that say nothing hold every thread.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.05


class WebServer(BaseApplication):  # type: ignore[misc]
    """gunicorn around an application that is there already; its web processes are forked from this one."""

    def __init__(self, app: Flask, settings: dict[str, Any]) -> None:
        self.app = app
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def run(app: Flask, config: Config, address: str) -> None:
    """Serves until it is told to stop."""
    WebServer(app, {
        "bind": address, "worker_class": "gthread", "workers": config.web_workers, "threads": config.web_threads,
        "preload_app": True, "control_socket_disable": True, "loglevel": "warning", "graceful_timeout": 30,
        "keepalive": 5, "timeout": 30, "when_ready": when_ready,
        "post_worker_init": post_worker_init, "worker_exit": worker_exit,
    }).run()  # fmt: skip


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


def _warm(app: Flask) -> int:
    """Gets the search ready. Returns of how many deeds; 0 when there is no index."""
    with app.app_context():
        try:
            engine = search_engine()
            engine.warm()
            return engine.status().documents
        except (SearchError, SQLAlchemyError) as error:
            log.info("the search can't be warmed yet: %s", error)
            return 0
        finally:
            db.session.remove()


def when_ready(arbiter: Any) -> None:
    """On a large site: answers first, then reads what the search needs once, and starts the web processes again from
    here, so that they hold it in memory together. No request fails by that."""
    app: Flask | None = getattr(arbiter.app, "app", None)
    if app is None:
        # gunicorn was started by its own command: it holds no application from which web processes could begin.
        return

    def read() -> None:
        if _warm(app) < LARGE_SITE:
            return
        with app.app_context():
            db.engine.dispose()
        gc.collect()
        gc.freeze()
        os.kill(os.getpid(), signal.SIGHUP)

    def begin(number: int, frame: FrameType | None) -> None:
        # The thread ends before this process forks again: what it has open is closed with it.
        thread = threading.Thread(target=read, name="read-once")
        thread.start()
        thread.join()

    # Not in a thread beside: a web process that is forked meanwhile would find its locks held for ever.
    signal.signal(signal.SIGALRM, begin)
    signal.setitimer(signal.ITIMER_REAL, READ_AFTER_SECONDS)


def post_worker_init(worker: Any) -> None:
    """Gets the search ready beside the first requests, so that nobody waits for the dictionary."""
    app = worker.wsgi

    def warm() -> None:
        _warm(app)
        # Dictionaries and templates stay: looking through them for garbage again and again would hold up requests.
        gc.collect()
        gc.freeze()

    threading.Thread(target=warm, name="warm-search", daemon=True).start()
    watchdog = Watchdog(app.wsgi_app)
    app.wsgi_app = watchdog
    threading.Thread(target=watchdog.watch, args=(worker,), name="watchdog", daemon=True).start()


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
