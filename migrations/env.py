"""Alembic's environment: the tables of ``tori.models`` on the database of the settings."""

from alembic import context
from sqlalchemy import Connection

from tori.database import db
from tori.models.base import Base, JsonType, UtcDateTime


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Column types of our own are written as the plain types they are stored as."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, type(JsonType)) and "postgresql" in item._variant_mapping:
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")  # type: ignore[attr-defined]
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def compare_type(
    context_: object, inspected: object, metadata: object, inspected_type: object, type_: object
) -> bool | None:
    return False if isinstance(type_, UtcDateTime) else None


def run_migrations(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        compare_type=compare_type,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database only: set DATABASE_URL or TORI_INSTANCE.")

with db.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # Batch operations rebuild tables, which foreign keys would forbid.
        connection.commit()
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
    else:
        # Rather no upgrade than a site in which everybody waits behind it for its lock.
        connection.exec_driver_sql("SET lock_timeout = '4s'")
        connection.exec_driver_sql("SET statement_timeout = '300s'")
        connection.commit()
    run_migrations(connection)
    connection.commit()
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")
