"""A team looks at a deed together: by a link alone, as numbers from three answers on, gone in time."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.database import transaction
from tori.deeds import team_looks
from tori.models.deeds import Deed, DeedStatus
from tori.models.people import Role, User
from tori.models.reading import TeamAnswer, TeamLook
from tori.policy import Actor


@pytest.fixture
def opener(make: Factory) -> User:
    return make.user(organisation=make.organisation("Nokian kaupunki"))


@pytest.fixture
def look(session: Session, make: Factory, opener: User) -> TeamLook:
    deed = make.deed("Kävelypalaveri")
    with transaction():
        return team_looks.begin(session, Actor(opener), deed)


def answer(session: Session, look: TeamLook, **chosen: str) -> None:
    with transaction():
        team_looks.answer(session, look.key, chosen)


def test_the_sum_is_told_from_three_answers_on(session: Session, look: TeamLook) -> None:
    answer(session, look, need="yes", means="no")
    answer(session, look, need="yes", other="yes")
    assert team_looks.sum_of(session, look) == team_looks.Sum(2, None)
    answer(session, look, need="partly")
    told = team_looks.sum_of(session, look)
    assert told.rows is not None
    assert (told.rows["need"], told.rows["means"], told.rows["begin"]) == ({"yes": 2, "partly": 1}, {"no": 1}, {})


def test_an_empty_answer_and_one_after_the_end_are_refused(session: Session, look: TeamLook, opener: User) -> None:
    with pytest.raises(RuleBroken, match="nothing_answered"):
        answer(session, look, need="maybe")
    with transaction():
        team_looks.close(session, Actor(opener), look.key)
    with pytest.raises(RuleBroken, match="look_closed"):
        answer(session, look, need="yes")


def test_only_who_opened_it_closes_it_and_a_deed_off_the_square_ends_it(
    session: Session, make: Factory, look: TeamLook
) -> None:
    with pytest.raises(NotFound), transaction():
        team_looks.close(session, Actor(make.user(role=Role.ADMIN)), look.key)
    session.get_one(Deed, look.deed_id).status = DeedStatus.WITHDRAWN
    session.commit()
    with pytest.raises(NotFound):
        team_looks.find(session, look.key)


def test_looks_and_their_answers_go_after_ninety_days(app: Flask, session: Session, look: TeamLook) -> None:
    answer(session, look, need="yes")
    for days, left in ((89, 1), (91, 0)):
        with clock.frozen(clock.now() + timedelta(days=days)):
            team_looks.sweep(app.extensions["tori"])
        assert session.scalar(select(func.count()).select_from(TeamLook)) == left
        assert session.scalar(select(func.count()).select_from(TeamAnswer)) == left


def test_a_visitor_answers_by_the_link_and_then_sees_the_sum(
    session: Session, browser: Browser, client: FlaskClient, look: TeamLook, opener: User
) -> None:
    page = f"/en/yhteisarvio/{look.key}"
    assert "What the team thinks" not in client.get(page).text, "it would lead the answer"
    assert client.post(page, data={}).status_code == 422
    for _person in range(3):
        sent = client.post(page, data={"need": "yes", "begin": "no"})
        assert sent.status_code == 303
    shown = client.get(sent.location)
    assert "What the team thinks" in shown.text
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in shown.headers
    assert client.get("/en/yhteisarvio/" + "x" * 43).status_code == 404
    own = browser.sign_in(opener).get(page).text
    assert "Close the look" in own
    assert "3 answers" in own
    assert browser.post(f"{page}/sulje", {}).status_code == 303
    assert "This look has been closed." in client.get(page).text


def test_the_meeting_page_leads_to_it(browser: Browser, look: TeamLook, opener: User) -> None:
    begin = f"/en/teot/{look.deed_id}/yhteisarvio"
    assert begin in browser.get(f"/en/teot/{look.deed_id}/kokous").text
    browser.sign_in(opener)
    assert browser.post(begin, {}).location.endswith(look.key), "an open look goes on"
