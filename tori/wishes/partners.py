""" "Etsimme kumppaneita": calls for partners on a deed or a wish, open until a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import PartnerCallClosed, PartnerFound, PartnersSought, record
from tori.core.text import clean_text
from tori.deeds.newcomers import refuse_adverts
from tori.models.deeds import Deed
from tori.models.wishes import PartnerCall, PartnerInterest, Wish
from tori.policy import Actor, Permission, require

MAX_TEXT = 1500
LONGEST = timedelta(days=366)
SEEKS = ("try", "build", "funding", "research")
"""What is done together: trying out, building, a common application for funding, research."""


@dataclass(frozen=True)
class CallContent:
    """What for, what we bring, and the last day, in Finland, to answer."""

    purpose: str
    offer: str
    until: date | None
    seeks: str = ""


def seek(session: Session, actor: Actor, thing: Deed | Wish, content: CallContent) -> PartnerCall:
    """A call in the name of the actor's organisation. A new one takes the place of an open one of the same person."""
    is_deed = isinstance(thing, Deed)
    require(actor, Permission.DEED_EDIT if is_deed else Permission.WISH_EDIT, thing)
    organisation = thing.organisation if is_deed else (actor.user.organisation if actor.user else None)
    if organisation is None:
        raise RuleBroken("no_organisation", "purpose")
    purpose, offer = _text(content.purpose, "purpose"), _text(content.offer, "offer")
    if not purpose:
        raise RuleBroken("value_missing", "purpose")
    if content.seeks not in ("", *SEEKS):
        raise RuleBroken("unknown_choice", "seeks")
    refuse_adverts(actor, "purpose", purpose, offer)
    today = clock.today()
    if content.until is None or not today <= content.until <= today + LONGEST:
        raise RuleBroken("bad_last_day", "until")
    same = PartnerCall.deed_id == thing.id if is_deed else PartnerCall.wish_id == thing.id
    for earlier in session.scalars(
        select(PartnerCall).where(same, PartnerCall.author_id == actor.id, PartnerCall.closed_at.is_(None))
    ):
        earlier.closed_at = clock.now()
    row = PartnerCall(
        deed_id=thing.id if is_deed else None, wish_id=None if is_deed else thing.id, author_id=actor.id,
        organisation_id=organisation.id, purpose=purpose, offer=offer, until=content.until,
        seeks=content.seeks,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, PartnersSought(actor_id=actor.id, call_id=row.id))
    return row


def _text(value: str, field: str) -> str:
    text = clean_text(value)
    if len(text) > MAX_TEXT:
        raise RuleBroken("text_too_long", field, limit=MAX_TEXT)
    return text


def is_open(call: PartnerCall) -> bool:
    return call.closed_at is None and call.until >= clock.today()


def close(session: Session, actor: Actor, call: PartnerCall) -> None:
    require(actor, Permission.PARTNER_CALL_EDIT, call)
    if call.closed_at is None:
        call.closed_at = clock.now()
        record(session, PartnerCallClosed(actor_id=actor.id, call_id=call.id))


def offer(session: Session, actor: Actor, call: PartnerCall, message: str) -> PartnerInterest:
    """Tells the caller that the actor would like to take part. Once; writing again changes the message."""
    require(actor, Permission.PARTNER_OFFER, call)
    if not is_open(call):
        raise RuleBroken("call_closed")
    text = _text(message, "message")
    refuse_adverts(actor, "message", text)
    row = session.scalar(
        select(PartnerInterest).where(PartnerInterest.call_id == call.id, PartnerInterest.user_id == actor.id)
    )
    if row is not None:
        row.message = text
        return row
    row = PartnerInterest(call_id=call.id, user_id=actor.id, message=text)
    session.add(row)
    session.flush()
    record(session, PartnerFound(actor_id=actor.id, call_id=call.id, interest_id=row.id))
    return row
