"""The published figures once more, row by row in plain Python: slow, and without a line of the code they check."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.models.adoptions import FollowUp
from tori.models.campaigns import Campaign
from tori.models.deeds import Adoption, Comment, Deed, Sector
from tori.models.editorial import SurveyAnswer
from tori.models.people import Municipality, Organisation, Region
from tori.models.searching import SearchLogEntry

HELSINKI = ZoneInfo("Europe/Helsinki")


def finnish_day(moment: datetime | None) -> date:
    assert moment is not None
    return moment.astimezone(HELSINKI).date()


def rounded(part: int, whole: int) -> int | None:
    return int(Fraction(100 * part, whole) + Fraction(1, 2)) if whole else None


def shares(counts: list[int]) -> list[int]:
    """By the largest remainder, one per cent at a time."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    exact = [Fraction(100 * count, total) for count in counts]
    given = [int(value) for value in exact]
    while sum(given) < 100:
        needs = [exact[place] - given[place] for place in range(len(counts))]
        given[needs.index(max(needs))] += 1
    return given


class SlowPath:
    """Reads every row once; each method is one figure under its name in the interface."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.now = now
        self.today = finnish_day(now)
        every = session.scalars(select(Deed)).all()
        self.deeds = [deed for deed in every if deed.status in ("published", "archived")]
        self.by_id = {deed.id: deed for deed in self.deeds}
        self.adoptions = [row for row in session.scalars(select(Adoption)) if row.deed_id in self.by_id]
        self.places = {row.id: row for row in session.scalars(select(Organisation))}
        self.towns = {row.id: row for row in session.scalars(select(Municipality))}
        self.regions = session.scalars(select(Region)).all()
        self.sectors = session.scalars(select(Sector)).all()
        self.campaigns = session.scalars(select(Campaign)).all()
        self.comments = session.scalars(select(Comment)).all()
        self.searches_made = session.scalars(select(SearchLogEntry)).all()
        self.asked = session.scalars(select(FollowUp)).all()
        self.survey_answers = session.scalars(select(SurveyAnswer)).all()

    def _of(self, deed: Deed) -> Organisation:
        return self.places[deed.organisation_id]

    def totals(self) -> dict[str, int]:
        return {
            "deeds": len(self.deeds),
            "organisations": len({deed.organisation_id for deed in self.deeds}),
            "municipalities": len({self._of(deed).municipality_id for deed in self.deeds} - {None}),
            "regions": len({self._of(deed).region_id for deed in self.deeds} - {None}),
            "adoptions": len(self.adoptions),
            "adopters": len({row.organisation_id for row in self.adoptions}),
            "adopted_deeds": len({row.deed_id for row in self.adoptions}),
            "comments": sum(deed.comment_count for deed in self.deeds),
        }

    def without_region(self) -> int:
        return sum(self._of(deed).region_id is None for deed in self.deeds)

    def by_year(self) -> list[dict[str, Any]]:
        firsts: dict[int, date] = {}
        for deed in self.deeds:
            day = finnish_day(deed.published_at)
            firsts[deed.organisation_id] = min(day, firsts.get(deed.organisation_id, day))
        rows = []
        for year in range(min(finnish_day(deed.published_at).year for deed in self.deeds), self.today.year + 1):
            new = sum(finnish_day(deed.published_at).year == year for deed in self.deeds)
            rows.append(
                {
                    "year": year,
                    "deeds": new,
                    "total": sum(finnish_day(deed.published_at).year <= year for deed in self.deeds),
                    "per_month": round(new / (self.today.month if year == self.today.year else 12), 1),
                    "newcomers": sum(day.year == year for day in firsts.values()),
                    "adoptions": sum(finnish_day(row.created_at).year == year for row in self.adoptions),
                }
            )
        return rows

    def by_month(self) -> list[dict[str, Any]]:
        months = []
        year, month = self.today.year, self.today.month
        for _ in range(12):
            months.insert(0, (year, month))
            year, month = (year - 1, 12) if month == 1 else (year, month - 1)

        def count(days: Iterable[date], which: tuple[int, int]) -> int:
            return sum((day.year, day.month) == which for day in days)

        return [
            {
                "first_day": date(*which, 1).isoformat(),
                "deeds": count((finnish_day(deed.published_at) for deed in self.deeds), which),
                "adoptions": count((finnish_day(row.created_at) for row in self.adoptions), which),
            }
            for which in months
        ]

    def _division(self, values: Iterable[Any], order: list[Any]) -> list[tuple[str, int, int]]:
        counts = Counter(values)
        numbers = [counts[value] for value in order]
        return [(str(value or ""), *pair) for value, *pair in zip(order, numbers, shares(numbers), strict=True)]

    def by_sector(self) -> list[tuple[str, int, int]]:
        slugs = {row.id: row.slug for row in self.sectors}
        order = [row.slug for row in sorted(self.sectors, key=lambda row: row.position)]
        return self._division((slugs[deed.sector_id] for deed in self.deeds), order)

    def by_kind(self) -> list[tuple[str, int, int]]:
        order = ["kunta", "kuntayhtyma", "hyvinvointialue", "kuntayhtio", "muu"]
        return self._division((self._of(deed).kind for deed in self.deeds), order)

    def by_maturity(self) -> list[tuple[str, int, int]]:
        order = ["idea", "kokeilu", "kaytossa", "vakiintunut", "paattynyt", None]
        return self._division((deed.maturity for deed in self.deeds), order)

    def by_size(self) -> list[tuple[str, int, int]]:
        names = ("otsikko" if deed.is_short else "pieni" if deed.is_small else "iso" for deed in self.deeds)
        return self._division(names, ["pieni", "iso", "otsikko"])

    def by_language(self) -> list[tuple[str, int, int]]:
        return self._division((deed.language for deed in self.deeds), ["fi", "sv", "en"])

    def by_closeness(self) -> list[tuple[str, int, int]]:
        return self._division((row.closeness for row in self.adoptions), ["copied", "adapted", "inspired", None])

    def by_adoption_status(self) -> list[tuple[str, int, int]]:
        order = ["aikoo", "kokeilee", "kaytossa", "laajennettu", "luovuttu", None]
        return self._division((row.status for row in self.adoptions), order)

    def by_region(self) -> list[dict[str, Any]]:
        rows = []
        for region in sorted(self.regions, key=lambda row: row.name):
            own = [deed for deed in self.deeds if self._of(deed).region_id == region.id]
            people = sum(town.population for town in self.towns.values() if town.region_id == region.id)
            numbers = {deed.id for deed in own}
            rows.append(
                {
                    "slug": region.slug,
                    "name": region.name,
                    "deeds": len(own),
                    "organisations": len({deed.organisation_id for deed in own}),
                    "per_thousand": round(1000 * len(own) / people, 2) if people else None,
                    "received": sum(row.deed_id in numbers for row in self.adoptions),
                    "made": sum(self.places[row.organisation_id].region_id == region.id for row in self.adoptions),
                }
            )
        return rows

    def by_theme(self) -> list[dict[str, Any]]:
        told: dict[tuple[str, str], list[int]] = defaultdict(list)
        for deed in self.deeds:
            for theme in deed.themes:
                told[theme.slug, theme.name].append(finnish_day(deed.published_at).year)
        years = range(self.today.year - 4, self.today.year + 1)
        rows = [
            {"slug": slug, "name": name, "deeds": len(found), "by_year": [found.count(year) for year in years]}
            for (slug, name), found in told.items()
        ]
        return sorted(rows, key=lambda row: (-row["deeds"], row["name"]))  # type: ignore[operator]

    def spreading(self) -> dict[str, Any]:
        confirmed = [row for row in self.adoptions if row.status in ("kaytossa", "laajennettu")]
        deeds = {row.deed_id for row in confirmed}
        return {
            "adoptions": len(self.adoptions),
            "confirmed_adoptions": len(confirmed),
            "confirmed_deeds": len(deeds),
            "confirmed_percent": rounded(len(deeds), len(self.deeds)),
            "breakthroughs": sum(deed.breakthrough_at is not None for deed in self.deeds),
        }

    def standings(self) -> list[dict[str, Any]]:
        known = {row.id for row in self.adoptions}
        rows = []
        for month, days in ((6, 183), (12, 365)):
            answers = [
                row.answers["status"]
                for row in self.asked
                if row.month == month and row.answered_at and row.adoption_id in known
            ]
            order = ("aikoo", "kokeilee", "kaytossa", "laajennettu", "luovuttu")
            rows.append(
                {
                    "month": month,
                    "adoptions": sum(row.created_at <= self.now - timedelta(days=days) for row in self.adoptions),
                    "answered": len(answers),
                    "counts": {status: answers.count(status) for status in order},
                }
            )
        return rows

    def questions(self) -> dict[str, Any]:
        shown = [row for row in self.comments if row.deed_id in self.by_id and row.removed_at is None]
        asked = [row for row in shown if row.kind == "question"]
        answered = [row for row in asked if row.answered_at is not None]
        return {"asked": len(asked), "answered": len(answered), "percent": rounded(len(answered), len(asked))}

    def searches(self) -> dict[str, Any]:
        since = (
            date(self.today.year - 1, self.today.month + 1, 1) if self.today.month < 12 else date(self.today.year, 1, 1)
        )
        made = [row for row in self.searches_made if row.day >= since and row.query]
        found = sum(row.strong > 0 for row in made)
        return {
            "since": since.isoformat(),
            "made": len(made),
            "found": found,
            "opened": sum(row.clicked is not None for row in made),
            "found_percent": rounded(found, len(made)),
        }

    def surveys(self) -> list[dict[str, Any]]:
        """The years of our own survey; the report's row comes after them."""
        rows = []
        for year in sorted({row.year for row in self.survey_answers}, reverse=True):
            answers = [row.answers for row in self.survey_answers if row.year == year]
            share = {}
            for name in ("interesting", "again", "recommend", "search_easy"):
                said = [answer[name] for answer in answers if name in answer]
                share[name] = rounded(sum(word == "yes" for word in said), len(said)) if len(said) >= 5 else None
            rows.append({"year": year, "count": len(answers), "shares": share})
        return rows

    def campaign_effects(self) -> list[dict[str, Any]]:
        firsts: dict[int, Deed] = {}
        for deed in sorted(self.deeds, key=lambda deed: (deed.published_at, deed.id)):
            firsts.setdefault(deed.organisation_id, deed)
        days = [finnish_day(deed.published_at) for deed in self.deeds]
        rows = []
        for campaign in sorted(self.campaigns, key=lambda row: (row.starts_on, row.id), reverse=True):
            own = [deed for deed in self.deeds if deed.campaign_id == campaign.id]
            if not own or campaign.starts_on > self.today:
                continue
            last = min(campaign.ends_on, self.today)
            length = (last - campaign.starts_on).days + 1
            during = sum(campaign.starts_on <= day <= last for day in days)
            before = sum(campaign.starts_on - timedelta(days=length) <= day < campaign.starts_on for day in days)
            rows.append(
                {
                    "slug": campaign.slug,
                    "name": campaign.name,
                    "starts_on": campaign.starts_on.isoformat(),
                    "ends_on": campaign.ends_on.isoformat(),
                    "deeds": len(own),
                    "newcomers": sum(deed.campaign_id == campaign.id for deed in firsts.values()),
                    "weekly": round(7 * during / length, 1),
                    "weekly_before": round(7 * before / length, 1),
                }
            )
        return rows

    def organisations(self) -> list[dict[str, Any]]:
        rows = []
        for place in self.places.values():
            own = [deed for deed in self.deeds if deed.organisation_id == place.id]
            if not own:
                continue
            town = self.towns.get(place.municipality_id or 0)
            numbers = {deed.id for deed in own}
            since = min(finnish_day(deed.published_at) for deed in own).year
            is_town = place.kind == "kunta" and town is not None
            rows.append(
                {
                    "slug": place.slug,
                    "name": place.name,
                    "deeds": len(own),
                    "per_thousand": round(1000 * len(own) / town.population, 2) if is_town and town else None,
                    "received": sum(row.deed_id in numbers for row in self.adoptions),
                    "made": sum(row.organisation_id == place.id for row in self.adoptions),
                    "since": since,
                    "is_new": since == self.today.year,
                }
            )
        rows.sort(key=lambda row: (-row["deeds"], row["name"]))  # type: ignore[operator]
        counts = [row["deeds"] for row in rows]
        return [
            {
                "place": 1 + sum(other > row["deeds"] for other in counts),
                "is_tied": counts.count(row["deeds"]) > 1,
                **row,
            }
            for row in rows
        ]

    def year_in_finland(self, deed: Deed) -> int:
        return finnish_day(deed.published_at).year

    def year_of(self, organisation_id: int, year: int) -> tuple[int, int, int]:
        """Deeds shared, models that others took, models taken from others."""
        own = {deed.id: deed for deed in self.deeds if deed.organisation_id == organisation_id}
        taken = [row for row in self.adoptions if finnish_day(row.created_at).year == year]
        return (
            sum(finnish_day(deed.published_at).year == year for deed in own.values()),
            sum(row.deed_id in own for row in taken),
            sum(row.organisation_id == organisation_id for row in taken),
        )

    def middle_of_those_alike(self, organisation_id: int) -> tuple[int, list[float]]:
        """How many municipalities have as many inhabitants, and their medians: deeds, received, made."""
        bounds = [0, 5_000, 10_000, 20_000, 50_000, 100_000, 10**9]

        def class_of(place: Organisation) -> int:
            town = self.towns[place.municipality_id or 0]
            return sum(town.population >= bound for bound in bounds)

        own_class = class_of(self.places[organisation_id])
        alike = [
            place
            for place in self.places.values()
            if place.kind == "kunta" and place.id != organisation_id and class_of(place) == own_class
        ]
        columns: list[list[int]] = [[], [], []]
        for place in alike:
            own_deeds = {deed.id for deed in self.deeds if deed.organisation_id == place.id}
            columns[0].append(len(own_deeds))
            columns[1].append(sum(row.deed_id in own_deeds for row in self.adoptions))
            columns[2].append(sum(row.organisation_id == place.id for row in self.adoptions))
        return len(alike), [self._middle(column) for column in columns]

    @staticmethod
    def _middle(values: list[int]) -> float:
        values = sorted(values)
        half = len(values) // 2
        return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
