"""Two organisations become one: people, addresses and adoptions go on under the one that stays.

Deeds keep the name of the organisation that made them.
"""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import AdoptionsMerged, OrganisationsMerged, record
from tori.deeds.adoptions import change_count
from tori.models.adoptions import AdoptionMember, FollowUp
from tori.models.deeds import Adoption
from tori.models.follows import Follow, Followed
from tori.models.people import Membership, Organisation, OrganisationDomain
from tori.policy import Actor, Permission, require


def merge(session: Session, actor: Actor, source: Organisation, target: Organisation) -> None:
    """Ends ``source`` and lets ``target`` carry on its work. Merging the same two again changes nothing."""
    require(actor, Permission.ORGANISATION_MERGE, source)
    if source.id == target.id or target.successor_id == source.id:
        raise RuleBroken("same_organisation")
    move_people(session, source, target)
    move_adoptions(session, source, target, actor)
    move_followers(session, source, target)
    source.successor_id = target.id
    source.ended_on = source.ended_on or clock.today()
    record(session, OrganisationsMerged(actor_id=actor.id, organisation_id=source.id, into_id=target.id))


def move_people(session: Session, source: Organisation, target: Organisation) -> None:
    there = set(session.scalars(select(Membership.user_id).where(Membership.organisation_id == target.id)))
    for membership in session.scalars(select(Membership).where(Membership.organisation_id == source.id)):
        if membership.user_id in there:
            session.delete(membership)
        else:
            membership.organisation_id = target.id
    session.execute(
        update(OrganisationDomain)
        .where(OrganisationDomain.organisation_id == source.id)
        .values(organisation_id=target.id)
    )
    session.flush()
    session.expire_all()


def move_followers(session: Session, source: Organisation, target: Organisation) -> None:
    of_organisation = Follow.kind == Followed.ORGANISATION
    both = select(Follow.user_id).where(of_organisation, Follow.target_id == target.id)
    already = set(session.scalars(both))
    session.execute(delete(Follow).where(of_organisation, Follow.target_id == source.id, Follow.user_id.in_(already)))
    session.execute(update(Follow).where(of_organisation, Follow.target_id == source.id).values(target_id=target.id))


def move_adoptions(session: Session, source: Organisation, target: Organisation, actor: Actor) -> None:
    """The models that both had taken become one adoption; the target's own deeds stay taken by whom they were."""
    theirs = {row.deed_id: row for row in _adoptions(session, target)}
    for adoption in _adoptions(session, source):
        if adoption.deed.organisation_id == target.id:
            continue
        kept = theirs.get(adoption.deed_id)
        if kept is None:
            adoption.organisation_id = target.id
        else:
            _join(session, kept, adoption)
        session.flush()
        record(session, AdoptionsMerged(actor_id=actor.id, deed_id=adoption.deed_id, organisation_id=target.id))


def _adoptions(session: Session, organisation: Organisation) -> list[Adoption]:
    statement = select(Adoption).where(Adoption.organisation_id == organisation.id).order_by(Adoption.id)
    return list(session.scalars(statement.options(joinedload(Adoption.deed))))


def _join(session: Session, kept: Adoption, gone: Adoption) -> None:
    """One row of two: since the earlier day, with what either of them tells; the one changed last has the last word."""
    newer, older = (kept, gone) if kept.updated_at >= gone.updated_at else (gone, kept)
    told = newer if newer.status else older
    kept.status, kept.abandoned_reason = told.status, told.abandoned_reason
    for name in ("closeness", "gains", "note", "outcome", "unit"):
        setattr(kept, name, getattr(newer, name) or getattr(older, name))
    kept.may_contact = newer.may_contact
    kept.created_at = min(kept.created_at, gone.created_at)
    kept.updated_at = newer.updated_at
    kept.author_told_at = kept.author_told_at or gone.author_told_at
    kept.asks_stopped_at = kept.asks_stopped_at or gone.asks_stopped_at
    _move_rows(session, kept, gone)
    deed = gone.deed
    session.delete(gone)
    change_count(session, deed, -1)


def _move_rows(session: Session, kept: Adoption, gone: Adoption) -> None:
    for model, column in ((AdoptionMember, AdoptionMember.user_id), (FollowUp, FollowUp.month)):
        there = list(session.scalars(select(column).where(model.adoption_id == kept.id)))
        of_gone = model.adoption_id == gone.id
        session.execute(delete(model).where(of_gone, column.in_(there)))
        session.execute(update(model).where(of_gone).values(adoption_id=kept.id))
