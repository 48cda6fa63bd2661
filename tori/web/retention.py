"""How long things are kept that nobody needs for ever. The privacy page tells these times; a daily job keeps them."""

from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import transaction
from tori.models.operations import AuditEntry, Feedback, OutboxMail, RateCount

MAIL_TEXTS = timedelta(days=7)
HANDLED_FEEDBACK = timedelta(days=365)
AUDIT_LOG = timedelta(days=730)
COUNTERS = timedelta(days=2)


def sweep_old_rows(config: Config) -> None:
    """Empties the texts of sent mails, and removes handled feedback, old log rows and old counters of tries."""
    with transaction() as session:
        _empty_sent_mails(session)
        moment = clock.now()
        session.execute(delete(Feedback).where(Feedback.handled_at < moment - HANDLED_FEEDBACK))
        session.execute(delete(AuditEntry).where(AuditEntry.created_at < moment - AUDIT_LOG))
        session.execute(delete(RateCount).where(RateCount.window < int((moment - COUNTERS).timestamp())))


def _empty_sent_mails(session: Session) -> None:
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.sent_at < clock.now() - MAIL_TEXTS, OutboxMail.body_text != "")
        .values(body_text="", body_html="", recipient="")
    )
