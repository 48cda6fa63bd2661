"""The staff's list of cases that somebody should tell."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.campaigns.helpers import START, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import leads
from tori.campaigns.leads import Found
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.edge.sessions import hash_token
from tori.models.campaigning import Lead, LeadState, NeverContact
from tori.models.operations import Notification
from tori.models.people import Role
from tori.policy import Actor

FOUND = Found("Hävikki puolittui", "Nokian kaupunki", "https://lehti.example.org/juttu", "", "keittio@example.org")


def add(actor: Actor, found: Found = FOUND) -> Lead:
    with transaction() as session:
        return leads.add(session, actor, found)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (Found("", "Nokia"), "value_missing"),
        (Found("Teko", " "), "value_missing"),
        (Found("x" * 151, "Nokia"), "text_too_long"),
        (Found("Teko", "Nokia", "javascript:alert(1)"), "bad_url"),
        (Found("Teko", "Nokia", email="ei"), "bad_email"),
    ],
)
def test_a_bad_lead_says_what_is_wrong(session: Session, make: Factory, found: Found, code: str) -> None:
    with pytest.raises(RuleBroken, match=code):
        add(manager(make), found)


def test_the_invitation_opens_a_form_that_is_begun_and_goes_once(
    session: Session, make: Factory, browser: Browser
) -> None:
    actor = manager(make)
    row = add(actor)
    with transaction() as writing:
        leads.invite(writing, actor, row)
    [mail] = mails(session, "lead_invitation")
    assert mail.recipient == "keittio@example.org"
    assert "/teot/uusi?otsikko=H%C3%A4vikki+puolittui" in mail.body_text
    assert 'value="Hävikki puolittui"' in browser.get("/teot/uusi?otsikko=H%C3%A4vikki+puolittui").text
    with pytest.raises(RuleBroken, match="lead_asked"), transaction() as writing:
        leads.invite(writing, actor, row)
    for found, code in (
        (Found("Teko", "Nokia"), "lead_no_address"),
        (Found("A", "B", email="ei@example.org"), "never"),
    ):
        make._add(NeverContact(hash=hash_token("ei@example.org"))) if code == "never" else None
        other = add(actor, found)
        with pytest.raises(RuleBroken, match=code), transaction() as writing:
            leads.invite(writing, actor, other)
    assert len(mails(session, "lead_invitation")) == 1


def test_a_lead_goes_from_seen_to_told(session: Session, make: Factory) -> None:
    actor = Actor(make.user(role=Role.EDITOR))
    with clock.frozen(moment(START)):
        row = add(actor)
    assert not leads.is_due(row, START + timedelta(days=13))
    assert leads.is_due(row, START + timedelta(days=14))
    with transaction() as writing:
        leads.move(writing, actor, row, LeadState.TOLD)
    assert (row.email, row.remind_on) == ("", None)
    assert leads.open_leads(session) == []
    with pytest.raises(RuleBroken, match="lead_closed"), transaction() as writing:
        leads.invite(writing, actor, row)
    with pytest.raises(RuleBroken, match="unknown_choice"), transaction() as writing:
        leads.move(writing, actor, row, "kuu")
    with pytest.raises(NotAllowed):
        add(Actor(make.user()))


def test_the_page_of_leads(session: Session, make: Factory, browser: Browser) -> None:
    browser.sign_in(make.user(role=Role.EDITOR))
    answer = browser.post("/hallinta/vinkit", {**FOUND.__dict__, "title": ""})
    assert answer.status_code == 422
    assert "Nokian kaupunki" in answer.text
    assert browser.post("/hallinta/vinkit", dict(FOUND.__dict__)).status_code == 303
    assert "Hävikki puolittui" in browser.get("/hallinta/vinkit").text
    session.rollback()
    row = session.scalars(select(Lead)).one()
    path = f"/hallinta/vinkit/{row.id}"
    assert browser.post(path, {"state": "kutsu"}).status_code == 303
    assert browser.post(path, {"state": "kutsu"}).status_code == 422
    assert browser.post(path, {"state": "told"}).status_code == 303
    assert "Hävikki puolittui" not in browser.get("/hallinta/vinkit").text
    session.rollback()
    assert Browser(browser.client.application).sign_in(make.user()).get("/hallinta/vinkit").status_code == 403


def test_the_asker_is_reminded_once_for_each_day_and_can_put_it_off(
    app: Flask, session: Session, make: Factory, browser: Browser
) -> None:
    asker = make.user(role=Role.EDITOR)
    other = make.user(role=Role.CAMPAIGN_MANAGER)
    with clock.frozen(moment(START)):
        row = add(Actor(asker))
    config = app.extensions["tori"]

    def told() -> list[tuple[int, str]]:
        session.rollback()
        rows = session.scalars(select(Notification).where(Notification.kind == "lead_due").order_by(Notification.id))
        return [(item.user_id, item.text or "") for item in rows]

    for days in (13, 14, 15):
        with clock.frozen(moment(START + timedelta(days=days))):
            leads.remind(config)
    assert told() == [(asker.id, "Hävikki puolittui")]
    with clock.frozen(moment(START + timedelta(days=15))):
        browser.sign_in(asker)
        assert 'value="lykkaa"' in browser.get("/hallinta/vinkit").text
        assert "/hallinta/vinkit" in browser.get("/oma/ilmoitukset").text
        assert browser.post(f"/hallinta/vinkit/{row.id}", {"state": "lykkaa"}).status_code == 303
        assert 'value="lykkaa"' not in browser.get("/hallinta/vinkit").text
    session.rollback()
    asker.disabled_at = clock.now()
    session.commit()
    with clock.frozen(moment(START + timedelta(days=30))):
        leads.remind(config)
        leads.remind(config)
    assert told() == [(asker.id, "Hävikki puolittui"), (other.id, "Hävikki puolittui")]
    with transaction() as writing:
        leads.move(writing, Actor(other), writing.merge(row), "dropped")
    with clock.frozen(moment(START + timedelta(days=60))):
        leads.remind(config)
    assert len(told()) == 2


def test_without_an_address_the_contact_person_of_the_organisation_is_asked(
    session: Session, make: Factory, browser: Browser
) -> None:
    actor = manager(make)
    organisation = make.organisation("Nokian kaupunki", name_sv="Nokia stad")
    make.user("muu@example.org", organisation=organisation)
    make.user("yhteys@example.org", organisation=organisation, steward=True, locale="sv")
    row = add(actor, Found("Teko", "Nokia stad"))
    other = add(actor, Found("Toinen", "Tuntematon kunta"))
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    assert browser.get("/hallinta/vinkit").text.count('value="kutsu"') == 1
    assert browser.post(f"/hallinta/vinkit/{row.id}", {"state": "kutsu"}).status_code == 303
    assert browser.post(f"/hallinta/vinkit/{other.id}", {"state": "kutsu"}).status_code == 422
    [mail] = mails(session, "lead_invitation")
    assert mail.recipient == "yhteys@example.org"
    assert "/sv/teot/uusi?otsikko=Teko" in mail.body_text
