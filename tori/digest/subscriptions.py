"""Subscribing, confirming, choosing and leaving. A visitor gets nothing before pressing a button behind a link."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from tori.accounts.names import normal_email
from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import DigestChanged, DigestConfirmed, DigestLeft, DigestSubscribed, record
from tori.database import transaction
from tori.digest.links import mail_link
from tori.edge import limits
from tori.edge.sessions import hash_token
from tori.i18n import LOCALES
from tori.models.deeds import Sector, Theme
from tori.models.digest import DigestIssue, NewsItem, Rhythm, Subscriber
from tori.models.people import User
from tori.notifications import mail
from tori.policy import Actor, Permission, require

CONFIRM_DAYS = 3
LEFT_KEPT = timedelta(days=30)
"""The address of somebody who left is kept so long, for a second press of the link or a change of mind."""
FIRST_WINDOW = timedelta(days=7)
NEWS_KEPT = timedelta(days=180)
MAX_KEY = 43


@dataclass(frozen=True)
class Choices:
    """``sectors`` and ``themes`` are slugs; members follow these on the pages, so here they count for visitors only."""

    rhythm: str
    locale: str = "fi"
    sectors: Sequence[str] = ()
    themes: Sequence[str] = ()
    mails_answers: bool = True


def subscribe(session: Session, email: str, choices: Choices) -> None:
    """Sends a link to the address, whoever asked. The answer is the same whether the address is known or not."""
    address = normal_email(email)
    if not choices.sectors and not choices.themes:
        raise RuleBroken("nothing_chosen", "themes")
    is_enough = bool(limits.note(session, "digest_email", address) or limits.note_house(session, "digest", address))
    known = _member_of(session, address)
    if known is None:
        known = session.scalar(select(Subscriber).where(Subscriber.email == address))
    if known is not None and known.confirmed_at is not None and known.rhythm != Rhythm.NONE:
        if is_enough:
            return
        link = mail_link("digest.preferences", choices.locale, key=known.key)
        mail.enqueue(session, "digest_known", address, choices.locale, link=link)
        return
    row = known or Subscriber(email=address, key=_new_key(), told_until=clock.now())
    if row.user_id is None:
        row.confirmed_at = None
        _apply(session, row, choices)
        session.add(row)
    if is_enough:
        return
    token = _new_key()
    row.confirm_hash = hash_token(token)
    row.confirm_until = clock.now() + timedelta(days=CONFIRM_DAYS)
    session.flush()
    record(session, DigestSubscribed(actor_id=None, subscriber_id=row.id))
    link = mail_link("digest.confirm", choices.locale, token=token)
    mail.enqueue(session, "digest_confirm", address, choices.locale, link=link, days=CONFIRM_DAYS)


def _member_of(session: Session, address: str) -> Subscriber | None:
    user = session.scalar(select(User).where(User.email == address))
    return _of_member(session, user) if user is not None and user.is_active else None


def _of_member(session: Session, user: User) -> Subscriber:
    row = session.scalar(select(Subscriber).where(Subscriber.user_id == user.id))
    if row is None:
        now = clock.now()
        start = max(user.confirmed_at or now, now - FIRST_WINDOW)
        row = Subscriber(
            user_id=user.id, key=_new_key(), locale=user.locale, confirmed_at=user.confirmed_at, told_until=start,
            rhythm=Rhythm.WEEKLY, mails_answers=True,
        )  # fmt: skip
        session.add(row)
        session.flush()
    return row


def _new_key() -> str:
    return secrets.token_urlsafe(32)


def _apply(session: Session, row: Subscriber, choices: Choices) -> None:
    if choices.locale not in LOCALES or choices.rhythm not in set(Rhythm):
        raise RuleBroken("unknown_choice", "rhythm")
    if row.rhythm in (Rhythm.NONE, None) and choices.rhythm != Rhythm.NONE:
        # What happened while nothing was wanted is not told afterwards.
        row.told_until = clock.now()
    row.rhythm = choices.rhythm
    row.locale = choices.locale
    row.mails_answers = choices.mails_answers
    row.left_at = clock.now() if choices.rhythm == Rhythm.NONE else None
    if row.user_id is None:
        row.sector_ids = list(session.scalars(select(Sector.id).where(Sector.slug.in_(choices.sectors))))
        row.theme_ids = list(session.scalars(select(Theme.id).where(Theme.slug.in_(choices.themes))))


def confirm(session: Session, token: str) -> Subscriber:
    """From now on the digest comes. A second press changes nothing. Raises RuleBroken("bad_link")."""
    row = pending(session, token)
    if row.confirmed_at is None or row.bounced_at is not None or row.rhythm == Rhythm.NONE:
        row.confirmed_at = row.told_until = clock.now()
        row.bounced_at = row.left_at = None
        row.rhythm = Rhythm.WEEKLY if row.rhythm == Rhythm.NONE else row.rhythm
        record(session, DigestConfirmed(actor_id=None, subscriber_id=row.id))
    return row


def pending(session: Session, token: str) -> Subscriber:
    row = None
    if len(token) <= MAX_KEY:
        row = session.scalar(select(Subscriber).where(Subscriber.confirm_hash == hash_token(token)))
    if row is None or row.confirm_until is None or row.confirm_until <= clock.now():
        raise RuleBroken("bad_link")
    return row


def subscriber_of(session: Session, key: str) -> Subscriber:
    """The reader to whom the links of a mail belong. Raises NotFound."""
    row = session.scalar(select(Subscriber).where(Subscriber.key == key)) if len(key) == MAX_KEY else None
    if row is None:
        raise NotFound("subscriber")
    return row


def leave(session: Session, key: str) -> Subscriber:
    """Ends the digest at once. Again changes nothing."""
    row = subscriber_of(session, key)
    if row.rhythm != Rhythm.NONE:
        row.rhythm = Rhythm.NONE
        row.left_at = clock.now()
        row.confirm_hash = None
        record(session, DigestLeft(actor_id=None, subscriber_id=row.id))
    return row


def change(session: Session, key: str, choices: Choices) -> Subscriber:
    """New choices from the page behind the links of the mails."""
    row = subscriber_of(session, key)
    _apply(session, row, choices)
    record(session, DigestChanged(actor_id=None, subscriber_id=row.id))
    return row


def own(session: Session, actor: Actor) -> Subscriber:
    """The member's own subscription, made when there is none."""
    require(actor, Permission.FOLLOW)
    assert actor.user is not None
    return _of_member(session, actor.user)


