"""``flask --app wsgi serve``: everything that a site needs on one machine, ended by one signal.

The database, the content and the index are made ready first, by a child that ends with it. Then this process
keeps the web processes, with gunicorn's code, and the worker beside them; one that dies is started again. All of them
are forked from it, and it has read the code, the index and a page of each kind (``ahead.py``): they hold that once.

That takes some seconds, and nobody should wait for them: a first web server answers meanwhile. It holds the same
socket, so no request is lost when the others take over from it.
"""

import contextlib
import logging
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import FrameType
from typing import TextIO

import click
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tori import ahead, backup, doctor, heap, upgrades, upkeep, web_server, wiring
from tori.accounts.service import DEMO_ACCOUNTS, DEMO_PASSWORD, create_demo_accounts
from tori.config import Config
from tori.core.errors import ToriError
from tori.database import db, quick_rows, transaction
from tori.edge import metrics
from tori.exchange import seeding
from tori.models.deeds import Deed
from tori.running import MEGABYTE, RENEWED, StartError, call_itself, children_of, die_with_parent, running_lock
from tori.search import indexing

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 35
STABLE_SECONDS = 10
MAX_QUICK_DEATHS = 5
POLL_SECONDS = 0.2
BACKLOG = 2048
GROWTH, GROWTH_PER_DEED = 16 * MEGABYTE, 300
"""A worker that holds so much for itself is started again. Most are copies of what it shares, for Python writes into
what it reads: one that looks whether anything is due holds 9 megabytes, and a limit below that would start it again for
ever; one that has done something holds 20 to 40."""
WEB = "tori-web"
ENDING = (signal.SIGINT, signal.SIGTERM)

forking = multiprocessing.get_context("fork")


def say(text: str, err: bool = False) -> None:
    """To the terminal or the log. That this can't be written, on a full disk for example, must stop nothing."""
    with contextlib.suppress(OSError):
        click.echo(text, err=err)


def serve(app: Flask, config: Config) -> None:
    """Runs until SIGINT or SIGTERM. Raises ConfigurationError when it can't start."""
    check_port(config.port)
    with running_lock(config.instance) as lock:
        heap.keep_small()
        apart(lambda: prepare(app, config))
        count_requests(config)
        metrics.init_metrics(app)
        with listen(config.port) as listener:
            first = Child("web server", lambda: web_server.run(app, config, listener), "tori-first", lock.close)
            # The lock is gone as soon as this process is, even if a child should outlive it.
            worker = Child(
                "worker",
                lambda: run_worker(app, config, starts_again=True),
                "tori-worker",
                lambda: close_all(lock, listener),
            )
            Supervisor(app, config, listener, first, [worker], lock.close).run()


def close_all(*handles: TextIO | socket.socket) -> None:
    for handle in handles:
        handle.close()


def listen(port: int) -> socket.socket:
    """What all web servers of this command answer on, one after another and at once."""
    try:
        return socket.create_server((HOST, port), backlog=BACKLOG)
    except OSError as error:
        raise StartError(f"Port {port} could not be opened: {error.strerror}.") from error


def make_ready(app: Flask, config: Config) -> None:
    # Counting the words of the index takes memory that this process would never give back.
    with contextlib.suppress(StartError):
        apart(lambda: ahead.lay_words(app, config))
    ahead.read_words(app, config)
    ahead.make_ready(app, config)
    ahead.save_memory()


def run_worker(app: Flask, config: Config, *, starts_again: bool = False) -> None:
    """Runs until it is told to stop; tells the figures of the site meanwhile, when somebody wants to know.

    With ``starts_again`` it ends when it has grown: somebody starts it again, small.
    """
    worker = wiring.make_worker(app)
    if starts_again:
        worker.most_bytes = GROWTH + GROWTH_PER_DEED * _deeds(app)
        keeper = os.getppid()
        worker.readers = lambda: children_of(keeper, WEB)
    close = metrics.tell(config, lambda: wiring.figures(app, config)) if config.metrics_port else lambda: None
    try:
        worker.run_forever()
    finally:
        close()
    if worker.is_renewed:
        sys.exit(RENEWED)


def _deeds(app: Flask) -> int:
    """Roughly; 0 where that can't be told now."""
    with app.app_context(), contextlib.suppress(SQLAlchemyError):
        ((count,),) = quick_rows(db.engine, "SELECT count(*) FROM deed")
        return int(count)
    return 0


