"""Peer review: notes on a deed that is being written, between its makers and the readers whom they have invited."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.core.errors import RuleBroken
from tori.core.events import ReviewNoteWritten, record
from tori.core.text import clean_text, render_markdown
from tori.deeds import links
from tori.deeds.together import makers_of
from tori.models.deeds import UNPUBLISHED_STATUSES, Deed
from tori.models.operations import Notification
from tori.models.people import User
from tori.models.writing import LinkKind, ReviewNote
from tori.policy import Actor, Permission, require

MAX_NOTE = 4000
MAX_NOTES = 300


def deed_to_review(session: Session, token: str) -> Deed:
    """The deed that a link invites to read. The link itself is the right to read it. Raises RuleBroken("bad_link")."""
    link = links.open_link(session, token, LinkKind.REVIEW)
    deed = session.get(Deed, link.deed_id)
    if deed is None or not (deed.is_public or deed.status in UNPUBLISHED_STATUSES):
        raise RuleBroken("bad_link")
    return deed


def answer_invitation(session: Session, actor: Actor, token: str, body: str, form_number: str | None) -> ReviewNote:
    """A note of an invited reader, who needs an account, so that the makers know whom they hear."""
    require(actor, Permission.ACCOUNT_OWN)
    return _write(session, actor, deed_to_review(session, token), body, form_number)


def write(session: Session, actor: Actor, deed: Deed, body: str, form_number: str | None = None) -> ReviewNote:
    """A note of the makers themselves."""
    require(actor, Permission.DEED_EDIT, deed)
    return _write(session, actor, deed, body, form_number)


def _write(session: Session, actor: Actor, deed: Deed, body: str, form_number: str | None) -> ReviewNote:
    if form_number and (same := _find(session, actor, form_number)):
        return same
    body = clean_text(body)
    if not body:
        raise RuleBroken("value_missing", "body")
    if len(body) > MAX_NOTE:
        raise RuleBroken("text_too_long", "body", limit=MAX_NOTE)
    note = ReviewNote(
        deed_id=deed.id, author_id=actor.id, body=body, html=str(render_markdown(body)), form_number=form_number or None
    )
    session.add(note)
    session.flush()
    record(session, ReviewNoteWritten(actor_id=actor.id, deed_id=deed.id, note_id=note.id))
    for person in makers_of(deed):
        if person.id != actor.id:
            session.add(Notification(user_id=person.id, kind="note", deed_id=deed.id))
    return note


def _find(session: Session, actor: Actor, form_number: str) -> ReviewNote | None:
    return session.scalar(
        select(ReviewNote).where(ReviewNote.form_number == form_number, ReviewNote.author_id == actor.id)
    )


def notes_of(session: Session, deed_id: int) -> list[ReviewNote]:
    """In the order of writing."""
    return list(
        session.scalars(
            select(ReviewNote)
            .where(ReviewNote.deed_id == deed_id)
            .options(joinedload(ReviewNote.author).selectinload(User.memberships))
            .order_by(ReviewNote.id)
            .limit(MAX_NOTES)
        )
    )
