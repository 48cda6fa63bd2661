"""Index rows as PostgreSQL keeps them: our terms in a tsvector, and how strongly a deed speaks of each beside them.

PostgreSQL ranks by four weights and by places. A strength between 0 and 1 is written as one to three weighted places
whose `ts_rank` is nearest to it, so that the server gives back what the other engines keep as a number.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from sys import byteorder
from typing import Any

from tori.search.analysis import PART, ROOT
from tori.search.catalogue import Row
from tori.search.fields import Indexed
from tori.search.lexicon import SHORT
from tori.search.ranking import impact
from tori.search.words import bare

SCHEMA = "tori_search"
FORM = "="
WHOLE = ""
LABELS = "DCBA"
RANKS = (0.05, 0.16, 0.32, 0.61)
RANK_SCALE = 1.64493406685
MOST_PLACES = 3
LAST_PLACE = 16_383
LONGEST_BARE = 40


def rank_of(labels: str) -> float:
    """What `ts_rank` makes of a lexeme with these weights at the places 1, 2, 3, times `RANK_SCALE`."""
    ranks = [RANKS[LABELS.index(label)] for label in labels]
    best = max(range(len(ranks)), key=lambda place: (ranks[place], -place))
    whole = sum(rank / (place + 1) ** 2 for place, rank in enumerate(ranks))
    return ranks[best] + whole - ranks[best] / (best + 1) ** 2


@cache
def _strengths() -> tuple[list[float], list[str]]:
    by_rank: dict[float, str] = {}
    for count in range(1, MOST_PLACES + 1):
        for labels in product(LABELS, repeat=count):
            by_rank.setdefault(round(rank_of("".join(labels)), 4), "".join(labels))
    ranks = sorted(by_rank)
    return ranks, [by_rank[rank] for rank in ranks]


@cache
def labels_for(strength: float) -> str:
    """The weights whose rank is nearest to a strength (of two decimals, so that few different ones are looked for)."""
    ranks, labels = _strengths()
    at = min(bisect_left(ranks, strength), len(ranks) - 1)
    if at and strength - ranks[at - 1] < ranks[at] - strength:
        at -= 1
    return labels[at]


def lexeme(word: str) -> str:
    """A word quoted for the input of tsvector and tsquery."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def terms_vector(weights: dict[str, float]) -> str:
    """The terms of a deed as the text of a tsvector."""
    return " ".join(
        f"{lexeme(term)}:" + ",".join(f"{at}{label}" for at, label in enumerate(labels_for(round(impact(w), 2)), 1))
        for term, w in weights.items()
        if w > 0
    )


def forms_vector(forms: Iterable[tuple[int, str]]) -> str:
    """The forms of a deed with their places. PostgreSQL keeps 255 places of a form and none after `LAST_PLACE`."""
    places: dict[str, list[int]] = {}
    for at, form in forms:
        if at < LAST_PLACE:
            places.setdefault(form, []).append(at + 1)
    return " ".join(f"{lexeme(form)}:" + ",".join(map(str, found[:255])) for form, found in places.items())


Entry = tuple[str, str]
"""A word and its mark: a base form, a part of a compound, a root, or a form as written."""


def entry_of(term: str) -> Entry:
    if term[0] in (PART, ROOT):
        return term[1:], term[0]
    return term, WHOLE


def entries_of(terms: Iterable[str], forms: Iterable[str]) -> Iterator[Entry]:
    """What a deed adds to the table of words."""
    yield from map(entry_of, terms)
    for form in forms:
        yield form, FORM


def entries_of_deed(deed: Indexed) -> set[Entry]:
    """What `entries_of` gives for the vectors of a deed."""
    terms = (term for term, weight in deed.weights.items() if weight > 0)
    return set(entries_of(terms, (form for at, form in deed.forms if at < LAST_PLACE)))


def near_keys(word: str, mark: str) -> tuple[str | None, list[str] | None]:
    """By what a slip of the word is found: its bare form by trigrams and, for a short one, what is left of it."""
    if mark == ROOT or not 3 <= len(word) <= LONGEST_BARE or not word.isalpha():
        return None, None
    plain = bare(word)
    return plain, slips(plain) if len(plain) <= SHORT + 1 else None


def slips(word: str) -> list[str]:
    """A short word and what is left of it without one letter."""
    return sorted({word} | {word[:at] + word[at + 1 :] for at in range(len(word))})


def columns_of(row: Row) -> list[Any]:
    return [getattr(row, name) for name in Row.__slots__]


_make_row: Any = Row
_shared: dict[tuple[str, ...], tuple[str, ...]] = {}


def row_of(values: Sequence[Any], serial: int) -> Row:
    """A row whose tuples of names are shared with other rows; there are few different ones."""
    if len(_shared) > 50_000:
        _shared.clear()
    found = [_as_tuple(value) if isinstance(value, list) else value for value in values]
    found[Row.__slots__.index("serial")] = serial
    made: Row = _make_row(*found)
    return made


def _as_tuple(value: list[str]) -> tuple[str, ...]:
    made = tuple(value)
    return _shared.setdefault(made, made)


def numbers(code: str, packed: bytes) -> array[Any]:
    """An array from the bytes that PostgreSQL sends, whose numbers are big-endian."""
    made: array[Any] = array(code)
    made.frombytes(packed)
    if byteorder == "little":
        made.byteswap()
    return made
