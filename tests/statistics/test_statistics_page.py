"""The statistics page, its files, and the map."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.core import clock
from tori.core.events import DeedPublished, record
from tori.web.map import CLASS_FLOORS, class_of, coarse
from tori.web.statistics import FIRST_PART, PARTS

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def test_the_page_reads_its_charts_aloud_and_gives_tables(make: Factory, client: FlaskClient) -> None:
    for number in range(3):
        make.deed(f"Teko {number}")
    with clock.frozen(NOW):
        page = client.get("/en/tilastot").text
    assert "The best year so far is 2026 with 3 deeds" in page
    assert 'role="img"' in page
    assert page.count("<table") >= 3
    assert "How the figures are counted" in page


def test_history_keeps_its_qualifiers_dates_and_source(client: FlaskClient) -> None:
    page = client.get("/en/tilastot/ensimmainen-tori").text
    assert "667" in page
    assert "12 Oct 2020" in page
    assert "about 100" in page
    assert "978-952-293-773-5" in page
    assert "Where the sources disagree" in page


def test_an_empty_square_has_a_written_page(client: FlaskClient) -> None:
    for part in PARTS:
        page = client.get("/en/tilastot" if part == FIRST_PART else f"/en/tilastot/{part}").text
        assert ("Nothing to count yet" in page) == (part != "ensimmainen-tori"), part


def test_the_menu_leads_to_every_part_and_tells_where_the_reader_is(make: Factory, client: FlaskClient) -> None:
    make.deed()
    for part in PARTS:
        path = "/tilastot" if part == FIRST_PART else f"/tilastot/{part}"
        page = client.get(f"/en{path}").text
        assert page.count("<h1") == 1
        menu = re.search(r'<nav class="subnav" aria-label="Parts of the statistics">(.*?)</nav>', page, re.S)
        assert menu
        assert menu[1].count("<a ") == len(PARTS)
        assert re.findall(r'href="([^"]+)" aria-current="page"', menu[1]) == [f"/en{path}"]
    assert client.get("/tilastot/muut").status_code == 404


@pytest.mark.parametrize("name", ["vuodet", "kuukaudet", "toimialat", "maakunnat", "organisaatiot"])
def test_each_table_can_be_taken_as_a_file(make: Factory, client: FlaskClient, name: str) -> None:
    make.deed(organisation_id=make.organisation("=HYPERLINK(1) kunta").id)
    answer = client.get(f"/tilastot/{name}.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.startswith("\ufeff")
    assert ";" in answer.text
    assert "\n=HYPERLINK" not in answer.text
    assert ";=HYPERLINK" not in answer.text


def test_an_unknown_table_is_not_found(client: FlaskClient) -> None:
    assert client.get("/tilastot/salaiset.csv").status_code == 404


COUNTING_BUDGET = 45
"""Statements when every figure is counted afresh, whatever the number of rows."""


def test_figures_are_counted_once_for_each_version_of_the_content(
    app: Flask, make: Factory, client: FlaskClient
) -> None:
    for number in range(20):
        make.deed(f"Teko {number}", organisation_id=make.organisation(f"Kunta numero {number}").id)
    with counted_queries(app) as cold:
        assert client.get("/tilastot").status_code == 200
    assert PAGE_BUDGET < len(cold) <= COUNTING_BUDGET
    with counted_queries(app) as warm:
        assert client.get("/tilastot").status_code == 200
    assert len(warm) <= 3, warm


def test_a_change_of_the_content_shows_at_once(session: Session, make: Factory, client: FlaskClient) -> None:
    make.deed("Ensimmäinen")
    assert client.get("/api/v1/statistics").get_json()["totals"]["deeds"] == 1
    deed = make.deed("Toinen")
    record(session, DeedPublished(actor_id=None, deed_id=deed.id))
    session.commit()
    assert client.get("/api/v1/statistics").get_json()["totals"]["deeds"] == 2


@pytest.mark.parametrize("path", ["/kartta.svg"])
def test_the_pages_take_few_queries(app: Flask, make: Factory, client: FlaskClient, path: str) -> None:
    for number in range(20):
        make.deed(f"Teko {number}", organisation_id=make.organisation(f"Kunta numero {number}").id)
    with counted_queries(app) as statements:
        assert client.get(path).status_code == 200
    assert len(statements) <= PAGE_BUDGET, statements


def test_the_map_says_the_same_in_a_table_and_names_its_sources(make: Factory, client: FlaskClient) -> None:
    make.deed(
        organisation_id=make.organisation("Nokian kaupunki", municipality_id=make.municipality("Nokia", "536").id).id
    )
    make.municipality("Kauniainen", "235")
    page = client.get("/en/kartta").text
    assert 'class="q1"' in page
    assert "<title>Nokia: 1</title>" in page
    assert "National Land Survey of Finland" in page
    assert 'href="/en/teot?maakunta=pirkanmaa"' in page
    assert "<circle" in page


def test_the_light_map_is_a_plain_picture(make: Factory, client: FlaskClient) -> None:
    answer = client.get("/kartta.svg")
    root = ElementTree.fromstring(answer.text)
    assert root.tag.endswith("svg")
    assert answer.mimetype == "image/svg+xml"
    assert "style" not in answer.text
    assert "script" not in answer.text
    assert len(answer.data) < 60_000


def test_the_light_map_may_be_kept_as_long_as_its_version_is_right(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    nokia = make.organisation("Nokian kaupunki", municipality_id=make.municipality("Nokia", "536").id)
    assert "immutable" in client.get("/kartta.svg?v=0").headers["Cache-Control"]
    assert "immutable" not in client.get("/kartta.svg?v=7").headers["Cache-Control"]
    before = client.get("/kartta.svg").text
    deed = make.deed(organisation_id=nokia.id)
    record(session, DeedPublished(actor_id=None, deed_id=deed.id))
    session.commit()
    answer = client.get("/kartta.svg?v=1")
    assert answer.text != before
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get("/kartta.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_classes_of_the_map_cover_every_count() -> None:
    assert [class_of(count) for count in (0, 1, 2, 3, 4, 9, 10, 999)] == [
        "q0",
        "q1",
        "q2",
        "q2",
        "q3",
        "q3",
        "q4",
        "q4",
    ]
    assert set(CLASS_FLOORS) == {"q0", "q1", "q2", "q3", "q4"}


@pytest.mark.parametrize(
    ("fine", "plain"),
    [
        ("M1.4 1.4l.05 0 2.9 0z", "M1 1l3 0z"),
        ("M10 10l-5-5 .2.2z", "M10 10l-5-5z"),
        ("M10 10l5 0zM0 0l2.6 2.6z", "M10 10l5 0zM0 0l3 3z"),
    ],
)
def test_a_coarse_path_ends_where_the_fine_one_does(fine: str, plain: str) -> None:
    assert coarse(fine) == plain
