"""The digest: who gets it, what has happened that it may tell, and what each issue told."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, JsonType, Line
from tori.models.deeds import Deed
from tori.models.people import User


class Rhythm(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    NONE = "none"


class NewsKind(StrEnum):
    DEED_PUBLISHED = "published"
    DEED_ADOPTED = "adopted"
    DEED_COMMENTED = "commented"
    DEED_PICKED = "picked"
    WISH_POSTED = "wished"
    WISH_ANSWERED = "answered"
    PARTNERS_SOUGHT = "partners"


class Subscriber(Created, Base):
    """Somebody who gets the digest: a member (``user_id``) or a visitor (``email``, confirmed by a link).

    ``key`` stands in the links of the mails and tells nothing of the person. A visitor chooses sectors and themes here;
    what a member follows stands in Follow. ``told_until`` is the end of the time that has been told, so that the next
    issue begins there. ``mails_answers`` lets replies and questions come by mail at once.
    """

    __tablename__ = "digest_subscriber"
    __table_args__ = (Index("ix_digest_subscriber_rhythm_told_until", "rhythm", "told_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    locale: Mapped[str] = mapped_column(String(2), default="fi")
    key: Mapped[str] = mapped_column(String(43), unique=True)
    rhythm: Mapped[str] = mapped_column(String(10), default=Rhythm.WEEKLY)
    mails_answers: Mapped[bool] = mapped_column(default=True)
    sector_ids: Mapped[list[int]] = mapped_column(JsonType, default=list)
    theme_ids: Mapped[list[int]] = mapped_column(JsonType, default=list)
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    confirm_until: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    told_until: Mapped[datetime]
    bounced_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship()


class NewsItem(Created, Base):
    """Something that the digest may tell, written in the transaction in which it happened. ``key`` keeps it single."""

    __tablename__ = "news_item"
    __table_args__ = (Index("ix_news_item_created_at", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(60), unique=True)
    deed_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), index=True)
    wish_id: Mapped[int | None] = mapped_column(ForeignKey("wish.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None]
    organisation_id: Mapped[int | None]


class DigestIssue(Created, Base):
    """One digest of one subscriber: the time it tells of, after ``since`` until ``until``, and the news in it."""

    __tablename__ = "digest_issue"
    __table_args__ = (Index("ix_digest_issue_subscriber_id_until", "subscriber_id", "until", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("digest_subscriber.id", ondelete="CASCADE"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    news_ids: Mapped[list[int]] = mapped_column(JsonType)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id", ondelete="SET NULL"), unique=True)

    subscriber: Mapped[Subscriber] = relationship()


class EditorPick(Created, Base):
    """A deed that the editors want everybody to see in the next digest."""

    __tablename__ = "editor_pick"

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), unique=True)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    note: Mapped[Line] = mapped_column(default="")

    deed: Mapped[Deed] = relationship()


class MailBounce(Created, Base):
    """A mail that came back. ``is_permanent`` stops the digest to the address."""

    __tablename__ = "mail_bounce"
    __table_args__ = (Index("ix_mail_bounce_address", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    status: Mapped[str] = mapped_column(String(20), default="")
    message_id: Mapped[str] = mapped_column(String(200), default="")
    is_permanent: Mapped[bool]


class LetterOpinion(Base):
    """How many readers of the digest found it useful on a day. Nothing of who they were."""

    __tablename__ = "letter_opinion"

    day: Mapped[date] = mapped_column(primary_key=True)
    opinion: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
