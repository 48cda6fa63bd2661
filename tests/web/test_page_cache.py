"""Visitors' pages kept ready: the same as made anew, gone at every change, never anybody's own."""

import gzip
from collections.abc import Iterator

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import user_accessed
from sqlalchemy.orm import Session

from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori import wiring
from tori.core import events
from tori.core.events import Event
from tori.database import db, transaction
from tori.deeds import search_log, service
from tori.edge import page_cache
from tori.edge.metrics import UNCOUNTED
from tori.edge.page_cache import PageCache
from tori.models.deeds import DeedStatus
from tori.models.people import User
from tori.models.searching import SearchLogEntry
from tori.notifications.changes import UNSEEN, content_version, note_change
from tori.policy import Actor
from tori.search import indexing


@pytest.fixture
def app(app: Flask, make_app: MakeApp) -> Flask:
    """An application that keeps pages and asks at every request whether they are old."""
    return make_app(page_cache_mb=1, page_cache_check_ms=0, development=True)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        session = db.session()
        yield session
        session.close()


@pytest.fixture
def author(make: Factory) -> User:
    user: User = make.user(organisation=make.organisation("Nokian kaupunki"))
    return user


def test_a_second_reader_costs_no_page(app: Flask, client: FlaskClient, make: Factory) -> None:
    deed = make.deed("Kirjaston aamu")
    path = f"/teot/{deed.id}-{deed.slug}"
    first = client.get(path)
    with counted_queries(app) as statements:
        second = client.get(path)
    assert first.status_code == second.status_code == 200
    assert first.data == second.data
    assert [name for name in statements if "setting" not in name] == []
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_a_change_shows_at_once(app: Flask, client: FlaskClient, session: Session, make: Factory, author: User) -> None:
    deed = make.deed(
        "Aamu torilla", status=DeedStatus.DRAFT, published_at=None, author_id=author.id,
        organisation_id=author.memberships[0].organisation_id,
    )  # fmt: skip
    pages = ("/", "/teot", "/teot?q=aamu", "/sv/teot", "/api/v1/deeds")
    for path in pages:
        assert "Aamu torilla" not in client.get(path).text, path
    with transaction() as rows:
        service.publish(rows, Actor(author), deed)
    wiring.make_worker(app).turn()
    for path in pages:
        assert "Aamu torilla" in client.get(path).text, path
    with transaction() as rows:
        service.withdraw(rows, Actor(author), deed, "Erehdys")
    for path in pages:
        assert "Aamu torilla" not in client.get(path).text, path


def test_languages_and_parts_of_pages_are_kept_apart(client: FlaskClient, make: Factory) -> None:
    make.deed()
    pages = {client.get(path).text for path in ("/teot", "/sv/teot", "/en/teot", "/teot?jarjestys=uusin")}
    assert len(pages) == 4
    assert {client.get(path).text for path in ("/teot", "/sv/teot", "/en/teot", "/teot?jarjestys=uusin")} == pages


def test_the_signed_in_get_their_own_page_and_leave_none(browser: Browser, client: FlaskClient, author: User) -> None:
    browser.sign_in(author)
    own = browser.get("/")
    assert "no-store" in own.headers["Cache-Control"]
    visitors = client.get("/")
    assert author.display_name not in visitors.text
    assert visitors.headers["Cache-Control"] == "public, no-cache"
    assert browser.get("/").text != visitors.text


def test_forms_are_not_kept(app: Flask) -> None:
    first, second = app.test_client().get("/kirjaudu"), app.test_client().get("/kirjaudu")
    assert "no-store" in first.headers["Cache-Control"]
    assert first.headers["Set-Cookie"] != second.headers["Set-Cookie"]


