"""Public deeds as a table and as short entries, for spreadsheets and feeds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.core import clock
from tori.exchange.importing import batches
from tori.i18n import prefix_of
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.people import Organisation
from tori.models.tags import TAG_FIELDS
from tori.search.port import SearchEngine, SearchQuery

MAX_ROWS = 10_000


@dataclass(frozen=True)
class Entry:
    """A deed in a feed. ``url`` begins with a slash and is in the language of the feed."""

    id: int
    title: str
    summary: str
    url: str
    organisation: str
    sector: str
    themes: tuple[str, ...]
    language: str
    published_at: datetime
    updated_at: datetime


def found_ids(engine: SearchEngine, query: SearchQuery) -> list[int]:
    """The ids of the deeds that answer the query, without those that hardly do. Raises SearchError."""
    return [hit.id for hit in engine.search(query).hits if not hit.weak]


def newest_ids(session: Session, limit: int) -> list[int]:
    """What can be told without an index: the newest deeds."""
    statement = select(Deed.id).where(Deed.status.in_(PUBLIC_STATUSES))
    return list(session.scalars(statement.order_by(Deed.published_at.desc(), Deed.id.desc()).limit(limit)))


def _public_deeds(session: Session, ids: Sequence[int]) -> Iterable[Deed]:
    for batch in batches(ids):
        statement = (
            select(Deed)
            .where(Deed.id.in_(batch), Deed.status.in_(PUBLIC_STATUSES))
            .options(
                joinedload(Deed.organisation).joinedload(Organisation.municipality),
                joinedload(Deed.organisation).joinedload(Organisation.region),
                joinedload(Deed.sector),
                selectinload(Deed.themes),
                selectinload(Deed.tags),
            )
        )
        found = {deed.id: deed for deed in session.scalars(statement)}
        yield from (found[deed_id] for deed_id in batch if deed_id in found)


def deed_address(deed: Deed, locale: str) -> str:
    return f"{prefix_of(locale)}/teot/{deed.id}-{deed.slug}"


def deed_entries(session: Session, ids: Sequence[int], locale: str) -> list[Entry]:
    return [
        Entry(
            id=deed.id,
            title=deed.title,
            summary=deed.summary,
            url=deed_address(deed, locale),
            organisation=deed.organisation.name_in(locale),
            sector=deed.sector.name_in(locale),
            themes=tuple(theme.name_in(locale) for theme in deed.themes),
            language=deed.language,
            published_at=deed.published_at or deed.created_at,
            updated_at=deed.updated_at,
        )
        for deed in _public_deeds(session, ids)
    ]


def table_header() -> list[str]:
    return [
        _("Number"), _("Title"), _("Summary"), _("Organisation"), _("Municipality"), _("Region"), _("Sector"),
        _("Themes"), _("For whom"), _("Benefits"), _("Professions"),
        _("Situation or reason"), _("Method"),
        _("Published"), _("Language"), _("Taken up by"), _("Comments"), _("Licence"), _("Source"),
        _("Address"),
    ]  # fmt: skip


def table_rows(session: Session, ids: Sequence[int], locale: str, public_url: str) -> Iterable[list[object]]:
    """The deeds in the order of the ids, as cells under ``table_header``."""
    for deed in _public_deeds(session, ids):
        organisation = deed.organisation
        place, region = organisation.municipality, organisation.region
        yield [
            deed.id,
            deed.title,
            deed.summary,
            organisation.name_in(locale),
            place.name_in(locale) if place else "",
            region.name_in(locale) if region else "",
            deed.sector.name_in(locale),
            ", ".join(theme.name_in(locale) for theme in deed.themes),
            *(", ".join(tag.name_in(locale) for tag in deed.tags_of(name)) for name in TAG_FIELDS),
            clock.in_finland(deed.published_at).date().isoformat() if deed.published_at else "",
            deed.language,
            deed.adoption_count,
            deed.comment_count,
            deed.licence,
            deed.citation or deed.source_url or "",
            public_url + deed_address(deed, locale),
        ]
