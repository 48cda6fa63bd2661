"""What the map shows: a measure for each municipality, and the ways of adoptions from one to another."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from tori.core.text import alphabetical
from tori.models.deeds import Adoption, Deed
from tori.models.people import Municipality, Organisation, Region
from tori.statistics.behind import Behind
from tori.statistics.counting import per_thousand

MOST_ARCS = 60


class Measure(StrEnum):
    """What is counted in a municipality: deeds, organisations with deeds, adoptions from it and to it."""

    DEEDS = "teot"
    ORGANISATIONS = "organisaatiot"
    RECEIVED = "mallia-annettu"
    MADE = "mallia-otettu"


FILTERS = ("toimiala", "teema", "kampanja", "vuosi")


@dataclass(frozen=True)
class MapChoice:
    """``deeds`` says of which deeds; ``is_relative`` for each thousand inhabitants."""

    measure: Measure = Measure.DEEDS
    deeds: Behind = Behind()
    is_relative: bool = False

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> "MapChoice":
        """Odd values of an address are left out."""
        measure = args.get("mittari", "")
        return cls(
            Measure(measure) if measure in set(Measure) else Measure.DEEDS,
            Behind.parse({name: args.get(name, "") for name in FILTERS}),
            args.get("suhde") == "asukkaat",
        )

    @property
    def key(self) -> Hashable:
        return self.measure, self.is_relative, tuple(sorted(self.deeds.values.items()))


@dataclass(frozen=True)
class Place:
    """A municipality with what is counted in it. ``value`` is ``count`` or that for each thousand inhabitants."""

    code: str
    name: str
    region_slug: str
    count: int
    value: float


@dataclass(frozen=True)
class Arc:
    """Adoptions from the organisations of one municipality to those of another."""

    giver: str
    taker: str
    adoptions: int


def _counts(choice: MapChoice, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    number: ColumnElement[int] = func.count()
    if choice.measure == Measure.ORGANISATIONS:
        number = func.count(Organisation.id.distinct())
    statement = select(Municipality.code, number).join(Organisation, Organisation.municipality_id == Municipality.id)
    if choice.measure == Measure.MADE:
        statement = statement.join(Adoption, Adoption.organisation_id == Organisation.id)
        statement = statement.join(Deed, Deed.id == Adoption.deed_id)
    else:
        statement = statement.join(Deed, Deed.organisation_id == Organisation.id)
    if choice.measure == Measure.RECEIVED:
        statement = statement.join(Adoption, Adoption.deed_id == Deed.id)
    return statement.where(condition).group_by(Municipality.code)


def places(session: Session, choice: MapChoice, locale: str) -> list[Place]:
    """All municipalities by name, those with nothing too. Two statements."""
    counts = {code: count for code, count in session.execute(_counts(choice, choice.deeds.condition()))}  # noqa: C416
    rows = session.execute(
        select(Municipality, Region.slug).join(Region, Region.id == Municipality.region_id)
    )  # fmt: skip
    found = []
    for municipality, region_slug in rows:
        count = counts.get(municipality.code, 0)
        value = per_thousand(count, municipality.population) if choice.is_relative else count
        found.append(Place(municipality.code, municipality.name_in(locale), region_slug, count, value or 0))
    return sorted(found, key=lambda place: alphabetical(place.name))


def arcs(session: Session, choice: MapChoice) -> list[Arc]:
    """The most used ways between two municipalities, most first. One statement."""
    giver, taker = aliased(Organisation), aliased(Organisation)
    source, target = aliased(Municipality), aliased(Municipality)
    rows = session.execute(
        select(source.code, target.code, func.count())
        .select_from(Adoption)
        .join(Deed, Deed.id == Adoption.deed_id)
        .join(giver, giver.id == Deed.organisation_id)
        .join(source, source.id == giver.municipality_id)
        .join(taker, taker.id == Adoption.organisation_id)
        .join(target, target.id == taker.municipality_id)
        .where(choice.deeds.condition(), source.id != target.id)
        .group_by(source.code, target.code)
        .order_by(func.count().desc(), source.code, target.code)
        .limit(MOST_ARCS)
    )
    return [Arc(*row) for row in rows]


def silent_regions(found: list[Place]) -> set[str]:
    """Regions in whose municipalities nothing is counted."""
    totals: Counter[str] = Counter()
    for place in found:
        totals[place.region_slug] += place.count
    return {slug for slug in {place.region_slug for place in found} if not totals[slug]}
