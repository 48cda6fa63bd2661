"""Migrations go up and down, and end where the models are."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, DateTime, inspect
from sqlalchemy.orm import Session

from tests.repository.test_architecture import ROOT
from tori.database import db
from tori.models.base import Base, UtcDateTime


def compare_type(context: object, inspected: object, metadata: object, stored: object, wanted: object) -> bool | None:
    if isinstance(wanted, UtcDateTime):
        return not isinstance(stored, DateTime)
    return None


def drift() -> list[object]:
    with db.engine.connect() as connection:
        options = {"compare_type": compare_type, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def test_there_is_one_line_of_migrations() -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    assert len(script.get_heads()) == 1
    numbers = sorted(revision.revision for revision in script.walk_revisions())
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_the_models_are_what_the_migrations_make(session: Session) -> None:
    session.rollback()
    assert drift() == []


def test_every_migration_goes_down_and_up_again(app: Flask, session: Session) -> None:
    session.rollback()
    db.session.remove()
    revisions = [revision.revision for revision in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
    for target in [*revisions[1:], "base"]:
        downgrade(revision=target)
    with db.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    for target in reversed(revisions):
        upgrade(revision=target)
    assert drift() == []


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_foreign_keys_are_indexed_or_few(table: object) -> None:
    """A missing index makes every removal of the other row read the whole table."""
    large = {"deed", "adoption", "comment", "notification", "deed_revision", "membership"}
    if table.name not in large:  # type: ignore[attr-defined]
        return
    leading = {next(iter(index.columns)).name for index in table.indexes}  # type: ignore[attr-defined]
    leading |= {
        next(iter(constraint.columns)).name
        for constraint in table.constraints  # type: ignore[attr-defined]
        if len(list(constraint.columns)) > 0
        and type(constraint).__name__ in ("UniqueConstraint", "PrimaryKeyConstraint")
    }
    key: Column[object]
    for key in table.columns:  # type: ignore[attr-defined]
        if key.foreign_keys and key.name in ("deed_id", "organisation_id", "sector_id", "user_id") and not key.nullable:
            assert key.name in leading, f"{table.name}.{key.name}"  # type: ignore[attr-defined]
