"""The accessibility statement as data, its yearly reminder, and the receipt of feedback."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.models.people import Role
from tori.web import statement

FORM = {"state": "mostly", "assessed_on": "2026-11-01", "assessed_by": "Arvioija Oy",
        "gaps_fi": "Kartta <b>ei</b> (1.1.1)\nToinen",
        "gaps_sv": "", "gaps_en": "The map (1.1.1)"}  # fmt: skip


@pytest.fixture
def admin(make: Factory, browser: Browser) -> Browser:
    return browser.sign_in(make.user(role=Role.ADMIN))


def test_an_administrator_keeps_the_statement_and_readers_see_it(admin: Browser, client: FlaskClient) -> None:
    before = client.get("/saavutettavuus").text
    assert admin.edit("/hallinta/saavutettavuus", FORM).status_code == 303
    page = client.get("/saavutettavuus").text
    assert page != before
    assert "Kartta &lt;b&gt;ei&lt;/b&gt; (1.1.1)" in page
    assert "Arvioija Oy" in page
    assert "1. marraskuuta 2026" in page
    assert "The map (1.1.1)" in client.get("/en/saavutettavuus").text
    assert "Toinen" in client.get("/sv/saavutettavuus").text, "what has no translation is told in Finnish"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"assessed_on": "2099-01-01"}, "assessed_on"), ({"assessed_on": "eilen"}, "assessed_on"),
     ({"gaps_fi": "x" * 4_001}, "gaps_fi"), ({"state": "ehkä"}, "state")],
)  # fmt: skip
def test_a_bad_statement_is_told_at_its_field(admin: Browser, change: dict[str, str], field: str) -> None:
    answer = admin.edit("/hallinta/saavutettavuus", {**FORM, **change})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Arvioija Oy" in answer.text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CAMPAIGN_MANAGER, Role.EDITOR])
def test_others_do_not_change_it(make: Factory, browser: Browser, role: Role) -> None:
    browser.sign_in(make.user(role=role))
    assert browser.post("/hallinta/saavutettavuus", FORM).status_code == 403


def test_a_reminder_comes_once_when_the_assessment_is_a_year_old(app: Flask, session: Session) -> None:
    config = app.extensions["tori"]
    with app.test_request_context():
        with clock.frozen(clock.now().replace(year=2027, month=11, day=1)):
            assert not statement.remind(config)
        with clock.frozen(clock.now().replace(year=2027, month=11, day=26)):
            assert statement.remind(config)
            assert not statement.remind(config)
    [mail] = mails(session)
    assert (mail.event, mail.recipient) == ("statement_old", config.contact_email)


def test_a_statement_knows_its_age() -> None:
    assert not statement.Statement(assessed_on=clock.today() - timedelta(days=365)).is_old
    assert statement.Statement(assessed_on=date(2020, 1, 1)).is_old


def test_feedback_gets_a_receipt_at_once_with_the_day_of_the_answer(browser: Browser, session: Session) -> None:
    form = {"topic": "accessibility", "body": "Kartta <ei> toimi.", "page": "", "email": "lukija@example.org"}
    assert browser.post("/palaute", form).status_code == 303
    [mail] = mails(session)
    assert (mail.event, mail.recipient) == ("feedback_received", "lukija@example.org")
    assert "Kartta <ei> toimi." in mail.body_text
    assert "Kartta &lt;ei&gt; toimi." in mail.body_html
    assert browser.post("/palaute", {**form, "email": ""}).status_code == 303
    assert len(mails(session)) == 1
