"""The words of a deed as they are found when it is indexed: which written forms stand for which terms.

To mark what a search has found, somebody must know that päiväkodeissa is a form of päiväkoti. The analysis of all words
of twenty deeds takes forty milliseconds; the index was made by the same analysis, so what it said is kept beside the
deed and a search reads it. Terms are kept as numbers (CRC-32): among the few hundred of a deed none meets the thirty of
a query by chance.

Most deeds are found by a word of their summary. So that the other texts need not be read for these, it is also kept
where each word of the summary stands.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from struct import Struct
from zlib import crc32

import numpy as np

from tori.search.analysis import Analyser
from tori.search.columns import Column
from tori.search.highlight import has_html
from tori.search.port import DeedDocument, HighlightTerms
from tori.search.words import normalise, plain, spans, words

MOST_FORMS = 20_000
MOST_TERMS = 255
"""Of one form."""
LONGEST_PLACED, MOST_WORDS = 2000, 255
"""Letters and words of a text whose places are kept."""
TYPED = "="
"""Stands before the form of a word where it is told among the terms, for whoever looks for it as it was typed."""
_PLACE = Struct("<HH")
_COUNT_BYTES = 2
_HALF = 0xFFFF
_BREAK = ord("\n")


def packed_words(deed: DeedDocument, analyser: Analyser) -> bytes:
    """Of the texts that passages are taken from: the number of forms, how many terms each has, the terms, the forms."""
    texts = (deed.summary, deed.need, deed.goals, deed.implementation, deed.results, deed.body)
    forms = list(dict.fromkeys(form for text in texts for form in words(plain(text))))[:MOST_FORMS]
    told = [analyser.terms(form, deed.language)[:MOST_TERMS] for form in forms]
    numbers = np.array([_number(term) for terms in told for term in terms], "<u4")
    counts = bytes(len(terms) for terms in told)
    return len(forms).to_bytes(_COUNT_BYTES, "little") + counts + numbers.tobytes() + "\n".join(forms).encode()


def forms_met(packed: Mapping[int, bytes], terms: HighlightTerms) -> dict[int, frozenset[str]]:
    """By deed the forms in it that a search has found by its terms, and those that were typed.

    For all deeds of a page at once, since looking through the few hundred terms of one takes hardly any time itself.
    """
    met = dict.fromkeys(packed, terms.forms)
    deeds = [deed_id for deed_id, words in packed.items() if len(words) > _COUNT_BYTES]
    if not deeds or not terms.terms:
        return met
    counts = [_counts(packed[deed_id]) for deed_id in deeds]
    ends = np.frombuffer(b"".join(counts), np.uint8).cumsum(dtype=np.int64)
    ends_of_deeds = list(accumulate(map(len, counts)))
    numbers, texts, seen = [], [], 0
    for deed_id, own_counts, until in zip(deeds, counts, ends[np.array(ends_of_deeds) - 1].tolist(), strict=True):
        start = _COUNT_BYTES + len(own_counts)
        stop = start + 4 * (until - seen)
        numbers.append(packed[deed_id][start:stop])
        texts.append(packed[deed_id][stop:])
        seen = until
    found = _places(np.frombuffer(b"".join(numbers), "<u4"), _numbers(terms.terms))
    text = b"\n".join((b"", *texts, b""))
    breaks = (np.frombuffer(text, np.uint8) == _BREAK).nonzero()[0]
    forms = ends.searchsorted(found, side="right")
    owners = np.array(ends_of_deeds).searchsorted(forms, side="right")
    own: list[list[str]] = [[] for _ in deeds]
    for owner, start, stop in zip(owners.tolist(), breaks[forms].tolist(), breaks[forms + 1].tolist(), strict=True):
        own[owner].append(text[start + 1 : stop].decode())
    return met | {deed_id: terms.forms.union(found_forms) for deed_id, found_forms in zip(deeds, own, strict=True)}


def placed_words(text: str, packed: bytes) -> bytes:
    """Where the words of a text stand in it and what they stand for, by the packed words of its deed.

    Nothing for a text that is long, that is written otherwise in HTML, or with a word that is not among the packed
    ones: how many words there are, the place of each, how many terms each has, and the terms.
    """
    if len(text) > LONGEST_PLACED or has_html(text) or normalise(text) != text:
        return b""
    found, known = list(spans(text)), _terms_of_forms(packed)
    if len(found) > MOST_WORDS or not all(form in known for _, _, form in found):
        return b""
    places = b"".join(_PLACE.pack(start, end) for start, end, _ in found)
    told = [(known[form] + _packed_number(TYPED + form))[-4 * MOST_TERMS :] for _, _, form in found]
    return bytes((len(found),)) + places + bytes(len(numbers) // 4 for numbers in told) + b"".join(told)


def places_met(placed: Sequence[bytes], terms: HighlightTerms) -> list[list[tuple[int, int]]]:
    """Of each text the places, in order, that a search marks; of all texts of a page at once."""
    counts = [held[1 + 4 * held[0] : 1 + 5 * held[0]] for held in placed]
    numbers = np.frombuffer(b"".join(held[1 + 5 * held[0] :] for held in placed), "<u4")
    ends = np.frombuffer(b"".join(counts), np.uint8).cumsum(dtype=np.int64)
    ends_of_texts = list(accumulate(map(len, counts), initial=0))
    found = _places(numbers, _numbers(terms.terms) | _numbers(TYPED + form for form in terms.forms))
    met: list[list[tuple[int, int]]] = [[] for _ in placed]
    for word in dict.fromkeys(ends.searchsorted(found, side="right").tolist()):
        owner = bisect_right(ends_of_texts, word) - 1
        met[owner].append(_PLACE.unpack_from(placed[owner], 1 + _PLACE.size * (word - ends_of_texts[owner])))
    return met


def _terms_of_forms(packed: bytes) -> dict[str, bytes]:
    """By form its terms as numbers."""
    counts = _counts(packed)
    start = _COUNT_BYTES + len(counts)
    ends = [start + 4 * until for until in accumulate(counts, initial=0)]
    forms = packed[ends[-1] :].decode().split("\n")
    return {form: packed[at : at + 4 * count] for form, at, count in zip(forms, ends, counts, strict=False)}


def _counts(packed: bytes) -> bytes:
    """How many terms each form has."""
    return packed[_COUNT_BYTES : _COUNT_BYTES + int.from_bytes(packed[:_COUNT_BYTES], "little")]


def _places(numbers: Column, wanted: set[int]) -> list[int]:
    """Where one of those wanted stands. Half of the bits of a number tell of nearly all that it is none."""
    likely = np.zeros(_HALF + 1, bool)
    likely[[number & _HALF for number in wanted]] = True
    return [at for at in np.flatnonzero(likely.take(numbers & _HALF)).tolist() if int(numbers[at]) in wanted]


def _number(term: str) -> int:
    return crc32(term.encode())


def _numbers(terms: Iterable[str]) -> set[int]:
    return set(map(crc32, map(str.encode, terms)))


def _packed_number(term: str) -> bytes:
    return _number(term).to_bytes(4, "little")
