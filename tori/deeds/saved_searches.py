"""Searches that a member keeps, to come back to with one press."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tori.core.errors import RuleBroken
from tori.core.text import clean_line
from tori.deeds.filters import DeedFilter
from tori.models.searching import SavedSearch
from tori.policy import Actor, Permission, require

MAX_SAVED = 100
MAX_QUERY = 1000
MAX_NAME = 300


def parsed(query: str) -> DeedFilter:
    """The part of an address after the question mark as a filter."""
    return DeedFilter.parse(MultiDict(parse_qsl(query.removeprefix("?")[: MAX_QUERY * 2])))


def save(session: Session, actor: Actor, query: str, name: str) -> SavedSearch:
    """Keeps the search. A second press changes nothing."""
    require(actor, Permission.ACCOUNT_OWN)
    chosen = parsed(query)
    query = chosen.query
    if chosen.is_empty:
        raise RuleBroken("value_missing", field="haku")
    if len(query) > MAX_QUERY:
        raise RuleBroken("text_too_long", field="haku", limit=MAX_QUERY)
    known = find(session, actor, chosen)
    if known is not None:
        return known
    count = session.scalar(select(func.count()).where(SavedSearch.user_id == actor.id)) or 0
    if count >= MAX_SAVED:
        raise RuleBroken("too_many_items", limit=MAX_SAVED)
    row = SavedSearch(user_id=actor.id, name=(clean_line(name) or chosen.text or query)[:MAX_NAME], query=query)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # The same press twice at the same moment.
        return session.scalars(_own(actor).where(SavedSearch.query == query)).one()
    return row


def remove(session: Session, actor: Actor, saved_id: int) -> None:
    """Takes a search off the own list; one of somebody else, or none, is passed over."""
    require(actor, Permission.ACCOUNT_OWN)
    session.execute(delete(SavedSearch).where(SavedSearch.id == saved_id, SavedSearch.user_id == actor.id))


def find(session: Session, actor: Actor, chosen: DeedFilter) -> SavedSearch | None:
    """The own saved search that is the same as `chosen`."""
    if actor.id is None or chosen.is_empty:
        return None
    return session.scalar(_own(actor).where(SavedSearch.query == chosen.query))


def saved_by(session: Session, actor: Actor) -> Sequence[SavedSearch]:
    """The latest first."""
    return session.scalars(_own(actor).order_by(SavedSearch.id.desc())).all()


def _own(actor: Actor) -> Select[SavedSearch]:
    return select(SavedSearch).where(SavedSearch.user_id == actor.id)
