"""What waits at the desk: counting, taking, giving, finishing."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.core import clock
from tori.models.campaigning import Lead
from tori.models.deeds import DeedStatus
from tori.models.desk import QueueClaim
from tori.models.operations import AuditEntry, Feedback, OutboxMail
from tori.models.people import Role, User
from tori.models.wishes import Wish
from tori.web import work_queue
from tori.web.work_queue import QUEUES


def feedback(session: Session, body: str, days: int = 0) -> Feedback:
    row = Feedback(topic="idea", body=body, created_at=clock.now() - timedelta(days=days))
    session.add(row)
    session.commit()
    return row


def fill(session: Session, make: Factory) -> None:
    moment = clock.now()
    make.deed("Tarkistettava", status=DeedStatus.IN_REVIEW, submitted_at=moment - timedelta(days=2))
    make.deed(
        "Hiljainen", freshness_asked_at=moment - timedelta(days=40), updated_at=moment - timedelta(days=400)
    )  # fmt: skip
    make.deed("Vastattu", freshness_asked_at=moment - timedelta(days=40), checked_at=moment)
    feedback(session, "Vanha palaute", 20)
    for title, days in (("Vanha toive", 9), ("Uusi toive", 1)):
        session.add(Wish(title=title, slug="toive", body="", html="", created_at=moment - timedelta(days=days)))
    session.add(
        OutboxMail(
            event="confirm_address", recipient="x@example.org", subject="Kuollut posti", body_text="", body_html="",
            message_id="<1@x>", due_at=moment, failed_at=moment,
        )
    )  # fmt: skip
    session.commit()


@pytest.fixture
def admin(make: Factory) -> User:
    return make.user(role=Role.ADMIN, display_name="Ylläpitäjä")


def test_everything_that_waits_is_there_oldest_first(
    session: Session, make: Factory, browser: Browser, admin: User
) -> None:
    fill(session, make)
    page = browser.sign_in(admin).get("/en/hallinta").text
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    order = ["Hiljainen", "Vanha palaute", "Vanha toive", "Tarkistettava", "Kuollut posti"]
    places = [table.index(words) for words in order]
    assert places == sorted(places)
    assert "Uusi toive" not in table
    assert "Vastattu" not in table
    assert table.count("Late") == 2, "the feedback and the review have waited longer than was promised"


def test_each_sees_only_the_queues_of_the_own_role(session: Session, make: Factory, browser: Browser) -> None:
    fill(session, make)
    page = browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER)).get("/hallinta").text
    assert "Vanha palaute" in page
    for words in ("Tarkistettava", "Kuollut posti", "Vanha toive"):
        assert words not in page


def test_work_is_taken_given_and_let_go(session: Session, make: Factory, browser: Browser, admin: User) -> None:
    first, second = feedback(session, "Eka"), feedback(session, "Toka")
    colleague = make.user(role=Role.EDITOR, display_name="Kollega")
    browser.sign_in(admin)
    both = [f"feedback:{first.id}", f"feedback:{second.id}"]
    assert browser.post("/hallinta/jono", {"valittu": both, "action": "take"}).status_code == 303
    assert browser.post(
        "/hallinta/jono", {"valittu": both[1], "action": "give", "kenelle": colleague.id}
    ).status_code == 303  # fmt: skip
    mine = browser.get("/hallinta?kenen=minun").text
    assert "Eka" in mine
    assert "Toka" not in mine
    assert "Kollega" in browser.get("/hallinta").text
    assert "Eka" not in browser.get("/hallinta?kenen=vapaat").text
    browser.post("/hallinta/jono", {"valittu": both, "action": "release"})
    session.rollback()
    assert session.scalars(select(QueueClaim)).all() == []
    names = session.scalars(
        select(AuditEntry.event).where(AuditEntry.event.like("Work%")).order_by(AuditEntry.id)
    ).all()
    assert names == ["WorkTaken", "WorkTaken", "WorkTaken", "WorkReleased", "WorkReleased"]


def test_many_are_finished_with_one_press(session: Session, make: Factory, browser: Browser, admin: User) -> None:
    rows = [feedback(session, f"Palaute {number}") for number in range(3)]
    browser.sign_in(admin)
    chosen = [f"feedback:{row.id}" for row in rows[:2]]
    browser.post("/hallinta/jono", {"valittu": chosen, "action": "take"})
    browser.post("/hallinta/jono", {"valittu": chosen, "action": "feedback"})
    session.rollback()
    session.expire_all()
    assert [row.handled_at is not None for row in rows] == [True, True, False]
    assert session.scalars(select(QueueClaim)).all() == []


def test_odd_choices_change_nothing(session: Session, make: Factory, browser: Browser) -> None:
    row = feedback(session, "Palaute")
    member = make.user()
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    for data in (
        {"action": "take"},
        {"valittu": ["mails:1", "x", "feedback:-1"], "action": "take"},
        {"valittu": f"feedback:{row.id}", "action": "give", "kenelle": member.id},
    ):
        assert browser.post("/hallinta/jono", data).status_code == 422
    session.rollback()
    assert session.scalars(select(QueueClaim)).all() == []


def test_a_queue_of_another_feature_needs_only_a_count(
    session: Session, make: Factory, browser: Browser, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_queue, "QUEUES", dict(QUEUES))
    work_queue.register(
        work_queue.Queue(
            "other", "Vihjeet", work_queue.Permission.DESK_OPEN, "desk.feedback",
            lambda session: work_queue.Waiting(7, clock.now()),
        )
    )  # fmt: skip
    page = browser.sign_in(admin).get("/hallinta").text
    assert "Vihjeet" in page
    assert ">7</span>" in page


def test_the_page_takes_few_queries(app: Flask, session: Session, make: Factory, browser: Browser, admin: User) -> None:
    fill(session, make)
    for number in range(60):
        session.add(Feedback(topic="idea", body=f"Palaute {number}"))
    session.commit()
    browser.sign_in(admin)
    with counted_queries(app) as statements:
        assert browser.get("/hallinta").status_code == 200
    assert len(statements) <= 10 + 2 * len(QUEUES), statements


def test_a_lead_waits_from_the_day_of_its_reminder(session: Session, make: Factory, browser: Browser) -> None:
    today = clock.today()
    for title, days, state in (("Muistettava", -2, "seen"), ("Myöhemmin", 3, "seen"), ("Kerrottu", -5, "told")):
        session.add(Lead(title=title, organisation="Nokia", state=state, remind_on=today + timedelta(days=days)))
    session.commit()
    page = browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER)).get("/hallinta").text
    assert "Muistettava" in page
    assert "Myöhemmin" not in page
    assert "Kerrottu" not in page
