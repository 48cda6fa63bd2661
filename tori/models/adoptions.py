"""Around an adoption: who joined it, what was asked of it later, and how authors want to hear of theirs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, JsonType, LongText
from tori.models.deeds import Adoption, Deed
from tori.models.people import User


class LetterRhythm(StrEnum):
    """How often an author gets mail of what others did with the own deeds."""

    WEEKLY = "weekly"
    DAILY = "daily"
    NONE = "none"


class AdoptionMember(Created, Base):
    """A person who pressed "otettu mallia" for the organisation; colleagues join the same adoption."""

    __tablename__ = "adoption_member"
    __table_args__ = (UniqueConstraint("adoption_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoption.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)

    adoption: Mapped[Adoption] = relationship()
    user: Mapped[User] = relationship()


class FollowUp(Created, Base):
    """The question "how did it go?", put once for each adoption and month (3, 6, 12).

    ``answers`` holds the status and, at six months, a value of 1-5 for each of the five questions; a question that
    the person can't answer is not there. It may be answered again.
    """

    __tablename__ = "follow_up"
    __table_args__ = (UniqueConstraint("adoption_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoption.id", ondelete="CASCADE"))
    month: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)

    adoption: Mapped[Adoption] = relationship()
    user: Mapped[User | None] = relationship()


class AuthorLetter(Base):
    """How often an author is written to, and when it last happened. No row means weekly and never yet."""

    __tablename__ = "author_letter"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    rhythm: Mapped[str] = mapped_column(String(10), default=LetterRhythm.WEEKLY)
    sent_at: Mapped[datetime | None]


class BreakthroughCandidate(Created, Base):
    """A practice that editors expect to break through. ``look_on`` is when to look again, ``notes`` what was seen each
    time, ``{"on", "text"}``, the newest first."""

    __tablename__ = "breakthrough_candidate"

    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True)
    why: Mapped[LongText]
    look_on: Mapped[date]
    notes: Mapped[list[dict[str, str]]] = mapped_column(JsonType, default=list)

    deed: Mapped[Deed] = relationship()
