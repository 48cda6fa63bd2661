"""The parser takes any text, keeps its limits and excludes only on purpose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tori.search.query import MAX_PHRASES, MAX_WORDS, parse


def forms(text: str) -> list[str]:
    return [word.form for word in parse(text).wanted]


@pytest.mark.parametrize(
    ("text", "wanted", "phrases", "excluded"),
    [
        ("Työhyvinvointi kotihoidossa", ["työhyvinvointi", "kotihoidossa"], [], []),
        ("sote-uudistus", ["sote-uudistus"], [], []),
        ("2012-2015", ["2012-2015"], [], []),
        ("ravinto- ja terveyspalvelut", ["ravinto", "ja", "terveyspalvelut"], [], []),
        ('"työn ilo" koulussa', ["koulussa"], [("työn", "ilo")], []),
        ("koulu -lukio", ["koulu"], [], [("lukio",)]),
        ("koulu - lukio", ["koulu", "lukio"], [], []),
        ("koulu -2020", ["koulu", "2020"], [], []),
        ('koulu -"työn ilo"', ["koulu"], [], [("työn", "ilo")]),
        ("“työn ilo”", [], [("työn", "ilo")], []),
        ('"auki jäänyt lainaus', ["auki", "jäänyt", "lainaus"], [], []),
        ("teema:digi", ["teema:digi"], [], []),
        ("c++ ja C#", ["c++", "ja", "c#"], [], []),
        ("työ työ TYÖ", ["työ"], [], []),
        ("", [], [], []),
    ],
)
def test_a_text_is_read_as_a_reader_means_it(
    text: str, wanted: list[str], phrases: list[tuple[str, ...]], excluded: list[tuple[str, ...]]
) -> None:
    parsed = parse(text)
    assert [word.form for word in parsed.wanted] == wanted
    assert list(parsed.phrases) == phrases
    assert list(parsed.excluded) == excluded


def test_a_star_after_three_letters_asks_for_beginnings() -> None:
    assert [(word.form, word.prefix) for word in parse("työhy* ky* koulu").wanted] == [
        ("työhy", True), ("ky", False), ("koulu", False),
    ]  # fmt: skip


def test_soft_hyphens_and_odd_dashes_do_not_part_words() -> None:
    assert forms("työ\u00adhyvin\u00advointi") == ["työhyvinvointi"]
    assert forms("sote\u2011uudistus") == ["sote-uudistus"]


def test_letters_typed_in_two_parts_are_one() -> None:
    assert forms("tyo\u0308") == ["työ"]


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=600))
def test_no_text_breaks_the_parser_or_its_limits(text: str) -> None:
    parsed = parse(text)
    assert len(parsed.wanted) <= MAX_WORDS
    assert len(parsed.phrases) <= MAX_PHRASES
    assert len(parsed.excluded) <= MAX_WORDS
    assert all(word.form and word.form == word.form.lower() for word in parsed.wanted)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='ab äö-"*():', max_size=60))
def test_reading_the_kept_text_again_changes_nothing(text: str) -> None:
    parsed = parse(text)
    assert parse(parsed.text) == parsed


@settings(max_examples=150, deadline=None)
@given(st.lists(st.from_regex(r"[a-zåäö]{1,12}", fullmatch=True), max_size=8))
def test_plain_words_are_kept_in_order(words: list[str]) -> None:
    assert forms(" ".join(words)) == list(dict.fromkeys(words))
