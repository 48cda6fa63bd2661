"""Own plans: what a person means to do after a deed, with a day of one's own to be reminded of it.

A plan begins with the words of the deed. Nobody else sees it; what is recorded of it tells only that it is there.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import AdoptionDescribed, OwnPlanChanged, OwnPlanMade, OwnPlanRemoved, record
from tori.core.text import clean_line, clean_text, excerpt, plain_text
from tori.deeds import adoptions
from tori.models.deeds import Adoption, AdoptionStatus, Deed
from tori.models.reading import OwnPlan
from tori.policy import Actor, Permission, require

TEXTS = ("what", "needs", "who", "first_step", "timetable")
MAX_TITLE = 150
MAX_TEXT = 2000
COPIED = 1200
"""A plan is short: of a long part of the deed the beginning is taken along."""
MAX_PLANS = 300
FURTHEST = 12
"""Months ahead that a reminder may be set."""


@dataclass(frozen=True)
class PlanContent:
    """``remind_on`` is the day of the reminder, None for no reminder."""

    title: str
    what: str = ""
    needs: str = ""
    who: str = ""
    first_step: str = ""
    timetable: str = ""
    remind_on: date | None = None
    repeats: bool = False


def begin(session: Session, actor: Actor, deed: Deed) -> OwnPlan:
    """The person's plan from this deed, made of its words when there is none yet. A second press changes nothing."""
    require(actor, Permission.DEED_KEEP, deed)
    if (known := find(session, actor, deed.id)) is not None:
        return known
    if (session.scalar(select(func.count()).where(OwnPlan.user_id == actor.id)) or 0) >= MAX_PLANS:
        raise RuleBroken("too_many_items", limit=MAX_PLANS)
    plan = OwnPlan(user_id=actor.id, deed_id=deed.id, title=deed.title, updated_at=clock.now(), **_words_of(deed))
    try:
        with session.begin_nested():
            session.add(plan)
    except IntegrityError:
        # The same press twice at the same moment.
        return session.scalars(_of(actor, deed.id)).one()
    record(session, OwnPlanMade(actor_id=actor.id, plan_id=plan.id, deed_id=deed.id))
    return plan


def _words_of(deed: Deed) -> dict[str, str]:
    return {
        "what": _copied(deed.implementation) or _copied(deed.summary),
        "needs": _copied(deed.applicability),
        "who": _copied(deed.participants),
        "first_step": clean_text("\n".join(deed.first_steps)),
        "timetable": "",
    }


def _copied(source: str) -> str:
    return excerpt(plain_text(source), COPIED)


def _of(actor: Actor, deed_id: int) -> Select[OwnPlan]:
    return select(OwnPlan).where(OwnPlan.user_id == actor.id, OwnPlan.deed_id == deed_id)


def find(session: Session, actor: Actor, deed_id: int) -> OwnPlan | None:
    """No statement for visitors."""
    return session.scalar(_of(actor, deed_id)) if actor.id is not None else None


def get(session: Session, actor: Actor, plan_id: int) -> OwnPlan:
    """Raises NotFound for a plan of somebody else as for one that there is not."""
    plan = session.get(OwnPlan, plan_id)
    if plan is None:
        raise NotFound("own plan")
    require(actor, Permission.OWN_PLAN, plan)
    return plan


def plans_of(session: Session, actor: Actor) -> list[OwnPlan]:
    """Those with the nearest reminder first, then the last changed."""
    return list(
        session.scalars(
            select(OwnPlan)
            .where(OwnPlan.user_id == actor.id)
            .options(joinedload(OwnPlan.deed).joinedload(Deed.organisation))
            .order_by(OwnPlan.remind_on.is_(None), OwnPlan.remind_on, OwnPlan.updated_at.desc(), OwnPlan.id)
            .limit(MAX_PLANS)
        )
    )


def model_of(plan: OwnPlan) -> Deed | None:
    """The deed as far as it is on the square, or the one that it was merged into."""
    for deed in (plan.deed, plan.deed.merged_into if plan.deed else None):
        if deed is not None and deed.is_public:
            return deed
    return None


def change(session: Session, actor: Actor, plan: OwnPlan, content: PlanContent) -> None:
    require(actor, Permission.OWN_PLAN, plan)
    title = clean_line(content.title)
    if not title:
        raise RuleBroken("value_missing", "title")
    if len(title) > MAX_TITLE and title != plan.title:
        raise RuleBroken("text_too_long", "title", limit=MAX_TITLE)
    texts = {name: clean_text(getattr(content, name)) for name in TEXTS}
    for name, text in texts.items():
        if len(text) > MAX_TEXT:
            raise RuleBroken("text_too_long", name, limit=MAX_TEXT)
    _set_reminder(plan, content.remind_on, content.repeats)
    plan.title, plan.updated_at = title, clock.now()
    for name, text in texts.items():
        setattr(plan, name, text)
    record(session, OwnPlanChanged(actor_id=actor.id, plan_id=plan.id))


def _set_reminder(plan: OwnPlan, day: date | None, repeats: bool) -> None:
    today = clock.today()
    if day != plan.remind_on:
        if day is not None and not today < day <= clock.shift_months(today, FURTHEST):
            raise RuleBroken("bad_moment", "remind_on")
        plan.remind_on = plan.remind_from = day
    plan.repeats = repeats and day is not None


def next_reminder(plan: OwnPlan, today: date) -> date | None:
    """The day after the one that has come: the same day of a coming month, or none when it does not come back."""
    first = plan.remind_from
    if not plan.repeats or first is None:
        return None
    months = (today.year - first.year) * 12 + today.month - first.month
    day = clock.shift_months(first, months)
    return day if day > today else clock.shift_months(first, months + 1)


def take_model(session: Session, actor: Actor, plan: OwnPlan) -> Adoption:
    """ "Otettu mallia" begins from the plan: the organisation intends to do it, until something further is told."""
    require(actor, Permission.OWN_PLAN, plan)
    deed = model_of(plan)
    if deed is None:
        raise NotFound("deed")
    adoption = adoptions.adopt(session, actor, deed)
    if adoption.status is None:
        adoptions.set_status(adoption, AdoptionStatus.INTENDS, None)
        adoption.updated_at = clock.now()
        record(session, AdoptionDescribed(actor_id=actor.id, deed_id=deed.id, adoption_id=adoption.id))
    return adoption


def remove(session: Session, actor: Actor, plan: OwnPlan) -> None:
    require(actor, Permission.OWN_PLAN, plan)
    record(session, OwnPlanRemoved(actor_id=actor.id, plan_id=plan.id))
    session.delete(plan)
