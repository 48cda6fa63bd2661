"""The judged queries over the seed deeds stay above the recorded floor, by both chains of analysis."""

import json
from pathlib import Path

import pytest

from tests.search import seed
from tori.search.analysis import analyser
from tori.search.evaluation import KindReport, below_floor, by_kind, evaluate, read_judgements, table
from tori.search.memory_engine import MemoryEngine

QUERIES = Path(__file__).parent / "relevance" / "queries.tsv"
FLOOR = json.loads((QUERIES.parent / "floor.json").read_text(encoding="utf-8"))
KINDS = 12


def test_the_judgements_name_deeds_that_exist() -> None:
    judged = read_judgements(QUERIES)
    known = {external_id for external_id, _ in seed.documents()}
    drafts = {"koronasairaalan-laitoshuoltajat", "koronaosaston-tarkka-tyo", "sotedialogit-muutoksessa"}
    assert len(judged) >= 150
    assert len({item.kind for item in judged}) == KINDS
    assert {key for item in judged for key in item.grades} - known <= drafts


@pytest.fixture(scope="module", params=["voikko", "packaged"])
def reports(request: pytest.FixtureRequest) -> tuple[str, list[KindReport]]:
    engine = MemoryEngine(analyser=analyser(request.param))
    documents = seed.documents()
    engine.rebuild([document for _, document in documents])
    names = {document.id: external_id for external_id, document in documents}
    return request.param, by_kind(evaluate(engine, read_judgements(QUERIES), names.__getitem__))


def test_the_search_stays_above_its_floor(reports: tuple[str, list[KindReport]]) -> None:
    chain, rows = reports
    assert below_floor(rows, FLOOR[chain]) == {}


def test_the_table_names_every_kind(reports: tuple[str, list[KindReport]]) -> None:
    lines = table(reports[1]).splitlines()
    assert len(lines) == 2 + KINDS + 1
