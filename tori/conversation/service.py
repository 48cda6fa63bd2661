"""Comments, questions and takeaways on a deed; thanks; reports."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tori.conversation.queries import mentionable
from tori.core import clock, spam
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import (
    CommentApproved,
    CommentEdited,
    CommentHeld,
    CommentPosted,
    CommentPutBack,
    CommentRemoved,
    DeedThanked,
    QuestionAnswered,
    QuestionReopened,
    ThanksTakenBack,
    record,
)
from tori.core.text import clean_line, clean_text, render_markdown
from tori.models.conversation import DeedThanks
from tori.models.deeds import Comment, CommentKind, Deed
from tori.policy import Actor, Permission, can, is_trusted, require

MAX_COMMENT = 4000
MAX_TAKEAWAY = 200
MAX_REASON = 300
EDIT_WINDOW = timedelta(minutes=30)
LINK = re.compile(r"https?:|www\.|\]\(|[a-z0-9-]\.(?:com|net|org|fi|se|ru|info|biz|io|co)\b", re.IGNORECASE)


def post(
    session: Session,
    actor: Actor,
    deed: Deed,
    body: str,
    kind: CommentKind,
    form_number: str | None = None,
    parent_id: int | None = None,
    mentioned: Sequence[int] = (),
) -> Comment:
    """Adds a comment with the writer's organisation. The same form number again gives the same comment.

    An answer to an answer hangs on the same comment: threads have one level. What looks like spam, of somebody
    not yet trusted, waits for an editor.
    """
    require(actor, Permission.COMMENT_WRITE, deed)
    body = _checked(body, kind)
    if form_number:
        existing = session.scalar(
            select(Comment).where(Comment.form_number == form_number, Comment.author_id == actor.id)
        )
        if existing is not None:
            return existing
    organisation = actor.user.organisation if actor.user else None
    comment = Comment(
        deed_id=deed.id,
        author_id=actor.id,
        organisation_id=organisation.id if organisation else None,
        kind=kind,
        parent_id=_top_of(session, deed, parent_id),
        body=body,
        html=str(render_markdown(body)),
        mentions=_mentions(session, deed, body, mentioned),
        form_number=form_number,
    )
    session.add(comment)
    if _must_wait(session, actor, body):
        _hold(session, actor, comment)
        return comment
    session.flush()
    _show(session, actor.id, comment)
    if comment.parent_id and can(actor, Permission.DEED_EDIT, deed):
        _answer(session, actor, session.get_one(Comment, comment.parent_id))
    return comment


def _checked(body: str, kind: str) -> str:
    is_takeaway = kind == CommentKind.TAKEAWAY
    body = clean_line(body) if is_takeaway else clean_text(body)
    limit = MAX_TAKEAWAY if is_takeaway else MAX_COMMENT
    if not body:
        raise RuleBroken("comment_empty", "body")
    if len(body) > limit:
        raise RuleBroken("text_too_long", "body", limit=limit)
    return body


def _top_of(session: Session, deed: Deed, parent_id: int | None) -> int | None:
    if parent_id is None:
        return None
    parent = session.get(Comment, parent_id)
    is_gone = parent is None or parent.deed_id != deed.id or parent.removed_at is not None
    if parent is None or is_gone or parent.kind == CommentKind.TAKEAWAY:
        raise RuleBroken("comment_gone", "body")
    return parent.parent_id or parent.id


def _must_wait(session: Session, actor: Actor, body: str) -> bool:
    """Whether an editor looks first: somebody nobody has vouched for brings a link, haste or a strange language."""
    if is_trusted(actor):
        return False
    if LINK.search(body):
        return True
    since = clock.now() - timedelta(hours=1)
    recent = select(func.count()).where(Comment.author_id == actor.id, Comment.created_at > since)
    return bool(spam.signs(body, session.scalar(recent) or 0))


def _hold(session: Session, actor: Actor, comment: Comment) -> None:
    comment.held_at = comment.removed_at = clock.now()
    session.flush()
    _recount(session, session.get_one(Deed, comment.deed_id))
    record(session, CommentHeld(actor_id=actor.id, deed_id=comment.deed_id, comment_id=comment.id))


def _show(session: Session, actor_id: int | None, comment: Comment) -> None:
    _recount(session, session.get_one(Deed, comment.deed_id))
    record(session, CommentPosted(actor_id=actor_id, deed_id=comment.deed_id, comment_id=comment.id))


def _mentions(session: Session, deed: Deed, body: str, chosen: Sequence[int]) -> list[int]:
    """Chosen from the list, or written as ``@Name``. Only those who take part in the talk can be called."""
    if not chosen and "@" not in body:
        return []
    called = body.casefold()
    return sorted(
        user.id
        for user in mentionable(session, deed)
        if user.id in chosen or f"@{user.display_name}".casefold() in called
    )


def edit(session: Session, actor: Actor, comment: Comment, body: str) -> None:
    """Corrects an own comment within half an hour."""
    require(actor, Permission.COMMENT_EDIT, comment)
    if clock.now() > comment.created_at + EDIT_WINDOW:
        raise RuleBroken("edit_window_over", "body")
    body = _checked(body, comment.kind)
    if body == comment.body:
        return
    comment.body, comment.html = body, str(render_markdown(body))
    comment.edited_at = clock.now()
    if comment.held_at is None and _must_wait(session, actor, body):
        _hold(session, actor, comment)
        return
    record(session, CommentEdited(actor_id=actor.id, deed_id=comment.deed_id, comment_id=comment.id))


def may_still_edit(actor: Actor, comment: Comment) -> bool:
    return can(actor, Permission.COMMENT_EDIT, comment) and clock.now() <= comment.created_at + EDIT_WINDOW


def mark_answered(session: Session, actor: Actor, comment: Comment) -> None:
    """A question has its answer; marking it again changes nothing."""
    require(actor, Permission.QUESTION_MARK, comment)
    _answer(session, actor, comment)


def _answer(session: Session, actor: Actor, comment: Comment) -> None:
    if comment.kind != CommentKind.QUESTION or comment.answered_at is not None:
        return
    comment.answered_at = clock.now()
    record(session, QuestionAnswered(actor_id=actor.id, deed_id=comment.deed_id, comment_id=comment.id))


def mark_open(session: Session, actor: Actor, comment: Comment) -> None:
    """The answer did not help after all."""
    require(actor, Permission.QUESTION_MARK, comment)
    if comment.answered_at is not None:
        comment.answered_at = None
        record(session, QuestionReopened(actor_id=actor.id, deed_id=comment.deed_id, comment_id=comment.id))


def remove(session: Session, actor: Actor, comment: Comment, reason: str = "") -> None:
    """Hides a comment. An editor says why; a writer who takes back an own comment need not."""
    require(actor, Permission.COMMENT_REMOVE, comment)
    reason = clean_line(reason)[:MAX_REASON]
    if not reason and comment.author_id != actor.id:
        raise RuleBroken("reason_needed", "reason")
    if comment.removed_at is not None and comment.held_at is None:
        return
    comment.removed_at, comment.held_at = clock.now(), None
    comment.removed_reason = reason
    session.flush()
    _recount(session, session.get_one(Deed, comment.deed_id))
    record(
        session,
        CommentRemoved(actor_id=actor.id, deed_id=comment.deed_id, comment_id=comment.id, reason=reason),
    )


def approve(session: Session, actor: Actor, comment: Comment) -> None:
    """Shows a comment that waited. Those whom it concerns are told now, unless it was shown before it was edited."""
    require(actor, Permission.MODERATE)
    if comment.held_at is None:
        return
    # An edit that brings a link into a shown comment is what holds it; one made while it waits comes after.
    was_shown = comment.edited_at is not None and comment.edited_at <= comment.held_at
    comment.held_at = comment.removed_at = None
    record(session, CommentApproved(actor_id=actor.id, deed_id=comment.deed_id, comment_id=comment.id))
    if was_shown:
        _recount(session, session.get_one(Deed, comment.deed_id))
        record(session, CommentEdited(actor_id=comment.author_id, deed_id=comment.deed_id, comment_id=comment.id))
    else:
        _show(session, comment.author_id, comment)


def put_back(session: Session, actor: Actor, comment: Comment) -> None:
    """Shows a removed comment again. The text of one removed long ago is gone, and there is nothing to show."""
    require(actor, Permission.MODERATE)
    if comment.removed_at is None or comment.held_at is not None or not comment.body:
        raise RuleBroken("nothing_to_restore")
    comment.removed_at, comment.removed_reason = None, ""
    session.flush()
    _recount(session, session.get_one(Deed, comment.deed_id))
    record(session, CommentPutBack(actor_id=actor.id, deed_id=comment.deed_id, comment_id=comment.id))


def thank(session: Session, actor: Actor, deed: Deed) -> None:
    """One press, counted once."""
    require(actor, Permission.DEED_THANK, deed)
    if _thanks_of(session, actor, deed) is not None:
        return
    try:
        with session.begin_nested():
            session.add(DeedThanks(deed_id=deed.id, user_id=actor.id))
    except IntegrityError:
        # The same press twice at the same moment.
        return
    record(session, DeedThanked(actor_id=actor.id, deed_id=deed.id))


def take_thanks_back(session: Session, actor: Actor, deed: Deed) -> None:
    require(actor, Permission.DEED_THANK, deed)
    row = _thanks_of(session, actor, deed)
    if row is not None:
        session.delete(row)
        record(session, ThanksTakenBack(actor_id=actor.id, deed_id=deed.id))


def _thanks_of(session: Session, actor: Actor, deed: Deed) -> DeedThanks | None:
    return session.scalar(select(DeedThanks).where(DeedThanks.deed_id == deed.id, DeedThanks.user_id == actor.id))


def comment_on(session: Session, deed_id: int, comment_id: int) -> Comment:
    """Raises NotFound when there is none on this deed."""
    found = session.get(Comment, comment_id)
    if found is None or found.deed_id != deed_id:
        raise NotFound("comment")
    return found


def _recount(session: Session, deed: Deed) -> None:
    shown = select(func.count()).where(Comment.deed_id == deed.id, Comment.removed_at.is_(None)).scalar_subquery()
    session.execute(
        update(Deed).where(Deed.id == deed.id).values(comment_count=shown),
        execution_options={"synchronize_session": False},
    )
    session.refresh(deed, ["comment_count"])
