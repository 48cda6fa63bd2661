"""Pages for what goes wrong."""

import re

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.database import db
from tori.edge.access import PUBLIC, access

STATUSES = (400, 401, 403, 405, 409, 410, 413, 422, 429, 500, 503, 507)


@pytest.fixture
def failing(app: Flask) -> FlaskClient:
    @app.route("/testi/<int:status>")
    @access(PUBLIC)
    def fail(status: int) -> str:
        abort(status) if status not in (507,) else (_ for _ in ()).throw(
            OperationalError("INSERT", {}, Exception("database or disk is full"))
        )
        return ""

    return app.test_client()


@pytest.mark.parametrize("status", STATUSES)
def test_each_error_has_a_page_that_says_what_to_do(failing: FlaskClient, status: int) -> None:
    answer = failing.get(f"/en/testi/{status}")
    assert answer.status_code == status
    assert re.search(r"<h1[^>]*>[^<]{5,}", answer.text)
    assert 'href="/en/"' in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_of_a_missing_page_has_a_search(client: FlaskClient) -> None:
    page = client.get("/en/ei-ole").text
    assert 'role="search"' in page
    assert 'action="/en/teot"' in page


def test_a_lost_page_does_not_repeat_the_address_as_markup(client: FlaskClient) -> None:
    assert "<script>alert" not in client.get("/<script>alert(1)</script>").text


@pytest.mark.parametrize("status", [500, 503])
def test_pages_for_our_own_mistakes_ask_nothing_of_the_database(app: Flask, failing: FlaskClient, status: int) -> None:
    with counted_queries(app) as statements:
        failing.get(f"/testi/{status}")
    assert statements == []


def test_a_signed_in_reader_gets_the_page_too_when_the_database_is_away(
    app: Flask, make: Factory, browser: Browser
) -> None:
    browser.sign_in(make.user())
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def refuse(connection: object, cursor: object, statement: str, *rest: object) -> None:
        raise OperationalError(statement, {}, Exception("unable to open database file"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", refuse)
    try:
        answer = browser.get("/en/tilastot")
    finally:
        event.remove(engine, "before_cursor_execute", refuse)
    assert answer.status_code == 503
    assert "The square is closed for a moment" in answer.text
    assert "Set-Cookie" not in answer.headers
