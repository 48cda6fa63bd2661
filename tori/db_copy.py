"""Moves a site from one database to another, as from SQLite to PostgreSQL: every row, in one transaction, counted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, bindparam, create_engine, func, insert, inspect, select, text

from tori.core.errors import ConfigurationError
from tori.models.base import Base

AT_ONCE = 500
REVISION = text("SELECT version_num FROM alembic_version")

Progress = Callable[[int, int], None]
Row = dict[str, Any]


@dataclass(frozen=True)
class Copied:
    """Rows of one table on both sides."""

    table: str
    rows: int
    copied: int


def copy(source_url: str, target: Engine, progress: Progress) -> list[Copied]:
    """Fills an empty, migrated database. Raises ConfigurationError with nothing changed."""
    source = create_engine(source_url.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        with source.connect() as old, target.begin() as new:
            _check(old, new)
            tables = Base.metadata.sorted_tables
            for number, table in enumerate(tables):
                progress(number, len(tables))
                _copy_table(old, new, table)
            for table in tables:
                _join(old, new, table)
                _set_sequence(new, table)
            found = [Copied(table.name, _count(old, table), _count(new, table)) for table in tables]
            wrong = [row.table for row in found if row.rows != row.copied]
            if wrong:
                raise ConfigurationError(f"The counts differ in {', '.join(wrong)}, so nothing was copied.")
            progress(len(tables), len(tables))
            return found
    finally:
        source.dispose()


def _check(old: Connection, new: Connection) -> None:
    if not inspect(old).has_table("alembic_version"):
        raise ConfigurationError("The source is not a database of this service.")
    if old.scalar(REVISION) != new.scalar(REVISION):
        raise ConfigurationError("The source has another schema: run `db upgrade` on it with this version first.")
    filled = [table.name for table in Base.metadata.sorted_tables if _count(new, table)]
    if filled:
        raise ConfigurationError(f"The target is not empty ({filled[0]} has rows): name an empty database.")


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _late_columns(table: Table) -> list[Column[Any]]:
    """Those that lead to a row which may not be there yet: of the same table, or of one that is filled later."""
    order = {other.name: number for number, other in enumerate(Base.metadata.sorted_tables)}
    return [
        column
        for column in table.columns
        if any(order[key.column.table.name] >= order[table.name] for key in column.foreign_keys)
    ]


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Row]]:
    result = connection.execution_options(yield_per=AT_ONCE).execute(select(table))
    for rows in result.mappings().partitions(AT_ONCE):
        yield [dict(row) for row in rows]


def _copy_table(old: Connection, new: Connection, table: Table) -> None:
    late = {column.name for column in _late_columns(table)}
    for rows in _batches(old, table):
        new.execute(insert(table), [{**row, **dict.fromkeys(late & row.keys())} for row in rows])


def _join(old: Connection, new: Connection, table: Table) -> None:
    """Fills in what leads to other rows, now that all are there."""
    late = [column.name for column in _late_columns(table)]
    if not late:
        return
    keys = [column.name for column in table.primary_key]
    statement = table.update().values({name: bindparam(f"new_{name}") for name in late})
    for name in keys:
        statement = statement.where(table.c[name] == bindparam(f"key_{name}"))
    for rows in _batches(old, table):
        wanted = [
            {**{f"new_{name}": row[name] for name in late}, **{f"key_{name}": row[name] for name in keys}}
            for row in rows
            if any(row[name] is not None for name in late)
        ]
        if wanted:
            new.execute(statement, wanted)


def _set_sequence(new: Connection, table: Table) -> None:
    """The next row gets a number that is free."""
    keys = list(table.primary_key)
    if new.dialect.name != "postgresql" or len(keys) != 1:
        return
    name = new.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', keys[0].name)))
    highest = new.scalar(select(func.max(keys[0]))) if name else None
    if highest is not None:
        new.execute(select(func.setval(name, highest)))
