"""Reading TOP lists and stories."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import NotFound
from tori.models.campaigns import Story, StorySeries, TopList, TopListItem, story_deed
from tori.models.deeds import PUBLIC_STATUSES, Deed

IS_PUBLIC = Deed.status.in_(PUBLIC_STATUSES)


@dataclass(frozen=True)
class ListedItem:
    """One public deed of a list; places are counted anew, so that a withdrawn deed leaves no hole."""

    top_list_id: int
    deed_id: int
    position: int
    reason: str


def published_lists(session: Session) -> list[TopList]:
    return list(
        session.scalars(
            select(TopList).where(TopList.published_at <= clock.now()).order_by(TopList.position, TopList.id)
        )
    )


def list_of(session: Session, slug: str) -> TopList:
    """A published list. Raises NotFound."""
    found = session.scalar(select(TopList).where(TopList.slug == slug, TopList.published_at <= clock.now()))
    if found is None:
        raise NotFound(slug)
    return found


def items_of(session: Session, lists: Sequence[TopList]) -> dict[int, list[ListedItem]]:
    """List id -> its public items in order. One statement."""
    result: dict[int, list[ListedItem]] = {row.id: [] for row in lists}
    rows = session.execute(
        select(TopListItem.top_list_id, TopListItem.deed_id, TopListItem.reason)
        .join(Deed, Deed.id == TopListItem.deed_id)
        .where(TopListItem.top_list_id.in_(list(result)), IS_PUBLIC)
        .order_by(TopListItem.top_list_id, TopListItem.position)
    )
    for list_id, deed_id, reason in rows:
        result[list_id].append(ListedItem(list_id, deed_id, len(result[list_id]) + 1, reason))
    return result


def all_series(session: Session) -> list[tuple[StorySeries, int]]:
    """Series with the number of their published stories; those without any are left out."""
    count = func.count(Story.id)
    rows = session.execute(
        select(StorySeries, count)
        .join(Story, Story.series_id == StorySeries.id)
        .where(Story.published_at <= clock.now())
        .group_by(StorySeries.id)
        .order_by(StorySeries.position, StorySeries.id)
    )
    return [(series, number) for series, number in rows]


def first_stories(session: Session, series: Sequence[StorySeries], each: int) -> dict[int, list[Story]]:
    """Series id -> its first stories. One statement."""
    place = func.row_number().over(partition_by=Story.series_id, order_by=(Story.position, Story.id))
    ranked = select(Story.id, place.label("place")).where(Story.published_at <= clock.now()).subquery()
    rows = session.scalars(
        select(Story)
        .join(ranked, ranked.c.id == Story.id)
        .where(ranked.c.place <= each, Story.series_id.in_([row.id for row in series]))
        .order_by(Story.series_id, Story.position)
    )
    result: dict[int, list[Story]] = {row.id: [] for row in series}
    for story in rows:
        result[story.series_id].append(story)
    return result


def series_of(session: Session, slug: str) -> StorySeries:
    """Raises NotFound."""
    found = session.scalar(select(StorySeries).where(StorySeries.slug == slug))
    if found is None:
        raise NotFound(slug)
    return found


def stories_of(session: Session, series: StorySeries) -> list[Story]:
    """The published stories of a series in their order."""
    return list(
        session.scalars(
            select(Story)
            .where(Story.series_id == series.id, Story.published_at <= clock.now())
            .order_by(Story.position, Story.id)
        )
    )


def deed_ids_of(session: Session, stories: Sequence[Story]) -> dict[int, list[int]]:
    """Story id -> its public deeds. One statement."""
    result: dict[int, list[int]] = {story.id: [] for story in stories}
    rows = session.execute(
        select(story_deed.c.story_id, story_deed.c.deed_id)
        .join(Deed, Deed.id == story_deed.c.deed_id)
        .where(story_deed.c.story_id.in_(list(result)), IS_PUBLIC)
        .order_by(story_deed.c.story_id, Deed.id)
    )
    for story_id, deed_id in rows:
        result[story_id].append(deed_id)
    return result