def change_own(session: Session, actor: Actor, rhythm: str, mails_answers: bool) -> None:
    """Choosing also says that the address works again, after mails have come back from it."""
    row = own(session, actor)
    row.bounced_at = None
    _apply(session, row, Choices(rhythm, row.locale, mails_answers=mails_answers))
    record(session, DigestChanged(actor_id=actor.id, subscriber_id=row.id))


def wants_answers_by_mail(session: Session, user: User) -> bool:
    row = session.scalar(select(Subscriber).where(Subscriber.user_id == user.id))
    return user.is_active and (row is None or (row.mails_answers and row.bounced_at is None))


def enrol_members(config: Config) -> int:
    """Gives every active member a subscription. Their first issue tells of at most a week."""
    with transaction() as session:
        missing = select(User).where(
            User.confirmed_at.is_not(None),
            User.disabled_at.is_(None),
            ~select(Subscriber.id).where(Subscriber.user_id == User.id).exists(),
        )
        users = session.scalars(missing).all()
        for user in users:
            _of_member(session, user)
    return len(users)


def sweep(config: Config) -> None:
    """Removes visitors who never confirmed or who left, and news and issues that no reader waits for."""
    moment = clock.now()
    with transaction() as session:
        session.execute(
            delete(Subscriber).where(
                Subscriber.user_id.is_(None),
                or_(
                    Subscriber.left_at < moment - LEFT_KEPT,
                    Subscriber.confirmed_at.is_(None) & (Subscriber.confirm_until < moment),
                ),
            )
        )
        session.execute(delete(DigestIssue).where(DigestIssue.until < moment - NEWS_KEPT))
        session.execute(delete(NewsItem).where(NewsItem.created_at < moment - NEWS_KEPT))
