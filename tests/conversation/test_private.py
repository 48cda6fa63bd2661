"""Asking in private: who reads, who answers, and what falls to whom when nobody does."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import Browser
from tests.factories import Factory
from tori.conversation import private
from tori.core import clock
from tori.core.errors import NotAllowed, NotFound
from tori.database import transaction
from tori.models.conversation import PrivateMessage, PrivateQuestion, Turn
from tori.models.deeds import Deed
from tori.models.operations import Notification
from tori.models.people import Organisation, Role, User
from tori.policy import ANONYMOUS, Actor

WEEK = timedelta(days=7)


@pytest.fixture
def place(make: Factory) -> Organisation:
    return make.organisation("Kangasalan kaupunki")


@pytest.fixture
def author(make: Factory, place: Organisation) -> User:
    return make.user("tekija@kangasala.example", organisation=place, display_name="Kehittäjä K")


@pytest.fixture
def asker(make: Factory) -> Actor:
    return Actor(make.user("kysyja@nokia.example", organisation=make.organisation("Nokian kaupunki")))


@pytest.fixture
def deed(make: Factory, author: User, place: Organisation) -> Deed:
    return make.deed(author_id=author.id, organisation_id=place.id)


def ask(actor: Actor, deed: Deed, **values: str) -> PrivateQuestion:
    with transaction() as session:
        return private.ask(session, actor, deed, "Mitä oikeasti tapahtui?", **values)


def test_no_address_of_either_side_is_in_pages_or_mails(
    session: Session, app: Flask, deed: Deed, author: User, asker: Actor
) -> None:
    row = ask(asker, deed)
    assert asker.user is not None
    sides = [(author, "kysyja@nokia.example"), (asker.user, "tekija@kangasala.example")]
    for person, other_address in sides:
        browser = Browser(app).sign_in(person)
        assert "Mitä oikeasti tapahtui?" in browser.get(f"/oma/kysymykset/{row.id}").text
        assert browser.post(f"/oma/kysymykset/{row.id}", {"body": "Näin se meni."}).status_code == 303
        for path in ("/oma/kysymykset", f"/oma/kysymykset/{row.id}"):
            assert other_address not in browser.get(path).text
    letters = mails(session)
    assert [mail.recipient for mail in letters] == [
        "tekija@kangasala.example", "kysyja@nokia.example", "tekija@kangasala.example",
    ]  # fmt: skip
    for mail in letters:
        whole = mail.subject + mail.body_text + mail.body_html + str(mail.headers)
        assert "kysyja@nokia.example" not in whole
        assert "tekija@kangasala.example" not in whole
    session.expire_all()
    assert row.answered_at is not None


def test_others_do_not_even_learn_that_there_is_a_question(
    session: Session, make: Factory, deed: Deed, place: Organisation, asker: Actor
) -> None:
    row = ask(asker, deed)
    others = [make.user(organisation=place), make.user(role=Role.EDITOR), make.user(role=Role.ADMIN)]
    others.append(make.user(organisation=place, steward=True))
    for actor in (*map(Actor, others), ANONYMOUS):
        with pytest.raises(NotFound):
            private.get(session, actor, row.id)


def test_after_seven_days_the_question_falls_to_the_contact_person(
    session: Session, make: Factory, app: Flask, deed: Deed, place: Organisation, asker: Actor
) -> None:
    steward = make.user("yhteys@kangasala.example", organisation=place, steward=True)
    now = clock.now()
    with clock.frozen(now):
        row = ask(asker, deed)
    config = app.extensions["tori"]
    with clock.frozen(now + WEEK - timedelta(minutes=1)):
        assert private.pass_on(config) == 0
    with clock.frozen(now + WEEK):
        assert private.pass_on(config) == 1
        assert private.pass_on(config) == 0
    session.expire_all()
    assert row.turn == Turn.STEWARD
    assert [mail.recipient for mail in mails(session)][1:] == ["yhteys@kangasala.example"]
    assert private.get(session, Actor(steward), row.id).id == row.id
    with transaction() as writing:
        private.answer(writing, Actor(steward), row, "Autan mielelläni.")
    assert mails(session)[-1].recipient == "kysyja@nokia.example"
    kinds = session.scalars(select(Notification.kind).order_by(Notification.id)).all()
    assert kinds == ["private_question", "private_question", "private_answer"]


def test_without_a_contact_person_the_editors_answer(
    session: Session, make: Factory, app: Flask, deed: Deed, asker: Actor
) -> None:
    editor = make.user("toimitus@example.org", role=Role.EDITOR)
    now = clock.now()
    with clock.frozen(now):
        row = ask(asker, deed)
    with clock.frozen(now + WEEK):
        private.pass_on(app.extensions["tori"])
    session.expire_all()
    assert row.turn == Turn.EDITOR
    assert private.get(session, Actor(editor), row.id).id == row.id


def test_an_answered_question_stays_with_its_author(
    session: Session, app: Flask, deed: Deed, author: User, asker: Actor
) -> None:
    now = clock.now()
    with clock.frozen(now):
        row = ask(asker, deed)
        with transaction() as writing:
            private.answer(writing, Actor(author), row, "Näin.")
    with clock.frozen(now + WEEK):
        assert private.pass_on(app.extensions["tori"]) == 0


def test_a_question_to_somebody_who_has_left_goes_to_the_contact_person_at_once(
    session: Session, make: Factory, deed: Deed, author: User, place: Organisation, asker: Actor
) -> None:
    make.user("yhteys@kangasala.example", organisation=place, steward=True)
    author.disabled_at = clock.now()
    session.commit()
    assert ask(asker, deed).turn == Turn.STEWARD
    assert [mail.recipient for mail in mails(session)] == ["yhteys@kangasala.example"]


def test_the_same_form_asks_and_answers_once(session: Session, deed: Deed, author: User, asker: Actor) -> None:
    rows = [ask(asker, deed, form_number="lomake-1") for _press in range(2)]
    assert rows[0].id == rows[1].id
    for _press in range(2):
        with transaction() as writing:
            private.answer(writing, Actor(author), rows[0], "Näin.", "lomake-2")
    assert len(session.scalars(select(PrivateMessage)).all()) == 2


def test_nobody_asks_themselves_and_a_visitor_signs_in(session: Session, app: Flask, deed: Deed, author: User) -> None:
    with pytest.raises(NotAllowed, match="own_question"):
        ask(Actor(author), deed)
    assert "/kirjaudu" in app.test_client().get(f"/teot/{deed.id}/kysy").location


def test_an_empty_question_is_told_at_its_field(deed: Deed, make: Factory, browser: Browser) -> None:
    browser.sign_in(make.user())
    answer = browser.post(f"/teot/{deed.id}/kysy", {"body": " "})
    assert answer.status_code == 422
    assert 'href="#body"' in answer.text
