"""Where the deeds come from."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core.text import alphabetical
from tori.models.deeds import Deed
from tori.models.people import Municipality, Organisation, Region
from tori.statistics.counting import COUNTED, per_thousand
from tori.statistics.gathered import Gathered, gather


@dataclass(frozen=True)
class RegionFigures:
    """``received`` and ``made`` are adoptions of the models of its organisations, and by its organisations."""

    slug: str
    name: str
    deeds: int
    organisations: int
    per_thousand: float | None
    received: int
    made: int


def by_region(session: Session, locale: str, gathered: Gathered | None = None) -> list[RegionFigures]:
    """All regions by name, those without deeds too. Two statements beside what is gathered."""
    rows = gathered or gather(session)

    deeds: Counter[int | None] = Counter()
    received: Counter[int | None] = Counter()
    organisations: Counter[int | None] = Counter()
    for group in rows.tellers:
        region_id = rows.organisations[group.organisation_id].region_id
        deeds[region_id] += group.deeds
        received[region_id] += group.received
        organisations[region_id] += 1
    made: Counter[int | None] = Counter()
    for number, taken in rows.taken.items():
        made[rows.organisations[number].region_id] += taken
    people = session.execute(
        select(Municipality.region_id, func.sum(Municipality.population)).group_by(Municipality.region_id)
    )
    populations = {region_id: population for region_id, population in people}  # noqa: C416
    figures = [
        RegionFigures(
            region.slug, region.name_in(locale), deeds[region.id], organisations[region.id],
            per_thousand(deeds[region.id], populations.get(region.id)), received[region.id], made[region.id],
        )
        for region in session.scalars(select(Region))
    ]  # fmt: skip
    return sorted(figures, key=lambda region: alphabetical(region.name))


def by_municipality(session: Session) -> dict[str, int]:
    """Code of the municipality -> deeds of all organisations in it, its own and others'. One statement."""
    rows = session.execute(
        select(Municipality.code, func.count())
        .join(Organisation, Organisation.municipality_id == Municipality.id)
        .join(Deed, Deed.organisation_id == Organisation.id)
        .where(COUNTED)
        .group_by(Municipality.code)
    )
    return {code: count for code, count in rows}  # noqa: C416


def without_region(session: Session, gathered: Gathered | None = None) -> int:
    """Deeds of organisations that work in the whole country."""
    rows = gathered or gather(session)
    return sum(group.deeds for group in rows.tellers if rows.organisations[group.organisation_id].region_id is None)
