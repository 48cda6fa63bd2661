"""The list of deeds: filters, search, facets with their names, the rows of one page."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import lazy_gettext as __
from markupsafe import Markup
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.paging import page_count
from tori.database import present_rows
from tori.deeds import facets, saved_searches, search_log
from tori.deeds.facets import SIZES, Labels
from tori.deeds.filters import FACET_OF, PER_PAGE, DeedFilter
from tori.deeds.forms import EFFORTS, MATURITIES
from tori.deeds.list_rows import (
    PASSAGE,
    Row,
    joined,
    marked_summaries,
    stored_rows,
    visitors_rows,
)
from tori.deeds.queries import (
    DeedCard,
    all_sectors,
    all_themes,
    cards_by_ids,
    cards_with_title_like,
    organisation_names,
)
from tori.models.deeds import Deed, Sector, Theme, deed_theme
from tori.models.people import Region
from tori.models.searching import SavedSearch
from tori.models.tags import Tag, TagKind
from tori.notifications.reads import reads_of
from tori.policy import Actor
from tori.search.kept import Recent
from tori.search.marking import forms_met
from tori.search.port import Filters, SearchEngine, SearchError, SearchQuery, SearchResult
from tori.search.words import plain

KEPT_PAGES = 128
"""Pages of results whose passages and ways on are kept: one or two megabytes."""
NEAREST = 12
NEAR_THEMES = 6
NEWEST = 3

_TEXTS = (
    "SELECT id, summary, need, goals, implementation, results, body, packed "
    "FROM deed LEFT JOIN deed_words ON deed_id = id WHERE id IN ({})"
)
_THEMES_OF = (
    select(Theme.slug)
    .join(deed_theme, deed_theme.c.theme_id == Theme.id)
    .where(deed_theme.c.deed_id.in_(bindparam("ids", expanding=True)))
    .group_by(Theme.slug)
    .order_by(func.count().desc(), Theme.slug)
    .limit(NEAR_THEMES)
)
_SECTOR_OF = select(Sector.slug).join(Deed, Deed.sector_id == Sector.id).where(Deed.id == bindparam("deed_id"))

SIZE_NAMES = dict(zip(SIZES, (
    __("under 5,000 inhabitants"),
    __("5,000–20,000 inhabitants"),
    __("20,000–100,000 inhabitants"),
    __("over 100,000 inhabitants"),
), strict=True))  # fmt: skip


class Choice(NamedTuple):
    """Something that is ticked; ``url`` is the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True)
class WayOn:
    """What a reader can do whose search answered nothing. ``unfiltered`` counts the hits without the chosen filters."""

    unfiltered: int = 0
    themes: list[tuple[str, str]] = field(default_factory=list)
    sector: tuple[str, str] | None = None
    newest: list[DeedCard] = field(default_factory=list)


@dataclass(frozen=True)
class Listing:
    """One page of the list. ``result`` is None when the index did not answer and titles were searched instead."""

    filter: DeedFilter
    cards: list[DeedCard]
    weak_cards: list[DeedCard]
    total: int
    facets: bytes
    """HTML."""
    chosen: list[Choice]
    pages: int
    """How many there are."""
    result: SearchResult | None
    saved: SavedSearch | None = None
    may_save: bool = False
    passages: dict[int, Markup] = field(default_factory=dict)
    way_on: WayOn = field(default_factory=WayOn)
    rows: bytes | None = None
    """For visitors: the HTML of the hits in place of ``cards``, which are then none; ``weak_rows`` likewise."""
    weak_rows: bytes | None = None

    @property
    def has_hits(self) -> bool:
        return bool(self.cards or self.rows)

    @property
    def has_weak_hits(self) -> bool:
        return bool(self.weak_cards or self.weak_rows)

    @property
    def before(self) -> int:
        """How many hits stand on the pages before this one."""
        return (self.filter.page - 1) * PER_PAGE

    @property
    def answers(self) -> int:
        """How many deeds answer the words; the rest of ``total`` are weak matches."""
        return self.result.strong if self.result else self.total

    @property
    def query(self) -> str:
        """The search as it is saved."""
        return self.filter.query

    @property
    def name(self) -> str:
        """The search in words."""
        words = [f"“{self.filter.text}”"] if self.filter.text else []
        return ", ".join([*words, *(choice.label for choice in self.chosen)])


def result_of(engine: SearchEngine, chosen: DeedFilter, locale: str) -> SearchResult | None:
    """None when the index does not answer."""
    try:
        return engine.search(chosen.as_query(locale))
    except SearchError:
        return None


