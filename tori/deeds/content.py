"""What a deed says: the part that people write, the same for the form, the import and the history."""

import re
from dataclasses import asdict, dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.text import MAX_MARKDOWN, clean_line, clean_text, render_markdown, slugify
from tori.deeds.reuse import reuse_score
from tori.models.campaigns import Campaign
from tori.models.deeds import (
    DEFAULT_LICENCE,
    MARKDOWN_FIELDS,
    Basis,
    Cost,
    Deed,
    Effort,
    Indicator,
    Material,
    MaterialKind,
    Maturity,
    Sector,
    Theme,
)
from tori.models.people import Organisation
from tori.models.tags import TAG_FIELDS, Tag, TagKind

MAX_TITLE = 120
MAX_SUMMARY = 600
MAX_THEMES = 5
MOST_TAGS = {name: 4 if kind in (TagKind.SITUATION, TagKind.METHOD) else 8 for name, kind in TAG_FIELDS.items()}
"""Of each kind: a deed for everybody and about everything is found by nobody."""
MAX_LINE = 300
MAX_URL = 2000
MAX_LICENCE = 50
MAX_ITEMS = 30
MAX_FIRST_STEPS = 3
MAX_FIRST_STEP = 200
LANGUAGES = ("fi", "sv", "en")

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class IndicatorContent:
    name: str
    unit: str = ""
    baseline: str = ""
    target: str = ""
    actual: str = ""
    basis: str = ""


@dataclass(frozen=True)
class MaterialContent:
    title: str
    url: str = ""
    kind: str = ""
    date: str = ""
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class DeedContent:
    """One deed as written. Texts are cleaned here, so that nobody forgets it; ``check`` tells what is wrong."""

    title: str
    summary: str
    organisation: Organisation
    sector: Sector
    themes: tuple[Theme, ...] = ()
    customer_groups: tuple[Tag, ...] = ()
    benefits: tuple[Tag, ...] = ()
    professions: tuple[Tag, ...] = ()
    situations: tuple[Tag, ...] = ()
    methods: tuple[Tag, ...] = ()
    language: str = "fi"
    unit: str = ""
    need: str = ""
    goals: str = ""
    implementation: str = ""
    results: str = ""
    body: str = ""
    lessons: str = ""
    applicability: str = ""
    limits_of_use: str = ""
    obstacles: str = ""
    did_not_work: str = ""
    benefits_customer: str = ""
    benefits_staff: str = ""
    benefits_organisation: str = ""
    novelty: str = ""
    plain_words: str = ""
    strategy_goal: str = ""
    first_steps: tuple[str, ...] = ()
    is_short: bool = False
    is_small: bool = False
    maturity: str | None = None
    effort: str | None = None
    cost: str | None = None
    period_start: str | None = None
    period_end: str | None = None
    participants: str = ""
    partners: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    programme: str = ""
    funder: str = ""
    funding_euros: int | None = None
    indicators: tuple[IndicatorContent, ...] = ()
    materials: tuple[MaterialContent, ...] = ()
    icon: str | None = None
    source_url: str | None = None
    citation: str = ""
    licence: str = DEFAULT_LICENCE
    campaign: Campaign | None = None

    def __post_init__(self) -> None:
        for name in (*MARKDOWN_FIELDS, "summary", "participants", "citation"):
            object.__setattr__(self, name, clean_text(getattr(self, name)))
        for name in ("title", "unit", "programme", "funder", "strategy_goal"):
            object.__setattr__(self, name, clean_line(getattr(self, name)))
        for name in ("first_steps", "team"):
            lines = (clean_line(text) for text in getattr(self, name))
            object.__setattr__(self, name, tuple(text for text in lines if text))

    def check(self) -> None:
        """Raises RuleBroken for the first rule that the content breaks, with the field."""
        for name, limit in (("title", MAX_TITLE), ("summary", MAX_SUMMARY)):
            _check_text(name, getattr(self, name), limit)
            if not getattr(self, name):
                raise RuleBroken("value_missing", name)
        for name in (*MARKDOWN_FIELDS, "participants"):
            _check_text(name, getattr(self, name), MAX_MARKDOWN)
        for name in ("unit", "programme", "funder", "strategy_goal"):
            _check_text(name, getattr(self, name), MAX_LINE)
        for text in self.team:
            _check_text("team", text, MAX_LINE)
        check_first_steps(self.first_steps)
        if len(set(self.themes)) > MAX_THEMES:
            raise RuleBroken("too_many_themes", "themes")
        self._check_choices()
        check_period(self.period_start, self.period_end)
        check_url(self.source_url, "source_url")
        for material in self.materials:
            check_material(material)
        self._check_numbers()

    def _check_numbers(self) -> None:
        limits = {
            **dict.fromkeys(("indicators", "materials", "partners", "team"), MAX_ITEMS),
            **MOST_TAGS,
        }
        for name, limit in limits.items():
            if len(getattr(self, name)) > limit:
                raise RuleBroken("too_many_items", name, limit=limit)

    def _check_choices(self) -> None:
        if self.maturity is not None and self.maturity not in set(Maturity):
            raise RuleBroken("unknown_maturity", "maturity")
        for name, value, choices in (("effort", self.effort, Effort), ("cost", self.cost, Cost)):
            if value is not None and value not in set(choices):
                raise RuleBroken("unknown_choice", name)
        if any(item.basis and item.basis not in set(Basis) for item in self.indicators):
            raise RuleBroken("unknown_choice", "indicators")
        if self.language not in LANGUAGES:
            raise RuleBroken("unknown_language", "language")


