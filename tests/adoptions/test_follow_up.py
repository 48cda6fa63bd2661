""" "How did it go?": asked in time and once, answered by a link alone."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.factories import Factory
from tori.adoptions import follow_up, merging, queries
from tori.adoptions.follow_up import MONTHS, due_month, months_after
from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import transaction
from tori.deeds import adoptions
from tori.models.adoptions import FollowUp
from tori.models.deeds import Adoption, AdoptionStatus, Deed, DeedStatus
from tori.models.operations import Notification
from tori.models.people import Membership, Role, User
from tori.policy import Actor

PRESSED = datetime(2026, 1, 31, 22, 30, tzinfo=UTC)
"""The first of February in Finland."""


@pytest.fixture
def config(app: Flask) -> Config:
    config: Config = app.extensions["tori"]
    return config


@pytest.fixture
def adoption(session: Session, make: Factory) -> Adoption:
    author = make.user(organisation=make.organisation("Kangasalan kaupunki"))
    deed = make.deed(author_id=author.id, organisation_id=author.memberships[0].organisation_id)
    adopter = make.user("ottaja@example.org", make.organisation("Nokian kaupunki"), locale="sv")
    with clock.frozen(PRESSED), transaction():
        return adoptions.adopt(session, Actor(adopter), deed)


def at(day: date) -> datetime:
    return clock.start_of_day(day) + timedelta(hours=4)


def run(config: Config, day: date) -> int:
    with clock.frozen(at(day)):
        return follow_up.send_due(config)


def paths(session: Session) -> list[str]:
    """The addresses of the newest mail: one for each answer, and the one that stops the questions."""
    return re.findall(r"http://127\.0\.0\.1:8000(/\S+)", mails(session, "follow_up")[-1].body_text)


def test_a_month_later_is_the_same_day_or_the_last_one() -> None:
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert months_after(date(2025, 12, 5), 12) == date(2026, 12, 5)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.lists(st.integers(1, 200), min_size=1, max_size=12))
def test_each_month_is_asked_once_in_order_whatever_days_the_job_runs(since: date, pauses: list[int]) -> None:
    asked: list[int] = []
    day = since
    for pause in pauses:
        day += timedelta(days=pause)
        month = due_month(since, day, set(asked))
        if month is not None:
            assert months_after(since, month) <= day
            asked.append(month)
    assert asked == sorted(set(asked))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_who_is_looked_at_daily_is_asked_all_three(since: date) -> None:
    asked: list[int] = []
    for days in range(430):
        month = due_month(since, since + timedelta(days=days), set(asked))
        asked += [month] if month else []
    assert asked == list(MONTHS)


def test_mails_go_out_on_the_day_and_once(session: Session, config: Config, adoption: Adoption) -> None:
    assert run(config, date(2026, 4, 30)) == 0
    assert run(config, date(2026, 5, 1)) == 1
    assert run(config, date(2026, 5, 1)) == 0
    assert run(config, date(2026, 5, 2)) == 0
    assert run(config, date(2026, 8, 1)) == 1
    assert run(config, date(2027, 2, 1)) == 1
    assert run(config, date(2027, 3, 1)) == 0
    assert run(config, date(2029, 3, 1)) == 0
    assert [row.month for row in session.scalars(select(FollowUp).order_by(FollowUp.id))] == [3, 6, 12]


def test_the_mail_speaks_the_adopters_language_and_has_a_link_for_each_answer(
    session: Session, config: Config, adoption: Adoption
) -> None:
    run(config, date(2026, 5, 1))
    mail = mails(session, "follow_up")[-1]
    assert mail.recipient == "ottaja@example.org"
    assert all(path.startswith("/sv/seuranta/") for path in paths(session)[:6])
    assert [path.rpartition("tila=")[2] for path in paths(session)[:5]] == [str(status) for status in AdoptionStatus]
    assert mail.headers is not None
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_opening_a_link_changes_nothing_and_the_button_saves(
    session: Session, config: Config, adoption: Adoption, client: FlaskClient
) -> None:
    run(config, date(2026, 5, 1))
    link = next(path for path in paths(session) if path.endswith("tila=kaytossa"))
    with clock.frozen(at(date(2026, 5, 3))):
        page = client.get(link)
        assert page.status_code == 200
        assert re.search(r'value="kaytossa" checked', page.text)
        assert "Set-Cookie" not in page.headers
        assert page.headers["Referrer-Policy"] == "no-referrer"
        session.rollback()
        assert adoption.status is None
        answer = client.post(link.partition("?")[0], data={"status": "kaytossa", "outcome": "Toimii."})
        assert answer.status_code == 303
        assert client.get(answer.location).status_code == 200
        session.rollback()
        assert (adoption.status, adoption.outcome) == ("kaytossa", "Toimii.")
        client.post(link.partition("?")[0], data={"status": "luovuttu", "abandoned_reason": "resources"})
    session.rollback()
    assert (adoption.status, adoption.abandoned_reason) == ("luovuttu", "resources")
    row = session.scalars(select(FollowUp)).one()
    assert row.answers == {"status": "luovuttu", "abandoned_reason": "resources"}
    assert queries.reply_rates(session) == [queries.ReplyRate(3, 1, 1)]
    kinds = session.scalars(select(Notification.kind).where(Notification.kind == "adoption_status")).all()
    assert len(kinds) == 1


def test_at_six_months_five_questions_are_asked(
    session: Session, config: Config, adoption: Adoption, client: FlaskClient
) -> None:
    run(config, date(2026, 8, 1))
    path = paths(session)[0].partition("?")[0]
    with clock.frozen(at(date(2026, 8, 2))):
        assert client.get(path).text.count('name="direction"') == 6
        data = {"status": "kaytossa", "start": "4", "continuation": "5", "progress": "", "success": "3"}
        assert client.post(path, data=data).status_code == 303
        assert client.post(path, data={"status": "kaytossa", "start": "9"}).status_code == 422
    session.rollback()
    answers = session.scalars(select(FollowUp)).one().answers
    assert answers == {"status": "kaytossa", "start": 4, "continuation": 5, "success": 3}


@pytest.mark.parametrize("data", [{}, {"status": "hävinnyt"}, {"status": "luovuttu", "abandoned_reason": "x"}])
def test_an_answer_that_there_is_not_is_refused(
    session: Session, config: Config, adoption: Adoption, client: FlaskClient, data: dict[str, str]
) -> None:
    run(config, date(2026, 5, 1))
    with clock.frozen(at(date(2026, 5, 2))):
        assert client.post(paths(session)[0].partition("?")[0], data=data).status_code == 422
    session.rollback()
    assert adoption.status is None


def test_an_old_an_altered_and_an_empty_link_end_in_plain_words(
    session: Session, config: Config, adoption: Adoption, client: FlaskClient
) -> None:
    run(config, date(2026, 5, 1))
    path = "/en" + paths(session)[0].partition("?")[0].removeprefix("/sv")
    with clock.frozen(at(date(2026, 6, 29))):
        assert client.get(path).status_code == 200
        for bad in (path[:-1] + ("a" if path[-1] != "a" else "b"), "/en/seuranta/x", "/en/seuranta/MQ.x"):
            answer = client.get(bad)
            assert answer.status_code == 400
            assert "no longer works" in answer.text
    with clock.frozen(at(date(2026, 7, 2))):
        assert client.get(path).status_code == 400
        assert client.post(path, data={"status": "kaytossa"}).status_code == 400
        assert client.post(path + "/lopeta").status_code == 400
    session.rollback()
    assert adoption.status is None


def test_nothing_is_asked_of_a_deed_that_is_gone(
    session: Session, config: Config, adoption: Adoption, client: FlaskClient
) -> None:
    run(config, date(2026, 5, 1))
    path = paths(session)[0]
    with transaction():
        session.get_one(Deed, adoption.deed_id).status = DeedStatus.WITHDRAWN
    with clock.frozen(at(date(2026, 5, 2))):
        answer = client.get("/en" + path.removeprefix("/sv"))
    assert answer.status_code == 410
    assert "nothing to answer" in answer.text
    assert run(config, date(2026, 8, 1)) == 0


def test_the_link_of_an_undone_adoption_says_so(
    session: Session, config: Config, adoption: Adoption, client: FlaskClient
) -> None:
    run(config, date(2026, 5, 1))
    assert adoption.user is not None
    with transaction():
        adoptions.undo(session, Actor(adoption.user), adoption.deed)
    with clock.frozen(at(date(2026, 5, 2))):
        assert client.get(paths(session)[0]).status_code == 410


def test_one_press_stops_the_questions_also_without_a_cookie(
    session: Session, config: Config, adoption: Adoption, client: FlaskClient
) -> None:
    run(config, date(2026, 5, 1))
    path = paths(session)[5]
    assert path.endswith("/lopeta")
    with clock.frozen(at(date(2026, 5, 2))):
        assert client.get(path).status_code == 200
        session.rollback()
        assert adoption.asks_stopped_at is None
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert client.post(path).status_code == 200
    session.rollback()
    assert run(config, date(2026, 8, 1)) == 0


def test_nobody_is_asked_of_a_model_that_was_given_up(session: Session, config: Config, adoption: Adoption) -> None:
    with transaction():
        session.get_one(Adoption, adoption.id).status = AdoptionStatus.ABANDONED
    assert run(config, date(2026, 5, 1)) == 0


def leave(session: Session, user: User) -> None:
    with transaction():
        session.delete(session.scalars(select(Membership).where(Membership.user_id == user.id)).one())


@pytest.mark.parametrize("way", ["moved", "disabled"])
def test_the_contact_person_is_asked_when_the_adopter_has_left(
    session: Session, make: Factory, config: Config, adoption: Adoption, way: str
) -> None:
    assert adoption.user is not None
    if way == "moved":
        leave(session, adoption.user)
    else:
        with transaction():
            session.get_one(User, adoption.user_id).disabled_at = clock.now()
    assert run(config, date(2026, 5, 1)) == 0
    make.user("yhteyshenkilo@example.org", adoption.organisation, steward=True)
    session.rollback()
    assert run(config, date(2026, 5, 2)) == 1
    assert mails(session, "follow_up")[-1].recipient == "yhteyshenkilo@example.org"


def test_a_colleague_who_pressed_too_is_asked_before_the_contact_person(
    session: Session, make: Factory, config: Config, adoption: Adoption
) -> None:
    make.user("yhteyshenkilo@example.org", adoption.organisation, steward=True)
    colleague = make.user("tyokaveri@example.org", adoption.organisation)
    with transaction():
        adoptions.adopt(session, Actor(colleague), adoption.deed)
    assert adoption.user is not None
    leave(session, adoption.user)
    session.rollback()
    run(config, date(2026, 5, 1))
    assert mails(session, "follow_up")[-1].recipient == "tyokaveri@example.org"


def test_a_killed_run_is_finished_by_the_next_one(
    session: Session, make: Factory, config: Config, adoption: Adoption, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make.deed("Toinen teko")
    assert adoption.user is not None
    with clock.frozen(PRESSED), transaction():
        adoptions.adopt(session, Actor(adoption.user), other)
    ask = follow_up._ask

    def killed(session: Session, adoption_id: int, month: int) -> bool:
        done = ask(session, adoption_id, month)
        if adoption_id != adoption.id:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(follow_up, "_ask", killed)
    with pytest.raises(KeyboardInterrupt):
        run(config, date(2026, 5, 1))
    monkeypatch.undo()
    assert len(mails(session, "follow_up")) == 1
    assert run(config, date(2026, 5, 2)) == 1
    assert len(mails(session, "follow_up")) == 2


def test_the_answer_of_a_link_is_checked_by_the_service_too(
    session: Session, config: Config, adoption: Adoption
) -> None:
    run(config, date(2026, 8, 1))
    token = follow_up.token_of(session.scalars(select(FollowUp)).one())
    with clock.frozen(at(date(2026, 8, 2))):
        for given, code in (
            (follow_up.Answer(""), "value_missing"),
            (follow_up.Answer("kaytossa", outcome="x" * 2001), "text_too_long"),
            (follow_up.Answer("kaytossa", marks={"luck": 3}), "unknown_choice"),
            (follow_up.Answer("kaytossa", marks={"start": 6}), "unknown_choice"),
        ):
            with pytest.raises(RuleBroken, match=code), transaction():
                follow_up.answer(session, token, given)


@pytest.mark.parametrize("both_had_taken", [False, True])
def test_a_link_sent_before_the_organisations_were_merged_answers_for_the_one_that_stays(
    session: Session, make: Factory, config: Config, adoption: Adoption, client: FlaskClient, both_had_taken: bool
) -> None:
    run(config, date(2026, 5, 1))
    link = paths(session)[0].partition("?")[0]
    bigger = make.organisation("Tampereen kaupunki")
    deed = adoption.deed
    if both_had_taken:
        with transaction():
            adoptions.adopt(session, Actor(make.user(organisation=bigger)), deed)
    with transaction():
        merging.merge(session, Actor(make.user(role=Role.ADMIN)), adoption.organisation, bigger)
    with clock.frozen(at(date(2026, 5, 3))):
        assert client.get(link).status_code == 200
        for status in ("kokeilee", "kaytossa"):
            assert client.post(link, data={"status": status}).status_code == 303
    session.rollback()
    session.expire_all()
    [row] = session.scalars(select(Adoption)).all()
    assert (row.organisation_id, row.status, deed.adoption_count) == (bigger.id, "kaytossa", 1)
