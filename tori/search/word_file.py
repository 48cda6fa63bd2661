"""The words of an index as a file beside it, for all processes.

Counting the words of 10 000 deeds takes a process a second and a half and 12 MB, reading them from a file four
milliseconds and 9 MB. The worker counts them, now and then after changes; the others read.
"""

from __future__ import annotations

import logging
import os
from array import array
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tori.search.lexicon import Lexicon

logger = logging.getLogger(__name__)

FORMAT = 1
MOST_BITS = 1 << 23
"""A megabyte."""


class KnownTerms:
    """Which terms an index may have: two bits for each, of a hundred terms that it has not some three seem known.

    Most words that a search asks for, such as synonyms, no deed has; finding that out from the index takes longer.
    """

    def __init__(self, bits: NDArray[np.uint8]) -> None:
        self.bits = bits
        self._bytes = bits.tobytes()
        self._mask = 8 * len(self._bytes) - 1

    @classmethod
    def of(cls, sums: array[int]) -> KnownTerms:
        """``sums``: those of each term, one after another."""
        size = min(MOST_BITS, 1 << max(3, (4 * len(sums)).bit_length()))
        bits = np.zeros(size, bool)
        bits[np.frombuffer(sums, np.uint32) & (size - 1)] = True
        return cls(np.packbits(bits, bitorder="little"))

    def __contains__(self, term: str) -> bool:
        first, second = sums_of(term.encode("utf-8"))
        return self._has(first & self._mask) and self._has(second & self._mask)

    def _has(self, at: int) -> bool:
        return bool(self._bytes[at >> 3] >> (at & 7) & 1)


def sums_of(term: bytes) -> tuple[int, int]:
    """Two numbers of a term that are the same in every process."""
    return crc32(term), crc32(term[::-1])


class CountedWords(NamedTuple):
    """What was counted of one state of an index, and how many seconds that took."""

    build: str
    generation: int
    seconds: float
    lexicon: Lexicon
    terms: KnownTerms


def write(path: Path, words: CountedWords) -> None:
    """The new ones or those before, never half of them. One writer at a time."""
    # A name that stays: what a killed writer leaves is written over.
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        arrays: dict[str, Any] = {
            "format": FORMAT, "build": words.build, "generation": words.generation, "seconds": words.seconds,
            "terms": words.terms.bits, **words.lexicon.arrays(),
        }  # fmt: skip
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read(path: Path) -> CountedWords | None:
    """None when there is no such file, or it is damaged or of another version: each process counts for itself then."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if int(arrays["format"]) != FORMAT:
                return None
            return CountedWords(
                str(arrays["build"]),
                int(arrays["generation"]),
                float(arrays["seconds"]),
                Lexicon.of_arrays(arrays),
                KnownTerms(arrays["terms"]),
            )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        logger.warning("the words beside the search index cannot be read: %s", error)
        return None
