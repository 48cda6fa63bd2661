"""Rows as JSON: pure functions, one TypedDict for each shape. ``openapi.py`` describes the same shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from tori.campaigns.awards import AwardRow
from tori.curation.queries import ListedItem
from tori.deeds.queries import DeedCard
from tori.exchange.format import as_line
from tori.models.base import Named
from tori.models.campaigns import Campaign, TopList
from tori.models.deeds import MARKDOWN_FIELDS, Adoption, Deed, Sector, Theme
from tori.models.people import Organisation
from tori.models.tags import Tag
from tori.search.port import FacetValue, SearchResult, Suggestion
from tori.statistics import (
    CampaignEffect,
    Figures,
    MonthFigures,
    Questions,
    RankedOrganisation,
    Ranking,
    RegionFigures,
    Searches,
    Share,
    Spreading,
    Standing,
    ThemeFigures,
    Totals,
    YearFigures,
    YearResult,
)


class OrganisationName(TypedDict):
    name: str
    slug: str


class DeedItem(TypedDict):
    id: int
    external_id: str | None
    updated_at: str | None
    title: str
    summary: str
    url: str
    organisation: OrganisationName
    sector: str
    themes: list[str]
    published_on: str | None
    language: str
    adoptions: int
    comments: int
    highlights: list[str]
    weak: bool


class FacetItem(TypedDict):
    value: FacetValue
    label: str
    count: int


class DeedPage(TypedDict):
    items: list[DeedItem]
    total: int
    page: int
    per_page: int
    facets: dict[str, list[FacetItem]]
    did_you_mean: str | None
    corrected_from: str | None
    relaxed: bool


class DeedLink(TypedDict):
    id: int
    title: str
    url: str
    organisation: OrganisationName


class AdoptionItem(TypedDict):
    organisation: OrganisationName
    closeness: str | None
    status: str | None
    adopted_on: str


class AdoptionDetails(AdoptionItem):
    abandoned_reason: str | None
    unit: str
    note: str
    outcome: str
    people: int


class Lineage(TypedDict):
    deed: DeedLink
    part_of: DeedLink | None
    parts: list[DeedLink]
    variant_of: DeedLink | None
    variants: list[DeedLink]
    adoptions: list[AdoptionItem]


class SuggestionItem(TypedDict):
    text: str
    kind: str
    url: str


class Names(TypedDict):
    fi: str
    sv: str | None
    en: str | None


class SectorItem(TypedDict):
    slug: str
    name: str
    names: Names
    meaning: str
    colour: str
    icon: str
    position: int
    deeds: int
    url: str


class ThemeItem(TypedDict):
    slug: str
    name: str
    names: Names
    meaning: str
    synonyms: list[str]
    deeds: int
    url: str


class TagItem(TypedDict):
    kind: str
    slug: str
    name: str
    names: Names
    synonyms: list[str]
    deeds: int
    url: str


class OrganisationItem(TypedDict):
    slug: str
    name: str
    names: Names
    type: str
    municipality: str | None
    region: str | None
    ended_on: str | None
    successor: str | None
    deeds: int
    url: str


class AwardItem(TypedDict):
    series: str
    is_mention: bool
    title: str
    organisation: str
    citation: str
    deed_id: int | None
    url: str


class CampaignItem(TypedDict):
    slug: str
    name: str
    subtitle: str
    kind: str
    starts_on: str
    ends_on: str
    description: str
    slogan: str
    hashtags: list[str]
    goal_deeds: int | None
    state: str
    awards: list[AwardItem]
    deeds: int
    facts: dict[str, Any]
    citation: str
    url: str


class TopListEntry(TypedDict):
    position: int
    id: int
    title: str
    url: str
    reason: str


class TopListItem(TypedDict):
    slug: str
    title: str
    introduction: str
    stated_size: int | None
    is_proposal: bool
    items: list[TopListEntry]
    citation: str
    url: str


@dataclass(frozen=True)
class StatisticsItem:
    """The figures under the names of the interface; ``schema_of`` describes it."""

    as_of: date
    counted_at: datetime
    totals: Totals
    without_region: int
    by_year: list[YearFigures]
    by_month: list[MonthFigures]
    by_sector: list[Share]
    by_kind: list[Share]
    by_region: list[RegionFigures]
    theme_years: list[int]
    by_theme: list[ThemeFigures]
    by_size: list[Share]
    by_maturity: list[Share]
    by_language: list[Share]
    by_closeness: list[Share]
    by_adoption_status: list[Share]
    spreading: Spreading
    standings: list[Standing]
    questions: Questions
    searches: Searches
    surveys: list[YearResult]
    campaigns: list[CampaignEffect]
    organisations: Ranking
    all_organisations: list[RankedOrganisation]
    small_municipalities: list[RankedOrganisation]


def statistics_item(figures: Figures) -> StatisticsItem:
    return StatisticsItem(
        as_of=figures.as_of,
        counted_at=figures.counted_at,
        totals=figures.totals,
        without_region=figures.without_region,
        by_year=figures.years,
        by_month=figures.months,
        by_sector=figures.sectors,
        by_kind=figures.kinds,
        by_region=figures.regions,
        theme_years=figures.theme_years,
        by_theme=figures.themes,
        by_size=figures.sizes,
        by_maturity=figures.maturities,
        by_language=figures.languages,
        by_closeness=figures.closenesses,
        by_adoption_status=figures.adoption_statuses,
        spreading=figures.spreading,
        standings=figures.standings,
        questions=figures.questions,
        searches=figures.searches,
        surveys=figures.surveys,
        campaigns=figures.campaigns,
        organisations=figures.rankings.top,
        all_organisations=figures.rankings.every,
        small_municipalities=figures.rankings.small,
    )


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def moment(value: datetime | None) -> str | None:
    """``2026-05-04T06:00:00Z``."""
    return value.isoformat(timespec="seconds").replace("+00:00", "Z") if value else None


def names_of(row: Named) -> Names:
    return {"fi": row.name, "sv": row.name_sv, "en": row.name_en}


def deed_item(
    card: DeedCard, known: tuple[str | None, datetime], themes: list[str], public_url: str, weak: bool = False
) -> DeedItem:
    return {
        "id": card.id,
        "external_id": known[0],
        "updated_at": moment(known[1]),
        "title": card.title,
        "summary": card.summary,
        "url": public_url + card.url,
        "organisation": {"name": card.organisation_name, "slug": card.organisation_slug},
        "sector": card.sector_slug,
        "themes": themes,
        "published_on": iso(card.published_on),
        "language": card.language,
        "adoptions": card.adoptions,
        "comments": card.comments,
        "highlights": [str(card.highlights)] if card.highlights else [],
        "weak": weak,
    }


def deed_link(card: DeedCard, public_url: str) -> DeedLink:
    return {
        "id": card.id,
        "title": card.title,
        "url": public_url + card.url,
        "organisation": {"name": card.organisation_name, "slug": card.organisation_slug},
    }


def facets(result: SearchResult, labels: Mapping[str, Mapping[str, str]]) -> dict[str, list[FacetItem]]:
    """The counts of each facet, most first. ``labels`` is keyed by facet, then by value as text."""
    found: dict[str, list[FacetItem]] = {}
    for facet, counts in result.facets.items():
        items: list[FacetItem] = [
            {"value": value, "label": labels[facet].get(str(value), str(value)), "count": count}
            for value, count in counts.items()
        ]
        found[facet] = sorted(items, key=lambda item: (-item["count"], item["label"]))
    return found


_EMPTY: dict[str, Any] = {
    "external_id": None, "unit": "", "municipality": None, "region": None, "themes": [], "customer_groups": [],
    "benefits": [], "professions": [], "situations": [], "methods": [], "published_on": None,
    "status": "published", "period": None, "maturity": None, "effort": None, "cost": None,
    "indicators": [], "participants": "", "partners": [], "team": [], "strategy_goal": "", "programme": "",
    "funding": None, "materials": [],
    "campaign": None, "is_short": False, "is_small": False, "icon": None,
    "first_steps": [], "part_of": None, "variant_of": None, "related": [],
    "co_organisations": [], "source_url": None, "citation": "",
    **dict.fromkeys(MARKDOWN_FIELDS, ""),
}  # fmt: skip
"""What the export leaves out when empty; here every key is always there."""


def full_deed(deed: Deed, locale: str, url: str) -> dict[str, Any]:
    """All public fields of the import format under their names there, and more; not the notes of editors."""
    line = as_line(deed)
    line.pop("editor_note", None)
    if deed.part_of and not deed.part_of.is_public:
        line.pop("part_of", None)
    if deed.parent and not deed.parent.is_public:
        line.pop("variant_of", None)
    return {
        "id": deed.id,
        "url": url,
        **_EMPTY,
        **line,
        "organisation": {"name": deed.organisation.name_in(locale), "slug": deed.organisation.slug},
        "sector_name": deed.sector.name_in(locale),
        "themes": [theme.slug for theme in deed.themes],
        "theme_names": [theme.name_in(locale) for theme in deed.themes],
        "version": deed.version,
        "updated_at": moment(deed.updated_at),
        "adoptions": deed.adoption_count,
        "comments": deed.comment_count,
    }


def adoption_item(adoption: Adoption, locale: str, adopted_on: date) -> AdoptionItem:
    organisation = adoption.organisation
    return {
        "organisation": {"name": organisation.name_in(locale), "slug": organisation.slug},
        "closeness": adoption.closeness,
        "status": adoption.status,
        "adopted_on": adopted_on.isoformat(),
    }


def adoption_details(adoption: Adoption, locale: str, adopted_on: date, people: int) -> AdoptionDetails:
    return {
        **adoption_item(adoption, locale, adopted_on),
        "abandoned_reason": adoption.abandoned_reason,
        "unit": adoption.unit,
        "note": adoption.note,
        "outcome": adoption.outcome,
        "people": people,
    }


def suggestion_item(suggestion: Suggestion, url: str) -> SuggestionItem:
    return {"text": suggestion.text, "kind": suggestion.kind, "url": url}


def sector_item(sector: Sector, deeds: int, locale: str, url: str) -> SectorItem:
    return {
        "slug": sector.slug,
        "name": sector.name_in(locale),
        "names": names_of(sector),
        "meaning": sector.meaning_in(locale),
        "colour": sector.colour,
        "icon": sector.icon,
        "position": sector.position,
        "deeds": deeds,
        "url": url,
    }


def theme_item(theme: Theme, deeds: int, locale: str, url: str) -> ThemeItem:
    return {
        "slug": theme.slug,
        "name": theme.name_in(locale),
        "names": names_of(theme),
        "meaning": theme.meaning_in(locale),
        "synonyms": list(theme.synonyms),
        "deeds": deeds,
        "url": url,
    }


def tag_item(tag: Tag, deeds: int, locale: str, url: str) -> TagItem:
    return {
        "kind": tag.kind,
        "slug": tag.slug,
        "name": tag.name_in(locale),
        "names": names_of(tag),
        "synonyms": list(tag.synonyms),
        "deeds": deeds,
        "url": url,
    }


def organisation_item(organisation: Organisation, deeds: int, locale: str, url: str) -> OrganisationItem:
    place, region, successor = organisation.municipality, organisation.region, organisation.successor
    return {
        "slug": organisation.slug,
        "name": organisation.name_in(locale),
        "names": names_of(organisation),
        "type": organisation.kind,
        "municipality": place.name_in(locale) if place else None,
        "region": region.slug if region else None,
        "ended_on": iso(organisation.ended_on),
        "successor": successor.slug if successor else None,
        "deeds": deeds,
        "url": url,
    }


def award_item(row: AwardRow, url: str) -> AwardItem:
    return {
        "series": row.series,
        "is_mention": row.is_mention,
        "title": row.title,
        "organisation": row.organisation,
        "citation": row.citation,
        "deed_id": row.deed_id,
        "url": url,
    }


def campaign_item(campaign: Campaign, deeds: int, locale: str, url: str, awards: list[AwardItem]) -> CampaignItem:
    return {
        "slug": campaign.slug,
        "name": campaign.name,
        "subtitle": campaign.subtitle,
        "kind": campaign.kind,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "description": campaign.description_in(locale),
        "slogan": campaign.slogan,
        "hashtags": list(campaign.hashtags),
        "goal_deeds": campaign.goal_deeds,
        "state": campaign.state,
        "awards": awards,
        "deeds": deeds,
        "facts": campaign.facts,
        "citation": campaign.citation,
        "url": url,
    }


def top_list_item(
    top_list: TopList, items: list[ListedItem], cards: Mapping[int, DeedCard], locale: str, public_url: str, url: str
) -> TopListItem:
    return {
        "slug": top_list.slug,
        "title": top_list.title_in(locale),
        "introduction": top_list.introduction_in(locale),
        "stated_size": top_list.stated_size,
        "is_proposal": top_list.is_proposal,
        "items": [
            {
                "position": item.position,
                "id": item.deed_id,
                "title": cards[item.deed_id].title,
                "url": public_url + cards[item.deed_id].url,
                "reason": item.reason,
            }
            for item in items
            if item.deed_id in cards
        ],
        "citation": top_list.citation,
        "url": url,
    }
