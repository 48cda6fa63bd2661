"""The work queue: one registry of all that waits for the staff. A feature adds its own queue with ``register``."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as __
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tori.campaigns import leads, weekly
from tori.conversation import service as talk
from tori.core import clock
from tori.core.text import excerpt
from tori.models.campaigning import Lead
from tori.models.campaigns import TopList, TopListItem
from tori.models.deeds import Comment, Deed, DeedStatus
from tori.models.moderation import Report
from tori.models.operations import Feedback, OutboxMail
from tori.models.people import Membership
from tori.models.wishes import Wish
from tori.moderation.claims import Task
from tori.moderation.reports import ANSWER_WITHIN
from tori.notifications import mail
from tori.policy import Actor, Permission, can
from tori.web.feedback import ANSWER_DAYS, mark_handled

SHOWN_OF_EACH = 60
TITLE_LENGTH = 110
UNANSWERED_AFTER = timedelta(days=7)
QUIET_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Waiting:
    """How much waits, and since when the oldest has."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True)
class Item:
    """One thing that waits. ``note`` is plain text beside its title."""

    id: int
    title: str
    since: datetime
    url: str
    language: str = ""
    note: str = ""


@dataclass(frozen=True)
class Queue:
    """``endpoint`` is the page where it is worked off. ``items`` may be left out: then only the count is shown.

    ``finish`` does away with one item at a press, for many at a time; ``finish_label`` is the word on the button.
    ``promise`` is the time within which it should be done; what waits longer is marked.
    """

    name: str
    label: Any
    permission: Permission
    endpoint: str
    waiting: Callable[[Session], Waiting]
    items: Callable[[Session, int], list[Item]] | None = None
    promise: timedelta | None = None
    finish: Callable[[Session, Actor, int], None] | None = None
    finish_label: Any = ""


@dataclass(frozen=True)
class QueueState:
    queue: Queue
    waiting: Waiting

    @property
    def is_late(self) -> bool:
        return is_late(self.queue, self.waiting.oldest)


@dataclass(frozen=True)
class Line:
    """An item of the queue as the page shows it."""

    queue: Queue
    item: Item

    @property
    def task(self) -> Task:
        return Task(self.queue.name, self.item.id)

    @property
    def is_late(self) -> bool:
        return is_late(self.queue, self.item.since)


QUEUES: dict[str, Queue] = {}


def register(queue: Queue) -> None:
    """Adds a queue, or replaces the one of the same name."""
    QUEUES[queue.name] = queue


def is_late(queue: Queue, since: datetime | None) -> bool:
    return queue.promise is not None and since is not None and since < clock.now() - queue.promise


def queues_of(actor: Actor) -> list[Queue]:
    return [queue for queue in QUEUES.values() if can(actor, queue.permission)]


def states(session: Session, actor: Actor) -> list[QueueState]:
    """Every queue that the actor may work on, also the empty ones. One statement each."""
    return [QueueState(queue, queue.waiting(session)) for queue in queues_of(actor)]


def lines(session: Session, found: Iterable[QueueState], chosen: str = "") -> list[Line]:
    """What waits, the longest waiting first; of one queue when it is chosen. Empty queues are not asked."""
    rows = [
        Line(state.queue, item)
        for state in found
        if state.queue.items is not None and state.waiting.count and chosen in ("", state.queue.name)
        for item in state.queue.items(session, SHOWN_OF_EACH)
    ]
    return sorted(rows, key=lambda line: (line.item.since, line.queue.name, line.item.id))


def parse_tasks(values: Iterable[str], allowed: Mapping[str, Queue]) -> list[Task]:
    """``feedback:12`` of a form; what the actor may not touch, and anything odd, is left out."""
    tasks = []
    for value in values:
        name, _, number = value.partition(":")
        if name in allowed and number.isascii() and number.isdigit() and len(number) < 10:
            tasks.append(Task(name, int(number)))
    return tasks


def counted(session: Session, condition: ColumnElement[bool], since: InstrumentedAttribute[Any]) -> Waiting:
    """The plain case: rows of one table."""
    row = session.execute(select(func.count(), func.min(since)).where(condition)).one()
    return Waiting(row[0], row[1])


# What the square itself has


_IN_REVIEW = Deed.status == DeedStatus.IN_REVIEW


