"""A site moved from one database to another: all of it, or nothing."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL, MakeApp
from tests.factories import Factory
from tori import create_app, db_copy
from tori.config import load_config
from tori.core.errors import ConfigurationError
from tori.database import db, engine_options
from tori.models.base import Base
from tori.models.deeds import Comment, Deed


def quiet(done: int, total: int) -> None:
    pass


@pytest.fixture
def source(migrated: Path, tmp_path: Path) -> str:
    """An SQLite database with deeds that lead to each other both ways, a thread, people and a theme."""
    folder = tmp_path / "old"
    folder.mkdir()
    app = create_app(load_config({}, instance=folder, secret_key="test", page_cache_mb=0))
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
        make = Factory(db.session())
        author = make.user(organisation=make.organisation("Nokian kaupunki"), steward=True)
        later = make.deed("Ensin kirjoitettu", author_id=author.id, themes=[make.theme()])
        earlier = make.deed("Sitten kirjoitettu", parent_id=later.id)
        later.part_of_id = earlier.id
        for number, body in enumerate(("Kysymys", "Vastaus")):
            db.session.add(
                Comment(deed_id=later.id, author_id=author.id, body=body, html=body, parent_id=number or None)
            )
            db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return f"sqlite:///{folder / 'tori.sqlite3'}"


def test_every_row_is_copied_and_counted(app: Flask, session: Session, source: str, make: Factory) -> None:
    session.rollback()
    found = db_copy.copy(source, db.engine, quiet)
    assert {row.table for row in found} == set(Base.metadata.tables)
    assert all(row.rows == row.copied for row in found)
    deeds = {deed.title: deed for deed in session.scalars(select(Deed))}
    first, second = deeds["Ensin kirjoitettu"], deeds["Sitten kirjoitettu"]
    assert (first.part_of_id, second.parent_id) == (second.id, first.id)
    assert [theme.slug for theme in first.themes]
    assert first.author is not None
    assert session.scalar(select(Comment.parent_id).where(Comment.body == "Vastaus")) is not None
    # The next number is free.
    session.rollback()
    make.deed("Uusi teko")
    assert session.scalar(select(func.count(Deed.id))) == 3


def test_a_filled_database_is_not_written_over(app: Flask, session: Session, source: str, make: Factory) -> None:
    make.deed("Olen täällä jo")
    session.rollback()
    with pytest.raises(ConfigurationError, match="not empty"):
        db_copy.copy(source, db.engine, quiet)
    assert list(session.scalars(select(Deed.title))) == ["Olen täällä jo"]


def test_another_schema_is_refused(app: Flask, session: Session, source: str) -> None:
    import sqlite3

    connection = sqlite3.connect(source.removeprefix("sqlite:///"))
    connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.commit()
    connection.close()
    session.rollback()
    with pytest.raises(ConfigurationError, match="another schema"):
        db_copy.copy(source, db.engine, quiet)


def test_the_command_tells_the_numbers(app: Flask, session: Session, source: str) -> None:
    session.rollback()
    told = app.test_cli_runner().invoke(args=["db-copy", source])
    assert told.exit_code == 0, told.output
    assert "deed: 2" in told.output
    assert "the same on both sides" in told.output


def test_connections_to_postgresql_are_pooled_and_bounded(make_app: MakeApp, tmp_path: Path) -> None:
    config = load_config({}, instance=tmp_path, database_url="postgresql://tori@/tori", statement_seconds=7)
    options = engine_options(config)
    assert options["pool_size"] == 5
    assert options["pool_pre_ping"]
    assert "statement_timeout=7000" in options["connect_args"]["options"]
    assert engine_options(load_config({}, instance=tmp_path)) == {}


@pytest.mark.skipif(not TEST_DATABASE_URL, reason="asks a PostgreSQL server")
def test_a_long_statement_is_broken_off(make_app: MakeApp) -> None:
    from sqlalchemy.exc import OperationalError

    app = make_app(statement_seconds=1)
    with app.app_context(), pytest.raises(OperationalError, match="statement timeout"):
        db.session.execute(select(func.pg_sleep(3)))
