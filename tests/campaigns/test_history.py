"""The campaigns of the programme on the simulated clock: what is recorded of them, and each of their ways to work."""

import json
import re
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.campaigns.helpers import manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tests.repository.test_architecture import ROOT
from tori.campaigns import awards, clockwork, cockpit, figures, jury, nominations, service, weekly
from tori.campaigns.awards import Given
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import transaction
from tori.exchange import seeding
from tori.models.campaigning import Nominee
from tori.models.campaigns import AwardFor, Campaign, CampaignKind, CampaignState
from tori.models.deeds import Deed
from tori.models.operations import AuditEntry
from tori.policy import Actor

RECORDED = {
    "tekoja-tiskiin-2018": (date(2018, 6, 1), date(2018, 12, 31), 85, None),
    "tekoja-tiskiin-2019": (date(2019, 8, 1), date(2019, 10, 31), 158, None),
    "viikon-muutoksentekijat-2020": (date(2020, 2, 10), date(2020, 3, 29), None, None),
    "hyva-kiertamaan-2020": (date(2020, 5, 18), date(2020, 9, 30), 100, "noin"),
    "kunteko-gaala-2017": (date(2017, 1, 1), date(2017, 12, 31), None, None),
    "kunteko-gaala-2019": (date(2019, 11, 1), date(2019, 11, 30), None, None),
}
"""First and last day, deeds and how exact the figure is: as the report of the programme gives them."""
GALAS = {"kunteko-gaala-2017": 4, "kunteko-gaala-2019": 7}
MORE_THAN = 40
WEEKS = [date(2020, 2, 10) + timedelta(weeks=number) for number in range(7)]


@pytest.fixture
def recorded(session: Session) -> dict[str, Campaign]:
    with transaction() as writing:
        seeding._campaigns(writing, ROOT / "seed_data")
    return {row.slug: row for row in session.scalars(select(Campaign))}


@pytest.fixture
def actor(make: Factory) -> Actor:
    return manager(make)


def replayed(actor: Actor, row: Campaign, **more: object) -> Campaign:
    """The same campaign made anew some days before its time, by the manager, with what was known of it then."""
    with clock.frozen(moment(row.starts_on - timedelta(days=30))), transaction() as session:
        past = session.merge(row)
        # Two of a kind never run at the same time.
        past.is_public = False
        content = service.content_of(past)
        values = {**content.__dict__, "name": f"{row.name}, uudelleen", "is_public": True, **more}
        return service.create(session, actor, service.CampaignContent(**values))


def run(app: Flask, session: Session, campaign: Campaign, day: date) -> str:
    """What the clock of the worker makes of the campaign on a day."""
    with clock.frozen(moment(day, 12)):
        clockwork.move_due(app.extensions["tori"])
    session.rollback()
    session.refresh(campaign)
    return campaign.state


