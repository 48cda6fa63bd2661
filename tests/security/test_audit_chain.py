"""The log of changes: sealed in a chain, checked by the doctor. Z23 too: one line for each act of the staff."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD, Browser
from tests.factories import Factory
from tori.config import Config
from tori.core import clock
from tori.doctor import Verdict, check_audit
from tori.models.operations import AuditEntry
from tori.models.people import Role
from tori.notifications import audit
from tori.web import retention


@pytest.fixture
def config(app: Flask) -> Config:
    return app.extensions["tori"]  # type: ignore[no-any-return]


@pytest.fixture
def sealed(session: Session, config: Config) -> list[int]:
    """Ten sealed rows."""
    for number in range(10):
        session.add(AuditEntry(event="DeedSaved", actor_id=number, source="web 192.0.2.1", data={"deed_id": number}))
    session.commit()
    assert audit.seal_new(config) == 10
    assert audit.seal_new(config) == 0
    session.rollback()
    return list(session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


def test_a_whole_log_is_fine_and_goes_on(session: Session, config: Config, sealed: list[int]) -> None:
    session.add(AuditEntry(event="DeedSaved", data={}))
    session.commit()
    report = audit.check_chain(session)
    assert (report.sealed, report.waiting, report.broken_at) == (10, 1, None)
    session.rollback()
    audit.seal_new(config)
    assert audit.check_chain(session).sealed == 11
    assert check_audit().verdict == Verdict.FINE


@pytest.mark.parametrize(
    "change", [{"event": "DeedDeleted"}, {"actor_id": 99}, {"data": {"deed_id": 99}}, {"seal": "0" * 64},
               {"created_at": clock.now() - timedelta(days=1)}]
)  # fmt: skip
def test_a_changed_row_is_found(session: Session, sealed: list[int], change: dict[str, object]) -> None:
    session.execute(update(AuditEntry).where(AuditEntry.id == sealed[4]).values(**change))
    session.commit()
    assert audit.check_chain(session).broken_at == sealed[4]
    finding = check_audit()
    assert finding.verdict == Verdict.WRONG
    assert str(sealed[4]) in finding.sentence


def test_a_row_taken_out_is_found(session: Session, sealed: list[int]) -> None:
    session.execute(delete(AuditEntry).where(AuditEntry.id == sealed[4]))
    session.commit()
    assert audit.check_chain(session).broken_at == sealed[5]


def test_a_row_slipped_in_is_found(session: Session, sealed: list[int]) -> None:
    session.execute(update(AuditEntry).where(AuditEntry.position > 5).values(position=AuditEntry.position + 100))
    session.execute(update(AuditEntry).where(AuditEntry.position > 5).values(position=AuditEntry.position - 99))
    session.add(AuditEntry(event="DeedSaved", data={}, position=6, seal="0" * 64))
    session.commit()
    assert audit.check_chain(session).broken_at is not None


def test_shortening_addresses_breaks_nothing(session: Session, config: Config, sealed: list[int]) -> None:
    session.execute(update(AuditEntry).values(source="web 192.0.2.0/24"))
    session.commit()
    assert audit.check_chain(session).broken_at is None


def test_old_rows_go_from_the_beginning_and_the_chain_goes_on(app: Flask, session: Session, config: Config) -> None:
    for days in (800, 790, 5, 3):
        session.add(AuditEntry(event="DeedSaved", data={"n": days}, created_at=clock.now() - timedelta(days=days)))
    session.commit()
    audit.seal_new(config)
    session.rollback()
    retention.sweep_old_rows(config)
    session.rollback()
    report = audit.check_chain(session)
    assert (report.sealed, report.broken_at) == (2, None)
    first = session.scalars(select(AuditEntry.id).order_by(AuditEntry.position)).first()
    session.execute(delete(AuditEntry).where(AuditEntry.id == first))
    session.commit()
    assert audit.check_chain(session).broken_at is not None, "what is young can't be taken from the beginning"


def test_rows_that_wait_long_are_told_of(session: Session) -> None:
    session.add(AuditEntry(event="DeedSaved", data={}, created_at=clock.now() - timedelta(hours=1)))
    session.commit()
    assert check_audit().verdict == Verdict.NOTE


def test_z23_each_act_of_the_staff_is_one_line_without_secrets(
    app: Flask, make: Factory, session: Session, browser: Browser
) -> None:
    person = make.user()
    admin = make.user(role=Role.ADMIN)
    browser.sign_in(admin)
    session.rollback()
    acts = [
        (f"/hallinta/kayttajat/{person.id}/rooli", {"role": "editor"}, "RoleChanged"),
        (f"/hallinta/kayttajat/{person.id}/sulje", {}, "UserDisabled"),
        (f"/hallinta/kayttajat/{person.id}/avaa", {}, "UserEnabled"),
        ("/oma/poista", {"current": PASSWORD}, None),
    ]
    for path, data, event in acts:
        browser.post(path, data)  # type: ignore[arg-type]
        session.rollback()
        rows = session.scalars(select(AuditEntry).where(AuditEntry.event == (event or "?"))).all()
        assert len(rows) == (1 if event else 0)
        for row in rows:
            assert (row.actor_id, row.data["user_id"], row.source) == (admin.id, person.id, "web 127.0.0.1")
    told = str(session.scalars(select(AuditEntry.data)).all())
    assert PASSWORD not in told
    assert "@" not in told


def test_z23_no_page_changes_or_removes_the_log(app: Flask) -> None:
    # A table of the log is asked for by a form; it is reading all the same.
    rules = [rule for rule in app.url_map.iter_rules() if "loki" in rule.rule and rule.endpoint != "desk.export_log"]
    assert rules
    assert {method for rule in rules for method in rule.methods or ()} <= {"GET", "HEAD", "OPTIONS"}
