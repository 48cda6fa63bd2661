"""What readers do: deeds they keep and plan by, what they would like to know of a deed, and how many opened it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line, LongText
from tori.models.deeds import Deed
from tori.models.people import User


class SavedDeed(Created, Base):
    """A deed that a person keeps, with a note and a list that nobody else sees."""

    __tablename__ = "saved_deed"
    __table_args__ = (UniqueConstraint("user_id", "deed_id"), Index("ix_saved_deed_deed_id", "deed_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    list_name: Mapped[Line] = mapped_column(default="")
    note: Mapped[LongText] = mapped_column(default="")

    deed: Mapped[Deed] = relationship()


class OwnPlan(Created, Base):
    """What a person means to do after a deed; nobody else sees it. One for each person and deed.

    ``remind_on`` is the next day of which to remind; ``remind_from`` the day that the person chose, by which a monthly
    reminder comes back to the 31st after a shorter month.
    """

    __tablename__ = "own_plan"
    __table_args__ = (
        UniqueConstraint("user_id", "deed_id"),
        Index("ix_own_plan_deed_id", "deed_id"),
        Index("ix_own_plan_remind_on", "remind_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    deed_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="SET NULL"))
    title: Mapped[Line]
    what: Mapped[LongText] = mapped_column(default="")
    needs: Mapped[LongText] = mapped_column(default="")
    who: Mapped[LongText] = mapped_column(default="")
    first_step: Mapped[LongText] = mapped_column(default="")
    timetable: Mapped[LongText] = mapped_column(default="")
    remind_on: Mapped[date | None]
    remind_from: Mapped[date | None]
    repeats: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]

    deed: Mapped[Deed | None] = relationship()
    user: Mapped[User] = relationship()


class TeamLook(Created, Base):
    """A team looks at a deed together, by a link that its maker hands on; ``key`` is the secret of the link."""

    __tablename__ = "team_look"
    __table_args__ = (Index("ix_team_look_user_id", "user_id"), Index("ix_team_look_deed_id", "deed_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(43), unique=True)
    closed_at: Mapped[datetime | None]

    deed: Mapped[Deed] = relationship()


class TeamAnswer(Base):
    """What one of the team thinks: question -> "yes", "partly" or "no". Nothing leads to a person or a moment."""

    __tablename__ = "team_answer"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    look_id: Mapped[int] = mapped_column(ForeignKey("team_look.id", ondelete="CASCADE"), index=True)
    answers: Mapped[dict[str, str]]


class DeedReading(Base):
    """How many opened a deed on a day, by the tag of the link (``""``: none). Nothing of who they were."""

    __tablename__ = "deed_reading"
    __table_args__ = (Index("ix_deed_reading_day", "day"),)

    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    readers: Mapped[int] = mapped_column(default=0)


class ReaderRequest(Created, Base):
    """ "Tätä haluaisin tietää": a reader asks for a part of a deed that is empty. Once for each person and part.

    ``told_at`` is when the author was told of it, ``answered_at`` when the part was filled in.
    """

    __tablename__ = "reader_request"
    __table_args__ = (
        UniqueConstraint("deed_id", "user_id", "part"),
        Index("ix_reader_request_user_id", "user_id"),
        Index("ix_reader_request_told_at", "told_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(20))
    told_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    deed: Mapped[Deed] = relationship()
    user: Mapped[User] = relationship()
