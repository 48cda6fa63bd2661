"""The content of ``seed_data/`` into the database. Again changes nothing: the site keeps what it already has."""

import csv
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.config import ROOT, Config
from tori.core import clock
from tori.core.events import ContentSeeded, TagChanged, record
from tori.database import transaction
from tori.exchange.importing import ImportOptions, import_deeds
from tori.models.base import Base
from tori.models.campaigns import Campaign, CampaignState, Story, StorySeries, TopList, TopListItem
from tori.models.deeds import Deed, Sector, Theme
from tori.models.desk import MovedAddress
from tori.models.editorial import GuidePage, ReadyAnswer
from tori.models.operations import Setting
from tori.models.people import Municipality, Organisation, OrganisationDomain, Region
from tori.models.searching import SynonymRow
from tori.models.tags import Tag, TagKind
from tori.policy import SYSTEM
from tori.search import synonyms

SEED_FOLDER = ROOT / "seed_data"
SEEDED = "seeded"
BEGUN = "tag_kinds"
LANGUAGES = ("fi", "sv", "en")

Row = dict[str, Any]


@dataclass(frozen=True)
class SeedResult:
    """What happened with one kind of content."""

    kind: str
    added: int
    total: int


class SeedError(ValueError):
    """The seed content itself is wrong; the text names file, line and reason."""


def seed(report: Callable[[SeedResult], None], folder: Path = SEED_FOLDER) -> None:
    """Loads everything, each kind in a transaction of its own, so that an interrupted run goes on where it stopped."""
    for kind, load in LOADERS.items():
        with transaction() as session:
            report(_load(session, kind, load, folder))
    with transaction() as session:
        session.merge(Setting(key=SEEDED, value={"done": True}))


def is_seeded(session: Session) -> bool:
    """Whether a whole seeding has been done once."""
    return session.get(Setting, SEEDED) is not None


def load_vocabulary(session: Session, folder: Path = SEED_FOLDER) -> None:
    """Sectors, themes, tags and places, without which no deed can be told. In the caller's transaction."""
    for kind in ("sectors", "themes", "tags", "regions", "municipalities"):
        _load(session, kind, LOADERS[kind], folder)


def _load(session: Session, kind: str, load: "Loader", folder: Path) -> SeedResult:
    added, total = load(session, folder)
    if added:
        record(session, ContentSeeded(actor_id=None, kind=kind, count=added))
    return SeedResult(kind, added, total)


Loader = Callable[[Session, Path], tuple[int, int]]
"""Adds what is missing and tells how many it added of how many there are."""


def _document(folder: Path, name: str) -> list[Row]:
    return list(json.loads((folder / name).read_text(encoding="utf-8")))


def _lines(folder: Path, name: str) -> list[Row]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def _names(texts: Mapping[str, str]) -> Row:
    return {"name": texts["fi"], "name_sv": texts.get("sv"), "name_en": texts.get("en")}


def _translated(row: Row, *keys: str) -> Row:
    return {f"{key}_{code}": row[f"{key}_{code}"] for key in keys for code in LANGUAGES if row.get(f"{key}_{code}")}


def _ids(session: Session, model: type[Any], key: str) -> dict[str, int]:
    rows = session.execute(select(getattr(model, key), model.id).where(getattr(model, key).is_not(None)))
    return {str(name): row_id for name, row_id in rows}


def _add_missing(session: Session, model: type[Base], key: str, rows: Iterable[Row]) -> list[Row]:
    """Adds the rows whose key the table has not. Returns those that were added."""
    known = set(session.scalars(select(getattr(model, key))))
    missing = [row for row in rows if row[key] not in known]
    session.add_all(model(**row) for row in missing)
    session.flush()
    return missing


def _sectors(session: Session, folder: Path) -> tuple[int, int]:
    rows = [
        {
            "slug": row["slug"],
            **_names(row["name"]),
            "meanings": row["meaning"],
            "icon": row["icon"],
            "colour": row["colour"],
            "position": row["position"],
        }
        for row in _document(folder, "sectors.json")
    ]
    return len(_add_missing(session, Sector, "slug", rows)), len(rows)


def _themes(session: Session, folder: Path) -> tuple[int, int]:
    rows = [
        {
            "slug": row["slug"],
            **_names(row["name"]),
            "meanings": row["meaning"],
            "synonyms": [word for code in LANGUAGES for word in row["synonyms"].get(code, [])],
        }
        for row in _document(folder, "themes.json")
    ]
    return len(_add_missing(session, Theme, "slug", rows)), len(rows)


def _tags(session: Session, folder: Path, kinds: Collection[str] = tuple(TagKind)) -> tuple[int, int]:
    """What the editors have merged or renamed is not made again."""
    rows = [
        {
            "kind": row["kind"],
            "slug": row["slug"],
            **_names(row["name"]),
            "synonyms": [word for code in LANGUAGES for word in row["synonyms"].get(code, [])],
        }
        for row in _document(folder, "tags.json")
        if row["kind"] in kinds
    ]
    known = {(kind, slug) for kind, slug in session.execute(select(Tag.kind, Tag.slug))}
    known |= {(kind, slug) for kind, slug in session.execute(select(MovedAddress.kind, MovedAddress.slug))}
    missing = [row for row in rows if (row["kind"], row["slug"]) not in known]
    session.add_all(Tag(**row) for row in missing)
    session.flush()
    return len(missing), len(rows)


