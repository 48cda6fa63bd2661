"""Who has taken what waits at the desk, so that nobody does the same twice and nothing is nobody's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.core.errors import RuleBroken
from tori.core.events import WorkReleased, WorkTaken, record
from tori.models.desk import QueueClaim
from tori.models.people import Role, User
from tori.policy import Actor, Permission, require

STAFF = (Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN)


@dataclass(frozen=True)
class Task:
    """A thing that waits: the name of its queue and its number there."""

    queue: str
    item_id: int


def staff(session: Session) -> list[User]:
    """Those who may be given work."""
    return list(
        session.scalars(
            select(User)
            .where(User.role.in_(STAFF), User.disabled_at.is_(None), User.confirmed_at.is_not(None))
            .order_by(User.display_name, User.id)
        )
    )


def give(session: Session, actor: Actor, tasks: Iterable[Task], user_id: int) -> int:
    """The tasks become a person's, whose ever they were. Returns how many changed hands."""
    require(actor, Permission.DESK_OPEN)
    if user_id not in {user.id for user in staff(session)}:
        raise RuleBroken("unknown_person", "kenelle")
    changed = 0
    for task in tasks:
        row = session.get(QueueClaim, (task.queue, task.item_id))
        if row is None:
            session.add(QueueClaim(queue=task.queue, item_id=task.item_id, user_id=user_id))
        elif row.user_id == user_id:
            continue
        else:
            row.user_id = user_id
        changed += 1
        record(session, WorkTaken(actor_id=actor.id, queue=task.queue, item_id=task.item_id, user_id=user_id))
    return changed


def release(session: Session, actor: Actor, tasks: Iterable[Task]) -> int:
    """Nobody's again."""
    require(actor, Permission.DESK_OPEN)
    changed = 0
    for task in tasks:
        row = session.get(QueueClaim, (task.queue, task.item_id))
        if row is not None:
            session.delete(row)
            changed += 1
            record(session, WorkReleased(actor_id=actor.id, queue=task.queue, item_id=task.item_id))
    return changed


def owners(session: Session, tasks: Iterable[Task]) -> Mapping[Task, User]:
    """Whose each task is; those of nobody are left out. One statement."""
    wanted = set(tasks)
    if not wanted:
        return {}
    rows = session.scalars(
        select(QueueClaim)
        .where(QueueClaim.item_id.in_({task.item_id for task in wanted}))
        .options(joinedload(QueueClaim.user).lazyload(User.memberships))
    )
    found = {Task(row.queue, row.item_id): row.user for row in rows}
    return {task: user for task, user in found.items() if task in wanted}
