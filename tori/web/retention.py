"""How long things are kept that nobody needs for ever. Each time is a setting; the privacy page tells them; a daily job
keeps them. What belongs to accounts is swept by ``tori.accounts.jobs``.
"""

import ipaddress
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import transaction
from tori.deeds import service
from tori.edge.templating import public_link
from tori.models.deeds import Comment, Deed, DeedStatus
from tori.models.moderation import Report
from tori.models.operations import AuditEntry, Feedback, Notification, OutboxMail
from tori.notifications import audit, mail
from tori.policy import SYSTEM

DRAFT_WARNING = timedelta(days=30)
OLD_DRAFT = "draft_old"
BATCH = 500
WHOLE_NETS = {4: 24, 6: 48}
"""What is left of an address: the net of some hundreds of machines, or of one customer."""


def sweep_old_rows(config: Config) -> None:
    """Empties the texts of sent mails and of removed comments, shortens old network addresses, forgets who reported,
    and removes handled feedback and old log rows."""
    moment = clock.now()
    with transaction() as session:
        _empty_sent_mails(session, moment - timedelta(days=config.mail_text_days))
        _empty_removed_comments(session, moment - timedelta(days=config.removed_days))
        handled_before = moment - timedelta(days=config.feedback_days)
        session.execute(delete(Feedback).where(Feedback.handled_at < handled_before))
        _forget_reporters(session, handled_before)
        audit.forget_before(session, clock.shift_months(moment, -config.audit_months))
        _shorten_addresses(session, moment - timedelta(days=config.address_days))


def _forget_reporters(session: Session, before: datetime) -> None:
    """What was decided stays; who asked for it is not needed for ever."""
    session.execute(
        update(Report)
        .where(Report.decided_at < before, (Report.email != "") | Report.reporter_id.is_not(None))
        .values(email="", reporter_id=None)
    )


def _empty_sent_mails(session: Session, before: datetime) -> None:
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.sent_at < before, OutboxMail.body_text != "")
        .values(body_text="", body_html="", recipient="")
    )


def _empty_removed_comments(session: Session, before: datetime) -> None:
    session.execute(update(Comment).where(Comment.removed_at < before, Comment.body != "").values(body="", html=""))


def _shorten_addresses(session: Session, before: datetime) -> None:
    rows = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.created_at < before, AuditEntry.source.startswith("web "), ~AuditEntry.source.contains("/"))
        .limit(BATCH * 10)
    )
    for row in rows:
        row.source = shortened(row.source)


def shortened(source: str) -> str:
    """``web 192.0.2.17`` -> ``web 192.0.2.0/24``."""
    try:
        address = ipaddress.ip_address(source.removeprefix("web "))
    except ValueError:
        return "web /"
    return f"web {ipaddress.ip_network((address, WHOLE_NETS[address.version]), strict=False)}"


def sweep_old_drafts(config: Config) -> int:
    """Tells the writers of drafts long untouched, and a month later deletes those that still are. Returns how many."""
    old = clock.shift_months(clock.now(), -config.draft_months)
    with transaction() as session:
        untouched = select(Deed).where(Deed.status == DeedStatus.DRAFT, Deed.updated_at < old + DRAFT_WARNING)
        told = exists().where(Notification.deed_id == Deed.id, Notification.kind == OLD_DRAFT)
        told_long = told.where(Notification.created_at < clock.now() - DRAFT_WARNING)
        gone = session.scalars(
            untouched.where(Deed.updated_at < old, told_long | Deed.author_id.is_(None)).limit(BATCH)
        ).all()
        for deed in gone:
            service.delete_draft(session, SYSTEM, deed)
        for deed in session.scalars(untouched.where(Deed.author_id.is_not(None), ~told).limit(BATCH)).all():
            _tell(session, deed, config)
    return len(gone)


def _tell(session: Session, deed: Deed, config: Config) -> None:
    person = deed.author
    assert person is not None
    session.add(Notification(user_id=person.id, kind=OLD_DRAFT, deed_id=deed.id))
    link = public_link(current_app.extensions["tori"], "deeds.edit", person.locale, deed_id=deed.id)
    mail.enqueue(
        session, "draft_old", person.email, person.locale, name=person.display_name, title=deed.title, link=link,
        day=clock.today() + DRAFT_WARNING, months=config.draft_months,
    )  # fmt: skip
