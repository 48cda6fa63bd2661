"""Was the digest useful? Counted without persons, and only by a button."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.digest import opinions
from tori.models.people import Role


def told(session: Session) -> list[tuple[str, int]]:
    session.rollback()
    return opinions.since(session, clock.today() - timedelta(days=1))


def test_a_link_opens_the_answer_and_only_the_button_counts_it(session: Session, client: FlaskClient) -> None:
    page = client.get("/uutiskirje/hyoty/osin")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert 'value="osin" checked' in page.text
    assert told(session) == []
    for chosen in ("osin", "kylla", "kylla"):
        assert client.post("/uutiskirje/hyoty/osin", data={"opinion": chosen}).status_code == 303
    assert told(session) == [("kylla", 2), ("osin", 1)]


@pytest.mark.parametrize(("path", "opinion", "status"), [("osin", "keksitty", 422), ("keksitty", "osin", 404)])
def test_an_answer_that_there_is_not_is_refused(
    session: Session, client: FlaskClient, path: str, opinion: str, status: int
) -> None:
    assert client.post(f"/uutiskirje/hyoty/{path}", data={"opinion": opinion}).status_code == status
    assert told(session) == []


def test_editors_see_what_readers_think(session: Session, make: Factory, browser: Browser) -> None:
    opinions.count(session, "kylla")
    session.commit()
    browser.sign_in(make.user(role=Role.EDITOR))
    assert "Useful 1" in browser.get("/en/hallinta/poiminnat").text
