"""Questions to the database that take long are written to the log: the statement and its time, never its values."""

import logging
import time
from typing import Any

from flask import Flask, has_request_context, request
from sqlalchemy import Engine, event

from tori.config import Config
from tori.database import db

log = logging.getLogger("tori.slow_query")

MOST_LETTERS = 600


def init_slow_queries(app: Flask, config: Config) -> None:
    if config.slow_query_ms:
        with app.app_context():
            listen(db.engine, config.slow_query_ms / 1000)


def listen(engine: Engine, limit: float) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def begin(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        context._tori_began = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        took = time.perf_counter() - context._tori_began
        if took >= limit:
            where = request.endpoint if has_request_context() else "worker or command"
            log.warning("%d ms in %s: %s", took * 1000, where, " ".join(statement.split())[:MOST_LETTERS])
