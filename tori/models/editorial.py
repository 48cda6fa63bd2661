"""What the editors write beside the deeds: pages with history, newsletters; and what readers answer them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, JsonType, Line, Slug
from tori.models.people import User


class GuidePage(Created, Base):
    """A page that editors keep: titles, leads and bodies (Markdown) by language, and deeds that belong to it."""

    __tablename__ = "guide_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    shelf: Mapped[str] = mapped_column(String(20), index=True)
    position: Mapped[int] = mapped_column(default=0)
    titles: Mapped[dict[str, str]]
    leads: Mapped[dict[str, str]]
    bodies: Mapped[dict[str, str]]
    deed_ids: Mapped[list[int]] = mapped_column(JsonType, default=list)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]

    def title_in(self, locale: str) -> str:
        return self.titles.get(locale) or self.titles.get("fi", "")

    def lead_in(self, locale: str) -> str:
        return self.leads.get(locale) or self.leads.get("fi", "")

    def body_in(self, locale: str) -> str:
        return self.bodies.get(locale) or self.bodies.get("fi", "")

    def language_in(self, locale: str) -> str:
        """The language in which the body is told to a reader of the locale."""
        return locale if self.bodies.get(locale) else "fi"


class PathStep(Created, Base):
    """A reader has read a deed of a path of learning."""

    __tablename__ = "path_step"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("guide_page.id", ondelete="CASCADE"), primary_key=True, index=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"), primary_key=True, index=True)


class GuidePageVersion(Created, Base):
    """A page as it stood after a change."""

    __tablename__ = "guide_page_version"
    __table_args__ = (UniqueConstraint("page_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("guide_page.id", ondelete="CASCADE"))
    number: Mapped[int]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    content: Mapped[dict[str, Any]]

    editor: Mapped[User | None] = relationship()


class Newsletter(Created, Base):
    """An issue that editors compose. ``items`` are ``{"kind", "id", "note"}`` in order; ``sent_at`` is when the last
    reader's mail was written, ``mails`` how many there were."""

    __tablename__ = "newsletter"

    id: Mapped[int] = mapped_column(primary_key=True)
    subjects: Mapped[dict[str, str]]
    intros: Mapped[dict[str, str]]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JsonType, default=list)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    send_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    mails: Mapped[int] = mapped_column(default=0)

    def subject_in(self, locale: str) -> str:
        return self.subjects.get(locale) or self.subjects.get("fi", "")

    def intro_in(self, locale: str) -> str:
        return self.intros.get(locale) or self.intros.get("fi", "")


class NewsletterDelivery(Base):
    """A reader who has got an issue: the key keeps it from being written twice."""

    __tablename__ = "newsletter_delivery"

    newsletter_id: Mapped[int] = mapped_column(ForeignKey("newsletter.id", ondelete="CASCADE"), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey("digest_subscriber.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SurveyAnswer(Base):
    """One answer of nobody: a random number, the year, on what occasion, the choices. No person, day or address."""

    __tablename__ = "survey_answer"
    __table_args__ = (Index("ix_survey_answer_year", "year"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    year: Mapped[int]
    occasion: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]]


class SurveyAsk(Base):
    """Who has been asked by mail in a year, so that nobody is asked twice, and reminded once. Tells nothing of whether
    they answered: nobody knows that."""

    __tablename__ = "survey_ask"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    asked_on: Mapped[date | None]
    reminded_on: Mapped[date | None]


class ReadyAnswer(Created, Base):
    """An answer that editors begin from: ``bodies`` by language, ``title`` only for themselves."""

    __tablename__ = "ready_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(String(20))
    title: Mapped[Line]
    bodies: Mapped[dict[str, str]]

    def body_in(self, locale: str) -> str:
        return self.bodies.get(locale) or self.bodies.get("fi", "")


class PollCount(Base):
    """How many found what they looked for, and how many did not, on one day."""

    __tablename__ = "poll_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(String(2), primary_key=True)
    found: Mapped[int] = mapped_column(default=0)
    not_found: Mapped[int] = mapped_column(default=0)
