"""What is done to deeds. Each verb checks the right, changes the rows and records one event."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import Conflict, RuleBroken
from tori.core.events import (
    DeedArchived,
    DeedDeleted,
    DeedEdited,
    DeedPublished,
    DeedRestored,
    DeedSaved,
    DeedWithdrawn,
    record,
)
from tori.core.text import clean_line
from tori.deeds.content import DeedContent, apply_content, as_record
from tori.models.deeds import Deed, DeedRevision, DeedStatus
from tori.policy import Actor, Permission, require

MAX_REASON = 500


def find_by_form_number(session: Session, actor: Actor, form_number: str) -> Deed | None:
    """The deed that this very form has already made: a double click or a resent page must not make two."""
    if not form_number or actor.id is None:
        return None
    return session.scalar(select(Deed).where(Deed.form_number == form_number, Deed.author_id == actor.id))


def write_draft(
    session: Session,
    actor: Actor,
    content: DeedContent,
    form_number: str | None = None,
    parent: Deed | None = None,
) -> Deed:
    """A new draft of the actor, a variant of ``parent`` if there is one. The same form number gives the same deed."""
    require(actor, Permission.DEED_WRITE, content.organisation)
    if form_number and (existing := find_by_form_number(session, actor, form_number)):
        return existing
    deed = Deed(author_id=actor.id, form_number=form_number, status=DeedStatus.DRAFT, version=1, parent=parent)
    with session.no_autoflush:
        apply_content(deed, content)
    session.add(deed)
    session.flush()
    _keep_revision(session, actor, deed)
    record(session, DeedSaved(actor_id=actor.id, deed_id=deed.id))
    return deed


def edit(session: Session, actor: Actor, deed: Deed, content: DeedContent, version: int) -> Deed:
    """Changes what the deed says. ``version`` is the one that the editor had opened; an older one raises Conflict."""
    require(actor, Permission.DEED_EDIT, deed)
    if content.organisation.id != deed.organisation_id:
        require(actor, Permission.DEED_WRITE, content.organisation)
        if deed.is_public and content.organisation.id in actor.unbelieved_ids:
            raise RuleBroken("membership_waits", "organisation")
    if version != deed.version:
        raise Conflict(deed.version)
    with session.no_autoflush:
        apply_content(deed, content)
    deed.version += 1
    _keep_revision(session, actor, deed)
    if deed.is_public:
        record(session, DeedEdited(actor_id=actor.id, deed_id=deed.id, version=deed.version))
    else:
        record(session, DeedSaved(actor_id=actor.id, deed_id=deed.id))
    return deed


def publish(session: Session, actor: Actor, deed: Deed, moment: datetime | None = None) -> None:
    """Puts the deed on the square. The first moment of publishing stays when an archived deed comes back."""
    require(actor, Permission.DEED_PUBLISH, deed)
    was_archived = deed.status == DeedStatus.ARCHIVED
    deed.status = DeedStatus.PUBLISHED
    deed.published_at = deed.published_at or moment or clock.now()
    deed.publish_at = None
    event = DeedRestored if was_archived else DeedPublished
    record(session, event(actor_id=actor.id, deed_id=deed.id))


def archive(session: Session, actor: Actor, deed: Deed) -> None:
    """Keeps the deed readable and citable, marked as no longer looked after."""
    require(actor, Permission.DEED_ARCHIVE, deed)
    deed.status = DeedStatus.ARCHIVED
    record(session, DeedArchived(actor_id=actor.id, deed_id=deed.id))


def withdraw(session: Session, actor: Actor, deed: Deed, reason: str) -> None:
    """Takes the deed off the square; its address answers that it is gone."""
    require(actor, Permission.DEED_WITHDRAW, deed)
    reason = clean_line(reason)[:MAX_REASON]
    if not reason:
        raise RuleBroken("reason_needed", "reason")
    deed.status = DeedStatus.WITHDRAWN
    record(session, DeedWithdrawn(actor_id=actor.id, deed_id=deed.id, reason=reason))


def delete_draft(session: Session, actor: Actor, deed: Deed) -> None:
    require(actor, Permission.DEED_DELETE, deed)
    deed_id = deed.id
    session.delete(deed)
    record(session, DeedDeleted(actor_id=actor.id, deed_id=deed_id))


def _keep_revision(session: Session, actor: Actor, deed: Deed) -> None:
    session.flush()
    session.add(DeedRevision(deed_id=deed.id, version=deed.version, editor_id=actor.id, content=as_record(deed)))
