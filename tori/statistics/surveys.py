"""What users say: the yearly survey with the questions of 2020, by year."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.models.editorial import SurveyAnswer
from tori.statistics.counting import percent_of

YES_NO = ("interesting", "again", "recommend", "search_easy")
"""Questions that are answered with yes, no or nothing; the wording stays the same from year to year."""
ARRIVALS = ("employer", "event", "newsletter", "social", "other")
FEWEST = 5
"""Smaller groups are not shown: an answer in them could be guessed."""

EARLIER: dict[int, dict[str, Any]] = {
    2020: {
        "count": 91,
        "interesting": "91",
        "again": "87",
        "recommend": "88",
        "search_easy": "70",
        "search_easy_qualifier": "almost",
        "arrival": {"employer": 36, "event": 27, "newsletter": 23, "social": 15},
    }
}
"""The programme report tells of 2020; a survey was made in 2017, too, but its results have not been published."""


@dataclass(frozen=True)
class YearResult:
    """Shares in whole per cents of those who answered the question; None where too few did.

    ``almost`` are questions whose share the report gives as "almost" so much."""

    year: int
    count: int
    shares: dict[str, int | None]
    arrivals: dict[str, int] | None
    is_from_report: bool
    almost: list[str]


def surveys(session: Session) -> list[YearResult]:
    """By year, the newest first, with the one that the programme report tells of."""
    by_year: dict[int, list[dict[str, Any]]] = {}
    for year, answers in session.execute(select(SurveyAnswer.year, SurveyAnswer.answers)):
        by_year.setdefault(year, []).append(answers)
    found = [_result(year, rows) for year, rows in by_year.items()]
    found += [_of_report(year, values) for year, values in EARLIER.items()]
    return sorted(found, key=lambda result: -result.year)


def _result(year: int, rows: list[dict[str, Any]]) -> YearResult:
    shares: dict[str, int | None] = {}
    for name in YES_NO:
        told = [row[name] for row in rows if name in row]
        shares[name] = percent_of(told.count("yes"), len(told)) if len(told) >= FEWEST else None
    ways = [row["arrival"] for row in rows if "arrival" in row]
    counts = {way: ways.count(way) for way in ARRIVALS}
    arrivals = {way: round(100 * count / len(ways)) for way, count in counts.items()} if len(ways) >= FEWEST else None
    return YearResult(year, len(rows), shares, arrivals, is_from_report=False, almost=[])


def _of_report(year: int, values: dict[str, Any]) -> YearResult:
    return YearResult(
        year, values["count"], {name: int(values[name]) for name in YES_NO}, values["arrival"], is_from_report=True,
        almost=[name for name in YES_NO if f"{name}_qualifier" in values],
    )  # fmt: skip
