"""Campaigns that run, that come and that have been."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.campaigns.labels import campaign_time, qualified
from tori.core import clock
from tori.models.campaigns import Campaign, StorySeries
from tori.models.deeds import DeedStatus


def add_campaign(session: Session, slug: str, **values: Any) -> Campaign:
    row = Campaign(
        **{
            "slug": slug, "kind": "open", "name": slug.replace("-", " ").capitalize(), "description": "Kerro **teko**.",
            "starts_on": date(2019, 8, 1), "ends_on": date(2019, 10, 31), "citation": "Raportti 2020, ISBN 978-952-1",
            **values,
        }
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


@pytest.fixture
def past(session: Session) -> Campaign:
    facts = {
        "date_precision": "month", "results": {"new_deeds": 100, "qualifier": "noin"}, "prizes": ["kunniakirja"],
        "goals": ["lisää tekoja"], "successor": "sankarit", "ended_note": "Pandemia katkaisi kampanjan.",
    }  # fmt: skip
    session.add(StorySeries(slug="sankarit", name="Sankarit poikkeusoloissa"))
    return add_campaign(session, "hyva-kiertamaan", facts=facts, hashtags=["#hyväntekijät"])


def test_a_past_campaign_keeps_its_qualifier_and_its_source(client: FlaskClient, past: Campaign) -> None:
    page = client.get("/en/kampanjat/hyva-kiertamaan").text
    assert "about 100" in page
    assert "ISBN 978-952-1" in page
    assert "#hyväntekijät" in page
    assert "Kunniakirja" in page
    assert "/jutut/sankarit" in page
    assert "Pandemia katkaisi" in page
    assert "<strong>teko</strong>" in page


def test_a_campaign_does_not_claim_deeds_that_its_source_does_not_name(client: FlaskClient, past: Campaign) -> None:
    assert (
        "Which deeds the campaign brought is not told by the source" in client.get("/en/kampanjat/hyva-kiertamaan").text
    )


def test_a_running_campaign_counts_its_public_deeds_and_its_days(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    today = date(2026, 5, 20)
    campaign = add_campaign(
        session, "kevat", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 31), goal_deeds=4, citation=""
    )
    make.deed("Mukana", campaign_id=campaign.id)
    make.deed("Kesken", campaign_id=campaign.id, status=DeedStatus.DRAFT)
    with clock.frozen(datetime(today.year, today.month, today.day, 9, tzinfo=UTC)):
        index, page = client.get("/en/kampanjat").text, client.get("/en/kampanjat/kevat").text
    for text in (index, page):
        leaf = text.partition('<p class="campaign-leaf">')[2].partition("</p>")[0]
        words = Markup(leaf).striptags()
        assert words == "11 days left Ends 31 May 2026", "no number beside the name of a month"
        assert "1 deeds, the goal is 4" in text
    assert "Mukana" in page
    assert "Kesken" not in page
    assert "kampanja=kevat" in page


def test_the_list_tells_when_nothing_runs(client: FlaskClient, past: Campaign) -> None:
    page = client.get("/en/kampanjat").text
    assert "No campaign is running just now" in page
    assert "Earlier campaigns" in page


def test_an_unknown_campaign_is_not_found(client: FlaskClient) -> None:
    assert client.get("/kampanjat/ei-ole").status_code == 404


@pytest.mark.parametrize(
    ("precision", "start", "end", "words"),
    [
        ("day", date(2020, 5, 18), date(2020, 9, 30), "18.5.2020–30.9.2020"),
        ("month", date(2018, 6, 1), date(2018, 12, 31), "kesäkuu–joulukuu 2018"),
        ("month", date(2019, 11, 1), date(2019, 11, 30), "marraskuu 2019"),
        ("year", date(2017, 1, 1), date(2017, 12, 31), "2017"),
    ],
)
def test_the_time_is_no_more_exact_than_the_source(
    app: Flask, precision: str, start: date, end: date, words: str
) -> None:
    campaign = Campaign(starts_on=start, ends_on=end, facts={"date_precision": precision})
    with app.test_request_context("/"):
        assert campaign_time(campaign) == words


def test_weeks_are_those_of_the_calendar(app: Flask) -> None:
    campaign = Campaign(starts_on=date(2020, 2, 10), ends_on=date(2020, 3, 29), facts={"date_precision": "week"})
    with app.test_request_context("/en/"):
        assert "7–13" in campaign_time(campaign)


def test_an_exact_figure_has_no_qualifier(app: Flask) -> None:
    with app.test_request_context("/"):
        assert qualified("85", None) == "85"
        assert qualified("85", "no such word") == "85"


def test_the_pages_take_few_queries(app: Flask, session: Session, make: Factory, client: FlaskClient) -> None:
    for number in range(15):
        campaign = add_campaign(session, f"kampanja-{number}", starts_on=date(2026, 1, 1), ends_on=date(2036, 1, 1))
        make.deed(f"Teko {number}", campaign_id=campaign.id)
    for path in ("/kampanjat", "/kampanjat/kampanja-3"):
        with counted_queries(app) as statements:
            assert client.get(path).status_code == 200
        assert len(statements) <= PAGE_BUDGET
