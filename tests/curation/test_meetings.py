"""Meetings: told by editors and contact persons, found by theme, in calendars and on deeds, and asked of afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.curation import meetings
from tori.curation.meetings import MeetingContent
from tori.database import transaction
from tori.models.deeds import DeedStatus
from tori.models.meetings import Meeting
from tori.models.operations import AuditEntry, Notification
from tori.models.people import Role
from tori.policy import Actor

TIME = datetime(2026, 12, 10, 7, tzinfo=UTC)
"""Nine o'clock in Finland."""


def content(**values: Any) -> MeetingContent:
    return MeetingContent(
        **{"title": "Kävelykokousten aamu", "starts_at": TIME, "url": "https://verkossa.example/1",
           "organiser": "Verkosto", **values}
    )  # fmt: skip


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user(role=Role.EDITOR))


def told(session: Session, actor: Actor, **values: Any) -> Meeting:
    with transaction():
        row = meetings.tell(session, actor, content(**values))
        meetings.publish(session, actor, row)
    return row


def test_a_meeting_is_seen_when_published_on_its_theme_and_deed_and_in_calendars(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    theme, deed = make.theme("kokeilukulttuuri"), make.deed("Kävelevä tiimi")
    with clock.frozen(TIME - timedelta(days=3)):
        with transaction():
            row = meetings.tell(session, editor, content(themes=[theme.slug], deeds=str(deed.id)))
        pages = ("/tapahtumat", "/teemat/kokeilukulttuuri", f"/teot/{deed.id}-{deed.slug}", "/tapahtumat.ics")
        pages = (*pages, "/sitemap.xml")
        assert [path for path in pages if row.title in client.get(path).text or row.slug in client.get(path).text] == []
        for path in ("/tapahtumat/kavelykokousten-aamu", "/tapahtumat/kavelykokousten-aamu.ics"):
            assert client.get(path).status_code == 404
        with transaction():
            meetings.publish(session, editor, row)
        for path in pages:
            page = client.get(path).text
            assert row.title in page or row.slug in page, path
        page = client.get("/en/tapahtumat/kavelykokousten-aamu").text
        for words in ("10 Dec 2026 at 09.00–10.00", "Kävelevä tiimi", "https://verkossa.example/1", "Verkosto"):
            assert words in page, words
        lines = client.get("/tapahtumat/kavelykokousten-aamu.ics").text.split("\r\n")
        assert {"DTSTART:20261210T070000Z", "DTEND:20261210T080000Z"} <= set(lines)
        assert row.title in client.get("/tapahtumat?teema=kokeilukulttuuri").text
        with transaction():
            meetings.cancel(session, editor, row)
        assert "STATUS:CANCELLED" in client.get("/tapahtumat.ics").text
    names = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert names == ["MeetingChanged", "MeetingPublished", "MeetingCancelled"]


def test_a_recording_is_shown_afterwards_and_the_outcome_is_asked_once(
    app: Flask, session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    deed = make.deed()
    row = told(session, editor, deeds=str(deed.id))
    with clock.frozen(TIME + timedelta(days=1)):
        for _round in range(2):
            meetings.ask_outcomes(app.extensions["tori"])
        notice = session.scalars(select(Notification)).one()
        assert (notice.user_id, notice.kind, notice.address) == (
            editor.id, "meeting_over", "/tapahtumat/kavelykokousten-aamu/muokkaa#outcome",
        )  # fmt: skip
        url = "https://tallenne.example/1"
        after = content(recording_url=url, outcome="Syntyi **piiri**.", deeds=str(deed.id))
        with transaction():
            meetings.change(session, editor, row, after)
        for path in ("/tapahtumat", "/tapahtumat/kavelykokousten-aamu", f"/teot/{deed.id}-{deed.slug}"):
            assert url in client.get(path).text, path
        assert "<strong>piiri</strong>" in client.get("/tapahtumat/kavelykokousten-aamu").text
        with pytest.raises(RuleBroken, match="meeting_over"), transaction():
            meetings.cancel(session, editor, row)


def test_a_contact_person_tells_of_those_of_the_own_organisation_only(
    session: Session, make: Factory, browser: Browser
) -> None:
    own, other = make.organisation("Nokian kaupunki"), make.organisation("Vieras kunta")
    steward = make.user(organisation=own, steward=True)
    browser.sign_in(steward)
    form = {
        "kind": "workshop",
        "title": "Työpaja",
        "starts_at": "2026-12-10T09:00",
        "place": "Kirjasto",
        "language": "fi",
    }
    assert browser.get("/tapahtumat/uusi").status_code == 403
    assert browser.post("/tapahtumat/uusi?organisaatio=vieras-kunta", form).status_code == 403
    page = browser.post("/en/tapahtumat/uusi?organisaatio=nokian-kaupunki", {**form, "place": ""})
    assert (page.status_code, "Tell the place" in page.text) == (422, True)
    made = browser.post("/tapahtumat/uusi?organisaatio=nokian-kaupunki", form)
    assert made.status_code == 303
    assert "/tapahtumat/tyopaja" in browser.get("/tapahtumat").text
    assert browser.post("/tapahtumat/tyopaja/tila", {"action": "publish"}).status_code == 303
    changed = browser.edit("/tapahtumat/tyopaja/muokkaa", {**form, "organisation": "Vieras kunta"})
    assert changed.status_code == 303
    session.rollback()
    row = session.scalars(select(Meeting)).one()
    assert (row.organisation_id, row.starts_at, row.published_at is None) == (own.id, TIME, False)
    with pytest.raises(NotAllowed), transaction():
        meetings.hide(session, Actor(make.user(organisation=other, steward=True)), row)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": " "}, "value_missing"),
        ({"starts_at": None}, "value_missing"),
        ({"ends_at": TIME}, "bad_period"),
        ({"url": ""}, "place_missing"),
        ({"url": "javascript:alert(1)"}, "bad_url"),
        ({"organiser": ""}, "value_missing"),
        ({"organisation": "ei-ole"}, "unknown_organisation"),
        ({"kind": "tanssit"}, "unknown_choice"),
        ({"deeds": "99999"}, "unknown_deed"),
    ],
)
def test_what_a_meeting_must_tell(session: Session, editor: Actor, values: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken, match=code), transaction():
        meetings.tell(session, editor, content(**values))


def test_a_deed_that_is_taken_back_is_not_shown(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    deed = make.deed("Salaiseksi muuttuva")
    told(session, editor, deeds=str(deed.id))
    deed.status = DeedStatus.WITHDRAWN
    session.commit()
    assert "Salaiseksi muuttuva" not in client.get("/tapahtumat/kavelykokousten-aamu").text
