"""Counting how often a link of a campaign is followed: the tag and the day, nothing about who."""

from sqlalchemy.orm import Session

from tori.core import clock
from tori.database import insert_of
from tori.models.campaigns import Campaign, CampaignVisit


def count(session: Session, campaign: Campaign, source: str) -> bool:
    """Adds one to a known source of a public campaign. A tag that somebody made up is not counted."""
    if source not in campaign.sources or not campaign.is_public:
        return False
    insert = insert_of(session)
    statement = insert(CampaignVisit).values(campaign_id=campaign.id, source=source, day=clock.today(), count=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[CampaignVisit.campaign_id, CampaignVisit.source, CampaignVisit.day],
            set_={"count": CampaignVisit.count + 1},
        )
    )
    return True
