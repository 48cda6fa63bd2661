"""How much a page weighs on a thin line, and how many statements a visitor's page may cost."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import MakeApp
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori import wiring
from tori.search import indexing

MOST_BYTES = 60_000
"""HTML, styles and scripts of a page together, packed."""
MOST_FONT_BYTES = 80_000
MOST_STATEMENTS = 3
ADDRESS = re.compile(r'(?:<script[^>]+src|<link rel="stylesheet" href)="(/static/[^"?]+)\?v=')
IMPORTED = re.compile(r"""(?:from|import)\s*["'](\./[^"'?]+)""")


@pytest.fixture
def pages(app: Flask, session: Session, make: Factory) -> dict[str, str]:
    deeds = [make.deed(f"Kirjaston aamu {number}", themes=[make.theme()]) for number in range(25)]
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    session.rollback()
    return {
        "front": "/", "list": "/teot", "search": "/teot?q=kirjasto", "deed": f"/teot/{deeds[0].id}-{deeds[0].slug}",
        "statistics": "/tilastot", "map": "/kartta",
    }  # fmt: skip


def files_of(html: str, root: Path) -> set[Path]:
    """What the page loads, and what its scripts load on."""
    waiting = [root / address.removeprefix("/static/") for address in ADDRESS.findall(html)]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in found or not path.exists():
            continue
        found.add(path)
        if path.suffix == ".js":
            waiting += [(path.parent / name).resolve() for name in IMPORTED.findall(path.read_text(encoding="utf-8"))]
    return found


@pytest.mark.parametrize("name", ["front", "list", "search", "deed", "statistics", "map"])
def test_a_page_is_light(app: Flask, client: FlaskClient, pages: dict[str, str], name: str) -> None:
    answer = client.get(pages[name], follow_redirects=True)
    files = files_of(answer.text, Path(app.static_folder or ""))
    weights = {path.name: len(gzip.compress(path.read_bytes())) for path in files}
    assert len(weights) > 5
    total = len(gzip.compress(answer.data)) + sum(weights.values())
    assert total < MOST_BYTES, (total, weights)


def test_the_fonts_of_a_page_are_light(app: Flask, client: FlaskClient) -> None:
    loaded = re.findall(r'<link rel="preload" href="/static/([^"]+\.woff2)"', client.get("/").text)
    assert len(loaded) == 2
    assert sum((Path(app.static_folder or "") / name).stat().st_size for name in loaded) < MOST_FONT_BYTES


def test_every_style_and_script_has_an_address_that_changes_with_it(client: FlaskClient) -> None:
    html = client.get("/teot").text
    assert not re.findall(r'(?:src|rel="stylesheet" href)="/static/[^"]+\.(?:js|css)"', html)


@pytest.mark.parametrize("name", ["list", "search"])
def test_a_list_that_nobody_has_asked_for_costs_few_statements(
    app: Flask, client: FlaskClient, pages: dict[str, str], name: str
) -> None:
    """The names of facets and the cards are known from other lists; the version is read past the session."""
    client.get("/teot")
    client.get("/teot?sivu=2")
    address = pages[name] + ("&" if "?" in pages[name] else "?") + "jarjestys=uusin"
    with counted_queries(app) as statements:
        assert client.get(address).status_code == 200
    assert len(statements) < MOST_STATEMENTS, statements


def test_a_stored_deed_costs_the_statement_of_its_stamp_only(make_app: MakeApp, pages: dict[str, str]) -> None:
    app = make_app(stored_pages_mb=4, shared_pages_mb=0)
    client = app.test_client()
    client.get(pages["deed"])
    with counted_queries(app) as statements:
        client.get(pages["deed"])
    assert statements == []


def test_a_deed_that_nobody_has_read_costs_few_statements(
    make_app: MakeApp, pages: dict[str, str], make: Factory
) -> None:
    app = make_app(stored_pages_mb=0, shared_pages_mb=0, page_cache_mb=0)
    client = app.test_client()
    # What is the same for all deeds, such as the names of the themes, is known when the second one is read.
    client.get(pages["deed"])
    other = make.deed("Kirjaston ilta", themes=[make.theme("Toinen aihe")])
    client.get("/teot")
    with counted_queries(app) as statements:
        assert client.get(f"/teot/{other.id}-{other.slug}").status_code == 200
    assert 0 < len(statements) <= MOST_STATEMENTS, statements
