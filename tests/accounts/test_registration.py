from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import GOOD_PASSWORD, link_in, mails, sign_up_form
from tests.conftest import Browser
from tests.factories import Factory
from tori.accounts import service
from tori.accounts.jobs import sweep_accounts
from tori.accounts.passwords import verify_password
from tori.accounts.signing_in import user_by_email
from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import transaction
from tori.models.operations import AuditEntry
from tori.models.people import AccountToken, User


def the_user(session: Session, email: str = "uusi@example.org") -> User:
    session.rollback()
    session.expire_all()
    user = user_by_email(session, email)
    assert user is not None
    return user


def press_link(browser: Browser, session: Session) -> str:
    path = link_in(mails(session, "confirm_address")[-1])
    answer = browser.post(path)
    assert answer.status_code == 303
    return path


def test_a_person_registers_and_is_signed_in_after_pressing_the_button_of_the_link(
    browser: Browser, session: Session
) -> None:
    answer = browser.post("/rekisteroidy", sign_up_form())
    assert (answer.status_code, answer.location) == (303, "/rekisteroidy/lahetetty")
    assert the_user(session).confirmed_at is None
    press_link(browser, session)
    user = the_user(session)
    assert user.is_active
    assert user.job_title == "Lähihoitaja"
    assert verify_password(user.password_hash, GOOD_PASSWORD)
    assert "Kehittäjä" in browser.get("/oma").text


def test_opening_the_link_changes_nothing_as_mail_scanners_open_it_too(browser: Browser, session: Session) -> None:
    browser.post("/rekisteroidy", sign_up_form())
    path = link_in(mails(session)[0])
    for _ in range(2):
        page = browser.get(path)
        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
    assert the_user(session).confirmed_at is None


def test_a_link_works_once(browser: Browser, session: Session) -> None:
    browser.post("/rekisteroidy", sign_up_form())
    path = press_link(browser, session)
    assert browser.get(path).status_code == 400
    assert browser.post(path).status_code == 400


def test_a_link_does_not_work_after_its_time(browser: Browser, session: Session) -> None:
    browser.post("/rekisteroidy", sign_up_form())
    with clock.frozen(clock.now() + timedelta(hours=73)):
        assert browser.get(link_in(mails(session)[0])).status_code == 400


def test_the_domain_of_the_address_decides_the_organisation(browser: Browser, session: Session, make: Factory) -> None:
    make.organisation("Muu kunta")
    own = make.organisation("Nokian kaupunki", domain="nokia.example.org")
    browser.post("/rekisteroidy", sign_up_form(email="a@nokia.example.org", organisation="muu-kunta"))
    press_link(browser, session)
    user = the_user(session, "a@nokia.example.org")
    assert [membership.organisation_id for membership in user.memberships] == [own.id]
    noted = session.scalars(select(AuditEntry.data).where(AuditEntry.event == "MembershipStarted")).all()
    assert [row["by_domain"] for row in noted] == [True]


def test_an_unknown_domain_lets_one_choose_and_the_log_tells_of_it(
    browser: Browser, session: Session, make: Factory
) -> None:
    make.organisation("Muu kunta")
    chosen = make.organisation("Kangasalan kaupunki")
    browser.post("/rekisteroidy", sign_up_form(organisation="kangasalan-kaupunki"))
    press_link(browser, session)
    assert [membership.organisation_id for membership in the_user(session).memberships] == [chosen.id]
    noted = session.scalars(select(AuditEntry.data).where(AuditEntry.event == "MembershipStarted")).all()
    assert [row["by_domain"] for row in noted] == [False]


def test_an_unknown_domain_without_a_choice_asks_for_one(browser: Browser, session: Session, make: Factory) -> None:
    make.organisation("Muu kunta")
    answer = browser.post("/rekisteroidy", sign_up_form(organisation=""))
    assert answer.status_code == 422
    assert 'id="organisation-error"' in answer.text
    assert f"Emme tunne organisaatiota, jonka osoite on @{sign_up_form()['email'].partition('@')[2]}" in answer.text
    assert mails(session) == []


def test_organisations_are_in_the_order_of_the_alphabet(browser: Browser, make: Factory) -> None:
    for name in ("Åland kommunförbund", "Ähtärin kaupunki", "Vaasan kaupunki"):
        make.organisation(name)
    page = browser.get("/rekisteroidy").text
    places = [page.index(f">{name}<") for name in ("Vaasan kaupunki", "Åland kommunförbund", "Ähtärin kaupunki")]
    assert places == sorted(places)


