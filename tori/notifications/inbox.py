"""Notices that a person sees in the service."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.events import DeedAdopted
from tori.models.deeds import Deed
from tori.models.operations import Notification
from tori.models.people import User

SHOWN = 30


def tell_of_adoption(session: Session, event: DeedAdopted) -> None:
    deed = session.get_one(Deed, event.deed_id)
    if deed.author_id is None or deed.author_id == event.actor_id:
        return
    session.add(
        Notification(user_id=deed.author_id, kind="adopted", deed_id=deed.id, organisation_id=event.organisation_id)
    )


def unread_count(session: Session, user: User) -> int:
    return (
        session.scalar(select(func.count()).where(Notification.user_id == user.id, Notification.read_at.is_(None))) or 0
    )


def latest(session: Session, user: User) -> list[Notification]:
    return list(
        session.scalars(
            select(Notification)
            .options(joinedload(Notification.deed), joinedload(Notification.organisation))
            .where(Notification.user_id == user.id)
            .order_by(Notification.id.desc())
            .limit(SHOWN)
        )
    )


def mark_read(session: Session, user: User) -> None:
    session.execute(
        update(Notification)
        .where(Notification.user_id == user.id, Notification.read_at.is_(None))
        .values(read_at=clock.now())
    )
