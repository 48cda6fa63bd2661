"""The register: names with their history, domains, contact persons, merging at the desk."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.follows import service as follows
from tori.models.follows import Follow, Followed
from tori.models.operations import AuditEntry, IndexTask
from tori.models.people import Membership, Organisation, Role
from tori.organisations import register
from tori.organisations.register import Entry
from tori.policy import Actor


@pytest.fixture
def admin(make: Factory) -> Actor:
    return Actor(make.user(role=Role.ADMIN))


def test_a_new_name_keeps_the_old_one_on_old_deeds(
    session: Session, make: Factory, admin: Actor, client: FlaskClient
) -> None:
    row = make.organisation("Vanhan kunta")
    old = make.deed("Vanha teko", organisation_id=row.id, published_at=datetime(2019, 5, 1, tzinfo=UTC))
    new = make.deed("Uusi teko", organisation_id=row.id, published_at=datetime(2024, 5, 1, tzinfo=UTC))
    with transaction():
        register.change(session, admin, row, Entry("Uuden kaupunki", "kunta"), date(2021, 1, 1))
    assert "Vanhan kunta" in client.get(f"/teot/{old.id}", follow_redirects=True).text
    assert "Vanhan kunta" not in client.get(f"/teot/{new.id}", follow_redirects=True).text
    answer = client.get("/organisaatiot/vanhan-kunta")
    assert (answer.status_code, answer.location) == (301, "/organisaatiot/uuden-kaupunki")
    assert "Vanhan kunta" in client.get("/organisaatiot/uuden-kaupunki").text
    names = session.scalars(select(AuditEntry.event).where(AuditEntry.actor_id == admin.id)).all()
    assert names == ["OrganisationRenamed", "OrganisationChanged"]


def test_other_corrections_leave_the_name_alone(session: Session, make: Factory, admin: Actor) -> None:
    row = make.organisation("Nokian kaupunki")
    deed = make.deed(organisation_id=row.id).id
    with transaction():
        register.change(session, admin, row, Entry(row.name, "kunta", "Nokia stad", municipality=row.municipality_id))
    assert register.names_of(session, row.id) == []
    assert (row.slug, row.name_sv) == ("nokian-kaupunki", "Nokia stad")
    assert session.scalars(select(IndexTask.deed_id)).all() == [deed], "the search finds it by the new name, too"


def test_names_are_single_and_days_have_come(session: Session, make: Factory, admin: Actor) -> None:
    row = make.organisation("Nokian kaupunki")
    for entry, code in (
        (Entry("nokian kaupunki", "kunta"), "organisation_exists"),
        (Entry("", "kunta"), "value_missing"),
        (Entry("Uusi", "valtio"), "unknown_choice"),
    ):
        with pytest.raises(RuleBroken, match=code), transaction():
            register.add(session, admin, entry)
    with pytest.raises(RuleBroken, match="future_day"), transaction():
        register.change(session, admin, row, Entry("Toinen", "kunta"), date(2999, 1, 1))


@pytest.mark.parametrize("domain", ["gmail.com", "ei piste", "-x.fi", "kunta", "a@b.fi"])
def test_a_domain_must_be_the_organisations_own(session: Session, make: Factory, admin: Actor, domain: str) -> None:
    with pytest.raises(RuleBroken, match="bad_domain"), transaction():
        register.add_domain(session, admin, make.organisation(), domain)


def test_a_domain_belongs_to_one(session: Session, make: Factory, admin: Actor) -> None:
    first, second = make.organisation(domain="nokia.example"), make.organisation()
    with pytest.raises(RuleBroken, match="domain_taken"), transaction():
        register.add_domain(session, admin, second, "@Nokia.example")
    with transaction():
        register.remove_domain(session, admin, first, "nokia.example")
    with transaction():
        register.add_domain(session, admin, second, "@Nokia.example")
    assert [row.domain for row in second.domains] == ["nokia.example"]


def test_editors_keep_the_register_but_give_no_power(session: Session, make: Factory) -> None:
    editor, member = Actor(make.user(role=Role.EDITOR)), Actor(make.user())
    row = make.organisation()
    person = make.user(organisation=row)
    with transaction():
        register.verify(session, editor, row)
    with pytest.raises(NotAllowed), transaction():
        register.add_domain(session, editor, row, "kunta.example")
    with pytest.raises(NotAllowed), transaction():
        register.set_steward(session, editor, row, person.id, "yes")
    with pytest.raises(NotAllowed), transaction():
        register.add(session, member, Entry("Uusi", "kunta"))


def test_two_municipalities_become_one_at_the_desk(session: Session, make: Factory, browser: Browser) -> None:
    source = make.organisation("Pienen kunta", domain="pieni.example")
    target = make.organisation("Suuren kaupunki")
    deed = make.deed("Pienen teko", organisation_id=source.id)
    person, reader = make.user(organisation=source), make.user()
    with transaction():
        follows.follow(session, Actor(reader), Followed.ORGANISATION, source.id)
    browser.sign_in(make.user(role=Role.ADMIN))
    page = f"/hallinta/organisaatiot/{source.id}"
    assert browser.post(f"{page}/yhdista", {"into": "/organisaatiot/ei-ole"}).status_code == 422
    assert browser.post(f"{page}/yhdista", {"into": "/organisaatiot/pienen-kunta"}).status_code == 422
    assert (
        browser.post(f"{page}/yhdista", {"into": "https://x.example/organisaatiot/suuren-kaupunki"}).status_code == 303
    )
    session.rollback()
    session.expire_all()
    assert session.get_one(Organisation, source.id).successor_id == target.id
    assert session.scalars(select(Membership.organisation_id).where(Membership.user_id == person.id)).one() == target.id
    assert session.scalars(select(Follow.target_id)).one() == target.id
    shown = browser.get(f"/teot/{deed.id}", follow_redirects=True).text
    assert "Pienen kunta" in shown
    assert "Suuren kaupunki" in shown


def test_the_desk_of_the_register(session: Session, make: Factory, browser: Browser) -> None:
    row = make.organisation("Nokian kaupunki")
    person = make.user(organisation=row, display_name="Nokialainen")
    browser.sign_in(make.user(role=Role.ADMIN))
    assert "Nokian kaupunki" in browser.get("/hallinta/organisaatiot?q=nokia").text
    assert "Nokian kaupunki" not in browser.get("/hallinta/organisaatiot?q=oulu").text
    page = f"/hallinta/organisaatiot/{row.id}"
    assert browser.post(f"{page}/tarkistettu").status_code == 303
    assert browser.post(f"{page}/verkkotunnukset", {"domain": "gmail.com"}).status_code == 422
    assert browser.post(f"{page}/verkkotunnukset", {"domain": "nokia.example"}).status_code == 303
    assert browser.post(f"{page}/yhteyshenkilot/{person.id}", {"steward": "yes"}).status_code == 303
    shown = browser.get(f"/en{page}").text
    for words in ("nokia.example", "Contact person", "Checked on"):
        assert words in shown
    form = {"name": "Nokia", "kind": "kunta", "municipality": "0", "region": "0"}
    assert browser.edit(page, {**form, "name": ""}).status_code == 422
    assert browser.edit(page, form).status_code == 303
    assert "Nokian kaupunki" in browser.get(page).text, "the earlier name"
    made = browser.post("/hallinta/organisaatiot/uusi", {**form, "name": "Uusi yhtiö", "kind": "kuntayhtio"})
    assert made.status_code == 303
    assert "Uusi yhtiö" in browser.get(made.location).text
