"""Help, statements and terms."""

import re
from html import unescape
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeApp
from tests.web.counting import counted_queries

PATHS = ("/ohje", "/tietoa", "/saavutettavuus", "/tietosuoja", "/kayttoehdot", "/avoin-data", "/palaute/kiitos")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_every_text_page_opens_in_each_language_without_a_cookie(client: FlaskClient, path: str, prefix: str) -> None:
    answer = client.get(prefix + path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert len(re.findall(r"<h1", answer.text)) == 1
    assert re.search(r'<meta name="description" content="[^"]{30,}"', answer.text)


@pytest.mark.parametrize("path", PATHS)
def test_text_pages_need_no_database(app: Flask, client: FlaskClient, path: str) -> None:
    """The accessibility statement alone is data, one row of it."""
    with counted_queries(app) as statements:
        client.get(path)
    assert len(statements) == (1 if path == "/saavutettavuus" else 0)


def test_headings_come_in_order(client: FlaskClient) -> None:
    for path in PATHS:
        main = client.get(path).text.split("<main")[1].split("</main")[0]
        levels = [int(level) for level in re.findall(r"<h(\d)", main)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)


def test_the_help_asks_the_questions_of_the_four_stages(client: FlaskClient) -> None:
    page = client.get("/en/ohje").text
    for stage in ("1. Need for change", "2. Goals", "3. Implementation", "4. Results"):
        assert stage in page


def test_statements_name_operator_supervisor_and_contact(make_app: MakeApp) -> None:
    app = make_app(
        operator="Mallikunnan kehittämispalvelut", supervisor="Valvova virasto", contact_email="palvelu@example.org"
    )
    client = app.test_client()
    statement, privacy = client.get("/en/saavutettavuus").text, client.get("/en/tietosuoja").text
    for words in ("Mallikunnan kehittämispalvelut", "Valvova virasto", "palvelu@example.org", "306/2019", "WCAG 2.1"):
        assert words in statement, words
    assert "within 14 days" in statement
    assert "November 22, 2026" in statement
    assert "Mallikunnan kehittämispalvelut" in privacy
    assert "palvelu@example.org" in privacy


def test_the_privacy_page_tells_the_times_that_the_settings_keep(make_app: MakeApp) -> None:
    app = make_app(
        session_idle_minutes=41, session_hours=9, token_minutes=43, confirmation_hours=47,
        base_url="https://tori.example.org",
    )  # fmt: skip
    page = unescape(app.test_client().get("/en/tietosuoja", headers={"Host": "tori.example.org"}).text)
    for words in ("41 minutes without use, at most 9 hours", "43 minutes", "47 hours", "__Host-session"):
        assert words in page, words
    assert "7 days" in page
    assert "7 days after sending" in page
    assert "24 months" in page


def test_terms_name_the_licence_and_the_way_to_report(client: FlaskClient) -> None:
    page = client.get("/en/kayttoehdot").text
    assert "CC BY 4.0" in page
    assert "/palaute?aihe=report" in page


def test_open_data_names_addresses_that_exist(client: FlaskClient) -> None:
    page = client.get("/avoin-data").text
    for path in ("/api/openapi.json", "/sitemap.xml", "/teot.csv", "/teot.atom"):
        assert path in page
        assert client.get(path).status_code == 200
