"""From one database to another: every row, or nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL, MakeApp
from tests.factories import Factory
from tori.database import db
from tori.exchange.copying import CopyError, copy_database
from tori.models.base import Base
from tori.models.deeds import Deed
from tori.upgrades import upgrade


@pytest.fixture
def filled(session: Session, make: Factory) -> Engine:
    """The database of the test with some rows; of the kind that the suite runs on."""
    for number in range(3):
        make.deed(f"Teko {number}", themes=[make.theme(f"teema {number}")])
    make.user()
    session.close()
    return db.engine


@pytest.fixture
def empty(make_app: MakeApp, tmp_path: Path) -> Iterator[Engine]:
    """Another one, with tables and no rows: PostgreSQL where there is one, SQLite else."""
    url = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    if TEST_DATABASE_URL:
        address = make_url(TEST_DATABASE_URL.replace("postgresql://", "postgresql+psycopg://", 1))
        name = f"{address.database}_copy"
        server = create_engine(address, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        server.dispose()
        url = address.set(database=name).render_as_string(hide_password=False)
    other = make_app(database_url=url, search_url="memory:")
    with other.app_context():
        upgrade()
    engine = create_engine(url)
    yield engine
    engine.dispose()


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_every_row_goes_over_and_new_ones_are_numbered_after_them(app: Flask, filled: Engine, empty: Engine) -> None:
    copied = copy_database(filled, empty)
    assert counts(empty) == counts(filled) == {item.table: item.rows for item in copied}
    with filled.connect() as here, empty.connect() as there:
        for table in (Deed.__table__,):
            assert here.execute(select(table).order_by("id")).all() == there.execute(select(table).order_by("id")).all()
    with empty.begin() as connection:
        newest = connection.scalar(select(func.max(Deed.id)))
        theme = Base.metadata.tables["theme"]
        number = connection.execute(
            theme.insert().values(slug="uusi", name="Uusi", synonyms=[]).returning(theme.c.id)
        ).scalar()
        assert newest == 3
        assert number == 4
    with pytest.raises(CopyError, match="not empty"):
        copy_database(filled, empty)


def test_databases_of_different_versions_are_refused(app: Flask, filled: Engine, empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(CopyError, match="0001"):
        copy_database(filled, empty)
    with empty.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(CopyError, match="db upgrade"):
        copy_database(filled, empty)
    assert counts(empty)["deed"] == 0
