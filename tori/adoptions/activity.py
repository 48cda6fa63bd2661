"""Who gives and takes, and where models go: told, taken and commented in a year; adoptions by region, sector and kind.

Every function is one statement.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from tori.core import clock
from tori.core.text import alphabetical
from tori.deeds.adoptions import GainCounts, gains_of
from tori.models.deeds import PUBLIC_STATUSES, Adoption, Comment, Deed, DeedStatus, Sector
from tori.models.people import Organisation, OrganisationKind, Region

MOST_ACTIVE = 20
GROWTH = timedelta(days=90)

IS_PUBLIC = Deed.status.in_(PUBLIC_STATUSES)


@dataclass(frozen=True)
class Activity:
    """What an organisation did in a year."""

    name: str
    slug: str
    told: int
    taken: int
    commented: int

    @property
    def total(self) -> int:
        return self.told + self.taken + self.commented


def most_active(session: Session, year: int, locale: str) -> list[Activity]:
    """By all that was done together; equals by name. Deeds that are not on the square count for nobody."""
    begin, end = clock.start_of_day(date(year, 1, 1)), clock.start_of_day(date(year + 1, 1, 1))

    def within(moment: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        return (moment >= begin) & (moment < end)

    def counted(
        what: str, organisation_id: InstrumentedAttribute[Any], statement: Select[Any]
    ) -> Select[tuple[str, int, int]]:
        return statement.with_only_columns(
            literal(what).label("what"), organisation_id.label("organisation_id"), func.count().label("count")
        ).group_by(organisation_id)

    done = union_all(
        counted("told", Deed.organisation_id, select(Deed).where(IS_PUBLIC, within(Deed.published_at))),
        counted(
            "taken",
            Adoption.organisation_id,
            select(Adoption).join(Deed, Deed.id == Adoption.deed_id).where(IS_PUBLIC, within(Adoption.created_at)),
        ),
        counted(
            "commented",
            Comment.organisation_id,
            select(Comment)
            .join(Deed, Deed.id == Comment.deed_id)
            .where(
                IS_PUBLIC,
                Comment.organisation_id.is_not(None),
                Comment.removed_at.is_(None),
                within(Comment.created_at),
            ),
        ),
    ).subquery()
    rows = session.execute(
        select(Organisation, done.c.what, done.c["count"]).join(done, done.c.organisation_id == Organisation.id)
    )
    found: dict[Organisation, dict[str, int]] = {}
    for organisation, what, count in rows:
        found.setdefault(organisation, {})[what] = count
    everybody = [
        Activity(row.name_in(locale), row.slug, did.get("told", 0), did.get("taken", 0), did.get("commented", 0))
        for row, did in found.items()
    ]
    return sorted(everybody, key=lambda row: (-row.total, alphabetical(row.name)))[:MOST_ACTIVE]


@dataclass(frozen=True)
class Spread:
    """How many models were taken. Region and kind are those of the taker, the sector that of the deed."""

    regions: list[tuple[str, int]]
    sectors: list[tuple[str, int]]
    kinds: list[tuple[str, int]]


def spread(session: Session, locale: str) -> Spread:
    """The most first. Three statements."""
    taken = select(Adoption).join(Deed, Deed.id == Adoption.deed_id).where(IS_PUBLIC)
    by_taker = taken.join(Organisation, Organisation.id == Adoption.organisation_id)
    by_region = by_taker.join(Region, Region.id == Organisation.region_id).with_only_columns(Region, func.count())
    by_sector = taken.join(Sector, Sector.id == Deed.sector_id).with_only_columns(Sector, func.count())
    by_kind = by_taker.with_only_columns(Organisation.kind, func.count()).group_by(Organisation.kind)
    regions = [(row.name_in(locale), count) for row, count in session.execute(by_region.group_by(Region.id))]
    sectors = [(row.name_in(locale), count) for row, count in session.execute(by_sector.group_by(Sector.id))]
    counts = {OrganisationKind(kind): count for kind, count in session.execute(by_kind)}
    kinds = [(str(kind), counts[kind]) for kind in OrganisationKind if kind in counts]
    return Spread(*(sorted(rows, key=lambda row: (-row[1], row[0])) for rows in (regions, sectors, kinds)))


def gains(session: Session) -> GainCounts | None:
    """What taking models has given, of all that is on the square. One statement."""
    answers = (
        select(Adoption.gains).join(Deed, Deed.id == Adoption.deed_id).where(IS_PUBLIC, Adoption.gains.is_not(None))
    )
    return gains_of(session.scalars(answers))


@dataclass(frozen=True)
class Growing:
    """A deed whose model is being taken: adoptions in the last months and in those before them."""

    id: int
    title: str
    slug: str
    language: str
    lately: int
    before: int


def growing(session: Session) -> list[Growing]:
    """Deeds taken more often in the last ninety days than in the ninety before, the steepest first."""
    now = clock.now()
    middle, begin = now - GROWTH, now - 2 * GROWTH
    lately = func.sum(case((Adoption.created_at >= middle, 1), else_=0))
    before = func.sum(case((Adoption.created_at < middle, 1), else_=0))
    rows = session.execute(
        select(Deed.id, Deed.title, Deed.slug, Deed.language, lately, before)
        .join(Adoption, Adoption.deed_id == Deed.id)
        .where(Deed.status == DeedStatus.PUBLISHED, Adoption.created_at >= begin)
        .group_by(Deed.id, Deed.title, Deed.slug, Deed.language)
        .having(lately > before)
        .order_by((lately - before).desc(), lately.desc(), Deed.id)
        .limit(MOST_ACTIVE)
    )
    return [Growing(*row) for row in rows]
