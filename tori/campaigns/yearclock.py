"""Vuosikello: the campaigns of a year on a wheel and in a list; ``core/icalendar.py`` makes a calendar of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, pi, sin

from tori.models.campaign_life import Plan
from tori.models.campaigns import Campaign

OUTER, RING, GAP = 190.0, 26.0, 4.0
CENTRE = 220.0
RINGS = 4


@dataclass(frozen=True)
class Arc:
    """A campaign or a plan as a piece of the wheel: SVG path data, and the place of its number."""

    number: int
    d: str
    x: float
    y: float
    ring: int


def of_year(campaigns: Sequence[Campaign], year: int) -> list[Campaign]:
    """Those with a day in the year, by their start."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return sorted(
        (row for row in campaigns if row.starts_on <= last and row.ends_on >= first),
        key=lambda row: (row.starts_on, row.id),
    )


def _share(day: date, year: int) -> float:
    """How much of the year has gone before the day: 0 to 1."""
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    return min(1.0, max(0.0, (day - first).days / length))


def _point(share: float, radius: float) -> tuple[float, float]:
    angle = 2 * pi * share - pi / 2
    return CENTRE + radius * cos(angle), CENTRE + radius * sin(angle)


def piece(start: float, end: float, outer: float, inner: float) -> str:
    """A piece of a ring, clockwise from the top."""
    end = min(end, start + 0.9995)
    large = 1 if end - start > 0.5 else 0
    (x1, y1), (x2, y2) = _point(start, outer), _point(end, outer)
    (x3, y3), (x4, y4) = _point(end, inner), _point(start, inner)
    return (
        f"M{x1:.1f} {y1:.1f}A{outer:g} {outer:g} 0 {large} 1 {x2:.1f} {y2:.1f}"
        f"L{x3:.1f} {y3:.1f}A{inner:g} {inner:g} 0 {large} 0 {x4:.1f} {y4:.1f}z"
    )


def arcs(rows: Sequence[Campaign | Plan], year: int) -> list[Arc]:
    """Those that overlap lie on rings of their own, as far as there are rings."""
    free = [date.min] * RINGS
    result = []
    for number, row in enumerate(rows, 1):
        ring = next((place for place, until in enumerate(free) if until < row.starts_on), RINGS - 1)
        free[ring] = max(free[ring], row.ends_on)
        outer = OUTER - ring * (RING + GAP)
        start, end = _share(row.starts_on, year), _share(row.ends_on + timedelta(days=1), year)
        x, y = _point((start + end) / 2, outer - RING / 2)
        drawn = piece(start, max(end, start + 0.02), outer, outer - RING)
        result.append(Arc(number, drawn, round(x, 1), round(y, 1), ring))
    return result


def months(year: int) -> list[tuple[float, float, date]]:
    """Where the names of the months stand, just outside the wheel."""
    found = []
    for month in range(1, 13):
        middle = date(year, month, 15)
        x, y = _point(_share(middle, year), OUTER + 16)
        found.append((round(x, 1), round(y, 1), middle))
    return found
