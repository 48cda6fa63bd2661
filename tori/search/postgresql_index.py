"""Index rows as PostgreSQL keeps them.

Postings lie in blocks: a row holds what the deeds of one stretch of ids say of one term, packed into three bytes a
deed, so that a frequent term is read at once and a changed deed touches small rows. Forms lie in a tsvector, for
phrases.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from sys import byteorder
from typing import Any

import numpy as np

from tori.search.analysis import PART, ROOT
from tori.search.catalogue import Row
from tori.search.columns import IMPACT_HALF, Column
from tori.search.fields import Indexed
from tori.search.lexicon import SHORT
from tori.search.words import bare

FORM = "="
WHOLE = ""
BLOCK = 1024
"""Deeds of so many following ids share a row of a term."""
STRONGEST = 255
LAST_PLACE = 16_383
LONGEST_BARE = 40
SHORT_WORD = SHORT + 1


def place_of(deed_id: int) -> tuple[int, int]:
    """Block and place in it."""
    return divmod(deed_id, BLOCK)


def packed(places: Iterable[int], strengths: Iterable[int]) -> bytes:
    """The places as 16 bits each, then the strengths as 8."""
    numbers = array("H", places)
    if byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes() + bytes(strengths)


def unpacked(entries: bytes) -> tuple[Column, Column]:
    """Places and strengths."""
    count = len(entries) // 3
    return np.frombuffer(entries, "<u2", count), np.frombuffer(entries, np.uint8, count, 2 * count)


def strengths_by_term(deed: Indexed) -> dict[str, int]:
    weights = np.fromiter(deed.weights.values(), float, len(deed.weights))
    strengths = np.maximum(np.rint(weights / (weights + IMPACT_HALF) * STRONGEST), 1).astype(int).tolist()
    return {
        term: strength for (term, weight), strength in zip(deed.weights.items(), strengths, strict=True) if weight > 0
    }


def lexeme(word: str) -> str:
    """A word quoted for the input of tsvector and tsquery."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def text_array(texts: Iterable[str]) -> str:
    """Texts as PostgreSQL reads an array of them."""
    return "{" + ",".join(f'"{_quoted(text)}"' for text in texts) + "}"


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


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


def near_key(word: str, mark: str) -> str | None:
    """By what a slip of the word is found, None for what is no word of people."""
    if mark == ROOT or not 3 <= len(word) <= LONGEST_BARE or not word.isalpha():
        return None
    return bare(word)


def slips(word: str) -> list[str]:
    """A word and what is left of it without one letter."""
    return sorted({word} | {word[:at] + word[at + 1 :] for at in range(len(word))})


def row_of(values: Sequence[Any], serial: int) -> Row:
    found = [tuple(value) if isinstance(value, list) else value for value in values]
    found[Row.__slots__.index("serial")] = serial
    return Row.of_values(found)
