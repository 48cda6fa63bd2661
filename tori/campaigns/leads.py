"""The lead list: cases seen in the media or heard of at events, and the invitation to tell them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.campaigns.nominations import MAX_EMAIL, is_never
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import LeadAdded, LeadChanged, LeadInvited, record
from tori.core.text import clean_line
from tori.models.campaigning import Lead, LeadState
from tori.notifications import mail
from tori.notifications.links import mail_link
from tori.policy import Actor, Permission, require

MAX_TITLE = 150
REMIND_AFTER = timedelta(days=14)
CLOSED = (LeadState.TOLD, LeadState.DROPPED)
SHOWN = 200


@dataclass(frozen=True)
class Found:
    """``source_url`` or ``source`` tells where it was seen; ``email`` is that of somebody in the organisation."""

    title: str
    organisation: str
    source_url: str = ""
    source: str = ""
    email: str = ""


def add(session: Session, actor: Actor, found: Found) -> Lead:
    require(actor, Permission.LEAD_MANAGE)
    title, organisation = clean_line(found.title), clean_line(found.organisation)
    for text, name in ((title, "title"), (organisation, "organisation"), (clean_line(found.source), "source")):
        if len(text) > MAX_TITLE:
            raise RuleBroken("text_too_long", name, limit=MAX_TITLE)
        if not text and name != "source":
            raise RuleBroken("value_missing", name)
    url = clean_line(found.source_url)
    if url and (not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", url) or len(url) > 2000):
        raise RuleBroken("bad_url", "source_url")
    row = Lead(
        title=title, organisation=organisation, source_url=url, source=clean_line(found.source),
        email=_address(found.email), asker_id=actor.id, state=LeadState.SEEN,
        remind_on=clock.today() + REMIND_AFTER,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, LeadAdded(actor_id=actor.id, lead_id=row.id))
    return row


def _address(text: str) -> str:
    if not text.strip():
        return ""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise RuleBroken("bad_email", "email") from error
    return (checked.ascii_email or "").lower()[:MAX_EMAIL]


def invite(session: Session, actor: Actor, row: Lead) -> None:
    """One mail to the contact with a quick deed that is begun; the asker takes the lead over."""
    require(actor, Permission.LEAD_MANAGE)
    if row.state in CLOSED:
        raise RuleBroken("lead_closed")
    if not row.email:
        raise RuleBroken("value_missing", "email")
    if row.asked_at is not None:
        raise RuleBroken("lead_asked")
    if is_never(session, row.email):
        raise RuleBroken("never_contact", "email")
    row.state, row.asked_at, row.asker_id = LeadState.ASKED, clock.now(), actor.id
    row.remind_on = clock.today() + REMIND_AFTER
    link = mail_link("deeds.new", "fi", urlencode({"otsikko": row.title}))
    mail.enqueue(session, "lead_invitation", row.email, "fi", row=row, link=link)
    record(session, LeadInvited(actor_id=actor.id, lead_id=row.id))


def move(session: Session, actor: Actor, row: Lead, state: str) -> None:
    """A closed lead keeps neither its reminder nor the address."""
    require(actor, Permission.LEAD_MANAGE)
    if state not in set(LeadState):
        raise RuleBroken("unknown_choice", "state")
    row.state = state
    if state in CLOSED:
        row.email, row.remind_on = "", None
    record(session, LeadChanged(actor_id=actor.id, lead_id=row.id, state=state))


def open_leads(session: Session) -> list[Lead]:
    """Those whose reminder is due first."""
    return list(
        session.scalars(
            select(Lead)
            .where(Lead.state.not_in(CLOSED))
            .options(joinedload(Lead.asker))
            .order_by(Lead.remind_on, Lead.id)
            .limit(SHOWN)
        )
    )


def is_due(row: Lead, today: date) -> bool:
    return row.remind_on is not None and row.remind_on <= today
