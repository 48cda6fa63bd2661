"""How a deed is written: working copies, later updates, people who write together, links for chosen readers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, LongText
from tori.models.deeds import Deed
from tori.models.people import User


class LinkKind(StrEnum):
    PREVIEW = "preview"
    REVIEW = "review"
    CO_AUTHOR = "co_author"


class NoteKind(StrEnum):
    NOTE = "note"
    RETURNED = "returned"


class DeedUpdate(Created, Base):
    """What happened after the story was told. ``happened_on`` is the day that the writer gives it."""

    __tablename__ = "deed_update"
    __table_args__ = (Index("ix_deed_update_deed_id_happened_on", "deed_id", "happened_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    happened_on: Mapped[date]
    body: Mapped[LongText]
    html: Mapped[LongText]
    form_number: Mapped[str | None] = mapped_column(String(40), unique=True)

    author: Mapped[User | None] = relationship()


class WorkingCopy(Base):
    """What somebody has typed and not saved yet. ``key`` names the form: ``new:<number>`` or ``deed:<id>:<part>``.

    ``fields`` are those of the form, each a list of texts. ``sequence`` grows with every save, so that a slower or an
    older window can't put its text over a newer one. ``base_version`` is the version of the deed that was opened.
    A visitor's copy has no person but the hash of a secret in the visitor's session.
    """

    __tablename__ = "working_copy"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_working_copy_deed_id", "deed_id"),
        Index("ix_working_copy_saved_at", "saved_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    deed_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(80))
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    fields: Mapped[dict[str, Any]]
    sequence: Mapped[int] = mapped_column(default=1)
    base_version: Mapped[int | None]
    saved_at: Mapped[datetime]


class DeedLink(Created, Base):
    """A link that opens an unpublished deed to those who have it, until it expires or is revoked."""

    __tablename__ = "deed_link"
    __table_args__ = (Index("ix_deed_link_deed_id", "deed_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    deed: Mapped[Deed] = relationship()


class ReviewNote(Created, Base):
    """A word about an unpublished deed, between its makers and those whom they asked. Never shown to others."""

    __tablename__ = "review_note"
    __table_args__ = (Index("ix_review_note_deed_id_id", "deed_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20), default=NoteKind.NOTE)
    body: Mapped[LongText]
    html: Mapped[LongText]
    form_number: Mapped[str | None] = mapped_column(String(40), unique=True)

    deed: Mapped[Deed] = relationship()
    author: Mapped[User | None] = relationship()
