"""What the author of deeds sees of their life: read, kept, asked about, taken as a model. In few, fixed statements."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, literal, select, union_all
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.models.deeds import IN_USE_STATUSES, PUBLIC_STATUSES, Adoption, Comment, CommentKind, Deed
from tori.models.people import User
from tori.models.reading import DeedReading, ReaderRequest, SavedDeed

MONTHS_SHOWN = 12
MAX_ADOPTIONS = 1000


@dataclass(frozen=True)
class DeedLife:
    """A deed of one's own in figures. ``requests`` are parts that readers asked for and that are still empty."""

    id: int
    title: str
    slug: str
    language: str
    published_at: datetime | None
    is_breakthrough: bool
    readers: int
    saves: int
    questions: int
    comments: int
    requests: int
    adoptions: int
    in_use: int


def lives(session: Session, user: User) -> list[DeedLife]:
    """The person's public deeds, those that were taken most first. One statement."""

    def counted(column: object, *conditions: object) -> ScalarSelect[int]:
        statement = select(func.count()).where(column == Deed.id, *conditions)  # type: ignore[arg-type]
        return statement.correlate(Deed).scalar_subquery()

    columns: list[Any] = [
        Deed.id,
        Deed.title,
        Deed.slug,
        Deed.language,
        Deed.published_at,
        Deed.breakthrough_at.is_not(None),
        select(func.coalesce(func.sum(DeedReading.readers), 0))
        .where(DeedReading.deed_id == Deed.id)
        .correlate(Deed)
        .scalar_subquery(),
        counted(SavedDeed.deed_id),
        counted(Comment.deed_id, Comment.kind == CommentKind.QUESTION, Comment.removed_at.is_(None)),
        Deed.comment_count,
        counted(ReaderRequest.deed_id, ReaderRequest.answered_at.is_(None)),
        Deed.adoption_count,
        counted(Adoption.deed_id, Adoption.status.in_(IN_USE_STATUSES)),
    ]
    rows = session.execute(
        select(*columns)
        .where(Deed.author_id == user.id, Deed.status.in_(PUBLIC_STATUSES))
        .order_by(Deed.adoption_count.desc(), Deed.published_at.desc(), Deed.id)
    )
    return [DeedLife(*row) for row in rows]


def adoptions_of(session: Session, user: User) -> list[Adoption]:
    """Who has taken the person's models, the newest first. One statement."""
    return list(
        session.scalars(
            select(Adoption)
            .join(Deed, Deed.id == Adoption.deed_id)
            .where(Deed.author_id == user.id, Deed.status.in_(PUBLIC_STATUSES))
            .options(joinedload(Adoption.deed), joinedload(Adoption.organisation))
            .order_by(Adoption.created_at.desc(), Adoption.id.desc())
            .limit(MAX_ADOPTIONS)
        )
    )


def _last_months() -> list[date]:
    """The first days of the last twelve months, this one last."""
    first = clock.today().replace(day=1)
    return [clock.shift_months(first, -back) for back in reversed(range(MONTHS_SHOWN))]


def by_month(adoptions: list[Adoption]) -> list[tuple[date, int]]:
    """The first days of the last twelve months, and how many adoptions each brought."""
    counted = Counter(_month_of(row.created_at) for row in adoptions)
    return [(day, counted[day]) for day in _last_months()]


def _month_of(moment: datetime) -> date:
    return clock.in_finland(moment).date().replace(day=1)


@dataclass(frozen=True)
class MonthOfDeeds:
    """What a month brought to all deeds of one author."""

    day: date
    readers: int
    saves: int
    questions: int
    adoptions: int


@dataclass(frozen=True)
class YearOfDeeds:
    """The last twelve months. ``channels`` are the tags of the links that led to readers, the most first."""

    months: list[MonthOfDeeds]
    channels: list[tuple[str, int]]

    @property
    def readers(self) -> int:
        return sum(month.readers for month in self.months)


def year_of(session: Session, user: User, adoptions: list[Adoption]) -> YearOfDeeds:
    """Two statements, however many deeds there are."""
    months = _last_months()
    own = (Deed.author_id == user.id, Deed.status.in_(PUBLIC_STATUSES))
    readers: Counter[date] = Counter()
    channels: Counter[str] = Counter()
    for day, channel, count in session.execute(
        select(DeedReading.day, DeedReading.channel, func.sum(DeedReading.readers))
        .join(Deed, Deed.id == DeedReading.deed_id)
        .where(*own, DeedReading.day >= months[0])
        .group_by(DeedReading.day, DeedReading.channel)
    ):
        readers[day.replace(day=1)] += count
        channels[channel] += count
    begin = clock.start_of_day(months[0])
    saved = (
        select(literal("saves"), SavedDeed.created_at)
        .join(Deed, Deed.id == SavedDeed.deed_id)
        .where(*own, SavedDeed.created_at >= begin)
    )
    asked = (
        select(literal("questions"), Comment.created_at)
        .join(Deed, Deed.id == Comment.deed_id)
        .where(*own, Comment.kind == CommentKind.QUESTION, Comment.removed_at.is_(None), Comment.created_at >= begin)
    )
    others = Counter((what, _month_of(moment)) for what, moment in session.execute(union_all(saved, asked)))
    taken = dict(by_month(adoptions))
    return YearOfDeeds(
        [MonthOfDeeds(day, readers[day], others["saves", day], others["questions", day], taken[day]) for day in months],
        channels.most_common(),
    )