def apart(work: Callable[[], object]) -> None:
    """Does the work in a child that ends with it: what it has loaded is not kept.

    Raises StartError with the words of what went wrong.
    """
    hears, tells = forking.Pipe(duplex=False)
    process = forking.Process(target=_do_and_tell, args=(work, tells))
    process.start()
    tells.close()
    try:
        with contextlib.suppress(EOFError):
            raise StartError(hears.recv())
        process.join()
    finally:
        hears.close()
    if process.exitcode:
        raise StartError("The site could not be made ready; the messages are above.")


def _do_and_tell(work: Callable[[], object], tells: Connection) -> None:
    die_with_parent()
    try:
        work()
    except DBAPIError as error:
        tells.send(f"The database does not answer: {str(error.orig).strip()}")
    except (ToriError, seeding.SeedError, OSError) as error:
        tells.send(str(error))
    except KeyboardInterrupt:
        sys.exit(1)


def count_requests(config: Config) -> None:
    """Gives the web processes a fresh folder for what they count, when somebody wants to know."""
    if config.metrics_port:
        folder = config.instance / metrics.FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        os.environ[metrics.VARIABLE] = str(folder)


def check_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise StartError(f"Port {port} needs more rights: choose another with PORT=8000 make run") from error
        except OSError as error:
            other = port + 1 if port < 65535 else 8001
            raise StartError(f"Port {port} is taken: choose another with PORT={other} make run") from error


def prepare(app: Flask, config: Config) -> None:
    """Migrations, seed content on the first start, demo accounts, an index; tells what is missing."""
    refuse_damage(config)
    with app.app_context():
        # Alembic tells of every start that there was nothing to do.
        logging.getLogger("alembic").setLevel(logging.WARNING)
        copy_before_upgrade(config)
        upgrades.upgrade()
        present, missing = upkeep.missing_changes(config, db.session())
        if missing:
            say(
                f"The newest change in the database is {present}, and {missing} later ones are missing: "
                "was the database copied without its -wal file? Restore a backup, or go on without them.",
                err=True,
            )
        if not seeding.is_seeded(db.session()):
            say("Loading the seed content")
            seeding.seed(lambda result: say(f"  {result.kind}: {result.added}"))
        if config.demo:
            with transaction() as session:
                create_demo_accounts(session)
        _make_index(config)
        db.session.remove()
        db.engine.dispose()
    for sentence in doctor.missing_libraries():
        say(sentence, err=True)


def refuse_damage(config: Config) -> None:
    """Raises StartError when the database file is damaged: going on would only spread it."""
    if config.is_postgresql:
        return
    path = Path(config.database.removeprefix("sqlite:///"))
    if damage := upkeep.damage_of(path):
        raise StartError(
            f"The database {path} is damaged ({damage}): restore the newest backup with "
            "flask --app wsgi backup restore FILE"
        )


def copy_before_upgrade(config: Config) -> Path | None:
    """A copy of the database beside it before its tables are changed. Returns its path; None when nothing changes."""
    present = upgrades.present_revision()
    path = Path(config.database.removeprefix("sqlite:///"))
    if config.is_postgresql or present is None or present == upgrades.newest_revision():
        return None
    folder = config.instance / backup.BACKUPS
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"before-upgrade-from-{present}.sqlite3"
    backup.copy_database(path, target)
    say(f"The database as it was before the upgrade is in {target}")
    return target


def _make_index(config: Config) -> None:
    engine = wiring.engine_of(config)
    session = db.session()
    if engine.problem() is None or session.scalar(select(Deed.id).limit(1)) is None:
        return
    say("Building the search index")
    indexing.rebuild(session, engine)


@dataclass
class Child:
    """A part that must be running, forked from this process. ``deaths`` counts those in a row that came soon after the
    start. ``title`` is what ``ps`` calls it."""

    name: str
    run: Callable[[], None]
    title: str
    closes: Callable[[], None] = lambda: None
    process: ForkProcess | None = None
    started: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = forking.Process(target=self._live)
        # A signal that comes before the child has its own handlers waits.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    def _live(self) -> None:
        # A session of its own: Ctrl-C reaches the parent alone, which then ends the children in order.
        os.setsid()
        die_with_parent()
        call_itself(self.title)
        for number in {*ENDING, *web_server.SIGNALS}:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        self.closes()
        # Nothing of the command that forked it: neither its language nor its application context.
        Context().run(self.run)

    @property
    def is_alive(self) -> bool:
        if self.process is None or not self.process.is_alive():
            return False
        try:
            # gunicorn may have been told of its end in between.
            os.kill(self.process.pid or 0, 0)
        except ProcessLookupError:
            return False
        return True

    @property
    def has_ended_well(self) -> bool:
        """It went by itself to be started anew, as small as it was in the beginning."""
        return self.process is not None and self.process.exitcode == RENEWED


