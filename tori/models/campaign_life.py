"""What a campaign gathers while it lives: its picture, votes of the public, steps of the form, plans of the year."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line, LongText
from tori.models.campaigning import WeeklyFeature
from tori.models.campaigns import Campaign
from tori.models.deeds import Deed
from tori.models.media import PictureFile, index_of_halves


class CampaignPicture(PictureFile, Created, Base):
    """The picture of a campaign, or of the makers of a week; each has one at most."""

    __tablename__ = "campaign_picture"
    __table_args__ = (index_of_halves("campaign_picture"),)
    FOLDER = "kampanjakuvat"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), unique=True)
    feature_id: Mapped[int | None] = mapped_column(ForeignKey("weekly_feature.id", ondelete="CASCADE"), unique=True)

    campaign: Mapped[Campaign | None] = relationship()
    feature: Mapped[WeeklyFeature | None] = relationship()


class CampaignVideo(Created, Base):
    """The video of a campaign in a file of its own. ``key`` and ``captions_key`` name the stored files, also in
    addresses; readers see it when it has captions. What it tells as text is ``Campaign.video_text``. ``language`` is
    that of the captions; sides are in pixels; ``seconds`` is 0 where the file doesn't tell.
    """

    __tablename__ = "campaign_video"
    ENDINGS = {"video/mp4": "mp4", "video/webm": "webm"}

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    captions_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    seconds: Mapped[int]
    language: Mapped[str] = mapped_column(String(5), default="fi")

    campaign: Mapped[Campaign] = relationship()

    @property
    def is_shown(self) -> bool:
        return self.captions_key is not None

    @property
    def keys(self) -> list[str]:
        return [key for key in (self.key, self.captions_key) if key]

    @property
    def address(self) -> str:
        """The same in every language, since the video is."""
        return f"/kampanjavideot/{self.key}.{self.ENDINGS[self.media_type]}"

    @property
    def captions_address(self) -> str:
        return f"/kampanjavideot/{self.captions_key}.vtt"


class Vote(Created, Base):
    """One vote of the public. It counts when ``confirmed_at`` is there.

    ``voter`` is a keyed hash of the address, by which nobody votes twice; it is emptied when the vote has been over for
    some time, and the vote itself stays as a number only.
    """

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("campaign_id", "voter"),
        Index("ix_vote_deed_id", "deed_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    voter: Mapped[str | None] = mapped_column(String(64))
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    confirm_until: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()
    deed: Mapped[Deed] = relationship()


class CampaignStep(Base):
    """How many times a step of telling a deed of a campaign was taken on a day: a number, nothing of persons."""

    __tablename__ = "campaign_step"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


class Plan(Created, Base):
    """Something that the editors mean to do in a year: a story, a fair, a letter. Days are Finnish, both included."""

    __tablename__ = "plan"
    __table_args__ = (Index("ix_plan_starts_on", "starts_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[Line]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    note: Mapped[LongText] = mapped_column(default="")
    is_done: Mapped[bool] = mapped_column(default=False)
