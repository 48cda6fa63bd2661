"""Mails as rows: rendered when something happens, sent by the worker. A mail server that is down disturbs nobody."""

import logging
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import css_inline
from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import BindParameter, ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import MailResent, record
from tori.core.text import clean_line
from tori.database import NOW, Due
from tori.i18n import prefix_of
from tori.models.operations import OutboxMail
from tori.policy import Actor, Permission, require

log = logging.getLogger(__name__)

BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 2880)]
"""Waits between tries; after the last one the mail is given up and shown to the administrators."""
TIMEOUT_SECONDS = 10
BATCH = 50


Guard = Callable[[Session, OutboxMail], bool]
GUARDS: dict[str, Guard] = {}
"""Event -> a last look right before sending, which may render the mail anew; False takes it out of the outbox."""


def enqueue(
    session: Session, event: str, recipient: str, locale: str, headers: dict[str, str] | None = None, **context: Any
) -> OutboxMail:
    """Renders ``templates/mail/<event>/`` in the reader's language and puts it into the outbox of this transaction."""
    config: Config = current_app.extensions["tori"]
    subject, text, html = render(event, locale, **context)
    domain = parseaddr(config.mail_sender)[1].rpartition("@")[2] or "localhost"
    mail = OutboxMail(
        event=event, recipient=recipient, subject=subject, body_text=text, body_html=html, headers=headers,
        message_id=make_msgid(domain=domain), due_at=clock.now(),
    )  # fmt: skip
    session.add(mail)
    return mail


def render(event: str, locale: str, **context: Any) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a mail."""
    config: Config = current_app.extensions["tori"]
    with force_locale(locale):
        context = {**context, "locale": locale, "public_url": config.public_url + prefix_of(locale)}
        subject = clean_line(render_template(f"mail/{event}/subject.txt", **context))
        text = render_template(f"mail/{event}/body.txt", **context)
        html = css_inline.inline(render_template(f"mail/{event}/body.html", **context), keep_style_tags=False)
    return subject, text, html


def is_wanted(session: Session, mail: OutboxMail) -> bool:
    """Whether the mail may still go out; asked right before it is sent."""
    guard = GUARDS.get(mail.event)
    return guard is None or guard(session, mail)


def as_message(mail: OutboxMail, config: Config) -> EmailMessage:
    message = EmailMessage()
    message["From"] = config.mail_sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    message["Date"] = formatdate(mail.created_at.timestamp())
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (mail.headers or {}).items():
        message[name] = value
    message.set_content(mail.body_text)
    message.add_alternative(mail.body_html, subtype="html")
    return message


class FolderSender:
    """Writes mails as .eml files, for development and tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = "".join(letter for letter in message["Message-ID"] if letter.isalnum() or letter in ".-")
        (self.folder / f"{name}.eml").write_bytes(message.as_bytes())


class SmtpSender:
    """``smtp://user:password@host:587``, with STARTTLS when there is a password; ``smtps://`` is TLS from the start."""

    def __init__(self, url: str) -> None:
        self.url = urlsplit(url)

    def send(self, message: EmailMessage) -> None:
        host = self.url.hostname or "localhost"
        if self.url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self.url.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, self.url.port or 25, timeout=TIMEOUT_SECONDS)
        with server:
            if self.url.username:
                if self.url.scheme == "smtp":
                    server.starttls(context=ssl.create_default_context())
                server.login(unquote(self.url.username), unquote(self.url.password or ""))
            server.send_message(message)


def sender_of(config: Config) -> FolderSender | SmtpSender:
    if urlsplit(config.mail_url).scheme == "folder":
        return FolderSender(config.instance / "mail")
    return SmtpSender(config.mail_url)


def allowance(session: Session, per_minute: int) -> int:
    """How many mails may go out now, so that no receiver takes the service for a sender of spam. 0 sets no limit."""
    if not per_minute:
        return BATCH
    since = clock.now() - timedelta(minutes=1)
    sent = session.scalar(select(func.count()).where(OutboxMail.sent_at > since)) or 0
    return max(0, min(BATCH, per_minute - sent))


def _is_due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(OutboxMail.sent_at.is_(None), OutboxMail.failed_at.is_(None), OutboxMail.due_at <= now)


is_due = Due(select(OutboxMail.id).where(_is_due(NOW)))


def due_mails(session: Session) -> list[OutboxMail]:
    return list(
        session.scalars(
            select(OutboxMail)
            .where(_is_due(clock.now()))
            .order_by(OutboxMail.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    )


def resend(session: Session, actor: Actor, mail: OutboxMail) -> None:
    """Puts a mail that was given up back into the queue, with all its tries before it."""
    require(actor, Permission.MAIL_RESEND)
    if mail.failed_at is None:
        raise RuleBroken("not_given_up")
    mail.failed_at, mail.attempts, mail.due_at = None, 0, clock.now()
    record(session, MailResent(actor_id=actor.id, mail_id=mail.id))


def note_failure(mail: OutboxMail, error: Exception) -> None:
    """Plans the next try, or gives up for good after a permanent refusal or the last wait."""
    mail.last_error = f"{type(error).__name__}: {error}"[:500]
    refused = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in error.recipients.values()
    )
    if refused or mail.attempts >= len(BACK_OFF):
        mail.failed_at = clock.now()
    else:
        mail.due_at = clock.now() + BACK_OFF[mail.attempts]
    mail.attempts += 1
