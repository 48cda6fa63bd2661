"""What the editors mean to do in a year: stories, fairs, letters. They stand on the year clock beside the campaigns."""

from dataclasses import dataclass
from datetime import date

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import PlanRemoved, PlanSaved, record
from tori.core.text import clean_line, clean_text
from tori.models.campaign_life import Plan
from tori.models.people import User
from tori.policy import Actor, Permission, can, require

MAX_TITLE = 150
MAX_NOTE = 1000
SALT = "year-clock"


@dataclass(frozen=True)
class Planned:
    """Without a last day the plan is of one day."""

    title: str
    starts_on: date | None
    ends_on: date | None = None
    note: str = ""


def save(session: Session, actor: Actor, given: Planned, row: Plan | None = None) -> Plan:
    """A new plan, or another content of ``row``."""
    require(actor, Permission.PLAN_MANAGE)
    title, note = clean_line(given.title), clean_text(given.note)
    if not title:
        raise RuleBroken("value_missing", "title")
    for text, name, limit in ((title, "title", MAX_TITLE), (note, "note", MAX_NOTE)):
        if len(text) > limit:
            raise RuleBroken("text_too_long", name, limit=limit)
    if given.starts_on is None:
        raise RuleBroken("value_missing", "starts_on")
    ends_on = given.ends_on or given.starts_on
    if ends_on < given.starts_on:
        raise RuleBroken("bad_period", "ends_on")
    if row is None:
        row = Plan(is_done=False)
        session.add(row)
    row.title, row.note, row.starts_on, row.ends_on = title, note, given.starts_on, ends_on
    session.flush()
    record(session, PlanSaved(actor_id=actor.id, plan_id=row.id))
    return row


def mark(session: Session, actor: Actor, row: Plan, is_done: bool) -> None:
    require(actor, Permission.PLAN_MANAGE)
    row.is_done = is_done
    record(session, PlanSaved(actor_id=actor.id, plan_id=row.id))


def remove(session: Session, actor: Actor, row: Plan) -> None:
    require(actor, Permission.PLAN_MANAGE)
    plan_id = row.id
    session.delete(row)
    record(session, PlanRemoved(actor_id=actor.id, plan_id=plan_id))


def between(session: Session, first: date, last: date) -> list[Plan]:
    """Those with a day in the time, by their start."""
    statement = select(Plan).where(Plan.starts_on <= last, Plan.ends_on >= first)
    return list(session.scalars(statement.order_by(Plan.starts_on, Plan.id)))


# The feed of the staff: its address is the right, for as long as the one it was made for is of the staff.


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], str(current_app.secret_key)]
    return URLSafeSerializer(keys, salt=SALT)


def token_of(user_id: int) -> str:
    token = _signer().dumps(user_id)
    return token if isinstance(token, str) else token.decode()


def reader_of(session: Session, token: str) -> Actor:
    """Raises NotFound for an altered address, and when its reader is of the staff no more."""
    try:
        user = session.get(User, _signer().loads(token[:200]))
    except BadSignature as error:
        raise NotFound("calendar") from error
    if user is None or not user.is_active or not can(Actor(user), Permission.PLAN_MANAGE):
        raise NotFound("calendar")
    return Actor(user)