def _reviews(session: Session, limit: int) -> list[Item]:
    rows = session.scalars(select(Deed).where(_IN_REVIEW).order_by(Deed.submitted_at, Deed.id).limit(limit))
    return [
        Item(
            deed.id, deed.title, deed.submitted_at or deed.updated_at,
            url_for("desk.review_deed", deed_id=deed.id), deed.language,
        )
        for deed in rows
    ]  # fmt: skip


register(
    Queue(
        "review", __("Deeds to review"), Permission.DEED_REVIEW, "desk.review_queue",
        lambda session: counted(session, _IN_REVIEW, Deed.submitted_at), _reviews, promise=timedelta(days=1),
    )
)  # fmt: skip


def _open(escalated: bool) -> ColumnElement[bool]:
    return Report.decided_at.is_(None) & (
        Report.escalated_at.is_not(None) if escalated else Report.escalated_at.is_(None)
    )


def _reports(escalated: bool) -> Callable[[Session, int], list[Item]]:
    def items(session: Session, limit: int) -> list[Item]:
        rows = session.scalars(select(Report).where(_open(escalated)).order_by(Report.id).limit(limit))
        return [
            Item(
                row.id, excerpt(row.body.replace("\n", " "), TITLE_LENGTH), row.created_at,
                url_for("desk.report", report_id=row.id), note=row.escalation,
            )
            for row in rows
        ]  # fmt: skip

    return items


register(
    Queue(
        "reports", __("Reports"), Permission.MODERATE, "desk.reports",
        lambda session: counted(session, _open(False), Report.created_at), _reports(False), promise=ANSWER_WITHIN,
    )
)  # fmt: skip
register(
    Queue(
        "escalated", __("Reports for administrators"), Permission.USER_MANAGE, "desk.reports",
        lambda session: counted(session, _open(True), Report.created_at), _reports(True), promise=ANSWER_WITHIN,
    )
)  # fmt: skip


_HELD = Comment.held_at.is_not(None) & Comment.removed_at.is_(None)


def _held(session: Session, limit: int) -> list[Item]:
    rows = session.scalars(select(Comment).where(_HELD).order_by(Comment.id).limit(limit))
    return [
        Item(row.id, excerpt(row.body.replace("\n", " "), TITLE_LENGTH), row.created_at, url_for("desk.moderation"))
        for row in rows
    ]


def _show_comment(session: Session, actor: Actor, comment_id: int) -> None:
    comment = session.get(Comment, comment_id)
    if comment is not None:
        talk.approve(session, actor, comment)


register(
    Queue(
        "held", __("Comments that wait"), Permission.MODERATE, "desk.moderation",
        lambda session: counted(session, _HELD, Comment.created_at), _held, promise=timedelta(days=1),
        finish=_show_comment, finish_label=__("Show"),
    )
)  # fmt: skip


def _feedback(session: Session, limit: int) -> list[Item]:
    rows = session.scalars(select(Feedback).where(Feedback.handled_at.is_(None)).order_by(Feedback.id).limit(limit))
    return [
        Item(row.id, excerpt(row.body.replace("\n", " "), TITLE_LENGTH), row.created_at, _feedback_url(row.id))
        for row in rows
    ]


def _feedback_url(feedback_id: int) -> str:
    return url_for("desk.feedback", _anchor=f"palaute-{feedback_id}")


register(
    Queue(
        "feedback", __("Feedback"), Permission.DESK_OPEN, "desk.feedback",
        lambda session: counted(session, Feedback.handled_at.is_(None), Feedback.created_at), _feedback,
        promise=timedelta(days=ANSWER_DAYS), finish=mark_handled, finish_label=__("Mark handled"),
    )
)  # fmt: skip


def _unanswered() -> ColumnElement[bool]:
    return Wish.answered_at.is_(None) & Wish.hidden_at.is_(None) & (Wish.created_at < clock.now() - UNANSWERED_AFTER)


def _wishes(session: Session, limit: int) -> list[Item]:
    rows = session.scalars(select(Wish).where(_unanswered()).order_by(Wish.created_at, Wish.id).limit(limit))
    return [
        Item(row.id, row.title, row.created_at, url_for("wishes.show", wish_id=row.id, slug=row.slug), row.language)
        for row in rows
    ]


register(
    Queue(
        "wishes", __("Wishes without an answer"), Permission.CURATE, "wishes.index",
        lambda session: counted(session, _unanswered(), Wish.created_at), _wishes, promise=timedelta(days=30),
    )
)  # fmt: skip


