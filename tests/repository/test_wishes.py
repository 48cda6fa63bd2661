"""docs/wishes.md: every wish has its row, and every place that a row names exists."""

import ast
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click import Command, Group
from flask import Flask

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "wishes.md").read_text(encoding="utf-8")
AREAS = {
    "F": 20, "S": 17, "R": 14, "C": 12, "A": 17, "P": 13, "K": 13, "N": 27, "E": 13,
    "O": 11, "M": 17, "L": 19, "T": 16, "I": 14, "J": 13, "Q": 14, "H": 17, "Z": 31,
}  # fmt: skip
IDS = [f"{area}{number:02}" for area, count in AREAS.items() for number in range(1, count + 1)]
OWN_WORDS = {"yes": "", "part": "Missing:", "not yet": "Planned:", "no platform": "Because"}
"""State -> what its last column must say besides."""
SEEDED = {
    "toimialat": "sectors.json",
    "teemat": "themes.json",
    "kampanjat": "campaigns.jsonl",
    "toplistat": "toplists.jsonl",
    "jutut": "stories.jsonl",
}
"""First part of an address -> the file whose slugs may stand in its second part."""


class Row(NamedTuple):
    id: str
    wish: str
    state: str
    where: str

    @property
    def places(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.where)


ROWS = [
    Row(*(cell.strip() for cell in line.strip("|").split("|")))
    for line in TEXT.splitlines()
    if re.match(r"\| [A-Z]\d\d \|", line)
]
PLACES = sorted({(place, row.id) for row in ROWS for place in row.places})
ADDRESSES = [pair for pair in PLACES if pair[0].startswith("/")]
COMMANDS = [pair for pair in PLACES if pair[0].startswith("flask ")]
TESTS = [pair for pair in PLACES if "::" in pair[0]]
DOCUMENTS = [pair for pair in PLACES if pair not in {*ADDRESSES, *COMMANDS, *TESTS}]


def test_each_wish_stands_there_once() -> None:
    assert [row.id for row in ROWS] == IDS
    assert len(ROWS) == 298
    assert all(row.wish for row in ROWS)


def test_states_are_known_and_explained() -> None:
    assert [row.id for row in ROWS if row.state not in OWN_WORDS] == []
    assert [row.id for row in ROWS if OWN_WORDS[row.state] not in row.where] == []
    assert [row.id for row in ROWS if row.state == "yes" and ("Missing:" in row.where or "Planned:" in row.where)] == []


def test_what_works_is_to_be_found_somewhere() -> None:
    assert [row.id for row in ROWS if row.state in ("yes", "part") and not row.places] == []


def test_the_counts_on_top_are_right() -> None:
    counts = Counter(row.state for row in ROWS)
    assert f"{len(ROWS)} wishes: " + ", ".join(f"{counts[state]} {state}" for state in OWN_WORDS) + "." in TEXT


@cache
def _slugs(name: str) -> frozenset[str]:
    text = (ROOT / "seed_data" / name).read_text(encoding="utf-8")
    rows: Any = [json.loads(line) for line in text.splitlines()] if name.endswith(".jsonl") else json.loads(text)
    return frozenset(row["slug"] for row in rows)


def test_addresses_lead_to_pages(app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    astray = []
    for address, wish in ADDRESSES:
        path = re.sub(r"<[^>]+>", "x", address.replace("<id>", "1"))
        folder, _, rest = address[1:].partition("/")
        slug = rest.split("/")[0]
        unknown = folder in SEEDED and slug and not slug.startswith("<") and slug not in _slugs(SEEDED[folder])
        if unknown or not routes.allowed_methods(path):
            astray.append((wish, address))
    assert astray == []


def test_commands_exist(app: Flask) -> None:
    missing = []
    for words, wish in COMMANDS:
        command: Command | None = app.cli
        for name in words.split()[1:]:
            command = command.commands.get(name) if isinstance(command, Group) else None
        if command is None:
            missing.append((wish, words))
    assert missing == []


@cache
def _functions(name: str) -> frozenset[str]:
    path = ROOT / name
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_tests_exist() -> None:
    assert [pair for pair in TESTS if pair[0].split("::")[1] not in _functions(pair[0].split("::")[0])] == []


@pytest.mark.parametrize(("document", "wish"), DOCUMENTS)
def test_documents_exist(document: str, wish: str) -> None:
    assert (ROOT / document).is_file(), f"{wish} names {document}"
