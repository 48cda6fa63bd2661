"""Haastekisa: challenging somebody to tell a deed, without an account.

The address of the challenger is confirmed before anything is sent to the one who is challenged. That one begins by a
signed link, is reminded twice at most, and can say no for now or for good.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import (
    DeedPublished,
    DeedSaved,
    NominationConfirmed,
    NominationDeclined,
    NominationMade,
    NominationMet,
    NominationStarted,
    record,
)
from tori.core.text import clean_line, clean_text
from tori.database import db, transaction
from tori.edge import limits
from tori.edge.sessions import hash_token
from tori.i18n import LOCALES
from tori.models.campaigning import NeverContact, Nomination, Nominee
from tori.models.campaigns import Campaign, CampaignKind, running_on
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.operations import OutboxMail
from tori.models.people import Organisation
from tori.notifications import mail
from tori.notifications.links import mail_link
from tori.policy import Actor

MAX_NAME = 100
MAX_REASON = 500
MAX_EMAIL = 254
MAX_TOKEN = 200
CONFIRM_DAYS = 3
REMIND_AFTER = (timedelta(days=7), timedelta(days=14))
"""After the invitation; the second is the last."""
KEPT = timedelta(days=90)
"""So long after a campaign the addresses are kept, for the last ones who answer."""
CHAIN_SHOWN = 20
SALT = "challenge"
ADDRESS = re.compile(r"://|\bwww\.|\w@\w|\b[\w-]+\.(?:fi|com|net|org|eu|se|info|biz|ru|io|me|co|ly)\b", re.I)


@dataclass(frozen=True)
class Challenge:
    """What the form says. ``nominee_email`` is where the invitation goes."""

    kind: str
    nominee_name: str
    nominee_email: str
    reason: str
    email: str
    name: str = ""
    locale: str = "fi"


def is_open(campaign: Campaign) -> bool:
    return campaign.kind == CampaignKind.CHALLENGE and campaign.is_running(clock.today())


def challenge(session: Session, campaign: Campaign, given: Challenge) -> Nomination:
    """Keeps the challenge and sends a link to the challenger. Nothing goes to the challenged yet."""
    if campaign.kind != CampaignKind.CHALLENGE or not campaign.is_public:
        raise NotFound("challenge")
    if not campaign.is_running(clock.today()):
        raise RuleBroken("campaign_not_running")
    nominator, nominee = _address(given.email, "email"), _address(given.nominee_email, "nominee_email")
    if nominator == nominee:
        raise RuleBroken("own_nomination", "nominee_email")
    name, reason = clean_line(given.nominee_name), clean_text(given.reason)
    for field, text in (("nominee_name", name), ("reason", reason), ("name", clean_line(given.name))):
        if ADDRESS.search(text):
            # Our mails carry no links of strangers to people who have not asked for them.
            raise RuleBroken("no_addresses", field)
    _check(name, "nominee_name", MAX_NAME)
    _check(reason, "reason", MAX_REASON)
    if len(clean_line(given.name)) > MAX_NAME:
        raise RuleBroken("text_too_long", "name", limit=MAX_NAME)
    if given.kind not in set(Nominee):
        raise RuleBroken("unknown_choice", "kind")
    limits.count(session, "nominate_email", nominator)
    limits.count_house(session, "nominate", nominator)
    if is_never(session, nominee):
        raise RuleBroken("never_contact", "nominee_email")
    token = secrets.token_urlsafe(32)
    row = Nomination(
        campaign_id=campaign.id, kind=given.kind, nominee_name=name, nominee_email=nominee, reason=reason,
        nominator_name=clean_line(given.name), nominator_email=nominator,
        locale=given.locale if given.locale in LOCALES else "fi", confirm_hash=hash_token(token),
        confirm_until=clock.now() + timedelta(days=CONFIRM_DAYS),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, NominationMade(actor_id=None, nomination_id=row.id))
    link = mail_link("campaigns.confirm_challenge", row.locale, token=token)
    mail.enqueue(
        session, "challenge_confirm", nominator, row.locale, link=link, days=CONFIRM_DAYS, campaign=campaign, row=row
    )
    return row


def _address(text: str, field: str) -> str:
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise RuleBroken("bad_email", field) from error
    return (checked.ascii_email or "").lower()[:MAX_EMAIL]


def _check(text: str, field: str, limit: int) -> None:
    if not text:
        raise RuleBroken("value_missing", field)
    if len(text) > limit:
        raise RuleBroken("text_too_long", field, limit=limit)


def is_never(session: Session, email: str) -> bool:
    return session.get(NeverContact, hash_token(email)) is not None


def pending(session: Session, token: str) -> Nomination:
    """The challenge that a link confirms. Raises RuleBroken("bad_link")."""
    row = None
    if len(token) <= MAX_TOKEN:
        row = session.scalar(
            select(Nomination)
            .where(Nomination.confirm_hash == hash_token(token))
            .options(joinedload(Nomination.campaign))
        )
    if row is None or row.confirm_until <= clock.now():
        raise RuleBroken("bad_link")
    return row


def confirm(session: Session, token: str) -> Nomination:
    """The challenger is real: now the invitation goes. A second press changes nothing."""
    row = pending(session, token)
    if row.confirmed_at is not None:
        return row
    if not is_open(row.campaign):
        raise RuleBroken("campaign_not_running")
    row.confirmed_at = clock.now()
    row.from_organisation_id = limits.house_of(session, row.nominator_email)
    record(session, NominationConfirmed(actor_id=None, nomination_id=row.id))
    if not is_never(session, row.nominee_email) and not _is_invited(session, row):
        row.invited_at = clock.now()
        _invite(session, row, is_reminder=False)
    return row


def _is_invited(session: Session, row: Nomination) -> bool:
    """Whether somebody else's challenge has already reached the address in this campaign."""
    statement = select(Nomination.id).where(
        Nomination.campaign_id == row.campaign_id,
        Nomination.nominee_email == row.nominee_email,
        Nomination.invited_at.is_not(None),
    )
    return session.scalar(statement.limit(1)) is not None