def list_deeds(
    session: Session,
    actor: Actor,
    engine: SearchEngine,
    chosen: DeedFilter,
    result: SearchResult | None,
    locale: str,
    base: str,
    languages: Callable[[], dict[str, str]],
    reads: dict[Hashable, Any],
) -> Listing:
    """Loads one page. ``result`` is from `result_of`, ``base`` is the address of the list, ``languages`` names the
    languages, ``reads`` are those of ``reads_of``, asked for after the search."""
    if result is None:
        return _without_index(session, chosen, locale)
    search_log.note_search(chosen, locale, result)
    labels = reads.get(("labels", locale))
    if labels is None:
        labels = reads["labels", locale] = facet_labels(session, locale, languages())
    weak = {hit.id for hit in result.hits if hit.weak}
    ids = [hit.id for hit in result.hits]
    stored = stored_rows(session, reads, ids, locale) if actor.user is None else None
    packed: dict[int, bytes] = {}
    told = passages(session, reads, engine, result, ids, stored or {}, packed) if chosen.text else {}
    rows = None
    if stored is not None:
        rows = visitors_rows(session, reads, ids, stored, locale, labels["kieli"], packed)
    cards = cards_by_ids(session, ids if rows is None else (), locale, actor)
    cards = [
        replace(card, other_language=other) if (other := _other(card, locale, labels["kieli"])) else card
        for card in cards
    ]
    return Listing(
        filter=chosen,
        cards=[card for card in cards if card.id not in weak],
        weak_cards=[card for card in cards if card.id in weak],
        total=result.total,
        facets=facets.drawn(reads, result, chosen, labels, locale),
        chosen=_chosen(chosen, labels, base),
        pages=page_count(result.total, PER_PAGE),
        result=result,
        saved=saved_searches.find(session, actor, chosen) if actor.is_member else None,
        may_save=actor.is_member,
        passages=told,
        rows=None if rows is None else joined((item for item in rows.items() if item[0] not in weak), told),
        weak_rows=None if rows is None else joined((item for item in rows.items() if item[0] in weak), told),
        way_on=WayOn() if result.strong else way_on(session, actor, engine, chosen, labels, locale, reads),
    )


def _other(card: DeedCard, locale: str, languages: dict[str, str]) -> str:
    return "" if card.language == locale else languages.get(card.language, "")


def way_on(
    session: Session,
    actor: Actor,
    engine: SearchEngine,
    chosen: DeedFilter,
    labels: Labels,
    locale: str,
    reads: dict[Hashable, Any],
) -> WayOn:
    """The same for every visitor, so it is kept for those who ask the same."""
    if actor.user is not None:
        return _way_on(session, actor, engine, chosen, labels, locale)
    kept: Recent[WayOn] = reads.setdefault("ways on", Recent(KEPT_PAGES))
    key = (chosen.query, locale, clock.today())
    return kept.get(key, lambda: _way_on(session, actor, engine, chosen, labels, locale))


def _way_on(
    session: Session, actor: Actor, engine: SearchEngine, chosen: DeedFilter, labels: Labels, locale: str
) -> WayOn:
    """Themes near to the words (or the commonest ones), the newest deeds of the sector, and the wider search."""
    try:
        near = [hit.id for hit in engine.nearest(chosen.text, NEAREST)] if chosen.text else []
        slugs = [*engine.themes_starting(chosen.text, locale), *_near_themes(session, near)]
        if not slugs:
            browsed = engine.search(SearchQuery(filters=Filters(), per_page=1, locale=locale))
            common = sorted(browsed.facets.get("theme", {}).items(), key=lambda pair: -pair[1])
            slugs = [slug for slug, _ in common]
        unfiltered = 0
        if chosen.values:
            unfiltered = engine.search(replace(chosen, values={}, page=1).as_query(locale)).strong
        sector = _near_sector(session, chosen, near)
        newest: list[DeedCard] = []
        if sector:
            found = engine.search(SearchQuery(filters=Filters(sectors=(sector,)), per_page=NEWEST, locale=locale))
            newest = cards_by_ids(session, [hit.id for hit in found.hits], locale, actor)
    except SearchError:
        return WayOn()
    known = [str(slug) for slug in dict.fromkeys(slugs) if slug in labels["teema"]][:NEAR_THEMES]
    return WayOn(
        unfiltered=unfiltered,
        themes=[(labels["teema"][slug], url_for("themes.show", slug=slug)) for slug in known],
        sector=(labels["toimiala"][sector], url_for("sectors.show", slug=sector)) if sector else None,
        newest=newest,
    )


