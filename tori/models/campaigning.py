"""What happens in campaigns: challenges, and those who want to hear nothing."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line, LongText
from tori.models.campaigns import AwardSeries, Campaign
from tori.models.deeds import Deed
from tori.models.people import Organisation, User


class Nominee(StrEnum):
    PERSON = "person"
    TEAM = "team"
    ORGANISATION = "organisation"


class Nomination(Created, Base):
    """Somebody challenges another to tell a deed. Nothing of it is public before the deed is.

    ``from_organisation`` is known only by the domain of the challenger's confirmed address. ``invited_at`` stays
    empty when somebody else had challenged the same address before. The addresses are emptied after the campaign.
    """

    __tablename__ = "nomination"
    __table_args__ = (
        Index("ix_nomination_campaign_id_nominee_email", "campaign_id", "nominee_email"),
        Index("ix_nomination_invited_at", "invited_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    nominee_name: Mapped[Line]
    nominee_email: Mapped[str] = mapped_column(String(254))
    reason: Mapped[LongText]
    nominator_name: Mapped[Line] = mapped_column(default="")
    nominator_email: Mapped[str] = mapped_column(String(254))
    from_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    locale: Mapped[str] = mapped_column(String(2), default="fi")
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    confirm_until: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    deed_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id", ondelete="SET NULL"), index=True)

    campaign: Mapped[Campaign] = relationship()
    from_organisation: Mapped[Organisation | None] = relationship()
    deed: Mapped[Deed | None] = relationship()


class NeverContact(Created, Base):
    """An address that asked never to be invited again; only its hash is kept."""

    __tablename__ = "never_contact"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class Award(Created, Base):
    """A prize of a series. ``organisation`` is always there: that of the deed, or the one that is awarded itself.

    ``key`` is the address printed on the diploma. ``thanks`` names a team or a role, only when they have agreed.
    """

    __tablename__ = "award"
    __table_args__ = (
        Index("ix_award_campaign_id", "campaign_id"),
        Index("ix_award_deed_id", "deed_id"),
        Index("ix_award_organisation_id", "organisation_id"),
        UniqueConstraint("series_id", "deed_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    series_id: Mapped[int] = mapped_column(ForeignKey("award_series.id"))
    deed_id: Mapped[int | None] = mapped_column(ForeignKey("deed.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    is_mention: Mapped[bool] = mapped_column(default=False)
    citation: Mapped[LongText] = mapped_column(default="")
    thanks: Mapped[Line] = mapped_column(default="")
    key: Mapped[str] = mapped_column(String(20), unique=True)
    mailed_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()
    series: Mapped[AwardSeries] = relationship()
    deed: Mapped[Deed | None] = relationship()
    organisation: Mapped[Organisation] = relationship()


class AwardCorrection(Created, Base):
    """Why a published list of awards was changed; everybody reads it under the list."""

    __tablename__ = "award_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    note: Mapped[LongText]


class DiplomaBatch(Created, Base):
    """All diplomas of a campaign as one file, made by the worker. ``claimed_at`` keeps two workers off one batch.

    ``form`` is ``pdf`` for one document or ``zip`` for a document of each diploma.
    """

    __tablename__ = "diploma_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    locale: Mapped[str] = mapped_column(String(2))
    form: Mapped[str] = mapped_column(String(3), default="pdf")
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[Line] = mapped_column(default="")


class WeeklyFeature(Created, Base):
    """Viikon muutoksentekijät: a deed and its makers in one week, by its Monday.

    ``makers`` are named by team or role. Shown only while they agree: ``consent`` tells who said yes and when, and
    ``withdrawn_at`` when they changed their mind.
    """

    __tablename__ = "weekly_feature"

    id: Mapped[int] = mapped_column(primary_key=True)
    monday: Mapped[date] = mapped_column(unique=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), index=True)
    makers: Mapped[Line]
    text: Mapped[LongText]
    consent: Mapped[Line]
    consent_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    deed: Mapped[Deed] = relationship()


class JuryMember(Created, Base):
    """Who judges the deeds of a campaign."""

    __tablename__ = "jury_member"
    __table_args__ = (UniqueConstraint("campaign_id", "user_id"), Index("ix_jury_member_user_id", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))

    campaign: Mapped[Campaign] = relationship()
    user: Mapped[User] = relationship()


class JuryScore(Base):
    """What one evaluator thinks of a deed: marks by the id of the criterion, or a conflict of interest and no marks."""

    __tablename__ = "jury_score"
    __table_args__ = (UniqueConstraint("member_id", "deed_id"), Index("ix_jury_score_deed_id", "deed_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("jury_member.id", ondelete="CASCADE"))
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[LongText] = mapped_column(default="")
    has_conflict: Mapped[bool] = mapped_column(default=False)
    scored_at: Mapped[datetime]

    member: Mapped[JuryMember] = relationship()
    deed: Mapped[Deed] = relationship()


class ShortlistedDeed(Created, Base):
    """A deed that the jury looks at more closely."""

    __tablename__ = "shortlisted_deed"

    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)


class LeadState(StrEnum):
    SEEN = "seen"
    ASKED = "asked"
    TOLD = "told"
    DROPPED = "dropped"


class Lead(Created, Base):
    """A case that the staff saw in the media or heard of at an event. ``email`` is emptied when the lead is closed.

    ``reminded_on`` is the ``remind_on`` of which the asker has been told.
    """

    __tablename__ = "lead"
    __table_args__ = (Index("ix_lead_state_remind_on", "state", "remind_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[Line]
    organisation: Mapped[Line]
    source_url: Mapped[str] = mapped_column(String(2000), default="")
    source: Mapped[Line] = mapped_column(default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=LeadState.SEEN)
    remind_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    asked_at: Mapped[datetime | None]

    asker: Mapped[User | None] = relationship()
