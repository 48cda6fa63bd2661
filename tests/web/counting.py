"""Counts the statements that reach the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from tori.database import db

PAGE_BUDGET = 12


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """The list fills with the statements of the block, without the beginnings and ends of transactions."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
        statements[:] = [text for text in statements if not text.startswith("BEGIN")]
