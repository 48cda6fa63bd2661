"""A team looks at a deed together: everybody answers the same four questions on the own phone, and sees the sum.

The link is the right to answer; nobody signs in. Only the numbers are kept, and they go after ninety days.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex, token_urlsafe

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import TeamLookClosed, TeamLookOpened, record
from tori.database import transaction
from tori.models.deeds import Deed
from tori.models.reading import TeamAnswer, TeamLook
from tori.policy import Actor, Permission, require

QUESTIONS = ("need", "means", "benefit", "begin")
CHOICES = ("yes", "partly", "no")
FEWEST = 3
"""Fewer answers are not shown: one could guess whose they are."""
KEPT = timedelta(days=90)
MAX_ANSWERS = 500
MAX_KEY = 43


def begin(session: Session, actor: Actor, deed: Deed) -> TeamLook:
    """The person's open look at this deed, a new one when there is none."""
    require(actor, Permission.DEED_KEEP, deed)
    known = session.scalar(
        select(TeamLook)
        .where(TeamLook.user_id == actor.id, TeamLook.deed_id == deed.id, TeamLook.closed_at.is_(None))
        .order_by(TeamLook.id.desc())
    )
    if known is not None:
        return known
    look = TeamLook(user_id=actor.id, deed_id=deed.id, key=token_urlsafe(32))
    session.add(look)
    record(session, TeamLookOpened(actor_id=actor.id, deed_id=deed.id))
    return look


def find(session: Session, key: str) -> TeamLook:
    """Raises NotFound, also when the deed has left the square."""
    look = None
    if len(key) == MAX_KEY:
        statement = select(TeamLook).where(TeamLook.key == key).options(joinedload(TeamLook.deed))
        look = session.scalar(statement)
    if look is None or not look.deed.is_public:
        raise NotFound("team look")
    return look


def answer(session: Session, key: str, chosen: Mapping[str, str]) -> None:
    """One answer of nobody. Questions may be left out, but not all."""
    look = find(session, key)
    if look.closed_at is not None:
        raise RuleBroken("look_closed")
    kept = {name: chosen[name] for name in QUESTIONS if chosen.get(name) in CHOICES}
    if not kept:
        raise RuleBroken("nothing_answered")
    if len(_answers(session, look)) >= MAX_ANSWERS:
        raise RuleBroken("too_many_items", limit=MAX_ANSWERS)
    session.add(TeamAnswer(id=token_hex(16), look_id=look.id, answers=kept))


@dataclass(frozen=True)
class Sum:
    """``rows`` are question -> choice -> how many; None while fewer than three have answered."""

    answers: int
    rows: dict[str, Counter[str]] | None


def sum_of(session: Session, look: TeamLook) -> Sum:
    told = _answers(session, look)
    if len(told) < FEWEST:
        return Sum(len(told), None)
    return Sum(len(told), {name: Counter(row[name] for row in told if name in row) for name in QUESTIONS})


def _answers(session: Session, look: TeamLook) -> list[dict[str, str]]:
    return list(session.scalars(select(TeamAnswer.answers).where(TeamAnswer.look_id == look.id)))


def is_keeper(actor: Actor, look: TeamLook) -> bool:
    return actor.is_member and look.user_id == actor.id


def close(session: Session, actor: Actor, key: str) -> TeamLook:
    """No more answers; the sum can be read until it goes. Raises NotFound for everybody but who opened it."""
    require(actor, Permission.ACCOUNT_OWN)
    look = find(session, key)
    if not is_keeper(actor, look):
        raise NotFound("team look")
    if look.closed_at is None:
        look.closed_at = clock.now()
        record(session, TeamLookClosed(actor_id=actor.id, deed_id=look.deed_id))
    return look


def sweep(config: Config) -> None:
    with transaction() as session:
        session.execute(delete(TeamLook).where(TeamLook.created_at < clock.now() - KEPT))
