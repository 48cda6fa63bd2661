"""Meetings that editors tell of, and contact persons for their own organisation: coming ones first, then recordings."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import MeetingCancelled, MeetingChanged, MeetingHidden, MeetingPublished, MeetingRemoved, record
from tori.core.text import MAX_MARKDOWN, clean_line, clean_text, slugify
from tori.curation.pages import deed_numbers
from tori.database import transaction
from tori.deeds.content import LANGUAGES, MAX_THEMES, check_url
from tori.models.deeds import PUBLIC_STATUSES, Deed, Theme
from tori.models.meetings import Meeting, MeetingKind, meeting_theme
from tori.models.operations import Notification
from tori.models.people import Organisation, Role, User
from tori.policy import Actor, Permission, can, require

LINES = {"title": 150, "place": 300, "organiser": 300}
"""Texts of one line and how long each may be."""
MAX_LENGTH = timedelta(days=14)
MAX_AHEAD = timedelta(days=2 * 366)
SHOWN = 100
RESERVED = {"uusi"}
"""Last parts of addresses that pages of the site have."""
ASK_AFTER, ASK_WITHIN = timedelta(hours=12), timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class MeetingContent:
    """``organisation`` is the slug of the organiser when the square knows it, ``organiser`` a name in words;
    ``deeds``: one address or number a line; ``themes`` are slugs."""

    title: str
    starts_at: datetime | None
    ends_at: datetime | None = None
    kind: str = MeetingKind.WEBINAR
    body: str = ""
    language: str = "fi"
    place: str = ""
    url: str = ""
    organiser: str = ""
    organisation: str = ""
    recording_url: str = ""
    outcome: str = ""
    deeds: str = ""
    themes: Sequence[str] = ()


# Reading


def _is_public() -> ColumnElement[bool]:
    return Meeting.published_at.is_not(None)


WITH_ALL = joinedload(Meeting.organisation), selectinload(Meeting.themes)


def coming(session: Session, theme: str = "", limit: int = SHOWN) -> list[Meeting]:
    """Published ones that have not ended, the next first."""
    statement = select(Meeting).where(_is_public(), Meeting.ends_at > clock.now())
    return _rows(session, statement.order_by(Meeting.starts_at, Meeting.id).limit(limit), theme)


def gone(session: Session, theme: str = "", limit: int = SHOWN) -> list[Meeting]:
    """Published ones that are over and took place, the newest first."""
    statement = select(Meeting).where(_is_public(), Meeting.ends_at <= clock.now(), Meeting.cancelled_at.is_(None))
    return _rows(session, statement.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(limit), theme)


def _rows(session: Session, statement: Select[Any], theme: str) -> list[Meeting]:
    if theme:
        statement = statement.where(Meeting.themes.any(Theme.slug == theme))
    return list(session.scalars(statement.options(*WITH_ALL)))


def themes_met(session: Session) -> list[Theme]:
    """The themes of published meetings."""
    used = select(meeting_theme.c.theme_id).join(Meeting, Meeting.id == meeting_theme.c.meeting_id).where(_is_public())
    return list(session.scalars(select(Theme).where(Theme.id.in_(used)).order_by(Theme.name)))


def every(session: Session) -> list[Meeting]:
    """Drafts too, the newest first; for the desk."""
    statement = select(Meeting).options(joinedload(Meeting.organisation))
    return list(session.scalars(statement.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(SHOWN)))


def drafts(session: Session, actor: Actor) -> list[Meeting]:
    """Those that the actor may publish. No statement for somebody who may publish none."""
    statement = select(Meeting).where(Meeting.published_at.is_(None)).options(*WITH_ALL)
    if not can(actor, Permission.CURATE):
        if not actor.is_member or not actor.stewarded_ids:
            return []
        statement = statement.where(Meeting.organisation_id.in_(actor.stewarded_ids))
    return list(session.scalars(statement.order_by(Meeting.starts_at, Meeting.id).limit(SHOWN)))


def meeting_of(session: Session, actor: Actor, slug: str) -> Meeting:
    """A meeting that this actor may see: a draft is known only to those who may change it."""
    statement = select(Meeting).where(Meeting.slug == slug).options(*WITH_ALL, selectinload(Meeting.deeds))
    found = session.scalars(statement).first()
    if found is None or (found.published_at is None and not may_edit(actor, found)):
        raise NotFound(slug)
    return found


def may_edit(actor: Actor, row: Meeting) -> bool:
    return can(actor, *_right(row.organisation))


def _right(organisation: Organisation | None) -> tuple[Permission, Organisation | None]:
    """Editors tell of any meeting, contact persons of those of their organisation."""
    return (Permission.CURATE, None) if organisation is None else (Permission.ORGANISATION_EDIT, organisation)


# Writing


def require_telling(actor: Actor, organisation: Organisation | None) -> None:
    """Raises NotAllowed unless the actor may tell of meetings of the organisation; of the editors' own, without one."""
    require(actor, *_right(organisation))


