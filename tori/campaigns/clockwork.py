"""The clock of campaigns: a queue of the worker, so that a campaign opens and closes at midnight in Finland."""

from datetime import date

from sqlalchemy import BindParameter, Select, and_, or_, select

from tori.campaigns import service
from tori.config import Config
from tori.core import clock
from tori.database import TODAY, Due, db, transaction
from tori.models.campaigns import Campaign, CampaignState, running_on


def _due(today: date | BindParameter[date]) -> Select[int]:
    is_planned, is_open = (Campaign.state == state for state in (CampaignState.PLANNED, CampaignState.OPEN))
    over = or_(Campaign.ends_on < today, Campaign.ended_at.is_not(None))
    return select(Campaign.id).where(or_(and_(is_planned, running_on(today)), and_(or_(is_planned, is_open), over)))


is_due = Due(_due(TODAY))


def move_due(config: Config) -> int:
    """Moves what is due, one transaction each. Returns how many steps were taken."""
    ids = db.session.scalars(_due(clock.today())).all()
    moved = 0
    for campaign_id in ids:
        with transaction() as session:
            moved += service.move_by_clock(session, campaign_id)
    return moved
