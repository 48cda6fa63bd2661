"""What programs ask for."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import MakeApp
from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.core import clock
from tori.models.deeds import DeedStatus
from tori.web import machines

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def locations(text: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(text).iterfind(".//s:loc", SITEMAP)]


def test_crawlers_learn_the_map_of_the_site_and_keep_out_of_private_pages(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text
    for path in ("/hallinta", "/oma", "/sv/oma", "/en/teot?"):
        assert f"Disallow: {path}\n" in text


def test_the_map_of_the_site_holds_public_pages_only(make: Factory, client: FlaskClient) -> None:
    make.deed("Julkinen")
    make.deed("Arkistoitu", status=DeedStatus.ARCHIVED)
    make.deed("Luonnos", status=DeedStatus.DRAFT, organisation_id=make.organisation("Salainen kunta").id)
    make.deed("Poistettu", status=DeedStatus.WITHDRAWN)
    answer = client.get("/sitemap.xml")
    found = locations(answer.text)
    assert answer.mimetype == "application/xml"
    assert any(address.endswith("-julkinen") for address in found)
    assert any(address.endswith("-arkistoitu") for address in found)
    assert not any(word in answer.text for word in ("luonnos", "poistettu", "salainen", "/oma", "/hallinta"))
    assert "http://127.0.0.1:8000/" in found
    assert len(found) == len(set(found))


def test_every_page_of_the_map_names_its_languages_and_opens(make: Factory, client: FlaskClient) -> None:
    make.deed("Julkinen", themes=[make.theme()])
    root = ElementTree.fromstring(client.get("/sitemap.xml").text)
    for page in root.iterfind("s:url", SITEMAP):
        links = {link.get("hreflang"): link.get("href") or "" for link in page.iterfind("x:link", SITEMAP)}
        assert set(links) == {"fi", "sv", "en"}
        for address in (page.findtext("s:loc", "", SITEMAP), links["sv"]):
            path = address.removeprefix("http://127.0.0.1:8000")
            assert client.get(path).status_code == 200, path


def test_a_large_site_has_a_list_of_maps(make: Factory, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        make.deed(f"Teko {number}")
    monkeypatch.setattr(machines, "PER_SITEMAP", 2)
    parts = [address.removeprefix("http://127.0.0.1:8000") for address in locations(client.get("/sitemap.xml").text)]
    assert parts == ["/sitemap-0.xml", "/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    deeds = [address for part in parts[1:] for address in locations(client.get(part).text)]
    assert len(deeds) == 5
    assert client.get("/sitemap-4.xml").status_code == 404


def test_the_map_takes_few_queries(app: Flask, make: Factory, client: FlaskClient) -> None:
    for number in range(30):
        make.deed(f"Teko {number}")
    with counted_queries(app) as statements:
        client.get("/sitemap.xml")
    assert len(statements) <= PAGE_BUDGET


@pytest.mark.parametrize(("prefix", "name"), [("", "Tekojen tori"), ("/sv", "Framstegsarenan")])
def test_browsers_can_search_the_square(client: FlaskClient, prefix: str, name: str) -> None:
    answer = client.get(f"{prefix}/haku.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    assert f"<ShortName>{name}</ShortName>" in answer.text
    assert f'template="http://127.0.0.1:8000{prefix}/teot?q={{searchTerms}}"' in answer.text
    ElementTree.fromstring(answer.text)


def test_a_name_with_marks_does_not_break_the_description(make_app: MakeApp) -> None:
    ElementTree.fromstring(make_app(site_name="A & <B>").test_client().get("/haku.xml").text)


@pytest.mark.parametrize("moment", [datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2031, 2, 28, tzinfo=UTC)])
def test_the_security_contact_never_runs_out(client: FlaskClient, moment: datetime) -> None:
    with clock.frozen(moment):
        lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines())
    expires = datetime.fromisoformat(lines["Expires"].replace("Z", "+00:00"))
    assert moment + timedelta(days=90) < expires < moment + timedelta(days=365)
    assert lines["Canonical"].endswith("/.well-known/security.txt")


def test_the_icon_is_found_where_browsers_look(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    with client.get(answer.location) as icon:
        assert icon.status_code == 200


def test_the_gallery_opens_in_development_only(make: Factory, client: FlaskClient, make_app: MakeApp) -> None:
    make.sector()
    assert client.get("/tyylit").status_code == 200
    assert make_app().test_client().get("/tyylit").status_code == 404
