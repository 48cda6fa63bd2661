"""The public vote: one for each confirmed address, results closed until the end, nobody's address kept."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.campaigns.helpers import END, campaign_of, content, manager, moment
from tests.conftest import Browser
from tests.factories import Factory
from tori.campaigns import jury, service, voting
from tori.core import clock
from tori.core.errors import RuleBroken, TooMany
from tori.database import transaction
from tori.edge import limits
from tori.models.campaign_life import Vote
from tori.models.campaigns import Campaign
from tori.models.deeds import Deed, DeedStatus
from tori.models.operations import AuditEntry, OutboxMail
from tori.models.people import Role
from tori.policy import Actor

FIRST, LAST = END + timedelta(days=10), END + timedelta(days=20)


@pytest.fixture
def actor(make: Factory) -> Actor:
    return manager(make)


@pytest.fixture
def campaign(actor: Actor) -> Campaign:
    with clock.frozen(moment(END + timedelta(days=1))):
        return campaign_of(actor, vote_from=FIRST, vote_until=LAST)


@pytest.fixture
def deeds(actor: Actor, make: Factory, campaign: Campaign) -> list[Deed]:
    rows = [make.deed(title, campaign_id=campaign.id) for title in ("Eka", "Toka", "Kolmas", "Muu")]
    with clock.frozen(moment(END + timedelta(days=2))):
        for row in rows[:3]:
            with transaction() as session:
                jury.shortlist(session, actor, session.merge(campaign), session.merge(row), True)
    return rows


def cast(campaign: Campaign, deed: Deed, email: str) -> None:
    with transaction() as session:
        voting.cast(session, campaign, deed.id, email, "fi")


def press(session: Session) -> Vote:
    session.rollback()
    found = re.search(r"/aani/([\w-]+)", mails(session, "vote_confirm")[-1].body_text)
    assert found
    with transaction() as writing:
        return voting.confirm(writing, found[1])


def counted(session: Session, campaign: Campaign) -> list[tuple[int, str, int]]:
    session.rollback()
    with clock.frozen(moment(LAST + timedelta(days=1))):
        return [(row.place, row.deed.title, row.votes) for row in voting.results(session, campaign)]


def test_one_vote_for_each_confirmed_address_and_a_second_one_is_told_by_mail_only(
    session: Session, campaign: Campaign, deeds: list[Deed]
) -> None:
    with clock.frozen(moment(FIRST)):
        cast(campaign, deeds[0], "aanestaja@example.org")
        assert voting.turnout(session, campaign) == (0, 1)
        # Another choice before the press takes the place of the first one, and the first link is dead.
        first = mails(session, "vote_confirm")[-1].body_text
        cast(campaign, deeds[1], "Aanestaja+toinen@Example.org")
        with pytest.raises(RuleBroken, match="bad_link"):
            voting.pending(session, re.search(r"/aani/([\w-]+)", first)[1])  # type: ignore[index]
        press(session)
        press(session)
        session.rollback()
        cast(campaign, deeds[0], "aanestaja+kolmas@example.org")
        assert [row.recipient for row in mails(session, "vote_again")] == ["aanestaja+kolmas@example.org"]
        cast(campaign, deeds[2], "toinen@example.org")
        session.rollback()
        assert voting.turnout(session, campaign) == (1, 1)
        press(session)
    assert counted(session, campaign) == [(1, "Kolmas", 1), (1, "Toka", 1), (3, "Eka", 0)]


def test_the_result_is_closed_to_everybody_until_the_end(
    app: Flask, session: Session, make: Factory, campaign: Campaign, deeds: list[Deed], client: FlaskClient
) -> None:
    desk = Browser(app)
    with clock.frozen(moment(FIRST)):
        desk.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        cast(campaign, deeds[0], "a@example.org")
        press(session)
        assert voting.results(session, campaign) == []
        page = desk.get(f"/en/hallinta/kampanjat/{campaign.id}/raati").text
        assert "1 vote counted" in page
        assert '<th scope="col" class="number">Votes</th>' not in page
        assert "The result is told when the vote is over" in client.get(f"/en/kampanjat/{campaign.slug}/aanesta").text
    with clock.frozen(moment(LAST + timedelta(days=1))):
        assert "1. Eka" in client.get(f"/kampanjat/{campaign.slug}/aanesta").text
        desk.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        assert "<th" in (page := desk.get(f"/en/hallinta/kampanjat/{campaign.id}/raati").text)
        assert ">Votes</th>" in page


def test_votes_outside_the_days_the_shortlist_and_the_rules_are_refused(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    deeds: list[Deed],
    make: Factory,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for day in (FIRST - timedelta(days=1), LAST + timedelta(days=1)):
        with clock.frozen(moment(day)), pytest.raises(RuleBroken, match="vote_closed"):
            cast(campaign, deeds[0], "a@example.org")
    with clock.frozen(moment(FIRST)):
        with pytest.raises(RuleBroken, match="vote_choice"):
            cast(campaign, deeds[3], "a@example.org")
        with pytest.raises(RuleBroken, match="bad_email"):
            cast(campaign, deeds[0], "ei osoite")
        with pytest.raises(RuleBroken, match="vote_is_open"), transaction() as writing:
            jury.shortlist(writing, actor, writing.merge(campaign), writing.merge(deeds[3]), True)
        deeds[1].status = DeedStatus.WITHDRAWN
        session.commit()
        with pytest.raises(RuleBroken, match="vote_choice"):
            cast(campaign, deeds[1], "a@example.org")
        for _turn in range(5):
            cast(campaign, deeds[0], "monesti@example.org")
        with pytest.raises(TooMany):
            cast(campaign, deeds[0], "monesti+uusi@example.org")
        make.organisation(domain="kaupunki.example.org")
        session.commit()
        monkeypatch.setitem(limits.LIMITS, "vote_organisation", (2, timedelta(hours=1)))
        for name in ("eka", "toka"):
            cast(campaign, deeds[0], f"{name}@kaupunki.example.org")
        with pytest.raises(TooMany, match="vote_organisation"):
            cast(campaign, deeds[0], "kolmas@Kaupunki.example.org")
        assert client.get("/aani/" + "a" * 43).status_code == 400
        assert client.get("/aani/" + "a" * 900).status_code == 400
    with clock.frozen(moment(FIRST + timedelta(days=3))), pytest.raises(RuleBroken, match="bad_link"):
        press(session)


@pytest.mark.parametrize(
    ("first", "last", "code", "where"),
    [
        (None, LAST, "value_missing", "vote_from"),
        (FIRST, None, "value_missing", "vote_until"),
        (LAST, FIRST, "bad_period", "vote_until"),
    ],
)
def test_the_days_of_the_vote_are_both_there_and_in_order(
    session: Session, actor: Actor, first: object, last: object, code: str, where: str
) -> None:
    with pytest.raises(RuleBroken, match=code) as caught, transaction() as writing:
        service.create(writing, actor, content(vote_from=first, vote_until=last))
    assert caught.value.field == where


def test_no_address_is_kept_and_the_hashes_go_when_the_vote_is_long_over(
    app: Flask, session: Session, campaign: Campaign, deeds: list[Deed], client: FlaskClient
) -> None:
    config = app.extensions["tori"]
    with clock.frozen(moment(FIRST)):
        path = f"/kampanjat/{campaign.slug}/aanesta"
        browser = Browser(app)
        assert browser.post(path, {"deed": "", "email": "a@example.org"}).status_code == 422
        page = browser.post(path, {"deed": str(deeds[0].id), "email": "väärä"})
        assert page.status_code == 422
        assert f'value="{deeds[0].id}" checked' in page.text
        answer = browser.post(path, {"deed": str(deeds[0].id), "email": "a@example.org"})
        assert answer.headers["Location"].endswith("/kiitos")
        assert browser.get(answer.headers["Location"]).status_code == 200
        session.rollback()
        token = re.search(r"/aani/([\w-]+)", mails(session, "vote_confirm")[-1].body_text)[1]  # type: ignore[index]
        assert "Eka" in browser.get(f"/aani/{token}").text
        session.rollback()
        assert voting.turnout(session, campaign) == (0, 1)
        assert browser.post(f"/aani/{token}").status_code == 200
        session.rollback()
        assert voting.turnout(session, campaign) == (1, 0)
        assert browser.post(path, {"deed": "1", "email": "b@example.org", "website": "x"}).status_code == 303
        cast(campaign, deeds[0], "vahvistamaton@example.org")
    sources = {row.source for row in session.scalars(select(AuditEntry).where(AuditEntry.event.startswith("Vote")))}
    assert sources <= {"web", ""}
    row = session.scalars(select(Vote).where(Vote.confirmed_at.is_not(None))).one()
    assert "example.org" not in f"{row.voter}"
    with clock.frozen(moment(LAST + timedelta(days=1))):
        voting.sweep(config)
        session.rollback()
        session.expire_all()
        assert [row.voter is None for row in session.scalars(select(Vote))] == [False]
    with clock.frozen(moment(LAST + timedelta(days=32))):
        voting.sweep(config)
    session.rollback()
    session.expire_all()
    assert [(row.voter, row.confirm_hash) for row in session.scalars(select(Vote))] == [(None, None)]
    assert counted(session, campaign)[0] == (1, "Eka", 1)
    assert session.scalars(select(OutboxMail)).first() is not None


def test_a_campaign_without_a_vote_has_no_page_of_it_and_hidden_ones_none(
    session: Session, actor: Actor, make: Factory, client: FlaskClient
) -> None:
    plain = campaign_of(actor)
    assert client.get(f"/kampanjat/{plain.slug}/aanesta").status_code == 404
    hidden = campaign_of(actor, name="Salainen", is_public=False, vote_from=FIRST, vote_until=LAST)
    assert client.get(f"/kampanjat/{hidden.slug}/aanesta").status_code == 404


def test_the_shortlist_leads_to_the_form_of_awards(
    app: Flask, session: Session, make: Factory, campaign: Campaign, deeds: list[Deed]
) -> None:
    with clock.frozen(moment(END + timedelta(days=3))):
        desk = Browser(app).sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
        path = f"/hallinta/kampanjat/{campaign.id}/palkinnot?teko={deeds[0].id}"
        assert path in desk.get(f"/hallinta/kampanjat/{campaign.id}/raati").text
        with transaction() as writing:
            service.edit(
                writing, manager(make), writing.merge(campaign),
                content(vote_from=FIRST, vote_until=LAST, prizes=[service.Prize("Sarja", "", "deed")]),  # type: ignore[arg-type]
            )  # fmt: skip
        assert f'value="{deeds[0].id}"' in desk.get(path).text
