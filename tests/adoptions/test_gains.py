"""What a model gave: asked once when it has been tried, shown as numbers when at least three have answered."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import Browser
from tests.factories import Factory
from tori.adoptions import activity, follow_up, merging
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.deeds import adoptions
from tori.models.deeds import Adoption, Deed, Gain
from tori.models.people import Role, User
from tori.policy import Actor

PRESSED = datetime(2026, 2, 1, 9, tzinfo=UTC)
QUESTION = "What did taking the model give you?"


def taken(session: Session, make: Factory, deed: Deed, status: str | None = "kokeilee") -> tuple[User, Adoption]:
    user = make.user(organisation=make.organisation())
    with clock.frozen(PRESSED), transaction():
        adoption = adoptions.adopt(session, Actor(user), deed)
        adoptions.set_status(adoption, status, None)
    return user, adoption


def tell(session: Session, user: User, adoption: Adoption, *gains: str) -> None:
    with transaction():
        adoptions.tell_gains(session, Actor(user), adoption, gains)


@pytest.mark.parametrize(
    ("told", "kept"), [(("goals", "ideas"), ["ideas", "goals"]), (("nothing", "start"), ["start"]), (("nothing",),) * 2]
)
def test_nothing_yet_counts_only_alone(session: Session, make: Factory, told: tuple[str, ...], kept: list[str]) -> None:
    user, adoption = taken(session, make, make.deed())
    tell(session, user, adoption, *told)
    assert list(adoption.gains or []) == list(kept)


@pytest.mark.parametrize(("told", "code"), [((), "nothing_answered"), (("fame",), "unknown_choice")])
def test_other_answers_are_refused(session: Session, make: Factory, told: tuple[str, ...], code: str) -> None:
    user, adoption = taken(session, make, make.deed())
    with pytest.raises(RuleBroken, match=code):
        tell(session, user, adoption, *told)
    with pytest.raises(NotAllowed):
        tell(session, make.user(organisation=make.organisation()), adoption, "ideas")


def test_numbers_are_shown_from_three_answers_and_never_whose(
    session: Session, make: Factory, browser: Browser
) -> None:
    deed, other = make.deed("Kävelypalaveri"), make.deed("Toinen teko")
    path = f"/en/teot/{deed.id}-{deed.slug}"
    for told in (("ideas", "courage"), ("ideas",)):
        tell(session, *taken(session, make, deed), *told)
    taken(session, make, deed)
    assert "What it has given" not in browser.get(path).text
    assert activity.gains(session) is None
    tell(session, *taken(session, make, other), "ideas")
    assert "What it has given" not in browser.get(path).text, "answers about another deed do not count here"
    session.rollback()
    tell(session, *taken(session, make, deed), "nothing")
    counts = activity.gains(session)
    assert counts is not None
    assert (counts.answers, counts.rows) == (4, [(Gain.IDEAS, 3), (Gain.COURAGE, 1), (Gain.NOTHING, 1)])
    text = re.sub(r"<[^>]+>", "", browser.get(path).text)
    assert "Ideas for our own work (2) · Courage to act on small things (1) · Nothing yet (1) 3 answers" in text
    assert "Ideas for our own work" in browser.get("/en/mallinottajat").text


def test_the_page_asks_once_and_only_who_has_tried(session: Session, make: Factory, browser: Browser) -> None:
    deed = make.deed("Kävelypalaveri")
    user, adoption = taken(session, make, deed, "aikoo")
    path = f"/en/teot/{deed.id}-{deed.slug}"
    assert QUESTION not in browser.get(path).text
    assert QUESTION not in browser.sign_in(user).get(path).text, "only an intention so far"
    session.rollback()
    with transaction():
        adoptions.describe(session, Actor(user), adoption, adoptions.AdoptionDetails(status="kaytossa", note="Ulkona"))
    assert QUESTION in browser.get(path).text
    assert browser.post(f"/en/teot/{deed.id}/mallia/hyoty", {}).status_code == 422
    answer = browser.post(
        f"/en/teot/{deed.id}/mallia/hyoty", {"gains": ["start", "goals"]}, headers={"X-Requested-With": "fetch"}
    )
    assert QUESTION not in answer.text
    assert "Ulkona</textarea>" in answer.text.replace("\r", ""), "the other answers are still in their form"
    session.expire_all()
    assert adoption.gains == ["start", "goals"]
    assert QUESTION not in browser.get(path).text


def test_the_follow_up_asks_the_same_question_until_it_is_answered(
    app: Flask, session: Session, make: Factory, browser: Browser
) -> None:
    _user, adoption = taken(session, make, make.deed())
    with clock.frozen(datetime(2026, 5, 2, 9, tzinfo=UTC)):
        assert follow_up.send_due(app.extensions["tori"]) == 1
        body = mails(session, "follow_up")[-1].body_text
        assert "mitä mallin ottaminen antoi" in body
        found = re.search(r"/seuranta/([\w.-]+)", body)
        assert found
        page = f"/en/seuranta/{found[1]}"
        assert QUESTION in browser.get(page).text
        session.rollback()
        assert browser.post(page, {"status": "kaytossa", "gains": "courage"}).status_code == 303
        session.expire_all()
        assert adoption.gains == ["courage"]
        text = browser.get(page).text
        assert re.search(r'value="courage"[^>]*checked', text), "it can be mended here"
    session.rollback()
    with clock.frozen(datetime(2026, 8, 2, 9, tzinfo=UTC)):
        follow_up.send_due(app.extensions["tori"])
        body = mails(session, "follow_up")[-1].body_text
        assert "mitä mallin ottaminen antoi" not in body
        found = re.search(r"/seuranta/([\w.-]+)", body)
        assert found
        assert QUESTION not in browser.get(f"/en/seuranta/{found[1]}").text


def test_a_merger_keeps_the_answer(session: Session, make: Factory) -> None:
    deed = make.deed()
    user, adoption = taken(session, make, deed)
    tell(session, user, adoption, "ideas")
    other, _second = taken(session, make, deed)
    assert user.organisation is not None
    assert other.organisation is not None
    with transaction():
        merging.merge(session, Actor(make.user(role=Role.ADMIN)), user.organisation, other.organisation)
    (kept,) = session.query(Adoption).all()
    assert kept.gains == ["ideas"]
