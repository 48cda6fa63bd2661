"""The words of a deed as they are found when it is indexed: which written forms stand for which terms.

To mark what a search has found, somebody must know that päiväkodeissa is a form of päiväkoti. The analysis of all words
of twenty deeds takes forty milliseconds; the index was made by the same analysis, so what it said is kept beside the
deed and a search reads it. Terms are kept as numbers (CRC-32): among the few hundred of a deed none meets the thirty of
a query by chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from zlib import crc32

import numpy as np

from tori.search.analysis import Analyser
from tori.search.columns import Column
from tori.search.port import DeedDocument, HighlightTerms
from tori.search.words import plain, words

MOST_FORMS = 20_000
MOST_TERMS = 255
"""Of one form."""
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
    found = _places(np.frombuffer(b"".join(numbers), "<u4"), {_number(term) for term in terms.terms})
    text = b"\n".join((b"", *texts, b""))
    breaks = (np.frombuffer(text, np.uint8) == _BREAK).nonzero()[0]
    forms = ends.searchsorted(found, side="right")
    owners = np.array(ends_of_deeds).searchsorted(forms, side="right")
    own: list[list[str]] = [[] for _ in deeds]
    for owner, start, stop in zip(owners.tolist(), breaks[forms].tolist(), breaks[forms + 1].tolist(), strict=True):
        own[owner].append(text[start + 1 : stop].decode())
    return met | {deed_id: terms.forms.union(found_forms) for deed_id, found_forms in zip(deeds, own, strict=True)}


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
