"""Marks of a person for telling deeds, for taking models and for being an ambassador.

Each is counted from what the person has done, and nobody else sees it, until its bearer takes it along: then it has an
address that others may open.
"""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import MarkLetGo, MarkTaken, record
from tori.models.accounts import PersonMark
from tori.models.adoptions import AdoptionMember
from tori.models.deeds import PUBLIC_STATUSES, Adoption, Deed, deed_co_author
from tori.models.people import User
from tori.policy import Actor, Permission, require

MARK_FROM = 3
"""So many deeds told, or models taken from others."""
KEY_LENGTH = 43


class Kind(StrEnum):
    TELLER = "kertoja"
    TAKER = "mallinottaja"
    AMBASSADOR = "lahettilas"


@dataclass(frozen=True)
class Standing:
    """How near a person is to a mark: ``count`` of ``wanted``; ``mark`` when it has been taken along."""

    kind: Kind
    count: int
    wanted: int
    mark: PersonMark | None

    @property
    def is_earned(self) -> bool:
        return self.count >= self.wanted


def _counts(session: Session, user: User) -> dict[Kind, int]:
    together = select(deed_co_author.c.deed_id).where(deed_co_author.c.user_id == user.id)
    public = Deed.status.in_(PUBLIC_STATUSES)
    told = select(func.count()).select_from(Deed).where(public, or_(Deed.author_id == user.id, Deed.id.in_(together)))
    taken = (
        select(func.count())
        .select_from(AdoptionMember)
        .join(Adoption, Adoption.id == AdoptionMember.adoption_id)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(public, AdoptionMember.user_id == user.id)
    )
    agreed = sum(row.ambassador_since is not None and row.waits_since is None for row in user.memberships)
    return {
        Kind.TELLER: session.scalar(told) or 0,
        Kind.TAKER: session.scalar(taken) or 0,
        Kind.AMBASSADOR: min(agreed, 1),
    }


def standings(session: Session, user: User) -> list[Standing]:
    """Three statements."""
    counts = _counts(session, user)
    taken = {row.kind: row for row in session.scalars(select(PersonMark).where(PersonMark.user_id == user.id))}
    wanted = {Kind.AMBASSADOR: 1}
    return [Standing(kind, counts[kind], wanted.get(kind, MARK_FROM), taken.get(kind)) for kind in Kind]


def _standing(session: Session, actor: Actor, kind: str) -> Standing:
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.user is not None
    found = next((row for row in standings(session, session.get_one(User, actor.user.id)) if row.kind == kind), None)
    if found is None:
        raise NotFound("mark")
    return found


def take(session: Session, actor: Actor, kind: str) -> PersonMark:
    """Gives the mark an address. Raises RuleBroken when it has not been earned."""
    standing = _standing(session, actor, kind)
    if standing.mark is not None:
        return standing.mark
    if not standing.is_earned:
        raise RuleBroken("mark_not_earned")
    assert actor.id is not None
    row = PersonMark(key=secrets.token_urlsafe(32), user_id=actor.id, kind=standing.kind)
    session.add(row)
    session.flush()
    record(session, MarkTaken(actor_id=actor.id, kind=standing.kind))
    return row


def let_go(session: Session, actor: Actor, kind: str) -> None:
    """The address no longer works."""
    standing = _standing(session, actor, kind)
    if standing.mark is not None:
        session.delete(standing.mark)
        record(session, MarkLetGo(actor_id=actor.id, kind=standing.kind))


def shown_mark(session: Session, key: str) -> PersonMark:
    """With its bearer. Raises NotFound, also when the account is closed or an ambassador has stopped."""
    row = None
    if len(key) <= KEY_LENGTH:
        row = session.scalar(select(PersonMark).where(PersonMark.key == key).options(joinedload(PersonMark.user)))
    if row is None or not row.user.is_active:
        raise NotFound("mark")
    if row.kind == Kind.AMBASSADOR and not _counts(session, row.user)[Kind.AMBASSADOR]:
        raise NotFound("mark")
    return row
