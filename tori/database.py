"""The database handle and the only function that commits."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BindParameter, ClauseElement, Connection, Date, Dialect, Engine, Select, bindparam, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.models.base import Base, UtcDateTime

BUSY_TIMEOUT_MS = 5_000
CACHE_KB = 400
CHECKPOINT_WAIT_MS = 200
CONNECT_SECONDS = 5
IDLE_IN_TRANSACTION_SECONDS = 120

statement_seconds = 0
"""PostgreSQL gives up a statement after so long; 0: never. Web processes set it (``tori/web_server.py``)."""

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

FINISHERS: list[Callable[[Session], object]] = []
"""What is done at the end of every change, before it is committed and as a part of it."""

GUARDS: list[Callable[[], object]] = []
"""Asked before every change; raises what forbids it."""

AFTERWARDS: list[Callable[[], object]] = []
"""Called when a change has been committed."""

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def engine_options(url: str, pool: int) -> dict[str, Any]:
    """Of PostgreSQL: a bounded pool that notices connections which a restart has cut."""
    if not url.startswith("postgresql"):
        return {}
    return {
        "pool_size": pool, "max_overflow": pool, "pool_timeout": CONNECT_SECONDS, "pool_recycle": 1800,
        "pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_SECONDS},
    }  # fmt: skip


def init_database(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _listen_to_sqlite(db.engine)
        else:
            _limit_postgresql(db.engine)


def _limit_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def limit(dialect: Any, record: Any, arguments: Any, settings: dict[str, Any]) -> None:
        # Here, not among the settings of the engine: a web process gets its own limit after it has been forked.
        limits = {
            "statement_timeout": statement_seconds * 1000,
            "lock_timeout": BUSY_TIMEOUT_MS,
            "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_SECONDS * 1000,
        }
        settings["options"] = " ".join(f"-c {name}={value}" for name, value in limits.items())


def _listen_to_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, record: Any) -> None:
        # SQLAlchemy must not let the driver begin transactions by itself: it would begin them deferred.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # The worker alone takes the log into the file (``checkpoint``): two that do it at once while somebody writes
        # could damage the database before SQLite 3.51.3.
        cursor.execute("PRAGMA wal_autocheckpoint = 0")
        cursor.execute("PRAGMA mmap_size = 0")
        # For each thread of each process; the system keeps the file in its own memory.
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A read that turns into a write fails at once with "database is locked" when somebody else has written
        # in between; a transaction that takes the write lock at its start waits for its turn instead.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def checkpoint(engine: Engine) -> int:
    """Takes the write-ahead log of SQLite into the database file. Returns how many pages are still left in it.

    TRUNCATE holds the write lock while it waits for readers, so it waits a moment only and tries again next time.
    """
    if engine.dialect.name != "sqlite":
        return 0
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_WAIT_MS}")
        busy, log, moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            busy, log, moved = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.close()
        return max(0, int(log) - int(moved))
    finally:
        connection.close()


def quick_rows(engine: Engine, statement: str, values: Sequence[Any] = ()) -> Sequence[Any]:
    """The rows of a statement, past everything that a session does: for what is asked at every reading of a page.

    A ``?`` stands for each of the values.
    Raises OperationalError when the database does not answer.
    """
    try:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(_in_style(engine, statement), values)
            rows: Sequence[Any] = cursor.fetchall()
            return rows
        finally:
            connection.close()
    except engine.dialect.loaded_dbapi.Error as error:
        raise OperationalError(statement, None, error) from error


def present_rows(session: Session, statement: str, values: Sequence[Any] = ()) -> Sequence[Any]:
    """As ``quick_rows``, but where the session is in a transaction, of that: it may see an older state."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    if session.in_transaction():
        return session_rows(session, statement, values)
    return quick_rows(engine, statement, values)


def session_rows(session: Session, statement: str, values: Sequence[Any] = ()) -> Sequence[Any]:
    """As ``quick_rows``, but of the transaction of the session, which it begins where there is none."""
    connection = session.connection()
    return connection.exec_driver_sql(_in_style(connection.engine, statement), tuple(values)).all()


def _in_style(engine: Engine, statement: str) -> str:
    return statement if engine.dialect.paramstyle == "qmark" else statement.replace("?", "%s")


NOW, TODAY = bindparam("now", type_=UtcDateTime()), bindparam("today", type_=Date())
"""The moment and the day at which a prepared statement is asked."""

PREPARED: list["Prepared"] = []


class Prepared:
    """A statement that is compiled once, for what is asked all the time: past everything that SQLAlchemy does for each
    statement, whose objects a process that does nothing else would copy from those that it shares with others.

    Values are given by the names of its parameters. A list of values (``in_``) is not among what it can do.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[Callable[[Mapping[str, Any]], Any]]]] = {}
        PREPARED.append(self)

    def prepare(self, engine: Engine) -> tuple[str, list[Callable[[Mapping[str, Any]], Any]]]:
        """The words, and what puts a value in each of their places."""
        name = engine.dialect.name
        if name not in self._compiled:
            kind: Any = type(engine.dialect)
            dialect = kind(paramstyle="qmark")
            compiled: Any = self._statement.compile(dialect=dialect)
            places = [_place(compiled.binds[key], dialect) for key in compiled.positiontup or ()]
            self._compiled[name] = str(compiled), places
        return self._compiled[name]

    def rows(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """As they are now, whatever a session has read."""
        words, places = self.prepare(db.engine)
        return quick_rows(db.engine, words, [place(values) for place in places])

    def change(self, session: Session, values: Mapping[str, Any]) -> int:
        """Returns how many rows were changed."""
        connection = session.connection()
        words, places = self.prepare(connection.engine)
        row_values = tuple(place(values) for place in places)
        return connection.exec_driver_sql(_in_style(connection.engine, words), row_values).rowcount


def _place(parameter: BindParameter[Any], dialect: Dialect) -> Callable[[Mapping[str, Any]], Any]:
    kind: Any = parameter.type.dialect_impl(dialect)
    process = kind.bind_processor(dialect) or (lambda value: value)
    if parameter.required:
        return lambda values: process(values[parameter.key])
    fixed = process(parameter.value)
    return lambda values: fixed


class Due:
    """Whether a statement finds something that is due; asked before a queue is worked off."""

    def __init__(
        self, statement: Select[Any], values: Callable[[Config], Mapping[str, Any]] = lambda config: moment()
    ) -> None:
        self._prepared, self._values = Prepared(statement.limit(1)), values

    def __call__(self, config: Config) -> bool:
        return bool(self._prepared.rows(self._values(config)))


def moment() -> Mapping[str, Any]:
    """Values for ``NOW`` and ``TODAY``."""
    return {"now": clock.now(), "today": clock.today()}


def insert_of(session: Session) -> Callable[[Any], postgresql.Insert]:
    """The ``insert`` that knows ``on_conflict``; SQLite's has it with the same words."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert if is_postgresql else cast(Callable[[Any], postgresql.Insert], sqlite.insert)


def is_writing() -> bool:
    """Whether this is inside a change."""
    return _writing.get()


@contextmanager
def transaction() -> Iterator[Session]:
    """A change: everything in it is committed together, or nothing is.

    What was read before is read anew under the write lock. A transaction inside another joins it.
    """
    session: Session = db.session()
    if _writing.get():
        yield session
        return
    for guard in GUARDS:
        guard()
    session.rollback()
    token = _writing.set(True)
    try:
        yield session
        for finish in FINISHERS:
            finish(session)
        session.commit()
        for after in AFTERWARDS:
            after()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)
