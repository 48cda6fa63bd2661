"""The database handle and the only function that commits."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from tori.config import Config
from tori.models.base import Base

BUSY_TIMEOUT_MS = 5_000
POOL_SECONDS = 5
CONNECT_SECONDS = 5
RECYCLE_SECONDS = 1_800
IDLE_MS = 300_000
"""A transaction that a stuck process holds open ends after so long, and with it the locks that others wait for."""

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

FINISHERS: list[Callable[[Session], object]] = []
"""What is done at the end of every change, before it is committed and as a part of it."""

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def engine_options(config: Config) -> dict[str, Any]:
    """How the engine treats its connections. SQLite opens them itself."""
    if not config.is_postgresql:
        return {}
    milliseconds = config.statement_seconds * 1000
    return {
        "pool_size": config.database_pool,
        "max_overflow": config.database_pool,
        "pool_timeout": POOL_SECONDS,
        # A server that was started anew costs one reconnection, not one error for each connection.
        "pool_pre_ping": True,
        "pool_recycle": RECYCLE_SECONDS,
        "connect_args": {
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout={IDLE_MS}",
        },
    }


def init_database(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _listen_to_sqlite(db.engine)


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
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A read that turns into a write fails at once with "database is locked" when somebody else has written
        # in between; a transaction that takes the write lock at its start waits for its turn instead.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


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
    session.rollback()
    token = _writing.set(True)
    try:
        yield session
        for finish in FINISHERS:
            finish(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)
