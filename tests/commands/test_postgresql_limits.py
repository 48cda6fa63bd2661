"""What a connection to PostgreSQL may take: bounded pools, statements and waits."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from tests.conftest import TEST_DATABASE_URL, MakeApp
from tori import database
from tori.config import Config
from tori.database import db

pytestmark = pytest.mark.skipif(not TEST_DATABASE_URL, reason="TEST_DATABASE_URL is not PostgreSQL")


def test_a_web_process_gives_up_what_takes_too_long(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app()
    # As in a web process, which sets it after the application has been made.
    monkeypatch.setattr(database, "statement_seconds", 1)
    with app.app_context():
        found = {
            name: db.session.scalar(text(f"SHOW {name}"))
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        }
        assert found == {
            "statement_timeout": "1s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "2min",
        }  # fmt: skip
        with pytest.raises(OperationalError, match="statement timeout"):
            db.session.execute(text("SELECT pg_sleep(5)"))
        db.session.rollback()


def test_the_pool_is_bounded_and_notices_cut_connections(app: Flask) -> None:
    config: Config = app.extensions["tori"]
    with app.app_context():
        pool = db.engine.pool
        assert isinstance(pool, QueuePool)
        assert pool.size() == config.web_threads + 1
        number = db.session.scalar(text("SELECT pg_backend_pid()"))
        db.session.remove()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            same = other.scalar(text("SELECT pg_backend_pid()"))
            with db.engine.connect() as second:
                second.scalar(text("SELECT pg_terminate_backend(:number)"), {"number": same})
        assert number == same
        assert db.session.scalar(text("SELECT 1")) == 1
