"""The words of an index as a file beside it, for all processes.

Counting the words of 10 000 deeds takes a process two seconds and 30 MB. The worker counts them, now and then after
changes; the others map the file into memory, so that all of them hold it once.
"""

from __future__ import annotations

import json
import logging
import mmap
import os
from array import array
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tori.search.lexicon import Lexicon, Texts
from tori.search.suggest import Beginnings, Titles

logger = logging.getLogger(__name__)

FORMAT = 2
ALIGNED = 16
HEAD = 4096
"""The first so many bytes of the file say what lies where after them, the first of these what their sum is."""
SUM = 8
MOST_BITS = 1 << 23
"""A megabyte."""


class KnownTerms:
    """Which terms an index may have: two bits for each, of a hundred terms that it has not some three seem known.

    Most words that a search asks for, such as synonyms, no deed has; finding that out from the index takes longer.
    """

    def __init__(self, bits: NDArray[np.uint8]) -> None:
        self.bits = bits
        self._bytes = bits.data
        self._mask = 8 * len(bits) - 1

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
    titles: Titles

    def arrays(self) -> dict[str, NDArray[Any]]:
        titles = self.titles.beginnings
        return {
            **self.lexicon.arrays(),
            "terms": self.terms.bits,
            "titles_packed": np.frombuffer(titles.starts.packed, np.uint8),
            "titles_starts": np.frombuffer(titles.starts.starts, np.uint32),
            "titles_numbers": np.frombuffer(titles.numbers, np.uint32),
        }


def write(path: Path, words: CountedWords) -> None:
    """The new ones or those before, never half of them. One writer at a time."""
    # A name that stays: what a killed writer leaves is written over.
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.seek(HEAD)
        places, total = {}, 0
        for name, values in words.arrays().items():
            packed = values.tobytes()
            places[name] = values.dtype.str, file.tell(), len(values)
            total = crc32(packed, total)
            file.write(packed.ljust(-(-len(packed) // ALIGNED) * ALIGNED, b"\0"))
        told = {
            "format": FORMAT, "build": words.build, "generation": words.generation, "seconds": words.seconds,
            "newest": words.titles.newest, "size": file.tell(), "sum": total, "arrays": places,
        }  # fmt: skip
        head = json.dumps(told).encode().ljust(HEAD - SUM)
        if len(head) > HEAD - SUM:
            raise ValueError(f"What the words of the index are does not fit into {HEAD} bytes.")
        file.seek(0)
        file.write(b"%08x" % crc32(head) + head)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read(path: Path) -> CountedWords | None:
    """None when there is no such file, or it is damaged or of another version: each process counts for itself then."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if int(mapped[:SUM], 16) != crc32(mapped[SUM:HEAD]):
            raise ValueError("its head is not what was written")
        head = json.loads(mapped[SUM:HEAD])
        if head["format"] != FORMAT:
            return None
        if head["size"] != len(mapped):
            raise ValueError("it has been cut")
        arrays = {
            name: np.frombuffer(mapped, dtype, count, start) for name, (dtype, start, count) in head["arrays"].items()
        }
        total = 0
        for values in arrays.values():
            total = crc32(values.data, total)
        if total != head["sum"]:
            raise ValueError("it is not what was written")
        # All of it has been read for that; who needs a part of it gets that from the system again.
        mapped.madvise(mmap.MADV_DONTNEED)
        titles = Texts(arrays["titles_packed"].data, arrays["titles_starts"].data)
        return CountedWords(
            head["build"],
            head["generation"],
            head["seconds"],
            Lexicon.of_arrays(arrays),
            KnownTerms(arrays["terms"]),
            Titles(Beginnings(titles, arrays["titles_numbers"].data), head["newest"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError) as error:
        logger.warning("the words beside the search index cannot be read: %s", error)
        return None
