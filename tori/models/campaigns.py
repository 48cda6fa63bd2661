"""Campaigns, TOP lists and stories."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import BindParameter, Column, ColumnElement, ForeignKey, Integer, String, Table, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.core import clock
from tori.models.base import Base, Created, Line, LongText, Slug

if TYPE_CHECKING:
    from tori.models.deeds import Deed, Theme
    from tori.models.people import Organisation, User


class CampaignKind(StrEnum):
    OPEN = "open"
    CHALLENGE = "challenge"
    WEEKLY = "weekly"
    THEME_MONTH = "theme_month"
    GALA = "gala"


class CampaignState(StrEnum):
    """The clock moves a campaign to open and closed; a person says when it has been judged and published."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    JUDGED = "judged"
    PUBLISHED = "published"


class Campaign(Created, Base):
    """A time-limited push for new deeds. Days are Finnish calendar days, both ends included.

    ``texts`` holds translations (``description_sv``…); ``facts`` what a finished campaign is known to have done
    (channels, prizes, recorded results) as the source gives them. ``questions`` are the campaign's own on the form of
    a deed: ``{"id", "label", "is_public"}``; answers to others than public ones are for the jury. ``criteria`` of the
    jury are ``{"id", "label", "weight"}``; ``sources`` are the names of its counted links. ``ended_at`` is set when it
    ended before its time, with a public note. On the days from ``vote_from`` to ``vote_until`` everybody may vote among
    the shortlisted deeds.
    """

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[Line]
    subtitle: Mapped[Line] = mapped_column(default="")
    slogan: Mapped[Line] = mapped_column(default="")
    description: Mapped[LongText] = mapped_column(default="")
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    hashtags: Mapped[list[str]] = mapped_column(default=list)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    goal_deeds: Mapped[int | None]
    citation: Mapped[LongText] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(20), default=CampaignState.PLANNED, index=True)
    is_public: Mapped[bool] = mapped_column(default=True)
    goal_organisations: Mapped[int | None]
    goal_regions: Mapped[int | None]
    rules: Mapped[LongText] = mapped_column(default="")
    video_url: Mapped[str] = mapped_column(String(2000), default="")
    video_text: Mapped[LongText] = mapped_column(default="")
    sectors: Mapped[list[str]] = mapped_column(default=list)
    themes: Mapped[list[str]] = mapped_column(default=list)
    partners: Mapped[list[str]] = mapped_column(default=list)
    sources: Mapped[list[str]] = mapped_column(default=list)
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    ended_at: Mapped[datetime | None]
    ended_note: Mapped[LongText] = mapped_column(default="")
    vote_from: Mapped[date | None]
    vote_until: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="SET NULL"))
    earlier_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="SET NULL"))

    series: Mapped[list["AwardSeries"]] = relationship(
        back_populates="campaign", cascade="all, delete-orphan", order_by="AwardSeries.position"
    )

    @property
    def last_day(self) -> date:
        """The planned one, or that on which the campaign was ended early."""
        if self.ended_at is None:
            return self.ends_on
        return max(self.starts_on, min(self.ends_on, clock.in_finland(self.ended_at).date()))

    def is_running(self, day: date) -> bool:
        return self.is_public and self.ended_at is None and self.starts_on <= day <= self.ends_on

    def is_over(self, day: date) -> bool:
        return self.ends_on < day or self.ended_at is not None

    def description_in(self, locale: str) -> str:
        return str(self.texts.get(f"description_{locale}") or self.description)


def running_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """The rule of ``Campaign.is_running`` as a condition of SQL."""
    return and_(
        Campaign.is_public.is_(True), Campaign.ended_at.is_(None), Campaign.starts_on <= day, Campaign.ends_on >= day
    )


class AwardFor(StrEnum):
    DEED = "deed"
    ORGANISATION = "organisation"


class AwardSeries(Base):
    """A series of prizes of one campaign: data, so that each year has its own."""

    __tablename__ = "award_series"
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[Line]
    meaning: Mapped[Line] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(20), default=AwardFor.DEED)

    campaign: Mapped[Campaign] = relationship(back_populates="series")


