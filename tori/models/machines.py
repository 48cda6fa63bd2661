"""What other programs are to the square: keys by which they write for a person, and addresses that hear of changes."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line, LongText
from tori.models.people import Organisation, User


class ApiToken(Created, Base):
    """A key of the interface. Whoever holds it may do, as the person, what its scopes name and nothing else.

    Only the hash is kept; ``hint`` is the end of the key, by which its owner tells it from the others.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[Line]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(8))
    scopes: Mapped[list[str]]
    expires_on: Mapped[date]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class Webhook(Created, Base):
    """An address that is told of changes. ``hears_all`` tells of the whole square instead of the organisation's deeds.

    ``secret`` signs every message and is sealed with the key of the service. ``failures`` counts messages that were
    given up since the last one that got through; too many put the address to rest.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    url: Mapped[str] = mapped_column(String(2000))
    secret: Mapped[LongText]
    events: Mapped[list[str]]
    hears_all: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    rests_since: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()


class WebhookDelivery(Created, Base):
    """A message waiting to be sent to an address, sent, or given up. ``body`` is what is signed, to the letter."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_sent_at_failed_at_due_at", "sent_at", "failed_at", "due_at"),
        Index("ix_webhook_delivery_webhook_id_id", "webhook_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(40))
    body: Mapped[LongText]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    last_error: Mapped[LongText] = mapped_column(default="")

    webhook: Mapped[Webhook] = relationship()
