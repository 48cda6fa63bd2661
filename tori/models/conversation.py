"""Thanks, and private questions about deeds."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, LongText
from tori.models.deeds import Deed
from tori.models.people import User


class DeedThanks(Created, Base):
    """One press of thanks. Only the number is shown."""

    __tablename__ = "deed_thanks"
    __table_args__ = (UniqueConstraint("deed_id", "user_id"), Index("ix_deed_thanks_user_id", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))


class Turn(StrEnum):
    """Who is to answer a private question."""

    AUTHOR = "author"
    STEWARD = "steward"
    EDITOR = "editor"


class PrivateQuestion(Created, Base):
    """A question that only its asker and those whose ``turn`` it is can read. Nobody's address is shown to anybody."""

    __tablename__ = "private_question"
    __table_args__ = (
        Index("ix_private_question_deed_id", "deed_id"),
        Index("ix_private_question_asker_id", "asker_id"),
        Index("ix_private_question_turn_created_at", "turn", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    turn: Mapped[str] = mapped_column(String(10), default=Turn.AUTHOR)
    passed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    form_number: Mapped[str | None] = mapped_column(String(40), unique=True)

    deed: Mapped[Deed] = relationship()
    asker: Mapped[User] = relationship()
    messages: Mapped[list["PrivateMessage"]] = relationship(
        back_populates="question", cascade="all, delete-orphan", order_by="PrivateMessage.id"
    )


class PrivateMessage(Created, Base):
    __tablename__ = "private_message"
    __table_args__ = (Index("ix_private_message_question_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("private_question.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    body: Mapped[LongText]
    form_number: Mapped[str | None] = mapped_column(String(40), unique=True)

    question: Mapped[PrivateQuestion] = relationship(back_populates="messages")
    author: Mapped[User | None] = relationship()