def _invite(session: Session, row: Nomination, is_reminder: bool) -> None:
    token = token_of(row)
    stop = mail_link("campaigns.decline", row.locale, token=token)
    mail.enqueue(
        session, "challenge_invitation", row.nominee_email, row.locale,
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        row=row, campaign=row.campaign, is_reminder=is_reminder, is_last=row.reminders == len(REMIND_AFTER), stop=stop,
        link=mail_link("campaigns.challenged", row.locale, token=token),
    )  # fmt: skip


def is_wanted(session: Session, item: OutboxMail) -> bool:
    """A guard of the outbox: a mail that waited goes to nobody who has said no in between."""
    return not is_never(session, item.recipient)


# The link of the challenged


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], str(current_app.secret_key)]
    return URLSafeSerializer(keys, salt=SALT)


def token_of(row: Nomination) -> str:
    token = _signer().dumps(row.id)
    return token if isinstance(token, str) else token.decode()


def find(session: Session, token: str) -> Nomination:
    """Raises RuleBroken("bad_link") for an altered link, and for one whose campaign is long over."""
    try:
        number = _signer().loads(token[:MAX_TOKEN])
    except BadSignature as error:
        raise RuleBroken("bad_link") from error
    row = session.scalar(select(Nomination).where(Nomination.id == number).options(joinedload(Nomination.campaign)))
    if row is None or row.invited_at is None or not row.nominee_email:
        raise RuleBroken("bad_link")
    return row


def note_opened(session: Session, token: str) -> None:
    """For the funnel only: programs that check mails open links, too."""
    row = find(session, token)
    row.opened_at = row.opened_at or clock.now()


def start(session: Session, actor: Actor, token: str) -> Nomination:
    """The challenged begins to write; a member's own deed is known by the account, others by their address."""
    row = find(session, token)
    if not is_open(row.campaign):
        raise RuleBroken("campaign_not_running")
    row.user_id = actor.id or row.user_id
    if row.started_at is None:
        row.started_at = clock.now()
        row.opened_at = row.opened_at or row.started_at
        record(session, NominationStarted(actor_id=actor.id, nomination_id=row.id))
    row.declined_at = None
    return row


def decline(session: Session, token: str, for_good: bool) -> Nomination:
    """No reminders of this challenge any more; ``for_good``: no invitation ever again, whoever challenges."""
    row = find(session, token)
    if row.declined_at is None:
        row.declined_at = clock.now()
        record(session, NominationDeclined(actor_id=None, nomination_id=row.id, for_good=for_good))
    if for_good and not is_never(session, row.nominee_email):
        session.add(NeverContact(hash=hash_token(row.nominee_email)))
    return row


# What follows


def send_reminders(config: Config) -> int:
    """Reminds those whose turn it is, one transaction each. Returns how many."""
    sent = 0
    for nomination_id in _due(db.session()):
        with transaction() as session:
            sent += _remind(session, nomination_id)
    return sent


