"""Choices that editors keep beside the themes: whom a deed serves, what it gives, whose work it is about, what set it
going, and how it was done."""

from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tori.models.base import Base, Named, Slug


class TagKind(StrEnum):
    """The values are the parameters of an address."""

    CUSTOMERS = "asiakasryhma"
    BENEFIT = "hyoty"
    PROFESSION = "ammatti"
    SITUATION = "tilanne"
    METHOD = "menetelma"


TAG_FIELDS: dict[str, TagKind] = {
    "customer_groups": TagKind.CUSTOMERS,
    "benefits": TagKind.BENEFIT,
    "professions": TagKind.PROFESSION,
    "situations": TagKind.SITUATION,
    "methods": TagKind.METHOD,
}
"""Field of a deed's content, of the form and of the format -> the kind of what it holds."""


class Tag(Named, Base):
    """One that can be chosen, of one of the kinds. ``synonyms`` are words that find its deeds."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("kind", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[Slug]
    synonyms: Mapped[list[str]] = mapped_column(default=list)


deed_tag = Table(
    "deed_tag",
    Base.metadata,
    Column("deed_id", Integer, ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", Integer, ForeignKey("tag.id"), primary_key=True, index=True),
)
