"""Passkeys: added by whoever has just shown who they are, bound to this place, and of no use to anybody else."""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import GOOD_PASSWORD, mails
from tests.conftest import PASSWORD, Browser, MakeApp
from tests.factories import Factory
from tests.security.soft_key import PRESENT, SoftKey
from tests.security.test_second_factor import take_into_use
from tori.core import clock
from tori.models.accounts import Passkey
from tori.models.operations import AuditEntry
from tori.models.people import Role, User

PLACE = "http://localhost:8000"
"""Browsers bind no key to a bare number, so a trial site is known to keys by this name."""


def question_on(page: str) -> dict[str, Any]:
    found = re.search(r'data-question="([^"]+)"', page)
    assert found, page
    asked: dict[str, Any] = json.loads(html.unescape(found[1]))
    return asked


def add(browser: Browser, key: SoftKey, name: str = "Työpuhelin", **answer: Any) -> int:
    question = question_on(browser.get("/oma/paasyavaimet").text)
    return int(browser.post("/oma/paasyavaimet", {"answer": key.create(question, **answer), "name": name}).status_code)


def try_to_sign_in(browser: Browser, key: SoftKey, page: str = "/kirjaudu", **answer: Any) -> int:
    question = question_on(browser.get(page).text)
    return int(browser.post("/kirjaudu/avain", {"answer": key.get(question, **answer)}).status_code)


@pytest.fixture
def user(make: Factory) -> User:
    return make.user()


@pytest.fixture
def own(app: Flask, user: User) -> Browser:
    browser = Browser(app)
    browser.sign_in(user)
    return browser


@pytest.fixture
def other(app: Flask) -> Browser:
    return Browser(app)


def test_a_key_is_added_listed_used_and_removed(own: Browser, other: Browser, session: Session, user: User) -> None:
    key = SoftKey()
    assert add(own, key) == 303
    assert "Työpuhelin" in own.get("/oma/paasyavaimet").text
    assert try_to_sign_in(other, key) == 303
    assert other.get("/oma").status_code == 200
    assert try_to_sign_in(Browser(own.client.application), key) == 303
    session.rollback()
    row = session.scalars(select(Passkey)).one()
    assert (row.user_id, row.sign_count) == (user.id, 2)
    assert row.used_at is not None
    session.rollback()
    assert own.post(f"/oma/paasyavaimet/{row.id}/poista").status_code == 303
    assert try_to_sign_in(Browser(own.client.application), key) == 422
    session.rollback()
    events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert [event for event in events if event.startswith("Passkey")] == ["PasskeyAdded", "PasskeyRemoved"]
    assert [mail.event for mail in mails(session)] == ["passkey_added", "passkey_removed"]


def test_a_key_counts_as_more_than_a_password(make_app: MakeApp, make: Factory) -> None:
    editor = make.user(role=Role.EDITOR)
    make.session.rollback()
    app = make_app(staff_second_factor=True)
    own, key = Browser(app), SoftKey()
    own.sign_in(editor)
    assert own.get("/hallinta").location == "/oma/kaksivaiheinen"
    assert add(own, key) == 303
    fresh = Browser(app)
    assert try_to_sign_in(fresh, key) == 303
    assert fresh.get("/hallinta").status_code == 200


def test_a_key_stands_in_place_of_the_code(own: Browser, other: Browser, user: User) -> None:
    key = SoftKey()
    take_into_use(own)
    assert add(own, key) == 303
    answer = other.post("/kirjaudu", {"email": user.email, "password": PASSWORD})
    assert answer.location == "/kirjaudu/koodi"
    assert try_to_sign_in(other, key, "/kirjaudu/koodi") == 303
    assert other.get("/oma").status_code == 200


def test_an_answer_to_another_question_or_of_another_place_is_refused(own: Browser, other: Browser) -> None:
    key = SoftKey()
    assert add(own, key) == 303
    question = question_on(other.get("/kirjaudu").text)
    once = key.get(question)
    assert other.post("/kirjaudu/avain", {"answer": once}).status_code == 303
    # The very same answer again, from another browser and from the same one.
    for browser in (Browser(own.client.application), other):
        browser.post("/kirjaudu/ulos")
        browser.get("/kirjaudu")
        assert browser.post("/kirjaudu/avain", {"answer": once}).status_code == 422
    key.origin = "http://tori.evil.example"
    assert try_to_sign_in(other, key) == 422
    key.origin, key.place = PLACE, "evil.example"
    assert try_to_sign_in(other, key) == 422
    key.place = "localhost"
    assert try_to_sign_in(other, key, flags=PRESENT) == 422, "the device did not ask who it is"
    key.count = 0
    assert try_to_sign_in(other, key) == 422, "a copy of the key counts from another number"
    assert other.get("/oma").status_code == 302


