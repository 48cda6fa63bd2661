"""The lead list: cases seen in the media or heard of at events, and the invitation to tell them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tori.campaigns.nominations import MAX_EMAIL, is_never
from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import LeadAdded, LeadChanged, LeadInvited, record
from tori.core.text import clean_line
from tori.database import transaction
from tori.models.campaigning import Lead, LeadState
from tori.models.operations import Notification
from tori.models.people import Membership, Organisation, Role, User
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
    """One mail with a quick deed that is begun, to the address of the lead or else to the contact person.

    The asker takes the lead over.
    """
    require(actor, Permission.LEAD_MANAGE)
    if row.state in CLOSED:
        raise RuleBroken("lead_closed")
    contact = None if row.email else contact_of(session, row.organisation)
    address = row.email or (contact.email if contact else "")
    if not address:
        raise RuleBroken("lead_no_address")
    if row.asked_at is not None:
        raise RuleBroken("lead_asked")
    if is_never(session, address):
        raise RuleBroken("never_contact", "email")
    row.state, row.asked_at, row.asker_id = LeadState.ASKED, clock.now(), actor.id
    row.remind_on = clock.today() + REMIND_AFTER
    locale = contact.locale if contact else "fi"
    link = mail_link("deeds.new", locale, urlencode({"otsikko": row.title}))
    mail.enqueue(session, "lead_invitation", address, locale, row=row, link=link)
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


def remind(config: Config) -> None:
    """A notice to whoever asks, once for each day that a lead has come up; to all editors when the asker is gone."""
    today = clock.today()
    with transaction() as session:
        rows = session.scalars(
            select(Lead).where(
                Lead.state.not_in(CLOSED), Lead.remind_on <= today,
                Lead.reminded_on.is_(None) | (Lead.reminded_on < Lead.remind_on),
            ).options(joinedload(Lead.asker)).order_by(Lead.id)
        ).all()  # fmt: skip
        staff = session.scalars(
            select(User.id).where(User.role.in_((Role.EDITOR, Role.CAMPAIGN_MANAGER)), User.disabled_at.is_(None))
        ).all()
        for row in rows:
            row.reminded_on = row.remind_on
            readers = [row.asker.id] if row.asker is not None and row.asker.is_active else staff
            for user_id in readers:
                session.add(Notification(user_id=user_id, kind="lead_due", text=row.title, address="/hallinta/vinkit"))


def put_off(session: Session, actor: Actor, row: Lead) -> None:
    """Asks again after the usual time."""
    require(actor, Permission.LEAD_MANAGE)
    if row.state in CLOSED:
        raise RuleBroken("lead_closed")
    row.remind_on = clock.today() + REMIND_AFTER
    record(session, LeadChanged(actor_id=actor.id, lead_id=row.id, state=row.state))


def contact_of(session: Session, organisation: str) -> User | None:
    """The contact person of the organisation with this name, when the square knows one."""
    return session.scalars(_contacts([organisation]).with_only_columns(User)).first()


def contacts(session: Session, rows: Sequence[Lead]) -> set[str]:
    """The organisations of the leads, as they are written there, that have a contact person. One statement."""
    found = session.execute(
        _contacts([row.organisation for row in rows]).with_only_columns(
            Organisation.name, Organisation.name_sv, Organisation.name_en
        )
    )
    return {name for names in found for name in names if name}


def _contacts(organisations: Sequence[str]) -> Select[Any]:
    return (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Organisation.name.in_(organisations)
            | Organisation.name_sv.in_(organisations)
            | Organisation.name_en.in_(organisations),
            Membership.is_steward.is_(True),
            User.confirmed_at.is_not(None),
            User.disabled_at.is_(None),
        )
        .order_by(User.id)
    )


def is_due(row: Lead, today: date) -> bool:
    return row.remind_on is not None and row.remind_on <= today
