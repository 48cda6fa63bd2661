"""Lists made around a frame: the same page as one that is made whole, whatever stands in the address."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori import wiring
from tori.edge import frames, read_only
from tori.search import indexing

ADDRESSES = [
    "/teot", "/sv/teot?kieli=fi", "/teot?q=kirjasto", "/teot?sivu=2", "/en/teot?q=%3Cb%3E%22a%26b%27&x=%3Cscript%3E",
    "/teot?q=%1C%1Dwords%1D&toimiala=%1Cframe_query%1D", "/teot?q=ei-mit%C3%A4%C3%A4n&vuosi=2020", "/teot?q=kirajsto",
]  # fmt: skip


@pytest.fixture
def deeds(app: Flask, session: Session, make: Factory) -> None:
    for number in range(25):
        make.deed(f"Kirjaston aamu {number}", themes=[make.theme()])
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    session.rollback()


def shape(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def test_a_framed_page_is_the_page_that_is_made_whole(
    client: FlaskClient, deeds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    framed = {address: client.get(address).text for _ in range(2) for address in ADDRESSES}
    monkeypatch.setattr(frames, "_is_plain_visitor", lambda: False)
    for address in ADDRESSES:
        assert shape(framed[address]) == shape(client.get(address).text), address
    assert not re.search("[\x1c\x1d]", "".join(framed.values()))
    assert "<b>&" not in "".join(framed.values())


def test_whose_page_is_their_own_gets_no_frame(
    browser: Browser, client: FlaskClient, make: Factory, app: Flask
) -> None:
    user = make.user(display_name="Torin lukija")
    client.get("/teot")
    browser.sign_in(user)
    assert "Torin lukija" in browser.get("/teot").text
    assert "Torin lukija" not in client.get("/teot").text


def test_word_of_a_disturbance_stands_on_lists_too(client: FlaskClient, app: Flask) -> None:
    before = client.get("/teot").text
    with app.app_context():
        read_only.state().note(read_only.Reason.FULL)
    assert 'class="demo"' in client.get("/teot").text
    with app.app_context():
        read_only.state().forget()
    assert client.get("/teot").text == before
