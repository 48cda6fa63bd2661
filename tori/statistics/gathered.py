"""The rows behind most figures, grouped once by the database: a scan of the deeds and one of the adoptions."""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tori.models.deeds import IN_USE_STATUSES, Adoption, Deed
from tori.models.people import Organisation
from tori.statistics.counting import COUNTED, COUNTED_ADOPTION


class DeedGroup(NamedTuple):
    sector_id: int
    maturity: str | None
    is_short: bool
    is_small: bool
    language: str
    deeds: int


class TellerGroup(NamedTuple):
    """The deeds of one organisation. ``received`` are adoptions of them."""

    organisation_id: int
    deeds: int
    received: int
    first: datetime
    comments: int
    breakthroughs: int


class AdoptionGroup(NamedTuple):
    organisation_id: int
    closeness: str | None
    status: str | None
    adoptions: int

    @property
    def is_confirmed(self) -> bool:
        return self.status in IN_USE_STATUSES


@dataclass(frozen=True)
class Gathered:
    """``organisations`` are those that have told or taken something, with their municipality."""

    deeds: list[DeedGroup]
    tellers: list[TellerGroup]
    adoptions: list[AdoptionGroup]
    organisations: dict[int, Organisation]

    def deeds_by(self, key: Callable[[DeedGroup], Hashable]) -> Counter[Any]:
        counts: Counter[Any] = Counter()
        for group in self.deeds:
            counts[key(group)] += group.deeds
        return counts

    def adoptions_by(self, key: Callable[[AdoptionGroup], Hashable]) -> Counter[Any]:
        counts: Counter[Any] = Counter()
        for group in self.adoptions:
            counts[key(group)] += group.adoptions
        return counts


def gather(session: Session) -> Gathered:
    """Four statements."""
    what = (Deed.sector_id, Deed.maturity, Deed.is_short, Deed.is_small, Deed.language)
    deeds = session.execute(select(*what, func.count()).where(COUNTED).group_by(*what))
    tellers = session.execute(
        select(
            Deed.organisation_id,
            func.count(),
            func.sum(Deed.adoption_count),
            func.min(Deed.published_at),
            func.sum(Deed.comment_count),
            func.count(Deed.breakthrough_at),
        )
        .where(COUNTED)
        .group_by(Deed.organisation_id)
    )
    how = (Adoption.organisation_id, Adoption.closeness, Adoption.status)
    adoptions = session.execute(select(*how, func.count()).where(COUNTED_ADOPTION).group_by(*how))
    told = [TellerGroup(row[0], row[1], row[2], _known(row[3]), row[4], row[5]) for row in tellers]
    taken = [AdoptionGroup(*row) for row in adoptions]
    numbers = {group.organisation_id for group in told} | {group.organisation_id for group in taken}
    rows = session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(numbers))
        .options(joinedload(Organisation.municipality), joinedload(Organisation.region))
    )
    return Gathered([DeedGroup(*row) for row in deeds], told, taken, {row.id: row for row in rows})


def _known(moment: datetime | None) -> datetime:
    """What counts has been published, so it has a moment."""
    assert moment is not None
    return moment
