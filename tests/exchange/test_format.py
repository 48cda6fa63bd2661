"""One line of the import format: what is taken, what is refused and why."""

import json
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.lines import WHOLE, line, whole
from tori.exchange.format import KEYS, BadLine, csv_cell, csv_rows, parse_line
from tori.models.deeds import DEFAULT_LICENCE


def problems_of(text: str | bytes, **options: bool) -> list[tuple[str, str]]:
    with pytest.raises(BadLine) as caught:
        parse_line(text, **options)
    return [(problem.field, problem.code) for problem in caught.value.problems]


def test_the_least_line_has_sensible_defaults() -> None:
    deed = parse_line(line())
    assert (deed.language, deed.licence, deed.themes, deed.external_id) == ("fi", DEFAULT_LICENCE, (), None)


def test_every_key_is_read() -> None:
    deed = parse_line(whole())
    assert deed.period == ("2025-08", "2026")
    assert deed.funding == ("Opetushallitus", 5000)
    assert deed.materials[1].url == ""
    assert deed.indicators[0].actual == "noin 12"
    assert deed.goals == "- liikettä\n- iloa"
    assert set(WHOLE) <= set(KEYS)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse_line(b"\xef\xbb\xbf" + line().encode()).title == "Kävelypalaveri"


@pytest.mark.parametrize("key", ["title", "summary", "organisation", "sector"])
@pytest.mark.parametrize("value", [None, "", "   ", "\u200b"])
def test_required_keys_must_say_something(key: str, value: str | None) -> None:
    assert problems_of(line(**{key: value})) == [(key, "missing")]


def test_all_problems_of_a_line_are_told_at_once() -> None:
    assert problems_of(line(title="", language="de", period={"start": "x"}, vaara=1)) == [
        ("vaara", "unknown_key"), ("title", "missing"), ("language", "bad_choice"), ("period", "bad_period"),
    ]  # fmt: skip


def test_unknown_keys_may_be_passed_over() -> None:
    assert parse_line(line(vaara=1), ignore_unknown=True).title == "Kävelypalaveri"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"), ("", "not_json"), ("[" * 100_000, "not_json"), ('{"title": NaN}', "not_json"),
        ('{"title": Infinity}', "not_json"), ('{"a": ' + "9" * 5000 + "}", "not_json"), ("[]", "not_object"),
        ('"teko"', "not_object"), ("null", "not_object"), ("3", "not_object"), (b"\xff\xfe{}", "not_utf8"),
        ('{"title": "a", "title": "b"}', "repeated_key"), ('{"a": "' + "x" * 600_000 + '"}', "line_too_long"),
    ],
)  # fmt: skip
def test_what_is_no_deed_is_refused_in_plain_words(app: Flask, text: str | bytes, code: str) -> None:
    """I08"""
    with pytest.raises(BadLine) as caught:
        parse_line(text)
    assert [problem.code for problem in caught.value.problems] == [code]
    with app.app_context():
        assert caught.value.problems[0].sentence()


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("title", ["a"], "not_text"), ("title", {"a": 1}, "not_text"), ("title", 5, "not_text"),
        ("title", "x" * 121, "too_long"), ("summary", "x" * 601, "too_long"), ("need", "x" * 20_001, "too_long"),
        ("themes", "aivotyo", "not_list"), ("themes", list("abcdef"), "too_many"), ("partners", ["a"] * 31, "too_many"),
        ("published_on", "4.5.2026", "bad_date"), ("published_on", "2026-02-30", "bad_date"),
        ("published_on", 2026, "not_text"), ("published_on", "20260504", "bad_date"),
        ("period", "2026", "not_mapping"), ("period", {"start": "2026", "end": "2025"}, "period_backwards"),
        ("period", {"start": "2026-13"}, "bad_period"), ("period", {"alku": "2026"}, "not_mapping"),
        ("organisation_type", "seurakunta", "bad_choice"), ("maturity", "valmis", "bad_choice"),
        ("status", "poistettu", "bad_choice"), ("is_short", "true", "not_boolean"),
        ("source_url", "javascript:alert(1)", "bad_url"), ("source_url", "example.org", "bad_url"),
        ("source_url", "https://", "bad_url"), ("source_url", "http://[", "bad_url"),
        ("external_id", "x" * 201, "too_long"), ("external_id", 7, "not_text"),
    ],
)  # fmt: skip
def test_bad_values_name_their_field(key: str, value: Any, code: str) -> None:
    assert problems_of(line(**{key: value})) == [(key, code)]


