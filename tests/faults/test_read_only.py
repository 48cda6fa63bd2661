"""Reading only, as the people who run the service declare it: a banner, whole pages, and no text lost."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tori.config import READ_ONLY_FILE
from tori.core.errors import ReadOnly
from tori.database import transaction
from tori.models.deeds import Comment
from tori.wiring import make_worker

pytestmark = pytest.mark.fault

TEXT = "Tämä teksti odottaa, kunnes palveluun voi taas kirjoittaa."


def test_f06_declared_reading_only_shows_a_banner_and_gives_the_text_back(
    app: Flask, session: Session, make: Factory, browser: Browser
) -> None:
    deed = make.deed("Luettava teko")
    browser.sign_in(make.user())
    token = browser.token()
    assert "vain luettavana" not in browser.get("/teot").text
    switch = app.test_cli_runner().invoke
    assert switch(args=["read-only", "on"]).exit_code == 0
    assert (app.extensions["tori"].instance / READ_ONLY_FILE).exists()

    for path in ("/", "/teot", "/teot?q=teko", "/kirjaudu", "/oma", "/oma/teot", "/teot/uusi", "/tilastot", "/kartta"):
        answer = browser.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        assert "vain luettavana" in answer.text, path
        assert "public" not in answer.headers["Cache-Control"], path
    comment = browser.client.post(f"/teot/{deed.id}/kommentit", data={"csrf_token": token, "body": TEXT})
    assert (comment.status_code, comment.headers["Retry-After"]) == (503, "60")
    assert comment.headers["Cache-Control"] == "no-store"
    assert TEXT in comment.text
    told = app.test_client().get("/healthz")
    assert told.get_json() == {"status": "degraded", "read_only": "declared"}
    with pytest.raises(ReadOnly), transaction():
        pass
    with pytest.raises(ReadOnly):
        make_worker(app).turn()

    assert switch(args=["read-only", "off"]).exit_code == 0
    again = browser.client.post(f"/teot/{deed.id}/kommentit", data={"csrf_token": token, "body": TEXT})
    assert again.status_code == 303
    assert session.scalar(select(func.count()).select_from(Comment)) == 1
    assert "vain luettavana" not in browser.get("/teot").text


def test_reading_only_signs_nobody_in_and_says_so(make_app: MakeApp, app: Flask, make: Factory) -> None:
    user = make.user()
    locked = Browser(make_app(read_only=True))
    page = locked.get("/kirjaudu")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    answer = locked.client.post("/kirjaudu", data={"email": user.email, "password": "väärä salasana"})
    assert answer.status_code == 503
    assert "liian kauan" not in answer.text
    assert "väärä salasana" not in answer.text
