"""The vocabulary in the database and how engines follow it."""

import json

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.search.conftest import DEEDS, deed
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.exchange.seeding import SEED_FOLDER
from tori.models.searching import SynonymRow
from tori.policy import ANONYMOUS, SYSTEM, Actor
from tori.search import synonyms
from tori.search.memory_engine import MemoryEngine
from tori.search.port import SearchQuery
from tori.search.vocabulary import Member, SynonymGroup, base_groups

TAUKO = (Member("huilitauko"), Member("taukoliikunta"), Member("paus", "sv"))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> MemoryEngine:
    monkeypatch.setattr(synonyms, "LOOK_EVERY_SECONDS", 0.0)
    made = MemoryEngine()
    made.rebuild(DEEDS)
    return made


def found(engine: MemoryEngine, text: str) -> list[int]:
    return [hit.id for hit in engine.search(SearchQuery(text)).hits if not hit.weak]


def test_without_rows_the_groups_of_the_code_are_used(session: Session) -> None:
    assert synonyms.groups(session) == base_groups()
    assert synonyms.version(session) == 0


def test_a_new_group_is_used_without_indexing_anew(session: Session, engine: MemoryEngine) -> None:
    assert not synonyms.follow(session, engine)
    assert 10 not in found(engine, "huilitauko")
    with transaction() as writing:
        synonyms.keep(writing, SYSTEM, "taukoliikunta", TAUKO)
    assert synonyms.follow(session, engine)
    assert 10 in found(engine, "huilitauko")
    assert not synonyms.follow(session, engine)


def test_a_row_replaces_the_group_of_the_same_concept_or_takes_it_away(session: Session, engine: MemoryEngine) -> None:
    base = next(group for group in base_groups() if group.head is None)
    concept = synonyms.concept_of(base)
    with transaction() as writing:
        synonyms.keep(writing, SYSTEM, concept, base.members[:2])
    groups = synonyms.groups(session)
    assert base not in groups
    assert SynonymGroup(base.members[:2]) in groups
    with transaction() as writing:
        synonyms.keep(writing, SYSTEM, concept, base.members[:2], is_enabled=False)
    assert concept not in {synonyms.concept_of(group) for group in synonyms.groups(session)}
    assert synonyms.version(session) == 2


def test_kin_have_a_head(session: Session) -> None:
    with transaction() as writing:
        synonyms.keep(writing, SYSTEM, "~tauko", TAUKO, is_kin=True)
    assert synonyms.groups(session)[-1] == SynonymGroup(TAUKO[1:], TAUKO[0])


def test_the_look_at_the_version_is_not_made_at_every_search(
    session: Session, engine: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    synonyms.follow(session, engine)
    monkeypatch.setattr(synonyms, "LOOK_EVERY_SECONDS", 60.0)
    with transaction() as writing:
        synonyms.keep(writing, SYSTEM, "taukoliikunta", TAUKO)
    assert not synonyms.follow(session, engine)


@pytest.mark.parametrize(
    "members", [(), TAUKO[:1], (TAUKO[0], TAUKO[0]), (*TAUKO, Member("x" * 81)), (*TAUKO, Member("pause", "fr"))]
)  # fmt: skip
def test_odd_groups_are_refused(session: Session, members: tuple[Member, ...]) -> None:
    with pytest.raises(RuleBroken):
        synonyms.keep(session, SYSTEM, "tauko", members)


def test_only_editors_change_the_vocabulary(session: Session, make: Factory) -> None:
    for actor in (ANONYMOUS, Actor(make.user())):
        with pytest.raises(NotAllowed):
            synonyms.keep(session, actor, "tauko", TAUKO)


def test_the_seed_content_brings_pairs_of_languages(app: Flask, session: Session) -> None:
    from tori.exchange import seeding

    with transaction() as writing:
        assert seeding.LOADERS["synonyms"](writing, SEED_FOLDER) == (59, 59)
        assert seeding.LOADERS["synonyms"](writing, SEED_FOLDER) == (0, 59)
    assert synonyms.version(session) == 1
    row = session.scalars(select(SynonymRow).where(SynonymRow.concept == "service:lastensuojelu")).one()
    assert synonyms.group_of(row).members == (
        Member("lastensuojelu"),
        Member("barnskydd", "sv"),
        Member("child protection", "en"),
    )


def test_seed_groups_name_what_the_vocabularies_hold() -> None:
    rows = json.loads((SEED_FOLDER / "synonyms.json").read_text(encoding="utf-8"))
    assert len({row["concept"] for row in rows}) == len(rows)
    for kind, name in (("sector", "sectors.json"), ("theme", "themes.json")):
        slugs = {row["slug"] for row in json.loads((SEED_FOLDER / name).read_text(encoding="utf-8"))}
        assert {row["concept"].split(":")[1] for row in rows if row["concept"].startswith(kind)} == slugs


def test_a_swedish_word_finds_finnish_deeds_below_swedish_ones(session: Session, engine: MemoryEngine) -> None:
    engine.replace([deed(30, "Barnskydd i samarbete", language="sv"), deed(31, "Lastensuojelun tiimi")], [])
    hits = engine.search(SearchQuery("barnskydd", locale="sv")).hits
    assert [hit.id for hit in hits][:2] == [30, 31]
