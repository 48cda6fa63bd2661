"""Ambassadors of an organisation: asked by its contact person, shown when they agree, and no longer when they stop."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import Browser
from tests.factories import Factory
from tori.accounts import ambassadors
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.database import transaction
from tori.models.operations import AuditEntry
from tori.organisations.queries import ambassadors_of
from tori.policy import Actor

PAGE = "/en/organisaatiot/nokian-kaupunki"


def test_an_ambassador_is_asked_agrees_is_shown_and_stops(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    home = make.organisation("Nokian kaupunki")
    theme = make.theme("aivotyö")
    person = make.user("maija@nokia.example.org", home, display_name="Maija Mallikas", job_title="Suunnittelija")
    make.deed("Hiljainen tunti", themes=[theme], organisation_id=home.id, author_id=person.id)
    steward = Browser(app).sign_in(make.user(organisation=home, steward=True))
    number = person.memberships[0].id
    assert steward.post(f"{PAGE}/vaki/{number}/lahettilaaksi").status_code == 303
    assert "Asked to be an ambassador" in steward.get(f"{PAGE}/vaki").text
    assert "Maija Mallikas" not in client.get(PAGE).text, "nobody is shown before they agree"
    session.rollback()
    assert "/lahettilas" in mails(session, "ambassador_asked")[-1].body_text

    asked = Browser(app).sign_in(person)
    assert f"{PAGE}/lahettilas" in asked.get("/en/oma").text
    assert "You can stop whenever you like" in asked.get(f"{PAGE}/lahettilas").text
    assert asked.post(f"{PAGE}/lahettilas/suostu").status_code == 303
    shown = client.get(PAGE).text
    assert "Maija Mallikas" in shown
    assert "Suunnittelija" in shown
    on_theme = client.get(f"/en/teemat/{theme.slug}").text.split("Maija Mallikas")[1]
    assert "Ambassador" in on_theme[:120]
    tools = asked.get(f"{PAGE}/lahettilas").text
    assert "Pass these on" in tools
    assert "Mail to colleagues" in tools
    assert tools.count("data-copy-from=") == 2
    assert steward.get(f"{PAGE}/lahettilas").status_code == 200
    assert asked.get(f"{PAGE}/tyotila").status_code == 403, "the task gives no right over the organisation"

    assert asked.post(f"{PAGE}/lahettilas/lopeta").status_code == 303
    assert "Maija Mallikas" not in client.get(PAGE).text
    assert asked.get(f"{PAGE}/lahettilas").status_code == 404
    session.rollback()
    told = session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("Ambassador%")).order_by(AuditEntry.id))
    assert list(told) == ["AmbassadorAsked", "AmbassadorAgreed", "AmbassadorEnded"]


def test_the_mailed_link_leads_through_signing_in(make: Factory, client: FlaskClient) -> None:
    make.organisation("Nokian kaupunki")
    answer = client.get(f"{PAGE}/lahettilas")
    assert answer.status_code == 302
    assert answer.location == f"/en/kirjaudu?next={PAGE}/lahettilas"


def test_the_page_tells_only_what_is_there(make: Factory, browser: Browser) -> None:
    home, theme = make.organisation("Nokian kaupunki"), make.theme("aivotyö")
    browser.sign_in(make.user(organisation=home, steward=True))
    assert browser.edit(f"{PAGE}/muokkaa", {"introduction": "", "interests": [theme.slug]}).status_code == 303
    empty = browser.get(f"{PAGE}/lahettilas").text
    assert "No deed to pass on yet" in empty
    assert "Nothing waits for an answer just now." in empty
    make.deed("Aamupuuro")
    page = browser.get(f"{PAGE}/lahettilas").text
    assert "The newest deeds of others on the themes" not in page, "the deed is on none of them"
    assert "Aamupuuro" in page


def test_nobody_becomes_one_unasked_and_only_the_contact_person_asks(session: Session, make: Factory) -> None:
    home = make.organisation()
    steward = Actor(make.user(organisation=home, steward=True))
    member, other = make.user(organisation=home), make.user(organisation=home)
    for person in (member, make.user(organisation=make.organisation())):
        with pytest.raises(NotFound), transaction():
            ambassadors.agree(session, Actor(person), home)
    with pytest.raises(NotFound), transaction():
        ambassadors.ask(session, Actor(member), home, other.memberships[0].id)
    other.memberships[0].waits_since = clock.now()
    session.commit()
    with pytest.raises(RuleBroken, match="membership_waits"), transaction():
        ambassadors.ask(session, steward, home, other.memberships[0].id)


def test_who_is_no_longer_there_is_not_shown(session: Session, make: Factory) -> None:
    home = make.organisation()
    people = [make.user(organisation=home, display_name=name) for name in ("Aino", "Bertta", "Cecilia")]
    for person in people:
        person.memberships[0].ambassador_since = clock.now()
    people[0].disabled_at = clock.now()
    people[1].memberships[0].waits_since = clock.now()
    session.commit()
    assert ambassadors_of(session, home.id) == [("Cecilia", "")]
