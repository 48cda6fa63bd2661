"""A square full of rows, the same at every run: noise of every kind stands among what counts."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tori.models.adoptions import FollowUp
from tori.models.campaigns import Campaign
from tori.models.deeds import (
    Adoption,
    AdoptionStatus,
    Closeness,
    Comment,
    CommentKind,
    Deed,
    DeedStatus,
    Maturity,
    Sector,
    Theme,
    deed_theme,
)
from tori.models.editorial import SurveyAnswer
from tori.models.people import Municipality, Organisation, OrganisationKind, Region
from tori.models.searching import SearchLogEntry

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
START = datetime(2021, 3, 1, tzinfo=UTC)
SECTORS, THEMES, REGIONS, CAMPAIGNS = 8, 20, 6, 3
BATCH = 1_000
MINUTES = int((NOW - START).total_seconds() // 60)


def _moment(chance: random.Random, earliest: datetime = START) -> datetime:
    return earliest + timedelta(minutes=chance.randrange(max(1, int((NOW - earliest).total_seconds() // 60))))


def _write(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), BATCH):
        session.execute(insert(table), rows[first : first + BATCH])


def _places(session: Session, chance: random.Random, organisations: int) -> None:
    _write(
        session, Region, [{"id": n, "code": f"{n:02}", "slug": f"maakunta-{n}", "name": f"Maakunta {n}"}
                          for n in range(1, REGIONS + 1)],
    )  # fmt: skip
    towns = [
        {
            "id": n, "code": f"{n:03}", "name": f"Kunta {n}", "region_id": 1 + n % (REGIONS - 1), "latitude": 61.0,
            "longitude": 25.0, "language_status": "fi", "urban_rural": "urban", "population": 900 + 731 * n,
        }
        for n in range(1, organisations + 1)
    ]  # fmt: skip
    _write(session, Municipality, towns)
    kinds = list(OrganisationKind)
    rows = []
    for n in range(1, organisations + 1):
        is_national = n % 11 == 0
        kind = OrganisationKind.OTHER if is_national else kinds[0] if n % 3 else chance.choice(kinds)
        rows.append(
            {
                "id": n, "slug": f"organisaatio-{n}", "name": f"Organisaatio {n:03}", "kind": kind,
                "municipality_id": None if is_national else n,
                "region_id": None if is_national else 1 + n % (REGIONS - 1), "created_at": START,
                "introduction": "", "note": "",
            }
        )  # fmt: skip
    _write(session, Organisation, rows)


def _vocabulary(session: Session) -> None:
    sectors = [
        {"id": n, "slug": f"toimiala-{n}", "name": f"Toimiala {n}", "icon": "leaf", "colour": "kuusi", "position": n,
         "meanings": {}} for n in range(1, SECTORS + 1)
    ]  # fmt: skip
    _write(session, Sector, sectors)
    themes = [
        {"id": n, "slug": f"teema-{n}", "name": f"Teema {n}", "meanings": {}, "synonyms": []}
        for n in range(1, THEMES + 1)
    ]  # fmt: skip
    _write(session, Theme, themes)
    campaigns = [
        {
            "id": n, "slug": f"kampanja-{n}", "kind": "open", "name": f"Kampanja {n}", "created_at": START,
            "starts_on": datetime(2022 + n, 9, 1).date(), "ends_on": datetime(2022 + n, 10, 15).date(),
            "texts": {}, "facts": {}, "hashtags": [],
        }
        for n in range(1, CAMPAIGNS + 1)
    ]  # fmt: skip
    _write(session, Campaign, campaigns)


def _deeds(session: Session, chance: random.Random, count: int, organisations: int) -> None:
    rows, links = [], []
    for n in range(1, count + 1):
        status = chance.choices(
            list(DeedStatus), weights=(8, 2, 80, 6, 4)
        )[0]  # fmt: skip
        moment = None if status in (DeedStatus.DRAFT, DeedStatus.IN_REVIEW) else _moment(chance)
        rows.append(
            {
                "id": n, "title": f"Teko {n}", "slug": f"teko-{n}", "summary": "Lyhyesti.", "status": status,
                "language": chance.choice(("fi", "fi", "fi", "sv", "en")),
                "organisation_id": min(organisations, int(chance.paretovariate(1.1) * 2)),
                "sector_id": chance.choices(range(1, SECTORS + 1), weights=range(1, SECTORS + 1))[0],
                "campaign_id": chance.choice((None, None, *range(1, CAMPAIGNS + 1))),
                "maturity": chance.choice((None, *Maturity)), "is_short": chance.random() < 0.2,
                "is_small": chance.random() < 0.4, "published_at": moment, "updated_at": moment or NOW,
                "created_at": moment or NOW, "comment_count": chance.randrange(4),
                "breakthrough_at": moment if chance.random() < 0.03 else None,
            }
        )  # fmt: skip
        links += [
            {"deed_id": n, "theme_id": theme}
            for theme in chance.sample(range(1, THEMES + 1), chance.randrange(0, 4))
        ]  # fmt: skip
    _write(session, Deed, rows)
    _write(session, deed_theme, links)


def _adoptions(session: Session, chance: random.Random, count: int, deeds: int, organisations: int) -> None:
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < count:
        pairs.add((min(deeds, int(chance.paretovariate(0.6))), chance.randrange(1, organisations + 1)))
    rows = []
    for n, (deed_id, organisation_id) in enumerate(sorted(pairs), 1):
        moment = _moment(chance)
        rows.append(
            {
                "id": n, "deed_id": deed_id, "organisation_id": organisation_id, "created_at": moment,
                "updated_at": moment, "closeness": chance.choice((None, *Closeness)),
                "status": chance.choice((None, *AdoptionStatus)),
            }
        )  # fmt: skip
    _write(session, Adoption, rows)
    asked = [
        {
            "adoption_id": row["id"], "month": month, "sent_at": row["created_at"] + timedelta(days=31 * month),
            "created_at": row["created_at"],
            "answered_at": NOW if (answered := chance.random() < 0.6) else None,
            "answers": {"status": chance.choice(list(AdoptionStatus))} if answered else {},
        }
        for row in rows
        for month in (3, 6, 12)
        if chance.random() < 0.3
    ]  # fmt: skip
    _write(session, FollowUp, asked)
    # The count that deeds carry is kept by the service; here it is made to fit.
    taken: dict[int, int] = {}
    for row in rows:
        taken[row["deed_id"]] = taken.get(row["deed_id"], 0) + 1
    for deed in session.scalars(select(Deed).where(Deed.id.in_(taken))):
        deed.adoption_count = taken[deed.id]


def _voices(session: Session, chance: random.Random, count: int, deeds: int, organisations: int) -> None:
    comments = [
        {
            "deed_id": chance.randrange(1, max(2, deeds // 4)),
            "kind": chance.choice(list(CommentKind)), "body": "Sana.", "html": "<p>Sana.</p>",
            "organisation_id": chance.randrange(1, min(12, organisations)), "created_at": _moment(chance),
            "removed_at": NOW if chance.random() < 0.1 else None,
            "answered_at": NOW if chance.random() < 0.5 else None,
        }
        for _ in range(count)
    ]  # fmt: skip
    _write(session, Comment, comments)
    searches = [
        {
            "day": _moment(chance, datetime(2025, 6, 1, tzinfo=UTC)).date(),
            "query": chance.choice(("", "kokous", "lomake")),
            "filters": {}, "locale": "fi", "hits": chance.randrange(9), "strong": chance.randrange(3),
            "clicked": chance.choice((None, 1, 2)),
        }
        for _ in range(count)
    ]  # fmt: skip
    _write(session, SearchLogEntry, searches)
    answers = [
        {
            "id": f"{number:032}", "year": 2026 if number >= 3 else 2025, "occasion": "vuosi",
            "answers": {
                **{name: chance.choice(("yes", "no")) for name in ("interesting", "again") if chance.random() < 0.8},
                **({"recommend": "yes"} if number < 4 else {}),
                "arrival": chance.choice(("employer", "event", "other")),
            },
        }
        for number in range(40)
    ]  # fmt: skip
    _write(session, SurveyAnswer, answers)


def fill(session: Session, deeds: int = 300, adoptions: int = 900, organisations: int = 40, seed: int = 7) -> None:
    """Commits a square of that size."""
    chance = random.Random(seed)
    _places(session, chance, organisations)
    _vocabulary(session)
    _deeds(session, chance, deeds, organisations)
    _adoptions(session, chance, adoptions, deeds, organisations)
    _voices(session, chance, deeds, deeds, organisations)
    session.commit()
