"""The manager's morning: pace, who is missing, letters to many, and the export."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.campaigns.helpers import START, campaign_of, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import cockpit, letters
from tori.campaigns.letters import Audience, Letter
from tori.campaigns.service import Question
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.models.campaigns import Campaign, CampaignAnswer
from tori.models.deeds import DeedStatus
from tori.models.people import Role
from tori.policy import Actor
from tori.worker import send_due_mails


@pytest.fixture
def earlier(make: Factory) -> Campaign:
    return campaign_of(
        manager(make), name="Hyvä kiertämään 2025", starts_on=date(2025, 9, 8), ends_on=date(2025, 10, 1)
    )


@pytest.fixture
def campaign(make: Factory, earlier: Campaign, session: Session) -> Campaign:
    with clock.frozen(moment(START)):
        row = campaign_of(manager(make), goal_deeds=24, questions=[Question("Mikä yllätti?", False)])
    row.earlier_id = earlier.id
    session.commit()
    return row


def test_today_stands_beside_the_goal_and_the_same_day_of_the_earlier_one(
    session: Session, make: Factory, campaign: Campaign, earlier: Campaign
) -> None:
    for day in (0, 0, 3, 9, 30):
        make.deed("Vanha", campaign_id=earlier.id, published_at=moment(date(2025, 9, 8) + timedelta(days=day)))
    for day in (0, 2):
        make.deed("Uusi", campaign_id=campaign.id, published_at=moment(START + timedelta(days=day)))
    make.deed("Kesken", campaign_id=campaign.id, status=DeedStatus.DRAFT)
    found = cockpit.standing(session, campaign, START + timedelta(days=3))
    assert (found.day, found.length, found.deeds, found.expected) == (4, 24, 2, 4)
    assert (found.earlier_then, found.recorded, found.drafts) == (3, None, 1)
    rows = {row[0]: row[1:] for row in found.rows}
    assert rows[4] == (2, 3, 4)
    assert rows[24] == (None, 5, 24)
    before = cockpit.standing(session, campaign, START - timedelta(days=1))
    assert (before.day, before.deeds, before.expected) == (0, 0, 0)


def test_a_campaign_of_which_only_the_report_tells_gives_its_recorded_result(
    session: Session, campaign: Campaign, earlier: Campaign
) -> None:
    earlier.facts = {"results": {"new_deeds": 158, "qualifier": None}}
    session.commit()
    found = cockpit.standing(session, campaign, START)
    assert (found.earlier_then, found.recorded) == (None, 158)


def test_organisations_of_last_time_are_to_be_asked_until_they_are_here(
    session: Session, make: Factory, campaign: Campaign, earlier: Campaign
) -> None:
    here, away, much = make.organisation("Täällä"), make.organisation("Poissa"), make.organisation("Ahkera")
    for organisation in (here, away, much, much):
        make.deed("Vanha", campaign_id=earlier.id, organisation_id=organisation.id)
    make.deed("Uusi", campaign_id=campaign.id, organisation_id=here.id)
    make.deed("Luonnos", campaign_id=campaign.id, organisation_id=away.id, status=DeedStatus.DRAFT)
    assert [row.name for row in cockpit.missing_from_last_time(session, campaign)] == ["Ahkera", "Poissa"]


def test_a_letter_goes_once_to_each_and_never_to_who_said_no(
    app: Flask, session: Session, make: Factory, campaign: Campaign, browser: Browser
) -> None:
    actor = manager(make)
    author, shy, other = make.user("a@example.org"), make.user("ujo@example.org"), make.user("muu@example.org")
    for user in (author, author, shy):
        make.deed("Teko", campaign_id=campaign.id, author_id=user.id)
    make.deed("Muualla", author_id=other.id)
    token = letters.token_of(shy)
    assert browser.get(f"/kampanjat/viestit/peru/{token}").status_code == 200
    assert browser.get(f"/kampanjat/viestit/peru/{token}x").status_code == 400
    for _ in range(2):
        assert browser.client.post(f"/kampanjat/viestit/peru/{token}").status_code == 200
    letter = Letter(Audience.MAKERS, "Kiitos!", "Hyvää työtä.\n\n<b>Jatketaan</b>")
    with transaction() as writing:
        assert letters.send(writing, actor, campaign, letter) == 1
    [mail] = mails(session, "campaign_letter")
    assert mail.recipient == "a@example.org"
    assert "<b>" not in mail.body_html
    with pytest.raises(NotAllowed), transaction() as writing:
        letters.send(writing, Actor(author), campaign, letter)
    with transaction() as writing:
        letters.stop(writing, letters.token_of(author))
    send_due_mails(app.extensions["tori"])
    assert mails(session, "campaign_letter") == []
    with pytest.raises(RuleBroken, match="no_readers"), transaction() as writing:
        letters.send(writing, actor, campaign, letter)


def test_contact_persons_of_last_time_are_invited(
    session: Session, make: Factory, campaign: Campaign, earlier: Campaign
) -> None:
    organisation = make.organisation("Poissa")
    make.user("yhteys@example.org", organisation=organisation, steward=True)
    make.user("muu@example.org", organisation=organisation)
    make.deed("Vanha", campaign_id=earlier.id, organisation_id=organisation.id)
    people = letters.readers(session, manager(make), campaign, Audience.LAST_TIME)
    assert [person.email for person in people] == ["yhteys@example.org"]


def test_the_pages_of_the_desk(session: Session, make: Factory, campaign: Campaign, browser: Browser) -> None:
    deed = make.deed("=SUMMA(A1)", campaign_id=campaign.id, author_id=make.user().id, published_at=moment(START))
    make._add(CampaignAnswer(deed_id=deed.id, question="q1", text="+Kaikki tulivat"))
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    path = f"/hallinta/kampanjat/{campaign.id}"
    with clock.frozen(moment(START + timedelta(days=1))):
        page = browser.get(f"/en{path}").text
        assert "Behind the even way to the goal: 1, and 2 were needed" in page
        assert browser.get(f"{path}/kirje").status_code == 200
        assert browser.post(f"{path}/kirje", {"audience": "makers", "subject": "", "body": "Jää"}).status_code == 422
        data = {"audience": "makers", "subject": "Hei", "body": "Kiitos <i>teille</i>"}
        page = browser.post(f"{path}/kirje", data)
        assert page.status_code == 200
        assert "Kiitos &lt;i&gt;teille" in page.text
        assert mails(session, "campaign_letter") == []
        assert browser.post(f"{path}/kirje", {**data, "action": "send"}).status_code == 303
        table = browser.get(f"{path}/osallistujat.csv").data.decode("utf-8-sig")
    assert len(mails(session, "campaign_letter")) == 1
    rows = list(csv.reader(StringIO(table), delimiter=";"))
    assert rows[0][-1] == "Mikä yllätti?"
    assert (rows[1][1], rows[1][-1]) == ("'=SUMMA(A1)", "'+Kaikki tulivat")


def test_earlier_campaigns_stand_beside_this_one_by_the_same_day(
    session: Session, make: Factory, browser: Browser
) -> None:
    actor = manager(make)
    last = campaign_of(actor, name="Viime vuonna", starts_on=date(2025, 9, 1), ends_on=date(2025, 9, 30))
    for day in (1, 2, 20):
        make.deed(f"Teko {day}", campaign_id=last.id, published_at=moment(date(2025, 9, day)))
    old = campaign_of(actor, name="Vanha", starts_on=date(2020, 5, 18), ends_on=date(2020, 9, 30))
    old.facts = {"results": {"new_deeds": 100, "qualifier": "noin"}}
    session.commit()
    campaign_of(actor, name="Tuleva", starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 30))
    campaign_of(actor, name="Tyhjä", starts_on=date(2024, 1, 1), ends_on=date(2024, 1, 30))
    now = campaign_of(actor)
    with clock.frozen(moment(START + timedelta(days=4))):
        found = [
            (row.name, row.then, row.whole, row.qualifier) for row in cockpit.earlier_ones(session, now, clock.today())
        ]
        assert found == [("Viime vuonna", 2, 3, ""), ("Vanha", None, 100, "noin")]
        browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        assert "noin 100" in browser.get(f"/hallinta/kampanjat/{now.id}").text
        assert "omkring 100" in browser.get(f"/sv/hallinta/kampanjat/{now.id}").text
