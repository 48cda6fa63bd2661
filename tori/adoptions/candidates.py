"""Practices that editors expect to break through: marked with a reason and followed for years, whatever their numbers
say today. Readers do not see it; the mark of a breakthrough itself comes from use alone (``breakthrough.py``)."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import CandidateLetGo, CandidateMarked, CandidateNoted, record
from tori.core.text import clean_text
from tori.models.adoptions import BreakthroughCandidate
from tori.models.deeds import IN_USE_STATUSES, Adoption, Deed
from tori.models.people import Organisation
from tori.policy import Actor, Permission, require

LOOK_AGAIN = timedelta(days=182)
"""Twice a year is often enough for something that takes years."""
MAX_TEXT = 1_000
MAX_NOTES = 100


@dataclass(frozen=True)
class Followed:
    """How a candidate does: models taken by year, and the organisations and regions where it is in use."""

    candidate: BreakthroughCandidate
    by_year: list[tuple[int, int]]
    organisations: int
    regions: int

    @property
    def is_due(self) -> bool:
        return self.candidate.look_on <= clock.today()


def _text(text: str, field: str) -> str:
    cleaned = clean_text(text)
    if not cleaned:
        raise RuleBroken("value_missing", field)
    if len(cleaned) > MAX_TEXT:
        raise RuleBroken("text_too_long", field, limit=MAX_TEXT)
    return cleaned


def mark(session: Session, actor: Actor, deed: Deed, why: str) -> BreakthroughCandidate:
    """Raises RuleBroken for a deed that is not public, and without a reason. Marked again it keeps its history, and a
    new reason is written down as seen today."""
    require(actor, Permission.CURATE)
    if not deed.is_public:
        raise RuleBroken("not_published", "deed")
    reason = _text(why, "why")
    row = session.get(BreakthroughCandidate, deed.id)
    if row is None:
        row = BreakthroughCandidate(deed_id=deed.id, why=reason, look_on=clock.today() + LOOK_AGAIN, notes=[])
        session.add(row)
        record(session, CandidateMarked(actor_id=actor.id, deed_id=deed.id))
    elif reason != row.why:
        note(session, actor, deed.id, reason)
    return row


def note(session: Session, actor: Actor, deed_id: int, text: str) -> None:
    """What an editor saw when looking. The next look is half a year on."""
    row = _candidate(session, actor, deed_id)
    told = {"on": clock.today().isoformat(), "text": _text(text, "note")}
    row.notes = [told, *row.notes][:MAX_NOTES]
    row.look_on = clock.today() + LOOK_AGAIN
    record(session, CandidateNoted(actor_id=actor.id, deed_id=deed_id))


def let_go(session: Session, actor: Actor, deed_id: int) -> None:
    session.delete(_candidate(session, actor, deed_id))
    record(session, CandidateLetGo(actor_id=actor.id, deed_id=deed_id))


def _candidate(session: Session, actor: Actor, deed_id: int) -> BreakthroughCandidate:
    require(actor, Permission.CURATE)
    row = session.get(BreakthroughCandidate, deed_id)
    if row is None:
        raise NotFound("candidate")
    return row


def followed(session: Session, actor: Actor) -> list[Followed]:
    """Those that wait for a look first, then the nearest. Two statements."""
    require(actor, Permission.CURATE)
    rows = session.scalars(
        select(BreakthroughCandidate)
        .options(joinedload(BreakthroughCandidate.deed).joinedload(Deed.organisation))
        .order_by(BreakthroughCandidate.look_on, BreakthroughCandidate.deed_id)
    ).all()
    years: dict[int, Counter[int]] = {row.deed_id: Counter() for row in rows}
    in_use: dict[int, set[tuple[int, int | None]]] = {row.deed_id: set() for row in rows}
    statement = (
        select(Adoption.deed_id, Adoption.created_at, Adoption.status, Organisation.id, Organisation.region_id)
        .join(Organisation, Organisation.id == Adoption.organisation_id)
        .where(Adoption.deed_id.in_(years))
    )
    for deed_id, since, status, organisation_id, region_id in session.execute(statement):
        years[deed_id][clock.in_finland(since).year] += 1
        if status in IN_USE_STATUSES:
            in_use[deed_id].add((organisation_id, region_id))
    return [
        Followed(
            row,
            sorted(years[row.deed_id].items()),
            len(in_use[row.deed_id]),
            len({region for _organisation, region in in_use[row.deed_id] if region is not None}),
        )
        for row in rows
    ]
