"""Themes and synonyms: adding, renaming, merging, and how they are used. Nothing that led to a theme leads astray."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import SynonymsChanged, ThemeChanged, ThemesMerged, record
from tori.core.text import clean_line, clean_text, slugify
from tori.deeds.moving import THEME, move_address
from tori.i18n import LOCALES
from tori.models.campaigns import story_theme
from tori.models.deeds import PUBLIC_STATUSES, Deed, Theme, deed_theme, organisation_theme
from tori.models.desk import MovedAddress
from tori.models.digest import Subscriber
from tori.models.follows import Follow, Followed
from tori.models.meetings import meeting_theme
from tori.models.operations import IndexTask
from tori.models.searching import SearchLogEntry, SynonymRow
from tori.models.wishes import wish_theme
from tori.policy import Actor, Permission, require
from tori.search import synonyms
from tori.search.vocabulary import Member

PARAMETER = "teema"
"""Of the address of a list that is narrowed by themes."""
MAX_NAME = 80
MAX_MEANING = 400
MAX_SYNONYMS = 30
TOO_GENERAL = 0.15
"""A theme of more than this share of all public deeds narrows a search to next to nothing."""
REPORTED = timedelta(days=30)
REPORT_ROWS = 25


@dataclass(frozen=True)
class ThemeTexts:
    """``meanings`` by language; ``synonyms`` are words that should find the theme."""

    name: str
    name_sv: str = ""
    name_en: str = ""
    meanings: Mapping[str, str] = None  # type: ignore[assignment]
    synonyms: Sequence[str] = ()


@dataclass(frozen=True)
class ThemeUse:
    theme: Theme
    deeds: int
    followers: int
    is_too_general: bool

    @property
    def is_unused(self) -> bool:
        return self.deeds == 0


@dataclass(frozen=True)
class Searched:
    """Words that were searched for, counted without persons."""

    query: str
    times: int


def get_theme(session: Session, theme_id: int) -> Theme:
    found = session.get(Theme, theme_id)
    if found is None:
        raise NotFound("theme")
    return found


def checked_names(name: str, name_sv: str, name_en: str) -> dict[str, str | None]:
    """The names of a theme or a tag as they are kept. Raises RuleBroken at the name that will not do."""
    names = {"name": clean_line(name), "name_sv": clean_line(name_sv) or None, "name_en": clean_line(name_en) or None}
    if not names["name"]:
        raise RuleBroken("value_missing", "name")
    for field, text in names.items():
        if text and len(text) > MAX_NAME:
            raise RuleBroken("text_too_long", field, limit=MAX_NAME)
    return names


def checked_words(synonyms: Iterable[str]) -> list[str]:
    """Each once, without empty lines. Raises RuleBroken when there are too many."""
    words = list(dict.fromkeys(word for line in synonyms if (word := clean_line(line))))
    if len(words) > MAX_SYNONYMS:
        raise RuleBroken("too_many_items", "synonyms", limit=MAX_SYNONYMS)
    return words


def _checked(content: ThemeTexts) -> dict[str, object]:
    names = checked_names(content.name, content.name_sv, content.name_en)
    meanings = {code: clean_text((content.meanings or {}).get(code, "")) for code in LOCALES}
    for code, text in meanings.items():
        if len(text) > MAX_MEANING:
            raise RuleBroken("text_too_long", f"meaning_{code}", limit=MAX_MEANING)
    words = checked_words(content.synonyms)
    return {**names, "meanings": {code: text for code, text in meanings.items() if text}, "synonyms": words}


def _free_slug(session: Session, name: str, own_id: int | None = None) -> str:
    """Raises RuleBroken when another theme has the name already."""
    slug = slugify(name, "teema")
    other = session.scalar(select(Theme.id).where(Theme.slug == slug))
    if other is not None and other != own_id:
        raise RuleBroken("theme_exists", "name")
    return slug


def add_theme(session: Session, actor: Actor, content: ThemeTexts) -> Theme:
    require(actor, Permission.CURATE)
    values = _checked(content)
    slug = _free_slug(session, str(values["name"]))
    session.execute(delete(MovedAddress).where(MovedAddress.kind == THEME, MovedAddress.slug == slug))
    theme = Theme(slug=slug, **values)
    session.add(theme)
    session.flush()
    record(session, ThemeChanged(actor_id=actor.id, theme_id=theme.id))
    return theme


def change_theme(session: Session, actor: Actor, theme: Theme, content: ThemeTexts) -> None:
    """Names, meanings and words. A new Finnish name gives a new address, and the old one leads to it."""
    require(actor, Permission.CURATE)
    values = _checked(content)
    slug = _free_slug(session, str(values["name"]), theme.id) if values["name"] != theme.name else theme.slug
    if slug == theme.slug and all(getattr(theme, name) == value for name, value in values.items()):
        return
    if slug != theme.slug:
        move_address(session, THEME, PARAMETER, theme.slug, theme.id, slug)
    for name, value in values.items():
        setattr(theme, name, value)
    theme.slug = slug
    _index_again(session, _deeds_of(session, theme.id))
    record(session, ThemeChanged(actor_id=actor.id, theme_id=theme.id))


def merge_themes(session: Session, actor: Actor, source: Theme, target: Theme) -> None:
    """``source`` becomes ``target``: deeds, wishes, followers, digests, kept searches and the words go along, and the
    address of ``source`` leads to ``target``."""
    require(actor, Permission.CURATE)
    if source.id == target.id:
        raise RuleBroken("same_theme", "into")
    deeds = _deeds_of(session, source.id)
    _move_links(session, deed_theme, deed_theme.c.deed_id, source.id, target.id)
    _move_links(session, story_theme, story_theme.c.story_id, source.id, target.id)
    _move_links(session, meeting_theme, meeting_theme.c.meeting_id, source.id, target.id)
    _move_links(session, organisation_theme, organisation_theme.c.organisation_id, source.id, target.id)
    _move_links(session, wish_theme, wish_theme.c.wish_id, source.id, target.id)
    _move_followers(session, source.id, target.id)
    _move_subscribers(session, source.id, target.id)
    gained = [source.name, source.name_sv, source.name_en, *source.synonyms]
    known = {word.casefold() for word in (target.name, target.name_sv or "", target.name_en or "", *target.synonyms)}
    fresh = [word for word in dict.fromkeys(gained) if word and word.casefold() not in known]
    target.synonyms = [*target.synonyms, *fresh][:MAX_SYNONYMS]
    old_slug, old_name = source.slug, source.name
    session.execute(
        update(MovedAddress)
        .where(MovedAddress.kind == THEME, MovedAddress.target_id == source.id)
        .values(target_id=target.id)
    )
    session.flush()
    session.delete(source)
    session.flush()
    move_address(session, THEME, PARAMETER, old_slug, target.id, target.slug)
    session.flush()
    session.expire_all()
    _index_again(session, deeds)
    record(session, ThemesMerged(actor_id=actor.id, into_id=target.id, name=old_name))


def _deeds_of(session: Session, theme_id: int) -> list[int]:
    return list(session.scalars(select(deed_theme.c.deed_id).where(deed_theme.c.theme_id == theme_id)))


def _move_links(session: Session, table: object, thing: ColumnElement[int], source_id: int, target_id: int) -> None:
    """Those that have both keep one."""
    both = select(thing).where(table.c.theme_id == target_id)  # type: ignore[attr-defined]
    session.execute(delete(table).where(table.c.theme_id == source_id, thing.in_(both.scalar_subquery())))  # type: ignore[arg-type, attr-defined]
    session.execute(update(table).where(table.c.theme_id == source_id).values(theme_id=target_id))  # type: ignore[arg-type, attr-defined]


def _move_followers(session: Session, source_id: int, target_id: int) -> None:
    of_theme = Follow.kind == Followed.THEME
    both = set(session.scalars(select(Follow.user_id).where(of_theme, Follow.target_id == target_id)))
    session.execute(delete(Follow).where(of_theme, Follow.target_id == source_id, Follow.user_id.in_(both)))
    session.execute(update(Follow).where(of_theme, Follow.target_id == source_id).values(target_id=target_id))


def _move_subscribers(session: Session, source_id: int, target_id: int) -> None:
    for row in session.scalars(select(Subscriber).where(Subscriber.user_id.is_(None))):
        if source_id in row.theme_ids:
            row.theme_ids = list(
                dict.fromkeys(target_id if number == source_id else number for number in row.theme_ids)
            )


def _index_again(session: Session, deed_ids: Iterable[int]) -> None:
    session.add_all(IndexTask(deed_id=deed_id) for deed_id in sorted(deed_ids))


def moved_theme(session: Session, slug: str) -> Theme | None:
    """The theme that an old address leads to."""
    return session.scalar(
        select(Theme)
        .join(MovedAddress, MovedAddress.target_id == Theme.id)
        .where(MovedAddress.kind == THEME, MovedAddress.slug == slug)
    )


def uses(session: Session) -> list[ThemeUse]:
    """Every theme with the public deeds and followers that it has, the most used first. Three statements."""
    public = Deed.status.in_(PUBLIC_STATUSES)
    total = session.scalar(select(func.count()).where(public)) or 0
    deeds = (
        select(deed_theme.c.theme_id, func.count().label("deeds"))
        .join(Deed, Deed.id == deed_theme.c.deed_id)
        .where(public)
        .group_by(deed_theme.c.theme_id)
        .subquery()
    )
    followers = dict(
        session.execute(
            select(Follow.target_id, func.count()).where(Follow.kind == Followed.THEME).group_by(Follow.target_id)
        ).all()
    )
    count = func.coalesce(deeds.c.deeds, 0)
    rows = session.execute(
        select(Theme, count).outerjoin(deeds, deeds.c.theme_id == Theme.id).order_by(count.desc(), Theme.name)
    )
    return [
        ThemeUse(theme, number, followers.get(theme.id, 0), total > 0 and number > TOO_GENERAL * total)
        for theme, number in rows
    ]


# Synonyms


def keep_synonyms(
    session: Session, actor: Actor, concept: str, members: Mapping[str, str], *, is_enabled: bool = True
) -> SynonymRow:
    """A group of words that find the same deeds. ``members``: language -> words divided by commas."""
    require(actor, Permission.CURATE)
    concept = clean_line(concept)
    if not concept or len(concept) > 120:
        raise RuleBroken("value_missing", "concept")
    words = [
        Member(clean_line(word), code)
        for code in LOCALES
        for word in members.get(code, "").split(",")
        if clean_line(word)
    ]
    row = synonyms.keep(session, actor, concept, words, is_enabled=is_enabled)
    record(session, SynonymsChanged(actor_id=actor.id, concept=concept))
    return row


def synonym_rows(session: Session) -> list[SynonymRow]:
    return list(session.scalars(select(SynonymRow).order_by(SynonymRow.concept)))


def words_of(row: SynonymRow) -> dict[str, str]:
    """Language -> its words, divided by commas."""
    return {code: ", ".join(member["text"] for member in row.members if member["language"] == code) for code in LOCALES}


# What is searched for


def search_report(session: Session) -> dict[str, list[Searched]]:
    """The most searched words of the last 30 days: ``top``, those that found nothing (``empty``), and those whose hits
    nobody opened (``unopened``)."""
    since = clock.today() - REPORTED
    opened = func.count(SearchLogEntry.clicked)
    basis = select(SearchLogEntry.query, func.count()).where(SearchLogEntry.day >= since, SearchLogEntry.query != "")
    statements = {
        "top": basis.group_by(SearchLogEntry.query),
        "empty": basis.where(SearchLogEntry.strong == 0).group_by(SearchLogEntry.query),
        "unopened": basis.where(SearchLogEntry.strong > 0).group_by(SearchLogEntry.query).having(opened == 0),
    }
    return {
        name: [
            Searched(query, times)
            for query, times in session.execute(
                statement.order_by(func.count().desc(), SearchLogEntry.query).limit(REPORT_ROWS)
            )
        ]
        for name, statement in statements.items()
    }
