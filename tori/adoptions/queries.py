"""Reading how models spread. Every function is one statement, whatever the number of rows, unless it says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.models.adoptions import FollowUp
from tori.models.base import Named
from tori.models.deeds import IN_USE_STATUSES, PUBLIC_STATUSES, Adoption, Deed
from tori.models.people import Organisation

MAX_ADOPTIONS = 2000
PLACES = 10
MOST_ROWS = 20


@dataclass(frozen=True)
class Summary:
    """How widely a model has been taken: organisations, those that use it now, and regions and municipalities."""

    adoptions: int = 0
    in_use: int = 0
    regions: int = 0
    municipalities: int = 0


def summaries(session: Session, deed_ids: Sequence[int]) -> dict[int, Summary]:
    """Deed -> its figures, for a list of deeds."""
    found = dict.fromkeys(deed_ids, Summary())
    rows = session.execute(
        select(
            Adoption.deed_id,
            func.count(Adoption.id),
            func.sum(case((Adoption.status.in_(IN_USE_STATUSES), 1), else_=0)),
            func.count(Organisation.region_id.distinct()),
            func.count(Organisation.municipality_id.distinct()),
        )
        .join(Organisation, Organisation.id == Adoption.organisation_id)
        .where(Adoption.deed_id.in_(deed_ids))
        .group_by(Adoption.deed_id)
    )
    for deed_id, adoptions, in_use, regions, municipalities in rows:
        found[deed_id] = Summary(adoptions, int(in_use or 0), regions, municipalities)
    return found


@dataclass(frozen=True)
class Taker:
    """An organisation that took a model, where it is and how far it has come."""

    organisation: str
    slug: str
    municipality_code: str | None
    municipality: str | None
    region: str | None
    since: date
    closeness: str | None
    status: str | None


def takers(session: Session, deed_id: int, locale: str) -> list[Taker]:
    """Who took the model, the first ones first."""
    rows = session.scalars(
        select(Adoption)
        .where(Adoption.deed_id == deed_id)
        .options(
            joinedload(Adoption.organisation).joinedload(Organisation.municipality),
            joinedload(Adoption.organisation).joinedload(Organisation.region),
        )
        .order_by(Adoption.created_at, Adoption.id)
        .limit(MAX_ADOPTIONS)
    )
    return [_taker(row, locale) for row in rows]


def _taker(row: Adoption, locale: str) -> Taker:
    place = row.organisation.municipality
    return Taker(
        organisation=row.organisation.name_in(locale),
        slug=row.organisation.slug,
        municipality_code=place.code if place else None,
        municipality=_name(place, locale),
        region=_name(row.organisation.region, locale),
        since=clock.in_finland(row.created_at).date(),
        closeness=row.closeness,
        status=row.status,
    )


def _name(place: Named | None, locale: str) -> str | None:
    return place.name_in(locale) if place else None


@dataclass(frozen=True)
class RankedTaker:
    """``place`` is shared by equals."""

    place: int
    is_tied: bool
    name: str
    slug: str
    models: int
    in_use: int


def years(session: Session) -> list[int]:
    """From this year back to the first one with an adoption."""
    first = session.scalar(select(func.min(Adoption.created_at)))
    this_year = clock.today().year
    return list(range(this_year, clock.in_finland(first).year - 1, -1)) if first else [this_year]


def takers_of_year(session: Session, year: int, locale: str) -> tuple[list[RankedTaker], int]:
    """Organisations by the number of models they took in the year, and how many were left out after the last place.

    Places go to the tenth, and a tie is shown whole or not at all.
    """
    models = func.count(Adoption.id)
    rows = session.execute(
        select(
            Organisation,
            models,
            func.sum(case((Adoption.status.in_(IN_USE_STATUSES), 1), else_=0)),
        )
        .join(Adoption, Adoption.organisation_id == Organisation.id)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(
            Deed.status.in_(PUBLIC_STATUSES),
            Adoption.created_at >= clock.start_of_day(date(year, 1, 1)),
            Adoption.created_at < clock.start_of_day(date(year + 1, 1, 1)),
        )
        .group_by(Organisation.id)
        .order_by(models.desc(), Organisation.name)
    ).all()
    counts = [row[1] for row in rows]
    shown = whole_places(counts)
    ranked = [
        RankedTaker(
            place=counts.index(count) + 1,
            is_tied=counts.count(count) > 1,
            name=organisation.name_in(locale),
            slug=organisation.slug,
            models=count,
            in_use=int(in_use or 0),
        )
        for organisation, count, in_use in rows[:shown]
    ]
    return ranked, len(rows) - shown


def whole_places(counts: Sequence[int]) -> int:
    """How many rows fill the places without cutting a tie; ``counts`` go downwards. The first place is always whole."""
    shown = 0
    while shown < min(len(counts), PLACES):
        group = counts.count(counts[shown])
        if shown and shown + group > MOST_ROWS:
            break
        shown += group
    return shown


@dataclass(frozen=True)
class ReplyRate:
    """How many of the mails of a month's follow-up were answered."""

    month: int
    sent: int
    answered: int

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.sent) if self.sent else 0


def reply_rates(session: Session) -> list[ReplyRate]:
    rows = session.execute(
        select(FollowUp.month, func.count(), func.count(FollowUp.answered_at))
        .group_by(FollowUp.month)
        .order_by(FollowUp.month)
    )
    return [ReplyRate(*row) for row in rows]
