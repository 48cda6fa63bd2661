"""The map: measures, filters, ways of models, one region near by, and its weight on the wire."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.statistics.simulated import NOW, fill
from tests.statistics.slow_path import SlowPath
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.core import clock
from tori.models.deeds import Adoption, Deed
from tori.models.people import Municipality, Organisation
from tori.statistics.mapped import MapChoice, Measure, arcs, places
from tori.web.map import _shapes

MOST_BYTES = 250_000


@pytest.fixture
def square(make: Factory) -> dict[str, Organisation]:
    """Nokia, Akaa and Tampere by their real codes; Akaa has taken a model of Nokia's."""
    codes = {"Nokia": ("536", 30_000), "Akaa": ("020", 16_000), "Tampere": ("837", 250_000)}
    found = {
        name: make.organisation(name, municipality_id=make.municipality(name, code, people).id)
        for name, (code, people) in codes.items()
    }
    for number in range(3):
        make.deed(f"Nokian teko {number}", organisation_id=found["Nokia"].id)
    make.deed("Akaan teko", organisation_id=found["Akaa"].id, published_at=datetime(2024, 5, 4, tzinfo=UTC))
    make.deed("Luonnos", organisation_id=found["Tampere"].id, status="draft")
    return found


def adopt(session: Session, deed: Deed, taker: Organisation) -> None:
    session.add(Adoption(deed_id=deed.id, organisation_id=taker.id, updated_at=NOW))
    session.commit()


def test_every_measure_is_counted_as_the_rows_say(app: Flask, session: Session) -> None:
    fill(session)
    slow = SlowPath(session, NOW)

    def code_of(organisation_id: int) -> str | None:
        town = slow.towns.get(slow.places[organisation_id].municipality_id or 0)
        return town.code if town else None

    expected: dict[Measure, list[str | None]] = {
        Measure.DEEDS: [code_of(deed.organisation_id) for deed in slow.deeds],
        Measure.ORGANISATIONS: [code_of(number) for number in {deed.organisation_id for deed in slow.deeds}],
        Measure.RECEIVED: [code_of(slow.by_id[row.deed_id].organisation_id) for row in slow.adoptions],
        Measure.MADE: [code_of(row.organisation_id) for row in slow.adoptions],
    }
    for measure, codes in expected.items():
        found = {place.code: place.count for place in places(session, MapChoice(measure), "fi")}
        assert found == {code: codes.count(code) for code in found}, measure
        assert sum(found.values()) > 0
    ways = {(arc.giver, arc.taker): arc.adoptions for arc in arcs(session, MapChoice())}
    all_ways = [
        (code_of(slow.by_id[row.deed_id].organisation_id), code_of(row.organisation_id)) for row in slow.adoptions
    ]
    for way, count in ways.items():
        assert way[0] != way[1]
        assert all_ways.count(way) == count


def test_filters_narrow_the_map(square: dict[str, Organisation], client: FlaskClient) -> None:
    page = client.get("/en/kartta?vuosi=2024").text
    assert "<title>Akaa: 1</title>" in page
    assert "<title>Nokia: 0</title>" in page
    assert 'value="2024" selected' in page
    assert "kunta=020" in page
    everything = client.get("/en/kartta?vuosi=kissa&mittari=hupsu").text
    assert "<title>Nokia: 3</title>" in everything


def test_small_municipalities_stand_out_for_their_inhabitants(
    square: dict[str, Organisation], client: FlaskClient
) -> None:
    page = client.get("/en/kartta?suhde=asukkaat").text
    assert "<title>Nokia: 0.10</title>" in page
    assert "<title>Akaa: 0.06</title>" in page
    assert "<title>Tampere: 0.00</title>" in page


def test_ways_of_models_are_drawn_and_listed(
    session: Session, square: dict[str, Organisation], make: Factory, client: FlaskClient
) -> None:
    deed = make.deed("Levinnyt", organisation_id=square["Nokia"].id)
    adopt(session, deed, square["Akaa"])
    page = client.get("/en/kartta?reitit=1").text
    assert 'class="arc w1"' in page
    assert "<li>From Nokia to Akaa: 1 model</li>" in page
    assert 'class="arc' not in client.get("/en/kartta").text
    assert "<title>Nokia: 1</title>" in client.get("/en/kartta?mittari=mallia-annettu").text
    assert "<title>Akaa: 1</title>" in client.get("/en/kartta?mittari=mallia-otettu").text


def test_one_region_comes_near_with_all_its_municipalities(
    square: dict[str, Organisation], client: FlaskClient
) -> None:
    whole, near = client.get("/en/kartta").text, client.get("/en/kartta?alue=pirkanmaa").text
    frames = [re.search(r'class="map" viewBox="([^"]+)"', page) for page in (whole, near)]
    assert all(frames)
    sizes = [float(frame[1].split()[3]) for frame in frames if frame]
    assert sizes[1] < sizes[0] / 3
    assert "Tampere" in near.partition("The same by municipality")[2]
    assert 'value="pirkanmaa" selected' in near


def test_a_white_spot_invites(square: dict[str, Organisation], make: Factory, client: FlaskClient) -> None:
    kainuu = make.region("Kainuu", "18")
    town = make.municipality("Puolanka", "620")
    town.region_id = kainuu.id
    make.session.commit()
    page = client.get("/en/kartta").text
    assert "Nobody yet from Kainuu. Tell the first." in page
    assert 'href="/en/teot/uusi"' in page


def test_the_map_of_all_municipalities_is_light_on_the_wire(app: Flask, session: Session, client: FlaskClient) -> None:
    """Uncompressed: every municipality with a number, all the ways that are drawn, the table beside it."""
    fill(session, deeds=600, adoptions=2_000, organisations=40)
    codes = list(_shapes()["municipalities"])
    towns = [
        {
            "id": 1_000 + number, "code": code, "name": f"Kunnan nimi {code}", "region_id": 1, "latitude": 61.0,
            "longitude": 25.0, "language_status": "fi", "urban_rural": "urban", "population": 5_000,
        }
        for number, code in enumerate(codes)
    ]  # fmt: skip
    session.query(Organisation).update({"municipality_id": None})
    session.query(Municipality).delete()
    session.execute(insert(Municipality), towns)
    for organisation in session.query(Organisation):
        organisation.municipality_id = 1_000 + organisation.id
    session.commit()
    with clock.frozen(NOW):
        for path in ("/kartta?reitit=1&suhde=asukkaat", "/sv/kartta?reitit=1&mittari=mallia-annettu"):
            answer = client.get(path)
            assert answer.text.count("<path") > 308
            assert answer.text.count('class="arc ') > 40
            assert len(answer.data) < MOST_BYTES, len(answer.data)


def test_a_municipality_newer_than_the_map_stands_in_the_table(make: Factory, client: FlaskClient) -> None:
    town = make.municipality("Uusikunta", "999")
    make.deed(organisation_id=make.organisation("Uudenkunnan kaupunki", municipality_id=town.id).id)
    page = client.get("/en/kartta").text
    assert "<title>Uusikunta" not in page
    assert "Uusikunta" in page.partition("The same by municipality")[2]


def test_the_map_takes_few_queries(app: Flask, square: dict[str, Organisation], client: FlaskClient) -> None:
    client.get("/kartta")
    with counted_queries(app) as statements:
        assert client.get("/kartta?reitit=1&toimiala=koko-kunta").status_code == 200
    assert len(statements) <= PAGE_BUDGET, statements
