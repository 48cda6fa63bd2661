"""The campaigns of a year on a wheel, in a list and in a calendar."""

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.campaigns.helpers import campaign_of, manager
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import yearclock
from tori.models.campaigns import Campaign, CampaignKind
from tori.models.people import Role


def row(number: int, start: date, end: date) -> Campaign:
    return Campaign(id=number, name=f"K{number}", starts_on=start, ends_on=end)


def test_a_year_has_the_campaigns_with_a_day_in_it() -> None:
    rows = [
        row(1, date(2026, 12, 20), date(2027, 1, 10)), row(2, date(2026, 3, 1), date(2026, 3, 31)),
        row(3, date(2025, 12, 1), date(2025, 12, 31)),
    ]  # fmt: skip
    assert [found.id for found in yearclock.of_year(rows, 2026)] == [2, 1]
    assert [found.id for found in yearclock.of_year(rows, 2027)] == [1]


def test_campaigns_that_overlap_lie_on_rings_of_their_own() -> None:
    rows = [row(1, date(2026, 1, 1), date(2026, 6, 30)), row(2, date(2026, 3, 1), date(2026, 3, 2)),
            row(3, date(2026, 7, 1), date(2026, 12, 31))]  # fmt: skip
    assert [arc.ring for arc in yearclock.arcs(rows, 2026)] == [0, 1, 0]
    whole = yearclock.arcs([row(1, date(2026, 1, 1), date(2026, 12, 31))], 2026)[0]
    assert "NaN" not in whole.d
    assert whole.d.startswith("M220.0 30.0A")


def test_the_calendar_is_of_the_public_ones_and_keeps_its_lines_short(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    actor = manager(make)
    shown = campaign_of(actor, name="Hyvä; kierto, ja \\ muuta", description="Kerro tekosi. " * 30)
    hidden = campaign_of(actor, name="Salainen suunnitelma", kind=CampaignKind.GALA, is_public=False)
    answer = client.get("/kampanjat.ics")
    assert answer.mimetype == "text/calendar"
    text = answer.data.decode()
    assert hidden.name not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert "SUMMARY:Hyvä\\; kierto\\, ja \\\\ muuta" in whole
    assert "DTSTART;VALUE=DATE:20260907" in whole
    assert "DTEND;VALUE=DATE:20261001" in whole
    assert f"/kampanjat/{shown.slug}" in whole
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 1


def test_the_staff_sees_the_wheel_with_hidden_plans(session: Session, make: Factory, browser: Browser) -> None:
    campaign_of(manager(make), name="Salainen suunnitelma", is_public=False)
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    assert "Salainen suunnitelma" in browser.get("/hallinta/vuosikello?vuosi=2026").text
    for year in ("1", "99999", "2027", "x"):
        assert browser.get(f"/hallinta/vuosikello?vuosi={year}").status_code == 200
