"""Following, and sharing a list of kept deeds by a link."""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import FollowEnded, FollowStarted, ListShared, record
from tori.deeds import saved_searches
from tori.models.campaigns import Campaign, TopList
from tori.models.deeds import Deed, Sector, Theme
from tori.models.follows import Follow, Followed, SharedList
from tori.models.people import Organisation, Region
from tori.models.reading import SavedDeed
from tori.models.searching import SavedSearch
from tori.policy import Actor, Permission, require

MAX_FOLLOWS = 500
TARGETS: dict[Followed, Any] = {
    Followed.DEED: Deed,
    Followed.THEME: Theme,
    Followed.SECTOR: Sector,
    Followed.ORGANISATION: Organisation,
    Followed.REGION: Region,
    Followed.CAMPAIGN: Campaign,
    Followed.SEARCH: SavedSearch,
    Followed.TOP_LIST: TopList,
}


def follow(session: Session, actor: Actor, kind: Followed, target_id: int) -> None:
    """Begins to follow. A second press changes nothing. Raises NotFound for what the actor may not see."""
    require(actor, Permission.FOLLOW)
    _check_target(session, actor, kind, target_id)
    if is_followed(session, actor, kind, target_id):
        return
    if (session.scalar(select(func.count()).where(Follow.user_id == actor.id)) or 0) >= MAX_FOLLOWS:
        raise RuleBroken("too_many_items", limit=MAX_FOLLOWS)
    try:
        with session.begin_nested():
            session.add(Follow(user_id=actor.id, kind=kind, target_id=target_id))
    except IntegrityError:
        # The same press twice at the same moment.
        return
    record(session, FollowStarted(actor_id=actor.id, kind=kind, target_id=target_id))


def _check_target(session: Session, actor: Actor, kind: Followed, target_id: int) -> None:
    target = session.get(TARGETS[kind], target_id)
    if target is None:
        raise NotFound(kind)
    if isinstance(target, Deed):
        require(actor, Permission.DEED_READ, target)
    if isinstance(target, Campaign):
        require(actor, Permission.CAMPAIGN_READ, target)
    if isinstance(target, TopList) and target.published_at is None:
        raise NotFound(kind)
    if isinstance(target, SavedSearch) and target.user_id != actor.id:
        raise NotFound(kind)


def unfollow(session: Session, actor: Actor, kind: Followed, target_id: int) -> None:
    """Ends following, also of a thing that is no longer there."""
    require(actor, Permission.FOLLOW)
    found = session.execute(
        delete(Follow).where(Follow.user_id == actor.id, Follow.kind == kind, Follow.target_id == target_id)
    )
    if found.rowcount:  # type: ignore[attr-defined]
        record(session, FollowEnded(actor_id=actor.id, kind=kind, target_id=target_id))


def follow_search(session: Session, actor: Actor, name: str, query: str) -> None:
    """Keeps a search, unless it is kept already, and follows it. ``query`` is the part after the question mark."""
    row = saved_searches.save(session, actor, query, name)
    follow(session, actor, Followed.SEARCH, row.id)


def is_followed(session: Session, actor: Actor, kind: Followed, target_id: int) -> bool:
    if actor.id is None:
        return False
    statement = select(Follow.id).where(Follow.user_id == actor.id, Follow.kind == kind, Follow.target_id == target_id)
    return session.scalar(statement) is not None


def targets_of(session: Session, user_ids: Sequence[int]) -> dict[int, dict[str, set[int]]]:
    """Person -> kind -> numbers of what they follow. One statement."""
    found: dict[int, dict[str, set[int]]] = {user_id: {} for user_id in user_ids}
    rows = session.execute(select(Follow.user_id, Follow.kind, Follow.target_id).where(Follow.user_id.in_(user_ids)))
    for user_id, kind, target_id in rows:
        found[user_id].setdefault(kind, set()).add(target_id)
    return found


def share_list(session: Session, actor: Actor, list_name: str) -> SharedList:
    """A link to an own list; the same link when there is one. Raises NotFound for a list without deeds."""
    require(actor, Permission.FOLLOW)
    existing = session.scalar(
        select(SharedList).where(SharedList.user_id == actor.id, SharedList.list_name == list_name)
    )
    if existing is not None:
        return existing
    kept = select(SavedDeed.id).where(SavedDeed.user_id == actor.id, SavedDeed.list_name == list_name).limit(1)
    if session.scalar(kept) is None:
        raise NotFound("list")
    row = SharedList(user_id=actor.id, list_name=list_name, key=secrets.token_urlsafe(32))
    session.add(row)
    session.flush()
    record(session, ListShared(actor_id=actor.id, is_shared=True))
    return row


def stop_sharing(session: Session, actor: Actor, list_id: int) -> None:
    """The link stops working at once; sharing again makes another one."""
    require(actor, Permission.FOLLOW)
    row = session.get(SharedList, list_id)
    if row is None or row.user_id != actor.id:
        raise NotFound("list")
    session.delete(row)
    record(session, ListShared(actor_id=actor.id, is_shared=False))