class Supervisor:
    """Starts the parts of the site and keeps them running: the web processes by gunicorn, the other children itself.

    ``first`` answers while this process reads what the others are to begin with. ``leave`` closes, in a new web
    process, what is not for it.
    """

    def __init__(
        self,
        app: Flask,
        config: Config,
        listener: socket.socket,
        first: Child,
        others: list[Child],
        leave: Callable[[], None] = lambda: None,
    ) -> None:
        self.app = app
        self.config = config
        self.listener = listener
        self.first = first
        self.others = others
        self._leave = leave
        self.is_open = False
        self.stopping = False
        self.failure: StartError | None = None

    def run(self) -> None:
        """Until a signal comes. Raises StartError when a part can't be kept running."""
        previous = {number: signal.getsignal(number) for number in {*ENDING, *web_server.SIGNALS}}
        for number in ENDING:
            signal.signal(number, self._stop)
        try:
            self._open()
            if not self.stopping:
                self._keep()
        finally:
            self._end_all()
            for number, handler in previous.items():
                signal.signal(number, handler)
        say("Stopped.")

    def _open(self) -> None:
        self.first.start()
        self._wait_until_answers()
        if not self.stopping:
            make_ready(self.app, self.config)

    def _keep(self) -> None:
        try:
            # Web processes get nothing of the command either.
            Context().run(web_server.run, self.app, self.config, self.listener, self)
        except SystemExit as end:
            if self.failure:
                raise self.failure from None
            if end.code:
                raise StartError("The web server can't run; its messages are above.") from None

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _wait_until_answers(self) -> None:
        until = time.monotonic() + START_SECONDS
        while not self.stopping and not answers(self.config.port):
            if time.monotonic() > until:
                raise StartError(f"The web server did not answer in {START_SECONDS} seconds; its messages are above.")
            self._look_after(self.first)
            time.sleep(POLL_SECONDS)

    def read_anew(self) -> None:
        ahead.read_index(self.app, self.config)

    def look(self) -> None:
        if self.stopping:
            raise StopIteration
        if not self.is_open:
            self.is_open = True
            self._take_over()
            _greet(self.config)
        if self.first.is_alive:
            # The worker begins with what waits, and would hold that beside both web servers.
            return
        try:
            for child in self.others:
                self._look_after(child)
        except StartError as failure:
            self.failure = failure
            raise StopIteration from failure

    def notice(self) -> None:
        for child in self._children():
            if child.process is not None:
                child.process.is_alive()

    def end(self) -> None:
        self.stopping = True
        for child in self._children():
            if child.process is not None and child.is_alive:
                child.process.terminate()

    def leave(self) -> None:
        os.setsid()
        call_itself(WEB)
        self._leave()

    def _children(self) -> list[Child]:
        return [*self.others, self.first]

    def _take_over(self) -> None:
        """The first web server finishes what it has begun and goes; what comes meanwhile is for the others."""
        if self.first.process is not None:
            self.first.process.terminate()

    def _look_after(self, child: Child) -> None:
        if child.is_alive or self.stopping:
            return
        if child.process is None or child.has_ended_well:
            child.start()
            return
        lived = time.monotonic() - child.started
        child.deaths = child.deaths + 1 if lived < STABLE_SECONDS else 0
        if child.deaths >= MAX_QUICK_DEATHS:
            raise StartError(f"The {child.name} stops at once, again and again; its messages are above.")
        say(f"The {child.name} had stopped; starting it again", err=True)
        child.start()

    def _end_all(self) -> None:
        self.end()
        until = time.monotonic() + STOP_SECONDS
        for child in self._children():
            if child.process is None:
                continue
            child.process.join(max(0.1, until - time.monotonic()))
            if child.is_alive:
                child.process.kill()
                child.process.join()


def answers(port: int) -> bool:
    """Whether a web server answers there, whatever it says."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _greet(config: Config) -> None:
    say(f"\n{config.site_name} is open: http://{HOST}:{config.port}/")
    if config.demo:
        say(f"Demo accounts (password {DEMO_PASSWORD}):")
        for email, display_name, _role, _organisation, _is_steward in DEMO_ACCOUNTS:
            say(f"  {email:<28}{display_name}")
    say("Ctrl-C stops everything.\n")
