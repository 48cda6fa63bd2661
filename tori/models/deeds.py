"""Deeds and what people do with them."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    column,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, JsonType, Line, LongText, Named, Slug
from tori.models.campaigns import Campaign
from tori.models.peer_help import PeerHelp
from tori.models.people import Organisation, User
from tori.models.tags import TAG_FIELDS, Tag, deed_tag

STAGES = ("need", "goals", "implementation", "results")
BENEFITS = ("benefits_customer", "benefits_staff", "benefits_organisation")
MARKDOWN_FIELDS = (
    *STAGES, "body", "lessons", "applicability", "limits_of_use", "obstacles", "did_not_work", *BENEFITS,
    "novelty", "plain_words",
)  # fmt: skip
DEFAULT_LICENCE = "CC BY 4.0"


class LookForAlike(IntEnum):
    """Whether the worker is to look anew for the deeds that stand beside one."""

    NOT = 0
    JUST_IT = 1
    AND_BESIDE_IT = 2
    """And then for those beside the found ones."""


class DeedStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


PUBLIC_STATUSES = (DeedStatus.PUBLISHED, DeedStatus.ARCHIVED)
UNPUBLISHED_STATUSES = (DeedStatus.DRAFT, DeedStatus.IN_REVIEW)


class Maturity(StrEnum):
    IDEA = "idea"
    TRIAL = "kokeilu"
    IN_USE = "kaytossa"
    ESTABLISHED = "vakiintunut"
    ENDED = "paattynyt"


class MaterialKind(StrEnum):
    """What a material is, when it is not simply a material or a tool."""

    RESEARCH = "research"
    MEDIA = "media"
    COMMUNITY = "community"


class Effort(StrEnum):
    """How much work it takes to do the same."""

    SMALL = "pieni"
    MONTHS = "kuukausia"
    PROJECT = "hanke"


class Cost(StrEnum):
    """What it costs to do the same, beside the own working time, in euros."""

    NOTHING = "ei"
    HUNDREDS = "alle-1000"
    THOUSANDS = "alle-10000"
    TENS_OF_THOUSANDS = "alle-100000"
    MORE = "yli-100000"


class Basis(StrEnum):
    """Where the actual value of a figure comes from."""

    MEASURED = "measured"
    ESTIMATE = "estimate"


class Closeness(StrEnum):
    COPIED = "copied"
    ADAPTED = "adapted"
    INSPIRED = "inspired"


class AdoptionStatus(StrEnum):
    INTENDS = "aikoo"
    TRIES = "kokeilee"
    IN_USE = "kaytossa"
    EXTENDED = "laajennettu"
    ABANDONED = "luovuttu"


TRIED_STATUSES = (
    AdoptionStatus.TRIES,
    AdoptionStatus.IN_USE,
    AdoptionStatus.EXTENDED,
    AdoptionStatus.ABANDONED,
)
IN_USE_STATUSES = (AdoptionStatus.IN_USE, AdoptionStatus.EXTENDED)


class Gain(StrEnum):
    """What taking a model has given to the work."""

    IDEAS = "ideas"
    UNDERSTANDING = "understanding"
    START = "start"
    GOALS = "goals"
    COURAGE = "courage"
    NOTHING = "nothing"


class AbandonReason(StrEnum):
    """Why a model was given up. Told openly, it helps the next one."""

    RESOURCES = "resources"
    LEADERSHIP = "leadership"
    DID_NOT_FIT = "fit"
    LAW = "law"
    SKILLS = "skills"
    OTHER = "other"


class CommentKind(StrEnum):
    COMMENT = "comment"
    QUESTION = "question"
    TAKEAWAY = "takeaway"


class Sector(Named, Base):
    """A toimiala: exactly one for each deed. ``colour`` names one of the eight market colours of the look."""

    __tablename__ = "sector"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    meanings: Mapped[dict[str, str]] = mapped_column(default=dict)
    icon: Mapped[str] = mapped_column(String(50))
    colour: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]

    def meaning_in(self, locale: str) -> str:
        return self.meanings.get(locale) or self.meanings.get("fi", "")


class Theme(Named, Base):
    __tablename__ = "theme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    meanings: Mapped[dict[str, str]] = mapped_column(default=dict)
    synonyms: Mapped[list[str]] = mapped_column(default=list)

    def meaning_in(self, locale: str) -> str:
        return self.meanings.get(locale) or self.meanings.get("fi", "")


deed_co_author = Table(
    "deed_co_author",
    Base.metadata,
    Column("deed_id", Integer, ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Integer, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True),
)

deed_co_organisation = Table(
    "deed_co_organisation",
    Base.metadata,
    Column("deed_id", Integer, ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", Integer, ForeignKey("organisation.id"), primary_key=True, index=True),
)

deed_theme = Table(
    "deed_theme",
    Base.metadata,
    Column("deed_id", Integer, ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", Integer, ForeignKey("theme.id"), primary_key=True, index=True),
)


organisation_theme = Table(
    "organisation_theme",
    Base.metadata,
    Column("organisation_id", Integer, ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", Integer, ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""What an organisation is interested in, as its contact person has chosen."""


