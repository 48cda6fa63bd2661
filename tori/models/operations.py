"""Rows by which the service runs: queues, notices, the audit log, counters."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line, LongText
from tori.models.deeds import Deed
from tori.models.people import Organisation


class IndexTask(Created, Base):
    """A deed whose place in the search index must be looked at again. Rows are worked off in the order of ids."""

    __tablename__ = "index_task"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int]


class OutboxMail(Created, Base):
    """A rendered mail waiting to be sent. ``message_id`` is fixed, so a mail sent twice is one mail to its reader."""

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_sent_at_due_at", "sent_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(50))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[Line]
    body_text: Mapped[LongText]
    body_html: Mapped[LongText]
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[LongText] = mapped_column(default="")
    headers: Mapped[dict[str, str] | None]


class Notification(Created, Base):
    """Something a person should know, shown in the service. ``kind`` names the sentence.

    ``text`` is the title of what it is about and ``address`` the path to it without a language, where that is not
    simply the deed.
    """

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_user_id_id", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    deed_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[Line | None]
    address: Mapped[Line | None]
    read_at: Mapped[datetime | None]

    deed: Mapped[Deed | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class AuditEntry(Created, Base):
    """Who did what, to what, when and from where. Only added to.

    ``seal`` is a hash over the row and the seal before it, in the order of ``position``; the worker adds it. ``source``
    stands outside, as addresses are shortened when they are old.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_event_id", "event", "id"),
        Index("ix_audit_entry_actor_id_id", "actor_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(50))
    actor_id: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(60), default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    position: Mapped[int | None] = mapped_column(unique=True)
    seal: Mapped[str | None] = mapped_column(String(64))


class Feedback(Created, Base):
    """What somebody told the people who run the service; no account needed."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(20))
    body: Mapped[LongText]
    email: Mapped[str] = mapped_column(String(254), default="")
    page: Mapped[Line] = mapped_column(default="")
    handled_at: Mapped[datetime | None]


class JobRun(Base):
    """One run of a scheduled job. The primary key is what keeps two workers from doing it twice."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[LongText] = mapped_column(default="")


class RateCount(Base):
    """How many times something was done in a window. ``window`` is the start of it in seconds since 1970."""

    __tablename__ = "rate_count"

    key: Mapped[str] = mapped_column(String(150), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class Setting(Base):
    """A value that editors or the service itself keep, such as the content version."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[dict[str, Any]]


class TrialUse(Base):
    """How often a feature on trial was used on a day; nothing of who used it."""

    __tablename__ = "trial_use"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


class Heartbeat(Base):
    """When a worker was last alive."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    seen_at: Mapped[datetime]
