"""How a deed grows after it was told: its stage changes, and dated updates are added without touching the story."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import DeedUpdateAdded, DeedUpdateRemoved, record
from tori.core.text import clean_text, render_markdown
from tori.deeds import service
from tori.deeds.content import content_of
from tori.deeds.newcomers import refuse_adverts
from tori.models.deeds import Deed, Maturity
from tori.models.people import User
from tori.models.writing import DeedUpdate
from tori.policy import Actor, Permission, require

MAX_UPDATE = 4000
MAX_UPDATES = 100
FIRST_DAY = date(1990, 1, 1)


def change_stage(session: Session, actor: Actor, deed: Deed, maturity: str) -> None:
    """One press; pressing the present stage changes nothing."""
    require(actor, Permission.DEED_EDIT, deed)
    if maturity not in set(Maturity):
        raise RuleBroken("unknown_maturity", "maturity")
    if deed.maturity != maturity:
        service.edit(session, actor, deed, replace(content_of(deed), maturity=maturity), deed.version)


def add_update(
    session: Session, actor: Actor, deed: Deed, happened_on: date, body: str, form_number: str | None = None
) -> DeedUpdate:
    """Tells what has happened since. The same form number again gives the same update."""
    require(actor, Permission.DEED_EDIT, deed)
    if form_number:
        existing = session.scalar(
            select(DeedUpdate).where(DeedUpdate.form_number == form_number, DeedUpdate.deed_id == deed.id)
        )
        if existing is not None:
            return existing
    body = clean_text(body)
    if not body:
        raise RuleBroken("value_missing", "body")
    if len(body) > MAX_UPDATE:
        raise RuleBroken("text_too_long", "body", limit=MAX_UPDATE)
    refuse_adverts(actor, "body", body)
    if happened_on > clock.today():
        raise RuleBroken("future_day", "happened_on")
    if happened_on < FIRST_DAY:
        raise RuleBroken("bad_day", "happened_on")
    update = DeedUpdate(
        deed_id=deed.id, author_id=actor.id, happened_on=happened_on, body=body, html=str(render_markdown(body)),
        form_number=form_number or None,
    )  # fmt: skip
    session.add(update)
    session.flush()
    record(session, DeedUpdateAdded(actor_id=actor.id, deed_id=deed.id, update_id=update.id))
    return update


def remove_update(session: Session, actor: Actor, deed: Deed, update_id: int) -> None:
    require(actor, Permission.DEED_EDIT, deed)
    update = session.get(DeedUpdate, update_id)
    if update is None or update.deed_id != deed.id:
        raise NotFound("update")
    session.delete(update)
    record(session, DeedUpdateRemoved(actor_id=actor.id, deed_id=deed.id, update_id=update_id))


def updates_of(session: Session, deed_id: int) -> list[DeedUpdate]:
    """The newest first."""
    return list(
        session.scalars(
            select(DeedUpdate)
            .where(DeedUpdate.deed_id == deed_id)
            .options(joinedload(DeedUpdate.author).lazyload(User.memberships))
            .order_by(DeedUpdate.happened_on.desc(), DeedUpdate.id.desc())
            .limit(MAX_UPDATES)
        )
    )
