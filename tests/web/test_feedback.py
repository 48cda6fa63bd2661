"""Feedback without an account, and what the staff does with it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.edge.limits import LIMITS
from tori.models.operations import AuditEntry, Feedback
from tori.models.people import Role

MESSAGE = {"topic": "idea", "body": "Lisää kuvia, kiitos.\n\nToinen kappale.", "email": "", "page": "", "website": ""}


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/palaute").text)
    assert found
    return found[1]


def send(client: FlaskClient, **changes: str) -> "object":
    return client.post("/palaute", data={"csrf_token": token(client), **MESSAGE, **changes})


def rows(session: Session) -> list[Feedback]:
    session.rollback()
    return list(session.scalars(select(Feedback)))


def test_anybody_can_send_feedback_and_gets_a_receipt(session: Session, client: FlaskClient) -> None:
    answer = send(client, email="lukija@example.org", page="/teot")
    assert answer.status_code == 303
    assert answer.location == "/palaute/kiitos"
    assert "Your message has arrived" in client.get("/en/palaute/kiitos").text
    [row] = rows(session)
    assert (row.topic, row.email, row.page, row.handled_at) == ("idea", "lukija@example.org", "/teot", None)
    assert row.body == "Lisää kuvia, kiitos.\n\nToinen kappale."


def test_the_network_address_is_not_kept_with_the_message(session: Session, client: FlaskClient) -> None:
    send(client)
    [row] = rows(session)
    assert "127.0.0.1" not in repr(vars(row))


@pytest.mark.parametrize(
    "changes",
    [{"body": "  "}, {"topic": "lentokone"}, {"topic": ""}, {"email": "ei osoite"}, {"body": "x" * 5_001},
     {"email": "a@example.org\r\nBcc: b@example.org"}],
)  # fmt: skip
def test_a_bad_form_keeps_its_text_and_saves_nothing(
    session: Session, client: FlaskClient, changes: dict[str, str]
) -> None:
    answer = send(client, page="sivu jota koskee", **changes)
    assert answer.status_code == 422
    assert "sivu jota koskee" in answer.text
    assert 'id="error-summary"' in answer.text
    assert rows(session) == []


def test_the_trap_catches_programs_quietly(session: Session, client: FlaskClient) -> None:
    assert send(client, website="https://spam.example.org").status_code == 303
    assert rows(session) == []


def test_a_form_without_a_token_is_refused(session: Session, client: FlaskClient) -> None:
    assert client.post("/palaute", data=MESSAGE).status_code == 400
    assert rows(session) == []


def test_the_form_can_be_opened_with_its_subject_chosen(client: FlaskClient) -> None:
    page = client.get("/palaute?aihe=report&sivu=/teot/5-teko").text
    assert re.search(r'value="report"[^>]*checked', page)
    assert "/teot/5-teko" in page
    assert client.get("/palaute?aihe=<script>&sivu=" + "x" * 5000).status_code == 200


def test_too_many_messages_are_refused_with_a_time_to_wait(session: Session, client: FlaskClient) -> None:
    allowed = LIMITS["feedback_address"][0]
    answers = [send(client).status_code for _ in range(allowed + 1)]
    assert answers == [303] * allowed + [429]
    assert len(rows(session)) == allowed


def test_staff_reads_and_handles_it_and_members_do_not(session: Session, make: Factory, app: Flask) -> None:
    send(app.test_client(), body="<b>Hei</b> & kiitos")
    [row] = rows(session)
    member = Browser(app).sign_in(make.user())
    assert member.get("/hallinta/palaute").status_code == 403
    assert member.post(f"/hallinta/palaute/{row.id}/kasitelty").status_code == 403
    staff = Browser(app).sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    assert "&lt;b&gt;Hei&lt;/b&gt; &amp; kiitos" in staff.get("/hallinta/palaute").text
    for _ in range(2):
        assert staff.post(f"/hallinta/palaute/{row.id}/kasitelty").status_code == 303
    assert "Nothing waits" in staff.get("/en/hallinta/palaute").text
    session.rollback()
    handled = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == "FeedbackHandled")
    assert session.scalar(handled) == 1
    assert staff.post("/hallinta/palaute/99999/kasitelty").status_code == 404
