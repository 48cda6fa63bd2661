"""From one database to another, table by table: the way from SQLite to PostgreSQL. Both must be at the same schema."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, inspect, select, text

from tori.core.errors import ToriError
from tori.models.base import Base

BATCH = 1000
Progress = Callable[[int, int], None]


class CopyError(ToriError):
    """A sentence that says why nothing was copied."""


@dataclass(frozen=True)
class Copied:
    table: str
    rows: int


def copy_database(source: Engine, target: Engine, progress: Progress = lambda done, total: None) -> list[Copied]:
    """Copies all rows into an empty, migrated database in one transaction, and counts them there. Raises CopyError."""
    tables = list(Base.metadata.sorted_tables)
    with source.connect() as reading, target.begin() as writing:
        _check(reading, writing, tables)
        counts = {table.name: reading.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
        total, done = sum(counts.values()), 0
        # Rows may name rows of their own table that come later, and PostgreSQL would mind.
        if writing.dialect.name == "postgresql":
            writing.execute(text("SET session_replication_role = replica"))
        for table in tables:
            for batch in _batches(reading, table):
                writing.execute(table.insert(), batch)
                done += len(batch)
                progress(done, total)
        if writing.dialect.name == "postgresql":
            writing.execute(text("SET session_replication_role = DEFAULT"))
            for table in tables:
                _set_sequence(writing, table)
        for table in tables:
            there = writing.scalar(select(func.count()).select_from(table))
            if there != counts[table.name]:
                raise CopyError(
                    f"{table.name} has {counts[table.name]} rows here and {there} there: nothing was copied."
                )
    return [Copied(table.name, counts[table.name]) for table in tables]


def _check(reading: Connection, writing: Connection, tables: list[Table]) -> None:
    versions = []
    for connection in (reading, writing):
        if not inspect(connection).has_table("alembic_version"):
            raise CopyError("One of the databases has no tables yet. Run on it: flask --app wsgi db upgrade")
        versions.append(connection.scalar(text("SELECT version_num FROM alembic_version")))
    if versions[0] != versions[1]:
        raise CopyError(
            f"The databases are at {versions[0]} and {versions[1]}. Run on both: flask --app wsgi db upgrade"
        )
    for table in tables:
        if writing.scalar(select(func.count()).select_from(table)):
            raise CopyError(f"The database to copy into is not empty: there are rows in {table.name}.")


def _batches(reading: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    with closing(reading.execution_options(yield_per=BATCH).execute(select(table))) as rows:
        for part in rows.mappings().partitions(BATCH):
            yield [dict(row) for row in part]


def _set_sequence(writing: Connection, table: Table) -> None:
    """New rows go on counting after those that were copied."""
    column = table.autoincrement_column
    if column is None:
        return
    names = {"table": f'"{table.name}"', "column": column.name}
    sequence = writing.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), names)
    newest = writing.scalar(select(func.max(column)))
    if sequence and newest:
        writing.execute(text("SELECT setval(:sequence, :newest)"), {"sequence": sequence, "newest": newest})
