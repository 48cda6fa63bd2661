"""What the search keeps (a log of nobody, saved searches) and what it offers when it finds nothing."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori import wiring
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.deeds import saved_searches, search_log
from tori.models.deeds import Sector
from tori.models.searching import SavedSearch, SearchLogEntry
from tori.policy import ANONYMOUS, Actor
from tori.search import indexing

PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"}


@pytest.fixture(autouse=True)
def nothing_waiting() -> None:
    search_log._waiting.items.clear()


@pytest.fixture
def square(app: Flask, session: Session, make: Factory) -> None:
    """Three deeds in the index."""
    make.deed("Kirjaston iltavuoro", summary="Kirjasto on auki myöhään.", themes=[make.theme("Yhteistyö")])
    make.deed("Kirjaston aamu", summary="Kirjaston ovet aukeavat omatoimisesti.")
    make.deed("Uimahallin vuorot", summary="Vuorot jaetaan reilusti.")
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))


def logged(session: Session) -> list[SearchLogEntry]:
    search_log.write()
    return list(session.scalars(select(SearchLogEntry).order_by(SearchLogEntry.id)))


# The log


def test_a_search_is_kept_without_its_person(square: None, client: FlaskClient, session: Session) -> None:
    client.get("/sv/teot?q=  Kirjaston   AAMU&toimiala=koko-kunta&vuosi=2026", headers=PERSON)
    (row,) = logged(session)
    assert (row.query, row.locale, row.clicked) == ("kirjaston aamu", "sv", None)
    assert row.filters == {"toimiala": ["koko-kunta"], "vuosi": ["2026"]}
    assert row.day == clock.in_finland(clock.now()).date()
    assert row.hits >= row.strong
    assert set(SearchLogEntry.__table__.columns.keys()) == {
        "id", "day", "query", "filters", "locale", "hits", "strong", "clicked",
    }  # fmt: skip


def test_what_may_name_a_person_is_struck_out() -> None:
    assert search_log.kept_words("Palaute matti@example.org 010101-123A asiasta") == "palaute … … asiasta"
    assert search_log.kept_words("puhelin 040 123 4567") == "puhelin …"
    assert search_log.kept_words("vuosi 2020") == "vuosi 2020"
    assert len(search_log.kept_words("ä" * 500)) == 200


@pytest.mark.parametrize(
    "agent", ["", "Googlebot/2.1", "curl/8.5", "python-requests/2.32", "Mozilla/5.0 (compatible; bingbot/2.0)"]
)
def test_programs_are_left_out(square: None, client: FlaskClient, session: Session, agent: str) -> None:
    client.get("/teot?q=kirjasto", headers={"User-Agent": agent})
    assert logged(session) == []


def test_browsing_and_later_pages_are_no_searches(square: None, client: FlaskClient, session: Session) -> None:
    for address in ("/teot", "/teot?toimiala=koko-kunta", "/teot?q=kirjasto&sivu=2"):
        client.get(address, headers=PERSON)
    assert logged(session) == []


def test_the_page_costs_no_statement_for_it(square: None, app: Flask, client: FlaskClient) -> None:
    client.get("/teot?q=kirjasto", headers=PERSON)
    with counted_queries(app) as statements:
        client.get("/teot?q=kirjasto", headers=PERSON)
    assert len(statements) <= PAGE_BUDGET
    assert not any("search_log" in statement for statement in statements)


def test_a_click_is_noted_to_the_newest_search_of_its_kind(square: None, client: FlaskClient, session: Session) -> None:
    for _ in range(2):
        client.get("/teot?q=Kirjasto", headers=PERSON)
    answer = client.post("/haku/klikkaus", data={"haku": "q=kirjasto", "sija": "2"}, headers=PERSON)
    assert (answer.status_code, answer.data, "Set-Cookie" in answer.headers) == (204, b"", False)
    client.post("/haku/klikkaus", data={"haku": "q=muu", "sija": "1"}, headers=PERSON)
    assert [row.clicked for row in logged(session)] == [None, 2]


@pytest.mark.parametrize("rank", ["", "0", "-1", "yksi", "99999", "²", "5000"])
def test_odd_clicks_count_nothing(square: None, client: FlaskClient, session: Session, rank: str) -> None:
    client.get("/teot?q=kirjasto", headers=PERSON)
    assert client.post("/haku/klikkaus", data={"haku": "q=kirjasto", "sija": rank}, headers=PERSON).status_code == 204
    assert [row.clicked for row in logged(session)] == [None]


def test_clicks_beyond_the_limit_are_passed_over(
    square: None, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tori.edge import limits

    monkeypatch.setitem(limits.LIMITS, "click_address", (1, timedelta(hours=1)))
    for _ in range(3):
        client.get("/teot?q=kirjasto", headers=PERSON)
        answer = client.post("/haku/klikkaus", data={"haku": "q=kirjasto", "sija": "1"}, headers=PERSON)
        assert answer.status_code == 204
    assert sum(row.clicked is not None for row in logged(session)) == 1


def test_old_searches_are_removed(app: Flask, session: Session) -> None:
    today = clock.in_finland(clock.now()).date()
    for days in (0, 700, 740):
        session.add(
            SearchLogEntry(day=today - timedelta(days=days), query=str(days), filters={}, locale="fi", hits=0, strong=0)
        )
    session.commit()
    search_log.sweep(app.extensions["tori"])
    assert [row.query for row in session.scalars(select(SearchLogEntry))] == ["0", "700"]


def test_a_database_that_does_not_answer_stops_no_page(
    square: None, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def fail() -> int:
        raise OperationalError("x", {}, Exception("locked"))

    monkeypatch.setattr(search_log, "write", fail)
    assert client.get("/teot?q=kirjasto", headers=PERSON).status_code == 200
    search_log._write_later(app)


# Popular searches


def test_what_many_search_for_is_offered_and_what_one_typed_is_not(
    square: None, client: FlaskClient, session: Session
) -> None:
    today = clock.in_finland(clock.now()).date()

    def searched(query: str, days: tuple[int, ...], locale: str = "fi", strong: int = 1) -> None:
        for ago in days:
            day = today - timedelta(days=ago)
            session.add(SearchLogEntry(day=day, query=query, filters={}, locale=locale, hits=1, strong=strong))

    searched("kirjaston omatoimiaika", (0, 1, 1, 2, 3))
    searched("kirjasto yksin", (0, 0, 0, 0, 0, 0))
    searched("kirjasto ennen", (200, 201, 202, 203, 204))
    searched("kirjasto … puhelin", (0, 1, 1, 2, 3))
    searched("kirjasto kuussa", (0, 1, 1, 2, 3), strong=0)
    searched("kirjasto ruotsiksi", (0, 1, 1, 2, 3), locale="sv")
    session.commit()
    items = client.get("/api/v1/suggest?q=kirja").get_json()["items"]
    asked = [item["text"] for item in items if item["kind"] == "query"]
    assert asked[0] == "kirjaston omatoimiaika"
    assert not {"kirjasto yksin", "kirjasto ennen", "kirjasto kuussa", "kirjasto ruotsiksi"} & set(asked)
    assert not any("…" in text for text in asked)
    assert {"deed"} <= {item["kind"] for item in items}
    assert client.get("/api/v1/suggest?q=omatoi").get_json()["items"][0]["text"] == "kirjaston omatoimiaika"


# Saved searches


def test_one_press_saves_and_another_lets_go(square: None, browser: Browser, make: Factory, session: Session) -> None:
    browser.sign_in(make.user())
    page = browser.get("/teot?vuosi=2026&q=kirjasto&sivu=1").text
    assert 'aria-pressed="false"' in page
    answer = browser.post("/oma/haut", {"haku": "vuosi=2026&q=kirjasto&roska=1", "nimi": "“kirjasto”, 2026"})
    assert answer.headers["Location"].endswith("/teot?q=kirjasto&vuosi=2026")
    browser.post("/oma/haut", {"haku": "?q=kirjasto&vuosi=2026"})
    saved = session.scalars(select(SavedSearch)).one()
    assert (saved.query, saved.name) == ("q=kirjasto&vuosi=2026", "“kirjasto”, 2026")
    assert 'aria-pressed="true"' in browser.get("/teot?q=kirjasto&vuosi=2026").text
    assert "q=kirjasto&amp;vuosi=2026" in browser.get("/oma/haut").text
    browser.post(f"/oma/haut/{saved.id}/poista", {"haku": saved.query})
    session.rollback()
    assert session.scalars(select(SavedSearch)).all() == []


def test_searches_are_ones_own(app: Flask, browser: Browser, make: Factory, session: Session) -> None:
    owner, other = make.user(), make.user()
    row = saved_searches.save(session, Actor(owner), "q=kirjasto", "")
    session.commit()
    browser.sign_in(other)
    assert "kirjasto" not in browser.get("/oma/haut").text
    browser.post(f"/oma/haut/{row.id}/poista")
    session.rollback()
    assert saved_searches.saved_by(session, Actor(owner)) == [row]


def test_a_visitor_is_led_to_sign_in_and_finds_the_search_again(square: None, browser: Browser, make: Factory) -> None:
    assert "/oma/haut?haku=q%3Dkirjasto" in browser.get("/teot?q=kirjasto").text
    assert browser.get("/oma/haut?haku=q%3Dkirjasto").status_code in (302, 303)
    browser.sign_in(make.user())
    assert 'value="q=kirjasto"' in browser.get("/oma/haut?haku=q%3Dkirjasto").text


def test_nothing_and_too_much_are_not_saved(session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = Actor(make.user())
    with pytest.raises(RuleBroken, match="value_missing"):
        saved_searches.save(session, actor, "sivu=2", "")
    with pytest.raises(NotAllowed):
        saved_searches.save(session, ANONYMOUS, "q=kirjasto", "")
    monkeypatch.setattr(saved_searches, "MAX_SAVED", 1)
    saved_searches.save(session, actor, "q=kirjasto", "")
    with pytest.raises(RuleBroken, match="too_many_items"):
        saved_searches.save(session, actor, "q=koulu", "")


# Nothing found


def test_a_search_without_answers_shows_ways_on(square: None, client: FlaskClient, session: Session) -> None:
    sector = session.scalars(select(Sector)).first()
    assert sector is not None
    page = client.get(f"/teot?q=ydinvoimala&toimiala={sector.slug}").text
    assert "Yhteistyö" in page or "yhteistyo" in page
    assert f"/toimialat/{sector.slug}" in page
    assert "Kirjaston aamu" in page


def test_the_wider_search_tells_how_much_it_finds(square: None, client: FlaskClient) -> None:
    page = client.get("/en/teot?q=kirjasto&vuosi=1999").text
    assert "Search without filters: 2 deeds" in page


def test_the_heading_counts_answers_and_not_weak_matches(app: Flask, session: Session, make: Factory) -> None:
    for number in range(4):
        make.deed(f"Kirjaston ilta {number}")
    make.deed("Uimahallin ilta")
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    page = app.test_client().get("/en/teot?q=uimahalli+kirjekuori").text
    assert "No deed quite answers" in page or "1 deed for" in page
    page = app.test_client().get("/en/teot?q=ydinvoimalan+ilta").text
    assert "No deed quite answers “ydinvoimalan ilta”" in page
    assert "deeds for “ydinvoimalan" not in page


def test_an_exact_search_says_so_and_leads_back(square: None, client: FlaskClient) -> None:
    page = client.get("/en/teot?q=kirjastoo&sanatarkka=1").text
    assert "exactly as you typed" in page
    assert 'href="/en/teot?q=kirjastoo"' in page
    assert "exactly as you typed" not in client.get("/en/teot?q=kirjastoo").text


def test_deeds_are_chosen_by_work_and_by_size_of_municipality(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    small = make.organisation("Pienen kunta", municipality_id=make.municipality("Pieni", population=2_000).id)
    large = make.organisation("Ison kaupunki", municipality_id=make.municipality("Iso", population=250_000).id)
    make.deed("Kirjaston pikku kokeilu", effort="pieni", organisation_id=small.id)
    make.deed("Kirjaston suuri hanke", effort="hanke", organisation_id=large.id)
    make.deed("Kirjaston kesä", organisation_id=large.id)
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    page = client.get("/en/teot?q=kirjasto&laajuus=pieni").text
    assert "Kirjaston pikku kokeilu" in page
    assert "Kirjaston suuri hanke" not in page
    assert "A small experiment" in page
    page = client.get("/en/teot?q=kirjasto&koko=yli-100000").text
    assert "2 deeds for" in page
    assert "over 100,000 inhabitants" in page
    assert "Kirjaston pikku kokeilu" not in page
    answer = client.get("/api/v1/deeds?koko=yli-100000&laajuus=hanke").get_json()
    assert [item["title"] for item in answer["items"]] == ["Kirjaston suuri hanke"]
    assert {facet["value"]: facet["count"] for facet in answer["facets"]["size"]} == {"yli-100000": 1}
    assert client.get("/api/v1/deeds?koko=valtava").status_code == 400


def test_an_answer_needs_no_ways_on(square: None, client: FlaskClient) -> None:
    assert "near-themes" not in client.get("/teot?q=kirjasto").text


def test_a_deed_in_another_language_is_marked(app: Flask, session: Session, make: Factory, client: FlaskClient) -> None:
    make.deed("Kirjaston aamu", language="fi")
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    assert '<span class="badge">Finnish</span>' in client.get("/en/teot?q=kirjasto").text
    assert 'badge">suomi' not in client.get("/teot?q=kirjasto").text
