"""What administrators do to accounts: look, change a role, close and open. Every change ends the person's sessions."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tori.accounts import second_factor
from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import RoleChanged, UserDisabled, UserEnabled, record
from tori.core.text import clean_line
from tori.database import transaction
from tori.edge.sessions import end_sessions
from tori.models.people import Role, User
from tori.policy import Actor, Permission, require

PER_PAGE = 50
MAX_QUERY = 100


@dataclass(frozen=True)
class UserList:
    users: list[User]
    total: int


def find_users(session: Session, actor: Actor, text: str, page: int) -> UserList:
    """A page of accounts, the newest first; ``text`` is a part of the name or the address."""
    require(actor, Permission.USER_MANAGE)
    statement = select(User)
    if words := clean_line(text)[:MAX_QUERY]:
        statement = statement.where(
            or_(User.email.icontains(words, autoescape=True), User.display_name.icontains(words, autoescape=True))
        )
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    users = session.scalars(statement.order_by(User.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return UserList(list(users), total)


def _other_user(session: Session, actor: Actor, user_id: int) -> User:
    """The account to change. Nobody changes their own: the last administrator can't lock everybody out."""
    require(actor, Permission.USER_MANAGE)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("user")
    if user.id == actor.id:
        raise RuleBroken("own_account")
    return user


def set_role(session: Session, actor: Actor, user_id: int, role: str, until: date | None = None) -> None:
    """Gives a role, up to and with a last day when one is told. The person signs in again, so that no open session
    keeps the old rights."""
    user = _other_user(session, actor, user_id)
    if role not in set(Role):
        raise RuleBroken("unknown_role", field="role")
    if role == Role.MEMBER:
        until = None
    if until is not None and until < clock.today():
        raise RuleBroken("day_over", field="until")
    if (user.role, user.role_until) == (role, until):
        return
    is_new = user.role != role
    user.role, user.role_until = Role(role), until
    if is_new:
        end_sessions(user.id)
    last = until.isoformat() if until else None
    record(session, RoleChanged(actor_id=actor.id, user_id=user.id, role=role, until=last))


def end_roles(config: Config) -> int:
    """A role whose last day is over goes for good; it has counted for nothing since midnight. Returns how many."""
    with transaction() as session:
        users = session.scalars(select(User).where(User.role_until < clock.today())).all()
        for user in users:
            user.role, user.role_until = Role.MEMBER, None
            end_sessions(user.id)
            record(session, RoleChanged(actor_id=None, user_id=user.id, role=Role.MEMBER, until=None))
        return len(users)


def disable(session: Session, actor: Actor, user_id: int) -> None:
    """Closes an account: the person is signed out everywhere and can't sign in. What they published stays."""
    user = _other_user(session, actor, user_id)
    if user.disabled_at is not None:
        return
    user.disabled_at = clock.now()
    end_sessions(user.id)
    record(session, UserDisabled(actor_id=actor.id, user_id=user.id))


def enable(session: Session, actor: Actor, user_id: int) -> None:
    user = _other_user(session, actor, user_id)
    if user.disabled_at is None:
        return
    user.disabled_at = None
    record(session, UserEnabled(actor_id=actor.id, user_id=user.id))


def take_second_factor(session: Session, actor: Actor, user_id: int) -> None:
    """For somebody who has lost both the device and the spare codes, and whom the administrator knows."""
    second_factor.take_away(session, actor, _other_user(session, actor, user_id))
