"""The sectors, themes, tags, places, organisations and campaigns that a line names.

Organisations, themes and tags are made.
"""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.core.text import slugify
from tori.exchange.format import DeedLine, Problem
from tori.models.base import Named
from tori.models.campaigns import Campaign
from tori.models.deeds import Sector, Theme
from tori.models.desk import MovedAddress
from tori.models.people import Municipality, Organisation, OrganisationKind, Region
from tori.models.tags import TAG_FIELDS, Tag, TagKind

N = TypeVar("N", bound=Named)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _by_name(rows: Iterable[N]) -> dict[str, N]:
    """Rows by their slug and their names in every language; where two share a name, the first one has it."""
    found: dict[str, N] = {}
    for row in rows:
        for name in (getattr(row, "slug", None), row.name, row.name_sv, row.name_en):
            if name:
                found.setdefault(_key(name), row)
    return found


def free_slug(name: str, taken: set[str], fallback: str) -> str:
    """A slug that nobody has yet; it is taken from now on."""
    base = slugify(name, fallback)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug


class Names:
    """Everything that a line can name, read once for a whole file."""

    def __init__(self, session: Session) -> None:
        self.session = session
        sectors = session.scalars(select(Sector).order_by(Sector.position)).all()
        self.sector_slugs = [sector.slug for sector in sectors]
        self.sectors = _by_name(sectors)
        self.themes = _by_name(session.scalars(select(Theme).order_by(Theme.id)))
        self.theme_slugs = {theme.slug for theme in self.themes.values()}
        tags = session.scalars(select(Tag).order_by(Tag.id)).all()
        self.tags = {kind: _by_name(tag for tag in tags if tag.kind == kind) for kind in TAG_FIELDS.values()}
        moved = select(MovedAddress).where(MovedAddress.kind.in_(self.tags))
        for row in session.scalars(moved):
            found = next((tag for tag in tags if tag.id == row.target_id), None)
            if found is not None:
                self.tags[TagKind(row.kind)].setdefault(row.slug, found)
        self.regions = _by_name(session.scalars(select(Region).order_by(Region.id)))
        municipalities = session.scalars(
            select(Municipality).order_by(Municipality.id).options(joinedload(Municipality.region))
        ).all()
        self.municipalities = _by_name(municipalities)
        self.municipalities.update({row.code: row for row in municipalities})
        organisations = session.scalars(
            select(Organisation)
            .order_by(Organisation.id)
            .options(
                joinedload(Organisation.municipality),
                joinedload(Organisation.region),
                selectinload(Organisation.domains),
            )
        ).unique()
        self.organisations = _by_name(organisations)
        self.organisation_slugs = {row.slug for row in self.organisations.values()}
        self.campaigns = {row.slug: row for row in session.scalars(select(Campaign))}

    def problems(self, line: DeedLine) -> list[Problem]:
        """The names of the line that must be known and are not."""
        found = []
        if _key(line.sector) not in self.sectors:
            allowed = ", ".join(self.sector_slugs)
            found.append(Problem("unknown_sector", "sector", {"given": line.sector, "allowed": allowed}))
        if line.campaign and line.campaign not in self.campaigns:
            found.append(Problem("unknown_campaign", "campaign", {"given": line.campaign}))
        if _key(line.organisation) not in self.organisations:
            if line.municipality and _key(line.municipality) not in self.municipalities:
                found.append(Problem("unknown_municipality", "municipality", {"given": line.municipality}))
            if line.region and _key(line.region) not in self.regions:
                found.append(Problem("unknown_region", "region", {"given": line.region}))
        return found

    def sector(self, line: DeedLine) -> Sector:
        return self.sectors[_key(line.sector)]

    def campaign(self, line: DeedLine) -> Campaign | None:
        return self.campaigns[line.campaign] if line.campaign else None

    def organisation(self, line: DeedLine) -> Organisation:
        """The organisation by its name or slug; made from the line when there is none."""
        known = self.organisations.get(_key(line.organisation))
        if known is not None:
            return known
        municipality = self.municipalities[_key(line.municipality)] if line.municipality else None
        region = self.regions[_key(line.region)] if line.region else municipality.region if municipality else None
        organisation = Organisation(
            name=line.organisation,
            slug=free_slug(line.organisation, self.organisation_slugs, "organisaatio"),
            kind=line.organisation_type or OrganisationKind.OTHER,
            municipality=municipality,
            region=region,
            introduction="",
            note="",
        )
        self.session.add(organisation)
        self.organisations[_key(line.organisation)] = organisation
        return organisation

    def knows_theme(self, name: str) -> bool:
        return _key(name) in self.themes

    def known_organisation(self, name: str) -> Organisation | None:
        """The organisation of that name or slug; None is made here."""
        return self.organisations.get(_key(name))

    def organisation_named(self, name: str) -> Organisation:
        """As ``organisation``, of a name alone."""
        known = self.organisations.get(_key(name))
        if known is None:
            known = Organisation(
                name=name, slug=free_slug(name, self.organisation_slugs, "organisaatio"),
                kind=OrganisationKind.OTHER, introduction="", note="",
            )  # fmt: skip
            self.session.add(known)
            self.organisations[_key(name)] = known
        return known

    def organisation_name(self, name: str) -> str:
        """The name that the organisation goes by here, or the given one when there is none."""
        known = self.organisations.get(_key(name))
        return known.name if known else name

    def theme_name(self, name: str) -> str:
        known = self.themes.get(_key(name))
        return known.name if known else name

    def line_themes(self, line: DeedLine) -> tuple[Theme, ...]:
        return tuple(dict.fromkeys(self._theme(name) for name in line.themes))

    def _theme(self, name: str) -> Theme:
        known = self.themes.get(_key(name))
        if known is not None:
            return known
        theme = Theme(name=name, slug=free_slug(name, self.theme_slugs, "teema"), meanings={}, synonyms=[])
        self.session.add(theme)
        self.themes[_key(name)] = theme
        return theme

    def line_tags(self, line: DeedLine, field: str) -> tuple[Tag, ...]:
        return tuple(dict.fromkeys(self._tag(field, name) for name in getattr(line, field)))

    def _tag(self, field: str, name: str) -> Tag:
        known = self.tags[TAG_FIELDS[field]]
        if _key(name) not in known:
            taken = {tag.slug for tag in known.values()}
            known[_key(name)] = Tag(
                kind=TAG_FIELDS[field], name=name, slug=free_slug(name, taken, "valinta"), synonyms=[]
            )
            self.session.add(known[_key(name)])
        return known[_key(name)]

    def tag_slugs(self, line: DeedLine, field: str) -> tuple[str, ...]:
        """What the line names, by slug where there is one, in one order."""
        known = self.tags[TAG_FIELDS[field]]
        return tuple(sorted(known[_key(name)].slug if _key(name) in known else name for name in getattr(line, field)))
