"""Reminders of own plans, on the day that their maker has chosen: a notice, and a mail to who wants them."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.events import OwnPlanReminded, record
from tori.database import db, transaction
from tori.deeds.plans import next_reminder
from tori.digest.links import mail_link
from tori.digest.telling import notify, write_to
from tori.models.people import User
from tori.models.reading import OwnPlan

FROM_HOUR = 7
"""Not in the night: the reminder of a day comes from seven in the morning, Finnish time."""


def remind(config: Config) -> int:
    """One transaction each, so that a killed run goes on where it was. Returns how many were reminded."""
    now = clock.in_finland(clock.now())
    if now.hour < FROM_HOUR:
        return 0
    today = now.date()
    due = (
        select(OwnPlan.id)
        .join(OwnPlan.user)
        .where(OwnPlan.remind_on <= today, User.confirmed_at.is_not(None), User.disabled_at.is_(None))
        .order_by(OwnPlan.id)
    )
    reminded = 0
    for plan_id in list(db.session.scalars(due)):
        with transaction() as session:
            reminded += _remind(session, plan_id, today)
    return reminded


def _remind(session: Session, plan_id: int, today: date) -> bool:
    """The next day is set with the reminder, so that no other worker reminds of the same."""
    plan = session.get(OwnPlan, plan_id, with_for_update=True, populate_existing=True)
    if plan is None or plan.remind_on is None or plan.remind_on > today:
        return False
    plan.remind_on = next_reminder(plan, today)
    if plan.remind_on is None:
        plan.remind_from, plan.repeats = None, False
    notify(session, plan.user_id, None, "plan_due", plan.title, f"/oma/suunnitelmat/{plan.id}")
    link = mail_link("deeds.plan", plan.user.locale, plan_id=plan.id)
    write_to(
        session, plan.user_id, None, "plan_due", title=plan.title, first_step=plan.first_step, link=link,
        next_on=plan.remind_on,
    )  # fmt: skip
    record(session, OwnPlanReminded(actor_id=None, plan_id=plan.id))
    return True
