"""Where telling a deed breaks off: steps are counted, people are not."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.campaigns.helpers import END, START, campaign_of, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import figures
from tori.core import clock
from tori.models.campaign_life import CampaignStep
from tori.models.people import Role


def test_the_steps_from_the_form_to_the_deed_are_counted_on_the_desk(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    sector = make.sector("sivistys", "sivistys")
    campaign = campaign_of(manager(make))
    new = f"/teot/uusi?kampanja={campaign.slug}"
    told = {"title": "Hävikki puoliksi", "summary": "Keittiö laskee annokset.", "campaign": campaign.slug}
    with clock.frozen(moment(START)):
        for _turn in range(3):
            assert client.get(new).status_code == 200
        client.get("/teot/uusi")
        client.post("/teot/uusi/talteen", data=told)
        organisation = make.organisation()
        member = Browser(app).sign_in(make.user(organisation=organisation))
        member.get(new)
        answers = {**told, "organisation": str(organisation.id), "language": "fi", "action": "publish"}
        assert member.post("/teot/uusi", {**answers, "title": "", "form_number": "a"}).status_code == 422
        assert member.post("/teot/uusi", {**answers, "sector": sector.slug, "form_number": "b"}).status_code == 303
        member.post("/teot/uusi", {**answers, "sector": sector.slug, "form_number": "c", "action": "draft"})
        session.rollback()
        found = figures.form_steps_of(session, campaign)
        assert found.steps == {"opened": 4, "stumbled": 1, "kept": 1, "saved": 1, "published": 1}
        assert dict(found.fields) == {"title": 1, "sector": 1}
        assert found.share_done == 0.75
        desk = Browser(app).sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        page = desk.get(f"/en/hallinta/kampanjat/{campaign.id}").text
        assert "From opening the form to the deed" in page
        assert "75 % of the openings led on." in page
        assert "What did you do? (1)" in page
    with clock.frozen(moment(END + timedelta(days=1))):
        client.get(new)
    session.rollback()
    assert figures.form_steps_of(session, campaign).steps["opened"] == 4
    columns = {column.name for column in CampaignStep.__table__.columns}
    assert columns == {"campaign_id", "step", "day", "count"}
    assert session.scalars(select(CampaignStep)).first() is not None


def test_a_campaign_whose_form_nobody_opened_has_no_share(session: Session, make: Factory) -> None:
    found = figures.form_steps_of(session, campaign_of(manager(make)))
    assert found.share_done is None
    assert set(found.steps.values()) == {0}
