"""Questions and their answers, and searches that found."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.models.deeds import Comment, CommentKind, Deed
from tori.models.searching import SearchLogEntry
from tori.statistics.counting import COUNTED, months_until, percent_of

MONTHS_SEARCHED = 12


@dataclass(frozen=True)
class Questions:
    """``answered`` are questions that the makers have answered or somebody has marked answered."""

    asked: int
    answered: int
    percent: int | None


@dataclass(frozen=True)
class Searches:
    """Searches of the last twelve calendar months, the running one too. ``found`` had a deed that answers well,
    ``opened`` led to a deed."""

    since: date
    made: int
    found: int
    opened: int
    found_percent: int | None


def questions(session: Session) -> Questions:
    """One statement."""
    asked, answered = session.execute(
        select(func.count(), func.count(Comment.answered_at))
        .select_from(Comment)
        .join(Deed, Deed.id == Comment.deed_id)
        .where(COUNTED, Comment.kind == CommentKind.QUESTION, Comment.removed_at.is_(None))
    ).one()
    return Questions(asked, answered, percent_of(answered, asked))


def searches(session: Session) -> Searches:
    """One statement."""
    since = months_until(clock.today(), MONTHS_SEARCHED)[0]
    made, found, opened = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((SearchLogEntry.strong > 0, 1), else_=0)), 0),
            func.count(SearchLogEntry.clicked),
        ).where(SearchLogEntry.day >= since, SearchLogEntry.query != "")
    ).one()
    return Searches(since, made, found, opened, percent_of(found, made))
