"""What the campaign manager sees every morning: the pace, what is missing, and whom to ask next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tori.campaigns import figures
from tori.core import clock
from tori.models.campaigns import Campaign, CampaignAnswer, CampaignKind
from tori.models.deeds import PUBLIC_STATUSES, Deed, DeedStatus
from tori.models.people import Membership, Organisation, User

MOST_ASKED = 12
EARLIER_SHOWN = 4
CHECKPOINTS = 12
"""At most so many days are shown beside each other."""


@dataclass(frozen=True)
class Standing:
    """Where the campaign is on its day ``day`` of ``length``.

    ``expected`` is the goal's share of the days gone; ``earlier_then`` what the earlier campaign had on the same day.
    ``recorded`` is the whole result of the earlier one as its source tells it, where its days are not known.
    """

    day: int
    length: int
    deeds: int
    goal: int | None
    expected: int | None
    earlier: str
    earlier_then: int | None
    recorded: int | None
    drafts: int
    rows: Sequence[tuple[int, int | None, int | None, int | None]]
    """Day, this campaign (None when it lies ahead), the earlier one, the even way to the goal."""


def standing(session: Session, campaign: Campaign, today: date) -> Standing:
    """Four statements at most."""
    length = (campaign.last_day - campaign.starts_on).days + 1
    day = max(0, min(length, (today - campaign.starts_on).days + 1))
    own = figures.pace_of(session, campaign, today)
    earlier = session.get(Campaign, campaign.earlier_id) if campaign.earlier_id else None
    other = figures.pace_of(session, earlier, earlier.last_day) if earlier else None
    has_days = other is not None and other.at(len(other.by_day)) > 0
    recorded = (earlier.facts.get("results") or {}).get("new_deeds") if earlier and not has_days else None
    goal = campaign.goal_deeds
    drafts = session.scalar(
        select(func.count()).where(
            Deed.campaign_id == campaign.id, Deed.status.in_((DeedStatus.DRAFT, DeedStatus.IN_REVIEW))
        )
    )
    step = max(1, -(-length // CHECKPOINTS))
    days = sorted({*range(step, length, step), length, *([day] if day else [])})
    rows = [
        (
            number,
            own.at(number) if number <= day else None,
            other.at(number) if other is not None and has_days else None,
            round(goal * number / length) if goal else None,
        )
        for number in days
    ]
    return Standing(
        day=day, length=length, deeds=own.at(day), goal=goal,
        expected=round(goal * day / length) if goal else None, earlier=earlier.name if earlier else "",
        earlier_then=other.at(day) if other is not None and has_days else None, recorded=recorded,
        drafts=drafts or 0, rows=rows,
    )  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """``then``: deeds by the same day of its time, where the days are known; ``whole``: counted, or as recorded."""

    slug: str
    name: str
    then: int | None
    whole: int | None
    qualifier: str


def earlier_ones(session: Session, campaign: Campaign, today: date) -> list[Earlier]:
    """The newest campaigns that brought deeds before this one. Two statements."""
    day = max(0, (today - campaign.starts_on).days + 1)
    rows = session.scalars(
        select(Campaign)
        .where(
            Campaign.ends_on < campaign.starts_on, Campaign.is_public.is_(True),
            Campaign.kind.in_((CampaignKind.OPEN, CampaignKind.CHALLENGE, CampaignKind.THEME_MONTH)),
        )
        .order_by(Campaign.starts_on.desc())
        .limit(EARLIER_SHOWN)
    ).all()  # fmt: skip
    moments: dict[int, list[date]] = {row.id: [] for row in rows}
    for campaign_id, moment in session.execute(
        select(Deed.campaign_id, Deed.published_at).where(
            Deed.campaign_id.in_(list(moments)), Deed.status.in_(PUBLIC_STATUSES), Deed.published_at.is_not(None)
        )
    ):
        if campaign_id is not None and moment is not None:
            moments[campaign_id].append(clock.in_finland(moment).date())
    found = []
    for row in rows:
        told = row.facts.get("results") or {}
        days, recorded = moments[row.id], told.get("new_deeds")
        is_counted = bool(days) and (recorded is None or len(days) >= recorded)
        then = sum((moment - row.starts_on).days < day for moment in days) if is_counted else None
        qualifier = "" if is_counted else str(told.get("qualifier") or "")
        found.append(Earlier(row.slug, row.name, then, len(days) if is_counted else recorded, qualifier))
    return [row for row in found if row.whole]


def missing_from_last_time(session: Session, campaign: Campaign) -> list[Organisation]:
    """Organisations of the earlier campaign that are not in this one yet, those with most deeds first."""
    if campaign.earlier_id is None:
        return []
    public = Deed.status.in_(PUBLIC_STATUSES)
    here = select(Deed.organisation_id).where(Deed.campaign_id == campaign.id, public)
    return list(
        session.scalars(
            select(Organisation)
            .join(Deed, Deed.organisation_id == Organisation.id)
            .where(
                Deed.campaign_id == campaign.earlier_id, public, Organisation.id.not_in(here),
                Organisation.ended_on.is_(None),
            )
            .group_by(Organisation.id)
            .order_by(func.count().desc(), Organisation.name)
            .limit(MOST_ASKED)
        )
    )  # fmt: skip


def makers(session: Session, campaign: Campaign) -> list[User]:
    """Who has told, or begun, a deed of the campaign and can be written to."""
    return list(
        session.scalars(
            select(User)
            .where(
                User.id.in_(select(Deed.author_id).where(Deed.campaign_id == campaign.id)),
                User.confirmed_at.is_not(None), User.disabled_at.is_(None),
            )
            .order_by(User.id)
        )
    )  # fmt: skip


def contacts_of(session: Session, organisations: Sequence[Organisation]) -> list[User]:
    """The contact persons of organisations."""
    return list(
        session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Membership.organisation_id.in_([row.id for row in organisations]), Membership.is_steward.is_(True),
                User.confirmed_at.is_not(None), User.disabled_at.is_(None),
            )
            .distinct()
            .order_by(User.id)
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A deed of the campaign with every answer, in the order of the questions."""

    deed: Deed
    answers: Sequence[str]


def entries(session: Session, campaign: Campaign) -> list[Entry]:
    """All public deeds, the oldest first. Two statements."""
    deeds = session.scalars(
        select(Deed)
        .where(Deed.campaign_id == campaign.id, Deed.status.in_(PUBLIC_STATUSES))
        .options(
            joinedload(Deed.organisation).joinedload(Organisation.municipality),
            joinedload(Deed.organisation).joinedload(Organisation.region), joinedload(Deed.sector),
        )
        .order_by(Deed.published_at, Deed.id)
    ).all()  # fmt: skip
    given: dict[tuple[int, str], str] = {}
    for row in session.scalars(
        select(CampaignAnswer).join(Deed, Deed.id == CampaignAnswer.deed_id).where(Deed.campaign_id == campaign.id)
    ):
        given[row.deed_id, row.question] = row.text
    ids = [question["id"] for question in campaign.questions]
    return [Entry(deed, [given.get((deed.id, name), "") for name in ids]) for deed in deeds]


def published_on(deed: Deed) -> str:
    return clock.in_finland(deed.published_at).date().isoformat() if deed.published_at else ""
