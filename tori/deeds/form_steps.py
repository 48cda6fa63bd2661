"""Where telling a deed of a campaign breaks off: how often each step was taken on a day, nothing of who took it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from tori.core import clock
from tori.database import insert_of
from tori.models.campaign_life import CampaignStep
from tori.models.campaigns import Campaign

OPENED, STUMBLED, KEPT, SAVED, PUBLISHED = "opened", "stumbled", "kept", "saved", "published"
STEPS = (OPENED, STUMBLED, KEPT, SAVED, PUBLISHED)
"""Form opened; sent with something missing; a visitor's text kept; a draft saved; put forward to be published."""
FIELD = "field:"
"""How the count of a question begins at which somebody stumbled."""
MAX_STEP = 40


def count(session: Session, campaign: Campaign | None, steps: Iterable[str]) -> None:
    """Adds one to each step of a campaign that runs."""
    if campaign is None or not campaign.is_running(clock.today()):
        return
    insert = insert_of(session)
    for step in steps:
        statement = insert(CampaignStep).values(
            campaign_id=campaign.id, step=step[:MAX_STEP], day=clock.today(), count=1
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[CampaignStep.campaign_id, CampaignStep.step, CampaignStep.day],
                set_={"count": CampaignStep.count + 1},
            )
        )