@pytest.mark.parametrize(
    ("key", "value", "field", "code"),
    [
        ("themes", ["a", 5], "themes[1]", "not_text"),
        ("themes", ["a", None], "themes[1]", "not_text"),
        ("indicators", [{"unit": "kpl"}], "indicators[0].name", "missing"),
        ("indicators", ["x"], "indicators[0]", "not_mapping"),
        ("indicators", [{"name": "a", "goal": 1}], "indicators[0]", "not_mapping"),
        ("indicators", [{"name": "a", "actual": True}], "indicators[0].actual", "not_text"),
        ("materials", [{"title": "a", "url": "file:///etc/passwd"}], "materials[0].url", "bad_url"),
        ("materials", [{}], "materials[0].title", "missing"),
        ("funding", {"euros": -1}, "funding.euros", "not_euros"),
        ("funding", {"euros": 1.5}, "funding.euros", "not_euros"),
        ("funding", {"euros": True}, "funding.euros", "not_euros"),
        ("funding", {"euros": "5000"}, "funding.euros", "not_euros"),
        ("funding", {"euros": 10**30}, "funding.euros", "not_euros"),
    ],
)
def test_bad_values_inside_name_their_place(key: str, value: Any, field: str, code: str) -> None:
    assert problems_of(line(**{key: value})) == [(field, code)]


def test_a_lone_surrogate_is_refused() -> None:
    assert problems_of('{"title": "\\ud800", "summary": "a", "organisation": "b", "sector": "c"}') == [
        ("title", "not_utf8")
    ]


def test_figures_may_be_numbers() -> None:
    deed = parse_line(line(indicators=[{"name": "pajat", "target": 10, "actual": 12.5}], period={"start": 2026}))
    assert (deed.indicators[0].target, deed.indicators[0].actual) == ("10", "12.5")
    assert deed.period == ("2026", None)


def test_texts_are_cleaned_and_lists_hold_each_value_once() -> None:
    deed = parse_line(line(title="  Kävely\u202epalaveri \n nyt ", partners=["A", " A ", "", "B"]))
    assert deed.title == "Kävelypalaveri nyt"
    assert deed.partners == ("A", "B")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner),
    )
)
def test_nothing_else_than_a_bad_line_comes_out_of_odd_values(value: Any) -> None:
    with suppress(BadLine):
        parse_line(json.dumps(value))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            key: st.one_of(
                st.text(), st.none(), st.lists(st.text()), st.dictionaries(st.text(), st.text()), st.integers()
            )
            for key in KEYS
        },
    )
)
def test_no_mixture_of_known_keys_breaks_the_reader(value: Any) -> None:
    with suppress(BadLine):
        parse_line(json.dumps({"title": "a", "summary": "b", "organisation": "c", "sector": "d", **value}))


@pytest.mark.parametrize(
    "text", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "＝1", "|calc", "%x"]
)
def test_a_formula_becomes_text(text: str) -> None:
    """I12"""
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Kävely", "2026-05-04", "3 = 3", "", "'x"])
def test_other_cells_stay(text: str) -> None:
    assert csv_cell(text) == text


def test_a_table_opens_in_finnish_spreadsheets() -> None:
    assert csv_rows(["Nimi", "Luku"], [["a;b", 1], [None, "=x"]]) == '\ufeffNimi;Luku\r\n"a;b";1\r\n;\'=x\r\n'
