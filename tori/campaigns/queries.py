"""Reading campaigns. Deeds of a campaign are those that name it, by the counting rules: published or archived."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import NotFound
from tori.models.campaigns import Campaign
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.policy import ANONYMOUS, Actor, Permission, can, require

DEEDS_SHOWN = 12


def all_campaigns(session: Session, actor: Actor = ANONYMOUS) -> list[Campaign]:
    """The newest first; those that are hidden only for the staff."""
    statement = select(Campaign).order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    if not can(actor, Permission.CAMPAIGN_MANAGE):
        statement = statement.where(Campaign.is_public.is_(True))
    return list(session.scalars(statement))


def campaign_of(session: Session, slug: str, actor: Actor = ANONYMOUS) -> Campaign:
    """Raises NotFound, also for a hidden one that the actor may not see."""
    found = session.scalar(select(Campaign).where(Campaign.slug == slug))
    if found is None:
        raise NotFound(slug)
    require(actor, Permission.CAMPAIGN_READ, found)
    return found


def deed_counts(session: Session, campaigns: list[Campaign]) -> dict[int, int]:
    """Campaign id -> its public deeds here. One statement."""
    rows = session.execute(
        select(Deed.campaign_id, func.count())
        .where(Deed.campaign_id.in_([campaign.id for campaign in campaigns]), Deed.status.in_(PUBLIC_STATUSES))
        .group_by(Deed.campaign_id)
    )
    return {campaign_id: count for campaign_id, count in rows if campaign_id is not None}


def deed_ids(session: Session, campaign: Campaign) -> list[int]:
    """The newest public deeds of a campaign."""
    return list(
        session.scalars(
            select(Deed.id)
            .where(Deed.campaign_id == campaign.id, Deed.status.in_(PUBLIC_STATUSES))
            .order_by(Deed.published_at.desc(), Deed.id.desc())
            .limit(DEEDS_SHOWN)
        )
    )


def days_left(campaign: Campaign) -> int | None:
    """Days after today that a running campaign still lasts; None when it doesn't run."""
    today = clock.today()
    return (campaign.ends_on - today).days if campaign.is_running(today) else None
