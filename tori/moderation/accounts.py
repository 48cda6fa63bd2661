"""What moderators do to an account: block it for a time, unblock it, clean up all that it has brought."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.conversation import service as comments
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import AccountCleaned, UserBlocked, UserUnblocked, record
from tori.core.text import clean_line
from tori.digest.telling import notify
from tori.models.deeds import PUBLIC_STATUSES, Comment, Deed, DeedStatus
from tori.models.moderation import Reportable
from tori.models.people import Role, User
from tori.models.wishes import Wish
from tori.moderation import log
from tori.moderation.targets import take_off, target_of
from tori.notifications import mail
from tori.policy import Actor, Permission, is_admin, require

DAYS = (1, 7, 30, 365)
MAX_REASON = 300
USER = "user"


@dataclass(frozen=True)
class Brought:
    """What an account has on the square."""

    deeds: list[Deed]
    wishes: list[Wish]
    comments: list[Comment]

    @property
    def count(self) -> int:
        return len(self.deeds) + len(self.wishes) + len(self.comments)


def account(session: Session, actor: Actor, user_id: int) -> User:
    """An account that the actor may moderate: not the own one, and only administrators touch the staff."""
    require(actor, Permission.MODERATE)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("user")
    if user.id == actor.id:
        raise RuleBroken("own_account")
    if user.role != Role.MEMBER and not is_admin(actor):
        raise RuleBroken("role_needed")
    return user


def brought_by(session: Session, user: User) -> Brought:
    waiting = (*PUBLIC_STATUSES, DeedStatus.IN_REVIEW)
    return Brought(
        list(session.scalars(select(Deed).where(Deed.author_id == user.id, Deed.status.in_(waiting)))),
        list(session.scalars(select(Wish).where(Wish.author_id == user.id, Wish.hidden_at.is_(None)))),
        list(session.scalars(select(Comment).where(Comment.author_id == user.id, Comment.removed_at.is_(None)))),
    )


def _reason(text: str) -> str:
    reason = clean_line(text)[:MAX_REASON]
    if not reason:
        raise RuleBroken("reason_needed", "reason")
    return reason


def block(session: Session, actor: Actor, user_id: int, days: int, reason: str) -> User:
    """The person may read but not write until the time is over. They are told why."""
    user = account(session, actor, user_id)
    text = _reason(reason)
    if days not in DAYS:
        raise RuleBroken("unknown_choice", "days")
    user.blocked_until, user.blocked_reason = clock.now() + timedelta(days=days), text
    log.note(session, actor, "blocked", USER, user.id, "", text)
    record(session, UserBlocked(actor_id=actor.id, user_id=user.id, days=days))
    notify(session, user.id, actor.id, "blocked", text, "/oma")
    mail.enqueue(
        session, "blocked", user.email, user.locale, name=user.display_name, reason=text, until=user.blocked_until
    )
    return user


def unblock(session: Session, actor: Actor, user_id: int, reason: str) -> User:
    user = account(session, actor, user_id)
    if user.blocked_until is None:
        return user
    text = _reason(reason)
    user.blocked_until, user.blocked_reason = None, ""
    log.note(session, actor, "unblocked", USER, user.id, "", text)
    record(session, UserUnblocked(actor_id=actor.id, user_id=user.id))
    notify(session, user.id, actor.id, "unblocked", text, "/oma")
    return user


def clean_up(session: Session, actor: Actor, user_id: int, reason: str) -> Brought:
    """Takes everything of one account off the square at once. Each thing can be put back one by one."""
    user = account(session, actor, user_id)
    text = _reason(reason)
    found = brought_by(session, user)
    for deed in found.deeds:
        if deed.status == DeedStatus.IN_REVIEW:
            deed.status, deed.submitted_at = DeedStatus.DRAFT, None
        else:
            take_off(session, actor, target_of(session, Reportable.DEED, deed.id), text)
        log.note(session, actor, "removed", Reportable.DEED, deed.id, deed.title, text)
    for wish in found.wishes:
        take_off(session, actor, target_of(session, Reportable.WISH, wish.id), text)
        log.note(session, actor, "removed", Reportable.WISH, wish.id, wish.title, text)
    for comment in found.comments:
        comments.remove(session, actor, comment, text)
        log.note(session, actor, "removed", Reportable.COMMENT, comment.id, "", text)
    record(session, AccountCleaned(actor_id=actor.id, user_id=user.id, count=found.count))
    return found
