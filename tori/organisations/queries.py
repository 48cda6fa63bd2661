"""What the pages of organisations read. Every function is a fixed number of queries, whatever the number of rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tori.core.errors import NotFound
from tori.core.text import alphabetical, clean_line, slugify
from tori.models.deeds import PUBLIC_STATUSES, Adoption, Deed, Theme, deed_theme
from tori.models.people import Membership, Municipality, Organisation, OrganisationKind, Region, User

PER_PAGE = 12
ADOPTIONS_SHOWN = 20
NEIGHBOURS_SHOWN = 3
THEMES_SHOWN = 12
MAX_QUERY = 100

IS_PUBLIC = Deed.status.in_(PUBLIC_STATUSES)


@dataclass(frozen=True)
class ListFilter:
    """What the list of organisations is narrowed to; odd values of an address are left out."""

    text: str = ""
    kind: str = ""
    region: str = ""

    @classmethod
    def parse(cls, text: str | None, kind: str | None, region: str | None) -> "ListFilter":
        kinds = {item.value for item in OrganisationKind}
        return cls(clean_line(text)[:MAX_QUERY], kind if kind in kinds else "", slugify(region or "", fallback=""))

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.kind or self.region)


@dataclass(frozen=True)
class ListedOrganisation:
    name: str
    slug: str
    kind: str
    region_slug: str | None
    deeds: int


@dataclass(frozen=True)
class RegionGroup:
    """Organisations of one region; ``slug`` is None for those that work in no single region."""

    slug: str | None
    name: str | None
    organisations: list[ListedOrganisation]

    @property
    def deeds(self) -> int:
        return sum(organisation.deeds for organisation in self.organisations)


@dataclass(frozen=True)
class Figures:
    """Figures of one organisation by the counting rules: its deeds that are published or archived."""

    deeds: int
    short_deeds: int
    received: int
    made: int


class Mark(StrEnum):
    """What an organisation has done often enough to be known for it."""

    TELLS = "tells"
    USES = "uses"
    SPREADS = "spreads"


MARK_FROM = 3
"""So many deeds told, models taken from others, or times that others took its models."""


def marks_of(organisation: Organisation, figures: Figures) -> list[Mark]:
    """From the figures that its page shows in any case; none when the organisation does not want them."""
    if not organisation.shows_marks:
        return []
    reached = {Mark.TELLS: figures.deeds, Mark.USES: figures.made, Mark.SPREADS: figures.received}
    return [mark for mark, count in reached.items() if count >= MARK_FROM]


@dataclass(frozen=True)
class AdoptionMade:
    deed_id: int
    closeness: str | None
    status: str | None
    since: datetime
    outcome: str


def regions(session: Session) -> list[Region]:
    return list(session.scalars(select(Region).order_by(Region.name)))


def _listing(chosen: ListFilter) -> Select[*tuple[Organisation, Any]]:
    deeds = (
        select(Deed.organisation_id, func.count().label("deeds"))
        .where(IS_PUBLIC)
        .group_by(Deed.organisation_id)
        .subquery()
    )
    count = func.coalesce(deeds.c.deeds, 0)
    statement = select(Organisation, count).outerjoin(deeds, deeds.c.organisation_id == Organisation.id)
    if chosen.kind:
        statement = statement.where(Organisation.kind == chosen.kind)
    if chosen.region:
        statement = statement.join(Region, Region.id == Organisation.region_id).where(Region.slug == chosen.region)
    if chosen.text:
        statement = statement.outerjoin(Municipality, Municipality.id == Organisation.municipality_id)
        statement = statement.where(_named_like(chosen.text))
    return statement


def _named_like(text: str) -> ColumnElement[bool]:
    # The slug has lost its dots and capitals, so that "hameenkyro" finds Hämeenkyrö.
    plain = slugify(text, fallback="")
    pattern = "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    columns = [Organisation.name_sv, Organisation.name_en, Municipality.name, Municipality.name_sv]
    conditions = [Organisation.slug.like(f"%{plain}%")] if plain else []
    return or_(*conditions, *(column.ilike(pattern, escape="\\") for column in columns))


def listing(session: Session, chosen: ListFilter, locale: str) -> list[RegionGroup]:
    """Organisations by region, in each those with most deeds first. Without a filter only those that have deeds."""
    places = {region.id: region for region in regions(session)}
    groups: dict[int | None, list[ListedOrganisation]] = {}
    for organisation, count in session.execute(_listing(chosen)):
        if chosen.is_empty and not count:
            continue
        place = places.get(organisation.region_id) if organisation.region_id else None
        groups.setdefault(place.id if place else None, []).append(
            ListedOrganisation(
                organisation.name_in(locale), organisation.slug, organisation.kind, place.slug if place else None, count
            )
        )
    result = [
        RegionGroup(
            places[key].slug if key else None,
            places[key].name_in(locale) if key else None,
            sorted(rows, key=lambda row: (-row.deeds, alphabetical(row.name))),
        )
        for key, rows in groups.items()
    ]
    return sorted(result, key=lambda group: (group.name is None, alphabetical(group.name or "")))


def organisation_of(session: Session, slug: str) -> Organisation:
    """Raises NotFound."""
    found = session.scalar(
        select(Organisation)
        .options(
            joinedload(Organisation.municipality), joinedload(Organisation.region), joinedload(Organisation.successor)
        )
        .where(Organisation.slug == slug)
    )
    if found is None:
        raise NotFound(slug)
    return found


def predecessors(session: Session, organisation: Organisation) -> list[Organisation]:
    return list(
        session.scalars(
            select(Organisation).where(Organisation.successor_id == organisation.id).order_by(Organisation.name)
        )
    )


def figures(session: Session, organisation: Organisation) -> Figures:
    own = (Deed.organisation_id == organisation.id) & IS_PUBLIC
    made = (
        select(func.count())
        .select_from(Adoption)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(Adoption.organisation_id == organisation.id, IS_PUBLIC)
        .scalar_subquery()
    )
    row = session.execute(
        select(
            func.count(Deed.id),
            func.count(Deed.id).filter(Deed.is_short),
            func.coalesce(func.sum(Deed.adoption_count), 0),
            made,
        ).where(own)
    ).one()
    return Figures(*row)


def themes_of(session: Session, organisation: Organisation) -> list[tuple[Theme, int]]:
    """What its public deeds are about, the commonest first. One statement."""
    rows = session.execute(
        select(Theme, func.count())
        .join(deed_theme, deed_theme.c.theme_id == Theme.id)
        .join(Deed, Deed.id == deed_theme.c.deed_id)
        .where(Deed.organisation_id == organisation.id, IS_PUBLIC)
        .group_by(Theme.id)
        .order_by(func.count().desc(), Theme.name)
        .limit(THEMES_SHOWN)
    )
    return [(theme, count) for theme, count in rows]


def ambassadors_of(session: Session, organisation_id: int) -> list[tuple[str, str]]:
    """Name and job title or unit of those who have agreed to be shown. Accounts that are closed are left out."""
    rows = session.execute(
        select(User.display_name, User.job_title, Membership.unit)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id, Membership.ambassador_since.is_not(None),
            Membership.waits_since.is_(None), User.disabled_at.is_(None), User.confirmed_at.is_not(None),
        )
        .order_by(User.display_name, User.id)
    )  # fmt: skip
    return [(name, title or unit) for name, title, unit in rows]


def deed_ids(session: Session, organisation: Organisation, page: int) -> list[int]:
    """One page of the organisation's public deeds, whole stories before headlines, then the newest first."""
    return list(
        session.scalars(
            select(Deed.id)
            .where(Deed.organisation_id == organisation.id, IS_PUBLIC)
            .order_by(Deed.is_short, Deed.published_at.desc(), Deed.id.desc())
            .limit(PER_PAGE)
            .offset((page - 1) * PER_PAGE)
        )
    )


def adoptions_made(session: Session, organisation: Organisation) -> list[AdoptionMade]:
    """The newest models that the organisation has taken from others."""
    rows = session.execute(
        select(Adoption.deed_id, Adoption.closeness, Adoption.status, Adoption.created_at, Adoption.outcome)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(Adoption.organisation_id == organisation.id, IS_PUBLIC)
        .order_by(Adoption.id.desc())
        .limit(ADOPTIONS_SHOWN)
    )
    return [AdoptionMade(*row) for row in rows]


def neighbour_deed_ids(session: Session, organisation: Organisation) -> list[int]:
    """Newest deeds of the same region, for the page of an organisation that has none of its own."""
    if organisation.region_id is None:
        return []
    return list(
        session.scalars(
            select(Deed.id)
            .join(Organisation, Organisation.id == Deed.organisation_id)
            .where(Organisation.region_id == organisation.region_id, Organisation.id != organisation.id, IS_PUBLIC)
            .order_by(Deed.is_short, Deed.published_at.desc(), Deed.id.desc())
            .limit(NEIGHBOURS_SHOWN)
        )
    )
