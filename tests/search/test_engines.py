"""What every engine must do; the same expectations for each."""

import time
from typing import Any

import pytest

from tests.search.conftest import DEEDS, KUHMO, MakeEngine, deed
from tori.search.engine import BaseEngine
from tori.search.port import Filters, SearchQuery, Sort


def found(engine: BaseEngine, text: str, **options: object) -> list[int]:
    return [hit.id for hit in engine.search(SearchQuery(text, **options)).hits]  # type: ignore[arg-type]


def strong(engine: BaseEngine, text: str, **options: object) -> list[int]:
    return [hit.id for hit in engine.search(SearchQuery(text, **options)).hits if not hit.weak]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("työhyvinvointi", 1),
        ("työhyvinvoinnista", 1),
        ("päiväkodeissa", 2),
        ("päivä koti", 2),
        ("varhaiskasvtus", 2),
        ("varhaiskasv", 2),
        ("vaka", 2),
        ("kirjastojen", 3),
        ("esimies", 4),
        ("valmentavaa johtamista", 4),
        ("välitunneilla", 5),
        ("kotihoto", 6),
        ("uudistus", 7),
        ("sote-uudistuksen", 7),
        ("bibliotek", 8),
        ("pelisääntöjä", 9),
        ("bussikuski", 10),
        ("Kuhmo varhaiskasvatus", 2),
        ("miten henkilöstö oppii pelien avulla", 7),
    ],
)
def test_the_expected_deed_comes_first(engine: BaseEngine, text: str, first: int) -> None:
    assert found(engine, text, locale="sv" if text == "bibliotek" else "fi")[:1] == [first]


def test_a_swedish_query_finds_finnish_deeds_below_swedish_ones(engine: BaseEngine) -> None:
    assert found(engine, "bibliotek", locale="sv")[:2] == [8, 3]


@pytest.mark.parametrize("text", ["koirapuisto", "ydinvoimala", "kryptovaluutan louhinta", "passin uusiminen"])
def test_nothing_good_is_said_to_be_nothing_good(engine: BaseEngine, text: str) -> None:
    assert strong(engine, text) == []


def test_a_piece_that_says_nothing_matches_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([deed(1, "Kunta poikkeusoloissa"), deed(2, "Poissaolot puheeksi"), deed(3, "Talvi")])
    assert found(engine, "sairauspoissaolot") == [2]


