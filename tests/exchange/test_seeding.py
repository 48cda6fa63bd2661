"""The seed content: whole the first time, untouched the second."""

import json
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.database import transaction
from tori.deeds import service
from tori.exchange import seeding
from tori.exchange.seeding import SEED_FOLDER, SeedResult
from tori.models.base import Base
from tori.models.campaigns import Story, TopList
from tori.models.deeds import Deed, DeedRevision, DeedStatus, Sector
from tori.models.people import Organisation, OrganisationDomain
from tori.policy import Actor


def seed() -> dict[str, SeedResult]:
    results: dict[str, SeedResult] = {}
    seeding.seed(lambda result: results.__setitem__(result.kind, result))
    return results


def rows(session: Session) -> dict[str, Any]:
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
    }


def test_everything_of_the_folder_comes_in(app: Flask, session: Session) -> None:
    assert not seeding.is_seeded(session)
    results = seed()
    for name, kind in (
        ("deeds", "deeds"),
        ("organisations", "organisations"),
        ("campaigns", "campaigns"),
        ("toplists", "TOP lists"),
    ):
        lines = (SEED_FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert results[kind].added == len(lines), kind
    assert results["sectors"].added == 8
    assert results["municipalities"].added == 308
    assert results["stories"].added + results["story series"].added == len(
        (SEED_FOLDER / "stories.jsonl").read_text(encoding="utf-8").splitlines()
    )
    assert seeding.is_seeded(session)


def test_again_changes_nothing(app: Flask, session: Session) -> None:
    seed()
    before = rows(session), list(session.execute(select(Deed.id, Deed.version, Deed.updated_at)))
    session.rollback()
    results = seed()
    assert {result.added for result in results.values()} == {0}
    assert (rows(session), list(session.execute(select(Deed.id, Deed.version, Deed.updated_at)))) == before


def test_the_four_without_an_organisation_are_drafts(app: Flask, session: Session) -> None:
    seed()
    drafts = session.scalars(select(Deed).where(Deed.status == DeedStatus.DRAFT)).all()
    assert len(drafts) == 4
    assert {deed.organisation.name for deed in drafts} == {"Tekojen torin toimitus"}


def test_sources_successors_and_links_are_kept(app: Flask, session: Session) -> None:
    seed()
    assert session.scalar(select(func.count()).select_from(Deed).where(Deed.citation == "")) == 0
    eksote = session.scalars(select(Organisation).where(Organisation.slug == "eksote")).one()
    assert eksote.successor is not None
    assert eksote.successor.slug == "etela-karjalan-hyvinvointialue"
    domains = [
        domain
        for text in (SEED_FOLDER / "organisations.jsonl").read_text(encoding="utf-8").splitlines()
        for domain in json.loads(text)["email_domains"]
    ]
    assert session.scalar(select(func.count()).select_from(OrganisationDomain)) == len(set(domains))
    parts = sum("part_of" in json.loads(text) for text in (SEED_FOLDER / "deeds.jsonl").read_text().splitlines())
    assert session.scalar(select(func.count()).select_from(Deed).where(Deed.part_of_id.is_not(None))) == parts
    assert all(story.deeds or story.kind for story in session.scalars(select(Story)))
    assert session.scalar(select(func.count()).select_from(TopList).where(TopList.published_at.is_(None))) == 0


def test_what_editors_have_changed_stays(app: Flask, session: Session, make: Factory) -> None:
    seed()
    editor = make.user(role="editor")
    sector = session.scalars(select(Sector)).first()
    assert sector is not None
    sector.name = "Oma nimi"
    session.commit()
    with transaction() as writing:
        deed = writing.scalars(select(Deed).where(Deed.status == DeedStatus.PUBLISHED)).first()
        assert deed is not None
        from dataclasses import replace

        from tori.deeds.content import content_of

        service.edit(writing, Actor(editor), deed, replace(content_of(deed), title="Toimittajan otsikko"), deed.version)
        deed_id, sector_id = deed.id, sector.id
    assert {result.added for result in seed().values()} == {0}
    session.expire_all()
    assert session.get_one(Deed, deed_id).title == "Toimittajan otsikko"
    assert session.get_one(Sector, sector_id).name == "Oma nimi"
    assert session.scalars(select(DeedRevision).where(DeedRevision.editor_id == editor.id)).all()


def test_seeding_goes_on_where_it_stopped(app: Flask, session: Session) -> None:
    seeding.load_vocabulary(session)
    session.commit()
    results = seed()
    assert results["sectors"].added == 0
    assert results["deeds"].added == 168
