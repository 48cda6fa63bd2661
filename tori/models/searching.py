"""What the search learns from and keeps for people: synonyms, a log without persons, saved searches."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tori.models.base import Base, Created, JsonType, Line


class SynonymRow(Base):
    """Words of one concept, beside the groups that come with the code; a row of the same concept replaces such a group.

    ``members`` is a list of ``{"text", "language"}``. Kin are looser than synonyms: ``head`` is what they are kin of.
    """

    __tablename__ = "synonym_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    concept: Mapped[str] = mapped_column(String(120), unique=True)
    members: Mapped[list[dict[str, str]]] = mapped_column(JsonType)
    is_kin: Mapped[bool] = mapped_column(default=False)
    is_enabled: Mapped[bool] = mapped_column(default=True)


class DeedWords(Base):
    """The words of a public deed and what they stand for, from which the passages of a search are marked.

    Made when the deed is indexed (``search/marking.py``); where a row is missing each word is analysed anew.
    """

    __tablename__ = "deed_words"

    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class SearchLogEntry(Base):
    """A search by nobody: no account, no address, no time of day. ``clicked`` is the place of the hit opened first."""

    __tablename__ = "search_log"
    __table_args__ = (Index("ix_search_log_day_query", "day", "query"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    query: Mapped[str] = mapped_column(String(200))
    filters: Mapped[dict[str, Any]]
    locale: Mapped[str] = mapped_column(String(2))
    hits: Mapped[int]
    strong: Mapped[int]
    clicked: Mapped[int | None]


class SavedSearch(Created, Base):
    """A search that a member keeps. ``query`` is the part of the address after the question mark, in fixed order."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("user_id", "query"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    name: Mapped[Line]
    query: Mapped[str] = mapped_column(String(1000))
