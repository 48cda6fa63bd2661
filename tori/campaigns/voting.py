"""The public vote: one for each confirmed address, among the shortlisted deeds; results are closed until the end.

An address is never kept: a keyed hash of it tells who has voted, and that is emptied, too, when the vote is long over.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import VoteCast, VoteConfirmed, record
from tori.core.text import alphabetical
from tori.database import transaction
from tori.edge import limits
from tori.edge.sessions import hash_token
from tori.models.campaign_life import Vote
from tori.models.campaigning import ShortlistedDeed
from tori.models.campaigns import Campaign
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.notifications import mail
from tori.notifications.links import mail_link

MAX_TOKEN = 200
CONFIRM_DAYS = 2
VOTERS_KEPT = timedelta(days=30)
"""So long after the end the hashes stay, so that a doubt about the result can be looked into."""


def has_vote(campaign: Campaign) -> bool:
    return campaign.vote_from is not None and campaign.vote_until is not None


def is_open(campaign: Campaign) -> bool:
    """Whether votes are taken today."""
    if campaign.vote_from is None or campaign.vote_until is None or not campaign.is_public:
        return False
    return campaign.vote_from <= clock.today() <= campaign.vote_until


def is_over(campaign: Campaign) -> bool:
    return campaign.vote_until is not None and campaign.vote_until < clock.today()


def candidates(session: Session, campaign: Campaign) -> list[Deed]:
    """The shortlisted deeds that are public. Their order changes from day to day, so that none is always the first."""
    deeds = session.scalars(
        select(Deed)
        .join(ShortlistedDeed, ShortlistedDeed.deed_id == Deed.id)
        .where(ShortlistedDeed.campaign_id == campaign.id, Deed.status.in_(PUBLIC_STATUSES))
        .options(joinedload(Deed.organisation))
    )
    day = clock.today().isoformat()
    return sorted(deeds, key=lambda deed: hashlib.sha256(f"{day} {deed.id}".encode()).digest())


def voter_of(campaign: Campaign, email: str) -> str:
    """Who votes, without telling it: the same only for one address in one campaign. What follows a plus is left out."""
    name, _, domain = email.lower().rpartition("@")
    text = f"{campaign.id} {name.partition('+')[0]}@{domain}"
    return hmac.new(str(current_app.secret_key).encode(), text.encode(), hashlib.sha256).hexdigest()


def cast(session: Session, campaign: Campaign, deed_id: int, email: str, locale: str) -> None:
    """Keeps the vote and sends a link; it counts when the link is confirmed.

    Before that another choice takes the place of the first one. Who has voted already is told so by mail only, so that
    nobody learns here who has voted.
    """
    _check_open(campaign)
    try:
        checked = validate_email(email.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise RuleBroken("bad_email", "email") from error
    address = (checked.ascii_email or "").lower()
    deed = next((row for row in candidates(session, campaign) if row.id == deed_id), None)
    if deed is None:
        raise RuleBroken("vote_choice", "deed")
    voter = voter_of(campaign, address)
    limits.count(session, "vote_email", voter)
    limits.count_house(session, "vote", address)
    row = session.scalar(select(Vote).where(Vote.campaign_id == campaign.id, Vote.voter == voter))
    if row is not None and row.confirmed_at is not None:
        mail.enqueue(session, "vote_again", address, locale, campaign=campaign)
        return
    token = secrets.token_urlsafe(32)
    if row is None:
        row = Vote(campaign_id=campaign.id, voter=voter)
        session.add(row)
    row.deed_id, row.confirm_hash = deed.id, hash_token(token)
    row.confirm_until = clock.now() + timedelta(days=CONFIRM_DAYS)
    session.flush()
    record(session, VoteCast(actor_id=None, campaign_id=campaign.id))
    link = mail_link("campaigns.confirm_vote", locale, token=token)
    mail.enqueue(session, "vote_confirm", address, locale, campaign=campaign, deed=deed, link=link, days=CONFIRM_DAYS)


def _check_open(campaign: Campaign) -> None:
    if not campaign.is_public or not has_vote(campaign):
        raise NotFound("vote")
    if not is_open(campaign):
        raise RuleBroken("vote_closed")


def pending(session: Session, token: str) -> Vote:
    """The vote that a link confirms. Raises RuleBroken("bad_link")."""
    row = None
    if len(token) <= MAX_TOKEN:
        statement = select(Vote).where(Vote.confirm_hash == hash_token(token))
        row = session.scalar(statement.options(joinedload(Vote.campaign), joinedload(Vote.deed)))
    if row is None or row.confirm_until <= clock.now():
        raise RuleBroken("bad_link")
    return row


def confirm(session: Session, token: str) -> Vote:
    """The vote counts from now on. A second press changes nothing."""
    row = pending(session, token)
    if row.confirmed_at is not None:
        return row
    _check_open(row.campaign)
    row.confirmed_at = clock.now()
    record(session, VoteConfirmed(actor_id=None, campaign_id=row.campaign_id))
    return row


# Reading


@dataclass(frozen=True)
class Tally:
    """Equal counts share a place."""

    place: int
    deed: Deed
    votes: int


def turnout(session: Session, campaign: Campaign) -> tuple[int, int]:
    """Votes that count, and votes that still wait for their link: all that anybody sees before the end."""
    row = session.execute(
        select(func.count(Vote.confirmed_at), func.count()).where(Vote.campaign_id == campaign.id)
    ).one()
    return int(row[0]), int(row[1] - row[0])


def results(session: Session, campaign: Campaign) -> list[Tally]:
    """The candidates with their votes, the most voted first. Empty until the vote is over, for everybody."""
    if not is_over(campaign):
        return []
    counted = session.execute(
        select(Vote.deed_id, func.count())
        .where(Vote.campaign_id == campaign.id, Vote.confirmed_at.is_not(None))
        .group_by(Vote.deed_id)
    )
    votes = {row[0]: int(row[1]) for row in counted}
    deeds: Sequence[Deed] = candidates(session, campaign)
    ordered = sorted(deeds, key=lambda deed: (-votes.get(deed.id, 0), alphabetical(deed.title)))
    numbers = [votes.get(deed.id, 0) for deed in ordered]
    return [Tally(numbers.index(number) + 1, deed, number) for deed, number in zip(ordered, numbers, strict=True)]


def sweep(config: Config) -> None:
    """Forgets votes that nobody confirmed, and who voted when the vote has been over for some time."""
    now = clock.now()
    with transaction() as session:
        session.execute(delete(Vote).where(Vote.confirmed_at.is_(None), Vote.confirm_until < now))
        old = select(Campaign.id).where(Campaign.vote_until < clock.in_finland(now - VOTERS_KEPT).date())
        session.execute(
            update(Vote)
            .where(Vote.campaign_id.in_(old), Vote.voter.is_not(None))
            .values(voter=None, confirm_hash=None),
            execution_options={"synchronize_session": False},
        )
