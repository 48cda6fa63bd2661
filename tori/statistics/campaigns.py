"""What campaigns brought."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.models.campaigns import Campaign
from tori.models.deeds import Deed
from tori.statistics.counting import COUNTED, within

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


def campaign_effects(session: Session) -> list[CampaignEffect]:
    """Campaigns that have begun and have deeds, the newest first. Three statements."""
    today = clock.today()
    counted = session.execute(
        select(Campaign, func.count(Deed.id))
        .join(Deed, (Deed.campaign_id == Campaign.id) & COUNTED)
        .where(Campaign.starts_on <= today)
        .group_by(Campaign.id)
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    ).all()
    if not counted:
        return []
    spans = [(row.starts_on, min(row.ends_on, today) + timedelta(days=1)) for row, count in counted]
    before = [(start - (end - start), start) for start, end in spans]
    moments = session.execute(
        select(*(within(Deed.published_at, *span) for span in [*spans, *before])).where(COUNTED)
    ).one()
    newcomers = _newcomers(session)
    return [
        CampaignEffect(
            slug=campaign.slug,
            name=campaign.name,
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
            deeds=count,
            newcomers=newcomers.get(campaign.id, 0),
            weekly=_weekly(moments[place], spans[place]),
            weekly_before=_weekly(moments[len(spans) + place], spans[place]),
        )
        for place, (campaign, count) in enumerate(counted)
    ]


def _weekly(deeds: int, span: tuple[date, date]) -> float:
    return round(DAYS_IN_WEEK * deeds / (span[1] - span[0]).days, 1)


def _newcomers(session: Session) -> dict[int, int]:
    """Campaign id -> organisations whose first deed belongs to it. Of deeds of one moment the first written counts."""
    order = (Deed.published_at, Deed.id)
    place = func.row_number().over(partition_by=Deed.organisation_id, order_by=order)
    first = select(Deed.campaign_id, place.label("place")).where(COUNTED).subquery()
    rows = session.execute(
        select(first.c.campaign_id, func.count())
        .where(first.c.place == 1, first.c.campaign_id.is_not(None))
        .group_by(first.c.campaign_id)
    )
    return {campaign_id: count for campaign_id, count in rows}  # noqa: C416
