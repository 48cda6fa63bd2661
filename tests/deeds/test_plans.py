"""Own plans: from the words of a deed, seen by their maker alone, reminded of once on the day that they chose."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import Browser
from tests.factories import Factory
from tori.accounts import erasure
from tori.accounts.export import everything_about
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.database import transaction
from tori.deeds import plans
from tori.deeds.plans import PlanContent
from tori.digest import plan_reminders, subscriptions
from tori.models.deeds import Adoption, Deed, DeedStatus
from tori.models.operations import AuditEntry, Notification
from tori.models.people import Role, User
from tori.models.reading import OwnPlan
from tori.policy import Actor

MADE = date(2026, 1, 10)


@pytest.fixture
def deed(make: Factory) -> Deed:
    return make.deed(
        "Kävelypalaveri", implementation="Sovimme **reitin** ja\n\n- kävelimme", applicability="Hyvät kengät.",
        participants="henkilöstö ja esihenkilöt", first_steps=["Valitse reitti", "Kutsu tiimi"],
    )  # fmt: skip


@pytest.fixture
def maker(make: Factory) -> User:
    return make.user("suunnittelija@example.org", make.organisation("Nokian kaupunki"), locale="sv")


@pytest.fixture
def plan(session: Session, deed: Deed, maker: User) -> OwnPlan:
    with clock.frozen(clock.start_of_day(MADE)), transaction():
        return plans.begin(session, Actor(maker), deed)


def save(session: Session, plan: OwnPlan, maker: User, **values: object) -> None:
    with clock.frozen(clock.start_of_day(MADE)), transaction():
        plans.change(session, Actor(maker), plan, PlanContent(**{"title": plan.title, **values}))  # type: ignore[arg-type]


def remind(app: Flask, day: date, hour: int = 8) -> int:
    with clock.frozen(clock.start_of_day(day) + timedelta(hours=hour)):
        return plan_reminders.remind(app.extensions["tori"])


def test_a_plan_begins_with_the_words_of_the_deed_once(session: Session, plan: OwnPlan, maker: User) -> None:
    assert (plan.title, plan.what, plan.needs) == ("Kävelypalaveri", "Sovimme reitin ja kävelimme", "Hyvät kengät.")
    assert (plan.who, plan.first_step) == ("henkilöstö ja esihenkilöt", "Valitse reitti\nKutsu tiimi")
    assert plan.deed is not None
    with transaction():
        assert plans.begin(session, Actor(maker), plan.deed).id == plan.id
    assert session.scalar(select(func.count()).select_from(OwnPlan)) == 1
    assert session.scalars(select(AuditEntry.event).where(AuditEntry.actor_id == maker.id)).all() == ["OwnPlanMade"]


def test_nobody_else_sees_or_changes_it_whatever_their_role(session: Session, make: Factory, plan: OwnPlan) -> None:
    admin = Actor(make.user(role=Role.ADMIN))
    for verb in (
        lambda: plans.get(session, admin, plan.id),
        lambda: plans.change(session, admin, plan, PlanContent("Muu")),
        lambda: plans.take_model(session, admin, plan),
        lambda: plans.remove(session, admin, plan),
    ):
        with pytest.raises(NotFound), transaction():
            verb()
    assert plans.plans_of(session, admin) == []


def test_no_plan_is_made_of_a_draft(session: Session, make: Factory, maker: User) -> None:
    with pytest.raises(NotFound), transaction():
        plans.begin(session, Actor(maker), make.deed(status=DeedStatus.DRAFT))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 151}, "title"),
        ({"who": "x" * 2001}, "who"),
        ({"remind_on": MADE}, "remind_on"),
        ({"remind_on": date(2027, 1, 11)}, "remind_on"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    session: Session, plan: OwnPlan, maker: User, values: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        save(session, plan, maker, **values)
    assert caught.value.field == field
    session.refresh(plan)
    assert (plan.title, plan.remind_on) == ("Kävelypalaveri", None)


def test_a_reminder_comes_once_on_its_day_in_the_language_of_the_maker(
    app: Flask, session: Session, plan: OwnPlan, maker: User
) -> None:
    save(session, plan, maker, first_step="Soita keittiölle", remind_on=date(2026, 2, 2))
    assert remind(app, date(2026, 2, 1)) == 0
    assert remind(app, date(2026, 2, 2), hour=6) == 0, "not in the night"
    assert [remind(app, date(2026, 2, 2)), remind(app, date(2026, 2, 2)), remind(app, date(2026, 3, 2))] == [1, 0, 0]
    (mail,) = mails(session, "plan_due")
    assert mail.recipient == maker.email
    assert f"/sv/oma/suunnitelmat/{plan.id}" in mail.body_text
    assert "Soita keittiölle" in mail.body_text
    notices = session.execute(select(Notification.user_id, Notification.kind, Notification.address)).all()
    assert notices == [(maker.id, "plan_due", f"/oma/suunnitelmat/{plan.id}")]
    session.refresh(plan)
    assert (plan.remind_on, plan.repeats) == (None, False)


def test_another_worker_that_found_the_same_plan_reminds_of_nothing(
    app: Flask, session: Session, plan: OwnPlan, maker: User
) -> None:
    save(session, plan, maker, remind_on=date(2026, 2, 2))
    with app.app_context():
        told = []
        for _worker in range(2):
            with transaction() as rows:
                told.append(plan_reminders._remind(rows, plan.id, date(2026, 2, 2)))
    assert told == [True, False]


def test_a_monthly_reminder_keeps_its_day_and_leaves_out_missed_months(
    app: Flask, session: Session, plan: OwnPlan, maker: User
) -> None:
    save(session, plan, maker, remind_on=date(2026, 1, 31), repeats=True)
    seen = []
    for day in (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 6, 15)):
        assert remind(app, day) == 1
        session.refresh(plan)
        seen.append(plan.remind_on)
    assert seen == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 6, 30)]


def test_who_wants_no_mail_gets_the_notice_alone_and_a_closed_account_nothing(
    app: Flask, session: Session, plan: OwnPlan, maker: User
) -> None:
    save(session, plan, maker, remind_on=date(2026, 2, 2), repeats=True)
    with transaction():
        subscriptions.change_own(session, Actor(maker), "weekly", mails_answers=False)
    assert remind(app, date(2026, 2, 2)) == 1
    assert mails(session, "plan_due") == []
    assert session.scalar(select(func.count()).select_from(Notification)) == 1
    maker.disabled_at = clock.now()
    session.commit()
    assert remind(app, date(2026, 3, 2)) == 0


def test_the_model_is_taken_from_the_plan_as_intended(session: Session, plan: OwnPlan, maker: User, deed: Deed) -> None:
    for _press in range(2):
        with transaction():
            plans.take_model(session, Actor(maker), plan)
    (adoption,) = session.scalars(select(Adoption)).all()
    assert (adoption.deed_id, adoption.user_id, adoption.status) == (deed.id, maker.id, "aikoo")
    adoption.status = "kaytossa"
    session.commit()
    with transaction():
        plans.take_model(session, Actor(maker), plan)
    assert adoption.status == "kaytossa", "what has been told since stays"


def test_the_plan_is_in_the_own_data_and_goes_with_the_account(
    app: Flask, session: Session, plan: OwnPlan, maker: User
) -> None:
    told = everything_about(session, maker)
    assert [(row["title"], row["needs"]) for row in told["own_plans"]] == [("Kävelypalaveri", "Hyvät kengät.")]
    assert "own_plan" not in told["other"]
    with transaction():
        erasure.erase(session, maker, app.extensions["tori"])
    assert session.scalar(select(func.count()).select_from(OwnPlan)) == 0


def test_from_the_deed_to_a_saved_plan_and_away(
    session: Session, make: Factory, browser: Browser, deed: Deed, maker: User
) -> None:
    page, other = f"/en/teot/{deed.id}-{deed.slug}", make.user("toinen@example.org")
    assert f"/en/teot/{deed.id}/suunnitelma" in browser.get(page).text
    browser.sign_in(maker)
    assert "Make your own plan of this" in browser.get(page).text
    answer = browser.post(f"/en/teot/{deed.id}/suunnitelma", {})
    (plan,) = session.scalars(select(OwnPlan)).all()
    address = f"/en/oma/suunnitelmat/{plan.id}"
    assert answer.location.endswith(address)
    assert address in browser.get(page).text, "the deed leads back to the plan"
    wrong = browser.post(address, {"title": "", "what": "Kävellään joka tiistai", "remind_on": "huomenna"})
    assert wrong.status_code == 422
    assert "Kävellään joka tiistai" in wrong.text
    assert 'id="title-error"' in wrong.text
    assert 'id="remind_on-error"' in wrong.text
    day = clock.today() + timedelta(days=20)
    saved = browser.post(address, {"title": "Tiistaikävely", "what": "Kävellään", "remind_on": day.isoformat()})
    assert saved.status_code == 303
    session.rollback()
    assert (plan.title, plan.what, plan.remind_on) == ("Tiistaikävely", "Kävellään", day)
    assert "Tiistaikävely" in browser.get("/en/oma/suunnitelmat").text
    browser.post(f"{address}/mallia", {})
    assert "has taken this model" in browser.get(address).text
    browser.sign_in(other)
    assert browser.get(address).status_code == 404
    browser.sign_in(maker)
    browser.post(f"{address}/poista", {})
    assert browser.get(address).status_code == 404


def test_a_deed_that_left_the_square_leaves_the_plan(
    session: Session, browser: Browser, plan: OwnPlan, maker: User, deed: Deed
) -> None:
    deed.status = DeedStatus.WITHDRAWN
    session.commit()
    text = browser.sign_in(maker).get(f"/en/oma/suunnitelmat/{plan.id}").text
    assert "no longer on the square" in text
    assert f"/teot/{deed.id}" not in text
