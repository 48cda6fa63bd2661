"""A migrated database and an application for every test; PostgreSQL instead of SQLite when TEST_DATABASE_URL is set."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from tests.factories import Factory
from tori import create_app, wiring
from tori.config import load_config
from tori.database import db
from tori.models.base import Base
from tori.models.people import User
from tori.notifications import audit
from tori.upgrades import upgrade

PASSWORD = "tuulinen torstai torilla"


# Most of the time of an ordinary test went into what is the same for each: the rules of all addresses and the SQL of
# all statements. Both are made once in each process of a run.

_compile = Rule.compile
_rules: dict[tuple[object, ...], Rule] = {}


def _compile_once(rule: Rule) -> None:
    """What a rule is compiled to depends on what is in the key alone."""
    assert rule.map is not None
    key = (rule.rule, rule.subdomain, rule.host, rule.map.host_matching, rule.merge_slashes, repr(rule.defaults),
           tuple(rule.map.converters.items()))  # fmt: skip
    if key in _rules:
        like = _rules[key]
        rule._parts, rule._trace, rule._converters = like._parts, like._trace, like._converters
        rule.arguments = set(like.arguments)
        for name in ("_build", "_build_unknown"):
            setattr(rule, name, getattr(like, name).__func__.__get__(rule))
    else:
        _compile(rule)
        _rules[key] = rule


Rule.compile = _compile_once  # type: ignore[method-assign]

_statements = LRUCache[Any, Any](4000)
"""Compiled, for all databases of a run: they are of one kind."""
DefaultDialect.__eq__ = lambda dialect, other: type(dialect) is type(other)  # type: ignore[method-assign,assignment]
DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))  # type: ignore[method-assign]


def pytest_configure(config: pytest.Config) -> None:
    """Databases of tests live in memory where the system offers it: they commit thousands of times."""
    memory = Path("/dev/shm")
    if config.option.basetemp is None and not hasattr(config, "workerinput") and os.access(memory, os.W_OK):
        config.option.basetemp = memory / f"tori-tests-{os.getpid()}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.option.basetemp and not hasattr(config, "workerinput"):
        shutil.rmtree(config.option.basetemp, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first, or one process of the run would wait for it at the end."""
    items.sort(key=lambda item: "tests/truth/" not in item.nodeid)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays to the end: looking through it for garbage at each test takes a tenth of the time.
    Looking through what tests leave as often as Python does by itself takes another."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000)


def database_of_worker(url: str) -> str:
    """A database of its own for every process of the tests, made when it is missing. Empty for SQLite."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not url or not worker:
        return url
    address = make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))
    name = f"{address.database}_{worker}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return address.set(database=name).render_as_string(hide_password=False)


TEST_DATABASE_URL = database_of_worker(os.environ.get("TEST_DATABASE_URL", ""))


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty, migrated database (or, on PostgreSQL, just a folder)."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(load_config({}, instance=folder, database_url=TEST_DATABASE_URL, secret_key="test"))
    with app.app_context():
        if TEST_DATABASE_URL:
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        upgrade()
        db.engine.dispose()
    return folder


@pytest.fixture
def instance(migrated: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    if not TEST_DATABASE_URL:
        shutil.copy(migrated / "tori.sqlite3", folder / "tori.sqlite3")
    return folder


class SeparateRequests(FlaskClient):
    """Requests with a ``g`` of their own, as in life: a test that holds an application context would lend them its own,
    and with it the person and the token of the request before."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        def call() -> Any:
            _cv_app.set(None)  # type: ignore[arg-type]
            return FlaskClient.open(self, *args, **kwargs)

        return copy_context().run(call)


MakeApp = Callable[..., Flask]


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of the tests share, so that each template is compiled once."""
    folder = shared_folder(tmp_path_factory) / "templates"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def make_app(instance: Path, compiled_templates: Path) -> Iterator[MakeApp]:
    """``make_app(base_url="https://…")``: an application with other settings on the test's database."""
    made: list[Flask] = []

    def build(**settings: Any) -> Flask:
        basis: dict[str, Any] = {"instance": instance, "database_url": TEST_DATABASE_URL, "secret_key": "test",
                                  "page_cache_mb": 0, "stored_pages_mb": 0, "staff_second_factor": False}  # fmt: skip
        app = create_app(load_config({}, **{**basis, **settings}))
        app.testing = True
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled_templates))
        app.test_client_class = SeparateRequests
        with app.app_context():
            db.engine.update_execution_options(compiled_cache=_statements)
        made.append(app)
        return app

    yield build
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    # What a process keeps for its one site would hold those of all tests, and be looked through for garbage each time.
    wiring._engines.clear()


def _used_tables() -> list[str]:
    """Those that have rows or have given out numbers: emptying all hundred of them takes longer than most tests."""
    tables = {table.name: f'"{table.name}"' for table in Base.metadata.sorted_tables}
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {it})" for name, it in tables.items())
    counted = "SELECT regexp_replace(sequencename, '_id_seq$', '') FROM pg_sequences WHERE last_value IS NOT NULL"
    return sorted(tables[name] for name in db.session.scalars(text(f"{filled} UNION {counted}")) if name in tables)


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The application on its own empty database. The name of the server is 127.0.0.1."""
    app = make_app(development=True)
    if TEST_DATABASE_URL:
        with app.app_context():
            if used := _used_tables():
                db.session.execute(text(f"TRUNCATE {', '.join(used)} RESTART IDENTITY CASCADE"))
            db.session.commit()
            db.session.remove()
    return app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database session inside an application context, where no earlier test says where a change comes from."""
    with app.app_context(), audit.acting_from(""):
        session = db.session()
        yield session
        # A command in the same context has taken it out of the registry, so nobody else would end its transaction.
        session.close()


@pytest.fixture
def make(session: Session) -> Factory:
    """Makes rows with sensible values: ``make.deed(title="…")``. Everything is committed."""
    return Factory(session)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Browser:
    """A client that reads tokens from forms and can sign in; ``post`` adds the CSRF token of the session by itself."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.get = self.client.get

    def token(self) -> str:
        """The CSRF token of this browser's session, taken from the sign-in page or the own page."""
        import re

        for path in ("/oma/tiedot", "/kirjaudu"):
            page = self.client.get(path)
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
            if page.status_code == 200 and found:
                return found[1]
        raise AssertionError("no page gave a token")

    def post(self, path: str, data: dict[str, object] | None = None, **kwargs: object):  # type: ignore[no-untyped-def]
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **kwargs)  # type: ignore[arg-type]

    def seen(self, path: str) -> dict[str, str]:
        """The marks in the forms of a page, of what they were filled from (``tori/edge/seen.py``)."""
        import re

        inputs = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", self.get(path).text)
        pairs = [(re.search(r'name="([^"]*)"', found), re.search(r'value="([^"]*)"', found)) for found in inputs]
        return {name[1]: value[1] for name, value in pairs if name and value and "seen" in name[1]}

    def edit(self, path: str, data: dict[str, object], page: str = ""):  # type: ignore[no-untyped-def]
        """Opens the page of a form and sends it changed."""
        return self.post(path, {**self.seen(page or path), **data})

    def sign_in(self, user: User, password: str = PASSWORD) -> "Browser":
        answer = self.post("/kirjaudu", {"email": user.email, "password": password})
        assert answer.status_code == 303, answer.text
        return self


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)
