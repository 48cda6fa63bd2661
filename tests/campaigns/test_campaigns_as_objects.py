"""Making, changing, copying, ending campaigns, and the clock that opens and closes them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.campaigns.helpers import END, START, campaign_of, content, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import cockpit, service, starting
from tori.campaigns.clockwork import move_due
from tori.campaigns.service import Prize, Question
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.models.campaigns import AwardFor, Campaign, CampaignAnswer, CampaignKind, CampaignState
from tori.models.deeds import Deed
from tori.models.operations import AuditEntry
from tori.models.people import Role
from tori.policy import ANONYMOUS, Actor


def states_told(session: Session) -> list[str]:
    rows = session.scalars(select(AuditEntry).where(AuditEntry.event == "CampaignMoved").order_by(AuditEntry.id))
    return [row.data["state"] for row in rows]


def test_the_clock_opens_and_closes_at_midnight_in_finland_and_tells_each_step_once(
    app: Flask, session: Session, make: Factory
) -> None:
    config = app.extensions["tori"]
    with clock.frozen(moment(START - timedelta(days=5))):
        campaign = campaign_of(manager(make))
    # 21 o'clock UTC is midnight in Finland in September.
    for time, state in (
        (datetime(2026, 9, 6, 20, 59, tzinfo=UTC), CampaignState.PLANNED),
        (datetime(2026, 9, 6, 21, 0, tzinfo=UTC), CampaignState.OPEN),
        (datetime(2026, 9, 30, 20, 59, tzinfo=UTC), CampaignState.OPEN),
        (datetime(2026, 9, 30, 21, 0, tzinfo=UTC), CampaignState.CLOSED),
    ):
        with clock.frozen(time):
            for _ in range(2):
                move_due(config)
        session.rollback()
        session.refresh(campaign)
        assert campaign.state == state, time
    assert states_told(session) == ["open", "closed"]


def test_a_worker_that_read_the_campaign_earlier_moves_nothing_twice(session: Session, make: Factory) -> None:
    with clock.frozen(moment(START - timedelta(days=1))):
        campaign = campaign_of(manager(make))
    with clock.frozen(moment(START)), transaction() as writing:
        assert service.move_by_clock(writing, campaign.id)
        # What another worker still believes.
        campaign.__dict__["state"] = CampaignState.PLANNED
        assert not service.move_by_clock(writing, campaign.id)
    assert states_told(session) == ["open"]


def test_a_hidden_campaign_does_not_open_and_nobody_sees_it(
    app: Flask, session: Session, make: Factory, browser: Browser
) -> None:
    with clock.frozen(moment(START - timedelta(days=1))):
        campaign = campaign_of(manager(make), is_public=False)
    with clock.frozen(moment(START)):
        move_due(app.extensions["tori"])
        session.rollback()
        session.refresh(campaign)
        assert campaign.state == CampaignState.PLANNED
        for path in (
            f"/kampanjat/{campaign.slug}", f"/kampanjat/{campaign.slug}/jaa", f"/k/{campaign.slug}",
            f"/kampanjat/{campaign.slug}/kuva-laaja.png", f"/kampanjat/{campaign.slug}/kortti-a6.pdf",
        ):  # fmt: skip
            assert browser.get(path).status_code == 404, path
        for path in ("/", "/kampanjat", "/sitemap.xml", "/api/v1/campaigns", f"/teot/uusi?kampanja={campaign.slug}"):
            assert campaign.name not in browser.get(path).text, path
        browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        assert campaign.name in browser.get(f"/kampanjat/{campaign.slug}").text


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"name": " "}, "value_missing", "name"),
        ({"kind": "kuu"}, "unknown_choice", "kind"),
        ({"starts_on": None}, "value_missing", "starts_on"),
        ({"ends_on": None}, "value_missing", "ends_on"),
        ({"ends_on": START - timedelta(days=1)}, "bad_period", "ends_on"),
        ({"goal_deeds": 0}, "bad_goal", "goal_deeds"),
        ({"goal_regions": -1}, "bad_goal", "goal_regions"),
        ({"video_url": "javascript:alert(1)", "video_text": "x"}, "bad_url", "video_url"),
        ({"video_url": "https://video.example.org/1"}, "video_text_missing", "video_text"),
        ({"sectors": ["kuu"]}, "unknown_sector", "sectors"),
        ({"themes": ["kuu"]}, "unknown_theme", "themes"),
        ({"description": "x" * 5001}, "text_too_long", "description"),
    ],
)
def test_bad_input_is_answered_at_its_field(
    session: Session, make: Factory, values: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(RuleBroken, match=code) as raised:
        campaign_of(manager(make), **values)
    assert raised.value.field == field
    session.rollback()
    assert session.scalars(select(Campaign)).all() == []


def test_two_campaigns_of_one_kind_never_run_at_the_same_time(session: Session, make: Factory) -> None:
    actor = manager(make)
    with clock.frozen(moment(START)):
        first = campaign_of(actor)
        with pytest.raises(RuleBroken, match="campaigns_overlap"):
            campaign_of(actor, name="Toinen", starts_on=END, ends_on=END)
        hidden = campaign_of(actor, name="Toinen", starts_on=END, ends_on=END, is_public=False)
        campaign_of(actor, name="Teemakuukausi", kind=CampaignKind.THEME_MONTH)
        with pytest.raises(RuleBroken, match="campaigns_overlap"), transaction() as writing:
            service.edit(writing, actor, hidden, replace(service.content_of(hidden), is_public=True))
        with transaction() as writing:
            service.edit(writing, actor, first, service.content_of(first))
        with transaction() as writing:
            service.end_early(writing, actor, first, "Tilanne muuttui")
        campaign_of(actor, name="Kolmas", starts_on=END, ends_on=END)


def test_only_the_manager_and_the_administrator_make_campaigns(session: Session, make: Factory) -> None:
    for actor in (ANONYMOUS, Actor(make.user()), Actor(make.user(role=Role.EDITOR))):
        with pytest.raises(NotAllowed):
            campaign_of(actor)
    assert campaign_of(Actor(make.user(role=Role.ADMIN))).id


def test_a_campaign_ends_early_with_a_public_note_and_a_successor(
    session: Session, make: Factory, browser: Browser
) -> None:
    actor = manager(make)
    with clock.frozen(moment(START + timedelta(days=3))):
        campaign = campaign_of(actor)
        successor = campaign_of(actor, name="Sankarit poikkeusoloissa", kind=CampaignKind.THEME_MONTH)
        with pytest.raises(RuleBroken, match="reason_needed"), transaction() as writing:
            service.end_early(writing, actor, campaign, " ")
        with pytest.raises(RuleBroken, match="unknown_choice"), transaction() as writing:
            service.end_early(writing, actor, campaign, "x", campaign)
        with transaction() as writing:
            service.end_early(writing, actor, campaign, "Pandemia alkoi.", successor)
        assert campaign.state == CampaignState.CLOSED
        assert not campaign.is_running(clock.today())
        with pytest.raises(RuleBroken, match="campaign_over"), transaction() as writing:
            service.end_early(writing, actor, campaign, "Uudestaan")
        make.deed(campaign_id=campaign.id)
        assert cockpit.standing(session, campaign, END).length == 4
        page = browser.get(f"/kampanjat/{campaign.slug}").text
        assert "7.9.2026–10.9.2026" in page, "the days that there were"
        assert "30.9.2026" not in page
        assert "Pandemia alkoi." in page
        assert f"/kampanjat/{successor.slug}" in page
        # The form of a deed says so, and the deed may be told without the campaign.
        assert 'name="campaign"' not in browser.get(f"/teot/uusi?kampanja={campaign.slug}").text


def test_judged_and_published_follow_only_after_the_end(session: Session, make: Factory) -> None:
    actor = manager(make)
    with clock.frozen(moment(START)):
        campaign = campaign_of(actor)
        with pytest.raises(RuleBroken, match="campaign_not_over"), transaction() as writing:
            service.move_on(writing, actor, campaign)
        with transaction() as writing:
            service.end_early(writing, actor, campaign, "Valmista tuli")
        for state in (CampaignState.JUDGED, CampaignState.PUBLISHED):
            with transaction() as writing:
                assert service.move_on(writing, actor, campaign) == state
        with pytest.raises(RuleBroken), transaction() as writing:
            service.move_on(writing, actor, campaign)


def test_more_time_opens_a_closed_campaign_again(session: Session, make: Factory) -> None:
    actor = manager(make)
    with clock.frozen(moment(START)):
        campaign = campaign_of(actor)
    with clock.frozen(moment(END + timedelta(days=1))):
        with transaction() as writing:
            service.move_by_clock(writing, campaign.id)
        longer = replace(service.content_of(campaign), ends_on=END + timedelta(days=9))
        with transaction() as writing:
            service.edit(writing, actor, campaign, longer)
        assert campaign.state == CampaignState.OPEN


def test_last_years_campaign_is_copied_with_its_prizes_and_the_days_of_the_next_year(
    session: Session, make: Factory
) -> None:
    actor = manager(make)
    prizes = (Prize("Vuoden teko", "paras", AwardFor.DEED), Prize("Ahkerin kunta", "", AwardFor.ORGANISATION))
    with clock.frozen(moment(START)):
        campaign = campaign_of(actor, prizes=prizes, hashtags=["#hyvä", "kierto"], questions=[Question("Mitä?", True)])
    copied = service.following(campaign, date(2026, 11, 26))
    assert (copied.name, copied.starts_on, copied.ends_on) == (
        "Hyvä kiertämään 2027", date(2027, 9, 7), date(2027, 9, 30)
    )  # fmt: skip
    assert copied.prizes == prizes
    assert not copied.is_public
    assert service.following(campaign, date(2028, 12, 1)).starts_on == date(2029, 9, 7)
    with transaction() as writing:
        twin = service.create(writing, actor, replace(copied, name=campaign.name), campaign)
    assert twin.slug == "hyva-kiertamaan-2026-2"
    assert twin.earlier_id == campaign.id


def test_a_leap_day_has_a_next_year() -> None:
    campaign = Campaign(
        kind="open", name="Karkauspäivä", starts_on=date(2028, 2, 29), ends_on=date(2028, 2, 29), series=[],
        texts={}, facts={}, hashtags=[], sectors=[], themes=[], partners=[], sources=[], questions=[], is_public=True,
    )  # fmt: skip
    assert service.following(campaign, date(2028, 3, 1)).starts_on == date(2029, 2, 28)


@pytest.mark.parametrize("kind", list(CampaignKind))
def test_every_kind_has_a_template_that_is_in_order(
    app: Flask, session: Session, make: Factory, kind: CampaignKind
) -> None:
    with app.test_request_context("/"):
        begun = starting.template(kind, date(2026, 11, 26))
    with clock.frozen(moment(date(2026, 11, 26))), transaction() as writing:
        campaign = service.create(writing, manager(make), replace(begun, is_public=True))
        assert campaign.is_running(clock.today()) == (kind == CampaignKind.THEME_MONTH)


def test_series_and_questions_keep_what_belongs_to_them_while_their_names_stay(session: Session, make: Factory) -> None:
    actor = manager(make)
    campaign = campaign_of(
        actor, prizes=[Prize("A", "", AwardFor.DEED), Prize("B", "", AwardFor.DEED)],
        questions=[Question("Yksi?", True), Question("Kaksi?", False)],
    )  # fmt: skip
    ids = {row.name: row.id for row in campaign.series}
    changed = content(
        prizes=[Prize("C", "uusi", AwardFor.DEED), Prize("B", "sama", AwardFor.DEED)],
        questions=[Question("Kolme?", True), Question("Kaksi?", False)],
    )
    with transaction() as writing:
        service.edit(writing, actor, campaign, changed)
    session.refresh(campaign)
    assert [(row.name, row.meaning) for row in campaign.series] == [("C", "uusi"), ("B", "sama")]
    assert campaign.series[1].id == ids["B"]
    assert [(row["id"], row["label"]) for row in campaign.questions] == [("q3", "Kolme?"), ("q2", "Kaksi?")]


def test_questions_of_the_campaign_stand_on_the_form_and_only_public_answers_are_shown(
    session: Session, make: Factory, browser: Browser
) -> None:
    user = make.user(organisation=make.organisation())
    make.sector()
    with clock.frozen(moment(START)):
        campaign = campaign_of(manager(make), questions=[Question("Mikä yllätti?", True), Question("Palkinto?", False)])
        browser.sign_in(user)
        page = browser.get(f"/teot/uusi?kampanja={campaign.slug}").text
        assert "Mikä yllätti?" in page
        data = {
            "title": "Aamupalaveri kävellen", "summary": "Palaveri pidetään kävellen.", "sector": "koko-kunta",
            "organisation": str(user.organisation.id), "language": "fi", "form_number": "a1", "action": "publish",
            "campaign": campaign.slug, "answer-q1": "Kaikki tulivat.", "answer-q2": "Salainen toive.",
        }  # fmt: skip
        too_long = browser.post("/teot/uusi", {**data, "answer-q1": "x" * 1001})
        assert too_long.status_code == 422
        assert "Salainen toive." in too_long.text
        assert browser.post("/teot/uusi", data).status_code == 303
    session.rollback()
    deed = session.scalars(select(Deed)).one()
    assert deed.campaign_id == campaign.id
    assert {row.question: row.text for row in session.scalars(select(CampaignAnswer))} == {
        "q1": "Kaikki tulivat.", "q2": "Salainen toive.",
    }  # fmt: skip
    page = browser.get(f"/teot/{deed.id}-{deed.slug}").text
    assert "Kaikki tulivat." in page
    assert "Salainen" not in page


# The desk


def form_of(**values: str) -> dict[str, object]:
    return {
        "name": "Tekoja tiskiin 2027", "kind": "challenge", "starts_on": "2027-01-11", "ends_on": "2027-03-31",
        "description": "Haasta kollega.", "is_public": "y", "goal_deeds": "85", "hashtags": "#teot tiskiin",
        "prizes_deeds": "Innostavat teot: kymmeniä tekoja\nVuoden teko", "prizes_organisations": "Ihmeiden tekijät",
        "questions_jury": "Miksi palkittaisiin?", "sources": "some\nkuntamarkkinat", **values,
    }  # fmt: skip


def test_one_person_makes_a_campaign_on_the_pages(session: Session, make: Factory, browser: Browser) -> None:
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    assert browser.get("/hallinta/kampanjat").status_code == 200
    assert browser.get("/hallinta/kampanjat/uusi?laji=challenge").status_code == 200
    answer = browser.post("/hallinta/kampanjat/uusi", form_of())
    assert answer.status_code == 303, answer.text
    campaign = session.scalars(select(Campaign)).one()
    assert (campaign.slug, campaign.state, campaign.goal_deeds) == ("tekoja-tiskiin-2027", "planned", 85)
    assert campaign.hashtags == ["#teot", "#tiskiin"]
    assert [(row.name, row.kind) for row in campaign.series] == [
        ("Innostavat teot", "deed"), ("Vuoden teko", "deed"), ("Ihmeiden tekijät", "organisation"),
    ]  # fmt: skip
    path = answer.headers["Location"]
    assert "Tekoja tiskiin 2027" in browser.get(path).text
    form = browser.get(f"{path}/muokkaa").text
    assert "Innostavat teot: kymmeniä tekoja" in form
    assert "kuntamarkkinat" in form
    assert browser.edit(f"{path}/muokkaa", form_of(name="Tekoja tiskiin")).status_code == 303
    copied = browser.get(f"/hallinta/kampanjat/uusi?pohja={campaign.id}").text
    assert "2028-01-11" in copied
    assert browser.post(f"{path}/seuraava").status_code == 422
    assert browser.post(f"{path}/paata", {"note": ""}).status_code == 422
    assert browser.post(f"{path}/paata", {"note": "Ei onnistu nyt", "successor": ""}).status_code == 303
    assert browser.post(f"{path}/seuraava").status_code == 303
    session.rollback()
    session.refresh(campaign)
    assert campaign.state == CampaignState.JUDGED


@pytest.mark.parametrize(
    "wrong", [{"ends_on": "2027-01-01"}, {"starts_on": "eilen"}, {"goal_deeds": "0"}, {"goal_deeds": "monta"}]
)
def test_a_wrong_form_keeps_the_text(make: Factory, browser: Browser, wrong: dict[str, str]) -> None:
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    answer = browser.post("/hallinta/kampanjat/uusi", form_of(**wrong))
    assert answer.status_code == 422
    assert "Haasta kollega." in answer.text
    assert "error-summary" in answer.text


def test_others_do_not_open_the_managers_pages(session: Session, make: Factory, browser: Browser) -> None:
    campaign = campaign_of(manager(make))
    browser.sign_in(make.user(role=Role.EDITOR))
    for path in ("", "/uusi", f"/{campaign.id}", f"/{campaign.id}/muokkaa"):
        assert browser.get(f"/hallinta/kampanjat{path}").status_code == 403
