"""The queue of the weekly makers, and the jury that never judges its own."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.campaigns.helpers import END, START, campaign_of, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import jury, service, weekly
from tori.campaigns.clockwork import move_due
from tori.campaigns.jury import Judgement
from tori.campaigns.weekly import Feature
from tori.core import clock
from tori.core.errors import NotAllowed, NotFound, RuleBroken
from tori.database import transaction
from tori.models.campaigning import JuryScore, WeeklyFeature
from tori.models.campaigns import Campaign, CampaignKind
from tori.models.deeds import DeedStatus
from tori.models.operations import Notification
from tori.models.people import Role
from tori.policy import Actor

MONDAY = date(2020, 2, 10)
"""The first week of the campaign of 2020."""
GIVEN = Feature(MONDAY, "Keittiön väki", "He puolittivat hävikin.", "tiimi, sähköpostilla 3.2.", True)


def schedule(make: Factory, day: date, title: str = "Hävikki puoliksi", **values: object) -> WeeklyFeature:
    deed = make.deed(title, **values)  # type: ignore[arg-type]
    with transaction() as session:
        given = Feature(day, GIVEN.makers, GIVEN.text, GIVEN.consent, True)
        return weekly.schedule(session, manager(make), deed, given)


def test_seven_weeks_of_2020_are_shown_one_by_one(session: Session, make: Factory, client: FlaskClient) -> None:
    with clock.frozen(moment(MONDAY)):
        for number in range(7):
            schedule(make, MONDAY + timedelta(weeks=number, days=number % 7), f"Teko {number}")
        with pytest.raises(RuleBroken, match="week_taken"):
            schedule(make, MONDAY + timedelta(days=6), "Toinen")
    for number in range(7):
        with clock.frozen(moment(MONDAY + timedelta(weeks=number, days=6))):
            found = weekly.of_this_week(session)
            assert found is not None
            assert found.deed.title == f"Teko {number}"
            assert len(weekly.shown(session)) == number + 1
            front = client.get("/").text
            assert "Keittiön väki" in front
    with clock.frozen(moment(MONDAY + timedelta(weeks=7))):
        assert weekly.of_this_week(session) is None
        assert "Keittiön väki" not in client.get("/").text
        page = client.get("/viikon-tekijat").text
        assert [f"Teko {number}" in page for number in range(7)] == [True] * 7


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"day": None}, "value_missing"),
        ({"day": MONDAY - timedelta(days=1)}, "bad_last_day"),
        ({"makers": " "}, "value_missing"),
        ({"text": "x" * 1501}, "text_too_long"),
        ({"consent": ""}, "value_missing"),
        ({"has_consent": False}, "feature_consent"),
    ],
)
def test_a_week_without_consent_or_words_is_refused(
    session: Session, make: Factory, values: dict[str, object], code: str
) -> None:
    with (
        clock.frozen(moment(MONDAY)),
        pytest.raises(RuleBroken, match=code),
        transaction() as writing,
    ):
        weekly.schedule(writing, manager(make), make.deed(), Feature(**{**GIVEN.__dict__, **values}))  # type: ignore[arg-type]


def test_the_makers_take_their_consent_back_with_one_press(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    author = make.user("tekija@example.org")
    with clock.frozen(moment(MONDAY)):
        row = schedule(make, MONDAY, author_id=author.id)
        [mail] = mails(session, "weekly_feature")
        assert mail.recipient == "tekija@example.org"
        found = re.search(r"(/viikon-tekijat/peru/\S+)", mail.body_text)
        assert found
        assert client.get(found[1]).status_code == 200
        assert "Keittiön väki" in client.get("/viikon-tekijat").text
        assert client.get(found[1] + "x").status_code == 400
        for _ in range(2):
            assert client.post(found[1]).status_code == 200
        assert "Keittiön väki" not in client.get("/viikon-tekijat").text
        assert "Keittiön väki" not in client.get("/").text
    session.rollback()
    session.refresh(row)
    assert (row.makers, row.text) == ("", "")


def test_a_deed_that_is_gone_takes_its_week_with_it(session: Session, make: Factory) -> None:
    with clock.frozen(moment(MONDAY)):
        row = schedule(make, MONDAY)
        row.deed.status = DeedStatus.WITHDRAWN
        session.commit()
        assert weekly.shown(session) == []


def test_a_gap_in_the_queue_warns_every_manager_once_a_week_ahead(app: Flask, session: Session, make: Factory) -> None:
    config = app.extensions["tori"]
    with clock.frozen(moment(MONDAY)):
        campaign_of(
            manager(make), name="Viikon muutoksentekijät", kind=CampaignKind.WEEKLY, starts_on=MONDAY,
            ends_on=date(2020, 3, 29),
        )  # fmt: skip
        assert weekly.gap(session) == MONDAY + timedelta(weeks=1)
        for _ in range(2):
            weekly.warn_of_gap(config)
        managers = session.scalar(select(func.count()).where(Notification.kind == "queue_gap"))
        assert managers == 1
        schedule(make, MONDAY + timedelta(weeks=1))
        assert weekly.gap(session) is None
    with clock.frozen(moment(date(2020, 3, 24))):
        assert weekly.gap(session) is None


# The jury


@pytest.fixture
def campaign(session: Session, make: Factory) -> Campaign:
    """Over, waiting for the jury."""
    actor = manager(make)
    with clock.frozen(moment(END + timedelta(days=2))):
        row = campaign_of(actor)
        with transaction() as writing:
            jury.set_criteria(writing, actor, row, [("Hyöty asukkaalle", 2), ("Toistettavuus", 1)])
    return row


def juror(make: Factory, campaign: Campaign, **values: object) -> Actor:
    user = make.user(organisation=make.organisation(), **values)  # type: ignore[arg-type]
    with transaction() as session:
        jury.add_member(session, manager(make), campaign, user)
    return Actor(user)


def judge(actor: Actor, campaign: Campaign, deed: object, marks: tuple[int, int], **more: object) -> JuryScore:
    with transaction() as session:
        given = Judgement({"k1": marks[0], "k2": marks[1]}, **more)  # type: ignore[arg-type]
        return jury.judge(session, actor, campaign, deed, given)  # type: ignore[arg-type]


def test_marks_are_weighed_and_the_spread_shows_where_the_jury_disagrees(
    session: Session, make: Factory, campaign: Campaign
) -> None:
    first, second = make.deed("Yksi", campaign_id=campaign.id), make.deed("Kaksi", campaign_id=campaign.id)
    one, two = juror(make, campaign), juror(make, campaign)
    judge(one, campaign, first, (3, 3), note="Hyvä alku")
    judge(one, campaign, first, (4, 1))
    judge(two, campaign, first, (1, 1))
    judge(one, campaign, second, (5, 5))
    judge(two, campaign, second, (5, 5), has_conflict=True)
    rows = jury.placings(session, campaign)
    assert [(row.deed.title, row.mean, row.spread, row.judges, row.conflicts) for row in rows] == [
        ("Kaksi", 5.0, 0.0, 1, 1), ("Yksi", 2.0, 2.0, 2, 0),
    ]  # fmt: skip


def test_nobody_judges_their_own_and_outsiders_see_nothing(session: Session, make: Factory, campaign: Campaign) -> None:
    actor = juror(make, campaign)
    (organisation_id,) = actor.organisation_ids
    own = make.deed("Oma", campaign_id=campaign.id, organisation_id=organisation_id)
    written = make.deed("Kirjoitettu", campaign_id=campaign.id, author_id=actor.id)
    together = make.deed("Yhteinen", campaign_id=campaign.id)
    assert actor.user is not None
    together.co_organisations = [actor.user.memberships[0].organisation]
    session.commit()
    other = make.deed("Muiden", campaign_id=campaign.id)
    for deed in (own, written, together):
        with pytest.raises(RuleBroken, match="judges_own"):
            judge(actor, campaign, deed, (5, 5))
    assert [deed.title for deed, _ in jury.queue_of(session, actor, campaign)] == ["Muiden"]
    with pytest.raises(NotFound):
        judge(Actor(make.user()), campaign, other, (5, 5))
    with pytest.raises(NotFound):
        judge(actor, campaign, make.deed("Kampanjan ulkopuolelta"), (5, 5))
    with pytest.raises(NotFound):
        judge(actor, campaign, make.deed("Luonnos", campaign_id=campaign.id, status=DeedStatus.DRAFT), (5, 5))


@pytest.mark.parametrize("marks", [{}, {"k1": 3}, {"k1": 3, "k2": 6}, {"k1": 0, "k2": 1}, {"k1": 1, "k2": 1, "k3": 1}])
def test_every_criterion_needs_a_mark_of_the_scale(
    session: Session, make: Factory, campaign: Campaign, marks: dict[str, int]
) -> None:
    actor, deed = juror(make, campaign), make.deed(campaign_id=campaign.id)
    with pytest.raises(RuleBroken, match="marks_missing"), transaction() as writing:
        jury.judge(writing, actor, campaign, deed, Judgement(marks))


def test_the_jury_judges_between_the_end_and_the_results(session: Session, make: Factory, campaign: Campaign) -> None:
    actor, deed = juror(make, campaign), make.deed(campaign_id=campaign.id)
    judge(actor, campaign, deed, (3, 3))
    with transaction() as writing:
        service.move_on(writing, manager(make), campaign)
    with pytest.raises(RuleBroken, match="jury_not_open"):
        judge(actor, campaign, deed, (5, 5))
    with clock.frozen(moment(START)):
        running = campaign_of(manager(make), name="Käynnissä", kind=CampaignKind.THEME_MONTH)
    with pytest.raises(RuleBroken, match="jury_not_open"):
        judge(juror(make, running), running, make.deed(campaign_id=running.id), (3, 3))


def test_evaluators_hear_that_they_are_in_the_jury_and_when_the_judging_begins(session: Session, make: Factory) -> None:
    with clock.frozen(moment(START)):
        running = campaign_of(manager(make), name="Käynnissä", kind=CampaignKind.THEME_MONTH)
        juror(make, running, email="raati@example.org")
    (mail,) = mails(session, "jury_named")
    assert (mail.recipient, mails(session, "jury_open")) == ("raati@example.org", [])
    assert "Käynnissä" in mail.subject
    assert f"{END.day}.{END.month}.{END.year}" in mail.body_text
    with clock.frozen(moment(END + timedelta(days=1))):
        move_due(current_app.extensions["tori"])
        (mail,) = mails(session, "jury_open")
        assert mail.recipient == "raati@example.org"
        assert f"/oma/raati/{running.slug}" in mail.body_text
        juror(make, running, email="myohempi@example.org")
        assert [row.recipient for row in mails(session, "jury_open")] == ["raati@example.org", "myohempi@example.org"]
        with transaction() as writing:
            service.move_on(writing, manager(make), running)
        juror(make, running, email="lopussa@example.org")
        assert {row.recipient for row in mails(session)} == {"raati@example.org", "myohempi@example.org"}
    notices = session.execute(select(Notification.kind, Notification.address).order_by(Notification.id)).all()
    assert notices == [(kind, f"/oma/raati/{running.slug}") for kind in ("jury_named", "jury_open", "jury_open")]


def test_criteria_and_evaluators_are_the_managers(session: Session, make: Factory, campaign: Campaign) -> None:
    with pytest.raises(NotAllowed), transaction() as writing:
        jury.set_criteria(writing, Actor(make.user()), campaign, [("A", 1)])
    with pytest.raises(RuleBroken, match="bad_weight"), transaction() as writing:
        jury.set_criteria(writing, manager(make), campaign, [("A", 11)])
    with transaction() as writing:
        jury.set_criteria(writing, manager(make), campaign, [("Uusi", 1), ("Toistettavuus", 3)])
    assert [(row["id"], row["weight"]) for row in campaign.criteria] == [("k3", 1), ("k2", 3)]


def test_from_the_jury_to_the_award_on_the_pages(
    app: Flask, session: Session, make: Factory, campaign: Campaign
) -> None:
    deed = make.deed("Voittaja", campaign_id=campaign.id)
    user = make.user("raati@example.org", organisation=make.organisation())
    desk = Browser(app).sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    path = f"/hallinta/kampanjat/{campaign.id}/raati"
    assert desk.post(f"{path}/perusteet", {"criteria": "Hyöty: monta"}).status_code == 422
    assert desk.post(f"{path}/perusteet", {"criteria": "Hyöty asukkaalle: 2\nRohkeus"}).status_code == 303
    assert desk.post(f"{path}/jasenet", {"email": "ei@example.org"}).status_code == 422
    assert desk.post(f"{path}/jasenet", {"email": "raati@example.org"}).status_code == 303
    member = Browser(app).sign_in(user)
    assert f"/oma/raati/{campaign.slug}" in member.get("/oma").text
    assert "Voittaja" in member.get(f"/oma/raati/{campaign.slug}").text
    own_path = f"/oma/raati/{campaign.slug}/{deed.id}"
    assert member.get(own_path).status_code == 200
    answer = member.post(own_path, {"mark-k1": "5", "note": "Säilyvä huomio"})
    assert answer.status_code == 422
    assert "Säilyvä huomio" in answer.text
    assert member.post(own_path, {"mark-k1": "5", "mark-k3": "4", "note": "Rohkea"}).status_code == 303
    page = desk.get(path).text
    assert "4,67" in page
    assert "Rohkea" in page
    assert desk.post(f"{path}/karki/{deed.id}", {"in": "1"}).status_code == 303
    assert jury.placings(session, campaign)[0].is_shortlisted
    assert Browser(app).sign_in(make.user()).get(f"/oma/raati/{campaign.slug}").status_code == 404
    assert "Rohkea" not in Browser(app).get(f"/teot/{deed.id}-{deed.slug}").text
    row = session.scalars(select(JuryScore)).one()
    assert desk.post(f"/hallinta/raati/{row.member_id}/poista").status_code == 303


def test_the_queue_of_weeks_on_the_desk(session: Session, make: Factory, browser: Browser) -> None:
    deed = make.deed("Hävikki puoliksi")
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    path = "/hallinta/viikon-tekijat"
    day = clock.today() + timedelta(days=7)
    data = {
        "day": day.isoformat(), "deed": str(deed.id), "makers": "Keittiön väki", "text": "Säilyvä tarina",
        "consent": "tiimi", "has_consent": "y",
    }  # fmt: skip
    assert browser.get(path).status_code == 200
    answer = browser.post(path, {name: value for name, value in data.items() if name != "has_consent"})
    assert answer.status_code == 422
    assert "Säilyvä tarina" in answer.text
    assert browser.post(path, data).status_code == 303
    session.rollback()
    row = session.scalars(select(WeeklyFeature)).one()
    assert browser.post(f"{path}/{row.id}/poista").status_code == 303
