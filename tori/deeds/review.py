"""From a draft to the square: trusted people publish at once, the first deed of others passes the editors."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.config import Config
from tori.core import clock
from tori.core.errors import Conflict, RuleBroken
from tori.core.events import DeedApproved, DeedReturned, DeedReviewWithdrawn, DeedSubmitted, record
from tori.core.text import clean_text, render_markdown
from tori.deeds import service
from tori.edge.templating import public_link
from tori.models.deeds import Deed, DeedStatus
from tori.models.operations import Notification
from tori.models.people import User
from tori.models.writing import NoteKind, ReviewNote
from tori.notifications import mail
from tori.policy import Actor, Permission, can, require

MAX_REASON = 2000


def _config() -> Config:
    return current_app.extensions["tori"]  # type: ignore[no-any-return]


def put_forward(session: Session, actor: Actor, deed: Deed) -> None:
    """Publishes, or takes to the editors' queue when nobody has vouched for the account yet."""
    if can(actor, Permission.DEED_PUBLISH, deed):
        service.publish(session, actor, deed)
    else:
        submit(session, actor, deed)


def submit(session: Session, actor: Actor, deed: Deed) -> None:
    require(actor, Permission.DEED_SUBMIT, deed)
    deed.status = DeedStatus.IN_REVIEW
    deed.submitted_at = clock.now()
    record(session, DeedSubmitted(actor_id=actor.id, deed_id=deed.id))


def withdraw_from_review(session: Session, actor: Actor, deed: Deed) -> None:
    """The maker wants to go on writing first."""
    require(actor, Permission.DEED_EDIT, deed)
    if deed.status != DeedStatus.IN_REVIEW:
        raise RuleBroken("not_in_review")
    deed.status, deed.submitted_at = DeedStatus.DRAFT, None
    record(session, DeedReviewWithdrawn(actor_id=actor.id, deed_id=deed.id))


def approve(session: Session, actor: Actor, deed: Deed, version: int | None = None) -> None:
    """Publishes, and from now on its author publishes without asking.

    ``version`` is the one that was read; Conflict when the author has changed the text since.
    """
    require(actor, Permission.DEED_REVIEW, deed)
    if version is not None and version != deed.version:
        raise Conflict(deed.version)
    if deed.status != DeedStatus.IN_REVIEW:
        raise RuleBroken("not_in_review")
    if deed.author is not None and deed.author.trusted_at is None:
        deed.author.trusted_at = clock.now()
        for membership in deed.author.memberships:
            if membership.organisation_id == deed.organisation_id:
                membership.waits_since = None
    record(session, DeedApproved(actor_id=actor.id, deed_id=deed.id))
    service.publish(session, actor, deed)
    _tell(session, actor, deed, "deed_approved")


def give_back(session: Session, actor: Actor, deed: Deed, reason: str) -> None:
    """Back to a draft, with the reason in the thread of the draft and in a mail."""
    require(actor, Permission.DEED_REVIEW, deed)
    if deed.status != DeedStatus.IN_REVIEW:
        raise RuleBroken("not_in_review")
    reason = clean_text(reason)
    if not reason:
        raise RuleBroken("reason_needed", "reason")
    if len(reason) > MAX_REASON:
        raise RuleBroken("text_too_long", "reason", limit=MAX_REASON)
    deed.status, deed.submitted_at = DeedStatus.DRAFT, None
    session.add(
        ReviewNote(
            deed_id=deed.id, author_id=actor.id, kind=NoteKind.RETURNED, body=reason, html=str(render_markdown(reason))
        )
    )
    record(session, DeedReturned(actor_id=actor.id, deed_id=deed.id))
    _tell(session, actor, deed, "deed_returned", reason=reason)


def _tell(session: Session, actor: Actor, deed: Deed, event: str, **more: Any) -> None:
    author = deed.author
    if author is None or author.id == actor.id:
        return
    session.add(Notification(user_id=author.id, kind=event.removeprefix("deed_"), deed_id=deed.id))
    view = "deeds.show" if deed.is_public else "deeds.edit"
    link = public_link(
        _config(), view, author.locale, deed_id=deed.id, **({"slug": deed.slug} if deed.is_public else {})
    )
    mail.enqueue(
        session, event, author.email, author.locale, name=author.display_name, title=deed.title, link=link, **more
    )


def asked_change(session: Session, deed: Deed) -> ReviewNote | None:
    """What the editors asked to change, while the deed is still a draft."""
    if deed.status != DeedStatus.DRAFT:
        return None
    return session.scalar(
        select(ReviewNote)
        .where(ReviewNote.deed_id == deed.id, ReviewNote.kind == NoteKind.RETURNED)
        .order_by(ReviewNote.id.desc())
        .limit(1)
    )


def promised_until(deed: Deed, hours: int) -> datetime | None:
    """By when the editors have promised to look at it."""
    return deed.submitted_at + timedelta(hours=hours) if deed.submitted_at else None


def queue(session: Session) -> list[Deed]:
    """What waits for the editors, the longest waiting first."""
    return list(
        session.scalars(
            select(Deed)
            .where(Deed.status == DeedStatus.IN_REVIEW)
            .options(
                joinedload(Deed.organisation),
                joinedload(Deed.sector),
                joinedload(Deed.author).selectinload(User.memberships),
            )
            .order_by(Deed.submitted_at, Deed.id)
        )
    )
