"""Meetings of people: webinars, workshops, trainings and on-line get-togethers, coming and gone."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line, LongText, Slug
from tori.models.deeds import Deed, Theme
from tori.models.people import Organisation


class MeetingKind(StrEnum):
    MEETUP = "meetup"
    WEBINAR = "webinar"
    WORKSHOP = "workshop"
    TRAINING = "training"


meeting_theme = Table(
    "meeting_theme",
    Base.metadata,
    Column("meeting_id", Integer, ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", Integer, ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True, index=True),
)

meeting_deed = Table(
    "meeting_deed",
    Base.metadata,
    Column("meeting_id", Integer, ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True),
    Column("deed_id", Integer, ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Meeting(Created, Base):
    """Told by the editors or, with ``organisation_id``, by the contact person of an organisation.

    ``url`` leads to the meeting or to where one signs up, ``recording_url`` to what was recorded; ``outcome`` is what
    came of it, asked for once (``asked_at``) when it is over. ``published_at`` is empty for a draft.
    """

    __tablename__ = "meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[Line]
    body: Mapped[LongText] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(2), default="fi")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    place: Mapped[Line] = mapped_column(default="")
    url: Mapped[str] = mapped_column(String(2000), default="")
    organiser: Mapped[Line] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    recording_url: Mapped[str] = mapped_column(String(2000), default="")
    outcome: Mapped[LongText] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary=meeting_theme, order_by=Theme.name)
    deeds: Mapped[list[Deed]] = relationship(secondary=meeting_deed, order_by=Deed.id)
