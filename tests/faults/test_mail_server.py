"""F17, F18, F19: the mail server is away, hangs or breaks off. Nobody waits for it, and every mail arrives once."""

import os
import smtplib
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL, Browser, MakeApp
from tests.factories import Factory
from tests.site import free_port
from tori.config import ROOT
from tori.core import clock
from tori.database import transaction
from tori.models.operations import OutboxMail
from tori.notifications import mail
from tori.worker import send_due_mails

pytestmark = pytest.mark.fault

RECIPIENTS = 30
KILLED_AT = 15


class _Talk(socketserver.StreamRequestHandler):
    """Enough of SMTP to take mails; refuses addresses that begin with ``pysyva`` or ``hetken``."""

    server: "MailServer"

    def handle(self) -> None:
        self._say("220 kokeilu")
        recipient = ""
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                refusal = {"pysyva": "550 no such person", "hetken": "451 later"}.get(recipient.partition("-")[0])
                self._say(refusal or "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                self._take(recipient)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, recipient: str) -> None:
        message_id = ""
        while (line := self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n")) != ".":
            if line.lower().startswith("message-id:"):
                message_id = line.partition(":")[2].strip()
        self.server.taken.append((recipient, message_id))
        if len(self.server.taken) == self.server.break_at:
            self.server.reached.set()
            self.server.go_on.wait(20)
        self._say("250 taken")

    def _say(self, line: str) -> None:
        try:
            self.wfile.write(line.encode() + b"\r\n")
            self.wfile.flush()
        except OSError:
            pass


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[tuple[str, str]] = []
        self.break_at = 0
        self.reached = threading.Event()
        self.go_on = threading.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.go_on.set()
            server.shutdown()


def letters(session: Session, recipients: list[str]) -> None:
    session.add_all(
        OutboxMail(
            event="confirm", recipient=recipient, subject="Koe", body_text="Koe", body_html="<p>Koe</p>",
            message_id=f"<{number}@example.org>", due_at=clock.now(),
        )
        for number, recipient in enumerate(recipients)
    )  # fmt: skip
    session.commit()


def test_f17_without_a_mail_server_signing_up_works_and_the_outbox_tries_again(
    make_app: MakeApp, session: Session, make: Factory
) -> None:
    app = make_app(mail_url=f"smtp://127.0.0.1:{free_port()}")
    config = app.extensions["tori"]
    made = make.user()
    browser = Browser(app)
    began = time.monotonic()
    answer = browser.post("/unohtunut-salasana", {"email": made.email})
    assert answer.status_code in (200, 303)
    assert time.monotonic() - began < 5
    row = session.scalars(select(OutboxMail)).one()
    moment = datetime.now(UTC)
    waits = []
    with app.app_context():
        for _ in range(len(mail.BACK_OFF) + 1):
            with clock.frozen(moment):
                assert send_due_mails(config) == 0
            session.rollback()
            session.refresh(row)
            if row.failed_at is not None:
                break
            waits.append(row.due_at - moment)
            moment = row.due_at
    assert waits == mail.BACK_OFF
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == timedelta(hours=48)
    assert row.failed_at is not None
    assert "ConnectionRefusedError" in row.last_error


def test_f18_a_mail_server_that_says_nothing_holds_the_worker_for_ten_seconds_at_most(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mail.TIMEOUT_SECONDS == 10
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 1)
    letters(session, ["joku@example.org"])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        message = mail.as_message(session.scalars(select(OutboxMail)).one(), app.extensions["tori"])
        began = time.monotonic()
        with pytest.raises(OSError, match="timed out"):
            mail.SmtpSender(f"smtp://127.0.0.1:{silent.getsockname()[1]}").send(message)
        assert time.monotonic() - began < 4


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="starts workers of its own on SQLite")
def test_f19_f41_a_worker_killed_in_the_middle_and_two_after_it_bring_every_mail_once(
    app: Flask, session: Session, tmp_path: object
) -> None:
    people = [f"lukija-{number}@example.org" for number in range(RECIPIENTS)]
    letters(session, [*people, "pysyva-esto@example.org", "hetken-esto@example.org"])
    session.close()
    config = app.extensions["tori"]
    with mail_server() as server:
        server.break_at = KILLED_AT
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"]
        environment = {
            **os.environ, "TORI_INSTANCE": str(config.instance), "DATABASE_URL": "", "MAIL_URL": server.url,
            "MAILS_PER_MINUTE": "0", "SEARCH_URL": "memory:",
        }  # fmt: skip

        def start() -> "subprocess.Popen[bytes]":
            return subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )

        with start() as first:
            assert server.reached.wait(50)
            first.kill()
        server.go_on.set()
        # F41: two at once share what is left.
        with start() as one, start() as other:
            assert (one.wait(50), other.wait(50)) == (0, 0)
        # The mail of which the kill had left open whether it had gone is due a minute later, with the same number.
        with transaction() as writing:
            for row in writing.scalars(
                select(OutboxMail).where(OutboxMail.sent_at.is_(None), OutboxMail.attempts == 0)
            ):
                row.due_at = clock.now()
        with start() as last:
            assert last.wait(50) == 0
        taken = Counter(server.taken)
    assert {recipient for recipient, _ in taken} == set(people)
    # One mail, also where it travelled twice: its number is fixed, so the reader's program shows it once.
    assert len(taken) == RECIPIENTS
    twice = [key for key, count in taken.items() if count > 1]
    assert len(twice) <= 1
    assert session.scalar(select(func.count()).where(OutboxMail.sent_at.is_not(None))) == RECIPIENTS
    bounced = session.scalars(select(OutboxMail).where(OutboxMail.recipient.like("pysyva%"))).one()
    later = session.scalars(select(OutboxMail).where(OutboxMail.recipient.like("hetken%"))).one()
    assert (bounced.failed_at is not None, later.failed_at) == (True, None)
    assert later.attempts == 1


def test_f19_the_server_of_these_tests_speaks_smtp() -> None:
    with mail_server() as server, closing(socket.create_connection(server.server_address)):
        pass
    with mail_server() as server, smtplib.SMTP("127.0.0.1", server.server_address[1], timeout=5) as client:
        assert client.noop()[0] == 250
