"""Feedback from anybody: written without an account, read and marked handled by the staff."""

from datetime import timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as __
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import FeedbackHandled, FeedbackSent, record
from tori.core.text import clean_line, clean_text
from tori.edge.limits import count, net_of
from tori.edge.templating import locale_code
from tori.models.operations import Feedback
from tori.notifications import mail
from tori.policy import Actor, Permission, require

MAX_BODY = 5_000
MAX_PAGE = 300
ANSWER_DAYS = 14
"""The law on digital services (306/2019) gives two weeks for an answer about accessibility; we promise it for all."""
SHOWN = 100


class Topic(StrEnum):
    IDEA = "idea"
    PROBLEM = "problem"
    ACCESSIBILITY = "accessibility"
    PRIVACY = "privacy"
    REPORT = "report"
    OTHER = "other"


TOPICS = {
    Topic.IDEA: __("An idea or a wish"),
    Topic.PROBLEM: __("Something does not work"),
    Topic.ACCESSIBILITY: __("Accessibility"),
    Topic.PRIVACY: __("Data protection"),
    Topic.REPORT: __("A deed or a comment that should not be here"),
    Topic.OTHER: __("Something else"),
}


def send_feedback(
    session: Session, actor: Actor, topic: str, body: str, email: str, page: str, address: str
) -> Feedback:
    """Keeps one message. ``address``, the network address, is counted against the limit and not kept with it."""
    count(session, "feedback_address", net_of(address))
    text = clean_text(body)
    if not text:
        raise RuleBroken("value_missing", field="body")
    if len(text) > MAX_BODY:
        raise RuleBroken("text_too_long", field="body", limit=MAX_BODY)
    row = Feedback(
        topic=Topic(topic) if topic in set(Topic) else Topic.OTHER,
        body=text,
        email=clean_line(email)[:254],
        page=clean_line(page)[:MAX_PAGE],
    )
    session.add(row)
    session.flush()
    record(session, FeedbackSent(actor_id=actor.id, feedback_id=row.id))
    if row.email:
        # The law on digital services asks for a receipt at once.
        mail.enqueue(
            session, "feedback_received", row.email, locale_code(), number=row.id, body=text,
            day=clock.today() + timedelta(days=ANSWER_DAYS),
        )  # fmt: skip
    return row


def open_feedback(session: Session) -> list[Feedback]:
    """What has no answer yet, the oldest first: its time runs out first."""
    return list(
        session.scalars(select(Feedback).where(Feedback.handled_at.is_(None)).order_by(Feedback.id).limit(SHOWN))
    )


def open_count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Feedback).where(Feedback.handled_at.is_(None))) or 0


def mark_handled(session: Session, actor: Actor, feedback_id: int) -> None:
    """Marks a message answered. Marking it again changes nothing."""
    require(actor, Permission.DESK_OPEN)
    row = session.get(Feedback, feedback_id)
    if row is None:
        raise NotFound("feedback")
    if row.handled_at is not None:
        return
    row.handled_at = clock.now()
    record(session, FeedbackHandled(actor_id=actor.id, feedback_id=row.id))