NOTHING_SIGNED = '{"id":"AA","rawId":"AA","type":"public-key","response":{}}'
BROKEN = ["", "{", "[]", "null", "1", '{"id": 1}', NOTHING_SIGNED, "x" * 30_000, "[" * 5_000, '{"id":"\\ud800"}']


@pytest.mark.parametrize("answer", BROKEN)
def test_e25_a_broken_answer_is_refused_and_not_an_error_of_ours(own: Browser, other: Browser, answer: str) -> None:
    other.get("/kirjaudu")
    assert other.post("/kirjaudu/avain", {"answer": answer}).status_code == 422
    own.get("/oma/paasyavaimet")
    assert own.post("/oma/paasyavaimet", {"answer": answer, "name": "Avain"}).status_code == 422


def test_a_question_is_old_after_five_minutes_and_answered_once(own: Browser, other: Browser) -> None:
    key = SoftKey()
    assert add(own, key) == 303
    question = question_on(other.get("/kirjaudu").text)
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert other.post("/kirjaudu/avain", {"answer": key.get(question)}).status_code == 422
    assert other.post("/kirjaudu/avain", {"answer": key.get(question)}).status_code == 422


def test_a_key_of_a_closed_account_opens_nothing(own: Browser, other: Browser, user: User, session: Session) -> None:
    key = SoftKey()
    assert add(own, key) == 303
    session.get_one(User, user.id).disabled_at = clock.now()
    session.commit()
    assert try_to_sign_in(other, key) == 422


def test_nobody_removes_the_key_of_another_or_takes_it_as_their_own(
    own: Browser, other: Browser, make: Factory, session: Session
) -> None:
    key = SoftKey()
    assert add(own, key) == 303
    other.sign_in(make.user())
    number = session.scalars(select(Passkey.id)).one()
    session.rollback()
    assert other.post(f"/oma/paasyavaimet/{number}/poista").status_code == 404
    assert add(other, key) == 422
    session.rollback()
    assert len(session.scalars(select(Passkey)).all()) == 1


def test_no_key_is_offered_where_none_could_work(browser: Browser) -> None:
    number = "http://127.0.0.1:8000"
    assert 'data-passkey="get"' in browser.get("/kirjaudu").text
    assert "data-passkey" not in browser.get("/kirjaudu", base_url=number).text


# Once more who it is


def later(minutes: int = 16) -> Any:
    return clock.frozen(clock.now() + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("path", "back"),
    [("/oma/kaksivaiheinen", "/oma/kaksivaiheinen"), ("/oma/paasyavaimet", "/oma/paasyavaimet")],
)  # fmt: skip
def test_e24_ways_into_an_account_are_changed_by_whoever_has_just_shown_who_they_are(
    browser: Browser, user: User, path: str, back: str
) -> None:
    browser.sign_in(user)
    with later():
        for answer in (browser.get(path), browser.post(path, {"code": "000000", "name": "x", "answer": "{}"})):
            assert (answer.status_code, answer.location) == (303, f"/oma/vahvista?next={back}")
        assert browser.post("/oma/vahvista", {"current": "väärä", "next": path}).status_code == 422
        assert browser.get(path).status_code == 303
        answer = browser.post("/oma/vahvista", {"current": PASSWORD, "next": path})
        assert (answer.status_code, answer.location) == (303, path)
        assert browser.get(path).status_code == 200


def test_e24_accounts_of_others_are_changed_by_an_administrator_who_has_just_signed_in(
    browser: Browser, make: Factory, session: Session
) -> None:
    victim = make.user()
    browser.sign_in(make.user(role=Role.ADMIN))
    with later():
        for act in ("rooli", "sulje", "avaa", "koodi-pois"):
            answer = browser.post(f"/hallinta/kayttajat/{victim.id}/{act}", {"role": "admin"})
            assert (answer.status_code, answer.location) == (303, "/oma/vahvista?next=/hallinta/kayttajat"), act
    session.rollback()
    session.expire_all()
    found = session.get_one(User, victim.id)
    assert (found.role, found.disabled_at) == (Role.MEMBER, None)


def test_e24_a_new_password_is_not_asked_for_of_those_who_have_none(
    browser: Browser, user: User, session: Session
) -> None:
    browser.sign_in(user)
    session.get_one(User, user.id).password_hash = None
    session.commit()
    with later():
        page = browser.get("/oma/vahvista").text
        assert 'type="password"' not in page
        assert browser.post("/oma/vahvista", {"current": GOOD_PASSWORD}).status_code == 422
