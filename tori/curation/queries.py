"""Reading TOP lists and stories."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import NotFound
from tori.models.campaigns import Story, StorySeries, TopList, TopListItem, story_deed
from tori.models.deeds import PUBLIC_STATUSES, Deed, DeedStatus, Material
from tori.models.media import Attachment
from tori.models.people import Organisation

_Row = TypeVar("_Row")

MOST_PARTNERS = 30

IS_PUBLIC = Deed.status.in_(PUBLIC_STATUSES)


@dataclass(frozen=True)
class ListedItem:
    """One public deed of a list; places are counted anew, so that a withdrawn deed leaves no hole."""

    top_list_id: int
    deed_id: int
    position: int
    reason: str


def is_current() -> ColumnElement[bool]:
    """Published, and its last day has not passed."""
    return (TopList.published_at <= clock.now()) & (
        TopList.expires_on.is_(None) | (TopList.expires_on >= clock.today())
    )


def published_lists(session: Session) -> list[TopList]:
    """The current lists in their order."""
    return list(session.scalars(select(TopList).where(is_current()).order_by(TopList.position, TopList.id)))


def list_of(session: Session, slug: str) -> TopList:
    """A published list, also one whose time is over: its address goes on working. Raises NotFound."""
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


@dataclass(frozen=True)
class Kit:
    """What the deeds of a list have together: who they were made with, and what can be taken into use at once, each
    with the number of its deed, in the order of the list."""

    partners: list[str]
    materials: list[tuple[int, Material]]
    files: list[tuple[int, Attachment]]


def kit_of(session: Session, deed_ids: Sequence[int]) -> Kit:
    """Three statements, whatever the length of the list."""
    place = {number: position for position, number in enumerate(deed_ids)}
    named = sorted(session.execute(select(Deed.id, Deed.partners).where(Deed.id.in_(place))), key=lambda r: place[r[0]])
    partners = dict.fromkeys(partner for _number, partners in named for partner in partners)
    materials = session.scalars(select(Material).where(Material.deed_id.in_(place), Material.url != ""))
    files = session.scalars(select(Attachment).where(Attachment.deed_id.in_(place)))
    return Kit(
        list(partners)[:MOST_PARTNERS],
        [(row.deed_id, row) for row in sorted(materials, key=lambda row: (place[row.deed_id], row.position))],
        [(row.deed_id, row) for row in sorted(files, key=lambda row: (place[row.deed_id], row.id))],
    )


def most_adopted(session: Session, limit: int) -> list[tuple[int, int]]:
    """Public deeds with their adoptions, most first; the whole of the last tie is taken along."""
    counts = session.execute(
        select(Deed.id, Deed.adoption_count)
        .where(Deed.status == DeedStatus.PUBLISHED, Deed.adoption_count > 0)
        .order_by(Deed.adoption_count.desc(), Deed.published_at.desc(), Deed.id.desc())
        .limit(limit * 3)
    ).all()
    return _with_whole_tie([(deed_id, count) for deed_id, count in counts], limit)


def most_deeds(session: Session, limit: int) -> list[tuple[Organisation, int]]:
    """Organisations with the number of their public deeds, most first; the whole of the last tie is taken along."""
    count = func.count(Deed.id)
    rows = session.execute(
        select(Organisation, count)
        .join(Deed, Deed.organisation_id == Organisation.id)
        .where(IS_PUBLIC)
        .group_by(Organisation.id)
        .order_by(count.desc(), Organisation.name)
        .limit(limit * 4)
    ).all()
    return _with_whole_tie([(row, number) for row, number in rows], limit)


def _with_whole_tie(rows: list[tuple[_Row, int]], limit: int) -> list[tuple[_Row, int]]:
    if len(rows) <= limit:
        return rows
    least = rows[limit - 1][1]
    return [row for row in rows if row[1] >= least]


def ranks(counts: Sequence[int]) -> list[int]:
    """The place of each count, most first; equal counts share a place, and the next one leaves it free (1, 2, 2, 4)."""
    return [1 + sum(other > count for other in counts) for count in counts]


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


def newest_stories(session: Session, limit: int) -> list[Story]:
    """Those published last, with their series."""
    return list(
        session.scalars(
            select(Story)
            .where(Story.published_at <= clock.now())
            .options(joinedload(Story.series))
            .order_by(Story.published_at.desc(), Story.id.desc())
            .limit(limit)
        )
    )


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
