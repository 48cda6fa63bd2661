"""What the makers of a deed ask of others and offer to them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tori.models.base import Base, Line


class PeerHelp(Base):
    """``advice_on`` is what the makers would like advice on (empty: nothing), ``helps_others`` that they have promised
    to help, ``suits`` who else can use the deed, outside municipalities. No row is the same as an empty one."""

    __tablename__ = "peer_help"

    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True)
    advice_on: Mapped[Line] = mapped_column(default="")
    helps_others: Mapped[bool] = mapped_column(default=False, index=True)
    suits: Mapped[list[str]] = mapped_column(default=list)
    changed_at: Mapped[datetime]