def _due(session: Session) -> Sequence[int]:
    now = clock.now()
    waited = or_(
        *(
            (Nomination.reminders == number) & (Nomination.invited_at <= now - pause)
            for number, pause in enumerate(REMIND_AFTER)
        )
    )
    return session.scalars(
        select(Nomination.id)
        .join(Campaign, Campaign.id == Nomination.campaign_id)
        .where(
            Nomination.declined_at.is_(None),
            Nomination.published_at.is_(None),
            running_on(clock.today()),
            waited,
        )
        .order_by(Nomination.id)
    ).all()


def _remind(session: Session, nomination_id: int) -> bool:
    row = session.get_one(Nomination, nomination_id)
    if nomination_id not in _due(session) or is_never(session, row.nominee_email):
        return False
    row.reminders += 1
    row.reminded_at = clock.now()
    _invite(session, row, is_reminder=True)
    return True


def _of_author(session: Session, deed: Deed) -> Sequence[Nomination]:
    """The challenges that a deed of a campaign answers."""
    if deed.campaign_id is None or deed.author is None:
        return []
    return session.scalars(
        select(Nomination)
        .where(
            Nomination.campaign_id == deed.campaign_id,
            Nomination.confirmed_at.is_not(None),
            Nomination.published_at.is_(None),
            or_(Nomination.user_id == deed.author_id, Nomination.nominee_email == deed.author.email),
        )
        .options(joinedload(Nomination.campaign))
        .order_by(Nomination.id)
    ).all()


def note_draft(session: Session, event: DeedSaved) -> None:
    """A handler: whoever saves a draft for the campaign has begun."""
    for row in _of_author(session, session.get_one(Deed, event.deed_id)):
        row.started_at = row.started_at or clock.now()


def note_published(session: Session, event: DeedPublished) -> None:
    """A handler: the challenge is met, and everybody who challenged hears of it."""
    deed = session.get_one(Deed, event.deed_id)
    for row in _of_author(session, deed):
        row.published_at, row.deed_id, row.declined_at = clock.now(), deed.id, None
        row.started_at = row.started_at or row.published_at
        record(session, NominationMet(actor_id=event.actor_id, nomination_id=row.id, deed_id=deed.id))
        link = mail_link("deeds.show", row.locale, deed_id=deed.id, slug=deed.slug)
        mail.enqueue(
            session, "challenge_met", row.nominator_email, row.locale, row=row, deed=deed, link=link,
            campaign=row.campaign,
        )  # fmt: skip


def sweep(config: Config) -> None:
    """Removes challenges that nobody confirmed, and the addresses when the campaign has been over for long."""
    now = clock.now()
    with transaction() as session:
        session.execute(delete(Nomination).where(Nomination.confirmed_at.is_(None), Nomination.confirm_until < now))
        old = session.scalars(
            select(Nomination)
            .join(Campaign, Campaign.id == Nomination.campaign_id)
            .where(Campaign.ends_on < clock.in_finland(now - KEPT).date(), Nomination.nominator_email != "")
        )
        for row in old:
            row.nominee_email = row.nominator_email = row.nominator_name = row.nominee_name = row.reason = ""


# Reading


@dataclass(frozen=True)
class Funnel:
    """How far the confirmed challenges of a campaign have come."""

    made: int
    confirmed: int
    invited: int
    opened: int
    started: int
    published: int
    declined: int


def funnel(session: Session, campaign: Campaign) -> Funnel:
    """One statement."""
    row = session.execute(
        select(
            func.count(),
            func.count(Nomination.confirmed_at),
            func.count(Nomination.invited_at),
            func.count(Nomination.opened_at),
            func.count(Nomination.started_at),
            func.count(Nomination.published_at),
            func.count(Nomination.declined_at),
        ).where(Nomination.campaign_id == campaign.id)
    ).one()
    return Funnel(*row)


@dataclass(frozen=True)
class Link:
    """ "Kangasala haastoi: Lempäälä": a challenge that was met, both organisations known."""

    challenger: Organisation
    met_by: Organisation
    deed: Deed


def chain(session: Session, campaign: Campaign) -> list[Link]:
    """The newest first. Only what was met, by a deed that everybody may read."""
    rows = session.scalars(
        select(Nomination)
        .join(Nomination.deed)
        .where(
            Nomination.campaign_id == campaign.id,
            Nomination.published_at.is_not(None),
            Nomination.from_organisation_id.is_not(None),
            Deed.status.in_(PUBLIC_STATUSES),
        )
        .options(joinedload(Nomination.from_organisation), joinedload(Nomination.deed).joinedload(Deed.organisation))
        .order_by(Nomination.published_at.desc(), Nomination.id.desc())
        .limit(CHAIN_SHOWN)
    )
    return [
        Link(row.from_organisation, row.deed.organisation, row.deed)
        for row in rows
        if row.from_organisation is not None and row.deed is not None
    ]
