"""People, their organisations and the places these are in."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line, Named, Slug


class Role(StrEnum):
    """Roles add up in this order; stewardship is a matter of one organisation and stands in Membership."""

    MEMBER = "member"
    CAMPAIGN_MANAGER = "campaign_manager"
    EDITOR = "editor"
    ADMIN = "admin"


class OrganisationKind(StrEnum):
    MUNICIPALITY = "kunta"
    JOINT_AUTHORITY = "kuntayhtyma"
    WELLBEING_COUNTY = "hyvinvointialue"
    COMPANY = "kuntayhtio"
    OTHER = "muu"


class Region(Named, Base):
    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(2), unique=True)
    slug: Mapped[Slug] = mapped_column(unique=True)


class Municipality(Named, Base):
    """``code`` is Statistics Finland's, three digits with leading zeros."""

    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(3), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    language_status: Mapped[str] = mapped_column(String(10))
    urban_rural: Mapped[str] = mapped_column(String(20))
    population: Mapped[int]
    latitude: Mapped[float]
    longitude: Mapped[float]

    region: Mapped[Region] = relationship()


class Organisation(Named, Created, Base):
    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"), index=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    ended_on: Mapped[date | None]
    introduction: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    shows_marks: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether its page shows the marks for telling and for using deeds."""
    verified_at: Mapped[datetime | None]
    """When the staff has checked that the organisation is what it says."""

    municipality: Mapped[Municipality | None] = relationship()
    region: Mapped[Region | None] = relationship()
    successor: Mapped["Organisation | None"] = relationship(remote_side=[id])
    domains: Mapped[list["OrganisationDomain"]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan"
    )
    former_names: Mapped[list["OrganisationName"]] = relationship(
        viewonly=True, order_by="OrganisationName.until, OrganisationName.id"
    )


class OrganisationName(Created, Base):
    """A name that an organisation had until a day. What was told before that day keeps it beside the present name."""

    __tablename__ = "organisation_name"
    __table_args__ = (Index("ix_organisation_name_organisation_id_until", "organisation_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    name: Mapped[Line]
    name_sv: Mapped[Line | None]
    until: Mapped[date]


class OrganisationDomain(Base):
    """An e-mail domain whose holders belong to the organisation."""

    __tablename__ = "organisation_domain"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)

    organisation: Mapped[Organisation] = relationship(back_populates="domains")


class User(Created, Base):
    """An account. ``email`` is kept in lower case and shown to nobody else. A number is never given twice, as the log
    tells people by it."""

    __tablename__ = "user"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    display_name: Mapped[Line]
    job_title: Mapped[Line] = mapped_column(default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20), default=Role.MEMBER)
    role_until: Mapped[date | None]
    """The last day of a role beyond a member's; None when it has no end."""
    locale: Mapped[str] = mapped_column(String(2), default="fi")
    theme: Mapped[str] = mapped_column(String(5), default="")
    confirmed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    trusted_at: Mapped[datetime | None]
    """Since when the person publishes without asking: their address or an editor has vouched for them."""
    blocked_until: Mapped[datetime | None]
    """Until when the person only reads; ``blocked_reason`` is what they are told."""
    blocked_reason: Mapped[Line] = mapped_column(default="")
    erase_on: Mapped[date | None]
    """The day on which the account is erased, as its owner has asked."""
    seen_on: Mapped[date | None]
    """The last day on which the person signed in."""
    asked_idle_on: Mapped[date | None]
    """When somebody long unseen was asked whether the account is still needed."""

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", order_by="Membership.id", lazy="selectin"
    )

    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session remembers of a signed-in person."""
        return str(self.id)

    @property
    def is_active(self) -> bool:
        return self.confirmed_at is not None and self.disabled_at is None

    @property
    def organisation(self) -> Organisation | None:
        """The organisation the person speaks for first: one that somebody has vouched for."""
        return next((row.organisation for row in self.memberships if row.waits_since is None), None)

    @property
    def claimed_organisation(self) -> Organisation | None:
        """The one that the person tells to be theirs, whether or not anybody has vouched for it yet."""
        return self.memberships[0].organisation if self.memberships else None

    @property
    def has_special_role(self) -> bool:
        return self.role != Role.MEMBER


class Membership(Created, Base):
    """A person in an organisation. ``is_steward`` makes them its contact person on the square, up to and with the day
    ``steward_until`` where that is set. ``waits_since`` tells that so far only the person says so: an address of the
    organisation, an invitation, its contact person or the staff has to vouch for it."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    unit: Mapped[Line] = mapped_column(default="")
    is_steward: Mapped[bool] = mapped_column(default=False)
    steward_until: Mapped[date | None]
    waits_since: Mapped[datetime | None]
    ambassador_asked_at: Mapped[datetime | None]
    ambassador_since: Mapped[datetime | None]
    """Since when the person has agreed to be named as an ambassador; before that they have only been asked."""

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class AccountToken(Created, Base):
    """A link in a mail that works once: only the hash of it is kept."""

    __tablename__ = "account_token"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class BrowserSession(Created, Base):
    """A session of a browser: the cookie holds a random value, this table its hash and everything else."""

    __tablename__ = "browser_session"
    __table_args__ = (Index("ix_browser_session_seen_at", "seen_at"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    user_agent: Mapped[Line] = mapped_column(default="")
