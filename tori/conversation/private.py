""" "Kysy tekijältä": private questions, passed between people who never see each other's addresses."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import PrivateMessageSent, PrivateQuestionPassed, record
from tori.core.text import clean_text
from tori.database import db, transaction
from tori.deeds.newcomers import refuse_adverts
from tori.models.conversation import PrivateMessage, PrivateQuestion, Turn
from tori.models.deeds import Deed
from tori.models.people import Membership, Role, User
from tori.policy import Actor, Permission, is_steward_today, require

MAX_MESSAGE = 4000
PATIENCE = timedelta(days=7)
"""So long the author may think before the question falls to the organisation's contact person."""
SHOWN = 50


def ask(session: Session, actor: Actor, deed: Deed, body: str, form_number: str | None = None) -> PrivateQuestion:
    """Begins a private question. The same form number again gives the same one."""
    require(actor, Permission.PRIVATE_ASK, deed)
    text = _checked(body)
    refuse_adverts(actor, "body", text)
    if form_number:
        existing = session.scalar(
            select(PrivateQuestion).where(
                PrivateQuestion.form_number == form_number, PrivateQuestion.asker_id == actor.id
            )
        )
        if existing is not None:
            return existing
    row = PrivateQuestion(deed_id=deed.id, asker_id=actor.id, turn=_first_turn(session, deed), form_number=form_number)
    row.messages.append(PrivateMessage(author_id=actor.id, body=text))
    session.add(row)
    session.flush()
    record(session, PrivateMessageSent(actor_id=actor.id, question_id=row.id, message_id=row.messages[0].id))
    return row


def _checked(body: str) -> str:
    text = clean_text(body)
    if not text:
        raise RuleBroken("comment_empty", "body")
    if len(text) > MAX_MESSAGE:
        raise RuleBroken("text_too_long", "body", limit=MAX_MESSAGE)
    return text


def _first_turn(session: Session, deed: Deed) -> Turn:
    if deed.author is not None and deed.author.is_active:
        return Turn.AUTHOR
    return _turn_after_author(session, deed)


def _turn_after_author(session: Session, deed: Deed) -> Turn:
    return Turn.STEWARD if stewards(session, deed) else Turn.EDITOR


def stewards(session: Session, deed: Deed) -> list[User]:
    statement = (
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.organisation_id == deed.organisation_id,
            Membership.is_steward,
            User.confirmed_at.is_not(None),
            User.disabled_at.is_(None),
        )
    )
    return [row.user for row in session.scalars(statement.order_by(User.id)) if is_steward_today(row)]


def recipients(session: Session, question: PrivateQuestion) -> list[User]:
    """Those who are to answer now."""
    if question.turn == Turn.AUTHOR:
        author = question.deed.author
        return [author] if author is not None and author.is_active else []
    if question.turn == Turn.STEWARD:
        return stewards(session, question.deed)
    editors = User.role.in_([Role.EDITOR, Role.ADMIN]), User.confirmed_at.is_not(None), User.disabled_at.is_(None)
    return list(session.scalars(select(User).where(*editors).order_by(User.id)))


def answer(
    session: Session, actor: Actor, question: PrivateQuestion, body: str, form_number: str | None = None
) -> PrivateMessage:
    """Goes on with the talk, from either side. The first word of the other side answers the question."""
    require(actor, Permission.PRIVATE_READ, question)
    text = _checked(body)
    refuse_adverts(actor, "body", text)
    if form_number:
        sent = select(PrivateMessage).where(
            PrivateMessage.form_number == form_number, PrivateMessage.author_id == actor.id
        )
        if (existing := session.scalar(sent)) is not None:
            return existing
    message = PrivateMessage(question_id=question.id, author_id=actor.id, body=text, form_number=form_number)
    session.add(message)
    if actor.id != question.asker_id:
        question.answered_at = question.answered_at or clock.now()
    session.flush()
    record(session, PrivateMessageSent(actor_id=actor.id, question_id=question.id, message_id=message.id))
    return message


def pass_on(config: Config) -> int:
    """The job: a question that its author has not answered in a week falls to the contact person, or to the editors."""
    waiting = select(PrivateQuestion.id).where(
        PrivateQuestion.turn == Turn.AUTHOR,
        PrivateQuestion.answered_at.is_(None),
        PrivateQuestion.created_at <= clock.now() - PATIENCE,
    )
    ids = db.session().scalars(waiting).all()
    for question_id in ids:
        with transaction() as session:
            row = session.get(PrivateQuestion, question_id, with_for_update=True)
            if row is None or row.turn != Turn.AUTHOR or row.answered_at is not None:
                continue
            row.turn = _turn_after_author(session, row.deed)
            row.passed_at = clock.now()
            record(session, PrivateQuestionPassed(actor_id=None, question_id=row.id))
    return len(ids)


def get(session: Session, actor: Actor, question_id: int) -> PrivateQuestion:
    row = session.scalar(
        select(PrivateQuestion)
        .where(PrivateQuestion.id == question_id)
        .options(
            joinedload(PrivateQuestion.deed).joinedload(Deed.organisation),
            joinedload(PrivateQuestion.asker),
            selectinload(PrivateQuestion.messages).joinedload(PrivateMessage.author),
        )
    )
    if row is None:
        raise NotFound("private question")
    require(actor, Permission.PRIVATE_READ, row)
    return row


def own(session: Session, actor: Actor) -> list[PrivateQuestion]:
    """Questions that the actor asked or is to answer, the newest first."""
    require(actor, Permission.ACCOUNT_OWN)
    mine = (PrivateQuestion.asker_id == actor.id) | (Deed.author_id == actor.id)
    if actor.stewarded_ids:
        is_passed = PrivateQuestion.turn != Turn.AUTHOR
        mine = mine | (is_passed & Deed.organisation_id.in_(actor.stewarded_ids))
    if actor.has_role(Role.EDITOR, Role.ADMIN):
        mine = mine | (PrivateQuestion.turn == Turn.EDITOR)
    statement = (
        select(PrivateQuestion)
        .join(PrivateQuestion.deed)
        .where(mine)
        .options(joinedload(PrivateQuestion.deed), joinedload(PrivateQuestion.asker).lazyload(User.memberships))
        .order_by(PrivateQuestion.id.desc())
        .limit(SHOWN)
    )
    return list(session.scalars(statement))
