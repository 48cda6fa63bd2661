"""A stand at a fair: a deed begun on a shared tablet, claimed by the link in a mail, nothing left on the device."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.campaigns.helpers import END, START, campaign_of, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.deeds import drafts
from tori.models.campaigns import Campaign
from tori.models.deeds import Deed
from tori.models.writing import WorkingCopy

TOLD = {"title": "Hävikki puoliksi", "summary": "Keittiö laskee annokset.", "email": "kokki@example.org"}


@pytest.fixture
def campaign(make: Factory) -> Campaign:
    make.sector("sivistys", "sivistys")
    return campaign_of(manager(make))


@pytest.fixture
def path(campaign: Campaign) -> str:
    return f"/kampanjat/{campaign.slug}/paikalla"


def link_of(session: Session) -> str:
    session.rollback()
    found = re.search(r"/teot/uusi/jatka/[\w-]+", mails(session, "event_text")[-1].body_text)
    assert found
    return found[0]


def test_a_deed_begun_on_a_tablet_is_claimed_by_mail_and_leaves_no_trace(
    app: Flask, session: Session, make: Factory, campaign: Campaign, path: str, client: FlaskClient
) -> None:
    with clock.frozen(moment(START)):
        page = client.get(path)
        assert page.headers["Cache-Control"] == "no-store"
        assert "<nav" not in page.text
        assert "<svg" in page.text
        answer = client.post(path, data={**TOLD, "sector": "sivistys"})
        assert answer.status_code == 303
        assert "Set-Cookie" not in answer.headers
        thanks = client.get(answer.headers["Location"])
        assert thanks.headers["Refresh"].endswith(f"url={path}")
        for address in (path, answer.headers["Location"]):
            assert "Hävikki" not in client.get(address).text
        link = link_of(session)
        assert mails(session, "event_text")[-1].recipient == "kokki@example.org"

        # At home, with an account already.
        home = Browser(app).sign_in(make.user(organisation=make.organisation()))
        assert "Hävikki puoliksi" in home.get(link).text
        answer = home.post(link)
        assert "luonnos=" in answer.headers["Location"]
        form = home.get(answer.headers["Location"]).text
        assert "Hävikki puoliksi" in form
        assert f'name="campaign" value="{campaign.slug}" checked' in form
        assert home.get(link).status_code == 404
    assert session.scalars(select(Deed)).all() == []


def test_whoever_has_no_account_goes_on_to_registering(
    app: Flask, session: Session, path: str, client: FlaskClient
) -> None:
    with clock.frozen(moment(START)):
        client.post(path, data={**TOLD, "sector": "sivistys"})
        link = link_of(session)
        browser = Browser(app)
        answer = browser.post(link)
        assert answer.headers["Location"].endswith("/teot/uusi/tallessa")
        assert "luonnos" in browser.get("/teot/uusi/tallessa").text
        assert client.get("/teot/uusi/jatka/" + "x" * 43).status_code == 404
        assert client.get("/teot/uusi/jatka/" + "x" * 500).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "where"),
    [({"title": ""}, "title"), ({"summary": ""}, "summary"), ({"sector": ""}, "sector"), ({"email": "ei"}, "email"),
     ({"email": ""}, "email"), ({"title": "x" * 121}, "title")],
)  # fmt: skip
def test_what_is_missing_is_told_at_its_field_and_the_rest_stays(
    session: Session, path: str, client: FlaskClient, wrong: dict[str, str], where: str
) -> None:
    with clock.frozen(moment(START)):
        answer = client.post(path, data={**TOLD, "sector": "sivistys", **wrong})
    assert answer.status_code == 422
    assert f'id="{where}-error"' in answer.text
    assert "Keittiö laskee annokset." in answer.text or where == "summary"
    assert mails(session, "event_text") == []


def test_nobody_writes_on_a_tablet_in_the_name_of_another(
    app: Flask, session: Session, make: Factory, path: str
) -> None:
    with clock.frozen(moment(START)):
        staff = Browser(app).sign_in(make.user(organisation=make.organisation()))
        page = staff.get(path).text
        assert 'name="summary"' not in page
        staff.client.post(path, data={**TOLD, "sector": "sivistys"})
        assert mails(session, "event_text") == []
        answer = staff.post("/kirjaudu/ulos", {"next": path})
        assert answer.headers["Location"] == path
        assert 'name="summary"' in staff.get(path).text


def test_a_stand_closes_with_its_campaign_and_knows_robots(session: Session, path: str, client: FlaskClient) -> None:
    with clock.frozen(moment(END + timedelta(days=1))):
        assert 'name="summary"' not in client.get(path).text
        client.post(path, data={**TOLD, "sector": "sivistys"})
    with clock.frozen(moment(START)):
        assert client.post(path, data={**TOLD, "sector": "sivistys", "homepage": "x"}).status_code == 303
        assert mails(session, "event_text") == []
        for _turn in range(10):
            client.post(path, data={**TOLD, "sector": "sivistys"})
        assert client.post(path, data={**TOLD, "sector": "sivistys"}).status_code == 429


def test_a_text_of_a_stand_waits_for_thirty_days_and_a_visitors_for_seven(
    app: Flask, session: Session, path: str, client: FlaskClient
) -> None:
    with clock.frozen(moment(START)):
        client.post(path, data={**TOLD, "sector": "sivistys"})
        client.post("/teot/uusi/talteen", data={"title": "Kävijän oma"})
    left = []
    for days in (6, 8, 29, 31):
        with clock.frozen(moment(START + timedelta(days=days), 10)):
            drafts.sweep_working_copies(app.extensions["tori"])
        session.rollback()
        left.append(len(session.scalars(select(WorkingCopy)).all()))
    assert left == [2, 1, 1, 0]
