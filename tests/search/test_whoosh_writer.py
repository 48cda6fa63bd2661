"""Our writer leaves segments that Whoosh itself reads, whether the postings fitted into memory or not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.search.conftest import DEEDS, deed
from tori.search import whoosh_writer
from tori.search.analysis import analyser
from tori.search.fields import indexed
from tori.search.port import SearchQuery
from tori.search.whoosh_engine import WhooshEngine
from tori.search.whoosh_schema import FORMS, TERMS


def read_by_whoosh(engine: WhooshEngine, field: str) -> dict[str, dict[int, tuple[float, Any]]]:
    """Weight (and places, for forms) by term and deed, by Whoosh's own reader and matcher."""
    engine.status()
    found: dict[str, dict[int, tuple[float, Any]]] = {}
    with engine._index.reader() as reader:
        for term in reader.field_terms(field):
            matcher = reader.postings(field, term)
            while matcher.is_active():
                places = matcher.value_as("positions") if field == FORMS else None
                deed_id = int(reader.stored_fields(matcher.id())["row"][0])
                found.setdefault(term, {})[deed_id] = matcher.weight(), places
                matcher.next()
    return found


def expected(field: str) -> dict[str, dict[int, tuple[float, Any]]]:
    wanted: dict[str, dict[int, tuple[float, Any]]] = {}
    for one in DEEDS:
        words = indexed(one, analyser())
        if field == TERMS:
            for term, weight in words.weights.items():
                wanted.setdefault(term, {})[one.id] = pytest.approx(weight, rel=1e-6), None
        else:
            for place, form in words.forms:
                wanted.setdefault(form, {}).setdefault(one.id, (1.0, []))[1].append(place)
    return wanted


@pytest.mark.parametrize("most", [1_000_000, 40], ids=["in memory", "in many runs"])
@pytest.mark.parametrize("field", [TERMS, FORMS])
def test_whoosh_reads_what_we_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, field: str) -> None:
    monkeypatch.setattr(whoosh_writer, "MOST_GATHERED", most)
    engine = WhooshEngine(tmp_path)
    engine.rebuild(DEEDS)
    assert read_by_whoosh(engine, field) == expected(field)
    assert not list(tmp_path.rglob("gathered-*"))


def test_long_postings_lie_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(whoosh_writer.CODEC_OPTIONS, "blocklimit", 3)
    engine = WhooshEngine(tmp_path)
    engine.rebuild([deed(number, "Kirjaston aamu") for number in range(1, 12)])
    found = engine.search(SearchQuery("kirjasto", per_page=50))
    assert sorted(hit.id for hit in found.hits) == list(range(1, 12))
    assert set(read_by_whoosh(engine, TERMS)["kirjasto"]) == set(range(1, 12))


@pytest.mark.parametrize("field", [TERMS, FORMS])
def test_segments_are_merged_without_what_was_deleted(tmp_path: Path, field: str) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(DEEDS[:1])
    for one in (*DEEDS[1:], *DEEDS[3:7]):
        engine.replace([replace(one, title="Vanha otsikko")], ())
        engine.replace([one], ())
    assert len(engine._view()._leaves) < len(DEEDS), "small segments are merged"
    assert read_by_whoosh(engine, field) == expected(field)
