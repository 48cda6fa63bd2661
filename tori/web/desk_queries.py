"""What the pages of the staff read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import NotFound
from tori.models.deeds import PUBLIC_STATUSES, Comment, Deed, DeedStatus
from tori.models.operations import AuditEntry, Feedback, Heartbeat, OutboxMail
from tori.models.people import User

PER_PAGE = 50
NEWEST = 30
PEOPLE_LOOKED_AT = 200
WEEK = timedelta(days=7)
WORKER_SILENT_AFTER = timedelta(minutes=2)


class MailState(StrEnum):
    WAITING = "odottaa"
    SENT = "lahetetty"
    FAILED = "epaonnistunut"


@dataclass(frozen=True)
class DeskCounts:
    """``week_…`` counts are of the last seven days."""

    drafts: int
    open_feedback: int
    oldest_feedback: datetime | None
    waiting_mails: int
    failed_mails: int
    week_deeds: int
    week_comments: int
    week_users: int
    users: int
    worker_seen: datetime | None

    @property
    def is_worker_silent(self) -> bool:
        return self.worker_seen is None or self.worker_seen < clock.now() - WORKER_SILENT_AFTER


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).where(condition).scalar_subquery()


def _mail_condition(state: MailState) -> ColumnElement[bool]:
    if state == MailState.SENT:
        return OutboxMail.sent_at.is_not(None)
    if state == MailState.FAILED:
        return OutboxMail.failed_at.is_not(None)
    return OutboxMail.sent_at.is_(None) & OutboxMail.failed_at.is_(None)


def counts(session: Session) -> DeskCounts:
    """One statement."""
    since = clock.now() - WEEK
    row: Any = session.execute(
        select(
            _count(Deed.status == DeedStatus.DRAFT),
            _count(Feedback.handled_at.is_(None)),
            select(func.min(Feedback.created_at)).where(Feedback.handled_at.is_(None)).scalar_subquery(),
            _count(_mail_condition(MailState.WAITING)),
            _count(_mail_condition(MailState.FAILED)),
            _count(Deed.status.in_(PUBLIC_STATUSES) & (Deed.published_at >= since)),
            _count(Comment.removed_at.is_(None) & (Comment.created_at >= since)),
            _count(User.created_at >= since),
            _count(User.id.is_not(None)),
            select(func.max(Heartbeat.seen_at)).scalar_subquery(),
        )
    ).one()
    return DeskCounts(*row)


def mail_state(mail: OutboxMail) -> MailState:
    if mail.sent_at is not None:
        return MailState.SENT
    return MailState.FAILED if mail.failed_at is not None else MailState.WAITING


def mails(session: Session, state: MailState | None, before: int | None) -> list[OutboxMail]:
    """The newest first, one more than a page so that the caller sees whether there are more."""
    statement = select(OutboxMail).order_by(OutboxMail.id.desc()).limit(PER_PAGE + 1)
    if state is not None:
        statement = statement.where(_mail_condition(state))
    if before is not None:
        statement = statement.where(OutboxMail.id < before)
    return list(session.scalars(statement))


def mail_of(session: Session, mail_id: int) -> OutboxMail:
    mail = session.get(OutboxMail, mail_id)
    if mail is None:
        raise NotFound("mail")
    return mail


@dataclass(frozen=True)
class LogFilter:
    """What the log is narrowed to. ``who`` is a part of a name or an address; both days are included."""

    event: str = ""
    who: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        return self == LogFilter()


def audit_entries(
    session: Session, chosen: LogFilter, before: int | None, limit: int = PER_PAGE + 1
) -> list[tuple[AuditEntry, str | None]]:
    """Log rows with the name of the actor, the newest first; by default one more than a page."""
    statement = (
        select(AuditEntry, User.display_name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if chosen.event:
        statement = statement.where(AuditEntry.event == chosen.event)
    if chosen.who:
        # Read beforehand, so that the index of people and places in the log is used.
        people = session.scalars(
            select(User.id)
            .where(
                User.display_name.icontains(chosen.who, autoescape=True)
                | User.email.icontains(chosen.who, autoescape=True)
            )
            .limit(PEOPLE_LOOKED_AT)
        ).all()
        statement = statement.where(AuditEntry.actor_id.in_(people))
    if chosen.since is not None:
        statement = statement.where(AuditEntry.created_at >= clock.start_of_day(chosen.since))
    if chosen.until is not None:
        statement = statement.where(AuditEntry.created_at < clock.start_of_day(chosen.until + timedelta(days=1)))
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    return [(entry, name) for entry, name in session.execute(statement)]


def newest_comments(session: Session) -> list[Comment]:
    return list(
        session.scalars(
            select(Comment)
            .options(
                joinedload(Comment.deed),
                joinedload(Comment.author).lazyload(User.memberships),
                joinedload(Comment.organisation),
            )
            .where(Comment.removed_at.is_(None))
            .order_by(Comment.id.desc())
            .limit(NEWEST)
        )
    )


def newest_deeds(session: Session) -> list[Deed]:
    return list(
        session.scalars(
            select(Deed)
            .options(joinedload(Deed.organisation), joinedload(Deed.author).lazyload(User.memberships))
            .where(Deed.status.in_(PUBLIC_STATUSES))
            .order_by(Deed.published_at.desc(), Deed.id.desc())
            .limit(NEWEST)
        )
    )
