"""What the staff keeps at its desk: who has taken what waits, versions of TOP lists and who keeps them."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created
from tori.models.people import User

top_list_keeper = Table(
    "top_list_keeper",
    Base.metadata,
    Column("top_list_id", Integer, ForeignKey("top_list.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Integer, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""People of a network who keep a list without rights elsewhere at the desk."""


class QueueClaim(Created, Base):
    """Somebody has taken a thing that waits. ``queue`` and ``item_id`` name the thing as the work queue does."""

    __tablename__ = "queue_claim"

    queue: Mapped[str] = mapped_column(String(30), primary_key=True)
    item_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)

    user: Mapped[User] = relationship()


class MovedAddress(Created, Base):
    """An address that leads on: the slug that a theme or an organisation had before it was merged or renamed."""

    __tablename__ = "moved_address"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    target_id: Mapped[int]


class TopListVersion(Created, Base):
    """A list as it stood after a change: texts, and the deeds in order with their reasons."""

    __tablename__ = "top_list_version"
    __table_args__ = (UniqueConstraint("top_list_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    top_list_id: Mapped[int] = mapped_column(ForeignKey("top_list.id", ondelete="CASCADE"))
    number: Mapped[int]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    content: Mapped[dict[str, Any]]

    editor: Mapped[User | None] = relationship()