def tell(make: Factory, campaign: Campaign, count: int, organisations: int = 20) -> list[Deed]:
    """So many deeds, spread over the days of the campaign and told by so many organisations in turn."""
    length = (campaign.ends_on - campaign.starts_on).days + 1
    tellers = [make.organisation(f"{campaign.slug} {number}") for number in range(min(organisations, count))]
    return [
        make.deed(
            f"Teko {number}", campaign_id=campaign.id, organisation_id=tellers[number % len(tellers)].id,
            published_at=moment(campaign.starts_on + timedelta(days=number * length // count)),
        )
        for number in range(count)
    ]  # fmt: skip


def test_what_is_recorded_stands_as_the_report_tells_it(
    session: Session, recorded: dict[str, Campaign], client: FlaskClient
) -> None:
    assert set(recorded) == set(RECORDED)
    for slug, (first, last, deeds, qualifier) in RECORDED.items():
        row = recorded[slug]
        assert (row.starts_on, row.ends_on, row.state) == (first, last, CampaignState.PUBLISHED)
        results = row.facts["results"]
        assert (results["new_deeds"], results["qualifier"]) == (deeds, qualifier)
        assert "Kunteko 2020" in row.citation
        page = client.get(f"/kampanjat/{slug}").text
        assert ("ohjelman raportin mukaan" in page) == (deeds is not None)
        if deeds:
            assert f"{qualifier} {deeds}" in page if qualifier else re.search(rf">\s*{deeds}\s*<", page)
    for slug, series in GALAS.items():
        assert len(recorded[slug].facts["award_series"]) == series
        assert f"yli {MORE_THAN}" in client.get(f"/kampanjat/{slug}").text


@pytest.mark.parametrize("slug", ["tekoja-tiskiin-2018", "tekoja-tiskiin-2019", "hyva-kiertamaan-2020"])
def test_the_clock_opens_and_closes_them_and_the_count_agrees_with_the_record(
    app: Flask, session: Session, make: Factory, actor: Actor, recorded: dict[str, Campaign], slug: str
) -> None:
    past = recorded[slug]
    deeds = int(past.facts["results"]["new_deeds"])
    campaign = replayed(actor, past, goal_deeds=deeds)
    day = timedelta(days=1)
    assert run(app, session, campaign, campaign.starts_on - day) == CampaignState.PLANNED
    assert run(app, session, campaign, campaign.starts_on) == CampaignState.OPEN
    tell(make, campaign, deeds)
    make.deed("Muu teko")
    found = figures.figures_of(session, campaign, "fi")
    assert (found.deeds, found.organisations, found.newcomers) == (deeds, 20, 20)
    pace = figures.pace_of(session, campaign, campaign.ends_on)
    assert pace.by_day[-1] == deeds
    assert list(pace.by_day) == sorted(pace.by_day)
    middle = campaign.starts_on + timedelta(days=len(pace.by_day) // 2)
    standing = cockpit.standing(session, campaign, middle)
    assert standing.expected is not None
    assert abs(pace.at(standing.day) - standing.expected) <= 2
    assert run(app, session, campaign, campaign.ends_on) == CampaignState.OPEN
    assert run(app, session, campaign, campaign.ends_on + day) == CampaignState.CLOSED
    assert run(app, session, campaign, campaign.ends_on + day) == CampaignState.CLOSED
    moves = session.scalars(select(AuditEntry).where(AuditEntry.event == "CampaignMoved")).all()
    assert len(moves) == 2


def test_2018_a_colleague_is_told_on_a_form_with_a_reason_and_comes(
    app: Flask, session: Session, make: Factory, actor: Actor, recorded: dict[str, Campaign]
) -> None:
    campaign = replayed(actor, recorded["tekoja-tiskiin-2018"])
    assert campaign.kind == CampaignKind.CHALLENGE
    make.organisation("Kangasalan kaupunki", domain="kangasala.fi")
    challenged = make.organisation("Lempäälän kunta")
    author = make.user("kehittaja@lempaala.fi", organisation=challenged)
    with clock.frozen(moment(date(2018, 9, 12))):
        clockwork.move_due(app.extensions["tori"])
        with pytest.raises(RuleBroken, match="value_missing"), transaction() as writing:
            nominations.challenge(writing, campaign, _challenge(reason=""))
        with transaction() as writing:
            nominations.challenge(writing, campaign, _challenge())
        token = re.search(r"/haaste/vahvista/([\w-]+)", mails(session, "challenge_confirm")[-1].body_text)[1]  # type: ignore[index]
        with transaction() as writing:
            nominations.confirm(writing, token)
    for day, sent in ((date(2018, 9, 18), 1), (date(2018, 9, 20), 2), (date(2018, 9, 27), 3), (date(2018, 11, 1), 3)):
        with clock.frozen(moment(day)):
            nominations.send_reminders(app.extensions["tori"])
        assert len(mails(session, "challenge_invitation")) == sent
    session.rollback()
    with clock.frozen(moment(date(2018, 11, 2))):
        link = re.search(r"/haaste/([\w.-]+)\s", mails(session, "challenge_invitation")[-1].body_text)
        assert link
        browser = Browser(app).sign_in(author)
        answer = browser.post(f"/haaste/{link[1]}")
        session.rollback()
        assert f"kampanja={campaign.slug}" in answer.headers["Location"]
        told = {
            "title": "Kotihoidon reitit uusiksi", "summary": "Reitit suunnitellaan yhdessä.", "action": "publish",
            "organisation": str(challenged.id), "sector": make.sector("hyvinvointi", "hyvinvointi").slug,
            "language": "fi", "campaign": campaign.slug, "form_number": "a",
        }  # fmt: skip
        assert browser.post("/teot/uusi", told).status_code == 303
        session.rollback()
        [link_of_chain] = nominations.chain(session, campaign)
        assert (link_of_chain.challenger.name, link_of_chain.met_by.name) == ("Kangasalan kaupunki", "Lempäälän kunta")
        funnel = nominations.funnel(session, campaign)
        assert (funnel.made, funnel.invited, funnel.started, funnel.published) == (1, 1, 1, 1)


def _challenge(reason: str = "Sai koko tiimin innostumaan.") -> nominations.Challenge:
    return nominations.Challenge(
        Nominee.PERSON, "Kotihoidon kehittäjä", "kehittaja@lempaala.fi", reason, "kollega@kangasala.fi"
    )


def test_2019_a_video_and_cards_spread_the_word_and_the_gala_awards_the_best(
    app: Flask, session: Session, make: Factory, actor: Actor, recorded: dict[str, Campaign], client: FlaskClient
) -> None:
    campaign = replayed(
        actor, recorded["tekoja-tiskiin-2019"], video_url="https://video.example.org/tiskiin",
        video_text="Video kutsuu kertomaan hyvästä kuntatyöstä.", sources=("some", "kuntalehti", "kortti"),
    )  # fmt: skip
    gala = replayed(actor, recorded["kunteko-gaala-2019"], prizes=_series(recorded["kunteko-gaala-2019"]))
    with clock.frozen(moment(date(2019, 9, 11))):
        clockwork.move_due(app.extensions["tori"])
        page = client.get(f"/kampanjat/{campaign.slug}").text
        assert "Video kutsuu kertomaan" in page
        assert client.get(f"/kampanjat/{campaign.slug}/kortti-a6.pdf").mimetype == "application/pdf"
        for source in ("kuntalehti", "kortti", "kortti", "keksitty"):
            assert client.get(f"/k/{campaign.slug}/{source}").status_code == 302
    session.rollback()
    assert figures.visits_of(session, campaign) == {"some": 0, "kuntalehti": 1, "kortti": 2}
    deeds = tell(make, campaign, 10, 5)
    with clock.frozen(moment(date(2019, 12, 2))):
        clockwork.move_due(app.extensions["tori"])
        with transaction() as writing:
            series = writing.merge(gala).series[2]
            awards.give(writing, actor, series, writing.merge(deeds[0]), Given(citation="Innostaa muita."))
        _publish(actor, gala)
        assert "Innostavat teot" in client.get(f"/kampanjat/{gala.slug}/tulokset").text
        assert "chip-award" in client.get(f"/teot/{deeds[0].id}-{deeds[0].slug}").text


def _series(row: Campaign) -> list[service.Prize]:
    """Organisations are awarded in the first series of a gala, deeds in the others."""
    return [
        service.Prize(item["name"], item["for"] or "", AwardFor.ORGANISATION if number == 0 else AwardFor.DEED)
        for number, item in enumerate(row.facts["award_series"])
    ]


def _publish(actor: Actor, campaign: Campaign) -> None:
    for _step in range(2):
        with transaction() as writing:
            service.move_on(writing, actor, writing.merge(campaign))


@pytest.mark.parametrize("slug", sorted(GALAS))
def test_the_galas_give_more_than_forty_prizes_in_series_of_their_own_year(
    app: Flask, session: Session, make: Factory, actor: Actor, recorded: dict[str, Campaign], slug: str,
    client: FlaskClient,
) -> None:  # fmt: skip
    gala = replayed(actor, recorded[slug], prizes=_series(recorded[slug]))
    assert len(gala.series) == GALAS[slug]
    over = gala.ends_on + timedelta(days=1)
    assert run(app, session, gala, over) == CampaignState.CLOSED
    with clock.frozen(moment(over, 13)):
        for number in range(MORE_THAN + 2):
            with transaction() as writing:
                series = writing.merge(gala).series[number % GALAS[slug]]
                is_deed = series.kind == AwardFor.DEED
                winner = make.deed(f"Palkittu {number}") if is_deed else make.organisation(f"Palkittu {number}")
                awards.give(writing, actor, series, writing.merge(winner), Given())
        _publish(actor, gala)
        session.rollback()
        rows = awards.award_rows(session, gala, "fi")
        assert len(rows) == MORE_THAN + 2 > MORE_THAN
        assert {row.series for row in rows} == {item["name"] for item in recorded[slug].facts["award_series"]}
        page = client.get(f"/kampanjat/{gala.slug}/tulokset").text
        assert all(f"Palkittu {number}" in page for number in range(MORE_THAN + 2))
        told = [row for row in json.loads(client.get("/api/v1/campaigns").data)["items"] if row["slug"] == gala.slug]
        assert len(told[0]["awards"]) == MORE_THAN + 2


def test_2020_a_deed_and_its_makers_each_week_until_the_pandemic_ends_it(
    app: Flask, session: Session, make: Factory, actor: Actor, recorded: dict[str, Campaign], client: FlaskClient
) -> None:
    past = recorded["viikon-muutoksentekijat-2020"]
    assert [day.isocalendar().week for day in WEEKS] == list(range(7, 14))
    assert "Sankarit poikkeusoloissa" in client.get(f"/kampanjat/{past.slug}").text
    campaign = replayed(actor, past, ends_on=date(2020, 5, 31))
    assert run(app, session, campaign, WEEKS[0]) == CampaignState.OPEN
    for number, monday in enumerate(WEEKS):
        with clock.frozen(moment(monday)):
            given = weekly.Feature(monday, f"Tiimi {number}", "He kehittivät työtään.", "tiimi, postilla", True)
            with transaction() as writing:
                weekly.schedule(writing, actor, make.deed(f"Viikon teko {number}"), given)
            shown = weekly.of_this_week(session)
            assert shown is not None
            assert shown.makers == f"Tiimi {number}"
    with clock.frozen(moment(date(2020, 3, 27))):
        # Nobody is in the queue for week 14: that is told a week ahead.
        assert weekly.gap(session) == date(2020, 3, 30)
        with transaction() as writing:
            service.end_early(writing, actor, writing.merge(campaign), past.facts["ended_note"])
        session.rollback()
        session.refresh(campaign)
        assert campaign.state == CampaignState.CLOSED
        assert weekly.gap(session) is None
        assert "Koronapandemian alku katkaisi kampanjan" in client.get(f"/kampanjat/{campaign.slug}").text
        archive = client.get("/viikon-tekijat").text
        assert [number for number in range(7) if f"Tiimi {number}" in archive] == list(range(7))


def test_2020_hashtags_go_into_the_texts_and_deeds_and_diligent_municipalities_are_awarded(
    app: Flask, session: Session, make: Factory, actor: Actor, recorded: dict[str, Campaign], client: FlaskClient
) -> None:
    prizes = [
        service.Prize("Parhaat teot", "", AwardFor.DEED), service.Prize("Ahkerimmat kunnat", "", AwardFor.ORGANISATION)
    ]  # fmt: skip
    campaign = replayed(actor, recorded["hyva-kiertamaan-2020"], prizes=prizes)
    assert campaign.hashtags == ["#hyväntekijät", "#jaettutekoparasteko"]
    with clock.frozen(moment(date(2020, 6, 1))):
        clockwork.move_due(app.extensions["tori"])
        kit = client.get(f"/kampanjat/{campaign.slug}/jaa").text
        assert "Laita hyvä kiertämään" in kit
        assert "#hyväntekijät #jaettutekoparasteko" in kit
    deeds = tell(make, campaign, 30, 4)
    with clock.frozen(moment(date(2020, 10, 7))):
        clockwork.move_due(app.extensions["tori"])
        judge = make.user()
        with transaction() as writing:
            row = writing.merge(campaign)
            jury.set_criteria(writing, actor, row, [("Hyöty muille", 1)])
            jury.add_member(writing, actor, row, writing.merge(judge))
            mark = jury.Judgement({row.criteria[0]["id"]: 5})
            jury.judge(writing, Actor(writing.merge(judge)), row, writing.merge(deeds[7]), mark)
        session.rollback()
        session.expire_all()
        best = jury.placings(session, campaign)[0].deed
        busiest = figures.ranked(figures.figures_of(session, campaign, "fi").takers, lambda taker: taker.deeds)
        assert best.id == deeds[7].id
        assert [row.value for row in busiest] == [8, 8, 7, 7]
        session.rollback()
        with transaction() as writing:
            series = {row.name: row for row in writing.merge(campaign).series}
            awards.give(writing, actor, series["Parhaat teot"], writing.merge(best), Given())
            awards.give(writing, actor, series["Ahkerimmat kunnat"], writing.merge(deeds[0]).organisation, Given())
        _publish(actor, campaign)
        page = client.get(f"/kampanjat/{campaign.slug}/tulokset").text
        assert "Ahkerimmat kunnat" in page
        assert deeds[7].title in page
