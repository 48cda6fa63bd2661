"""Haastekisa: from a colleague's challenge to the published deed, and everybody's right to say no."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.campaigns.helpers import END, START, campaign_of, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import nominations
from tori.campaigns.nominations import Challenge
from tori.core import clock
from tori.core.errors import RuleBroken, TooMany
from tori.core.events import DeedPublished, DeedSaved, record
from tori.database import transaction
from tori.models.campaigning import NeverContact, Nomination
from tori.models.campaigns import Campaign, CampaignKind
from tori.models.deeds import DeedStatus
from tori.models.operations import OutboxMail, RateCount
from tori.models.people import Role
from tori.worker import send_due_mails

GIVEN = Challenge(
    kind="team", nominee_name="Keittiön väki", nominee_email="keittio@lempaala.fi",
    reason="Hävikki puolittui, ja he kertoivat siitä hauskasti.", email="kollega@kangasala.fi", name="Kollega",
)  # fmt: skip


@pytest.fixture
def campaign(make: Factory) -> Campaign:
    with clock.frozen(moment(START)):
        return campaign_of(manager(make), kind=CampaignKind.CHALLENGE, name="Tekoja tiskiin 2026")


def challenge(campaign: Campaign, given: Challenge = GIVEN, day: date = START) -> Nomination:
    with clock.frozen(moment(day)), transaction() as session:
        return nominations.challenge(session, campaign, given)


def secret_in(mail: OutboxMail) -> str:
    found = re.search(r"/haaste/(?:vahvista/)?([\w.-]+)\s", mail.body_text)
    assert found, mail.body_text
    return found[1]


def confirmed(session: Session, campaign: Campaign, given: Challenge = GIVEN, day: date = START) -> Nomination:
    challenge(campaign, given, day)
    token = secret_in(mails(session, "challenge_confirm")[-1])
    with clock.frozen(moment(day)), transaction() as writing:
        return nominations.confirm(writing, token)


def test_nothing_goes_to_the_challenged_before_the_challenger_is_confirmed(
    session: Session, campaign: Campaign
) -> None:
    challenge(campaign)
    [first] = mails(session)
    assert (first.event, first.recipient) == ("challenge_confirm", "kollega@kangasala.fi")
    token = secret_in(first)
    for _ in range(2):
        with clock.frozen(moment(START)), transaction() as writing:
            nominations.confirm(writing, token)
    [invitation] = mails(session, "challenge_invitation")
    assert invitation.recipient == "keittio@lempaala.fi"
    assert "Hävikki puolittui" in invitation.body_text
    assert "kangasala.fi" not in invitation.body_text
    assert invitation.headers is not None
    assert "List-Unsubscribe" in invitation.headers


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"nominee_email": "KOLLEGA@kangasala.fi"}, "own_nomination", "nominee_email"),
        ({"nominee_email": "ei osoite"}, "bad_email", "nominee_email"),
        ({"email": "x@y@z"}, "bad_email", "email"),
        ({"reason": "  "}, "value_missing", "reason"),
        ({"reason": "x" * 501}, "text_too_long", "reason"),
        ({"nominee_name": ""}, "value_missing", "nominee_name"),
        ({"kind": "koira"}, "unknown_choice", "kind"),
    ],
)
def test_bad_challenges_are_answered_at_their_field(
    session: Session, campaign: Campaign, values: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(RuleBroken, match=code) as raised:
        challenge(campaign, replace(GIVEN, **values))
    assert raised.value.field == field
    assert mails(session) == []


def test_a_challenge_outside_the_campaigns_days_is_refused(session: Session, campaign: Campaign) -> None:
    for day in (START - timedelta(days=1), END + timedelta(days=1)):
        with pytest.raises(RuleBroken, match="campaign_not_running"):
            challenge(campaign, day=day)
    challenge(campaign, day=END)
    token = secret_in(mails(session)[0])
    with (
        clock.frozen(moment(END + timedelta(days=1))),
        pytest.raises(RuleBroken, match="campaign_not_running"),
        transaction() as writing,
    ):
        nominations.confirm(writing, token)
    assert mails(session, "challenge_invitation") == []


def test_a_thousand_challenges_from_one_address_end_at_ten(session: Session, campaign: Campaign) -> None:
    for number in range(10):
        challenge(campaign, replace(GIVEN, nominee_email=f"kollega{number}@lempaala.fi"))
    with pytest.raises(TooMany):
        challenge(campaign, replace(GIVEN, nominee_email="kollega10@lempaala.fi"))
    assert session.scalar(select(func.count()).select_from(Nomination)) == 10


def test_an_old_or_forged_link_confirms_nothing(session: Session, campaign: Campaign, client: FlaskClient) -> None:
    challenge(campaign)
    token = secret_in(mails(session)[0])
    with clock.frozen(moment(START + timedelta(days=3))):
        assert client.get(f"/haaste/vahvista/{token}").status_code == 400
    assert client.get("/haaste/vahvista/" + "a" * 43).status_code == 400
    assert client.get("/haaste/vahvista/" + "a" * 2000).status_code == 400
    row = confirmed(session, campaign)
    good = nominations.token_of(row)
    for bad in (good[:-1], good + "x", "MQ.aaaa", "x" * 500):
        answer = client.get(f"/haaste/{bad}")
        assert answer.status_code == 400, bad
        assert "Keittiön" not in answer.text


def test_one_who_is_challenged_by_two_gets_one_invitation(session: Session, campaign: Campaign) -> None:
    confirmed(session, campaign)
    second = confirmed(session, campaign, replace(GIVEN, email="toinen@kangasala.fi"))
    assert len(mails(session, "challenge_invitation")) == 1
    assert second.invited_at is None


def test_two_reminders_at_most_and_none_after_no(app: Flask, session: Session, campaign: Campaign) -> None:
    config = app.extensions["tori"]
    with transaction() as writing:
        campaign = writing.merge(campaign)
        campaign.ends_on = END + timedelta(days=60)
    confirmed(session, campaign)
    shy = confirmed(session, campaign, replace(GIVEN, nominee_email="ujo@lempaala.fi"))
    with clock.frozen(moment(START)), transaction() as writing:
        nominations.decline(writing, nominations.token_of(shy), for_good=False)
    told = []
    for day in range(40):
        with clock.frozen(moment(START + timedelta(days=day))):
            for _ in range(2):
                told += [day] * nominations.send_reminders(config)
    assert told == [7, 14]
    reminders = mails(session, "challenge_invitation")[2:]
    assert [row.recipient for row in reminders] == ["keittio@lempaala.fi"] * 2
    assert shy.nominee_email not in [row.recipient for row in reminders]


def test_no_reminders_after_the_campaign_or_the_deed(app: Flask, session: Session, campaign: Campaign) -> None:
    row = confirmed(session, campaign, day=END)
    with clock.frozen(moment(END + timedelta(days=8))):
        assert nominations.send_reminders(app.extensions["tori"]) == 0
    with transaction() as writing:
        writing.merge(campaign).ends_on = END + timedelta(days=60)
        writing.get_one(Nomination, row.id).published_at = moment(END)
    with clock.frozen(moment(END + timedelta(days=8))):
        assert nominations.send_reminders(app.extensions["tori"]) == 0


def test_who_said_never_is_not_challenged_again_and_waiting_mails_are_stopped(
    app: Flask, session: Session, campaign: Campaign, client: FlaskClient
) -> None:
    row = confirmed(session, campaign)
    token = nominations.token_of(row)
    with clock.frozen(moment(START)):
        assert client.get(f"/haaste/{token}/ei").status_code == 200
        session.rollback()
        assert session.scalar(select(NeverContact)) is None
        # What a mail program sends by itself, with neither cookie nor token.
        assert client.post(f"/haaste/{token}/ei", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    session.rollback()
    kept = session.scalars(select(NeverContact)).one()
    assert "lempaala" not in kept.hash
    with pytest.raises(RuleBroken, match="never_contact"):
        challenge(campaign, replace(GIVEN, email="muu@kangasala.fi"))
    with clock.frozen(moment(START)):
        send_due_mails(app.extensions["tori"])
    session.rollback()
    assert [item.event for item in session.scalars(select(OutboxMail))] == ["challenge_confirm"]


def test_not_this_time_stops_this_challenge_only(session: Session, campaign: Campaign, client: FlaskClient) -> None:
    row = confirmed(session, campaign)
    with clock.frozen(moment(START)):
        client.post(f"/haaste/{nominations.token_of(row)}/ei", data={"answer": "now"})
    session.rollback()
    session.refresh(row)
    assert row.declined_at is not None
    assert session.scalar(select(NeverContact)) is None


def test_the_whole_way_from_the_challenge_to_the_chain(
    app: Flask, session: Session, make: Factory, campaign: Campaign
) -> None:
    make.organisation("Kangasalan kaupunki", domain="kangasala.fi")
    lempaala = make.organisation("Lempäälän kunta", domain="lempaala.fi")
    stranger, challenged = Browser(app), Browser(app)
    with clock.frozen(moment(START)):
        page = stranger.get(f"/kampanjat/{campaign.slug}").text
        assert f"/kampanjat/{campaign.slug}/haasta" in page
        answer = stranger.post(f"/kampanjat/{campaign.slug}/haasta", {**GIVEN.__dict__, "reason": ""})
        assert answer.status_code == 422
        assert "Keittiön väki" in answer.text
        answer = stranger.post(f"/kampanjat/{campaign.slug}/haasta", dict(GIVEN.__dict__))
        assert answer.status_code == 303
        assert stranger.get(answer.headers["Location"]).status_code == 200
        token = secret_in(mails(session)[0])
        assert "Keittiön väki" in stranger.get(f"/haaste/vahvista/{token}").text
        assert mails(session, "challenge_invitation") == []
        assert stranger.post(f"/haaste/vahvista/{token}").status_code == 200
        invitation = secret_in(mails(session, "challenge_invitation")[0])
        # Nothing about the challenged is public.
        for path in (f"/kampanjat/{campaign.slug}", "/kampanjat", "/", f"/en/kampanjat/{campaign.slug}"):
            text = stranger.get(path).text
            assert "Keittiön väki" not in text
            assert "Lempäälä" not in text
        page = challenged.get(f"/haaste/{invitation}")
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "Hävikki puolittui" in page.text
        answer = challenged.post(f"/haaste/{invitation}")
        assert answer.status_code == 303
        begun = challenged.get(answer.headers["Location"]).text
        assert "Hävikki puolittui" in begun
        assert f'value="{campaign.slug}" checked' in begun
        # Later, with an account of the invited address.
        session.rollback()
        user = make.user("keittio@lempaala.fi", organisation=lempaala)
        deed = make.deed(
            "Hävikki puoliksi", author_id=user.id, organisation_id=lempaala.id, campaign_id=campaign.id,
            status=DeedStatus.DRAFT,
        )  # fmt: skip
        with transaction() as writing:
            record(writing, DeedSaved(actor_id=user.id, deed_id=deed.id))
        assert nominations.chain(session, campaign) == []
        session.rollback()
        deed.status, deed.published_at = DeedStatus.PUBLISHED, clock.now()
        session.commit()
        for _ in range(2):
            with transaction() as writing:
                record(writing, DeedPublished(actor_id=user.id, deed_id=deed.id))
        page = stranger.get(f"/en/kampanjat/{campaign.slug}").text
        assert "Kangasalan kaupunki challenged: Lempäälän kunta" in page
        met = mails(session, "challenge_met")
        assert [row.recipient for row in met] == ["kollega@kangasala.fi"]
        assert nominations.funnel(session, campaign) == nominations.Funnel(1, 1, 1, 1, 1, 1, 0)
        browser = Browser(app).sign_in(user)
        assert f"/kampanjat/{campaign.slug}/haasta" in browser.get(f"/teot/{deed.id}/kiitos").text
        session.rollback()
        desk = Browser(app).sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        assert "Challenges" in desk.get(f"/en/hallinta/kampanjat/{campaign.id}").text
        session.rollback()
        deed.status = DeedStatus.WITHDRAWN
        session.commit()
        assert nominations.chain(session, campaign) == []


def test_robots_and_other_kinds_get_nowhere(
    session: Session, make: Factory, campaign: Campaign, browser: Browser
) -> None:
    with clock.frozen(moment(START)):
        other = campaign_of(manager(make), name="Avoin")
        assert browser.get(f"/kampanjat/{other.slug}/haasta").status_code == 404
        data = {**GIVEN.__dict__, "website": "https://spam.example.org"}
        assert browser.post(f"/kampanjat/{campaign.slug}/haasta", data).status_code == 303
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Nomination)) == 0
    with clock.frozen(moment(END + timedelta(days=1))):
        assert 'name="reason"' not in browser.get(f"/kampanjat/{campaign.slug}/haasta").text


def test_addresses_are_emptied_after_the_campaign_and_unconfirmed_ones_at_once(
    app: Flask, session: Session, campaign: Campaign
) -> None:
    kept = confirmed(session, campaign)
    challenge(campaign, replace(GIVEN, nominee_email="muu@lempaala.fi"))
    with clock.frozen(moment(START + timedelta(days=4))):
        nominations.sweep(app.extensions["tori"])
    session.rollback()
    assert session.scalars(select(Nomination.id)).all() == [kept.id]
    with clock.frozen(moment(END + nominations.KEPT + timedelta(days=2))):
        nominations.sweep(app.extensions["tori"])
    session.rollback()
    session.refresh(kept)
    assert (kept.nominee_email, kept.nominator_email, kept.reason, kept.nominee_name) == ("", "", "", "")
    assert nominations.funnel(session, campaign).invited == 1
    assert session.scalar(select(func.count()).select_from(RateCount)) is not None