def _check_text(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise RuleBroken("text_too_long", field, limit=limit)


def check_first_steps(steps: tuple[str, ...]) -> None:
    if len(steps) > MAX_FIRST_STEPS:
        raise RuleBroken("too_many_items", "first_steps", limit=MAX_FIRST_STEPS)
    for step in steps:
        _check_text("first_steps", step, MAX_FIRST_STEP)


def check_url(url: str | None, field: str) -> None:
    """An address must be a whole http or https one of sensible length."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= MAX_URL
    except ValueError:
        good = False
    if not good or any(letter.isspace() for letter in url):
        raise RuleBroken("bad_url", field)


def check_material(material: MaterialContent) -> None:
    check_url(material.url, "materials")
    if material.kind and material.kind not in set(MaterialKind):
        raise RuleBroken("unknown_choice", "materials")
    if material.date and not _is_period(material.date):
        raise RuleBroken("bad_date", "materials")
    _check_text("materials", material.title, MAX_LINE)
    _check_text("materials", material.licence, MAX_LICENCE)


def check_period(start: str | None, end: str | None) -> None:
    """A year, a month or a day each, in order as far as both are known."""
    for value, field in ((start, "period_start"), (end, "period_end")):
        if value and not _is_period(value):
            raise RuleBroken("bad_date", field)
    if start and end:
        known = min(len(start), len(end))
        if end[:known] < start[:known]:
            raise RuleBroken("bad_period", "period_end")


def _is_period(value: str) -> bool:
    found = _PERIOD.fullmatch(value)
    if not found:
        return False
    year, month, day = (int(part) if part else 1 for part in found.groups())
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31


_PLAIN_FIELDS = [
    field.name
    for field in fields(DeedContent)
    if field.name
    not in (
        "themes",
        "first_steps",
        "partners",
        "team",
        "indicators",
        "materials",
        "organisation",
        "sector",
        "campaign",
        *TAG_FIELDS,
    )
]


def apply_content(deed: Deed, content: DeedContent) -> None:
    """Writes the content to the deed, with its address and its HTML. Bad content raises RuleBroken first."""
    content.check()
    for name in _PLAIN_FIELDS:
        setattr(deed, name, getattr(content, name))
    deed.slug = slugify(content.title)
    deed.organisation = content.organisation
    deed.sector = content.sector
    deed.campaign = content.campaign
    deed.themes = list(dict.fromkeys(content.themes))
    deed.tags = list(dict.fromkeys(tag for name in TAG_FIELDS for tag in getattr(content, name)))
    deed.first_steps = list(content.first_steps)
    deed.team = list(content.team)
    deed.partners = [clean_line(partner) for partner in content.partners if clean_line(partner)]
    _replace_indicators(deed, content.indicators)
    _replace_materials(deed, content.materials)
    deed.rendered = {
        name: str(render_markdown(getattr(content, name))) for name in MARKDOWN_FIELDS if getattr(content, name)
    }
    deed.reuse_score = reuse_score(content)
    deed.updated_at = clock.now()


def _replace_indicators(deed: Deed, indicators: tuple[IndicatorContent, ...]) -> None:
    if indicators != tuple(content_of_indicator(row) for row in deed.indicators):
        deed.indicators = [
            Indicator(
                position=position,
                name=clean_line(item.name),
                unit=clean_line(item.unit),
                baseline=clean_line(item.baseline),
                target=clean_line(item.target),
                actual=clean_line(item.actual),
                basis=item.basis,
            )
            for position, item in enumerate(indicators, 1)
            if clean_line(item.name)
        ]


def _replace_materials(deed: Deed, materials: tuple[MaterialContent, ...]) -> None:
    if materials != tuple(content_of_material(row) for row in deed.materials):
        deed.materials = [
            Material(
                position=position,
                title=clean_line(item.title) or item.url,
                url=item.url,
                kind=item.kind,
                date=item.date,
                licence=clean_line(item.licence),
            )
            for position, item in enumerate(materials, 1)
            if clean_line(item.title) or item.url
        ]


def content_of_indicator(row: Indicator) -> IndicatorContent:
    return IndicatorContent(row.name, row.unit, row.baseline, row.target, row.actual, row.basis)


def content_of_material(row: Material) -> MaterialContent:
    return MaterialContent(row.title, row.url, row.kind, row.date, row.licence)


def content_of(deed: Deed) -> DeedContent:
    """The deed's present content, to change a part of it with ``dataclasses.replace``."""
    return DeedContent(
        **{name: getattr(deed, name) for name in _PLAIN_FIELDS},
        organisation=deed.organisation,
        sector=deed.sector,
        campaign=deed.campaign,
        themes=tuple(deed.themes),
        customer_groups=tuple(deed.tags_of("customer_groups")),
        benefits=tuple(deed.tags_of("benefits")),
        professions=tuple(deed.tags_of("professions")),
        situations=tuple(deed.tags_of("situations")),
        methods=tuple(deed.tags_of("methods")),
        first_steps=tuple(deed.first_steps),
        partners=tuple(deed.partners),
        team=tuple(deed.team),
        indicators=tuple(content_of_indicator(row) for row in deed.indicators),
        materials=tuple(content_of_material(row) for row in deed.materials),
    )


def as_record(deed: Deed) -> dict[str, Any]:
    """The deed in the import and export format (``docs/api.md``); what is empty is left out."""
    organisation = deed.organisation
    record: dict[str, Any] = {
        "external_id": deed.external_id,
        "title": deed.title,
        "summary": deed.summary,
        "organisation": organisation.name,
        "organisation_type": organisation.kind,
        "unit": deed.unit,
        "municipality": organisation.municipality.name if organisation.municipality else None,
        "region": organisation.region.name if organisation.region else None,
        "sector": deed.sector.slug,
        "themes": [theme.slug for theme in deed.themes],
        **{name: [tag.slug for tag in deed.tags_of(name)] for name in TAG_FIELDS},
        **{name: getattr(deed, name) for name in MARKDOWN_FIELDS},
        "strategy_goal": deed.strategy_goal,
        "first_steps": deed.first_steps,
        "published_on": clock.in_finland(deed.published_at).date().isoformat() if deed.published_at else None,
        "status": deed.status if deed.status != "published" else None,
        "language": deed.language,
        "period": _without_empty({"start": deed.period_start, "end": deed.period_end}),
        "maturity": deed.maturity,
        "effort": deed.effort,
        "cost": deed.cost,
        "indicators": [
            _without_empty(
                {
                    "name": row.name,
                    "unit": row.unit,
                    "baseline": row.baseline,
                    "target": row.target,
                    "actual": row.actual,
                    "basis": row.basis,
                }
            )
            for row in deed.indicators
        ],
        "participants": deed.participants,
        "partners": deed.partners,
        "team": deed.team,
        "programme": deed.programme,
        "funding": _without_empty({"funder": deed.funder, "euros": deed.funding_euros}),
        "materials": [_without_empty(asdict(content_of_material(row))) for row in deed.materials],
        "campaign": deed.campaign.slug if deed.campaign else None,
        "is_short": deed.is_short,
        "is_small": deed.is_small,
        "icon": deed.icon,
        "part_of": deed.part_of.external_id if deed.part_of else None,
        "variant_of": deed.parent.external_id if deed.parent else None,
        "related": deed.related,
        "source_url": deed.source_url,
        "citation": deed.citation,
        "editor_note": deed.editor_note,
        "licence": deed.licence,
    }
    return _without_empty(record)


def _without_empty(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value not in (None, "", [], {}, False)}
