"""The judged queries over the seed deeds stay above the recorded floor, by both chains of analysis."""

from pathlib import Path

import pytest

from tests.search import seed
from tori.search.analysis import analyser
from tori.search.evaluation import by_kind, evaluate, read_judgements
from tori.search.memory_engine import MemoryEngine

QUERIES = Path(__file__).parent / "relevance" / "queries.tsv"
FLOOR = {
    "voikko": {"all": 0.94, "typo": 0.95, "synonym": 0.80, "swedish": 0.92, "question": 0.86, "none": 0.9},
    "packaged": {"all": 0.90, "typo": 0.92, "synonym": 0.75, "swedish": 0.90, "question": 0.78, "none": 0.9},
}
KINDS = 12


def test_the_judgements_name_deeds_that_exist() -> None:
    judged = read_judgements(QUERIES)
    known = {external_id for external_id, _ in seed.documents()}
    drafts = {"koronasairaalan-laitoshuoltajat", "koronaosaston-tarkka-tyo", "sotedialogit-muutoksessa"}
    assert len(judged) >= 150
    assert len({item.kind for item in judged}) == KINDS
    assert {key for item in judged for key in item.grades} - known <= drafts


@pytest.fixture(scope="module", params=["voikko", "packaged"])
def ndcg(request: pytest.FixtureRequest) -> tuple[str, dict[str, float]]:
    engine = MemoryEngine(analyser=analyser(request.param))
    documents = seed.documents()
    engine.rebuild([document for _, document in documents])
    names = {document.id: external_id for external_id, document in documents}
    return request.param, {
        row.kind: row.ndcg for row in by_kind(evaluate(engine, read_judgements(QUERIES), names.__getitem__))
    }


def test_the_search_stays_above_its_floor(ndcg: tuple[str, dict[str, float]]) -> None:
    chain, figures = ndcg
    below = {kind: figures[kind] for kind, floor in FLOOR[chain].items() if figures[kind] < floor}
    assert below == {}
