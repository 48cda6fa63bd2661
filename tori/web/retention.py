"""How long things are kept that nobody needs for ever. The privacy page tells these times; a daily job keeps them.

What belongs to accounts is swept by ``tori.accounts.jobs``.
"""

from datetime import timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import transaction
from tori.models.operations import AuditEntry, Feedback, OutboxMail

MAIL_TEXTS = timedelta(days=7)
HANDLED_FEEDBACK = timedelta(days=365)
AUDIT_LOG = timedelta(days=730)


def sweep_old_rows(config: Config) -> None:
    """Empties the texts of sent mails, and removes handled feedback and old log rows."""
    with transaction() as session:
        _empty_sent_mails(session)
        moment = clock.now()
        session.execute(delete(Feedback).where(Feedback.handled_at < moment - HANDLED_FEEDBACK))
        session.execute(delete(AuditEntry).where(AuditEntry.created_at < moment - AUDIT_LOG))


def _empty_sent_mails(session: Session) -> None:
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.sent_at < clock.now() - MAIL_TEXTS, OutboxMail.body_text != "")
        .values(body_text="", body_html="", recipient="")
    )
