"""The campaigns of a year on a wheel, in a list and in a calendar."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.campaigns.helpers import END, START, campaign_of, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import plans, yearclock
from tori.core import clock
from tori.core.errors import NotAllowed
from tori.database import transaction
from tori.models.campaign_life import Plan
from tori.models.campaigns import Campaign, CampaignKind
from tori.models.people import Role, User
from tori.policy import Actor


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


def test_plans_stand_on_the_wheel_and_in_the_list(session: Session, make: Factory, browser: Browser) -> None:
    path = "/hallinta/vuosikello?vuosi=2026"
    with clock.frozen(moment(START)):
        campaign_of(manager(make))
        browser.sign_in(make.user(role=Role.EDITOR))
        for wrong, where in (
            ({"title": ""}, "title"), ({"starts_on": ""}, "starts_on"), ({"ends_on": "2026-09-01"}, "ends_on"),
            ({"note": "x" * 1001}, "note"),
        ):  # fmt: skip
            told = {"title": "Kuntamarkkinat", "starts_on": "2026-09-09", "ends_on": "2026-09-10", **wrong}
            answer = browser.post(path, told)
            assert answer.status_code == 422
            assert f'id="{where}-error"' in answer.text
        told = {"title": "Kuntamarkkinat", "starts_on": "2026-09-09", "ends_on": "", "note": "Tori on osastolla 12."}
        assert browser.post(path, told).status_code == 303
        page = browser.get(path).text
        assert "Kuntamarkkinat" in page
        assert page.count("wheel-plan-number") == 1
        assert page.count('class="wheel-piece') == 2
        row = session.scalars(select(Plan)).one()
        assert row.ends_on == row.starts_on
        edited = {**told, "title": "Kuntamarkkinat 2026", "ends_on": "2026-09-10"}
        assert browser.edit(f"/hallinta/vuosikello/{row.id}", {**edited, "title": ""}).status_code == 422
        assert browser.edit(f"/hallinta/vuosikello/{row.id}", edited).status_code == 303
        assert browser.post(f"/hallinta/vuosikello/{row.id}/tila", {"action": "done"}).status_code == 303
        session.rollback()
        session.expire_all()
        assert session.scalars(select(Plan)).one().is_done
        assert "Kuntamarkkinat" not in browser.get("/hallinta/vuosikello?vuosi=2027").text
        assert browser.post(f"/hallinta/vuosikello/{row.id}/tila", {"action": "x"}).status_code in (400, 422)
        assert browser.post(f"/hallinta/vuosikello/{row.id}/tila", {"action": "remove"}).status_code == 303
        session.rollback()
        assert session.scalars(select(Plan)).all() == []


def test_only_the_staff_plans(app: Flask, session: Session, make: Factory) -> None:
    member = Actor(make.user())
    with pytest.raises(NotAllowed), transaction() as writing:
        plans.save(writing, member, plans.Planned("Teko", START))
    assert Browser(app).sign_in(member.user).get("/hallinta/vuosikello").status_code == 403  # type: ignore[arg-type]


def test_the_feed_of_the_staff_has_plans_and_hidden_campaigns_while_its_reader_is_of_the_staff(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    with clock.frozen(moment(START)):
        actor = manager(make)
        campaign_of(actor, name="Salainen kampanja", is_public=False)
        with transaction() as writing:
            plans.save(writing, actor, plans.Planned("Kuntamarkkinat", START, END, "Osasto 12"))
        assert actor.id
        path = f"/hallinta/vuosikello/{plans.token_of(actor.id)}.ics"
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.mimetype == "text/calendar"
        assert "no-store" in answer.headers["Cache-Control"]
        whole = answer.data.decode().replace("\r\n ", "")
        assert "SUMMARY:Salainen kampanja" in whole
        assert "SUMMARY:Kuntamarkkinat" in whole
        assert "DTEND;VALUE=DATE:20261001" in whole
        assert "DESCRIPTION:Osasto 12" in whole
        assert client.get(f"/hallinta/vuosikello/{plans.token_of(actor.id)}x.ics").status_code == 404
        user = session.get_one(User, actor.id)
        user.role = Role.MEMBER
        session.commit()
        assert client.get(path).status_code == 404
