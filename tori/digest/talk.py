"""Who hears of the talk about deeds: a notice in the service, and a mail to whoever was asked or answered."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.conversation import private
from tori.core.events import (
    CommentApproved,
    CommentPosted,
    CommentRemoved,
    DeedThanked,
    PrivateMessageSent,
    PrivateQuestionPassed,
)
from tori.core.text import plain_text
from tori.digest.links import mail_link
from tori.digest.telling import locale_of, notify, write_to
from tori.models.conversation import PrivateMessage, PrivateQuestion
from tori.models.deeds import Comment, CommentKind, Deed
from tori.models.operations import Notification
from tori.models.people import User


def tell_of_comment(session: Session, event: CommentPosted) -> None:
    """Whoever was answered, the makers, and those who are mentioned: each once, by what concerns them most."""
    comment, deed = session.get_one(Comment, event.comment_id), session.get_one(Deed, event.deed_id)
    told = {comment.author_id, None}
    parent = session.get(Comment, comment.parent_id) if comment.parent_id else None
    if parent is not None and parent.author_id not in told:
        told.add(parent.author_id)
        _notice(session, parent.author_id, "reply", comment, deed)
        _mail(session, parent.author_id, "comment_reply", comment, deed)
    for user in _makers(session, deed):
        if user.id not in told:
            told.add(user.id)
            _notice(session, user.id, str(comment.kind), comment, deed)
            if comment.kind == CommentKind.QUESTION:
                _mail(session, user.id, "comment_question", comment, deed)
    for user_id in comment.mentions:
        if user_id not in told:
            told.add(user_id)
            _notice(session, user_id, "mention", comment, deed)


def _makers(session: Session, deed: Deed) -> Sequence[User]:
    """The author and those who made it together; the contact persons when the author has left."""
    people = [deed.author, *deed.co_authors] if deed.author is not None else [*deed.co_authors]
    active = [user for user in people if user is not None and user.is_active]
    return active or private.stewards(session, deed)


def _notice(session: Session, user_id: int | None, kind: str, comment: Comment, deed: Deed) -> None:
    if user_id is None:
        return
    session.add(
        Notification(
            user_id=user_id, kind=kind, deed_id=deed.id, organisation_id=comment.organisation_id,
            address=f"/teot/{deed.id}-{deed.slug}#kommentti-{comment.id}",
        )
    )  # fmt: skip


def _mail(session: Session, user_id: int | None, event: str, comment: Comment, deed: Deed) -> None:
    link = mail_link("deeds.show", locale_of(session, user_id), deed_id=deed.id, slug=deed.slug)
    write_to(
        session, user_id, comment.author_id, event, deed=deed.title, who=_name(comment.author), text=_plain(comment),
        organisation=comment.organisation, link=f"{link}#kommentti-{comment.id}",
    )  # fmt: skip


def _plain(comment: Comment) -> str:
    return plain_text(comment.body)


def _name(user: User | None) -> str:
    return user.display_name if user is not None else ""


def tell_of_approval(session: Session, event: CommentApproved) -> None:
    comment, deed = session.get_one(Comment, event.comment_id), session.get_one(Deed, event.deed_id)
    if comment.author_id != event.actor_id:
        _notice(session, comment.author_id, "comment_shown", comment, deed)


def tell_of_removal(session: Session, event: CommentRemoved) -> None:
    """The writer finds the reason where the comment was."""
    comment, deed = session.get_one(Comment, event.comment_id), session.get_one(Deed, event.deed_id)
    if comment.author_id != event.actor_id:
        _notice(session, comment.author_id, "comment_hidden", comment, deed)


def tell_of_thanks(session: Session, event: DeedThanked) -> None:
    """One notice until it has been read, however many give thanks."""
    deed = session.get_one(Deed, event.deed_id)
    if deed.author_id is None:
        return
    waiting = select(Notification.id).where(
        Notification.user_id == deed.author_id, Notification.kind == "thanks", Notification.deed_id == deed.id,
        Notification.read_at.is_(None),
    )  # fmt: skip
    if session.scalar(waiting.limit(1)) is None:
        session.add(Notification(user_id=deed.author_id, kind="thanks", deed_id=deed.id))


def tell_of_private_message(session: Session, event: PrivateMessageSent) -> None:
    """The other side hears of it. Nobody's address is in the mail."""
    question = session.get_one(PrivateQuestion, event.question_id)
    message = session.get_one(PrivateMessage, event.message_id)
    if message.author_id != question.asker_id:
        _tell_privately(session, question.asker_id, "private_answer", question, message)
        return
    for user in _listeners(session, question):
        _tell_privately(session, user.id, "private_question", question, message)


def _listeners(session: Session, question: PrivateQuestion) -> Sequence[User]:
    """Those whose turn it is, and whoever has answered already."""
    answered = {message.author_id for message in question.messages} - {question.asker_id, None}
    people = session.scalars(select(User).where(User.id.in_(answered)))
    found = {user.id: user for user in [*private.recipients(session, question), *people] if user.is_active}
    return [found[number] for number in sorted(found)]


def tell_of_passed_question(session: Session, event: PrivateQuestionPassed) -> None:
    question = session.get_one(PrivateQuestion, event.question_id)
    for user in private.recipients(session, question):
        if user.id != question.asker_id:
            _tell_privately(session, user.id, "private_question", question, question.messages[0])


def _tell_privately(
    session: Session, user_id: int, kind: str, question: PrivateQuestion, message: PrivateMessage
) -> None:
    title = question.deed.title
    notify(session, user_id, message.author_id, kind, title, f"/oma/kysymykset/{question.id}")
    link = mail_link("conversation.private_question", locale_of(session, user_id), question_id=question.id)
    write_to(
        session, user_id, message.author_id, kind, deed=title, who=_name(message.author), text=message.body, link=link,
        organisation=message.author.organisation if message.author is not None else None,
        is_passed=question.passed_at is not None,
    )  # fmt: skip
