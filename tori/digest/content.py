"""What one digest tells: the news of a window, those that touch what its reader follows, and how it is told."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from werkzeug.datastructures import MultiDict

from tori.core import clock
from tori.core.text import plain_text
from tori.deeds.filters import DeedFilter
from tori.i18n import LOCALES
from tori.models.deeds import PUBLIC_STATUSES, Comment, Deed
from tori.models.digest import DigestIssue, EditorPick, NewsItem, NewsKind, Subscriber
from tori.models.follows import Followed
from tori.models.people import Organisation
from tori.models.searching import SavedSearch
from tori.models.wishes import PartnerCall, Wish, WishSupporter
from tori.search.port import SearchEngine, Sort

SEARCHED = 100
"""So many of the newest hits of a followed search are looked at; more new ones in a week are hardly read."""
EARLIER_ISSUES = 12
MAX_NEW = 20
MAX_PICKS = 5


@dataclass(frozen=True)
class Interests:
    """Numbers of what a reader follows. ``found`` are deeds that the followed searches find."""

    user_id: int | None = None
    deeds: Collection[int] = ()
    themes: Collection[int] = ()
    sectors: Collection[int] = ()
    organisations: Collection[int] = ()
    regions: Collection[int] = ()
    campaigns: Collection[int] = ()
    searches: Collection[int] = ()
    found: Collection[int] = ()
    wishes: Collection[int] = ()


def interests_of(subscriber: Subscriber, followed: dict[str, set[int]], wishes: Collection[int] = ()) -> Interests:
    """``wishes`` are those that a member has posted or joined."""
    if subscriber.user_id is None:
        return Interests(themes=subscriber.theme_ids, sectors=subscriber.sector_ids)
    return Interests(
        user_id=subscriber.user_id,
        deeds=followed.get(Followed.DEED, ()),
        themes=followed.get(Followed.THEME, ()),
        sectors=followed.get(Followed.SECTOR, ()),
        organisations=followed.get(Followed.ORGANISATION, ()),
        regions=followed.get(Followed.REGION, ()),
        campaigns=followed.get(Followed.CAMPAIGN, ()),
        searches=followed.get(Followed.SEARCH, ()),
        wishes=wishes,
    )


def own_wishes(session: Session, user_id: int) -> set[int]:
    posted = select(Wish.id).where(Wish.author_id == user_id)
    joined = select(WishSupporter.wish_id).where(WishSupporter.user_id == user_id)
    return set(session.scalars(posted.union(joined)))


@dataclass(frozen=True)
class Subject:
    """What the digest needs of a deed or a wish, public both. Not the row itself: one transaction ends and another
    begins at each reader."""

    id: int
    is_wish: bool = False
    title: str = ""
    slug: str = ""
    summary: str = ""
    language: str = "fi"
    sector_id: int = 0
    theme_ids: frozenset[int] = frozenset()
    organisation_ids: frozenset[int] = frozenset()
    organisation_names: dict[str, str] = field(default_factory=dict)
    region_id: int | None = None
    campaign_id: int | None = None
    parent_id: int | None = None

    @classmethod
    def of_wish(cls, wish: Wish) -> "Subject":
        place = wish.organisation
        return cls(
            id=wish.id, is_wish=True, title=wish.title, slug=wish.slug, summary=plain_text(wish.body),
            language=wish.language, sector_id=wish.sector_id or 0,
            theme_ids=frozenset(theme.id for theme in wish.themes),
            organisation_ids=frozenset([place.id] if place else ()),
            organisation_names=_names(place) if place else {}, region_id=place.region_id if place else None,
        )  # fmt: skip

    @classmethod
    def of(cls, deed: Deed) -> "Subject":
        return cls(
            id=deed.id, title=deed.title, slug=deed.slug, summary=deed.summary, language=deed.language,
            sector_id=deed.sector_id, theme_ids=frozenset(theme.id for theme in deed.themes),
            organisation_ids=frozenset([deed.organisation_id, *(row.id for row in deed.co_organisations)]),
            organisation_names=_names(deed.organisation), region_id=deed.organisation.region_id,
            campaign_id=deed.campaign_id, parent_id=deed.parent_id,
        )  # fmt: skip


def _names(organisation: Organisation) -> dict[str, str]:
    return {locale: organisation.name_in(locale) for locale in LOCALES}


@dataclass(frozen=True)
class News:
    """A piece of news that may still be told, and what it is about. ``by`` is who did it, by language; ``answer`` the
    deed that answers a wish."""

    id: int
    kind: str
    moment: datetime
    subject: Subject
    actor_id: int | None = None
    by: dict[str, str] = field(default_factory=dict)
    note: str = ""
    answer: Subject | None = None


def is_of_interest(news: News, interests: Interests) -> bool:
    """Nobody is told of their own doings."""
    if interests.user_id is not None and news.actor_id == interests.user_id:
        return False
    if news.kind == NewsKind.DEED_PICKED:
        return True
    subject = news.subject
    if news.kind == NewsKind.WISH_ANSWERED:
        return subject.id in interests.wishes
    if news.kind in (NewsKind.DEED_ADOPTED, NewsKind.DEED_COMMENTED):
        return subject.id in interests.deeds
    return _touches(subject, interests) or (
        not subject.is_wish
        and (subject.parent_id in interests.deeds or subject.id in (*interests.found, *interests.deeds))
    )


def _touches(subject: Subject, interests: Interests) -> bool:
    return (
        subject.sector_id in interests.sectors
        or not subject.theme_ids.isdisjoint(interests.themes)
        or not subject.organisation_ids.isdisjoint(interests.organisations)
        or subject.region_id in interests.regions
        or subject.campaign_id in interests.campaigns
    )


def news_between(session: Session, since: datetime, until: datetime) -> list[News]:
    """What happened after ``since`` until ``until`` and may be told to everybody now, oldest first."""
    statement = select(NewsItem).where(NewsItem.created_at > since, NewsItem.created_at <= until)
    return _tellable(session, session.scalars(statement.order_by(NewsItem.created_at, NewsItem.id)).all())


def news_of(session: Session, ids: Collection[int]) -> list[News]:
    """Those of the news that may still be told."""
    statement = select(NewsItem).where(NewsItem.id.in_(ids)).order_by(NewsItem.created_at, NewsItem.id)
    return _tellable(session, session.scalars(statement).all())


def _tellable(session: Session, items: Iterable[NewsItem]) -> list[News]:
    items = list(items)
    deeds, wishes = _public_deeds(session, items), _public_wishes(session, items)
    places = {item.organisation_id for item in items} - {None}
    by = {row.id: _names(row) for row in session.scalars(select(Organisation).where(Organisation.id.in_(places)))}
    shown = _shown_comments(session, items)
    notes = _notes_of_picks(session, items)
    calls = _open_calls(session, items)
    told = []
    for item in items:
        deed, wish = deeds.get(item.deed_id or 0), wishes.get(item.wish_id or 0)
        subject = wish if item.wish_id else deed
        is_gone = (
            subject is None
            or (item.kind == NewsKind.DEED_COMMENTED and _number(item) not in shown)
            or (item.kind == NewsKind.DEED_PICKED and item.deed_id not in notes)
            or (item.kind == NewsKind.WISH_ANSWERED and deed is None)
            or (item.kind == NewsKind.PARTNERS_SOUGHT and _number(item) not in calls)
        )
        if subject is None or is_gone:
            continue
        note = calls.get(_number(item), "") if item.kind == NewsKind.PARTNERS_SOUGHT else ""
        note = notes.get(item.deed_id or 0, "") if item.kind == NewsKind.DEED_PICKED else note
        place = by.get(item.organisation_id or 0, {})
        told.append(News(item.id, item.kind, item.created_at, subject, item.actor_id, place, note, deed))
    return told


def _public_deeds(session: Session, items: list[NewsItem]) -> dict[int, Subject]:
    statement = (
        select(Deed)
        .where(Deed.id.in_({item.deed_id for item in items}), Deed.status.in_(PUBLIC_STATUSES))
        .options(joinedload(Deed.organisation), selectinload(Deed.themes), selectinload(Deed.co_organisations))
    )
    return {deed.id: Subject.of(deed) for deed in session.scalars(statement)}


def _public_wishes(session: Session, items: list[NewsItem]) -> dict[int, Subject]:
    numbers = {item.wish_id for item in items} - {None}
    if not numbers:
        return {}
    statement = (
        select(Wish)
        .where(Wish.id.in_(numbers), Wish.hidden_at.is_(None))
        .options(joinedload(Wish.organisation), selectinload(Wish.themes))
    )
    return {wish.id: Subject.of_wish(wish) for wish in session.scalars(statement)}


def _open_calls(session: Session, items: list[NewsItem]) -> dict[int, str]:
    """Call -> what partners are sought for."""
    numbers = [_number(item) for item in items if item.kind == NewsKind.PARTNERS_SOUGHT]
    if not numbers:
        return {}
    statement = select(PartnerCall).where(
        PartnerCall.id.in_(numbers), PartnerCall.closed_at.is_(None), PartnerCall.until >= clock.today()
    )
    return {call.id: call.purpose for call in session.scalars(statement)}


def _number(item: NewsItem) -> int:
    return int(item.key.rpartition(":")[2])


def _shown_comments(session: Session, items: list[NewsItem]) -> set[int]:
    numbers = [_number(item) for item in items if item.kind == NewsKind.DEED_COMMENTED]
    return set(session.scalars(select(Comment.id).where(Comment.id.in_(numbers), Comment.removed_at.is_(None))))


def _notes_of_picks(session: Session, items: list[NewsItem]) -> dict[int, str]:
    """Deed -> the editors' words, for the picks that still stand."""
    deeds = [item.deed_id for item in items if item.kind == NewsKind.DEED_PICKED]
    picks = session.scalars(select(EditorPick).where(EditorPick.deed_id.in_(deeds)))
    return {pick.deed_id: pick.note for pick in picks}


