"""Mails that came back are read from the reports of mail servers, and nobody is written to in vain."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.digest.helpers import reader
from tests.digest.test_sending import START
from tests.factories import Factory
from tori.core import clock
from tori.database import transaction
from tori.digest.bounces import reports_in
from tori.digest.letters import address_of
from tori.digest.subscriptions import change_own, wants_answers_by_mail
from tori.models.digest import MailBounce, Subscriber
from tori.models.operations import OutboxMail
from tori.models.people import Role
from tori.notifications import mail
from tori.policy import Actor


def report(
    address: str = "lukija@example.org", action: str = "failed", status: str = "5.1.1", original: str = ""
) -> bytes:
    return f"""From: MAILER-DAEMON@mail.example
To: tori@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="raja"

--raja
Content-Type: text/plain

The mail could not be delivered.

--raja
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Thu, 26 Nov 2026 10:00:00 +0200

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 unknown user

--raja
Content-Type: text/rfc822-headers

Message-ID: {original or "<nobody@example.org>"}
Subject: Viikon teot

--raja--
""".encode()


def test_a_report_tells_address_status_and_the_mail_it_is_about() -> None:
    [found] = reports_in(report("Lukija@Example.org", original="<7@tori>"))
    assert (found.address, found.status, found.message_id) == ("lukija@example.org", "5.1.1", "<7@tori>")
    assert found.is_permanent


def test_other_mails_delays_and_rubbish_are_no_reports() -> None:
    assert reports_in(report(action="delayed", status="4.4.1")) == []
    assert reports_in(b"Subject: Loma\n\nOlen lomalla.") == []
    assert reports_in(b"\xff\x00\xfe") == []
    assert reports_in(report("ei osoitetta")) == []


def test_an_import_stops_the_digest_once_and_tells_so(
    session: Session, make: Factory, app: Flask, tmp_path: Path
) -> None:
    member = make.user("jasen@example.org")
    visitor = reader(make, START, email="lukija@example.org")
    own = reader(make, START, user_id=member.id)
    with transaction() as writing:
        sent = mail.enqueue(writing, "digest_known", "lukija@example.org", "fi", link="https://example.org")
    (tmp_path / "1.eml").write_bytes(report(original=sent.message_id))
    (tmp_path / "2.eml").write_bytes(report("jasen@example.org", status="5.2.1"))
    (tmp_path / "3.eml").write_bytes(report("muu@example.org", status="4.2.2"))
    runner = app.test_cli_runner()
    first = runner.invoke(args=["mails", "import-bounces", str(tmp_path)])
    assert "3 reports, 3 of them new; 2 addresses" in first.output
    assert (
        "3 reports, 0 of them new; 0 addresses" in runner.invoke(args=["mails", "import-bounces", str(tmp_path)]).output
    )
    session.rollback()
    session.expire_all()
    assert len(session.scalars(select(MailBounce)).all()) == 3
    assert (address_of(visitor), address_of(own)) == (None, None)
    assert not wants_answers_by_mail(session, member)
    assert session.scalars(select(OutboxMail.last_error)).one() == "came back: 5.1.1"
    with transaction() as writing:
        change_own(writing, Actor(member), "weekly", True)
    assert wants_answers_by_mail(session, member)
    assert session.get_one(Subscriber, own.id).bounced_at is None


def test_a_mail_that_was_given_up_is_tried_again_from_the_desk(
    session: Session, make: Factory, browser: Browser
) -> None:
    with transaction() as writing:
        row = mail.enqueue(writing, "digest_known", "lukija@example.org", "fi", link="https://example.org")
    browser.sign_in(make.user(role=Role.ADMIN))
    path = f"/hallinta/postit/{row.id}"
    assert f"{path}/laheta" not in browser.get(path).text
    assert browser.post(f"{path}/laheta").status_code == 422
    row.failed_at, row.attempts = clock.now(), 9
    session.commit()
    assert f"{path}/laheta" in browser.get(path).text
    assert browser.post(f"{path}/laheta").status_code == 303
    session.rollback()
    session.expire_all()
    assert (row.failed_at, row.attempts, row in mail.due_mails(session)) == (None, 0, True)
