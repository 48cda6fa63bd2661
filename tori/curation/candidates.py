"""Deeds that would suit a TOP list: near its subject, taken by many, fresh, from places that it does not show yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.core import clock
from tori.models.campaigns import TopList, TopListItem
from tori.models.deeds import Deed, DeedStatus, Theme
from tori.models.people import Organisation

MOST_LISTS = 5
LOOKED_AT = 120
FRESH = timedelta(days=365)
SIZES = (5_000, 20_000, 50_000, 100_000)
"""Inhabitants at which a size of municipalities ends."""


class Ground(StrEnum):
    SUBJECT = "subject"
    ADOPTED = "adopted"
    FRESH = "fresh"
    REGION = "region"
    SIZE = "size"


POINTS = {Ground.FRESH: 8, Ground.REGION: 10, Ground.SIZE: 5}
NEAREST_POINTS = 40
ADOPTION_POINTS, MOST_ADOPTION_POINTS = 3, 30


@dataclass(frozen=True)
class Candidate:
    deed_id: int
    points: float
    grounds: tuple[Ground, ...]
    adoptions: int


def size_class(population: int | None) -> int | None:
    return None if population is None else sum(population >= limit for limit in SIZES)


def suggest(session: Session, row: TopList, near: Sequence[int], limit: int = 8) -> list[Candidate]:
    """The best candidates first. ``near`` are the deeds nearest to the words of the list, by the search.

    A deed that already stands on five lists, or on this one, is left out: a list is to show something new.
    """
    own = [item.deed for item in row.items]
    there = {deed.id for deed in own}
    deeds = _looked_at(session, own, near)
    crowded = _crowded(session, [deed.id for deed in deeds])
    shown_regions = {deed.organisation.region_id for deed in own}
    shown_sizes = {_size(deed) for deed in own}
    places = {deed_id: place for place, deed_id in enumerate(near)}
    found = []
    for deed in deeds:
        if deed.id in there or deed.id in crowded:
            continue
        grounds = []
        points = 0.0
        if deed.id in places:
            grounds.append(Ground.SUBJECT)
            points += NEAREST_POINTS * (1 - places[deed.id] / max(1, len(near)))
        if deed.adoption_count:
            grounds.append(Ground.ADOPTED)
            points += min(MOST_ADOPTION_POINTS, ADOPTION_POINTS * deed.adoption_count)
        if deed.published_at is not None and deed.published_at > clock.now() - FRESH:
            grounds.append(Ground.FRESH)
        if own and deed.organisation.region_id and deed.organisation.region_id not in shown_regions:
            grounds.append(Ground.REGION)
        if own and _size(deed) is not None and _size(deed) not in shown_sizes:
            grounds.append(Ground.SIZE)
        points += sum(POINTS.get(ground, 0) for ground in grounds) - (10 if deed.is_short else 0)
        found.append(Candidate(deed.id, points, tuple(grounds), deed.adoption_count))
    return sorted(found, key=lambda candidate: (-candidate.points, candidate.deed_id))[:limit]


def _size(deed: Deed) -> int | None:
    place = deed.organisation.municipality
    return size_class(place.population) if place else None


def _looked_at(session: Session, own: Sequence[Deed], near: Sequence[int]) -> list[Deed]:
    """The deeds near the subject, and the most adopted of the same themes."""
    themes = {theme.id for deed in own for theme in deed.themes}
    conditions: list[ColumnElement[bool]] = [Deed.id.in_(near)]
    if themes:
        conditions.append(Deed.themes.any(Theme.id.in_(themes)))
    return list(
        session.scalars(
            select(Deed)
            .where(Deed.status == DeedStatus.PUBLISHED, or_(*conditions))
            .options(joinedload(Deed.organisation).joinedload(Organisation.municipality))
            .order_by(Deed.id.in_(near).desc(), Deed.adoption_count.desc(), Deed.published_at.desc(), Deed.id)
            .limit(LOOKED_AT)
        )
    )


def _crowded(session: Session, deed_ids: Collection[int]) -> set[int]:
    """Those that already stand on so many published lists that they need no other."""
    rows = (
        select(TopListItem.deed_id)
        .join(TopList, TopList.id == TopListItem.top_list_id)
        .where(TopListItem.deed_id.in_(deed_ids), TopList.published_at.is_not(None))
        .group_by(TopListItem.deed_id)
        .having(func.count() >= MOST_LISTS)
    )
    return set(session.scalars(rows))


def load_items(session: Session, list_id: int) -> TopList | None:
    """A list with all that the studio shows of its deeds, in a fixed number of statements."""
    return session.scalar(
        select(TopList)
        .where(TopList.id == list_id)
        .options(
            selectinload(TopList.items)
            .joinedload(TopListItem.deed)
            .joinedload(Deed.organisation)
            .joinedload(Organisation.municipality),
            selectinload(TopList.items).joinedload(TopListItem.deed).selectinload(Deed.themes),
            selectinload(TopList.keepers),
        )
    )
