"""What campaigns brought."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.models.campaigns import Campaign
from tori.models.deeds import Deed
from tori.statistics.counting import COUNTED
from tori.statistics.gathered import Gathered, gather
from tori.statistics.spans import deeds_within, of_days

DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class CampaignEffect:
    """``deeds`` name the campaign, ``newcomers`` are organisations whose first deed is among them.

    ``weekly`` is all new deeds a week while it has run, ``weekly_before`` in an equally long time just before it.
    """

    slug: str
    name: str
    starts_on: date
    ends_on: date
    deeds: int
    newcomers: int
    weekly: float
    weekly_before: float


def campaign_effects(session: Session, gathered: Gathered | None = None) -> list[CampaignEffect]:
    """Campaigns that have begun and have deeds, the newest first. Four statements beside what is gathered."""
    today = clock.today()
    numbers = dict(
        iter(
            session.execute(
                select(Deed.campaign_id, func.count())
                .where(COUNTED, Deed.campaign_id.is_not(None))
                .group_by(Deed.campaign_id)
            )
        )
    )
    campaigns = session.scalars(
        select(Campaign)
        .where(Campaign.id.in_(numbers), Campaign.starts_on <= today)
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    ).all()
    if not campaigns:
        return []
    counted = [(campaign, numbers[campaign.id]) for campaign in campaigns]
    spans = [(row.starts_on, min(row.ends_on, today) + timedelta(days=1)) for row in campaigns]
    before = [(start - (end - start), start) for start, end in spans]
    moments = deeds_within(session, of_days([*spans, *before]))
    newcomers = _newcomers(session, gathered or gather(session))
    return [
        CampaignEffect(
            slug=campaign.slug,
            name=campaign.name,
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
            deeds=count,
            newcomers=newcomers[campaign.id],
            weekly=_weekly(moments[place], spans[place]),
            weekly_before=_weekly(moments[len(spans) + place], spans[place]),
        )
        for place, (campaign, count) in enumerate(counted)
    ]


def _weekly(deeds: int, span: tuple[date, date]) -> float:
    return round(DAYS_IN_WEEK * deeds / (span[1] - span[0]).days, 1)


def _newcomers(session: Session, gathered: Gathered) -> Counter[int | None]:
    """Campaign id -> organisations whose first deed belongs to it. Of deeds of one moment the first written counts."""
    opened = {group.organisation_id: group.first for group in gathered.tellers}
    rows = session.execute(
        select(Deed.organisation_id, Deed.published_at, Deed.campaign_id)
        .where(COUNTED, Deed.published_at.in_(set(opened.values())))
        .order_by(Deed.id.desc())
    )
    first = {number: campaign_id for number, moment, campaign_id in rows if moment == opened[number]}
    return Counter(first.values())
