from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import GOOD_PASSWORD, link_in, mails
from tests.conftest import PASSWORD, Browser
from tests.factories import Factory
from tori.core import clock
from tori.models.deeds import Adoption, DeedStatus
from tori.models.operations import Notification
from tori.models.people import User


def fresh(session: Session, user: User) -> User:
    session.rollback()
    session.expire_all()
    return session.get_one(User, user.id)


def details_form(**values: str) -> dict[str, object]:
    return {"name": "Kehittäjä", "job_title": "", "unit": "", "locale": "fi", "theme": "", **values}


def test_a_newcomer_sees_what_to_do_in_one_minute(browser: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    page = browser.get("/oma").text
    assert "first-steps" in page
    assert 'href="/teot/uusi"' in page
    assert 'href="/oma/tiedot"' in page


def test_the_own_page_shows_own_drafts_deeds_and_the_organisations_models(
    browser: Browser, make: Factory, session: Session
) -> None:
    own = make.organisation("Nokian kaupunki")
    user = make.user(organisation=own)
    make.deed("Toisen luonnos", status=DeedStatus.DRAFT)
    make.deed("Oma luonnos", author_id=user.id, organisation_id=own.id, status=DeedStatus.DRAFT)
    make.deed("Oma teko", author_id=user.id, organisation_id=own.id, adoption_count=3)
    taken = make.deed("Kävelevä koulubussi")
    session.add(Adoption(deed_id=taken.id, organisation_id=own.id, updated_at=clock.now()))
    session.commit()
    browser.sign_in(user)
    page = browser.get("/oma").text
    for words in ("Oma luonnos", "Oma teko", "Kävelevä koulubussi"):
        assert words in page
    assert "Toisen luonnos" not in page
    assert "first-steps" not in page


def test_opening_the_page_leaves_notices_unread_and_a_press_reads_them(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    deed = make.deed(author_id=user.id)
    session.add(Notification(user_id=user.id, kind="question", deed_id=deed.id))
    session.commit()
    browser.sign_in(user)
    browser.get("/oma")
    session.rollback()
    assert session.scalar(select(Notification.read_at)) is None
    assert browser.post("/oma/luettu").status_code == 303
    session.rollback()
    assert session.scalar(select(Notification.read_at)) is not None


def test_details_are_changed_and_the_next_page_is_in_the_chosen_language(
    browser: Browser, make: Factory, session: Session
) -> None:
    make.organisation("Kangasalan kaupunki")
    user = make.user()
    browser.sign_in(user)
    answer = browser.post(
        "/oma/tiedot",
        details_form(name="Uusi Nimi", organisation="kangasalan-kaupunki", unit="Kirjasto", locale="sv", theme="dark"),
    )
    assert (answer.status_code, answer.location) == (303, "/sv/oma/tiedot")
    user = fresh(session, user)
    assert (user.display_name, user.locale, user.theme) == ("Uusi Nimi", "sv", "dark")
    assert user.memberships[0].organisation.name == "Kangasalan kaupunki"
    assert user.memberships[0].unit == "Kirjasto"
    assert 'data-theme="dark"' in browser.get("/sv/oma").text


def test_an_organisation_known_by_the_address_can_not_be_changed(
    browser: Browser, make: Factory, session: Session
) -> None:
    own = make.organisation("Nokian kaupunki", domain="nokia.example.org")
    make.organisation("Kangasalan kaupunki")
    user = make.user("a@nokia.example.org", organisation=own)
    browser.sign_in(user)
    assert 'name="organisation"' not in browser.get("/oma/tiedot").text
    browser.post("/oma/tiedot", details_form(organisation="kangasalan-kaupunki"))
    assert fresh(session, user).organisation == own


def test_choosing_another_organisation_ends_the_rights_in_the_former(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user(organisation=make.organisation("Entinen kunta"), steward=True)
    make.organisation("Uusi kunta")
    browser.sign_in(user)
    browser.post("/oma/tiedot", details_form(organisation="uusi-kunta"))
    assert [(row.organisation.slug, row.is_steward) for row in fresh(session, user).memberships] == [
        ("uusi-kunta", False)
    ]


def test_an_organisation_is_not_changed_again_and_again(browser: Browser, make: Factory) -> None:
    user = make.user()
    for number in range(5):
        make.organisation(f"Kunta {number}", slug=f"kunta-{number}")
    browser.sign_in(user)
    statuses = [
        browser.post("/oma/tiedot", details_form(organisation=f"kunta-{number}")).status_code for number in range(4)
    ]
    assert statuses == [303, 303, 303, 429]


def test_a_bad_form_of_details_keeps_the_text(browser: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    answer = browser.post("/oma/tiedot", details_form(name="Tuki", job_title="Puutarhuri"))
    assert answer.status_code == 422
    assert 'value="Puutarhuri"' in answer.text
    assert 'id="name-error"' in answer.text


def test_a24_a_new_address_counts_only_after_its_link_and_the_old_one_is_told(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user("vanha@example.org")
    browser.sign_in(user)
    answer = browser.post("/oma/sahkoposti", {"email": "uusi@example.org", "current": PASSWORD})
    assert answer.status_code == 303
    assert fresh(session, user).email == "vanha@example.org"
    [mail] = mails(session)
    assert (mail.event, mail.recipient) == ("confirm_new_address", "uusi@example.org")
    browser.get(link_in(mail))
    assert fresh(session, user).email == "vanha@example.org"
    assert browser.post(link_in(mail)).status_code == 303
    assert fresh(session, user).email == "uusi@example.org"
    assert [(row.event, row.recipient) for row in mails(session)[1:]] == [("address_changed", "vanha@example.org")]
    assert browser.get(link_in(mail)).status_code == 400


def test_a24_changing_the_address_needs_the_password(browser: Browser, make: Factory, session: Session) -> None:
    browser.sign_in(make.user())
    answer = browser.post("/oma/sahkoposti", {"email": "uusi@example.org", "current": "väärä salasana tämä"})
    assert answer.status_code == 422
    assert mails(session) == []


def test_a24_a_taken_address_gives_the_same_answer_and_its_owner_a_mail(
    browser: Browser, make: Factory, session: Session
) -> None:
    make.user("toinen@example.org")
    browser.sign_in(make.user("vanha@example.org"))
    answer = browser.post("/oma/sahkoposti", {"email": "toinen@example.org", "current": PASSWORD})
    assert answer.status_code == 303
    assert [(mail.event, mail.recipient) for mail in mails(session)] == [("address_taken", "toinen@example.org")]


def test_a_new_address_brings_its_organisation(browser: Browser, make: Factory, session: Session) -> None:
    own = make.organisation("Nokian kaupunki", domain="nokia.example.org")
    user = make.user(organisation=make.organisation("Entinen kunta"))
    browser.sign_in(user)
    browser.post("/oma/sahkoposti", {"email": "a@nokia.example.org", "current": PASSWORD})
    browser.post(link_in(mails(session)[0]))
    assert [row.organisation_id for row in fresh(session, user).memberships] == [own.id]


def test_the_export_holds_what_the_person_has_made_and_no_secrets(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user(organisation=make.organisation("Nokian kaupunki"))
    make.deed("Oma teko", author_id=user.id)
    make.deed("Toisen teko", author_id=make.user().id)
    browser.sign_in(user)
    answer = browser.get("/oma/vienti")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    data = answer.get_json()
    assert data["account"]["email"] == user.email
    assert data["memberships"][0]["organisation"] == "Nokian kaupunki"
    assert [deed["title"] for deed in data["deeds"]] == ["Oma teko"]
    assert len(data["sessions"]) == 1
    assert "argon2" not in answer.text
    assert "hash" not in answer.text


@pytest.mark.parametrize("path", ["/oma", "/oma/tiedot", "/oma/salasana", "/oma/istunnot", "/oma/vienti"])
def test_z01_own_pages_ask_a_visitor_to_sign_in_and_lead_back(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.location) == (302, f"/kirjaudu?next={path}")


def test_a_session_shows_in_the_list_and_ends_when_idle(browser: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    assert browser.get("/oma/istunnot").status_code == 200
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert browser.get("/oma/istunnot").status_code == 302


def test_changing_the_password_needs_a_good_new_one(browser: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    answer = browser.post("/oma/salasana", {"current": PASSWORD, "password": "salasana2026"})
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    answer = browser.post("/oma/salasana", {"current": PASSWORD, "password": GOOD_PASSWORD})
    assert answer.status_code == 303
