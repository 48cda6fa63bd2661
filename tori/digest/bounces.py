"""Mails that came back: read from the reports of mail servers (RFC 3464), so that nobody is written to in vain."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.events import MailBounced, record
from tori.models.digest import MailBounce, Subscriber
from tori.models.operations import OutboxMail
from tori.models.people import User
from tori.policy import Actor, Permission, require

MAX_BYTES = 2_000_000
"""A longer file is not a report of a mail server."""
PERMANENT = "5."


@dataclass(frozen=True)
class Report:
    """One address of one report. ``status`` is the enhanced code, such as ``5.1.1``."""

    address: str
    status: str
    message_id: str

    @property
    def is_permanent(self) -> bool:
        return self.status.startswith(PERMANENT)


def reports_in(data: bytes) -> list[Report]:
    """What a report says of each address; an empty list for any other mail, and for delays that are still tried."""
    message = message_from_bytes(data, policy=policy.default)
    message_id = _id_of_original(message)
    found = []
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                address = str(block.get("Final-Recipient", "")).rpartition(";")[2].strip().lower()
                if "@" in address:
                    found.append(Report(address[:254], str(block.get("Status", "")).strip()[:20], message_id))
    return found


def _id_of_original(message: EmailMessage) -> str:
    for part in message.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner = part.get_payload()
            source = inner[0] if isinstance(inner, list) and inner else message_from_bytes(_text_of(part))
            return str(source.get("Message-ID", "")).strip()[:200] if isinstance(source, Message) else ""
    return ""


def _text_of(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def files_in(source: Path) -> Iterator[Path]:
    """A file, or the files of a folder (a maildir's ``new`` and ``cur``, or a folder of .eml files) in order."""
    if source.is_file():
        yield source
        return
    yield from sorted(path for path in source.rglob("*") if path.is_file() and path.stat().st_size <= MAX_BYTES)


def note(session: Session, actor: Actor, report: Report) -> bool:
    """Keeps the report. A permanent one stops the digest to the address. False when it was known already."""
    require(actor, Permission.MAIL_RESEND)
    known = select(MailBounce.id).where(
        MailBounce.address == report.address, MailBounce.message_id == report.message_id,
        MailBounce.status == report.status,
    )  # fmt: skip
    if session.scalar(known.limit(1)) is not None:
        return False
    session.add(
        MailBounce(
            address=report.address, status=report.status, message_id=report.message_id,
            is_permanent=report.is_permanent,
        )
    )  # fmt: skip
    if report.is_permanent:
        _stop(session, report.address)
    _note_in_outbox(session, report)
    record(session, MailBounced(actor_id=actor.id, is_permanent=report.is_permanent))
    return True


def _stop(session: Session, address: str) -> None:
    users = select(User.id).where(func.lower(User.email) == address)
    rows = session.scalars(
        select(Subscriber).where(
            (func.lower(Subscriber.email) == address) | Subscriber.user_id.in_(users), Subscriber.bounced_at.is_(None)
        )
    )
    for row in rows:
        row.bounced_at = clock.now()


def _note_in_outbox(session: Session, report: Report) -> None:
    """The mail that came back shows on the desk among those that did not reach their reader."""
    if not report.message_id:
        return
    row = session.scalar(select(OutboxMail).where(OutboxMail.message_id == report.message_id))
    if row is not None:
        row.last_error = f"came back: {report.status}"
