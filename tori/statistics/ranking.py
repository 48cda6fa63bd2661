"""Organisations beside each other, with the fairer figures beside the plain count."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.text import alphabetical
from tori.models.people import Organisation, OrganisationKind
from tori.statistics.counting import per_thousand
from tori.statistics.gathered import Gathered, TellerGroup, gather

TOP_PLACES = 10
MOST_TOP_ROWS = 15
SMALL_POPULATION = 10_000
"""A municipality with fewer inhabitants is a small one."""


@dataclass(frozen=True)
class RankedOrganisation:
    """``place`` is shared by equals. ``per_thousand`` is None for others than municipalities. ``since`` is the year of
    its first deed, ``is_new`` when that is this year."""

    place: int
    is_tied: bool
    slug: str
    name: str
    deeds: int
    per_thousand: float | None
    received: int
    made: int
    since: int
    is_new: bool


@dataclass(frozen=True)
class Ranking:
    """``left_out`` organisations share the place after the last one shown; ties are never cut in two."""

    rows: list[RankedOrganisation]
    left_out: int
    left_out_deeds: int


@dataclass(frozen=True)
class Rankings:
    """``every`` has all organisations with deeds, ``top`` its first places, ``small`` the small municipalities by
    deeds for each thousand inhabitants."""

    every: list[RankedOrganisation]
    top: Ranking
    small: list[RankedOrganisation]


def rankings(session: Session, locale: str, gathered: Gathered | None = None) -> Rankings:
    rows = gathered or gather(session)
    made = Counter(rows.taken)
    groups = sorted(
        rows.tellers, key=lambda group: (-group.deeds, alphabetical(rows.organisations[group.organisation_id].name))
    )
    counts = [group.deeds for group in groups]
    every = [
        _ranked(group, rows.organisations[group.organisation_id], place, made[group.organisation_id], locale)
        for group, place in zip(groups, places_of(counts), strict=True)
    ]
    shown = whole_places(counts)
    next_count = counts[shown] if shown < len(counts) else 0
    left_out = counts.count(next_count) if next_count else 0
    places = [rows.organisations[group.organisation_id] for group in groups]
    small = {place.slug for place in places if 0 < (population_of(place) or 0) < SMALL_POPULATION}
    return Rankings(
        every,
        Ranking(every[:shown], left_out, next_count),
        _by_inhabitants([row for row in every if row.slug in small]),
    )


def _ranked(
    group: TellerGroup, organisation: Organisation, place: tuple[int, bool], made: int, locale: str
) -> RankedOrganisation:
    since = clock.in_finland(group.first).year
    return RankedOrganisation(
        place=place[0],
        is_tied=place[1],
        slug=organisation.slug,
        name=organisation.name_in(locale),
        deeds=group.deeds,
        per_thousand=per_thousand(group.deeds, population_of(organisation)),
        received=group.received,
        made=made,
        since=since,
        is_new=since == clock.today().year,
    )


def top_organisations(session: Session, locale: str) -> Ranking:
    """Organisations by the number of deeds. The places go to the tenth; those who share the last place are shown all
    or not at all."""
    return rankings(session, locale).top


def population_of(organisation: Organisation) -> int | None:
    """Inhabitants of a municipality; None for other organisations."""
    if organisation.kind != OrganisationKind.MUNICIPALITY or organisation.municipality is None:
        return None
    return organisation.municipality.population


def places_of(values: Sequence[float]) -> list[tuple[int, bool]]:
    """Place and whether it is shared, of values that go downwards."""
    return [(values.index(value) + 1, values.count(value) > 1) for value in values]


def _by_inhabitants(rows: list[RankedOrganisation]) -> list[RankedOrganisation]:
    ordered = sorted(rows, key=lambda row: (-(row.per_thousand or 0), row.name))
    places = places_of([row.per_thousand or 0 for row in ordered])
    placed = [
        replace(row, place=place, is_tied=is_tied)
        for row, (place, is_tied) in zip(ordered, places, strict=True)
    ]  # fmt: skip
    return placed[: whole_places([row.per_thousand or 0 for row in ordered])]


def whole_places(counts: Sequence[float]) -> int:
    """How many rows fill the places up to the tenth without cutting a tie; ``counts`` go downwards."""
    shown = 0
    while shown < min(len(counts), TOP_PLACES):
        group = counts.count(counts[shown])
        if shown + group > MOST_TOP_ROWS and shown:
            break
        shown += min(group, MOST_TOP_ROWS)
    return shown