def found_by_searches(session: Session, engine: SearchEngine, interests: Interests, locale: str) -> set[int]:
    """Deeds that the followed searches find, the newest of each. Raises SearchError when the index does not answer."""
    if not interests.searches:
        return set()
    found: set[int] = set()
    for query in session.scalars(select(SavedSearch.query).where(SavedSearch.id.in_(interests.searches))):
        chosen = DeedFilter.parse(MultiDict([*parse_qsl(query), ("jarjestys", Sort.NEWEST)]))
        result = engine.search(chosen.as_query(locale, per_page=SEARCHED))
        found |= {hit.id for hit in result.hits if not hit.weak}
    return found


def told_deeds(session: Session, subscriber_id: int) -> set[int]:
    """Deeds that the last issues told as new or picked, so that a pick does not bring the same deed again."""
    issues = session.scalars(
        select(DigestIssue.news_ids)
        .where(DigestIssue.subscriber_id == subscriber_id)
        .order_by(DigestIssue.until.desc())
        .limit(EARLIER_ISSUES)
    )
    numbers = {number for news_ids in issues for number in news_ids}
    kinds = (NewsKind.DEED_PUBLISHED, NewsKind.DEED_PICKED)
    statement = select(NewsItem.deed_id).where(NewsItem.id.in_(numbers), NewsItem.kind.in_(kinds))
    return {deed_id for deed_id in session.scalars(statement) if deed_id is not None}