def _near_themes(session: Session, ids: list[int]) -> list[str]:
    """Themes of the deeds, the commonest among them first."""
    return list(session.connection().execute(_THEMES_OF, {"ids": ids}).scalars())


def _near_sector(session: Session, chosen: DeedFilter, ids: list[int]) -> str | None:
    """The sector that was chosen, or that of the nearest deed."""
    wanted = chosen.values.get("toimiala", ())
    if wanted:
        return session.scalar(select(Sector.slug).where(Sector.slug == wanted[0]))
    return session.connection().scalar(_SECTOR_OF, {"deed_id": ids[0]}) if ids else None


def _without_index(session: Session, chosen: DeedFilter, locale: str) -> Listing:
    cards = cards_with_title_like(session, chosen.text, locale, PER_PAGE)
    return Listing(chosen, cards, [], len(cards), b"", [], 1, None)


def mark_passages(
    session: Session, engine: SearchEngine, result: SearchResult, cards: list[DeedCard]
) -> list[DeedCard]:
    """Adds the best passage of each deed, with the matches marked."""
    found = passages(session, reads_of(session), engine, result, [card.id for card in cards], {}, {})
    return [replace(card, highlights=found[card.id]) for card in cards]


def passages(
    session: Session,
    reads: dict[Hashable, Any],
    engine: SearchEngine,
    result: SearchResult,
    ids: Sequence[int],
    stored: Mapping[int, Row],
    packed: dict[int, bytes],
) -> dict[int, Markup]:
    """The best passage of each deed, with the matches marked: of its stored row, if its summary has any, else of its
    texts, which takes one statement. Gathers in ``packed`` the words of the deeds whose texts were read."""
    kept: Recent[dict[int, Markup]] = reads.setdefault("passages", Recent(KEPT_PAGES))
    terms = result.terms

    def made() -> dict[int, Markup]:
        found = marked_summaries(stored, terms)
        texts = _texts(session, [deed_id for deed_id in ids if deed_id not in found])
        packed.update((deed.id, deed.packed) for deed in texts if deed.packed)
        met = forms_met(packed, terms)
        return found | {deed.id: engine.passage(deed.in_turns(), terms, PASSAGE, met.get(deed.id)) for deed in texts}

    return kept.get((terms, tuple(ids)), made)


def _texts(session: Session, ids: Sequence[int]) -> list["_Texts"]:
    if not ids:
        return []
    return [_Texts._make(row) for row in present_rows(session, _TEXTS.format(", ".join("?" * len(ids))), ids)]


class _Texts(NamedTuple):
    """What passages are taken from, and what is kept of its words."""

    id: int
    summary: str
    need: str
    goals: str
    implementation: str
    results: str
    body: str
    packed: bytes | None

    def in_turns(self) -> Iterator[str]:
        """The summary, and what follows it as far as it is needed."""
        yield self.summary
        rest = (self.need, self.goals, self.implementation, self.results, self.body)
        yield plain(" ".join(filter(None, rest)))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def facet_labels(session: Session, locale: str, languages: dict[str, str]) -> Labels:
    """Names of every facet value; a year is its own name."""
    tags: Labels = {kind: {} for kind in TagKind}
    for tag in session.scalars(select(Tag)):
        tags.setdefault(tag.kind, {})[tag.slug] = _capital(tag.name_in(locale))
    return {
        "toimiala": {sector.slug: sector.name_in(locale) for sector in all_sectors(session)},
        "teema": {theme.slug: theme.name_in(locale) for theme in all_themes(session)},
        "maakunta": {region.slug: region.name_in(locale) for region in session.scalars(select(Region))},
        "organisaatio": organisation_names(session, locale),
        "vuosi": {},
        "kieli": languages,
        "vaihe": {str(value): _capital(str(name)) for value, name in MATURITIES.items()},
        "laajuus": {str(value): _capital(str(name)) for value, name in EFFORTS.items()},
        "koko": {value: str(name) for value, name in SIZE_NAMES.items()},
        **tags,
    }


def _chosen(chosen: DeedFilter, labels: Labels, base: str) -> list[Choice]:
    return [
        Choice(labels[name].get(value, value), chosen.url_without(base, name, value))
        for name in FACET_OF
        for value in chosen.values.get(name, ())
    ]
