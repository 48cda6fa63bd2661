"""A duplicate in the register goes away: all that hangs on it goes to the organisation that it really is.

Unlike a merger, which keeps the history of two, there was only ever one organisation here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Column, PrimaryKeyConstraint, Table, UniqueConstraint, delete, exists, func, select, update
from sqlalchemy.orm import Session, joinedload

from tori.adoptions.merging import move_adoptions, move_followers, move_people
from tori.core.errors import RuleBroken
from tori.core.events import OrganisationDissolved, record
from tori.deeds.adoptions import change_count
from tori.deeds.moving import move_address
from tori.models.base import Base
from tori.models.deeds import Adoption, Deed
from tori.models.desk import MovedAddress
from tori.models.digest import NewsItem
from tori.models.follows import Follow, Followed
from tori.models.operations import IndexTask
from tori.models.people import Membership, Organisation
from tori.policy import Actor, Permission, require

KIND = "organisation"
PARAMETER = "organisaatio"


@dataclass(frozen=True)
class Moving:
    """How much would go along, for the person who decides."""

    deeds: int
    people: int
    adoptions: int
    followers: int


def moving(session: Session, organisation_id: int) -> Moving:
    def count(model: type[Base], *conditions: object) -> int:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]

    return Moving(
        count(Deed, Deed.organisation_id == organisation_id),
        count(Membership, Membership.organisation_id == organisation_id),
        count(Adoption, Adoption.organisation_id == organisation_id),
        count(Follow, Follow.kind == Followed.ORGANISATION, Follow.target_id == organisation_id),
    )


def dissolve(session: Session, actor: Actor, source: Organisation, target: Organisation, said: str) -> None:
    """``source`` is gone afterwards; its address leads to ``target``. ``said`` is its name, typed to confirm."""
    require(actor, Permission.ORGANISATION_MERGE, source)
    if source.id == target.id:
        raise RuleBroken("same_organisation", "duplicate_of")
    if said.casefold() != source.name.casefold():
        raise RuleBroken("name_not_repeated", "said")
    source_id, target_id = source.id, target.id
    name, slug = source.name, source.slug
    deeds = list(session.scalars(select(Deed.id).where(Deed.organisation_id == source_id)))
    _take_back_own_adoptions(session, source_id, target_id)
    move_people(session, source, target)
    move_adoptions(session, source, target, actor)
    move_followers(session, source, target)
    for column in references():
        _move_rows(session, column, source_id, target_id)
    session.execute(update(NewsItem).where(NewsItem.organisation_id == source_id).values(organisation_id=target_id))
    session.execute(
        update(MovedAddress)
        .where(MovedAddress.kind == KIND, MovedAddress.target_id == source_id)
        .values(target_id=target_id)
    )
    session.flush()
    session.expire_all()
    session.delete(session.get_one(Organisation, source_id))
    session.flush()
    move_address(session, KIND, PARAMETER, slug, target_id, target.slug)
    session.add_all(IndexTask(deed_id=deed_id) for deed_id in deeds)
    record(session, OrganisationDissolved(actor_id=actor.id, into_id=target_id, name=name, deeds=len(deeds)))


def references() -> Iterator["Column[int]"]:
    """Every column that points at an organisation, so that a table made later is not forgotten."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is Organisation.__table__.c.id for key in column.foreign_keys):
                yield column


def _move_rows(session: Session, column: "Column[int]", source_id: int, target_id: int) -> None:
    """Where both have the one that there can be, the target's stays."""
    table = column.table
    assert isinstance(table, Table)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint) and column.name in constraint.columns:
            other = table.alias()
            same = [other.c[key.name] == key for key in constraint.columns if key.name != column.name]
            both = exists().where(other.c[column.name] == target_id, *same)
            session.execute(delete(table).where(column == source_id, both))
    session.execute(update(table).where(column == source_id).values({column.name: target_id}))


def _take_back_own_adoptions(session: Session, source_id: int, target_id: int) -> None:
    """Nobody takes a model from the own deed, and these two are one."""
    one = (source_id, target_id)
    rows = session.scalars(
        select(Adoption)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(Adoption.organisation_id.in_(one), Deed.organisation_id.in_(one))
        .options(joinedload(Adoption.deed))
    ).all()
    for adoption in rows:
        deed = adoption.deed
        session.delete(adoption)
        session.flush()
        change_count(session, deed, -1)
