"""The clock of campaigns: a queue of the worker, so that a campaign opens and closes at midnight in Finland."""

from sqlalchemy import or_, select

from tori.campaigns import service
from tori.config import Config
from tori.core import clock
from tori.database import db, transaction
from tori.models.campaigns import Campaign, CampaignState, running_on


def move_due(config: Config) -> int:
    """Moves what is due, one transaction each. Returns how many steps were taken."""
    today = clock.today()
    over = or_(Campaign.ends_on < today, Campaign.ended_at.is_not(None))
    ids = db.session.scalars(
        select(Campaign.id).where(
            or_(
                (Campaign.state == CampaignState.PLANNED) & running_on(today),
                Campaign.state.in_((CampaignState.PLANNED, CampaignState.OPEN)) & over,
            )
        )
    ).all()
    moved = 0
    for campaign_id in ids:
        with transaction() as session:
            moved += service.move_by_clock(session, campaign_id)
    return moved
