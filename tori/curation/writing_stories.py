"""Writing stories: series, articles, podcasts and recordings tied to deeds, organisations and themes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import SeriesChanged, StoryChanged, StoryHidden, StoryPublished, record
from tori.core.text import MAX_MARKDOWN, clean_line, clean_text, slugify
from tori.curation.pages import deed_numbers
from tori.models.campaigns import Story, StorySeries
from tori.models.deeds import PUBLIC_STATUSES, Deed, Theme
from tori.models.people import Organisation
from tori.policy import Actor, Permission, require

STORY_KINDS = ("article", "podcast", "webinar")
MAX_NAME = 150
MAX_SUMMARY = 600
TRANSLATED: dict[str, int] = {
    "title": MAX_NAME, "summary": MAX_SUMMARY, "body": MAX_MARKDOWN, "transcript": MAX_MARKDOWN,
}  # fmt: skip
"""Texts of a story that may be told in Swedish and English, too, and how long each may be."""
OTHER_LANGUAGES = ("sv", "en")
MAX_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class SeriesTexts:
    """``descriptions`` and the ``names`` in Swedish and English by language."""

    name: str
    descriptions: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StoryContent:
    """``deeds``: one address or number a line; ``organisations`` and ``themes`` are slugs. ``texts`` are the Swedish
    and English ones of ``TRANSLATED`` (``title_sv``)."""

    title: str
    kind: str = "article"
    summary: str = ""
    body: str = ""
    media_url: str = ""
    transcript: str = ""
    deeds: str = ""
    organisations: Sequence[str] = ()
    themes: Sequence[str] = ()
    texts: dict[str, str] = field(default_factory=dict)


def all_series(session: Session) -> list[tuple[StorySeries, int]]:
    """Every series with the number of its stories, also those not published."""
    rows = session.execute(
        select(StorySeries, func.count(Story.id))
        .outerjoin(Story, Story.series_id == StorySeries.id)
        .group_by(StorySeries.id)
        .order_by(StorySeries.position, StorySeries.id)
    )
    return [(series, count) for series, count in rows]


def get_series(session: Session, series_id: int) -> StorySeries:
    found = session.get(StorySeries, series_id)
    if found is None:
        raise NotFound("series")
    return found


def get_story(session: Session, story_id: int) -> Story:
    found = session.scalar(
        select(Story)
        .where(Story.id == story_id)
        .options(
            selectinload(Story.deeds), selectinload(Story.themes), selectinload(Story.organisations),
            selectinload(Story.series),
        )
    )  # fmt: skip
    if found is None:
        raise NotFound("story")
    return found


def stories_in(session: Session, series: StorySeries) -> list[Story]:
    """All, also drafts."""
    statement = select(Story).where(Story.series_id == series.id).order_by(Story.position, Story.id)
    return list(session.scalars(statement))


def _checked_series(content: SeriesTexts) -> tuple[str, dict[str, str]]:
    name = clean_line(content.name)
    if not name:
        raise RuleBroken("value_missing", "name")
    if len(name) > MAX_NAME:
        raise RuleBroken("text_too_long", "name", limit=MAX_NAME)
    texts = {code: clean_text(text) for code, text in content.descriptions.items()}
    for code, text in texts.items():
        if len(text) > MAX_SUMMARY:
            raise RuleBroken("text_too_long", f"description_{code}", limit=MAX_SUMMARY)
    return name, texts


def begin_series(session: Session, actor: Actor, content: SeriesTexts) -> StorySeries:
    """An empty series; readers see it when its first story is published."""
    require(actor, Permission.CURATE)
    name, texts = _checked_series(content)
    basis = slugify(name, "sarja")
    taken = set(session.scalars(select(StorySeries.slug).where(StorySeries.slug.like(f"{basis}%"))))
    slug = next(slug for slug in (basis, *(f"{basis}-{n}" for n in range(2, 1000))) if slug not in taken)
    last = session.scalar(select(func.max(StorySeries.position))) or 0
    row = StorySeries(slug=slug, name=name, position=last + 1, texts={})
    _describe(row, texts, content.names)
    session.add(row)
    session.flush()
    record(session, SeriesChanged(actor_id=actor.id, series_id=row.id))
    return row


def change_series(session: Session, actor: Actor, row: StorySeries, content: SeriesTexts) -> None:
    require(actor, Permission.CURATE)
    row.name, texts = _checked_series(content)
    _describe(row, texts, content.names)
    record(session, SeriesChanged(actor_id=actor.id, series_id=row.id))


def _describe(row: StorySeries, texts: dict[str, str], names: dict[str, str]) -> None:
    row.description = texts.get("fi", "")
    others = {key: value for key, value in row.texts.items() if not key.startswith(("description_", "name_"))}
    told = {f"description_{code}": text for code, text in texts.items() if code != "fi"}
    told |= {f"name_{code}": clean_line(text)[:MAX_NAME] for code, text in names.items() if code != "fi"}
    row.texts = {**others, **{key: text for key, text in told.items() if text}}


def write(session: Session, actor: Actor, series: StorySeries, content: StoryContent) -> Story:
    """A new story that nobody sees yet, last in its series."""
    require(actor, Permission.CURATE)
    last = session.scalar(select(func.max(Story.position)).where(Story.series_id == series.id)) or 0
    title = clean_line(content.title)
    basis = slugify(title, "juttu")
    taken = set(session.scalars(select(Story.slug).where(Story.series_id == series.id)))
    slug = next(slug for slug in (basis, *(f"{basis}-{n}" for n in range(2, 1000))) if slug not in taken)
    row = Story(series_id=series.id, slug=slug, position=last + 1)
    _apply(session, row, content)
    session.add(row)
    session.flush()
    record(session, StoryChanged(actor_id=actor.id, story_id=row.id))
    return row


def change(session: Session, actor: Actor, row: Story, content: StoryContent) -> None:
    require(actor, Permission.CURATE)
    _apply(session, row, content)
    record(session, StoryChanged(actor_id=actor.id, story_id=row.id))


def _apply(session: Session, row: Story, content: StoryContent) -> None:
    title, summary = clean_line(content.title), clean_text(content.summary)
    body, transcript = clean_text(content.body), clean_text(content.transcript)
    url = clean_line(content.media_url)
    if not title:
        raise RuleBroken("value_missing", "title")
    if content.kind not in STORY_KINDS:
        raise RuleBroken("unknown_choice", "kind")
    for name, text, limit in (
        ("title", title, MAX_NAME), ("summary", summary, MAX_SUMMARY), ("body", body, MAX_MARKDOWN),
        ("transcript", transcript, MAX_MARKDOWN),
    ):  # fmt: skip
        if len(text) > limit:
            raise RuleBroken("text_too_long", name, limit=limit)
    if (url and not url.startswith("https://")) or len(url) > 2000:
        raise RuleBroken("bad_url", "media_url")
    numbers = deed_numbers(content.deeds)
    deeds = list(session.scalars(select(Deed).where(Deed.id.in_(numbers), Deed.status.in_(PUBLIC_STATUSES))))
    if len(deeds) != len(numbers):
        raise RuleBroken("unknown_deed", "deeds")
    row.title, row.summary, row.body, row.transcript = title, summary, body, transcript
    row.kind, row.media_url = content.kind, url
    row.deeds = deeds
    row.organisations = list(session.scalars(select(Organisation).where(Organisation.slug.in_(content.organisations))))
    row.themes = list(session.scalars(select(Theme).where(Theme.slug.in_(content.themes))))
    row.texts = _translated(content.texts)


def _translated(texts: dict[str, str]) -> dict[str, str]:
    """Those that have been written. Raises RuleBroken for one that is too long, and for a text without its heading."""
    told = {}
    for code in OTHER_LANGUAGES:
        for name, limit in TRANSLATED.items():
            key = f"{name}_{code}"
            text = clean_line(texts.get(key, "")) if name == "title" else clean_text(texts.get(key, ""))
            if len(text) > limit:
                raise RuleBroken("text_too_long", key, limit=limit)
            if text:
                told[key] = text
        if f"title_{code}" not in told and any(key.endswith(f"_{code}") for key in told):
            raise RuleBroken("value_missing", f"title_{code}")
    return told


def publish(session: Session, actor: Actor, row: Story, moment: datetime | None = None) -> None:
    """Now, or by itself at a moment to come. A recording needs its text: not everybody hears or sees it."""
    require(actor, Permission.CURATE)
    now = clock.now()
    if moment is not None and not now < moment < now + MAX_AHEAD:
        raise RuleBroken("bad_moment", "publish_at")
    if row.media_url and not (row.transcript or row.body):
        raise RuleBroken("transcript_missing", "transcript")
    row.published_at = moment or now
    record(session, StoryPublished(actor_id=actor.id, story_id=row.id))


def hide(session: Session, actor: Actor, row: Story) -> None:
    require(actor, Permission.CURATE)
    if row.published_at is not None:
        row.published_at = None
        record(session, StoryHidden(actor_id=actor.id, story_id=row.id))
