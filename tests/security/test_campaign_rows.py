"""Z18: challenges and juries keep to their time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.campaigns.helpers import END, START, campaign_of, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import nominations
from tori.campaigns.nominations import Challenge
from tori.core import clock
from tori.core.errors import NotAllowed, NotFound, RuleBroken
from tori.database import transaction
from tori.models.campaigning import Nomination
from tori.models.campaigns import CampaignKind
from tori.models.people import Role

GIVEN = Challenge(
    kind="team", nominee_name="Keittiön väki", nominee_email="keittio@lempaala.fi", reason="Hävikki puolittui.",
    email="kollega@kangasala.fi", name="Kollega",
)  # fmt: skip


def test_z18_nobody_is_challenged_after_the_last_day_or_before_the_first(session: Session, make: Factory) -> None:
    with clock.frozen(moment(START)):
        campaign = campaign_of(manager(make), kind=CampaignKind.CHALLENGE, name="Tekoja tiskiin")
    for day in (START - timedelta(days=2), END + timedelta(days=1)):
        given = replace(GIVEN, email=f"kollega{day.day}@kangasala.fi")
        with clock.frozen(moment(day)), pytest.raises((RuleBroken, NotFound, NotAllowed)), transaction() as rows:
            nominations.challenge(rows, campaign, given)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Nomination)) == 0


def test_z18_marks_and_winners_are_read_by_the_staff_only_before_they_are_published(
    session: Session, make: Factory, browser: Browser
) -> None:
    with clock.frozen(moment(START)):
        campaign = campaign_of(manager(make), name="Tekoja tiskiin")
    session.rollback()
    paths = [f"/kampanjat/{campaign.slug}/tulokset", f"/kampanjat/{campaign.slug}/palkitut",
             f"/hallinta/kampanjat/{campaign.id}/raati", f"/hallinta/kampanjat/{campaign.id}"]  # fmt: skip
    member = browser.sign_in(make.user(role=Role.MEMBER))
    for path in paths:
        assert member.get(path).status_code in (403, 404), path
