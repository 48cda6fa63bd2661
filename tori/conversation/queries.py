"""The talk under a deed as its page shows it, and what waits for the editors."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload, lazyload

from tori.core.text import alphabetical
from tori.models.conversation import DeedThanks
from tori.models.deeds import Comment, CommentKind, Deed
from tori.models.people import User
from tori.policy import Actor

MAX_COMMENTS = 500
MAX_WAITING = 50
LATEST_ANSWERS = 25


@dataclass(frozen=True)
class Thread:
    """A comment and the answers to it, oldest first."""

    comment: Comment
    answers: list[Comment]


@dataclass(frozen=True)
class Talk:
    """``takeaways`` are one-liners told apart from the talk; ``is_thanked`` says that the reader has pressed."""

    threads: list[Thread]
    takeaways: list[Comment]
    thanks: int
    is_thanked: bool


SILENCE = Talk([], [], 0, False)


def talk_of(session: Session, actor: Actor, deed: Deed) -> Talk:
    """One statement. What waits for an editor shows to its writer alone."""
    thanks = select(func.count()).where(DeedThanks.deed_id == deed.id).scalar_subquery()
    mine = select(func.count()).where(DeedThanks.deed_id == deed.id, DeedThanks.user_id == (actor.id or 0))
    found = session.execute(
        select(Comment, thanks, mine.scalar_subquery())
        .select_from(Deed)
        .outerjoin(Comment, Comment.deed_id == Deed.id)
        .where(Deed.id == deed.id)
        .options(joinedload(Comment.author).lazyload(User.memberships), joinedload(Comment.organisation))
        .order_by(Comment.id)
        .limit(MAX_COMMENTS)
    ).all()
    rows = [
        row
        for row, _thanks, _mine in found
        if row is not None and (row.held_at is None or (actor.is_member and row.author_id == actor.id))
    ]
    answers: dict[int, list[Comment]] = {}
    for row in rows:
        if row.parent_id is not None:
            answers.setdefault(row.parent_id, []).append(row)
    threads = [
        Thread(row, answers.get(row.id, []))
        for row in rows
        if row.parent_id is None and row.kind != CommentKind.TAKEAWAY
    ]
    takeaways = [row for row in rows if row.kind == CommentKind.TAKEAWAY and row.parent_id is None]
    return Talk(threads, takeaways, found[0][1], bool(found[0][2]))


def reply_time(question: Comment, answers: list[Comment]) -> timedelta | None:
    """Until the reply of somebody else after which the question counted as answered; None when it was settled without.
    ``usual_reply`` asks the same of the database."""
    if question.answered_at is None:
        return None
    replies = [
        answer.created_at
        for answer in answers
        if answer.author_id != question.author_id
        and answer.removed_at is None
        and answer.created_at <= question.answered_at
    ]
    return max(replies) - question.created_at if replies else None


def usual_reply(session: Session, deed: Deed) -> timedelta | None:
    """How long it usually takes until the author's readers get an answer; None while there is too little to tell."""
    if deed.author_id is None:
        return None
    reply = aliased(Comment)
    rows = session.execute(
        select(Comment.created_at, func.max(reply.created_at))
        .join(Deed, Deed.id == Comment.deed_id)
        .join(reply, reply.parent_id == Comment.id)
        .where(
            Deed.author_id == deed.author_id,
            Comment.removed_at.is_(None),
            reply.author_id.is_distinct_from(Comment.author_id),
            reply.removed_at.is_(None),
            reply.created_at <= Comment.answered_at,
        )
        .group_by(Comment.id)
        .order_by(Comment.id.desc())
        .limit(LATEST_ANSWERS)
    )
    seconds = [(replied - asked).total_seconds() for asked, replied in rows]
    return timedelta(seconds=median(seconds)) if seconds else None


def mentionable(session: Session, deed: Deed) -> list[User]:
    """Those who can be mentioned: the author and whoever has commented, by name."""
    writers = select(Comment.author_id).where(Comment.deed_id == deed.id, Comment.removed_at.is_(None))
    statement = select(User).where(
        (User.id == deed.author_id) | User.id.in_(writers), User.confirmed_at.is_not(None), User.disabled_at.is_(None)
    )
    people = session.scalars(statement.options(lazyload(User.memberships)))
    return sorted(people, key=lambda user: alphabetical(user.display_name))


def held_comments(session: Session) -> list[Comment]:
    """Comments that wait to be shown, the oldest first."""
    statement = (
        select(Comment)
        .where(Comment.held_at.is_not(None))
        .options(
            joinedload(Comment.deed),
            joinedload(Comment.author).lazyload(User.memberships),
            joinedload(Comment.organisation),
        )
        .order_by(Comment.id)
        .limit(MAX_WAITING)
    )
    return list(session.scalars(statement))
