"""The list of deeds: filters, search, facets with their names, the rows of one page."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core.paging import Pages, make_pages, page_count
from tori.core.text import plain_text
from tori.deeds.filters import FACET_OF, PER_PAGE, DeedFilter
from tori.deeds.queries import DeedCard, all_sectors, all_themes, cards_by_ids, cards_with_title_like
from tori.models.deeds import Deed
from tori.models.people import Organisation, Region
from tori.policy import Actor
from tori.search.port import SearchEngine, SearchError, SearchResult

PASSAGE = 220
MAX_ORGANISATIONS = 60


@dataclass(frozen=True)
class FacetOption:
    value: str
    label: str
    count: int
    checked: bool
    url: str


@dataclass(frozen=True)
class Facet:
    name: str
    options: list[FacetOption]


@dataclass(frozen=True)
class Listing:
    """One page of the list. ``result`` is None when the index did not answer and titles were searched instead."""

    filter: DeedFilter
    cards: list[DeedCard]
    weak_cards: list[DeedCard]
    total: int
    facets: list[Facet]
    chosen: list[FacetOption]
    pages: Pages
    result: SearchResult | None


Labels = dict[str, dict[str, str]]


def list_deeds(
    session: Session,
    actor: Actor,
    engine: SearchEngine,
    chosen: DeedFilter,
    locale: str,
    base: str,
    languages: dict[str, str],
) -> Listing:
    """Searches and loads one page. ``base`` is the address of the list, ``languages`` the names of the languages."""
    try:
        result = engine.search(chosen.as_query(locale))
    except SearchError:
        return _without_index(session, chosen, locale, base)
    weak = {hit.id for hit in result.hits if hit.weak}
    cards = cards_by_ids(session, [hit.id for hit in result.hits], locale, actor)
    if chosen.text:
        cards = mark_passages(session, engine, result, cards)
    labels = facet_labels(session, result, chosen, locale, languages)
    facets = _facets(result, chosen, labels, base)
    return Listing(
        filter=chosen,
        cards=[card for card in cards if card.id not in weak],
        weak_cards=[card for card in cards if card.id in weak],
        total=result.total,
        facets=facets,
        chosen=_chosen(chosen, labels, base),
        pages=make_pages(chosen.page, page_count(result.total, PER_PAGE), chosen.page_url(base)),
        result=result,
    )


def _without_index(session: Session, chosen: DeedFilter, locale: str, base: str) -> Listing:
    cards = cards_with_title_like(session, chosen.text, locale, PER_PAGE)
    return Listing(chosen, cards, [], len(cards), [], [], make_pages(1, 1, chosen.page_url(base)), None)


def mark_passages(
    session: Session, engine: SearchEngine, result: SearchResult, cards: list[DeedCard]
) -> list[DeedCard]:
    """Adds the best passage of each deed, with the matches marked."""
    texts = {
        row.id: row
        for row in session.execute(
            select(Deed.id, Deed.summary, Deed.need, Deed.goals, Deed.implementation, Deed.results, Deed.body).where(
                Deed.id.in_([card.id for card in cards])
            )
        )
    }
    marked = []
    for card in cards:
        row = texts[card.id]
        passage = engine.highlight(row.summary, result.terms, PASSAGE)
        if "<mark>" not in passage:
            rest = plain_text(
                "\n\n".join(filter(None, (row.need, row.goals, row.implementation, row.results, row.body)))
            )
            better = engine.highlight(rest, result.terms, PASSAGE)
            passage = better if "<mark>" in better else passage
        marked.append(replace(card, highlights=passage))
    return marked


def facet_labels(
    session: Session, result: SearchResult, chosen: DeedFilter, locale: str, languages: dict[str, str]
) -> Labels:
    """Names of every facet value that may be shown."""
    organisations = {*result.facets.get("organisation", {}), *chosen.values.get("organisaatio", ())}
    return {
        "toimiala": {sector.slug: sector.name_in(locale) for sector in all_sectors(session)},
        "teema": {theme.slug: theme.name_in(locale) for theme in all_themes(session)},
        "maakunta": {region.slug: region.name_in(locale) for region in session.scalars(select(Region))},
        "organisaatio": {
            row.slug: row.name_in(locale)
            for row in session.scalars(select(Organisation).where(Organisation.slug.in_(organisations)))
        },
        "vuosi": {str(year): str(year) for year in {*result.facets.get("year", {}), *chosen.values.get("vuosi", ())}},
        "kieli": languages,
    }


def _option(chosen: DeedFilter, name: str, value: str, count: int, labels: Labels, base: str) -> FacetOption:
    return FacetOption(
        value=value,
        label=labels[name].get(value, value),
        count=count,
        checked=value in chosen.values.get(name, ()),
        url=chosen.toggled(name, value).url(base),
    )


def _facets(result: SearchResult, chosen: DeedFilter, labels: Labels, base: str) -> list[Facet]:
    facets = []
    for name, facet in FACET_OF.items():
        counts: dict[str, int] = {str(value): count for value, count in result.facets.get(facet, {}).items()}
        for value in chosen.values.get(name, ()):
            counts.setdefault(value, 0)
        options = [_option(chosen, name, value, count, labels, base) for value, count in counts.items()]
        options.sort(key=_by_year if name == "vuosi" else _by_count)
        if options:
            facets.append(Facet(name, options[:MAX_ORGANISATIONS]))
    return facets


def _by_count(option: FacetOption) -> Any:
    return (not option.checked, -option.count, option.label)


def _by_year(option: FacetOption) -> Any:
    return -int(option.value)


def _chosen(chosen: DeedFilter, labels: Labels, base: str) -> list[FacetOption]:
    return [_option(chosen, name, value, 0, labels, base) for name in FACET_OF for value in chosen.values.get(name, ())]
