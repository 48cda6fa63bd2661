"""The deeds of seed_data as documents, made as indexing makes them from rows, but without a database."""

import csv
import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from tori.models.tags import TAG_FIELDS
from tori.search.port import DeedDocument

SEED = Path(__file__).parents[2] / "seed_data"


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SEED / name).read_text(encoding="utf-8").splitlines() if line]


def _list(name: str) -> list[dict[str, Any]]:
    found = json.loads((SEED / name).read_text(encoding="utf-8"))
    if isinstance(found, dict):
        found = next(value for value in found.values() if isinstance(value, list))
    return found


def _names(row: dict[str, Any] | None) -> tuple[str, ...]:
    if row is None:
        return ()
    return tuple(row.get(key) or "" for key in ("name", "name_sv", "name_en"))


def _three(row: dict[str, Any]) -> dict[str, Any]:
    """Names as `name`, `name_sv`, `name_en`, whatever the file calls them."""
    if isinstance(row.get("name"), dict):
        names = row["name"]
        return {**row, "name": names.get("fi"), "name_sv": names.get("sv"), "name_en": names.get("en")}
    return {**row, "name": row.get("name") or row.get("name_fi")}


@lru_cache(maxsize=1)
def documents() -> tuple[tuple[str, DeedDocument], ...]:
    """External id and document of every deed that is not a draft; ids run from 1 in the order of the file."""
    sectors = {row["slug"]: _three(row) for row in _list("sectors.json")}
    themes = {row["slug"]: _three(row) for row in _list("themes.json")}
    regions = {row["code"]: _three(row) for row in _list("regions.json")}
    organisations = {row["name"]: _three(row) for row in _lines("organisations.jsonl")}
    tags = {(row["kind"], row["slug"]): _three(row) for row in _list("tags.json")}
    with (SEED / "municipalities.csv").open(encoding="utf-8") as handle:
        places = {row["code"]: {"name": row["name_fi"], "name_sv": row["name_sv"]} for row in csv.DictReader(handle)}
    made = []
    for number, deed in enumerate(_lines("deeds.jsonl"), 1):
        if deed.get("status") == "draft":
            continue
        organisation = organisations[deed["organisation"]]
        region = regions.get(organisation.get("region_code") or "")
        made.append((deed["external_id"], _document(number, deed, organisation, sectors, themes, tags, places, region)))
    return tuple(made)


def _synonyms(theme: dict[str, Any]) -> list[str]:
    synonyms = theme.get("synonyms") or []
    if isinstance(synonyms, dict):
        return [word for words in synonyms.values() for word in words]
    return list(synonyms)


def _document(
    number: int,
    deed: dict[str, Any],
    organisation: dict[str, Any],
    sectors: dict[str, dict[str, Any]],
    themes: dict[str, dict[str, Any]],
    tags: dict[tuple[str, str], dict[str, Any]],
    places: dict[str, dict[str, Any]],
    region: dict[str, Any] | None,
) -> DeedDocument:
    place = places.get(organisation.get("municipality_code") or "")
    published = datetime.fromisoformat(deed["published_on"]).replace(tzinfo=UTC, hour=9)
    own_themes = [themes[slug] for slug in deed.get("themes", [])]
    own_tags = [tags[kind, slug] for name, kind in TAG_FIELDS.items() for slug in deed.get(name, [])]
    figures = [
        " ".join(str(indicator.get(key) or "") for key in ("name", "unit", "target", "actual"))
        for indicator in deed.get("indicators", [])
    ]
    extra = [
        deed.get("unit"), deed.get("participants"), *deed.get("partners", []),
        (deed.get("funding") or {}).get("funder"), *figures, *(m["title"] for m in deed.get("materials", [])),
    ]  # fmt: skip
    return DeedDocument(
        id=number,
        title=deed["title"],
        summary=deed["summary"],
        need=deed.get("need") or "",
        goals=deed.get("goals") or "",
        implementation=deed.get("implementation") or "",
        results=deed.get("results") or "",
        body=deed.get("body") or "",
        applicability=deed.get("applicability") or "",
        sector=deed["sector"],
        sector_names=_names(sectors[deed["sector"]]),
        themes=tuple(deed.get("themes", [])),
        theme_names=tuple(name for theme in own_themes for name in _names(theme)),
        theme_synonyms=tuple(word for theme in own_themes for word in _synonyms(theme)),
        organisation=organisation["slug"],
        organisation_names=_names(organisation),
        municipality=place["name"] if place else None,
        municipality_names=_names(place),
        region=region["slug"] if region else None,
        region_names=_names(region),
        year=published.year,
        language=deed.get("language", "fi"),
        published_at=published,
        extra=" ".join(str(text) for text in extra if text),
        tag_names=tuple(name for tag in own_tags for name in _names(tag)),
        tag_synonyms=tuple(word for tag in own_tags for word in _synonyms(tag)),
    )