def chosen_news(news: Iterable[News], interests: Interests, told: Collection[int] = ()) -> list[News]:
    """The news for one reader, each deed once as new or as a pick."""
    chosen: list[News] = []
    seen = set(told)
    for item in sorted(news, key=lambda item: item.kind == NewsKind.DEED_PICKED):
        if not is_of_interest(item, interests):
            continue
        if item.kind == NewsKind.DEED_PICKED and item.subject.id in seen:
            continue
        if item.kind in (NewsKind.DEED_PUBLISHED, NewsKind.DEED_PICKED):
            seen.add(item.subject.id)
        chosen.append(item)
    return sorted(chosen, key=lambda item: item.id)


@dataclass
class Happenings:
    """What happened to one followed deed."""

    deed: Subject
    adopters: list[dict[str, str]] = field(default_factory=list)
    comments: int = 0


@dataclass(frozen=True)
class Contents:
    """A digest as its templates tell it. ``more`` counts the new deeds that did not fit."""

    new: list[News]
    picks: list[News]
    happenings: list[Happenings]
    answered: list[News]
    wished: list[News]
    partners: list[News]
    more: int


def contents_of(news: list[News]) -> Contents:
    """The newest first."""

    def of_kind(kind: NewsKind) -> list[News]:
        return [item for item in reversed(news) if item.kind == kind]

    happenings: dict[int, Happenings] = {}
    for item in news:
        if item.kind not in (NewsKind.DEED_ADOPTED, NewsKind.DEED_COMMENTED):
            continue
        row = happenings.setdefault(item.subject.id, Happenings(item.subject))
        if item.kind == NewsKind.DEED_COMMENTED:
            row.comments += 1
        else:
            row.adopters.append(item.by)
    new = of_kind(NewsKind.DEED_PUBLISHED)
    return Contents(
        new=new[:MAX_NEW],
        picks=of_kind(NewsKind.DEED_PICKED)[:MAX_PICKS],
        happenings=list(happenings.values()),
        answered=of_kind(NewsKind.WISH_ANSWERED),
        wished=of_kind(NewsKind.WISH_POSTED)[:MAX_NEW],
        partners=of_kind(NewsKind.PARTNERS_SOUGHT)[:MAX_NEW],
        more=max(0, len(new) - MAX_NEW),
    )
