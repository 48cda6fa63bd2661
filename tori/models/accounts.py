"""What belongs to signing in and to joining: second factors, identities of other services, invitations."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, LongText
from tori.models.people import Organisation, User


class SecondFactor(Created, Base):
    """A program that shows codes (TOTP). Without ``confirmed_at`` it was only begun and asks nobody for anything.

    ``secret`` is sealed with the key of the service; ``last_step`` is the step of the newest code used, so that none
    works twice.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[LongText]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code on paper for the day when the telephone is lost. Only its hash is kept, and it works once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Identity(Created, Base):
    """A person as another service knows them (OpenID Connect): issuer, tenant and subject, never the address."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "tenant", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(300))
    tenant: Mapped[str] = mapped_column(String(100), default="")
    subject: Mapped[str] = mapped_column(String(255))
    used_at: Mapped[datetime | None]


class Invitation(Created, Base):
    """An address that a contact person has invited to the organisation. The link holds a random value, the table its
    hash; an invitation makes nobody a member before its own link is used."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    expires_on: Mapped[date]
    used_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    invited_by: Mapped[User | None] = relationship()


class Passkey(Created, Base):
    """The public half of a key on somebody's device (WebAuthn). ``credential_id`` and ``public_key`` are base64url."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    credential_hash: Mapped[str] = mapped_column(String(64), unique=True)
    credential_id: Mapped[LongText]
    public_key: Mapped[LongText]
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    name: Mapped[str] = mapped_column(String(60))
    used_at: Mapped[datetime | None]


class PersonMark(Created, Base):
    """A mark that its bearer has taken along; ``key`` is the secret of its address."""

    __tablename__ = "person_mark"
    __table_args__ = (UniqueConstraint("user_id", "kind"),)

    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))

    user: Mapped[User] = relationship()