PAGE_VERSIONS_INDEX = "ix_deed_id_page_version"
GIVEN_TO_FEW = ("author_id", "campaign_id", "part_of_id", "parent_id", "merged_into_id")
"""Columns that are empty in most deeds."""


def _index_where_given(name: str) -> Index:
    """With the empty ones in it, SQLite takes each value for as common as none at all, and reads the whole table."""
    is_given = column(name).is_not(None)
    return Index(f"ix_deed_{name}", name, sqlite_where=is_given, postgresql_where=is_given)


class Deed(Created, Base):
    """A story of how municipal work was improved.

    ``rendered`` holds the HTML of the Markdown fields, made when they are saved. ``period_start`` and
    ``period_end`` are a year, a month or a day (``2013``, ``2021-02``, ``2021-09-01``), as much as is known.
    ``version`` grows by one with every saved change. ``parent`` is the deed that this one is a variant of.
    ``first_steps`` are at most three short lines for somebody who begins with the model. ``team`` are lines of who did
    what, roles and not names; ``plain_words`` is the same in clear language, for people to whom ordinary text is hard.
    ``reuse_score`` (0-100) tells how much is said that helps to do the same. ``merged_into`` is the deed that a
    withdrawn one leads to. ``publish_at`` is when a draft is to be published by itself. ``breakthrough_at`` is since
    when the practice is in use in so many organisations of so many regions as the settings ask for. ``page_version``
    grows with every change that shows on this deed's page and card only (``notifications/changes.py``).
    """

    __tablename__ = "deed"
    __table_args__ = (
        Index("ix_deed_status_published_at", "status", "published_at"),
        # What changed since a moment, for programs that follow the square.
        Index("ix_deed_published_at", "published_at"),
        Index("ix_deed_updated_at", "updated_at"),
        # What every reading of a list or a stored page asks for, without going to the rows.
        Index(PAGE_VERSIONS_INDEX, "id", "page_version"),
        *(_index_where_given(name) for name in GIVEN_TO_FEW),
        Index(
            "ix_deed_look_for_alike",
            "look_for_alike",
            sqlite_where=text("look_for_alike > 0"),
            postgresql_where=text("look_for_alike > 0"),
        ),
        CheckConstraint("adoption_count >= 0", name="adoption_count"),
        CheckConstraint("comment_count >= 0", name="comment_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    status: Mapped[str] = mapped_column(String(20), default=DeedStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[Line]
    slug: Mapped[Slug]
    summary: Mapped[LongText]
    language: Mapped[str] = mapped_column(String(2), default="fi")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    unit: Mapped[Line] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    author_erased: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody wrote it who has been taken out; a deed of the archives never had an author here."""
    sector_id: Mapped[int] = mapped_column(ForeignKey("sector.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="SET NULL"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="SET NULL"))

    need: Mapped[LongText] = mapped_column(default="")
    goals: Mapped[LongText] = mapped_column(default="")
    implementation: Mapped[LongText] = mapped_column(default="")
    results: Mapped[LongText] = mapped_column(default="")
    body: Mapped[LongText] = mapped_column(default="")
    lessons: Mapped[LongText] = mapped_column(default="")
    applicability: Mapped[LongText] = mapped_column(default="")
    limits_of_use: Mapped[LongText] = mapped_column(default="")
    obstacles: Mapped[LongText] = mapped_column(default="")
    did_not_work: Mapped[LongText] = mapped_column(default="")
    benefits_customer: Mapped[LongText] = mapped_column(default="")
    benefits_staff: Mapped[LongText] = mapped_column(default="")
    benefits_organisation: Mapped[LongText] = mapped_column(default="")
    novelty: Mapped[LongText] = mapped_column(default="", server_default=text("''"))
    plain_words: Mapped[LongText] = mapped_column(default="", server_default=text("''"))
    strategy_goal: Mapped[Line] = mapped_column(default="", server_default=text("''"))
    first_steps: Mapped[list[str]] = mapped_column(default=list)
    rendered: Mapped[dict[str, str]] = mapped_column(default=dict)

    is_short: Mapped[bool] = mapped_column(default=False)
    is_small: Mapped[bool] = mapped_column(default=False)
    maturity: Mapped[str | None] = mapped_column(String(20))
    effort: Mapped[str | None] = mapped_column(String(20))
    cost: Mapped[str | None] = mapped_column(String(20))
    period_start: Mapped[str | None] = mapped_column(String(10))
    period_end: Mapped[str | None] = mapped_column(String(10))
    participants: Mapped[LongText] = mapped_column(default="")
    partners: Mapped[list[str]] = mapped_column(default=list)
    team: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    programme: Mapped[Line] = mapped_column(default="", server_default=text("''"))
    funder: Mapped[Line] = mapped_column(default="")
    funding_euros: Mapped[int | None]
    icon: Mapped[str | None] = mapped_column(String(50))
    source_url: Mapped[str | None] = mapped_column(String(2000))
    citation: Mapped[LongText] = mapped_column(default="")
    licence: Mapped[str] = mapped_column(String(50), default=DEFAULT_LICENCE)
    editor_note: Mapped[LongText] = mapped_column(default="")
    related: Mapped[list[str]] = mapped_column(default=list)

    adoption_count: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    checked_at: Mapped[datetime | None]
    freshness_asked_at: Mapped[datetime | None]
    breakthrough_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="SET NULL"))
    reuse_score: Mapped[int] = mapped_column(default=0)
    page_version: Mapped[int] = mapped_column(default=0, server_default="0")
    alike: Mapped[list[int]] = mapped_column(JsonType, default=list, server_default="[]")
    """Deeds that stand beside it, best first, as the worker has found them. Not all of them need be public."""
    look_for_alike: Mapped[int] = mapped_column(default=LookForAlike.JUST_IT, server_default="1")
    form_number: Mapped[str | None] = mapped_column(String(40), unique=True)

    organisation: Mapped[Organisation] = relationship()
    author: Mapped[User | None] = relationship()
    sector: Mapped[Sector] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    part_of: Mapped["Deed | None"] = relationship(remote_side=[id], foreign_keys=[part_of_id], back_populates="parts")
    parts: Mapped[list["Deed"]] = relationship(foreign_keys=[part_of_id], back_populates="part_of", order_by="Deed.id")
    parent: Mapped["Deed | None"] = relationship(remote_side=[id], foreign_keys=[parent_id])
    merged_into: Mapped["Deed | None"] = relationship(remote_side=[id], foreign_keys=[merged_into_id])
    co_authors: Mapped[list[User]] = relationship(secondary=deed_co_author, order_by=User.display_name)
    co_organisations: Mapped[list[Organisation]] = relationship(
        secondary=deed_co_organisation, order_by=Organisation.name
    )
    themes: Mapped[list[Theme]] = relationship(secondary=deed_theme, order_by=Theme.name)
    tags: Mapped[list[Tag]] = relationship(secondary=deed_tag, order_by=Tag.name)
    peer_help: Mapped[PeerHelp | None] = relationship(passive_deletes=True)
    indicators: Mapped[list["Indicator"]] = relationship(
        back_populates="deed", cascade="all, delete-orphan", order_by="Indicator.position"
    )
    materials: Mapped[list["Material"]] = relationship(
        back_populates="deed", cascade="all, delete-orphan", order_by="Material.position"
    )

    @property
    def is_public(self) -> bool:
        return self.status in PUBLIC_STATUSES

    def tags_of(self, field: str) -> list[Tag]:
        """The choices of one of ``TAG_FIELDS``."""
        return [tag for tag in self.tags if tag.kind == TAG_FIELDS[field]]

    @property
    def has_stages(self) -> bool:
        return any(getattr(self, stage) for stage in STAGES)


class Indicator(Base):
    """A figure of a deed. Values are texts as given (``noin 20``), since sources keep their qualifiers."""

    __tablename__ = "indicator"

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[Line]
    unit: Mapped[Line] = mapped_column(default="")
    baseline: Mapped[Line] = mapped_column(default="")
    target: Mapped[Line] = mapped_column(default="")
    actual: Mapped[Line] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(String(10), default="")

    deed: Mapped[Deed] = relationship(back_populates="indicators")


class Material(Base):
    """A link of a deed, or the name of something that one has to ask for. ``kind`` is empty for a material or a tool,
    ``date`` a year, a month or a day, ``licence`` empty when it is that of the deed."""

    __tablename__ = "material"

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[Line]
    url: Mapped[str] = mapped_column(String(2000), default="")
    kind: Mapped[str] = mapped_column(String(12), default="", server_default=text("''"))
    date: Mapped[str] = mapped_column(String(10), default="", server_default=text("''"))
    licence: Mapped[str] = mapped_column(String(50), default="", server_default=text("''"))

    deed: Mapped[Deed] = relationship(back_populates="materials")


class DeedRevision(Created, Base):
    """A deed as it stood at one version; ``content`` is one line of the export format."""

    __tablename__ = "deed_revision"
    __table_args__ = (UniqueConstraint("deed_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    version: Mapped[int]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    content: Mapped[dict[str, Any]]


class Adoption(Created, Base):
    """ "Otettu mallia": an organisation took a model from a deed. Once for each deed and organisation.

    ``user_id`` is who pressed first; all who did stand in AdoptionMember. ``abandoned_reason`` belongs to the status
    "luovuttu". ``gains`` is what it gave (Gain), None until somebody answers. ``author_told_at`` is when a letter told
    the deed's author, ``asks_stopped_at`` when the adopter asked not to be asked again.
    """

    __tablename__ = "adoption"
    __table_args__ = (
        UniqueConstraint("deed_id", "organisation_id"),
        Index("ix_adoption_organisation_id", "organisation_id"),
        # For the figures: counted along the index, without reading the texts of the rows.
        Index("ix_adoption_created_at_deed_id", "created_at", "deed_id"),
        Index(
            "ix_adoption_organisation_id_closeness_status_deed_id", "organisation_id", "closeness", "status", "deed_id"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    closeness: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[LongText] = mapped_column(default="")
    outcome: Mapped[LongText] = mapped_column(default="")
    unit: Mapped[Line] = mapped_column(default="")
    may_contact: Mapped[bool] = mapped_column(default=False)
    abandoned_reason: Mapped[str | None] = mapped_column(String(20))
    gains: Mapped[list[str] | None] = mapped_column(JsonType)
    updated_at: Mapped[datetime]
    author_told_at: Mapped[datetime | None]
    asks_stopped_at: Mapped[datetime | None]

    deed: Mapped[Deed] = relationship()
    organisation: Mapped[Organisation] = relationship()
    user: Mapped[User | None] = relationship()


class Comment(Created, Base):
    """A comment, a question or a takeaway on a deed. Answers hang on ``parent_id``, one level deep.

    ``mentions`` are users told by name. ``held_at`` is since when it waits for an editor; then ``removed_at`` is set as
    well, so that nothing shows or counts it. ``answered_at`` belongs to questions.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_deed_id_id", "deed_id", "id"), Index("ix_comment_held_at", "held_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20), default=CommentKind.COMMENT)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    body: Mapped[LongText]
    html: Mapped[LongText]
    mentions: Mapped[list[int]] = mapped_column(JsonType, default=list)
    answered_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_reason: Mapped[Line] = mapped_column(default="")
    form_number: Mapped[str | None] = mapped_column(String(40), unique=True)

    deed: Mapped[Deed] = relationship()
    author: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
