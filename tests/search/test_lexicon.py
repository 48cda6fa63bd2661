"""Completion and mending of words."""

import pytest

from tori.search.lexicon import Lexicon, similarity_of

WORDS = {
    "varhaiskasvatus": 12,
    "kotihoito": 9,
    "palvelumuotoilu": 7,
    "itseohjautuvuus": 14,
    "työhyvinvointi": 20,
    "koulu": 30,
    "kello": 2,
    "kunta": 40,
    "kuntoutus": 3,
    "kirjasto": 6,
    "robotiikka": 4,
    "tekoäly": 3,
    "kaavoitus": 2,
    "nuoret": 8,
    "digitalisaatio": 11,
    "esihenkilö": 15,
    "siivous": 5,
    "kesätyöseteli": 1,
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("varhaiskasvtus", "varhaiskasvatus"),
        ("kotihoto", "kotihoito"),
        ("palvelumotoilu", "palvelumuotoilu"),
        ("itsohjautuvus", "itseohjautuvuus"),
        ("tyohyvinvointi", "työhyvinvointi"),
        ("koluu", "koulu"),
        ("kirjsato", "kirjasto"),
        ("robotikka", "robotiikka"),
        ("tekoälly", "tekoäly"),
        ("noret", "nuoret"),
        ("digitalisatioo", "digitalisaatio"),
        ("esihenklö", "esihenkilö"),
        ("varhaiskasvtuksessa", "varhaiskasvatus"),
    ],
)
def test_a_slip_meets_the_word_that_was_meant(lexicon: Lexicon, typed: str, meant: str) -> None:
    assert lexicon.near(typed)[0].word == meant


@pytest.mark.parametrize("typed", ["abc", "qqqqqq", "lentokone", "x" * 50, "🙂🙂🙂🙂", ""])
def test_what_is_like_nothing_meets_nothing(lexicon: Lexicon, typed: str) -> None:
    assert lexicon.near(typed) == []


def test_beginnings_come_commonest_first(lexicon: Lexicon) -> None:
    assert lexicon.starting_with("k", 3) == [("kunta", 40), ("koulu", 30), ("kotihoito", 9)]
    assert lexicon.starting_with("kunto", 3) == [("kuntoutus", 3)]
    assert lexicon.starting_with("ö", 3) == []


def test_dots_and_doubled_letters_cost_less_than_other_slips() -> None:
    assert similarity_of("tyo", "työ") > similarity_of("tyu", "työ")
    assert similarity_of("robotikka", "robotiikka") > similarity_of("robotekka", "robotiikka")


def test_frequencies_are_kept(lexicon: Lexicon) -> None:
    assert lexicon.frequency("koulu") == 30
    assert lexicon.frequency("kouluu") == 0
    assert "koulu" in lexicon
