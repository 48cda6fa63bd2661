"""The files of the day, their description, and what has changed since a moment."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from tests.api.conftest import Site
from tests.factories import Factory
from tori.api.dump import FILES, folder_of, write_files
from tori.models.deeds import Adoption

Fetch = Callable[..., Any]
MOMENT = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def written(app: Flask, session: Session, site: Site, make: Factory) -> Site:
    taker = make.user(display_name="Salainen Ottaja").id
    session.add(
        Adoption(
            deed_id=site["whole"].id, organisation_id=site["part"].organisation_id, closeness="adapted",
            note="Muistio.", created_at=MOMENT, updated_at=MOMENT, user_id=taker,
        )
    )  # fmt: skip
    site["whole"].editor_note = "Vain toimittajille."
    session.commit()
    write_files(app.extensions["tori"])
    return site


def lines(client: FlaskClient, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content(client, f"/avoin-data/tiedostot/{name}").decode().splitlines()]


def content(client: FlaskClient, path: str) -> bytes:
    with client.get(path) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def test_the_file_of_deeds_is_what_the_interface_gives(written: Site, client: FlaskClient, fetch: Fetch) -> None:
    found = lines(client, "teot.jsonl")
    assert [row["id"] for row in found] == sorted(written[name].id for name in ("whole", "part", "archived"))
    for row in found:
        assert row == fetch(f"/api/v1/deeds/{row['id']}")


def test_every_line_keeps_to_the_schema(written: Site, client: FlaskClient) -> None:
    schema = client.get("/avoin-data/teko-1.schema.json").get_json(force=True)
    Draft202012Validator.check_schema(schema)
    for row in lines(client, "teot.jsonl"):
        Draft202012Validator(schema).validate(row)
        assert row["licence"]


def test_nothing_unpublished_and_no_person_is_in_the_files(written: Site, app: Flask) -> None:
    folder = folder_of(app.extensions["tori"])
    whole = "".join((folder / name).read_text(encoding="utf-8") for name in FILES)
    for secret in ("Salattu", "Vedetty", "Salainen Ottaja", "Vain toimittajille", "Muistio"):
        assert secret not in whole
    assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)


def test_models_taken_and_organisations_have_files_of_their_own(written: Site, client: FlaskClient) -> None:
    (adoption,) = lines(client, "mallit.jsonl")
    assert adoption == {
        "deed": written["whole"].id, "organisation": {"name": "Raahen kaupunki", "slug": "raahen-kaupunki"},
        "closeness": "adapted", "status": None, "adopted_on": "2026-05-04",
    }  # fmt: skip
    assert {row["slug"]: row["deeds"] for row in lines(client, "organisaatiot.jsonl")} == {
        "nokian-kaupunki": 1,
        "raahen-kaupunki": 2,
    }


def test_the_table_opens_in_finnish_spreadsheets(written: Site, client: FlaskClient) -> None:
    text = content(client, "/avoin-data/tiedostot/teot.csv").decode()
    assert text.startswith("\ufeff")
    assert len(list(csv.reader(StringIO(text.lstrip("\ufeff")), delimiter=";"))) == 4


def test_the_files_are_described_and_listed(written: Site, client: FlaskClient) -> None:
    catalogue = client.get("/avoin-data/katalogi.jsonld").get_json(force=True)
    distributions = catalogue["dcat:dataset"][0]["dcat:distribution"]
    assert {item["dct:title"] for item in distributions} == set(FILES)
    for item in distributions:
        path = "/" + item["dcat:downloadURL"]["@id"].split("/", 3)[3]
        assert len(content(client, path)) == item["dcat:byteSize"]
    page = client.get("/en/avoin-data/tiedostot").text
    assert all(f">{name}</a>" in page for name in FILES)


def test_before_the_first_day_there_is_a_written_page(client: FlaskClient) -> None:
    assert "The files are being made" in client.get("/en/avoin-data/tiedostot").text
    for name in ("teot.jsonl", "..", "tori.sqlite3"):
        assert client.get(f"/avoin-data/tiedostot/{name}").status_code == 404


def test_a_copy_elsewhere_gets_what_has_changed(session: Session, site: Site, fetch: Fetch) -> None:
    site["part"].updated_at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    site["draft"].updated_at = datetime(2026, 6, 2, 12, tzinfo=UTC)
    session.commit()
    since_june = fetch("/api/v1/deeds?updated_since=2026-06-01")
    assert [row["id"] for row in since_june["items"]] == [site["part"].id]
    assert since_june["items"][0]["updated_at"] == "2026-06-01T12:00:00Z"
    assert fetch("/api/v1/deeds?updated_since=2026-06-01T12:00:01Z")["total"] == 0
    everything = fetch("/api/v1/deeds?updated_since=2020-01-01&per_page=2")
    assert everything["total"] == 3
    assert len(everything["items"]) == 2
    assert fetch("/api/v1/deeds?updated_since=2020-01-01&per_page=2&sivu=2")["items"][0]["id"] == site["part"].id


@pytest.mark.parametrize(
    "query", ["updated_since=eilen", "updated_since=2026-13-40", "updated_since=2026-06-01&toimiala=opetus-ja-kasvatus"]
)
def test_a_moment_that_is_none_is_refused(client: FlaskClient, site: Site, query: str) -> None:
    answer = client.get(f"/api/v1/deeds?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["parameter"] in ("updated_since", "toimiala")
