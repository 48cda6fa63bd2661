"""The recorded history of the first square, from reports."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from tori.config import ROOT

HISTORY_FILE = ROOT / "seed_data" / "statistics.json"


@dataclass(frozen=True)
class HistoryFigure:
    """A figure of a source, as the source gives it. ``as_of`` is a day, a month or a year, or words of the source."""

    id: str
    group: str
    label: str
    value: float | int | str
    unit: str
    qualifier: str | None
    as_of: str | None
    note: str | None
    citation: str


@dataclass(frozen=True)
class HistoryTable:
    """``rows`` hold words and numbers in the language of the page."""

    id: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    unit: str
    note: str | None
    citation: str


@dataclass(frozen=True)
class History:
    """``conflicts`` tell where sources disagree and which figure the page takes."""

    figures: dict[str, HistoryFigure]
    tables: dict[str, HistoryTable]
    conflicts: list[dict[str, Any]]
    citations: list[str]


@cache
def _history_file() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(HISTORY_FILE.read_text(encoding="utf-8"))
    return content


def _word(value: Any, locale: str) -> Any:
    return (value.get(locale) or value["fi"]) if isinstance(value, dict) else value


@cache
def history(locale: str) -> History:
    """The recorded history of the first square, from ``seed_data/statistics.json``. Figures that only repeat or round
    another one are left out."""
    source = _history_file()
    citations = {item["id"]: item["citation"] for item in source["sources"]}
    figures = {
        row["id"]: HistoryFigure(
            row["id"], row["group"], row.get(f"label_{locale}") or row["label"], row["value"], row["unit"] or "",
            row["qualifier"], row["as_of"], row["note"], citations.get(row["source"], ""),
        )
        for row in source["figures"]
        if row["shown"]
    }  # fmt: skip
    tables = {
        row["id"]: HistoryTable(
            row["id"],
            _word(row["title"], locale),
            [_word(column, locale) for column in row["columns"]],
            [[_word(cell, locale) for cell in cells] for cells in row["rows"]],
            _word(row["unit"], locale) or "",
            _word(row["note"], locale),
            citations.get(row["source"], ""),
        )
        for row in source["tables"]
    }
    return History(figures, tables, source["conflicts"], list(citations.values()))
