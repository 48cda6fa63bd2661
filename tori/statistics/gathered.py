"""The rows behind most figures, grouped once by the database: scans of the deeds and of the adoptions."""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from tori.models.deeds import IN_USE_STATUSES, Adoption, Deed
from tori.models.people import Organisation
from tori.statistics.counting import CONFIRMED, COUNTED, COUNTED_ADOPTION


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
    closeness: str | None
    status: str | None
    adoptions: int

    @property
    def is_confirmed(self) -> bool:
        return self.status in IN_USE_STATUSES


@dataclass(frozen=True)
class Gathered:
    """``taken`` are adoptions by the id of the organisation that made them, ``adopted_deeds`` deeds that have some and
    ``confirmed_deeds`` those in use elsewhere; ``organisations`` have told or taken something."""

    deeds: list[DeedGroup]
    tellers: list[TellerGroup]
    adoptions: list[AdoptionGroup]
    taken: dict[int, int]
    adopted_deeds: int
    confirmed_deeds: int
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
    """Six statements."""
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
    told = [TellerGroup(row[0], row[1], row[2], _known(row[3]), row[4], row[5]) for row in tellers]
    taken = dict(
        iter(
            session.execute(
                select(Adoption.organisation_id, func.count())
                .where(COUNTED_ADOPTION)
                .group_by(Adoption.organisation_id)
            )
        )
    )
    adopted, confirmed = session.execute(
        select(
            select(func.count(Deed.id)).where(COUNTED, exists().where(Adoption.deed_id == Deed.id)).scalar_subquery(),
            select(func.count(Adoption.deed_id.distinct())).where(CONFIRMED, COUNTED_ADOPTION).scalar_subquery(),
        )
    ).one()
    numbers = {group.organisation_id for group in told} | set(taken)
    rows = session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(numbers))
        .options(joinedload(Organisation.municipality), joinedload(Organisation.region))
    )
    return Gathered(
        [DeedGroup(*row) for row in deeds], told, _adoption_groups(session), taken, adopted, confirmed,
        {row.id: row for row in rows},
    )  # fmt: skip


def _adoption_groups(session: Session) -> list[AdoptionGroup]:
    """Grouped by organisation first: that is the order of the index, so nothing is sorted."""
    how = (Adoption.closeness, Adoption.status)
    inner = (
        select(*how, func.count().label("adoptions"))
        .where(COUNTED_ADOPTION)
        .group_by(Adoption.organisation_id, *how)
        .subquery()
    )
    groups = (inner.c.closeness, inner.c.status)
    rows = session.execute(select(*groups, func.sum(inner.c.adoptions)).group_by(*groups))
    return [AdoptionGroup(closeness, status, int(count)) for closeness, status, count in rows]


def _known(moment: datetime | None) -> datetime:
    """What counts has been published, so it has a moment."""
    assert moment is not None
    return moment
