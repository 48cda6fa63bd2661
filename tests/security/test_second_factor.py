"""Codes after the password: programs, paper, roles that need them. Names begin with the id of the case."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import GOOD_PASSWORD, link_in, mails
from tests.conftest import PASSWORD, Browser, MakeApp
from tests.factories import Factory
from tori.core import clock
from tori.models.accounts import RecoveryCode, SecondFactor
from tori.models.operations import AuditEntry
from tori.models.people import Role, User


def secret_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]{32,})</code>", page)
    assert found, page
    return found[1].replace(" ", "")


def digits(secret: str, steps: int = 0) -> str:
    return str(pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps)))


def take_into_use(browser: Browser) -> tuple[str, list[str]]:
    """The secret of the program, and the codes on paper."""
    secret = secret_on(browser.get("/oma/kaksivaiheinen").text)
    answer = browser.post("/oma/kaksivaiheinen", {"code": digits(secret, -1)})
    assert answer.status_code == 200, answer.text
    return secret, re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", answer.text)


def give_password(browser: Browser, user: User, password: str = PASSWORD) -> None:
    answer = browser.post("/kirjaudu", {"email": user.email, "password": password, "next": "/oma/tiedot"})
    assert answer.status_code == 303
    assert answer.location == "/kirjaudu/koodi?next=/oma/tiedot"


@pytest.fixture
def user(make: Factory) -> User:
    return make.user()


@pytest.fixture
def other(app: Flask) -> Browser:
    return Browser(app)


def test_a14_after_the_password_a_code_is_asked_for_and_nothing_opens_before(
    browser: Browser, other: Browser, user: User, session: Session
) -> None:
    secret, paper = take_into_use(browser.sign_in(user))
    assert len(paper) == 10
    give_password(other, user)
    assert other.get("/oma").status_code == 302
    assert other.post("/kirjaudu/koodi", {"code": "000000"}).status_code == 422
    assert other.get("/oma").status_code == 302
    answer = other.post("/kirjaudu/koodi", {"code": digits(secret), "next": "/oma/tiedot"})
    assert (answer.status_code, answer.location) == (303, "/oma/tiedot")
    assert other.get("/oma").status_code == 200
    assert [mail.event for mail in mails(session)] == ["second_factor_on"]


def test_a14_a_code_works_once_however_it_is_written(app: Flask, browser: Browser, user: User) -> None:
    secret, _ = take_into_use(browser.sign_in(user))
    code = digits(secret)
    first, second = Browser(app), Browser(app)
    give_password(first, user)
    give_password(second, user)
    assert first.post("/kirjaudu/koodi", {"code": f" {code[:3]} {code[3:]} "}).status_code == 303
    for again in (code, f"{code} ", f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}", f"{code}\u200b"):
        assert second.post("/kirjaudu/koodi", {"code": again}).status_code == 422, repr(again)
    assert second.get("/oma").status_code == 302


def test_a14_a_code_of_another_time_is_refused(browser: Browser, other: Browser, user: User) -> None:
    secret, _ = take_into_use(browser.sign_in(user))
    give_password(other, user)
    for steps in (-30, -2, 3, 30):
        assert other.post("/kirjaudu/koodi", {"code": digits(secret, steps)}).status_code == 422


def test_a14_wrong_codes_are_limited(browser: Browser, other: Browser, user: User) -> None:
    secret, _ = take_into_use(browser.sign_in(user))
    give_password(other, user)
    statuses = [other.post("/kirjaudu/koodi", {"code": f"{number:06}"}).status_code for number in range(11)]
    assert statuses == [422] * 10 + [429]
    refused = other.post("/kirjaudu/koodi", {"code": digits(secret)})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_a14_a_new_password_does_not_switch_the_second_factor_off(
    app: Flask, browser: Browser, user: User, session: Session
) -> None:
    take_into_use(browser.sign_in(user))
    stranger = Browser(app)
    stranger.post("/unohtunut-salasana", {"email": user.email})
    path = link_in(mails(session, "reset_password")[0])
    stranger.post(path, {"password": GOOD_PASSWORD})
    give_password(stranger, user, GOOD_PASSWORD)
    assert stranger.get("/oma").status_code == 302


def test_a14_a_mailed_link_asks_for_the_code_too(
    browser: Browser, other: Browser, user: User, session: Session
) -> None:
    secret, _ = take_into_use(browser.sign_in(user))
    other.post("/kirjaudu/linkki", {"email": user.email})
    answer = other.post(link_in(mails(session, "sign_in_link")[0]))
    assert answer.location == "/kirjaudu/koodi"
    assert other.get("/oma").status_code == 302
    assert other.post("/kirjaudu/koodi", {"code": digits(secret)}).status_code == 303


def test_a14_a_spare_code_works_once(app: Flask, browser: Browser, user: User, session: Session) -> None:
    _, paper = take_into_use(browser.sign_in(user))
    for expected in (303, 422):
        stranger = Browser(app)
        give_password(stranger, user)
        assert stranger.post("/kirjaudu/koodi", {"code": paper[0].upper()}).status_code == expected
    session.rollback()
    assert paper[1].replace("-", "") not in str(session.scalars(select(RecoveryCode.hash)).all())


def test_the_waiting_for_a_code_ends(browser: Browser, other: Browser, user: User) -> None:
    secret, _ = take_into_use(browser.sign_in(user))
    give_password(other, user)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        answer = other.post("/kirjaudu/koodi", {"code": digits(secret)})
        assert answer.location.startswith("/kirjaudu")
        assert other.get("/oma").status_code == 302


def test_taking_it_into_use_ends_the_other_sessions_and_keeps_this_one(
    browser: Browser, other: Browser, user: User
) -> None:
    other.sign_in(user)
    take_into_use(browser.sign_in(user))
    assert other.get("/oma").status_code == 302
    assert browser.get("/oma").status_code == 200


def test_a_wrong_code_does_not_take_it_into_use(browser: Browser, user: User, session: Session) -> None:
    browser.sign_in(user)
    secret = secret_on(browser.get("/oma/kaksivaiheinen").text)
    answer = browser.post("/oma/kaksivaiheinen", {"code": "12"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert secret_on(answer.text) == secret, "the program need not learn another one"
    session.rollback()
    assert session.scalars(select(SecondFactor.confirmed_at)).one() is None
    assert Browser(browser.client.application).sign_in(user).get("/oma").status_code == 200


def test_the_secret_is_not_readable_in_the_database(browser: Browser, user: User, session: Session) -> None:
    secret, _ = take_into_use(browser.sign_in(user))
    session.rollback()
    assert secret not in session.scalars(select(SecondFactor.secret)).one()


def test_f39_it_works_with_a_new_key_while_the_old_one_stands_among_the_fallbacks(
    browser: Browser, user: User, make_app: MakeApp
) -> None:
    secret, _ = take_into_use(browser.sign_in(user))
    renewed = Browser(make_app(secret_key="uusi", secret_key_fallbacks="test"))
    give_password(renewed, user)
    assert renewed.post("/kirjaudu/koodi", {"code": digits(secret)}).status_code == 303


def test_it_is_switched_off_with_a_code_only(browser: Browser, user: User, session: Session) -> None:
    secret, _ = take_into_use(browser.sign_in(user))
    assert browser.post("/oma/kaksivaiheinen/pois", {"code": "000000"}).status_code == 422
    assert browser.post("/oma/kaksivaiheinen/pois", {"code": digits(secret)}).status_code == 303
    session.rollback()
    assert session.scalars(select(SecondFactor)).all() == []
    events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events[-2:] == ["SecondFactorStarted", "SecondFactorEnded"]


def test_new_spare_codes_put_the_old_ones_out_of_use(app: Flask, browser: Browser, user: User) -> None:
    _, paper = take_into_use(browser.sign_in(user))
    assert len(re.findall(r"<code>[a-z2-7]{4}-", browser.post("/oma/varakoodit", {"code": paper[1]}).text)) == 10
    stranger = Browser(app)
    give_password(stranger, user)
    assert stranger.post("/kirjaudu/koodi", {"code": paper[0]}).status_code == 422


class TestStaff:
    @pytest.fixture
    def strict(self, make_app: MakeApp) -> Browser:
        return Browser(make_app(staff_second_factor=True))

    @pytest.mark.parametrize("role", [Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN])
    def test_a_role_counts_only_with_the_second_factor(self, make: Factory, strict: Browser, role: Role) -> None:
        draft = make.deed("Salainen luonnos", status="draft")
        strict.sign_in(make.user(role=role))
        assert strict.get("/hallinta").location == "/oma/kaksivaiheinen"
        assert strict.get(f"/teot/{draft.id}").status_code == 404
        assert strict.post("/hallinta/kayttajat/1/sulje").status_code == 403
        assert strict.get("/oma").status_code == 200
        take_into_use(strict)
        assert strict.get("/hallinta").status_code == 200
        assert strict.get(f"/teot/{draft.id}").status_code == (404 if role == Role.CAMPAIGN_MANAGER else 301)

    def test_the_staff_can_not_switch_it_off(self, make: Factory, strict: Browser) -> None:
        strict.sign_in(make.user(role=Role.EDITOR))
        secret, _ = take_into_use(strict)
        assert strict.post("/oma/kaksivaiheinen/pois", {"code": digits(secret)}).status_code == 422

    def test_the_accounts_of_a_demonstration_go_without(self, make: Factory, make_app: MakeApp) -> None:
        demo = Browser(make_app(staff_second_factor=True, demo=True)).sign_in(make.user(role=Role.ADMIN))
        assert demo.get("/hallinta").status_code == 200

    def test_a22_sessions_of_the_staff_end_sooner(self, make: Factory, browser: Browser) -> None:
        browser.sign_in(make.user(role=Role.EDITOR))
        start = clock.now()
        for minutes in range(25, 8 * 60, 25):
            with clock.frozen(start + timedelta(minutes=minutes)):
                assert browser.get("/oma").status_code == 200
        with clock.frozen(start + timedelta(hours=8, minutes=1)):
            assert browser.get("/oma").status_code == 302

    def test_a22_an_idle_session_of_the_staff_ends_after_half_an_hour(self, make: Factory, browser: Browser) -> None:
        browser.sign_in(make.user(role=Role.EDITOR))
        with clock.frozen(clock.now() + timedelta(minutes=31)):
            assert browser.get("/oma").status_code == 302

    def test_an_administrator_helps_somebody_who_lost_everything(
        self, app: Flask, make: Factory, browser: Browser, user: User, session: Session
    ) -> None:
        take_into_use(browser.sign_in(user))
        admin = Browser(app).sign_in(make.user(role=Role.ADMIN))
        assert admin.post(f"/hallinta/kayttajat/{user.id}/koodi-pois").status_code == 303
        assert browser.get("/oma").status_code == 302
        assert Browser(app).sign_in(user).get("/oma").status_code == 200
        assert mails(session)[-1].event == "second_factor_off"


class TestLinks:
    def test_a_link_signs_in_once_and_opening_it_does_not(
        self, app: Flask, browser: Browser, user: User, session: Session
    ) -> None:
        browser.post("/kirjaudu/linkki", {"email": user.email.upper(), "next": "/teot/uusi"})
        [mail] = mails(session)
        path = link_in(mail)
        scanner = Browser(app)
        assert scanner.get(path).headers["Referrer-Policy"] == "no-referrer"
        assert scanner.get("/oma").status_code == 302
        answer = browser.post(path)
        assert (answer.status_code, answer.location) == (303, "/teot/uusi")
        assert browser.get("/oma").status_code == 200
        assert scanner.post(path).status_code == 400

    def test_a03_a_known_and_a_free_address_ask_for_a_link_alike(
        self, browser: Browser, user: User, session: Session
    ) -> None:
        known = browser.post("/kirjaudu/linkki", {"email": user.email})
        free = browser.post("/kirjaudu/linkki", {"email": "ei@example.org"})
        assert (known.status_code, known.location, known.data) == (free.status_code, free.location, free.data)
        assert [mail.recipient for mail in mails(session)] == [user.email]

    def test_a12_a_link_is_old_after_its_time_and_after_a_newer_one(
        self, browser: Browser, user: User, session: Session
    ) -> None:
        for _ in range(2):
            browser.post("/kirjaudu/linkki", {"email": user.email})
        first, second = (link_in(mail) for mail in mails(session))
        assert browser.post(first).status_code == 400
        with clock.frozen(clock.now() + timedelta(minutes=16)):
            assert browser.post(second).status_code == 400

    def test_a09_a_link_leads_nowhere_else(self, browser: Browser, user: User, session: Session) -> None:
        browser.post("/kirjaudu/linkki", {"email": user.email, "next": "//evil.example"})
        assert browser.post(link_in(mails(session)[0])).location == "/oma"

    def test_a20_a_closed_account_gets_no_link_and_opens_none(
        self, browser: Browser, user: User, session: Session
    ) -> None:
        browser.post("/kirjaudu/linkki", {"email": user.email})
        path = link_in(mails(session)[0])
        user.disabled_at = clock.now()
        session.commit()
        assert browser.post(path).status_code == 400
        browser.post("/kirjaudu/linkki", {"email": user.email})
        assert len(mails(session)) == 1


def test_a20_one_browser_is_signed_out_and_not_another_persons(
    app: Flask, browser: Browser, make: Factory, user: User
) -> None:
    browser.sign_in(user)
    mine, stranger = Browser(app).sign_in(user), Browser(app).sign_in(make.user())
    handles = re.findall(r'name="session" value="([0-9a-f]{16})"', browser.get("/oma/istunnot").text)
    assert len(handles) == 1
    stranger.post("/oma/istunnot", {"session": handles[0]})
    assert mine.get("/oma").status_code == 200
    browser.post("/oma/istunnot", {"session": handles[0]})
    assert mine.get("/oma").status_code == 302
    assert stranger.get("/oma").status_code == 200
    assert browser.get("/oma").status_code == 200