def begin_new_kinds(config: Config) -> None:
    """Kinds of choices that came with a later version get those of the seeds, once, when its worker runs.

    Not in a migration: older code that still serves readers stops at a kind that it does not know.
    """
    with transaction() as session:
        known = session.get(Setting, BEGUN, with_for_update=True)
        begun = set(known.value["kinds"]) if known else set(session.scalars(select(Tag.kind).distinct()))
        new = set(TagKind) - begun
        # A site without any choices has not been seeded yet.
        if not begun or (known and not new):
            return
        _tags(session, SEED_FOLDER, new)
        for tag in session.scalars(select(Tag).where(Tag.kind.in_(new)).order_by(Tag.id)):
            record(session, TagChanged(actor_id=None, tag_id=tag.id, name=tag.name))
        session.merge(Setting(key=BEGUN, value={"kinds": sorted(TagKind)}))


def _synonyms(session: Session, folder: Path) -> tuple[int, int]:
    rows = [
        {
            "concept": row["concept"],
            "members": [
                {"text": text, "language": code} for code in LANGUAGES for text in row["members"].get(code, [])
            ],
        }
        for row in _document(folder, "synonyms.json")
    ]
    added = _add_missing(session, SynonymRow, "concept", rows)
    if added:
        synonyms.bump(session)
    return len(added), len(rows)


def _regions(session: Session, folder: Path) -> tuple[int, int]:
    rows = [
        {"code": row["code"], "slug": row["slug"], **_names(row["name"])} for row in _document(folder, "regions.json")
    ]
    return len(_add_missing(session, Region, "code", rows)), len(rows)


def _municipalities(session: Session, folder: Path) -> tuple[int, int]:
    regions = _ids(session, Region, "code")
    with (folder / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            {
                "code": row["code"],
                "name": row["name_fi"],
                "name_sv": row["name_sv"] or None,
                "region_id": regions[row["region_code"]],
                "language_status": row["language_status"],
                "urban_rural": row["urban_rural"],
                "population": int(row["population_2022"]),
                "latitude": float(row["lat"]),
                "longitude": float(row["lon"]),
            }
            for row in csv.DictReader(file)
        ]
    return len(_add_missing(session, Municipality, "code", rows)), len(rows)


def _organisations(session: Session, folder: Path) -> tuple[int, int]:
    regions = _ids(session, Region, "code")
    municipalities = _ids(session, Municipality, "code")
    source = {row["slug"]: row for row in _lines(folder, "organisations.jsonl")}
    rows = [
        {
            "slug": row["slug"],
            "name": row["name"],
            "name_sv": row["name_sv"],
            "name_en": row["name_en"],
            "kind": row["type"],
            "municipality_id": municipalities[row["municipality_code"]] if row["municipality_code"] else None,
            "region_id": regions[row["region_code"]] if row["region_code"] else None,
            "ended_on": date.fromisoformat(row["ended_on"]) if row["ended_on"] else None,
            "introduction": "",
            "note": row["note"] or "",
        }
        for row in source.values()
    ]
    added = _add_missing(session, Organisation, "slug", rows)
    ids = _ids(session, Organisation, "slug")
    taken = set(session.scalars(select(OrganisationDomain.domain)))
    for row in added:
        details = source[row["slug"]]
        if details["successor"]:
            session.get_one(Organisation, ids[row["slug"]]).successor_id = ids[details["successor"]]
        for domain in details["email_domains"]:
            if domain not in taken:
                taken.add(domain)
                session.add(OrganisationDomain(domain=domain, organisation_id=ids[row["slug"]]))
    return len(added), len(rows)


_CAMPAIGN_FACTS = (
    "year", "date_precision", "goals", "mechanics", "channels", "events", "results", "prizes", "award_series",
    "ended_note", "successor",
)  # fmt: skip


def _campaigns(session: Session, folder: Path) -> tuple[int, int]:
    rows = [
        {
            "slug": row["slug"],
            "kind": row["kind"],
            "name": row["name"],
            "subtitle": row["subtitle"] or "",
            "slogan": row["slogan"] or "",
            "description": row["description"],
            "texts": _translated(row, "description"),
            "facts": {key: row[key] for key in _CAMPAIGN_FACTS if row[key] is not None},
            "hashtags": row["hashtags"],
            "starts_on": date.fromisoformat(row["starts_on"]),
            "ends_on": date.fromisoformat(row["ends_on"]),
            "citation": row["source"] or "",
            "state": CampaignState.PUBLISHED,
        }
        for row in _lines(folder, "campaigns.jsonl")
    ]
    return len(_add_missing(session, Campaign, "slug", rows)), len(rows)


