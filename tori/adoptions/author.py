"""What the author of deeds sees of their life: kept, asked about, taken as a model. A fixed number of statements."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.models.deeds import IN_USE_STATUSES, PUBLIC_STATUSES, Adoption, Comment, CommentKind, Deed
from tori.models.people import User
from tori.models.reading import ReaderRequest, SavedDeed

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


def by_month(adoptions: list[Adoption]) -> list[tuple[date, int]]:
    """The first days of the last twelve months, and how many adoptions each brought."""
    today = clock.today()
    counted = Counter(clock.in_finland(row.created_at).date().replace(day=1) for row in adoptions)
    months = [today.year * 12 + today.month - 1 - back for back in range(MONTHS_SHOWN)]
    days = [date(number // 12, number % 12 + 1, 1) for number in reversed(months)]
    return [(day, counted[day]) for day in days]
