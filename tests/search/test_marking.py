"""Marks from what was packed when a deed was indexed are those of an analysis of every word."""

import pytest
from markupsafe import Markup

from tests.search import seed
from tests.search.conftest import deed
from tori.search.analysis import analyser
from tori.search.highlight import highlight
from tori.search.highlight import marked as marked_at
from tori.search.marking import forms_met, packed_words, placed_words, places_met
from tori.search.memory_engine import MemoryEngine
from tori.search.port import DeedDocument, HighlightTerms, SearchQuery
from tori.search.words import plain

QUERIES = (
    "hyvinvointi",
    "päiväkoti",
    "kehittää",
    "oppiminen",
    "aika",
    "työ",
    "digi",
    "sote-uudistus",
    "joki",
    "kirjsto",
)


def marked(document: DeedDocument, terms: HighlightTerms, text: str) -> Markup:
    own = analyser()
    return highlight(text, terms, own, forms=forms_met({1: packed_words(document, own)}, terms)[1])


def test_packed_words_mark_what_an_analysis_would() -> None:
    engine = MemoryEngine()
    documents = [document for _, document in seed.documents() if document.language == "fi"]
    engine.rebuild(documents)
    seen = 0
    for query in QUERIES:
        terms = engine.search(SearchQuery(query)).terms
        for document in documents:
            for text in (document.summary, plain(document.need), plain(document.results)):
                wanted = highlight(text, terms, engine.analyser)
                assert marked(document, terms, text) == wanted
                seen += "<mark>" in wanted
    assert seen > 200


@pytest.mark.parametrize(
    ("form", "text", "wanted"),
    [
        ("koulu", "Koulu ja koulutus, kyläkoulu", "<mark>Koulu</mark> ja koulutus, kyläkoulu"),
        ("cafe", "Café avattiin", "<mark>Café</mark> avattiin"),
        ("c", "C ja C++", "<mark>C</mark> ja C++"),
        ("c++", "C ja C++", "C ja <mark>C++</mark>"),
        ("sote", "sote-uudistus, (sote)", "sote-uudistus, (<mark>sote</mark>)"),
        ("hoito", "Hoito & <b>hoito</b>", "<mark>Hoito</mark> &amp; &lt;b&gt;<mark>hoito</mark>&lt;/b&gt;"),
    ],
)
def test_whole_words_are_marked_wherever_they_stand(form: str, text: str, wanted: str) -> None:
    assert highlight(text, HighlightTerms(), analyser(), forms={form}) == wanted


def test_a_word_of_another_language_is_read_in_that_of_the_deed() -> None:
    document = deed(1, "Skolan", "Skolorna fick nya gårdar.", language="sv")
    terms = HighlightTerms(frozenset({"skola"}))
    assert marked(document, terms, document.summary) == "<mark>Skolorna</mark> fick nya gårdar."


def test_a_passage_is_of_the_first_text_in_which_something_is_found() -> None:
    def passage(*texts: str) -> Markup:
        return MemoryEngine().passage(iter(texts), HighlightTerms(), 60, forms={"koulu"})

    assert passage("Kyläkoulun aamu", "Tästä – kaikki näkevät sen – koulu alkaa") == (
        "Tästä - kaikki näkevät sen - <mark>koulu</mark> alkaa"
    )
    assert passage("Koulu alkaa", "Koulu jatkuu") == "<mark>Koulu</mark> alkaa"
    assert passage("Aamu", "Ilta") == "Aamu"
    assert passage("Aamu", "Ilta. " * 20 + "Koulu alkaa.").endswith("<mark>Koulu</mark> alkaa.")


@pytest.mark.parametrize("size", range(60, 260, 7))
def test_a_passage_holds_its_match_wherever_sentences_end(size: int) -> None:
    text = "Aluksi kerrottiin muusta, sitten vielä jostakin. " * 5 + "Lopuksi avattiin kirjasto."
    html = highlight(text, HighlightTerms(), analyser(), size, forms={"kirjasto"})
    assert "<mark>kirjasto</mark>" in html
    assert len(html) <= size + len("… <mark></mark> …")


def test_a_search_without_terms_marks_nothing() -> None:
    document = deed(1, "Teko", "Kirjaston aamu")
    assert marked(document, HighlightTerms(), document.summary) == document.summary


def test_a_deed_without_words_can_be_packed() -> None:
    packed = packed_words(deed(1, "Teko"), analyser())
    assert forms_met({1: packed}, HighlightTerms(frozenset({"teko"}))) == {1: frozenset()}


def test_each_deed_of_a_page_is_told_its_own_forms() -> None:
    texts = {1: "Kirjastoissa luettiin.", 2: "", 3: "Muu teko", 4: "Kirjastolla ja kirjastosta kerrottiin."}
    packed = {number: packed_words(deed(number, "Teko", text), analyser()) for number, text in texts.items()}
    assert forms_met(packed, HighlightTerms(frozenset({"kirjasto"}), frozenset({"kirj"}))) == {
        1: {"kirj", "kirjastoissa"},
        2: {"kirj"},
        3: {"kirj"},
        4: {"kirj", "kirjastolla", "kirjastosta"},
    }


def test_places_of_words_mark_what_an_analysis_would() -> None:
    engine = MemoryEngine()
    documents = [document for _, document in seed.documents()]
    engine.rebuild(documents)
    placed = [placed_words(document.summary, packed_words(document, engine.analyser)) for document in documents]
    known = [number for number, places in enumerate(placed) if places]
    assert len(known) > 0.8 * len(documents)
    seen = 0
    for query in QUERIES:
        terms = engine.search(SearchQuery(query)).terms
        for number, places in zip(known, places_met([placed[number] for number in known], terms), strict=True):
            document = documents[number]
            forms = forms_met({1: packed_words(document, engine.analyser)}, terms)[1]
            wanted = highlight(document.summary, terms, engine.analyser, 220, forms)
            assert marked_at(document.summary, places, 220) == wanted
            seen += "<mark>" in wanted
    assert seen > 100


@pytest.mark.parametrize(
    "summary",
    ["Kirjasto & koulu", "Kirjasto\u00adn aamu", "Kirjasto. " * 256, "Pitkä " * 400],
    ids=lambda text: text[:12],
)
def test_words_have_no_place_where_it_would_be_another_in_the_page(summary: str) -> None:
    assert placed_words(summary, packed_words(deed(1, "Teko", summary), analyser())) == b""


def test_words_have_no_place_when_the_packed_ones_are_of_another_text() -> None:
    packed = packed_words(deed(1, "Teko", "Kirjasto avattiin."), analyser())
    assert placed_words("Kirjasto avattiin.", packed)
    assert placed_words("Kirjasto suljettiin.", packed) == b""


def test_a_word_is_marked_as_it_was_typed_and_once() -> None:
    text = "Äidit lukivat kirjoja, isät kirjan."
    placed = placed_words(text, packed_words(deed(1, "Teko", text), analyser()))
    (places,) = places_met([placed], HighlightTerms(frozenset({"kirja"}), frozenset({"kirjan", "äidit"})))
    assert [text[start:end] for start, end in places] == ["Äidit", "kirjoja", "kirjan"]
    assert places_met([placed], HighlightTerms(frozenset({"kirjan"}))) == [[]]
    assert places_met([], HighlightTerms()) == []
