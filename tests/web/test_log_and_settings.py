"""The audit log to search and to take out, and the settings with their meaning."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.core import clock
from tori.models.operations import AuditEntry
from tori.models.people import Role, User

LOG_BUDGET = 8


@pytest.fixture
def admin(make: Factory, browser: Browser) -> User:
    user = make.user(role=Role.ADMIN, display_name="Ylläpitäjä")
    browser.sign_in(user)
    return user


def rows_of(page: str) -> str:
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_the_log_is_searched_by_event_person_and_days(
    session: Session, make: Factory, browser: Browser, admin: User
) -> None:
    other = make.user("matti@example.org", display_name="Toinen tekijä")
    moment = clock.now()
    session.add_all(
        [
            AuditEntry(event="DeedSaved", actor_id=other.id, data={"deed_id": 11}, created_at=moment),
            AuditEntry(event="DeedSaved", actor_id=None, data={"deed_id": 22}, created_at=moment),
            AuditEntry(
                event="RoleChanged", actor_id=other.id, data={"user_id": 33}, created_at=moment - timedelta(days=40)
            ),
        ]
    )
    session.commit()
    for query, shown, hidden in (
        ("kuka=matti", ("/11", "33"), "/22"),
        ("kuka=toinen&tapahtuma=RoleChanged", ("33",), "/11"),
        (f"alkaen={(clock.today() - timedelta(days=2)).isoformat()}", ("/11", "/22"), "user_id: 33"),
        (f"asti={(clock.today() - timedelta(days=30)).isoformat()}", ("33",), "/11"),
    ):
        table = rows_of(browser.get(f"/hallinta/loki?{query}").text)
        assert all(words in table for words in shown), query
        assert hidden not in table, query
    assert browser.get("/hallinta/loki?alkaen=eilen&asti=2026-13-99&tapahtuma=x").status_code == 200


def test_the_log_is_taken_out_and_that_is_logged(
    session: Session, make: Factory, browser: Browser, admin: User
) -> None:
    session.add(AuditEntry(event="DeedSaved", actor_id=admin.id, source="=cmd|x", data={"deed_id": 7}))
    session.commit()
    answer = browser.post("/hallinta/loki/taulukko", {"tapahtuma": "DeedSaved"})
    assert answer.content_type.startswith("text/csv")
    lines = answer.text.strip().split("\r\n")
    assert len(lines) == 2
    assert "'=cmd|x" in lines[1], "no formula for a spreadsheet"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "LogExported")).one()
    assert (entry.actor_id, entry.data) == (admin.id, {"rows": 1})


def test_the_log_and_the_settings_are_for_administrators(make: Factory, browser: Browser) -> None:
    browser.sign_in(make.user(role=Role.EDITOR))
    for path in ("/hallinta/loki", "/hallinta/asetukset"):
        assert browser.get(path).status_code == 403
    assert browser.post("/hallinta/loki/taulukko").status_code == 403


def test_settings_are_told_without_their_secrets(make: Factory, make_app: MakeApp) -> None:
    app = make_app(mail_url="smtp://tunnus:salasana@posti.example", review_hours=7)
    browser = Browser(app).sign_in(make.user(role=Role.ADMIN))
    assert "Palvelun nimi ruotsiksi." in browser.get("/hallinta/asetukset").text
    assert "Tjänstens namn på svenska." in browser.get("/sv/hallinta/asetukset").text
    page = browser.get("/en/hallinta/asetukset").text
    assert "REVIEW_HOURS" in page
    assert "In how many hours editors look" in page
    assert "salasana@posti" not in page


def test_a_long_log_takes_as_few_queries(app: Flask, session: Session, browser: Browser, admin: User) -> None:
    session.execute(
        insert(AuditEntry),
        [
            {"event": "DeedSaved", "data": {"deed_id": number}, "source": "", "created_at": clock.now()}
            for number in range(3000)
        ],
    )
    session.commit()
    with counted_queries(app) as statements:
        page = browser.get("/hallinta/loki?ennen=2000")
    assert page.status_code == 200
    assert len(statements) <= LOG_BUDGET, statements
    assert [text for text in statements if "audit_entry.id < " in text], "paged by place"
