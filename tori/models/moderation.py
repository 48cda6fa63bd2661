"""What is told to be wrong, what was decided of it and why, and the log of moderation."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line, LongText
from tori.models.people import User


class Reportable(StrEnum):
    DEED = "deed"
    WISH = "wish"
    ORGANISATION = "organisation"
    COMMENT = "comment"


class Fault(StrEnum):
    PERSONAL = "personal"
    FALSE = "false"
    ADVERT = "advert"
    OFFENDING = "offending"
    RIGHTS = "rights"
    OTHER = "other"


class Verdict(StrEnum):
    REMOVED = "removed"
    CHANGED = "changed"
    KEPT = "kept"


class Report(Created, Base):
    """Somebody finds that a thing should not be as it is. ``key`` stands in the link by which a reporter without an
    account follows it. ``answer`` is the reason of the verdict as it was told to both sides."""

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_decided_at_id", "decided_at", "id"),
        Index("ix_report_kind_target_id", "kind", "target_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[int]
    fault: Mapped[str] = mapped_column(String(20))
    body: Mapped[LongText]
    email: Mapped[str] = mapped_column(String(254), default="")
    locale: Mapped[str] = mapped_column(String(2), default="fi")
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    key: Mapped[str] = mapped_column(String(43), unique=True)
    escalated_at: Mapped[datetime | None]
    escalation: Mapped[Line] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(20))
    answer: Mapped[LongText] = mapped_column(default="")
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    reporter: Mapped[User | None] = relationship(foreign_keys=[reporter_id])
    decider: Mapped[User | None] = relationship(foreign_keys=[decider_id])


class ModerationEntry(Created, Base):
    """One act of moderation. The database itself refuses to change or remove a row, so there is no foreign key."""

    __tablename__ = "moderation_entry"
    __table_args__ = (Index("ix_moderation_entry_kind_target_id", "kind", "target_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[int]
    title: Mapped[Line] = mapped_column(default="")
    reason: Mapped[LongText] = mapped_column(default="")
    actor_id: Mapped[int | None]
    report_id: Mapped[int | None]
