"""``flask --app wsgi serve``: everything that a site needs on one machine, ended by one signal.

The database, the content and the index are made ready first. Then the web server (gunicorn) and the worker run as
children; one that dies is started again.
"""

import contextlib
import ctypes
import fcntl
import logging
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from tori import doctor, wiring
from tori.accounts.service import DEMO_ACCOUNTS, DEMO_PASSWORD, create_demo_accounts
from tori.config import ROOT, Config
from tori.core.errors import ConfigurationError
from tori.database import db, transaction
from tori.exchange import seeding
from tori.models.deeds import Deed
from tori.search import indexing

HOST = "127.0.0.1"
LOCK_FILE = "running.lock"
START_SECONDS = 60
STOP_SECONDS = 20
STABLE_SECONDS = 10
MAX_QUICK_DEATHS = 5
POLL_SECONDS = 0.2
PR_SET_PDEATHSIG = 1


class StartError(ConfigurationError):
    """The site can't start; one sentence says why and what to do."""


def serve(app: Flask, config: Config) -> None:
    """Runs until SIGINT or SIGTERM. Raises ConfigurationError when it can't start."""
    check_port(config.port)
    with running_lock(config.instance):
        prepare(app, config)
        for sentence in doctor.missing_libraries():
            click.echo(sentence, err=True)
        Supervisor(config, [web_server(config), worker()]).run()


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


@contextlib.contextmanager
def running_lock(instance: Path) -> Iterator[None]:
    """Held while a site runs on the instance folder, so that nobody starts another or restores a backup over it."""
    with (instance / LOCK_FILE).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartError(
                f"A site runs already on {instance}: stop it first, or name another folder in TORI_INSTANCE."
            ) from error
        yield


def prepare(app: Flask, config: Config) -> None:
    """Migrations, seed content on the first start, demo accounts, an index."""
    with app.app_context():
        # Alembic tells of every start that there was nothing to do.
        logging.getLogger("alembic").setLevel(logging.WARNING)
        upgrade()
        if not seeding.is_seeded(db.session()):
            click.echo("Loading the seed content")
            seeding.seed(lambda result: click.echo(f"  {result.kind}: {result.added}"))
        if config.demo:
            with transaction() as session:
                create_demo_accounts(session)
        _make_index(config)
        db.session.remove()
        db.engine.dispose()


def _make_index(config: Config) -> None:
    engine = wiring.engine_of(config)
    session = db.session()
    if engine.status().ready or session.scalar(select(Deed.id).limit(1)) is None:
        return
    click.echo("Building the search index")
    indexing.rebuild(session, engine)


@dataclass
class Child:
    """A program that must be running. ``deaths`` counts those in a row that came soon after the start."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            cwd=ROOT,
            # A session of its own: Ctrl-C reaches this process alone, which then ends the children in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


def _die_with_parent() -> None:
    """On Linux the kernel ends a child whose parent was killed outright."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def web_server(config: Config) -> Child:
    return Child(
        "web server",
        [
            sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{config.port}", "--worker-class", "gthread",
            # The code is read once for all web processes: half the work before the first page.
            "--preload", "--workers", str(config.web_workers), "--threads", str(config.web_threads),
            "--no-control-socket", "--config", "python:tori.web_server", "--log-level", "warning",
            "--graceful-timeout", "10", "--timeout", "60", "wsgi:app",
        ],
    )  # fmt: skip


def worker() -> Child:
    return Child("worker", [sys.executable, "-m", "flask", "--app", "wsgi", "worker"])


class Supervisor:
    def __init__(self, config: Config, children: list[Child]) -> None:
        self.config = config
        self.children = children
        self.stopping = False

    def run(self) -> None:
        previous = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            for child in self.children:
                child.start()
            if self._wait_until_answers():
                _greet(self.config)
            while not self.stopping:
                self._look_after()
                time.sleep(POLL_SECONDS)
        finally:
            self._end_all()
            for number, handler in previous.items():
                signal.signal(number, handler)
        click.echo("Stopped.")

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _wait_until_answers(self) -> bool:
        until = time.monotonic() + START_SECONDS
        while not self.stopping and time.monotonic() < until:
            if answers(self.config.port):
                return True
            self._look_after()
            time.sleep(POLL_SECONDS / 2)
        if self.stopping:
            return False
        raise StartError(f"The web server did not answer in {START_SECONDS} seconds; its messages are above.")

    def _look_after(self) -> None:
        for child in self.children:
            if child.is_alive or self.stopping:
                continue
            lived = time.monotonic() - child.started
            child.deaths = child.deaths + 1 if lived < STABLE_SECONDS else 0
            if child.deaths >= MAX_QUICK_DEATHS:
                raise StartError(f"The {child.name} stops at once, again and again; its messages are above.")
            click.echo(f"The {child.name} had stopped; starting it again", err=True)
            child.start()

    def _end_all(self) -> None:
        for child in self.children:
            if child.process is not None and child.is_alive:
                child.process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()


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
    click.echo(f"\n{config.site_name} is open: http://{HOST}:{config.port}/")
    if config.demo:
        click.echo(f"Demo accounts (password {DEMO_PASSWORD}):")
        for email, display_name, _role, _organisation, _is_steward in DEMO_ACCOUNTS:
            click.echo(f"  {email:<28}{display_name}")
    click.echo("Ctrl-C stops everything.\n")