def _quiet() -> ColumnElement[bool]:
    """Asked long ago whether it is still true, and nobody has said."""
    return (
        (Deed.status == DeedStatus.PUBLISHED)
        & (Deed.freshness_asked_at < clock.now() - QUIET_AFTER)
        & ((Deed.checked_at.is_(None)) | (Deed.checked_at < Deed.freshness_asked_at))
        & (Deed.updated_at < Deed.freshness_asked_at)
    )


def _stale(session: Session, limit: int) -> list[Item]:
    rows = session.scalars(select(Deed).where(_quiet()).order_by(Deed.freshness_asked_at, Deed.id).limit(limit))
    return [
        Item(
            deed.id, deed.title, deed.freshness_asked_at or deed.updated_at,
            url_for("deeds.show", deed_id=deed.id, slug=deed.slug), deed.language,
        )
        for deed in rows
    ]  # fmt: skip


register(
    Queue(
        "stale", __("Deeds whose makers keep silent"), Permission.CURATE, "deeds.index",
        lambda session: counted(session, _quiet(), Deed.freshness_asked_at), _stale, promise=timedelta(days=60),
    )
)  # fmt: skip


_TO_ARCHIVED = select(TopListItem.top_list_id).join(Deed).where(Deed.status != DeedStatus.PUBLISHED)
_OUTDATED = TopList.published_at.is_not(None) & TopList.id.in_(_TO_ARCHIVED)


def _lists(session: Session, limit: int) -> list[Item]:
    rows = session.scalars(select(TopList).where(_OUTDATED).order_by(TopList.changed_at, TopList.id).limit(limit))
    return [
        Item(row.id, row.title, row.changed_at or row.created_at, url_for("desk.studio", list_id=row.id))
        for row in rows
    ]


register(
    Queue(
        "lists", __("Lists with archived deeds"), Permission.CURATE, "desk.top_lists",
        lambda session: counted(session, _OUTDATED, TopList.created_at), _lists,
    )
)  # fmt: skip


_DEAD = OutboxMail.failed_at.is_not(None)


def _mails(session: Session, limit: int) -> list[Item]:
    rows = session.scalars(select(OutboxMail).where(_DEAD).order_by(OutboxMail.failed_at).limit(limit))
    return [
        Item(row.id, row.subject, row.failed_at or row.created_at, url_for("desk.mail", mail_id=row.id)) for row in rows
    ]


def _send_again(session: Session, actor: Actor, mail_id: int) -> None:
    row = session.get(OutboxMail, mail_id)
    if row is not None:
        mail.resend(session, actor, row)


register(
    Queue(
        "mails", __("Mails that could not be sent"), Permission.MAIL_READ, "desk.mails",
        lambda session: counted(session, _DEAD, OutboxMail.failed_at), _mails, promise=timedelta(days=1),
        finish=_send_again, finish_label=__("Send again"),
    )
)  # fmt: skip


def _empty_week(session: Session) -> Waiting:
    """A gap counts from the day on which a week's time is left to fill it."""
    monday = weekly.gap(session)
    return Waiting() if monday is None else Waiting(1, clock.start_of_day(monday - timedelta(days=7)))


register(
    Queue(
        "weeks", __("Next week has no makers of the week"), Permission.CAMPAIGN_MANAGE, "desk.weekly_queue", _empty_week
    )
)


register(
    Queue(
        "memberships", __("Memberships to confirm"), Permission.USER_MANAGE, "desk.memberships",
        lambda session: counted(session, Membership.waits_since.is_not(None), Membership.waits_since),
    )
)  # fmt: skip


def _due() -> ColumnElement[bool]:
    return Lead.state.not_in(leads.CLOSED) & (Lead.remind_on <= clock.today())


def _leads_waiting(session: Session) -> Waiting:
    count, first = session.execute(select(func.count(), func.min(Lead.remind_on)).where(_due())).one()
    return Waiting(count, clock.start_of_day(first) if first else None)


def _leads(session: Session, limit: int) -> list[Item]:
    rows = session.scalars(select(Lead).where(_due()).order_by(Lead.remind_on, Lead.id).limit(limit))
    return [
        Item(row.id, row.title, clock.start_of_day(row.remind_on), url_for("desk.leads"), note=row.organisation)
        for row in rows
        if row.remind_on is not None
    ]


register(
    Queue("leads", __("Leads whose reminder is due"), Permission.LEAD_MANAGE, "desk.leads", _leads_waiting, _leads)
)
