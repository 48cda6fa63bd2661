"""Small steps that the tests of campaigns share."""

from datetime import UTC, date, datetime
from typing import Any

from tests.factories import Factory
from tori.campaigns import service
from tori.campaigns.service import CampaignContent
from tori.database import transaction
from tori.models.campaigns import Campaign, CampaignKind
from tori.models.people import Role
from tori.policy import Actor

START, END = date(2026, 9, 7), date(2026, 9, 30)


def moment(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def manager(make: Factory) -> Actor:
    return Actor(make.user(role=Role.CAMPAIGN_MANAGER))


def content(**values: Any) -> CampaignContent:
    return CampaignContent(
        **{"kind": CampaignKind.OPEN, "name": "Hyvä kiertämään 2026", "starts_on": START, "ends_on": END,
           "is_public": True, **values}
    )  # fmt: skip


def campaign_of(actor: Actor, **values: Any) -> Campaign:
    with transaction() as session:
        return service.create(session, actor, content(**values))