class CampaignAnswer(Base):
    """What a deed's maker answered to a question of its campaign."""

    __tablename__ = "campaign_answer"
    __table_args__ = (UniqueConstraint("deed_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(20))
    text: Mapped[LongText]


class CampaignVisit(Base):
    """How often a link of a campaign was followed on a day: the tag of its source and a number, nothing of persons."""

    __tablename__ = "campaign_visit"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class TopList(Created, Base):
    """An ordered list of deeds. ``stated_size`` is the size a historical list is known to have had.

    ``criteria`` tells by what the deeds were chosen, ``network`` who keeps the list when it is not the editors.
    After ``expires_on`` the list is no longer among the current ones. ``version`` grows with every change.
    """

    __tablename__ = "top_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    title: Mapped[Line]
    introduction: Mapped[LongText] = mapped_column(default="")
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stated_size: Mapped[int | None]
    is_proposal: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    criteria: Mapped[LongText] = mapped_column(default="")
    network: Mapped[Line] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    citation: Mapped[LongText] = mapped_column(default="")

    items: Mapped[list["TopListItem"]] = relationship(
        back_populates="top_list", cascade="all, delete-orphan", order_by="TopListItem.position"
    )
    keepers: Mapped[list["User"]] = relationship(secondary="top_list_keeper", order_by="User.display_name")

    def title_in(self, locale: str) -> str:
        return str(self.texts.get(f"title_{locale}") or self.title)

    def introduction_in(self, locale: str) -> str:
        return str(self.texts.get(f"introduction_{locale}") or self.introduction)

    def is_expired(self, day: date) -> bool:
        return self.expires_on is not None and self.expires_on < day


class TopListItem(Base):
    __tablename__ = "top_list_item"
    __table_args__ = (UniqueConstraint("top_list_id", "deed_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    top_list_id: Mapped[int] = mapped_column(ForeignKey("top_list.id", ondelete="CASCADE"))
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    reason: Mapped[LongText] = mapped_column(default="")

    top_list: Mapped[TopList] = relationship(back_populates="items")
    deed: Mapped["Deed"] = relationship()


class Said(NamedTuple):
    """A text, and the language that it is in."""

    text: str
    language: str


def _said(row: "Story | StorySeries", field: str, locale: str) -> Said:
    translated = row.texts.get(f"{field}_{locale}") if locale != "fi" else ""
    return Said(translated, locale) if translated else Said(getattr(row, field), "fi")


class StorySeries(Base):
    __tablename__ = "story_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    name: Mapped[Line]
    description: Mapped[LongText] = mapped_column(default="")
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    position: Mapped[int] = mapped_column(default=0)
    citation: Mapped[LongText] = mapped_column(default="")

    def said(self, field: str, locale: str) -> "Said":
        """``name`` or ``description`` in the locale, in Finnish where it has not been translated."""
        return _said(self, field, locale)

    stories: Mapped[list["Story"]] = relationship(back_populates="series", order_by="Story.position")


story_deed = Table(
    "story_deed",
    Base.metadata,
    Column("story_id", Integer, ForeignKey("story.id", ondelete="CASCADE"), primary_key=True),
    Column("deed_id", Integer, ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True, index=True),
)


story_theme = Table(
    "story_theme",
    Base.metadata,
    Column("story_id", Integer, ForeignKey("story.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", Integer, ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True, index=True),
)

story_organisation = Table(
    "story_organisation",
    Base.metadata,
    Column("story_id", Integer, ForeignKey("story.id", ondelete="CASCADE"), primary_key=True),
    Column("organisation_id", Integer, ForeignKey("organisation.id"), primary_key=True, index=True),
)


class Story(Created, Base):
    """An article, or a podcast or a recording behind ``media_url`` with its ``transcript``. ``texts`` holds the
    Swedish and English ones (``title_sv``)."""

    __tablename__ = "story"
    __table_args__ = (UniqueConstraint("series_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("story_series.id", ondelete="CASCADE"))
    slug: Mapped[Slug]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[Line]
    summary: Mapped[LongText] = mapped_column(default="")
    body: Mapped[LongText] = mapped_column(default="")
    media_url: Mapped[str] = mapped_column(String(2000), default="")
    transcript: Mapped[LongText] = mapped_column(default="")
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    position: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]

    series: Mapped[StorySeries] = relationship(back_populates="stories")
    deeds: Mapped[list["Deed"]] = relationship(secondary=story_deed)
    themes: Mapped[list["Theme"]] = relationship(secondary=story_theme, order_by="Theme.name")
    organisations: Mapped[list["Organisation"]] = relationship(
        secondary=story_organisation, order_by="Organisation.name"
    )

    def said(self, field: str, locale: str) -> Said:
        """A text of the story in the locale, in Finnish where it has not been translated."""
        return _said(self, field, locale)
