"""Who makes a deed: the author, co-authors by invitation, organisations of which one owns it, and deeds that are parts.

The owning organisation keeps the deed when people leave: its contact person may edit it and hand it over.
"""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import (
    CoAuthorJoined,
    CoAuthorLeft,
    DeedHandedOver,
    DeedOrganisationsChanged,
    DeedPlaced,
    record,
)
from tori.deeds import links
from tori.models.deeds import Deed, DeedStatus, deed_co_author
from tori.models.operations import Notification
from tori.models.people import Membership, Organisation, User
from tori.models.writing import DeedLink, LinkKind
from tori.policy import Actor, Permission, is_editor, require

MAX_CO_AUTHORS = 20
MAX_COLLEAGUES = 200
MAX_WHOLES = 100


def makers_of(deed: Deed) -> list[User]:
    """The author first, then the co-authors by name."""
    author = [deed.author] if deed.author is not None else []
    return [*author, *(person for person in deed.co_authors if person.id != deed.author_id)]


# Co-authors


def invitation(session: Session, token: str) -> tuple[DeedLink, Deed]:
    """The deed that a link invites to write. Raises RuleBroken("bad_link"), also for a deed off the square."""
    link = links.open_link(session, token, LinkKind.CO_AUTHOR)
    deed = session.get(Deed, link.deed_id)
    if deed is None or deed.status == DeedStatus.WITHDRAWN:
        raise RuleBroken("bad_link")
    return link, deed


def join(session: Session, actor: Actor, token: str) -> Deed:
    """Accepts an invitation: from now on the actor writes along. An invitation is for one person."""
    require(actor, Permission.ACCOUNT_OWN)
    link, deed = invitation(session, token)
    if actor.user is None or actor.user in makers_of(deed):
        raise RuleBroken("own_invitation")
    if len(deed.co_authors) >= MAX_CO_AUTHORS:
        raise RuleBroken("too_many_items", limit=MAX_CO_AUTHORS)
    links.use_up(session, link)
    deed.co_authors.append(actor.user)
    record(session, CoAuthorJoined(actor_id=actor.id, deed_id=deed.id, user_id=actor.user.id))
    _tell(session, deed, "joined", actor.id, [deed.author])
    return deed


def remove_co_author(session: Session, actor: Actor, deed: Deed, user_id: int) -> None:
    """A co-author leaves, or the owner takes one off. What they wrote stays."""
    require(actor, Permission.DEED_EDIT if user_id == actor.id else Permission.DEED_MANAGE, deed)
    if user_id == deed.author_id:
        raise RuleBroken("own_author")
    person = next((person for person in deed.co_authors if person.id == user_id), None)
    if person is None:
        raise NotFound("co-author")
    deed.co_authors.remove(person)
    record(session, CoAuthorLeft(actor_id=actor.id, deed_id=deed.id, user_id=user_id))


# Handing over


def _knows_the_house(actor: Actor, deed: Deed) -> bool:
    """Whether the actor may learn who works for the owner: nobody does by only saying that they belong there."""
    return actor.is_system or is_editor(actor) or deed.organisation_id in actor.organisation_ids


def colleagues(session: Session, actor: Actor, deed: Deed) -> list[User]:
    """Who may become the author: co-authors first, then people of the owning organisation, contact persons first."""
    in_house = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == deed.organisation_id, Membership.waits_since.is_(None),
            User.confirmed_at.is_not(None),
            User.disabled_at.is_(None),
        )
        .order_by(Membership.is_steward.desc(), User.display_name, User.id)
        .limit(MAX_COLLEAGUES)
    )  # fmt: skip
    found = [person for person in deed.co_authors if person.is_active]
    if _knows_the_house(actor, deed):
        found += session.scalars(in_house)
    return [person for person in dict.fromkeys(found) if person.id != deed.author_id]


