"""What only the interface reads."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from tori.models.deeds import PUBLIC_STATUSES, Deed, Theme, deed_theme
from tori.models.people import Organisation, Region
from tori.models.tags import Tag, deed_tag
from tori.search.port import Suggestion

IS_PUBLIC = Deed.status.in_(PUBLIC_STATUSES)


def external_ids(session: Session, ids: Sequence[int]) -> dict[int, tuple[str | None, datetime]]:
    """Deed id -> its external id and when its content last changed."""
    rows = session.execute(select(Deed.id, Deed.external_id, Deed.updated_at).where(Deed.id.in_(ids)))
    return {row[0]: (row[1], row[2]) for row in rows}


def changed_ids(session: Session, since: datetime, page: int, per_page: int) -> tuple[list[int], int]:
    """A page of the public deeds that have changed or appeared since the moment, the oldest change first, and how many
    there are."""
    changed = IS_PUBLIC & ((Deed.updated_at >= since) | (Deed.published_at >= since))
    total = session.scalar(select(func.count()).select_from(Deed).where(changed)) or 0
    order = (Deed.updated_at, Deed.id)
    rows = select(Deed.id).where(changed).order_by(*order).limit(per_page).offset((page - 1) * per_page)
    return list(session.scalars(rows)), total


def theme_slugs(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Deed id -> slugs of its themes by name."""
    found: dict[int, list[str]] = {deed_id: [] for deed_id in ids}
    rows = session.execute(
        select(deed_theme.c.deed_id, Theme.slug)
        .join(Theme, Theme.id == deed_theme.c.theme_id)
        .where(deed_theme.c.deed_id.in_(ids))
        .order_by(Theme.name)
    )
    for deed_id, slug in rows:
        found[deed_id].append(slug)
    return found


def all_slugs(session: Session, column: "InstrumentedAttribute[str]") -> set[str]:
    return set(session.scalars(select(column)))


def tag_slugs(session: Session, kind: str) -> set[str]:
    return set(session.scalars(select(Tag.slug).where(Tag.kind == kind)))


def counts_by_tag(session: Session) -> dict[int, int]:
    rows = session.execute(
        select(deed_tag.c.tag_id, func.count())
        .join(Deed, Deed.id == deed_tag.c.deed_id)
        .where(IS_PUBLIC)
        .group_by(deed_tag.c.tag_id)
    )
    return {row[0]: row[1] for row in rows}


def as_they_are(session: Session, suggested: Sequence[Suggestion]) -> list[Suggestion]:
    """Suggestions with the titles of this moment, without deeds that are off the square: the index is a little late.

    One statement, and only where a deed is suggested.
    """
    ids = [int(item.key) for item in suggested if item.kind == "deed" and item.key is not None]
    rows = session.execute(select(Deed.id, Deed.title).where(Deed.id.in_(ids), IS_PUBLIC)) if ids else ()
    titles = {row[0]: row[1] for row in rows}
    return [
        replace(item, text=titles[int(item.key)]) if item.kind == "deed" and item.key is not None else item
        for item in suggested
        if item.kind != "deed" or (item.key is not None and int(item.key) in titles)
    ]


def counts_by_sector(session: Session) -> dict[int, int]:
    rows = session.execute(select(Deed.sector_id, func.count()).where(IS_PUBLIC).group_by(Deed.sector_id))
    return {row[0]: row[1] for row in rows}


def counts_by_theme(session: Session) -> dict[int, int]:
    rows = session.execute(
        select(deed_theme.c.theme_id, func.count())
        .join(Deed, Deed.id == deed_theme.c.deed_id)
        .where(IS_PUBLIC)
        .group_by(deed_theme.c.theme_id)
    )
    return {row[0]: row[1] for row in rows}


def organisations(
    session: Session, text: str, kinds: Sequence[str], regions: Sequence[str], page: int, per_page: int
) -> tuple[list[Organisation], int]:
    """One page of organisations in the order of names, and how many there are."""
    conditions: list[ColumnElement[bool]] = []
    if text:
        columns = (Organisation.name, Organisation.name_sv, Organisation.name_en)
        conditions.append(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if kinds:
        conditions.append(Organisation.kind.in_(kinds))
    if regions:
        conditions.append(Organisation.region.has(Region.slug.in_(regions)))
    total = session.scalar(select(func.count()).select_from(Organisation).where(*conditions)) or 0
    rows = session.scalars(
        select(Organisation)
        .where(*conditions)
        .order_by(Organisation.name, Organisation.id)
        .limit(per_page)
        .offset((page - 1) * per_page)
        .options(
            joinedload(Organisation.municipality), joinedload(Organisation.region), selectinload(Organisation.successor)
        )
    )
    return list(rows), total


def deed_counts(session: Session, organisation_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Deed.organisation_id, func.count())
        .where(IS_PUBLIC, Deed.organisation_id.in_(organisation_ids))
        .group_by(Deed.organisation_id)
    )
    return {row[0]: row[1] for row in rows}