def _deeds(session: Session, folder: Path) -> tuple[int, int]:
    lines = (folder / "deeds.jsonl").read_bytes().splitlines()
    report = import_deeds(session, SYSTEM, lines, ImportOptions(keep_edited=True))
    if report.bad:
        bad = report.bad[0]
        problem = bad.problems[0]
        raise SeedError(f"deeds.jsonl, line {bad.number}: {problem.field}: {problem.code}")
    return report.created + report.updated, report.created + report.updated + report.unchanged


def _top_lists(session: Session, folder: Path) -> tuple[int, int]:
    source = _lines(folder, "toplists.jsonl")
    rows = [
        {
            "slug": row["slug"],
            "title": row["title"],
            "introduction": row["introduction"]["fi"],
            "texts": {
                **_translated(row, "title"),
                **{f"introduction_{code}": row["introduction"][code] for code in ("sv", "en")},
            },
            "stated_size": row["size"],
            "is_proposal": row["status"] == "proposal",
            "published_at": clock.now(),
            "position": position,
            "citation": row["source"] or "",
        }
        for position, row in enumerate(source, 1)
    ]
    added = {row["slug"] for row in _add_missing(session, TopList, "slug", rows)}
    lists, deeds = _ids(session, TopList, "slug"), _ids(session, Deed, "external_id")
    session.add_all(
        TopListItem(
            top_list_id=lists[row["slug"]], deed_id=deeds[item["external_id"]], position=position, reason=item["reason"]
        )
        for row in source
        if row["slug"] in added
        for position, item in enumerate(row["items"], 1)
    )
    return len(added), len(rows)


def _series(session: Session, folder: Path) -> tuple[int, int]:
    source = [row for row in _lines(folder, "stories.jsonl") if row["record"] == "series"]
    rows = [
        {
            "slug": row["slug"],
            "name": row["name"],
            "description": row["description"],
            "texts": _translated(row, "name", "description"),
            "position": position,
            "citation": row["source"] or "",
        }
        for position, row in enumerate(source, 1)
    ]
    return len(_add_missing(session, StorySeries, "slug", rows)), len(rows)


def _stories(session: Session, folder: Path) -> tuple[int, int]:
    source = [row for row in _lines(folder, "stories.jsonl") if row["record"] == "story"]
    series = _ids(session, StorySeries, "slug")
    known = {(series_id, slug) for series_id, slug in session.execute(select(Story.series_id, Story.slug))}
    missing = [row for row in source if (series[row["series"]], row["slug"]) not in known]
    wanted = {external_id for row in missing for external_id in row["deeds"]}
    deeds = {deed.external_id: deed for deed in session.scalars(select(Deed).where(Deed.external_id.in_(wanted)))}
    session.add_all(
        Story(
            series_id=series[row["series"]],
            slug=row["slug"],
            kind=row["kind"],
            title=row["title"],
            summary=row["summary"],
            position=row["position"],
            published_at=clock.start_of_day(date.fromisoformat(row["published_on"])),
            deeds=[deeds[external_id] for external_id in row["deeds"]],
        )
        for row in missing
    )
    return len(missing), len(source)


def _pages(session: Session, folder: Path) -> tuple[int, int]:
    """The pages that editors go on with; the deeds of a path by their keys."""
    source = _document(folder, "pages.json")
    wanted = {key for row in source for key in row["deeds"]}
    rows = session.execute(select(Deed.external_id, Deed.id).where(Deed.external_id.in_(wanted)))
    deeds = {str(key): deed_id for key, deed_id in rows}
    pages = [
        {
            "slug": row["slug"],
            "shelf": row["shelf"],
            "position": position,
            "titles": row["title"],
            "leads": row["lead"],
            "bodies": row["body"],
            "deed_ids": [deeds[key] for key in row["deeds"] if key in deeds],
            "version": 1,
            "changed_at": clock.now(),
        }
        for position, row in enumerate(source, 1)
    ]
    return len(_add_missing(session, GuidePage, "slug", pages)), len(pages)


def _ready_answers(session: Session, folder: Path) -> tuple[int, int]:
    """Once: what the editors have removed does not come back."""
    source = _document(folder, "ready_answers.json")
    if session.get(Setting, SEEDED) is not None:
        return 0, len(source)
    rows = [{"occasion": row["occasion"], "title": row["title"], "bodies": row["body"]} for row in source]
    return len(_add_missing(session, ReadyAnswer, "title", rows)), len(rows)


LOADERS: dict[str, Loader] = {
    "sectors": _sectors,
    "themes": _themes,
    "tags": _tags,
    "regions": _regions,
    "municipalities": _municipalities,
    "organisations": _organisations,
    "campaigns": _campaigns,
    "deeds": _deeds,
    "TOP lists": _top_lists,
    "story series": _series,
    "stories": _stories,
    "synonyms": _synonyms,
    "pages": _pages,
    "ready answers": _ready_answers,
}
