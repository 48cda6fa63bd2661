"""Makers who ask for advice on a deed or have promised to help with it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.deeds import peer_help
from tori.deeds.peer_help import Offer
from tori.models.deeds import Deed, DeedStatus
from tori.models.operations import AuditEntry
from tori.models.people import User
from tori.policy import Actor

ADVICE = "Miten saamme koko väen mukaan?"


@pytest.fixture
def author(make: Factory) -> User:
    return make.user(organisation=make.organisation("Kangasalan kaupunki"))


@pytest.fixture
def deed(make: Factory, author: User) -> Deed:
    return make.deed("Kirjaston aamu", author_id=author.id, organisation_id=author.memberships[0].organisation_id)


def offer(session: Session, user: User, deed: Deed, **values: object) -> None:
    with transaction():
        peer_help.change(session, Actor(user), deed, Offer(**values))  # type: ignore[arg-type]


def test_what_the_makers_ask_and_promise_stands_on_the_deed_and_in_the_list(
    browser: Browser, client: FlaskClient, deed: Deed, author: User
) -> None:
    browser.sign_in(author)
    path = f"/teot/{deed.id}/vertaisapu"
    assert path in browser.get(f"/teot/{deed.id}-{deed.slug}").text
    form = {"advice_on": ADVICE, "helps_others": "y", "suits": ["parish", "company"]}
    answer = browser.post(path, form)
    assert (answer.status_code, answer.location) == (303, f"/teot/{deed.id}-{deed.slug}#vertaisapu")
    again = browser.get(path).text
    assert f'value="{ADVICE}"' in again
    page = client.get(f"/en/teot/{deed.id}-{deed.slug}").text
    for words in (ADVICE, "Glad to help others", "Ask the makers in private", "Companies", "Parishes"):
        assert words in page
    assert "Associations" not in page
    listed = client.get("/en/toiveet/vertaisapu").text
    assert listed.count(deed.title) >= 2
    assert ADVICE in listed
    assert "Nobody asks for advice now" in client.get("/en/toiveet/vertaisapu?teema=ei-ole").text


def test_an_empty_form_takes_it_all_back(
    session: Session, browser: Browser, client: FlaskClient, deed: Deed, author: User
) -> None:
    offer(session, author, deed, advice_on=ADVICE, helps_others=True)
    assert browser.sign_in(author).post(f"/teot/{deed.id}/vertaisapu", {"advice_on": ""}).status_code == 303
    assert ADVICE not in client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert "No promises yet" in client.get("/en/toiveet/vertaisapu").text


def test_too_long_and_unknown_is_told_at_its_field_and_kept(
    session: Session, browser: Browser, deed: Deed, author: User
) -> None:
    answer = browser.sign_in(author).post(f"/en/teot/{deed.id}/vertaisapu", {"advice_on": "x" * 201})
    assert answer.status_code == 422
    assert "at most 200 characters" in answer.text
    assert "x" * 201 in answer.text
    with pytest.raises(RuleBroken, match="unknown_choice"):
        offer(session, author, deed, suits=("kuu",))


def test_saying_the_same_twice_is_one_change(session: Session, deed: Deed, author: User) -> None:
    for _press in range(2):
        offer(session, author, deed, helps_others=True)
    events = session.scalars(select(AuditEntry.event).where(AuditEntry.event == "PeerHelpChanged")).all()
    assert len(events) == 1


def test_only_the_makers_speak_for_themselves_and_drafts_are_not_listed(
    session: Session, app: Flask, make: Factory, deed: Deed, author: User, client: FlaskClient
) -> None:
    stranger = make.user(organisation=make.organisation())
    with pytest.raises(NotAllowed):
        offer(session, stranger, deed, helps_others=True)
    assert Browser(app).sign_in(stranger).get(f"/teot/{deed.id}/vertaisapu").status_code == 403
    assert client.get(f"/teot/{deed.id}/vertaisapu").status_code == 302
    session.rollback()
    draft = make.deed("Kesken oleva", author_id=author.id, status=DeedStatus.DRAFT)
    offer(session, author, draft, advice_on=ADVICE, helps_others=True)
    assert "Kesken oleva" not in client.get("/toiveet/vertaisapu").text


def test_the_list_takes_as_many_statements_for_many(
    app: Flask, session: Session, make: Factory, client: FlaskClient, author: User
) -> None:
    offer(session, author, make.deed("Eka", author_id=author.id), advice_on=ADVICE, helps_others=True)
    client.get("/toiveet/vertaisapu")
    with counted_queries(app) as few:
        client.get("/toiveet/vertaisapu")
    for number in range(5):
        offer(session, author, make.deed(f"Lisää {number}", author_id=author.id), advice_on=ADVICE, helps_others=True)
    with counted_queries(app) as many:
        client.get("/toiveet/vertaisapu")
    assert len(few) == len(many)
