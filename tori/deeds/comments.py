"""Comments and questions on a deed."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import CommentPosted, CommentRemoved, record
from tori.core.text import clean_line, clean_text, render_markdown
from tori.models.deeds import Comment, CommentKind, Deed
from tori.policy import Actor, Permission, require

MAX_COMMENT = 4000
MAX_REASON = 300


def post(
    session: Session, actor: Actor, deed: Deed, body: str, kind: CommentKind, form_number: str | None = None
) -> Comment:
    """Adds a comment with the writer's organisation. The same form number again gives the same comment."""
    require(actor, Permission.COMMENT_WRITE, deed)
    body = clean_text(body)
    if not body:
        raise RuleBroken("comment_empty", "body")
    if len(body) > MAX_COMMENT:
        raise RuleBroken("text_too_long", "body", limit=MAX_COMMENT)
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
        body=body,
        html=str(render_markdown(body)),
        form_number=form_number,
    )
    session.add(comment)
    session.flush()
    _recount(session, deed)
    record(session, CommentPosted(actor_id=actor.id, deed_id=deed.id, comment_id=comment.id))
    return comment


def remove(session: Session, actor: Actor, comment: Comment, reason: str = "") -> None:
    """Hides a comment. An editor says why; a writer who takes back an own comment need not."""
    require(actor, Permission.COMMENT_REMOVE, comment)
    reason = clean_line(reason)[:MAX_REASON]
    if not reason and comment.author_id != actor.id:
        raise RuleBroken("reason_needed", "reason")
    if comment.removed_at is not None:
        return
    comment.removed_at = clock.now()
    comment.removed_reason = reason
    session.flush()
    _recount(session, session.get_one(Deed, comment.deed_id))
    record(
        session,
        CommentRemoved(actor_id=actor.id, deed_id=comment.deed_id, comment_id=comment.id, reason=reason),
    )


def _recount(session: Session, deed: Deed) -> None:
    shown = select(func.count()).where(Comment.deed_id == deed.id, Comment.removed_at.is_(None)).scalar_subquery()
    session.execute(
        update(Deed).where(Deed.id == deed.id).values(comment_count=shown),
        execution_options={"synchronize_session": False},
    )
    session.refresh(deed, ["comment_count"])
