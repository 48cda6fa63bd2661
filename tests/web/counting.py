"""Counts the statements that reach the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from tori.database import db

PAGE_BUDGET = 12


@contextmanager
def noted_queries(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """The list fills with the statements of the block and their parameters."""
    statements: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        statements.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """The list has the statements of the block when it is over, without the beginnings and ends of transactions."""
    statements: list[str] = []
    with noted_queries(app) as noted:
        yield statements
    statements[:] = [text for text, _parameters in noted if not text.startswith("BEGIN")]
