"""The jury: evaluators with their own queue, criteria with weights, conflicts of interest, the spread of the marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import CampaignChanged, DeedScored, JuryChanged, record
from tori.core.text import clean_line, clean_text
from tori.models.campaigning import JuryMember, JuryScore, ShortlistedDeed
from tori.models.campaigns import Campaign, CampaignState
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.people import User
from tori.policy import Actor, Permission, require

SCALE = range(1, 6)
MAX_NOTE = 1500
MAX_WEIGHT = 10
MAX_CRITERIA = 10


@dataclass(frozen=True)
class Judgement:
    """Marks by the id of the criterion; or a conflict of interest, and then none."""

    marks: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    has_conflict: bool = False


def set_criteria(session: Session, actor: Actor, campaign: Campaign, criteria: Sequence[tuple[str, int]]) -> None:
    """Names with weights. A criterion keeps its marks as long as its name stays."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    if len(criteria) > MAX_CRITERIA:
        raise RuleBroken("too_many_items", "criteria", limit=MAX_CRITERIA)
    known = {row["label"]: row["id"] for row in campaign.criteria}
    greatest = max((int(number[1:]) for number in known.values()), default=0)
    rows: list[dict[str, Any]] = []
    for name, weight in criteria:
        label = clean_line(name)[:150]
        if not 1 <= weight <= MAX_WEIGHT:
            raise RuleBroken("bad_weight", "criteria", limit=MAX_WEIGHT)
        if label not in known:
            greatest += 1
            known[label] = f"k{greatest}"
        rows.append({"id": known[label], "label": label, "weight": weight})
    campaign.criteria = rows
    record(session, CampaignChanged(actor_id=actor.id, campaign_id=campaign.id))


def add_member(session: Session, actor: Actor, campaign: Campaign, user: User) -> JuryMember:
    require(actor, Permission.CAMPAIGN_MANAGE)
    row = session.scalar(select(JuryMember).where(JuryMember.campaign_id == campaign.id, JuryMember.user_id == user.id))
    if row is None:
        row = JuryMember(campaign_id=campaign.id, user_id=user.id)
        session.add(row)
        session.flush()
        record(session, JuryChanged(actor_id=actor.id, campaign_id=campaign.id, user_id=user.id, is_in=True))
    return row


