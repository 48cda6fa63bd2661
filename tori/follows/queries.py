"""What a person follows and shares, for their own page."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core.errors import NotFound
from tori.core.text import alphabetical
from tori.deeds.queries import DeedCard, cards_by_ids
from tori.follows.service import TARGETS, targets_of
from tori.models.base import Named
from tori.models.campaigns import Campaign, TopList
from tori.models.deeds import Deed
from tori.models.follows import Followed, SharedList
from tori.models.people import User
from tori.models.reading import SavedDeed
from tori.models.searching import SavedSearch
from tori.policy import ANONYMOUS, Actor, Permission, decide, require

MAX_SHARED = 300


@dataclass(frozen=True)
class FollowedThing:
    """``key`` is what the address of its page is made of: a slug, or the query of a search."""

    id: int
    name: str
    key: str
    language: str = ""


def followed_things(session: Session, actor: Actor, locale: str) -> dict[Followed, list[FollowedThing]]:
    """Kind -> what is followed, by name. What is no longer there is left out. One statement a kind in use."""
    require(actor, Permission.FOLLOW)
    assert actor.id is not None
    targets = targets_of(session, [actor.id])[actor.id]
    things: dict[Followed, list[FollowedThing]] = {}
    for kind in Followed:
        model = TARGETS[kind]
        ids = targets.get(kind, set())
        rows = session.scalars(select(model).where(model.id.in_(ids))).all() if ids else []
        shown = [_thing(row, locale) for row in rows if _may_see(actor, row)]
        if shown:
            things[kind] = sorted(shown, key=lambda thing: alphabetical(thing.name))
    return things


def _may_see(actor: Actor, row: object) -> bool:
    if isinstance(row, TopList):
        return row.published_at is not None
    return not isinstance(row, Deed) or decide(actor, Permission.DEED_READ, row).allowed


def _thing(row: object, locale: str) -> FollowedThing:
    if isinstance(row, Deed):
        return FollowedThing(row.id, row.title, row.slug, row.language)
    if isinstance(row, SavedSearch):
        return FollowedThing(row.id, row.name, row.query)
    if isinstance(row, Campaign):
        return FollowedThing(row.id, row.name, row.slug)
    if isinstance(row, TopList):
        return FollowedThing(row.id, row.title_in(locale), row.slug)
    assert isinstance(row, Named)
    return FollowedThing(row.id, row.name_in(locale), row.slug)  # type: ignore[attr-defined]


def list_names(session: Session, actor: Actor) -> list[str]:
    """The named lists of kept deeds."""
    names = session.scalars(select(SavedDeed.list_name).where(SavedDeed.user_id == actor.id).distinct())
    return sorted(set(names) - {""}, key=str.casefold)


def shared_lists(session: Session, actor: Actor) -> dict[str, SharedList]:
    """List name -> its link."""
    rows = session.scalars(select(SharedList).where(SharedList.user_id == actor.id))
    return {row.list_name: row for row in rows}


def shared_list(session: Session, key: str, locale: str) -> tuple[SharedList, list[DeedCard]]:
    """A list and the public deeds on it, for whoever has the link. Raises NotFound, also when its owner is gone."""
    row = session.scalar(select(SharedList).join(User).where(SharedList.key == key, User.disabled_at.is_(None)))
    if row is None:
        raise NotFound("list")
    ids = session.scalars(
        select(SavedDeed.deed_id)
        .where(SavedDeed.user_id == row.user_id, SavedDeed.list_name == row.list_name)
        .order_by(SavedDeed.id.desc())
        .limit(MAX_SHARED)
    ).all()
    return row, cards_by_ids(session, ids, locale, ANONYMOUS)
