"""What the contact person of an organisation works with: what was shared and taken, what waits, and who is alike."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.models.adoptions import FollowUp
from tori.models.deeds import PUBLIC_STATUSES, UNPUBLISHED_STATUSES, Adoption, Comment, CommentKind, Deed
from tori.models.people import Municipality, Organisation, OrganisationKind
from tori.models.reading import ReaderRequest
from tori.statistics import Figures, RankedOrganisation
from tori.statistics.counting import COUNTED, COUNTED_ADOPTION

POPULATION_CLASSES = (0, 5_000, 10_000, 20_000, 50_000, 100_000)
"""The least inhabitants of each class."""
LIKE_SHOWN = 8
MOST_DRAFTS = 200


@dataclass(frozen=True)
class YearRow:
    """``shared`` deeds of the year, models that others took from us and that we took from others in it."""

    year: int
    shared: int
    received: int
    made: int


def together(rows: Sequence[YearRow]) -> tuple[int, int, int]:
    """Of all years: deeds shared, models that others took, models taken from others."""
    return sum(row.shared for row in rows), sum(row.received for row in rows), sum(row.made for row in rows)


@dataclass(frozen=True)
class UnitRow:
    """``unit`` is empty where none is named."""

    unit: str
    shared: int
    made: int


@dataclass(frozen=True)
class Waiting:
    """Deeds that are not on the square yet, and what readers and follow-ups ask of the organisation."""

    drafts: list[Deed]
    reader_requests: int
    questions: int
    follow_ups: int


@dataclass(frozen=True)
class Likeness:
    """Organisations of the same kind; municipalities of the same size, those of the same language and region first.

    ``medians`` are of all that are alike: deeds, models taken by others and from others.
    """

    least: int | None
    most: int | None
    rows: list[RankedOrganisation]
    alike: int
    medians: tuple[float, float, float]


def _year(moment: datetime | None) -> int:
    assert moment is not None
    return clock.in_finland(moment).year


def by_year(session: Session, organisation: Organisation) -> list[YearRow]:
    """From the first year with something to this one, the newest first. Three statements."""
    own = Deed.organisation_id == organisation.id
    shared = Counter(map(_year, session.scalars(select(Deed.published_at).where(own, COUNTED))))
    taken = select(Adoption.created_at).join(Deed, Deed.id == Adoption.deed_id).where(COUNTED)
    received = Counter(map(_year, session.scalars(taken.where(own))))
    made = Counter(map(_year, session.scalars(taken.where(Adoption.organisation_id == organisation.id))))
    years = {*shared, *received, *made}
    if not years:
        return []
    return [
        YearRow(year, shared[year], received[year], made[year])
        for year in range(max(clock.today().year, *years), min(years) - 1, -1)
    ]


def by_unit(session: Session, organisation: Organisation) -> list[UnitRow]:
    """Most deeds first. Two statements."""
    shared = session.execute(
        select(Deed.unit, func.count()).where(Deed.organisation_id == organisation.id, COUNTED).group_by(Deed.unit)
    )
    made = session.execute(
        select(Adoption.unit, func.count())
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(Adoption.organisation_id == organisation.id, COUNTED)
        .group_by(Adoption.unit)
    )
    told: Counter[str] = Counter({unit.strip(): count for unit, count in shared})
    taken: Counter[str] = Counter({unit.strip(): count for unit, count in made})
    rows = [UnitRow(unit, told[unit], taken[unit]) for unit in {*told, *taken}]
    return sorted(rows, key=lambda row: (not row.unit, -row.shared, -row.made, row.unit))


def waiting(session: Session, organisation: Organisation) -> Waiting:
    """Four statements."""
    own = Deed.organisation_id == organisation.id
    drafts = session.scalars(
        select(Deed)
        .where(own, Deed.status.in_(UNPUBLISHED_STATUSES))
        .options(joinedload(Deed.author), joinedload(Deed.sector))
        .order_by(Deed.updated_at.desc(), Deed.id.desc())
        .limit(MOST_DRAFTS)
    )
    requests = (
        select(func.count())
        .select_from(ReaderRequest)
        .join(Deed, Deed.id == ReaderRequest.deed_id)
        .where(own, COUNTED, ReaderRequest.answered_at.is_(None))
    )
    questions = (
        select(func.count())
        .select_from(Comment)
        .join(Deed, Deed.id == Comment.deed_id)
        .where(
            own, COUNTED, Comment.kind == CommentKind.QUESTION, Comment.removed_at.is_(None),
            Comment.answered_at.is_(None),
        )
    )  # fmt: skip
    follow_ups = (
        select(func.count(Adoption.id.distinct()))
        .join(FollowUp, FollowUp.adoption_id == Adoption.id)
        .where(Adoption.organisation_id == organisation.id, FollowUp.answered_at.is_(None))
    )
    return Waiting(
        list(drafts),
        session.scalar(requests) or 0,
        session.scalar(questions) or 0,
        session.scalar(follow_ups) or 0,
    )


def _class_bounds(population: int) -> tuple[int, int | None]:
    least = max(bound for bound in POPULATION_CLASSES if bound <= population)
    place = POPULATION_CLASSES.index(least)
    return least, POPULATION_CLASSES[place + 1] if place + 1 < len(POPULATION_CLASSES) else None


def likeness(session: Session, organisation: Organisation, figures: Figures) -> Likeness:
    """Two statements. Organisations without deeds count among those that are alike."""
    statement = select(Organisation).where(
        Organisation.kind == organisation.kind, Organisation.id != organisation.id, Organisation.ended_on.is_(None)
    )
    statement = statement.options(joinedload(Organisation.municipality))
    home = organisation.municipality if organisation.kind == OrganisationKind.MUNICIPALITY else None
    least: int | None = None
    most: int | None = None
    if home is not None:
        least, most = _class_bounds(home.population)
        statement = statement.join(Municipality, Municipality.id == Organisation.municipality_id)
        statement = statement.where(Municipality.population >= least)
        if most is not None:
            statement = statement.where(Municipality.population < most)
    alike = list(session.scalars(statement))
    known = {row.slug: row for row in figures.rankings.every}
    told = [(row, known.get(row.slug)) for row in alike]
    # Who has shared nothing stands in no ranking, but may have taken models.
    made = _made(session, [row.id for row in alike])
    numbers = [(found.deeds if found else 0, found.received if found else 0, made[row.id]) for row, found in told]
    nearest = sorted(
        ((row, found) for row, found in told if found), key=lambda pair: _distance(organisation, pair[0], pair[1])
    )
    return Likeness(least, most, [found for row, found in nearest[:LIKE_SHOWN]], len(alike), _medians(numbers))


def _made(session: Session, numbers: Sequence[int]) -> Counter[int]:
    """Organisation -> models that it has taken."""
    rows = session.execute(
        select(Adoption.organisation_id, func.count())
        .where(COUNTED_ADOPTION, Adoption.organisation_id.in_(numbers))
        .group_by(Adoption.organisation_id)
    )
    return Counter(dict(iter(rows)))


def _medians(numbers: Sequence[tuple[int, int, int]]) -> tuple[float, float, float]:
    if not numbers:
        return (0, 0, 0)
    deeds, received, made = (median(column) for column in zip(*numbers, strict=True))
    return (deeds, received, made)


def _distance(own: Organisation, other: Organisation, found: RankedOrganisation) -> tuple[bool, bool, int, str]:
    here, there = own.municipality, other.municipality
    speaks_alike = here is not None and there is not None and here.language_status == there.language_status
    return (not speaks_alike, own.region_id != other.region_id, -found.deeds, found.name)


@dataclass(frozen=True)
class YearReport:
    """One year for the council. ``before`` is the year before it, ``together`` all years (see the function), and
    ``received`` has the adoptions of the year by the deed of ours, those of most first."""

    year: int
    now: YearRow
    before: YearRow
    together: tuple[int, int, int]
    shared: list[Deed]
    made: list[Adoption]
    received: list[list[Adoption]]


def year_report(session: Session, organisation: Organisation, year: int) -> YearReport:
    """Six statements."""
    years = by_year(session, organisation)
    rows = {row.year: row for row in years}
    start, end = clock.start_of_day(date(year, 1, 1)), clock.start_of_day(date(year + 1, 1, 1))
    shared = session.scalars(
        select(Deed)
        .where(
            Deed.organisation_id == organisation.id, Deed.status.in_(PUBLIC_STATUSES),
            Deed.published_at >= start, Deed.published_at < end,
        )
        .options(joinedload(Deed.sector))
        .order_by(Deed.adoption_count.desc(), Deed.published_at)
    )  # fmt: skip
    adoptions = (
        select(Adoption)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(COUNTED, Adoption.created_at >= start, Adoption.created_at < end)
        .options(joinedload(Adoption.deed).joinedload(Deed.organisation), joinedload(Adoption.organisation))
        .order_by(Adoption.created_at)
    )
    return YearReport(
        year,
        rows.get(year, YearRow(year, 0, 0, 0)),
        rows.get(year - 1, YearRow(year - 1, 0, 0, 0)),
        together(years),
        list(shared),
        list(session.scalars(adoptions.where(Adoption.organisation_id == organisation.id))),
        _by_deed(session.scalars(adoptions.where(Deed.organisation_id == organisation.id))),
    )


def _by_deed(adoptions: Iterable[Adoption]) -> list[list[Adoption]]:
    groups: dict[int, list[Adoption]] = {}
    for adoption in adoptions:
        groups.setdefault(adoption.deed_id, []).append(adoption)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0].deed.title))
