"""What people follow, and lists of kept deeds that they share by a link."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line
from tori.models.people import User


class Followed(StrEnum):
    DEED = "deed"
    THEME = "theme"
    SECTOR = "sector"
    ORGANISATION = "organisation"
    REGION = "region"
    CAMPAIGN = "campaign"
    SEARCH = "search"
    TOP_LIST = "toplist"


class Follow(Created, Base):
    """A person wants to hear of a thing. ``target_id`` is a row of the table that ``kind`` names."""

    __tablename__ = "follow"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "target_id"),
        Index("ix_follow_kind_target_id", "kind", "target_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    target_id: Mapped[int]


class SharedList(Created, Base):
    """An own list of kept deeds that opens to whoever has the link. The notes stay private."""

    __tablename__ = "shared_list"
    __table_args__ = (UniqueConstraint("user_id", "list_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    list_name: Mapped[Line]
    key: Mapped[str] = mapped_column(String(43), unique=True)

    user: Mapped[User] = relationship()
