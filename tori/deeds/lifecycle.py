"""What happens to a deed by the calendar and at its end: timed publishing, the yearly question, merging."""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import BindParameter, ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import (
    DeedChecked,
    DeedScheduled,
    DeedsMerged,
    DeedUnscheduled,
    FreshnessAsked,
    record,
)
from tori.database import NOW, Due, db, transaction
from tori.deeds import review, service
from tori.i18n import prefix_of
from tori.models.deeds import Deed, DeedStatus
from tori.models.people import Membership, User
from tori.notifications import mail
from tori.policy import SYSTEM, Actor, Permission, can, is_steward_today, require

FARTHEST = timedelta(days=365)
BATCH = 50
FRESHNESS_LINK = timedelta(days=90)
MAILS_A_DAY = 200
LOOKED_AT_ONCE = 100


class Freshness(StrEnum):
    """The three answers to "is this still true?", as they stand in the link."""

    VALID = "voimassa"
    UPDATE = "paivita"
    ARCHIVE = "arkistoi"


# Timed publishing


def schedule(session: Session, actor: Actor, deed: Deed, moment: datetime) -> None:
    """The draft is published by itself at the moment."""
    require(actor, Permission.DEED_PUBLISH, deed)
    if deed.status != DeedStatus.DRAFT:
        raise RuleBroken("already_published")
    if not clock.now() < moment <= clock.now() + FARTHEST:
        raise RuleBroken("bad_moment", "publish_at")
    deed.publish_at = moment
    record(session, DeedScheduled(actor_id=actor.id, deed_id=deed.id))


def unschedule(session: Session, actor: Actor, deed: Deed) -> None:
    require(actor, Permission.DEED_EDIT, deed)
    if deed.publish_at is not None:
        deed.publish_at = None
        record(session, DeedUnscheduled(actor_id=actor.id, deed_id=deed.id))


def _is_due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(Deed.publish_at <= now, Deed.status == DeedStatus.DRAFT)


is_due = Due(select(Deed.id).where(_is_due(NOW)))


def publish_due(config: Config) -> int:
    """Publishes the drafts whose time has come, each once whatever the number of workers. Returns how many."""
    due = _is_due(clock.now())
    ids = list(db.session().scalars(select(Deed.id).where(due).order_by(Deed.publish_at).limit(BATCH)))
    db.session().rollback()
    done = 0
    for deed_id in ids:
        with transaction() as session:
            deed = session.scalar(
                select(Deed).where(Deed.id == deed_id, due).with_for_update(skip_locked=True, of=Deed)
            )
            if deed is None:
                continue
            deed.publish_at = None
            if deed.author is None or can(Actor(deed.author), Permission.DEED_PUBLISH, deed):
                service.publish(session, SYSTEM, deed)
            else:
                # Whoever vouched for the author has taken it back since.
                review.submit(session, SYSTEM, deed)
            done += 1
    return done


# Is it still true?


def _signer(config: Config) -> URLSafeTimedSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], str(current_app.secret_key)]
    return URLSafeTimedSerializer(keys, salt="freshness")


def ask_freshness(config: Config) -> int:
    """Asks the makers of deeds that nobody has touched for a year; one mail a person a day. Returns how many."""
    if not config.freshness_days:
        return 0
    chosen: dict[int, int] = {}
    # Looked up before the change begins: going through years of deeds would hold up whoever writes.
    contact_person = cache(lambda organisation_id: _contact_person(db.session(), organisation_id))
    for deed in db.session.scalars(_stale(clock.now() - timedelta(days=config.freshness_days))):
        if len(chosen) >= MAILS_A_DAY:
            break
        makers = (person for person in (deed.author, *deed.co_authors) if person is not None and person.is_active)
        reader = next(makers, None) or contact_person(deed.organisation_id)
        if reader is not None:
            chosen.setdefault(reader.id, deed.id)
    if not chosen:
        return 0
    with transaction() as session:
        for reader_id, deed_id in chosen.items():
            deed, person = session.get_one(Deed, deed_id), session.get_one(User, reader_id)
            if deed.is_public and person.is_active:
                deed.freshness_asked_at = clock.now()
                _ask(session, config, deed, person)
    return len(chosen)


def _stale(before: datetime) -> Select[Deed]:
    return (
        select(Deed)
        .where(
            Deed.status == DeedStatus.PUBLISHED,
            Deed.published_at < before,
            Deed.updated_at < before,
            (Deed.checked_at.is_(None)) | (Deed.checked_at < before),
            (Deed.freshness_asked_at.is_(None)) | (Deed.freshness_asked_at < before),
        )
        .options(joinedload(Deed.author), selectinload(Deed.co_authors))
        .order_by(Deed.published_at, Deed.id)
        .execution_options(yield_per=LOOKED_AT_ONCE)
    )


def _contact_person(session: Session, organisation_id: int) -> User | None:
    """Who is asked when the makers of a deed have left."""
    rows = session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.organisation_id == organisation_id, Membership.is_steward, User.confirmed_at.is_not(None),
            User.disabled_at.is_(None),
        )
        .order_by(User.id)
    )  # fmt: skip
    return next((row.user for row in rows if is_steward_today(row)), None)


def _ask(session: Session, config: Config, deed: Deed, reader: User) -> None:
    token = _signer(config).dumps([deed.id, reader.id])
    # The worker has no request from which addresses could be built.
    base = f"{config.public_url}{prefix_of(reader.locale)}/teot/tuoreus/{token}"
    links: dict[str, Any] = {answer.name.lower(): f"{base}/{answer}" for answer in Freshness}
    mail.enqueue(
        session, "still_true", reader.email, reader.locale, name=reader.display_name, title=deed.title,
        days=config.freshness_days, **links,
    )  # fmt: skip
    record(session, FreshnessAsked(actor_id=None, deed_id=deed.id))


def opened_question(session: Session, config: Config, token: str) -> tuple[Deed, Actor]:
    """The deed of a link and the person that it was sent to. Raises RuleBroken("bad_link")."""
    try:
        deed_id, user_id = _signer(config).loads(token, max_age=int(FRESHNESS_LINK.total_seconds()))
    except (BadSignature, ValueError, TypeError) as error:
        raise RuleBroken("bad_link") from error
    deed, user = session.get(Deed, deed_id), session.get(User, user_id)
    if deed is None or user is None or not user.is_active or not deed.is_public:
        raise RuleBroken("bad_link")
    return deed, Actor(user)


def confirm_valid(session: Session, actor: Actor, deed: Deed) -> None:
    """A person says that the deed is still true; only this gives it a day of checking."""
    require(actor, Permission.DEED_EDIT, deed)
    if not deed.is_public:
        raise RuleBroken("not_published")
    deed.checked_at = clock.now()
    record(session, DeedChecked(actor_id=actor.id, deed_id=deed.id))


# Merging


def merge(session: Session, actor: Actor, deed: Deed, target_id: int, reason: str) -> None:
    """Two deeds are one: this one is taken off the square, and its address leads to the other."""
    require(actor, Permission.MODERATE)
    target = session.get(Deed, target_id)
    if target is None or target.id == deed.id or not target.is_public:
        raise RuleBroken("bad_merge", "into")
    service.withdraw(session, actor, deed, reason)
    deed.merged_into_id = target.id
    record(session, DeedsMerged(actor_id=actor.id, deed_id=deed.id, into_id=target.id))