def organisation_at(session: Session, slug: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise NotFound(slug)
    return found


def organisation_called(session: Session, name: str) -> str:
    """The slug of the organisation with this name; empty for none. Raises RuleBroken for a name that nobody has."""
    name = clean_line(name)
    if not name:
        return ""
    found = session.scalar(select(Organisation.slug).where(Organisation.name == name))
    if found is None:
        raise RuleBroken("unknown_organisation", "organisation")
    return found


def tell(session: Session, actor: Actor, content: MeetingContent) -> Meeting:
    """A new meeting that nobody else sees yet."""
    organisation = _organisation(session, content.organisation)
    require(actor, *_right(organisation))
    basis = slugify(clean_line(content.title), "tapahtuma")[:80]
    taken = RESERVED | set(session.scalars(select(Meeting.slug).where(Meeting.slug.like(f"{basis}%"))))
    slug = next(name for name in (basis, *(f"{basis}-{n}" for n in range(2, 1000))) if name not in taken)
    row = Meeting(slug=slug, author_id=actor.id)
    _apply(session, row, content, organisation)
    session.add(row)
    session.flush()
    record(session, MeetingChanged(actor_id=actor.id, meeting_id=row.id))
    return row


def change(session: Session, actor: Actor, row: Meeting, content: MeetingContent) -> None:
    """The address stays. Whoever gives it to an organisation must have the right there too."""
    organisation = _organisation(session, content.organisation)
    require(actor, *_right(row.organisation))
    require(actor, *_right(organisation))
    _apply(session, row, content, organisation)
    record(session, MeetingChanged(actor_id=actor.id, meeting_id=row.id))


def publish(session: Session, actor: Actor, row: Meeting) -> None:
    require(actor, *_right(row.organisation))
    if row.published_at is None:
        row.published_at = clock.now()
        record(session, MeetingPublished(actor_id=actor.id, meeting_id=row.id))


def hide(session: Session, actor: Actor, row: Meeting) -> None:
    """Becomes a draft again."""
    require(actor, *_right(row.organisation))
    if row.published_at is not None:
        row.published_at = None
        record(session, MeetingHidden(actor_id=actor.id, meeting_id=row.id))


def cancel(session: Session, actor: Actor, row: Meeting) -> None:
    """It stays to be seen, so that those who have it in their calendar learn of it."""
    require(actor, *_right(row.organisation))
    if row.ends_at <= clock.now():
        raise RuleBroken("meeting_over")
    if row.cancelled_at is None:
        row.cancelled_at = clock.now()
        record(session, MeetingCancelled(actor_id=actor.id, meeting_id=row.id))


def remove(session: Session, actor: Actor, row: Meeting) -> None:
    """A draft for good."""
    require(actor, *_right(row.organisation))
    if row.published_at is not None:
        raise RuleBroken("only_drafts_are_deleted")
    number = row.id
    session.delete(row)
    session.flush()
    record(session, MeetingRemoved(actor_id=actor.id, meeting_id=number))


def _organisation(session: Session, slug: str) -> Organisation | None:
    if not slug:
        return None
    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise RuleBroken("unknown_organisation", "organisation")
    return found


def _apply(session: Session, row: Meeting, content: MeetingContent, organisation: Organisation | None) -> None:
    texts = {
        **{name: clean_line(getattr(content, name)) for name in LINES},
        **{name: clean_text(getattr(content, name)) for name in ("body", "outcome")},
    }
    for name, text in texts.items():
        limit = LINES.get(name, MAX_MARKDOWN)
        if len(text) > limit:
            raise RuleBroken("text_too_long", name, limit=limit)
        setattr(row, name, text)
    if not row.title:
        raise RuleBroken("value_missing", "title")
    for name in ("url", "recording_url"):
        check_url(getattr(content, name), name)
        setattr(row, name, getattr(content, name))
    for name, allowed in (("kind", set(MeetingKind)), ("language", set(LANGUAGES))):
        if getattr(content, name) not in allowed:
            raise RuleBroken("unknown_choice", name)
        setattr(row, name, getattr(content, name))
    row.starts_at, row.ends_at = _times(content)
    for is_told, code, name in (
        (row.place or row.url, "place_missing", "place"),
        (organisation or row.organiser, "value_missing", "organiser"),
    ):
        if not is_told:
            raise RuleBroken(code, name)
    row.organisation = organisation
    row.themes = _themes(session, content.themes)
    row.deeds = _deeds(session, content.deeds)


def _times(content: MeetingContent) -> tuple[datetime, datetime]:
    """Without an end it takes an hour."""
    starts = content.starts_at
    if starts is None:
        raise RuleBroken("value_missing", "starts_at")
    if not clock.now() - 10 * MAX_AHEAD < starts < clock.now() + MAX_AHEAD:
        raise RuleBroken("bad_moment", "starts_at")
    ends = content.ends_at or starts + timedelta(hours=1)
    if not starts < ends <= starts + MAX_LENGTH:
        raise RuleBroken("bad_period", "ends_at")
    return starts, ends


def _themes(session: Session, slugs: Sequence[str]) -> list[Theme]:
    if len(set(slugs)) > MAX_THEMES:
        raise RuleBroken("too_many_themes", "themes")
    return list(session.scalars(select(Theme).where(Theme.slug.in_(slugs))))


def _deeds(session: Session, text: str) -> list[Deed]:
    numbers = deed_numbers(text)
    found = list(session.scalars(select(Deed).where(Deed.id.in_(numbers), Deed.status.in_(PUBLIC_STATUSES))))
    if len(found) != len(numbers):
        raise RuleBroken("unknown_deed", "deeds")
    return found


CONTENT_FIELDS = tuple(item.name for item in fields(MeetingContent))


# Afterwards


def ask_outcomes(config: Config) -> None:
    """A notice, once, to whoever told of a meeting that is over: what came of it, and is there a recording? To the
    editors when that person is gone."""
    now = clock.now()
    with transaction() as session:
        rows = session.scalars(
            select(Meeting).where(
                _is_public(), Meeting.cancelled_at.is_(None), Meeting.asked_at.is_(None), Meeting.outcome == "",
                Meeting.ends_at.between(now - ASK_WITHIN, now - ASK_AFTER),
            ).order_by(Meeting.id)
        ).all()  # fmt: skip
        editors = session.scalars(select(User.id).where(User.role == Role.EDITOR, User.disabled_at.is_(None))).all()
        for row in rows:
            row.asked_at = now
            author = session.get(User, row.author_id) if row.author_id else None
            for user_id in [author.id] if author is not None and author.is_active else editors:
                address = f"/tapahtumat/{row.slug}/muokkaa#outcome"
                session.add(Notification(user_id=user_id, kind="meeting_over", text=row.title, address=address))
