"""Wishes ("Etsin ratkaisua"), what answers them, and calls for partners."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line, LongText, Slug
from tori.models.deeds import Deed, Sector, Theme
from tori.models.people import Organisation, User

wish_theme = Table(
    "wish_theme",
    Base.metadata,
    Column("wish_id", Integer, ForeignKey("wish.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", Integer, ForeignKey("theme.id"), primary_key=True, index=True),
)


class Wish(Created, Base):
    """Somebody looks for a practice. Answered when a deed answers it; hidden when the editors took it away."""

    __tablename__ = "wish"
    __table_args__ = (Index("ix_wish_hidden_at_id", "hidden_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[Line]
    slug: Mapped[Slug]
    body: Mapped[LongText] = mapped_column(default="")
    html: Mapped[LongText] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(2), default="fi")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    sector_id: Mapped[int | None] = mapped_column(ForeignKey("sector.id"), index=True)
    supporter_count: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[Line] = mapped_column(default="")
    form_number: Mapped[str | None] = mapped_column(String(40), unique=True)

    author: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    sector: Mapped[Sector | None] = relationship()
    themes: Mapped[list[Theme]] = relationship(secondary=wish_theme, order_by=Theme.name)


class WishSupporter(Created, Base):
    """ "Minäkin tarvitsen tätä": a member joins a wish, once."""

    __tablename__ = "wish_supporter"
    __table_args__ = (UniqueConstraint("wish_id", "user_id"), Index("ix_wish_supporter_user_id", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wish.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))


class WishAnswer(Created, Base):
    """A deed that answers a wish, offered by somebody with a word of why."""

    __tablename__ = "wish_answer"
    __table_args__ = (UniqueConstraint("wish_id", "deed_id"), Index("ix_wish_answer_deed_id", "deed_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wish.id", ondelete="CASCADE"))
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    note: Mapped[Line] = mapped_column(default="")

    wish: Mapped[Wish] = relationship()
    deed: Mapped[Deed] = relationship()


class WishPromise(Created, Base):
    """ "Meillä on tämä": somebody began to tell a deed as the answer. ``deed_id`` is the draft, once it is begun."""

    __tablename__ = "wish_promise"
    __table_args__ = (
        UniqueConstraint("wish_id", "user_id"),
        Index("ix_wish_promise_user_id", "user_id"),
        Index("ix_wish_promise_deed_id", "deed_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("wish.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    deed_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="SET NULL"))

    wish: Mapped[Wish] = relationship()


class PartnerCall(Created, Base):
    """ "Etsimme kumppaneita" on a deed or on a wish. ``until`` is the last Finnish day on which partners may answer."""

    __tablename__ = "partner_call"
    __table_args__ = (
        Index("ix_partner_call_deed_id", "deed_id"),
        Index("ix_partner_call_wish_id", "wish_id"),
        Index("ix_partner_call_until", "until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    wish_id: Mapped[int | None] = mapped_column(ForeignKey("wish.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[LongText]
    offer: Mapped[LongText] = mapped_column(default="")
    seeks: Mapped[str] = mapped_column(String(20), default="")
    until: Mapped[date]
    closed_at: Mapped[datetime | None]

    deed: Mapped[Deed | None] = relationship()
    wish: Mapped[Wish | None] = relationship()
    author: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation] = relationship()


class PartnerInterest(Created, Base):
    """Somebody answered a call for partners, with a word; both sides then see each other's name and organisation."""

    __tablename__ = "partner_interest"
    __table_args__ = (UniqueConstraint("call_id", "user_id"), Index("ix_partner_interest_user_id", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("partner_call.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    message: Mapped[LongText] = mapped_column(default="")

    user: Mapped[User] = relationship()