def test_few_weak_hits_are_shown_however_many_there_are(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([deed(number, "Koulun piha" if number < 25 else "Talvi") for number in range(1, 80)])
    result = engine.search(SearchQuery("koulun ydinvoimala ja jäteveden hinnoittelu", per_page=100))
    assert result.strong == 0
    assert len(result.hits) == result.total == 10
    assert sum(result.facets["sector"].values()) == 10


def test_facets_count_what_answers_and_not_the_weak(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([
        *(deed(number, "Koulun pihan vihreä talkooväki") for number in (1, 2)),
        *(deed(number, "Koulun piha", **KUHMO) for number in range(3, 9)),
        *(deed(number, "Talvi") for number in range(9, 80)),
    ])  # fmt: skip
    result = engine.search(SearchQuery("koulun vihreä talkooväki", per_page=100))
    assert 0 < result.strong < result.total
    assert sum(result.facets["sector"].values()) == result.strong
    answering = [hit.id for hit in result.hits if not hit.weak]
    assert ("kainuu" in result.facets["region"]) == any(number >= 3 for number in answering)
    inside = engine.search(SearchQuery("koulun vihreä talkooväki", filters=Filters(regions=("pirkanmaa",))))
    assert inside.strong == result.facets["region"]["pirkanmaa"]


def test_a_swedish_compound_is_understood_by_its_pieces(engine: BaseEngine) -> None:
    assert found(engine, "daghemspersonal", locale="sv")[:1] == [2]


def test_the_beginning_of_a_long_word_is_not_taken_for_an_inflected_one(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([deed(1, "Kuntoutus", "Kuntoutus käyntiin."), deed(2, "Kuntoutussairaala"), deed(3, "Talvi")])
    assert found(engine, "kuntoutuss")[0] == 2


def test_a_begun_word_of_three_letters_is_completed(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([deed(1, "Osaaminen en gång"), deed(2, "Osaamisen ennakointi"), deed(3, "Talvi")])
    assert strong(engine, "osaamisen enn")[0] == 2


def test_two_foreign_words_written_together_are_found(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([deed(1, "Green Care metsässä"), deed(2, "Care erikseen"), deed(3, "Talvi")])
    assert strong(engine, "greencare")[0] == 1


def test_a_compound_is_not_corrected_to_another_of_the_same_beginning(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([deed(1, "Asiakasosallisuus"), deed(2, "Talvi"), deed(3, "Asiakas ensin")])
    result = engine.search(SearchQuery("asiakasvalitukset"))
    assert (result.corrected_from, result.did_you_mean) == (None, None)


def test_browsing_shows_the_newest_first_and_counts_everything(engine: BaseEngine) -> None:
    result = engine.search(SearchQuery(per_page=3))
    assert [hit.id for hit in result.hits] == [10, 9, 8]
    assert result.total == result.strong == 10
    assert result.facets["sector"] == {"koko-kunta": 7, "opetus-ja-kasvatus": 3}
    assert result.facets["language"] == {"fi": 9, "sv": 1}


def test_pages_follow_each_other_without_gaps(engine: BaseEngine) -> None:
    pages = [found(engine, "", page=page, per_page=4) for page in (1, 2, 3, 4)]
    assert [deed_id for page in pages for deed_id in page] == list(range(10, 0, -1))
    assert [len(page) for page in pages] == [4, 4, 2, 0]


def test_most_adopted_first(engine: BaseEngine) -> None:
    assert found(engine, "", sort=Sort.ADOPTED)[:3] == [3, 5, 10]


def test_an_order_by_date_keeps_weak_hits_last(engine: BaseEngine) -> None:
    result = engine.search(SearchQuery("digitalisaatio kirjasto", sort=Sort.NEWEST))
    flags = [hit.weak for hit in result.hits]
    assert flags == sorted(flags)
    ids = [hit.id for hit in result.hits if not hit.weak]
    assert ids == sorted(ids, reverse=True)


def test_values_of_a_facet_are_alternatives_and_facets_narrow(engine: BaseEngine) -> None:
    filters = Filters(regions=("kainuu", "pirkanmaa"), sectors=("opetus-ja-kasvatus",))
    assert sorted(found(engine, "", filters=filters)) == [2, 5, 9]
    narrowed = Filters(regions=("kainuu",), sectors=("opetus-ja-kasvatus",))
    assert found(engine, "", filters=narrowed) == [2]


def test_reasons_methods_and_stages_are_facets_of_every_engine(make_engine: MakeEngine) -> None:
    engine = make_engine()
    told: dict[str, Any] = {"situations": ("kriisi",), "methods": ("kysely", "tyopaja"), "maturity": "kokeilu"}
    engine.rebuild([deed(2, "Kahvitauko sisällä", methods=("kysely",))])
    engine.index([deed(1, "Kahvitauko ulkona", **told)])
    facets = engine.search(SearchQuery()).facets
    assert (facets["situation"], facets["maturity"]) == ({"kriisi": 1}, {"kokeilu": 1})
    assert facets["method"] == {"kysely": 2, "tyopaja": 1}
    for chosen in (Filters(situations=("kriisi",)), Filters(methods=("tyopaja",)), Filters(maturities=("kokeilu",))):
        assert [hit.id for hit in engine.search(SearchQuery("kahvitauko", chosen)).hits] == [1]


def test_each_facet_is_counted_without_its_own_choice(engine: BaseEngine) -> None:
    filters = Filters(regions=("kainuu",), sectors=("opetus-ja-kasvatus",))
    facets = engine.search(SearchQuery(filters=filters)).facets
    assert facets["region"] == {"kainuu": 1, "pirkanmaa": 2}
    assert facets["sector"] == {"koko-kunta": 2, "opetus-ja-kasvatus": 1}
    assert facets["organisation"] == {"kuhmon-kaupunki": 1}


def test_counts_promise_what_choosing_gives(engine: BaseEngine) -> None:
    for text in ("", "työ", "digitalisaatio", "kirjasto verkossa"):
        whole = engine.search(SearchQuery(text))
        assert whole.strong
        for sector, count in whole.facets["sector"].items():
            assert engine.search(SearchQuery(text, Filters(sectors=(sector,)))).strong == count
        for year, count in whole.facets["year"].items():
            assert engine.search(SearchQuery(text, Filters(years=(year,)))).strong == count


def test_an_unknown_filter_value_finds_nothing(engine: BaseEngine) -> None:
    result = engine.search(SearchQuery(filters=Filters(themes=("ei-ole",))))
    assert (result.hits, result.total) == ([], 0)


def test_quotes_want_the_exact_words_in_order(engine: BaseEngine) -> None:
    assert found(engine, '"öppet dygnet runt"') == [8]
    assert found(engine, '"dygnet öppet"') == []
    assert found(engine, '"lautapeli syntyi"') == [7]


def test_a_minus_excludes_in_every_form(engine: BaseEngine) -> None:
    assert 3 not in found(engine, "digitalisaatio -kirjastot")
    assert 6 in found(engine, "digitalisaatio -kirjastot")
    assert 3 not in found(engine, "-kirjasto")
    assert len(found(engine, "-kirjasto")) == 9
    assert 8 not in found(engine, 'digitalisaatio -"öppet dygnet"')


def test_a_hyphen_inside_a_word_excludes_nothing(engine: BaseEngine) -> None:
    assert found(engine, "sote-uudistus")[:1] == [7]
    assert found(engine, "ravinto- ja kouluruokailu")[:1] == [9]


def test_a_correction_is_told_and_can_be_refused(engine: BaseEngine) -> None:
    result = engine.search(SearchQuery("kotihoto"))
    assert (result.did_you_mean, result.corrected_from) == ("kotihoito", "kotihoto")
    assert engine.search(SearchQuery("kotihoto", verbatim=True)).hits == []


def test_relaxing_is_told(engine: BaseEngine) -> None:
    assert engine.search(SearchQuery("päiväkoti kotihoito")).relaxed
    assert not engine.search(SearchQuery("päiväkodin aamuhetki")).relaxed


def test_adoption_and_freshness_never_beat_a_clearly_better_match(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild(
        [
            deed(1, "Pyöräily työmatkoilla", "Pyöräily työmatkoilla yleistyi."),
            deed(900, "Taukojen virkistys", "Moni mainitsi pyöräilyn.", adoptions=500),
            *(deed(number, f"Muu teko {number}") for number in range(10, 30)),
        ]
    )
    assert found(engine, "pyöräily")[:2] == [1, 900]


def test_equal_matches_come_newest_first(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([deed(number, "Sama otsikko") for number in (1, 2, 3)] + [deed(9, "Toinen")])
    assert found(engine, "otsikko") == [3, 2, 1]


def test_highlights_mark_inflected_and_compound_words_and_escape(engine: BaseEngine) -> None:
    terms = engine.search(SearchQuery("hyvinvointi")).terms
    marked = engine.highlight("Työhyvinvoinnin <b>kello</b> & hyvinvointia", terms)
    assert marked == "<mark>Työhyvinvoinnin</mark> &lt;b&gt;kello&lt;/b&gt; &amp; <mark>hyvinvointia</mark>"


def test_a_long_text_is_cut_to_its_best_passage(engine: BaseEngine) -> None:
    terms = engine.search(SearchQuery("kotihoito")).terms
    text = "Aluksi muuta. " * 60 + "Kotihoitoa kehitettiin etänä. " + "Lopuksi muuta. " * 60
    passage = engine.highlight(text, terms, max_chars=120)
    assert "<mark>Kotihoitoa</mark>" in passage
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert len(passage) < 180


def test_suggestions_offer_names_deeds_and_words(engine: BaseEngine) -> None:
    kinds = {suggestion.kind: suggestion for suggestion in engine.suggest("digi", "fi", 8)}
    assert (kinds["theme"].text, kinds["theme"].key) == ("Digitalisaatio", "digitalisaatio")
    assert kinds["deed"].key == 3
    assert [s.text for s in engine.suggest("digitaliser", "sv") if s.kind == "theme"] == ["Digitalisering"]
    assert [s.key for s in engine.suggest("kuhm") if s.kind == "organisation"] == ["kuhmon-kaupunki"]


def test_themes_are_found_by_the_beginning_of_any_word_of_their_name(engine: BaseEngine) -> None:
    assert engine.themes_starting("digi") == ["digitalisaatio"]
    assert engine.themes_starting("digitaliser", "sv") == ["digitalisaatio"]
    assert engine.themes_starting("kuhm") == engine.themes_starting("") == []


def test_suggestions_forgive_a_slip_from_the_fourth_letter(engine: BaseEngine) -> None:
    assert any("irjasto" in suggestion.text for suggestion in engine.suggest("kirjsto"))
    assert engine.suggest("k") == []
    assert engine.suggest("") == []


def test_related_deeds_share_the_matter_and_not_the_deed(engine: BaseEngine) -> None:
    related = engine.related(6, 3)
    assert 6 not in related
    assert set(related) & {3, 8}
    assert engine.related(12345) == []


def test_deeds_with_the_same_need_are_nearer_than_those_with_the_same_way(make_engine: MakeEngine) -> None:
    engine = make_engine()
    way = "Työpajassa koottiin muistilista."
    made = [
        deed(1, "Aloitus", summary="Lyhyt kuvaus.", need="Tulokkaat eksyivät perehdytyksessä.", implementation=way),
        deed(2, "Jatko", summary="Toinen kuvaus.", need="Perehdytyksessä tulokkaat jäivät yksin.", implementation="x"),
        deed(3, "Muu", summary="Kolmas kuvaus.", need="Kopiokone jumittui.", implementation=way),
        *(deed(10 + n, f"Täyte {n}", summary="Aivan muuta asiaa.") for n in range(6)),
    ]
    engine.rebuild(made)
    assert engine.related(1)[0] == 2


def test_a_longer_text_finds_deeds_like_it(engine: BaseEngine) -> None:
    hits = engine.nearest("Haluamme, että kirjaston palvelut toimivat verkossa ja aineistot ovat digitaalisia.", 3)
    assert hits[0].id == 3


def test_a_changed_deed_is_found_by_its_new_words_only(engine: BaseEngine) -> None:
    engine.index([deed(3, "Uimahallin vuorot", "Uimarit varaavat radan itse.")], last_sequence=7)
    assert found(engine, "uimahalli")[:1] == [3]
    assert 3 not in found(engine, '"digiloikka"')
    assert engine.search(SearchQuery()).total == 10
    assert engine.status().last_sequence == 7


def test_a_deleted_deed_is_gone_from_hits_counts_and_suggestions(engine: BaseEngine) -> None:
    engine.delete([3])
    assert 3 not in found(engine, "kirjasto")
    assert engine.search(SearchQuery()).total == 9
    assert all(suggestion.key != 3 for suggestion in engine.suggest("kirjaston"))
    assert 3 not in engine.fingerprints()


def test_taking_the_same_batch_twice_changes_nothing(engine: BaseEngine) -> None:
    batch = [deed(3, "Uimahallin vuorot"), deed(11, "Uusi teko")]
    engine.replace(batch, [4])
    before = engine.search(SearchQuery(per_page=50))
    engine.replace(batch, [4])
    after = engine.search(SearchQuery(per_page=50))
    assert (before.hits, before.facets) == (after.hits, after.facets)


def test_an_empty_index_answers(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.rebuild([])
    assert engine.search(SearchQuery()).total == 0
    assert engine.search(SearchQuery("työhyvinvointi")).hits == []
    assert engine.suggest("työ") == []


BAD_INPUT = [
    '"',
    '""',
    '"auki',
    "-",
    "--",
    "- -",
    '-"',
    "ja tai",
    "a" * 10_000,
    "työ " * 3_000,
    "🙂🎉",
    "\x00\x01\x02",
    "(" * 300,
    "(" * 300 + "työ" + ")" * 300,
    "'; DROP TABLE deed; --",
    "***",
    "työ*",
    "*työ",
    "?*~^[]{}",
    "AND OR NOT",
    "title:työ AND (",
    "\u202e\u200b\u00ad",
    "½ ¾ ²",
    "ⅷ İ ß ﬁ",
    "a:b:c:::",
    "---työ",
    "\ud83d",
    "%_\\",
    "1" * 400,
    "työ\n\ttyö",
    " ".join(f"sana{number}" for number in range(300)),
    "-" * 500,
    '"a" ' * 200,
    "c++",
    "C#",
    "ääkköset ÄÄKKÖSET",
]


@pytest.mark.parametrize("text", BAD_INPUT, ids=range(len(BAD_INPUT)))
def test_any_text_gets_an_answer_soon(engine: BaseEngine, text: str) -> None:
    engine.search(SearchQuery("lämmittely lämmitely"))
    started = time.process_time()
    result = engine.search(SearchQuery(text))
    engine.suggest(text)
    engine.highlight("Työhyvinvointi kuuluu kaikille.", result.terms)
    assert time.process_time() - started < 0.2
    assert result.total >= len(result.hits)


def test_a_text_without_words_finds_nothing(engine: BaseEngine) -> None:
    assert engine.search(SearchQuery("🙂 ???")).total == 0


def test_all_documents_of_the_fixture_differ() -> None:
    assert len({document.id for document in DEEDS}) == len(DEEDS)