def test_a_reader_who_has_the_page_gets_no_body(client: FlaskClient) -> None:
    first = client.get("/ohje", headers={"Accept-Encoding": "identity"})
    again = client.get("/ohje", headers={"Accept-Encoding": "identity", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = client.get("/ohje", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_pages_are_packed_for_those_who_can_unpack(client: FlaskClient) -> None:
    plain = client.get("/ohje")
    sizes = []
    for accepted, encoding, unpack in (
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ):
        packed = client.get("/ohje", headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] == encoding
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert unpack(packed.data) == plain.data
        again = client.get("/ohje", headers={"Accept-Encoding": accepted, "If-None-Match": packed.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        sizes.append(len(packed.data))
    assert sizes[1] < sizes[0] < len(plain.data) / 2


def test_a_page_is_packed_once_for_each_way_of_unpacking_that_is_asked_for(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    pack = page_cache._packed

    def noted(body: bytes, encoding: str, is_for_good: bool) -> bytes:
        made.append(encoding)
        return pack(body, encoding, is_for_good)

    monkeypatch.setattr(page_cache, "_packed", noted)
    for path, first, second in (("/ohje", "br", "gzip"), ("/kartta", "gzip", "br"), ("/tilastot", "", "gzip")):
        made.clear()
        for accepted in (first, first, second, second, "identity"):
            assert client.get(path, headers={"Accept-Encoding": accepted}).status_code == 200
        assert made == [encoding for encoding in (first, second) if encoding]


def test_style_sheets_are_packed_and_kept_for_good(app: Flask, client: FlaskClient) -> None:
    path = app.jinja_env.globals["asset"]("css/base.css")
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == client.get(path).data
    best = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert brotli.decompress(best.data) == client.get(path).data
    assert len(best.data) < len(answer.data)


def test_only_heads_are_sent_when_only_heads_are_asked(client: FlaskClient) -> None:
    for _ in range(2):
        answer = client.head("/ohje")
        assert answer.status_code == 200
        assert answer.data == b""
        assert int(answer.headers["Content-Length"]) > 1000


def test_what_the_site_asks_of_itself_is_not_kept(app: Flask, client: FlaskClient) -> None:
    for overrides, costs in (({UNCOUNTED: True}, True), ({}, True), ({}, False)):
        with counted_queries(app) as statements:
            assert client.get("/teot", environ_overrides=overrides).status_code == 200
        assert any("setting" not in name for name in statements) == costs


def test_what_is_missing_is_not_kept(client: FlaskClient, make: Factory) -> None:
    assert client.get("/teot/77").status_code == 404
    assert "no-store" in client.get("/teot/77").headers["Cache-Control"]


def test_every_search_is_counted_also_those_answered_from_memory(
    app: Flask, client: FlaskClient, session: Session, make: Factory
) -> None:
    make.deed("Kirjaston aamu")
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    search_log.write()
    session.rollback()
    before = session.query(SearchLogEntry).filter_by(query="kirjasto").count()
    for agent in ("Mozilla/5.0", "Mozilla/5.0", "Googlebot/2.1"):
        client.get("/teot?q=kirjasto", headers={"User-Agent": agent})
    search_log.write()
    session.rollback()
    assert session.query(SearchLogEntry).filter_by(query="kirjasto").count() == before + 2


def test_memory_is_bounded(app: Flask, client: FlaskClient) -> None:
    cache = app.extensions["tori.reading_limits"].wsgi
    assert isinstance(cache, PageCache)
    cache.max_bytes = 100_000
    for number in range(40):
        client.get(f"/ohje?n={number}")
    assert 0 < cache._size <= cache.max_bytes
    assert 0 < len(cache._pages) < 40


def test_a_reader_who_can_not_unpack_gets_the_same_page(client: FlaskClient) -> None:
    packed = [client.get("/ohje", headers={"Accept-Encoding": "gzip"}) for _ in range(2)]
    plain = [client.get("/ohje") for _ in range(2)]
    assert {answer.headers.get("Content-Encoding") for answer in packed} == {"gzip"}
    assert {answer.headers.get("Content-Encoding") for answer in plain} == {None}
    assert {gzip.decompress(answer.data) for answer in packed} == {answer.data for answer in plain}
    assert len(packed[0].data) * 2 < len(plain[0].data)


def kinds(kind: type[Event] = Event) -> list[type[Event]]:
    return [
        sub for child in kind.__subclasses__() for sub in (child, *kinds(child)) if sub.__module__ == events.__name__
    ]


def test_every_change_makes_pages_old_but_those_that_no_visitor_sees(session: Session) -> None:
    for kind in kinds():
        before = content_version(session)
        event = kind.__new__(kind)
        object.__setattr__(event, "deed_id", 1)
        note_change(session, event)
        session.flush()
        assert (content_version(session) > before) == (kind not in UNSEEN), kind


def test_nobody_looks_for_the_account_of_a_visitor(app: Flask, client: FlaskClient) -> None:
    looked: list[Flask] = []

    def note(sender: Flask) -> None:
        looked.append(sender)

    # The frame of the first list asks, and is kept.
    client.get("/teot")
    with user_accessed.connected_to(note, app):
        assert client.get("/teot?sivu=2").status_code == 200
    assert looked == []
