"""The judged queries over the seed deeds stay above the recorded floor, by both chains of analysis."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.search import seed
from tori.search.analysis import analyser
from tori.search.evaluation import (
    NO_ANSWER,
    KindReport,
    below_floor,
    by_kind,
    evaluate,
    floor_of,
    read_judgements,
    table,
)
from tori.search.memory_engine import MemoryEngine
from tori.search.port import SearchQuery

FOLDER = Path(__file__).parent / "relevance"
TUNED, APART = FOLDER / "queries.tsv", FOLDER / "kept_apart.tsv"
KINDS = 12
DRAFTS = {"koronasairaalan-laitoshuoltajat", "koronaosaston-tarkka-tyo", "sotedialogit-muutoksessa"}

Reports = tuple[str, dict[Path, list[KindReport]]]


@pytest.mark.parametrize("file", [TUNED, APART], ids=lambda file: file.stem)
def test_the_judgements_name_deeds_that_exist(file: Path) -> None:
    judged = read_judgements(file)
    known = {external_id for external_id, _ in seed.documents()}
    assert len(judged) >= 150
    assert len({item.kind for item in judged}) == KINDS
    assert {key for item in judged for key in item.grades} - known <= DRAFTS
    assert all(bool(item.grades) != (item.kind == NO_ANSWER) for item in judged)


def test_no_query_is_in_both_sets() -> None:
    tuned, apart = ({item.text.lower() for item in read_judgements(file)} for file in (TUNED, APART))
    assert tuned & apart == set()


@pytest.fixture(scope="module", params=["voikko", "packaged"])
def reports(request: pytest.FixtureRequest) -> Reports:
    engine = MemoryEngine(analyser=analyser(request.param))
    documents = seed.documents()
    engine.rebuild([document for _, document in documents])
    names = {document.id: external_id for external_id, document in documents}
    found = {file: by_kind(evaluate(engine, read_judgements(file), names.__getitem__)) for file in (TUNED, APART)}
    return request.param, found


@pytest.mark.parametrize("file", [TUNED, APART], ids=lambda file: file.stem)
def test_the_search_stays_above_its_floor(reports: Reports, file: Path) -> None:
    chain, found = reports
    floor = floor_of(file, chain)
    assert set(floor) == {row.kind for row in found[file]}
    assert below_floor(found[file], floor) == {}


@pytest.mark.parametrize(
    ("locale", "hint"),
    [
        ("fi", "Esimerkiksi työhyvinvointi, asiakaspalaute tai ruokapalvelut"),
        ("sv", "Till exempel välbefinnande i arbetet, kundrespons eller måltidstjänster"),
        ("en", "For example well-being at work, customer feedback or food services"),
    ],
)
def test_the_examples_of_the_front_page_find_deeds(client: FlaskClient, locale: str, hint: str) -> None:
    assert hint in client.get("/" if locale == "fi" else f"/{locale}/").text
    engine = MemoryEngine(analyser=analyser("packaged"))
    engine.rebuild([document for _, document in seed.documents()])
    words = re.sub("^(Esimerkiksi|Till exempel|For example) ", "", hint)
    for example in re.split(", | tai | eller | or ", words):
        assert engine.search(SearchQuery(example, locale=locale)).strong >= 5, example


def test_the_goals_of_the_service_are_met(reports: Reports) -> None:
    """Those that the first founders set for queries they had not seen."""
    rows = {row.kind: row for row in reports[1][APART]}
    assert rows["all"].ndcg >= 0.92
    assert rows["typo"].ndcg >= 0.90
    assert rows["synonym"].ndcg >= 0.80
    assert rows[NO_ANSWER].honest >= 0.90


def test_the_table_names_every_kind(reports: Reports) -> None:
    lines = table(reports[1][TUNED]).splitlines()
    assert len(lines) == 2 + KINDS + 1
