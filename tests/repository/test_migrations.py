"""Migrations go up and down, and end where the models are."""

import csv
import json

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Column, DateTime, delete, inspect, select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.repository.test_architecture import ROOT
from tori.database import db, transaction
from tori.exchange.seeding import begin_new_kinds
from tori.models.base import Base, UtcDateTime
from tori.models.operations import IndexTask
from tori.models.people import Organisation
from tori.models.tags import Tag, TagKind, deed_tag
from tori.notifications.changes import bump_content_version, content_version
from tori.upgrades import downgrade, upgrade


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


def test_a_site_that_runs_gets_the_choices_of_today_and_older_code_can_read_it_again(
    app: Flask, session: Session, make: Factory
) -> None:
    kept = make.tag(TagKind.PROFESSION, "opettajat").id
    make.tag(TagKind.CUSTOMERS, "perheet")
    deed = make.deed("Kuvakortit", tags=[make.tag(TagKind.METHOD, "oma tapa"), session.get_one(Tag, kept)]).id
    session.rollback()
    db.session.remove()
    downgrade(revision="0035")
    with db.engine.connect() as connection:
        assert [row.kind for row in connection.execute(select(Tag.kind))] == [TagKind.PROFESSION, TagKind.CUSTOMERS]
        assert [tuple(row) for row in connection.execute(select(deed_tag))] == [(deed, kept)]
    upgrade()
    with db.engine.connect() as connection:
        assert set(connection.scalars(select(Tag.kind))) == {TagKind.PROFESSION, TagKind.CUSTOMERS, TagKind.BENEFIT}
    begin_new_kinds(app.extensions["tori"])
    begin_new_kinds(app.extensions["tori"])
    seeds = json.loads((ROOT / "seed_data" / "tags.json").read_text())
    with db.engine.connect() as connection:
        rows = connection.execute(select(Tag.kind, Tag.slug, Tag.name, Tag.name_sv, Tag.name_en, Tag.synonyms)).all()
    told = [
        (
            row["kind"],
            row["slug"],
            *row["name"].values(),
            [word for words in row["synonyms"].values() for word in words],
        )
        for row in seeds
    ]
    fresh = [tuple(row) for row in rows if row.slug not in ("opettajat", "perheet")]
    assert len(fresh) > 20
    assert all(row in told for row in fresh), "a running site and a new one offer the same"
    assert {row[0] for row in fresh} == {TagKind.SITUATION, TagKind.METHOD, TagKind.BENEFIT}


def test_a_site_that_runs_gets_the_swedish_names_of_the_seeds(app: Flask, session: Session, make: Factory) -> None:
    seeds = [json.loads(line) for line in (ROOT / "seed_data" / "organisations.jsonl").read_text().splitlines()]
    told = {row["slug"]: row for row in seeds if row["type"] == "kunta"}
    with (ROOT / "seed_data" / "municipalities.csv").open() as file:
        places = {row["code"]: row for row in csv.DictReader(file)}
    own = ("tampereen-kaupunki", "naantalin-kaupunki", "uuraisten-kunta", "nurmijarven-kunta", "espoon-kaupunki")
    for slug in own:
        place = places[told[slug]["municipality_code"]]
        municipality = make.municipality(place["name_fi"])
        municipality.name_sv = place["name_sv"]
        make.organisation(told[slug]["name"], slug=slug, kind="kunta", municipality_id=municipality.id)
    tampere, espoo = (session.scalars(select(Organisation).filter_by(slug=slug)).one() for slug in (own[0], own[4]))
    espoo.name_sv = "Eget namn"
    deed = make.deed(organisation_id=tampere.id).id
    with transaction():
        bump_content_version(session)
    before = content_version(session)
    session.execute(delete(IndexTask))
    session.commit()
    db.session.remove()
    downgrade(revision="0046")
    upgrade()
    names = dict(session.execute(select(Organisation.slug, Organisation.name_sv)).all())
    assert names == {**{slug: told[slug]["name_sv"] for slug in own}, "espoon-kaupunki": "Eget namn"}
    assert session.scalars(select(IndexTask.deed_id)).all() == [deed]
    assert content_version(session) == before + 1


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
