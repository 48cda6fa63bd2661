"""A deed is read by its own rows alone, however many others there are."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL
from tests.factories import Factory
from tori.deeds.queries import get_deed
from tori.policy import ANONYMOUS


@contextmanager
def asked(session: Session) -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    statements: list[tuple[str, tuple[object, ...]]] = []

    def note(connection: object, cursor: object, statement: str, parameters: tuple[object, ...], *rest: object) -> None:
        statements.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="the plan of SQLite, which joined whole tables")
def test_no_table_is_gone_through_to_read_one_deed(session: Session, make: Factory) -> None:
    deed_id = make.deed().id
    with asked(session) as statements:
        session.expire_all()
        get_deed(session, ANONYMOUS, deed_id)
    statement, parameters = next((one, bound) for one, bound in statements if "deed_theme" in one)
    plan = [
        row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    ]
    scans = [step for step in plan if step.startswith("SCAN") and "(join-" not in step]
    assert plan
    assert scans == []
    assert session.scalar(text("SELECT count(*) FROM deed")) == 1