def remove_member(session: Session, actor: Actor, row: JuryMember) -> None:
    """The marks go with the evaluator."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    campaign_id, user_id = row.campaign_id, row.user_id
    session.delete(row)
    record(session, JuryChanged(actor_id=actor.id, campaign_id=campaign_id, user_id=user_id, is_in=False))


def membership(session: Session, actor: Actor, campaign: Campaign) -> JuryMember:
    """Raises NotFound for whoever is not in the jury."""
    require(actor, Permission.ACCOUNT_OWN)
    row = session.scalar(
        select(JuryMember).where(JuryMember.campaign_id == campaign.id, JuryMember.user_id == actor.id)
    )
    if row is None:
        raise NotFound("jury")
    return row


def juries_of(session: Session, actor: Actor) -> list[Campaign]:
    """The campaigns that somebody judges just now."""
    return list(
        session.scalars(
            select(Campaign)
            .join(JuryMember, JuryMember.campaign_id == Campaign.id)
            .where(JuryMember.user_id == actor.id, Campaign.state == CampaignState.CLOSED)
            .order_by(Campaign.id)
        )
    )


def is_own(actor: Actor, deed: Deed) -> bool:
    """A deed of one's own, or of one's own organisation: never judged, whatever the evaluator says."""
    organisations = {deed.organisation_id, *(row.id for row in deed.co_organisations)}
    makers = {deed.author_id, *(row.id for row in deed.co_authors)}
    return actor.id in makers or bool(organisations & actor.organisation_ids)


def judge(session: Session, actor: Actor, campaign: Campaign, deed: Deed, given: Judgement) -> JuryScore:
    """Keeps the marks; again changes them, until the jury has decided."""
    member = membership(session, actor, campaign)
    if campaign.state != CampaignState.CLOSED:
        raise RuleBroken("jury_not_open")
    if deed.campaign_id != campaign.id or not deed.is_public:
        raise NotFound("deed")
    if is_own(actor, deed):
        raise RuleBroken("judges_own")
    note = clean_text(given.note)
    if len(note) > MAX_NOTE:
        raise RuleBroken("text_too_long", "note", limit=MAX_NOTE)
    wanted = {row["id"] for row in campaign.criteria}
    if not given.has_conflict and (set(given.marks) != wanted or not all(m in SCALE for m in given.marks.values())):
        raise RuleBroken("marks_missing", "marks")
    row = session.scalar(select(JuryScore).where(JuryScore.member_id == member.id, JuryScore.deed_id == deed.id))
    if row is None:
        row = JuryScore(member_id=member.id, deed_id=deed.id)
        session.add(row)
    row.marks = {} if given.has_conflict else dict(given.marks)
    row.note, row.has_conflict, row.scored_at = note, given.has_conflict, clock.now()
    session.flush()
    record(session, DeedScored(actor_id=actor.id, campaign_id=campaign.id, deed_id=deed.id))
    return row


def shortlist(session: Session, actor: Actor, campaign: Campaign, deed: Deed, is_in: bool) -> None:
    require(actor, Permission.CAMPAIGN_MANAGE)
    if campaign.vote_from is not None and campaign.vote_from <= clock.today():
        raise RuleBroken("vote_is_open")
    row = session.get(ShortlistedDeed, deed.id)
    if is_in and row is None and deed.campaign_id == campaign.id:
        session.add(ShortlistedDeed(deed_id=deed.id, campaign_id=campaign.id))
    elif not is_in and row is not None:
        session.delete(row)
    record(session, CampaignChanged(actor_id=actor.id, campaign_id=campaign.id))


# Reading


def _deeds(session: Session, campaign: Campaign) -> Sequence[Deed]:
    return session.scalars(
        select(Deed)
        .where(Deed.campaign_id == campaign.id, Deed.status.in_(PUBLIC_STATUSES))
        .options(joinedload(Deed.organisation), selectinload(Deed.co_organisations), selectinload(Deed.co_authors))
        .order_by(Deed.published_at, Deed.id)
    ).all()


def queue_of(session: Session, actor: Actor, campaign: Campaign) -> list[tuple[Deed, JuryScore | None]]:
    """The deeds that the evaluator may judge, unjudged ones first. Nobody sees the marks of others."""
    member = membership(session, actor, campaign)
    own = {row.deed_id: row for row in session.scalars(select(JuryScore).where(JuryScore.member_id == member.id))}
    rows = [(deed, own.get(deed.id)) for deed in _deeds(session, campaign) if not is_own(actor, deed)]
    return sorted(rows, key=lambda row: row[1] is not None)


def score_of(session: Session, actor: Actor, campaign: Campaign, deed_id: int) -> JuryScore | None:
    member = membership(session, actor, campaign)
    return session.scalar(select(JuryScore).where(JuryScore.member_id == member.id, JuryScore.deed_id == deed_id))


def members_of(session: Session, campaign: Campaign) -> list[JuryMember]:
    return list(
        session.scalars(
            select(JuryMember)
            .where(JuryMember.campaign_id == campaign.id)
            .options(joinedload(JuryMember.user))
            .order_by(JuryMember.id)
        )
    )


def weighted(criteria: Sequence[Mapping[str, Any]], marks: Mapping[str, Any]) -> float | None:
    """The mean of the marks by the weights; None when a criterion has none."""
    if not criteria or any(row["id"] not in marks for row in criteria):
        return None
    return float(sum(row["weight"] * marks[row["id"]] for row in criteria) / sum(row["weight"] for row in criteria))


@dataclass(frozen=True)
class Placing:
    """``spread`` is the greatest mark less the least one: where the jury disagrees it has something to talk over."""

    deed: Deed
    mean: float | None
    spread: float
    judges: int
    conflicts: int
    notes: Sequence[str]
    is_shortlisted: bool


def placings(session: Session, campaign: Campaign) -> list[Placing]:
    """All deeds, the best first. For the manager."""
    given: dict[int, list[JuryScore]] = {}
    for row in session.scalars(
        select(JuryScore)
        .join(JuryMember, JuryMember.id == JuryScore.member_id)
        .where(JuryMember.campaign_id == campaign.id)
        .order_by(JuryScore.id)
    ):
        given.setdefault(row.deed_id, []).append(row)
    listed = set(session.scalars(select(ShortlistedDeed.deed_id).where(ShortlistedDeed.campaign_id == campaign.id)))
    result = []
    for deed in _deeds(session, campaign):
        rows = given.get(deed.id, [])
        values = [value for row in rows if (value := weighted(campaign.criteria, row.marks)) is not None]
        result.append(
            Placing(
                deed=deed, mean=sum(values) / len(values) if values else None,
                spread=max(values) - min(values) if values else 0.0, judges=len(values),
                conflicts=sum(row.has_conflict for row in rows), notes=[row.note for row in rows if row.note],
                is_shortlisted=deed.id in listed,
            )
        )  # fmt: skip
    return sorted(result, key=lambda row: (-(row.mean or 0), row.deed.title))
