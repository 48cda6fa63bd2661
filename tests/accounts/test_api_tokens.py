"""Keys of the interface on the own pages."""

import re
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.accounts import service
from tori.accounts.tokens import Purpose, issue
from tori.models.machines import ApiToken
from tori.models.operations import AuditEntry

FORM = {"name": "Intranet", "scopes": ["deeds:draft"], "days": "90"}


def test_a_key_is_shown_once_and_revoked(browser: Browser, session: Session, make: Factory) -> None:
    browser.sign_in(make.user())
    made = browser.post("/oma/avaimet", FORM)
    found = re.search(r'value="(tt_[\w-]{43})"', made.text)
    assert made.status_code == 200
    assert found, made.text
    assert made.headers["Cache-Control"] == "private, no-store"
    row = session.scalars(select(ApiToken)).one()
    page = browser.get("/oma/avaimet").text
    assert found[1] not in page
    assert f"…{row.hint}" in page
    assert "Intranet" in page
    assert found[1] not in str([getattr(row, column.name) for column in ApiToken.__table__.columns])
    assert browser.post(f"/oma/avaimet/{row.id}/mitatoi").status_code == 303
    assert "Intranet" not in browser.get("/oma/avaimet").text.split('id="new"')[0]
    session.rollback()
    events = session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("Token%"))).all()
    assert events == ["TokenMade", "TokenRevoked"]


def test_a_form_that_lacks_something_says_what(browser: Browser, session: Session, make: Factory) -> None:
    browser.sign_in(make.user())
    for change, name in (({"name": " "}, "name"), ({"scopes": []}, "scopes"), ({"days": "9999"}, "days"),
                         ({"scopes": ["admin"]}, "scopes")):  # fmt: skip
        answer = browser.post("/oma/avaimet", {**FORM, **change})
        assert answer.status_code == 422
        assert f'href="#{name}"' in answer.text
    assert session.scalars(select(ApiToken)).all() == []


def test_nobody_revokes_the_key_of_another(browser: Browser, session: Session, make: Factory) -> None:
    owner = Browser(browser.client.application).sign_in(make.user())
    owner.post("/oma/avaimet", FORM)
    row = session.scalars(select(ApiToken)).one()
    assert browser.sign_in(make.user()).post(f"/oma/avaimet/{row.id}/mitatoi").status_code == 404
    session.refresh(row)
    assert row.revoked_at is None


def test_a_new_password_ends_the_keys(browser: Browser, session: Session, make: Factory) -> None:
    """Who asks for a new password may have lost the old one to somebody, who may have made keys."""
    user = make.user()
    browser.sign_in(user).post("/oma/avaimet", FORM)
    link = issue(session, user, Purpose.RESET, timedelta(hours=1))
    session.commit()
    with browser.client.application.test_request_context():
        service.reset_password(link, "aivan uusi pitkä salasana")
    row = session.scalars(select(ApiToken)).one()
    session.refresh(row)
    assert row.revoked_at is not None


def test_the_owner_gets_the_keys_with_everything_else_but_not_the_secret(
    browser: Browser, session: Session, make: Factory
) -> None:
    browser.sign_in(make.user()).post("/oma/avaimet", FORM)
    row = session.scalars(select(ApiToken)).one()
    taken = browser.get("/oma/vienti").text
    assert "Intranet" in taken
    assert row.hash not in taken
