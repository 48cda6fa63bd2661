"""The words of a deed as they are found when it is indexed: which written forms stand for which terms.

To mark what a search has found, somebody must know that päiväkodeissa is a form of päiväkoti. The analysis of all words
of twenty deeds takes forty milliseconds; the index was made by the same analysis, so what it said is kept beside the
deed and a search reads it. Terms are kept as numbers (CRC-32): among the few hundred of a deed none meets the thirty of
a query by chance.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from zlib import crc32

import numpy as np

from tori.search.analysis import Analyser
from tori.search.port import DeedDocument, HighlightTerms
from tori.search.scores import Column
from tori.search.words import plain, words

MOST_FORMS = 20_000
MOST_TERMS = 255
"""Of one form."""
_COUNT_BYTES = 2


def packed_words(deed: DeedDocument, analyser: Analyser) -> bytes:
    """Of the texts that passages are taken from: the number of forms, how many terms each has, the terms, the forms."""
    texts = (deed.summary, deed.need, deed.goals, deed.implementation, deed.results, deed.body)
    forms = list(dict.fromkeys(form for text in texts for form in words(plain(text))))[:MOST_FORMS]
    told = [analyser.terms(form, deed.language)[:MOST_TERMS] for form in forms]
    numbers = np.array([_number(term) for terms in told for term in terms], "<u4")
    counts = bytes(len(terms) for terms in told)
    return len(forms).to_bytes(_COUNT_BYTES, "little") + counts + numbers.tobytes() + "\n".join(forms).encode()


def forms_met(packed: bytes, terms: HighlightTerms) -> frozenset[str]:
    """The forms in the deed that a search has found by its terms, and those that were typed."""
    count = int.from_bytes(packed[:_COUNT_BYTES], "little")
    counts = packed[_COUNT_BYTES : _COUNT_BYTES + count]
    total, start = sum(counts), _COUNT_BYTES + count
    numbers = np.frombuffer(packed, "<u4", total, start)
    wanted = _numbers(terms.terms)
    met = (
        np.flatnonzero(wanted.take(wanted.searchsorted(numbers), mode="clip") == numbers).tolist()
        if terms.terms
        else []
    )
    if not met:
        return terms.forms
    ends = list(accumulate(counts))
    forms = packed[start + 4 * total :].decode().split("\n")
    return terms.forms.union(forms[bisect_right(ends, at)] for at in met)


def _number(term: str) -> int:
    return crc32(term.encode())


@lru_cache(16)
def _numbers(terms: frozenset[str]) -> Column:
    return np.array(sorted(map(_number, terms)), "<u4")