def hand_over(session: Session, actor: Actor, deed: Deed, user_id: int) -> None:
    """Makes somebody else the author. The one before stays as a co-author and may leave."""
    require(actor, Permission.DEED_MANAGE, deed)
    heir = session.get(User, user_id)
    if heir is None or not heir.is_active or not _may_inherit(actor, heir, deed):
        raise RuleBroken("not_a_colleague", "user")
    before = deed.author
    if heir in deed.co_authors:
        deed.co_authors.remove(heir)
    deed.author = heir
    if before is not None and before.id != heir.id and before not in deed.co_authors:
        deed.co_authors.append(before)
    record(session, DeedHandedOver(actor_id=actor.id, deed_id=deed.id, user_id=heir.id))
    _tell(session, deed, "handed", actor.id, [heir])


def _may_inherit(actor: Actor, heir: User, deed: Deed) -> bool:
    is_colleague = _knows_the_house(actor, deed) and deed.organisation_id in Actor(heir).organisation_ids
    return heir.id != deed.author_id and (is_colleague or heir in deed.co_authors)


# Organisations


def organisations_to_choose(deed: Deed) -> list[Organisation]:
    """Those that stand on the deed, and those of its makers: nobody else's name is used without one of its people."""
    of_makers = (
        membership.organisation
        for person in makers_of(deed)
        for membership in person.memberships
        if membership.waits_since is None
    )
    found = dict.fromkeys([deed.organisation, *deed.co_organisations, *of_makers])
    return list(found)


def choose_organisations(session: Session, actor: Actor, deed: Deed, owner_id: int, others: Collection[int]) -> None:
    """Says which organisations made the deed and which of them owns it."""
    require(actor, Permission.DEED_MANAGE, deed)
    known = {organisation.id: organisation for organisation in organisations_to_choose(deed)}
    if owner_id not in known or not set(others) <= set(known):
        raise RuleBroken("organisation_without_maker", "organisations")
    chosen = sorted((known[number] for number in set(others) - {owner_id}), key=lambda organisation: organisation.name)
    if owner_id == deed.organisation_id and chosen == sorted(deed.co_organisations, key=lambda row: row.name):
        return
    deed.organisation, deed.co_organisations = known[owner_id], chosen
    record(session, DeedOrganisationsChanged(actor_id=actor.id, deed_id=deed.id))


# A whole and its parts


def wholes_to_choose(session: Session, actor: Actor, deed: Deed) -> list[Deed]:
    """Deeds of the actor that this one could be a part of."""
    own = or_(
        Deed.author_id == actor.id,
        Deed.organisation_id.in_(actor.stewarded_ids),
        Deed.id.in_(select(deed_co_author.c.deed_id).where(deed_co_author.c.user_id == actor.id)),
    )
    return list(
        session.scalars(
            select(Deed)
            .where(own, Deed.id != deed.id, Deed.part_of_id.is_(None), Deed.status != DeedStatus.WITHDRAWN)
            .order_by(Deed.updated_at.desc(), Deed.id.desc())
            .limit(MAX_WHOLES)
        )
    )


def place(session: Session, actor: Actor, deed: Deed, whole_id: int | None) -> None:
    """Makes the deed a part of another deed of the actor, or of none. There is one level: parts have no parts."""
    require(actor, Permission.DEED_EDIT, deed)
    whole = None
    if whole_id is not None:
        whole = session.get(Deed, whole_id)
        if whole is None:
            raise NotFound("deed")
        require(actor, Permission.DEED_EDIT, whole)
        if whole.id == deed.id or whole.part_of_id is not None or _has_parts(session, deed):
            raise RuleBroken("bad_part", "whole")
    if deed.part_of_id == whole_id:
        return
    deed.part_of = whole
    record(session, DeedPlaced(actor_id=actor.id, deed_id=deed.id, part_of_id=whole_id))


def _has_parts(session: Session, deed: Deed) -> bool:
    return session.scalar(select(Deed.id).where(Deed.part_of_id == deed.id).limit(1)) is not None


def _tell(session: Session, deed: Deed, kind: str, actor_id: int | None, people: Collection[User | None]) -> None:
    for person in people:
        if person is not None and person.id != actor_id:
            session.add(Notification(user_id=person.id, kind=kind, deed_id=deed.id))
