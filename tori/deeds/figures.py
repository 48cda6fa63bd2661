"""Indicators as pictures: what was aimed at and what came of it, side by side."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tori.models.deeds import Indicator

_NUMBER = re.compile(r"(?:[^\d+\-−–]*\s)?([+\-−–]?\d[\d \u00a0\u202f]*(?:[.,]\d+)?)\s*(?:%|[^\d]*)")
"""One number with words around it: ``noin 20``, ``1 250,5 euroa``. Ranges and dates are not one number."""

FIELDS = ("baseline", "target", "actual")


@dataclass(frozen=True)
class Bar:
    """``share`` is the length of the bar, of 100."""

    field: str
    text: str
    share: float


@dataclass(frozen=True)
class IndicatorChart:
    name: str
    unit: str
    bars: tuple[Bar, ...]


def charts(indicators: Iterable[Indicator]) -> list[IndicatorChart]:
    """The indicators that can be drawn: at least two figures of zero or more, an outcome or a target among them."""
    drawn = [_chart(row) for row in indicators]
    return [chart for chart in drawn if chart is not None]


def _chart(row: Indicator) -> IndicatorChart | None:
    values = {field: number(getattr(row, field)) for field in FIELDS}
    known = {field: value for field, value in values.items() if value is not None}
    given = [field for field in FIELDS if getattr(row, field)]
    if len(known) < 2 or len(known) < len(given) or min(known.values()) < 0 or max(known.values()) == 0:
        return None
    greatest = max(known.values())
    bars = (Bar(field, getattr(row, field), round(100 * value / greatest, 1)) for field, value in known.items())
    return IndicatorChart(row.name, row.unit, tuple(bars))


def number(text: str) -> float | None:
    """The one number of a text, else None."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    digits = re.sub(r"[ \u00a0\u202f]", "", found[1]).replace("−", "-").replace("–", "-").replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return None