def test_an_organisation_that_is_not_in_the_list_is_refused(browser: Browser, session: Session) -> None:
    assert browser.post("/rekisteroidy", sign_up_form(organisation="ei-ole")).status_code == 422
    assert mails(session) == []


def test_the_language_of_the_page_becomes_the_language_of_the_account(browser: Browser, session: Session) -> None:
    browser.post("/sv/rekisteroidy", sign_up_form())
    assert link_in(mails(session)[0]).startswith("/sv/rekisteroidy/vahvista/")
    assert the_user(session).locale == "sv"


def test_a_bad_form_keeps_the_text_and_tells_all_at_once(browser: Browser, session: Session) -> None:
    answer = browser.post("/rekisteroidy", sign_up_form(name="Ylläpito", email="ei osoite", password="lyhyt"))
    assert answer.status_code == 422
    for field in ("name", "email", "password"):
        assert f'id="{field}-error"' in answer.text
        assert f'href="#{field}"' in answer.text
    assert 'value="ei osoite"' in answer.text
    assert "lyhyt" not in answer.text


def test_somebody_else_who_registered_the_address_first_does_not_fix_the_password(
    browser: Browser, session: Session
) -> None:
    browser.post("/rekisteroidy", sign_up_form(name="Vieras", password="vieras keksi tämän lauseen"))
    browser.post("/rekisteroidy", sign_up_form(name="Omistaja"))
    own = link_in(mails(session, "confirm_address")[1])
    assert "Omistaja" in browser.get(own).text
    browser.post(own)
    user = the_user(session)
    assert user.display_name == "Omistaja"
    assert not verify_password(user.password_hash, "vieras keksi tämän lauseen")
    assert browser.get(link_in(mails(session, "confirm_address")[0])).status_code == 400


def test_a_filled_honeypot_is_thanked_and_forgotten(browser: Browser, session: Session) -> None:
    answer = browser.post("/rekisteroidy", sign_up_form(homepage="https://example.org"))
    assert answer.location == "/rekisteroidy/lahetetty"
    assert mails(session) == []


def test_fewer_registrations_are_taken_from_one_who_writes_faster_than_people(
    browser: Browser, session: Session
) -> None:
    statuses = [
        browser.post("/rekisteroidy", sign_up_form(email=f"uusi{number}@example.org")).status_code
        for number in range(13)
    ]
    assert statuses == [303] * 12 + [429]


def test_mails_to_one_address_are_limited_silently(browser: Browser, session: Session) -> None:
    answers = {browser.post("/rekisteroidy", sign_up_form()).location for _ in range(5)}
    assert answers == {"/rekisteroidy/lahetetty"}
    assert len(mails(session)) == 3


def test_sign_ups_never_confirmed_are_removed_after_a_week(
    browser: Browser, session: Session, make: Factory, app: object
) -> None:
    make.user()
    browser.post("/rekisteroidy", sign_up_form())
    config: Config = app.extensions["tori"]  # type: ignore[attr-defined]
    with clock.frozen(clock.now() + timedelta(days=6)):
        sweep_accounts(config)
        assert session.scalar(select(func.count()).select_from(User)) == 2
    session.rollback()
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert sweep_accounts(config) >= 1
    session.rollback()
    assert session.scalar(select(func.count()).select_from(User)) == 1
    assert session.scalar(select(func.count()).select_from(AccountToken)) == 0


def test_an_account_from_the_command_line_obeys_the_rules(session: Session) -> None:
    with transaction():
        user = service.create_user(session, "Toimittaja@example.org", GOOD_PASSWORD, role="editor")  # type: ignore[arg-type]
    assert (user.email, user.role, user.is_active) == ("toimittaja@example.org", "editor", True)
    for email, password, code in [
        ("toimittaja@example.org", GOOD_PASSWORD, "address_taken"),
        ("uusi@example.org", "lyhyt", "password_short"),
        ("ei osoite", GOOD_PASSWORD, "bad_email"),
    ]:
        with pytest.raises(RuleBroken, match=code):
            service.create_user(session, email, password)


def test_demo_accounts_are_made_once(session: Session, make: Factory) -> None:
    nokia = make.organisation("Nokian kaupunki")
    make.organisation("Kangasalan kaupunki")
    with transaction():
        assert service.create_demo_accounts(session) == 6
    with transaction():
        assert service.create_demo_accounts(session) == 0
    steward = the_user(session, "yhteyshenkilo@example.org")
    assert [(row.organisation_id, row.is_steward) for row in steward.memberships] == [(nokia.id, True)]
    assert verify_password(steward.password_hash, service.DEMO_PASSWORD)
