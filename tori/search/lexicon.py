"""The words of an index: completion by beginning, and the nearest known word of a misspelt one."""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tori.search.words import bare

Flat: TypeAlias = "array[int] | memoryview"
"""Whole numbers beside each other; a view of a file, or made here."""
GRAM = 3
MOST_GRAMS_SHARED = 24
SHORT = 6
LEAST_TYPED = 4
LONGEST = 40
MOST_SHARING = 400
SIGN_EVERY = 32
"""Of so many packed texts one lies ready."""
_KEYBOARD_TWINS = frozenset(
    frozenset(pair)
    for pair in (
        "bp",
        "dt",
        "gk",
        "vw",
        "sz",
        "cs",
        "ck",
        "ks",
        "oö",
        "ae",
        "äe",
        "oå",
        "eå",
        "iy",
        "ij",
        "yj",
        "uy",
        "uo",
    )
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word near to what was typed; `similarity` 1 means the same but for dots.

    `doubtful`: what was typed is a word too, so the guess may be wrong.
    """

    word: str
    similarity: float
    frequency: int
    doubtful: bool = False


class Texts:
    """Sorted texts packed into one piece of memory: a list of strings takes six times as much, and a process that
    lets go of one writes to all of it, also where it was shared."""

    def __init__(self, packed: bytes | memoryview, starts: Flat) -> None:
        self.packed = packed
        self.starts = starts
        self._signs = [self._bytes(at) for at in range(0, len(self), SIGN_EVERY)]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        starts, packed = array("I", [0]), bytearray()
        for text in texts:
            packed += text.encode("utf-8", "surrogatepass")
            starts.append(len(packed))
        return cls(bytes(packed), starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, at: int) -> str:
        if at >= len(self):
            raise IndexError(at)
        return self._bytes(at).decode("utf-8", "surrogatepass")

    def _bytes(self, at: int) -> bytes:
        return bytes(self.packed[self.starts[at] : self.starts[at + 1]])

    def place_of(self, text: str) -> int:
        """The first that is not before ``text``; bytes of UTF-8 sort as their letters do."""
        wanted = text.encode("utf-8", "surrogatepass")
        # Most of the way along a few ready texts, for taking one out of the middle of the packed ones takes longer.
        signs = bisect_left(self._signs, wanted)
        start, stop = max(0, signs - 1) * SIGN_EVERY, min(len(self), signs * SIGN_EVERY)
        return bisect_left(range(len(self)), wanted, start, stop, key=self._bytes)


class _Places(NamedTuple):
    """Numbers by key, as flat arrays; those of a key in rising order."""

    keys: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    numbers: NDArray[np.uint32]

    @classmethod
    def of_pairs(cls, keys: array[int], numbers: array[int]) -> _Places:
        of_pairs = np.frombuffer(keys, np.uint64)
        order = np.argsort(of_pairs, kind="stable")
        single, starts = np.unique(of_pairs[order], return_index=True)
        return cls(single, np.append(starts, len(order)).astype(np.uint32), np.frombuffer(numbers, np.uint32)[order])

    def of(self, key: int) -> NDArray[np.uint32]:
        at = int(np.searchsorted(self.keys, np.uint64(key)))
        if at == len(self.keys) or int(self.keys[at]) != key:
            return self.numbers[:0]
        return self.numbers[self.starts[at] : self.starts[at + 1]]


class Lexicon:
    """Sorted words with the number of deeds that have them, and letter triplets of each for near misses."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        known = sorted(frequencies)
        self._words = Texts.of(known)
        self._counts: Flat = array("I", (min(frequencies[word], 2**31) for word in known))
        self._lengths: Flat = array("B")
        self._grams: _Places | None = None
        self._deletes: _Places | None = None

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All that it holds, prepared, for a file."""
        grams = self._grams or self._prepare()
        assert self._deletes is not None
        return {
            "packed": np.frombuffer(self._words.packed, np.uint8),
            "starts": np.frombuffer(self._words.starts, np.uint32),
            "counts": np.frombuffer(self._counts, np.uint32),
            "lengths": np.frombuffer(self._lengths, np.uint8),
            **{f"grams_{name}": own for name, own in grams._asdict().items()},
            **{f"deletes_{name}": own for name, own in self._deletes._asdict().items()},
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Lexicon:
        """One around arrays that another gave, without a copy of them. Raises KeyError when something lacks."""
        made = cls({})
        made._words = Texts(arrays["packed"].data, arrays["starts"].data)
        made._counts, made._lengths = arrays["counts"].data, arrays["lengths"].data
        made._grams, made._deletes = (
            _Places(*(arrays[f"{kind}_{name}"] for name in _Places._fields)) for kind in ("grams", "deletes")
        )
        return made

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, word: str) -> bool:
        return self.frequency(word) > 0

    def frequency(self, word: str) -> int:
        at = self._words.place_of(word)
        return self._counts[at] if at < len(self._words) and self._words[at] == word else 0

    def starting_with(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Commonest words with this beginning."""
        first = self._words.place_of(prefix)
        last = self._words.place_of(prefix + "\U0010ffff")
        best = sorted(range(first, last), key=lambda at: (-self._counts[at], len(self._words[at])))[:limit]
        return [(self._words[at], self._counts[at]) for at in best]

    def may_begin(self, beginning: str) -> bool:
        """Whether any word begins so; quick, and true where it would not be quick to know."""
        at = self._words.place_of(beginning)
        return at < len(self._words) and self._words[at].startswith(beginning)

    def prepared(self) -> Lexicon:
        """Itself, with the triplets made now and not at the first slip."""
        if self._grams is None:
            self._prepare()
        return self

    def _prepare(self) -> _Places:
        grams, words_of_grams = array("Q"), array("I")
        slips, words_of_slips = array("Q"), array("I")
        self._lengths = array("B", bytes(len(self._words)))
        for at in range(len(self._words)):
            word = bare(self._words[at])
            self._lengths[at] = min(255, len(word))
            if len(word) < 3 or len(word) > LONGEST or not word.isalpha():
                continue
            for gram in set(_grams(word)):
                grams.append(_number_of(gram))
                words_of_grams.append(at)
            if len(word) <= SHORT + 1:
                for slip in _deletions(word):
                    slips.append(_code_of(slip))
                    words_of_slips.append(at)
        self._deletes = _Places.of_pairs(slips, words_of_slips)
        self._grams = _Places.of_pairs(grams, words_of_grams)
        return self._grams

    def near(self, typed: str, limit: int = 5, at_least: float = 0.6) -> list[Spelling]:
        """Words that `typed` may be a slip of, likeliest first."""
        if len(typed) < LEAST_TYPED or len(typed) > LONGEST:
            return []
        grams = self._grams if self._grams is not None else self._prepare()
        word = bare(typed)
        wanted = sorted(set(_grams(word)))
        sharing = np.concatenate([grams.of(_number_of(gram)) for gram in wanted])
        found_at, shared = np.unique(sharing, return_counts=True)
        most = np.argsort(-shared, kind="stable")[:MOST_SHARING]
        ranked = sorted(
            (
                (2 * n / (len(wanted) + self._lengths[at] + 1), at)
                for at, n in zip(found_at[most].tolist(), shared[most].tolist(), strict=True)
            ),
            reverse=True,
        )
        candidates = {at for _, at in ranked[:MOST_GRAMS_SHARED]}
        if len(word) <= SHORT and self._deletes is not None:
            for slip in _deletions(word):
                candidates.update(self._deletes.of(_code_of(slip)).tolist())
        found = []
        for at in candidates:
            known = self._words[at]
            similarity = similarity_of(typed, known, at_least)
            if similarity >= at_least:
                found.append(Spelling(known, similarity, self._counts[at]))
        found.sort(key=lambda s: (-s.similarity - min(s.frequency, 20) * 0.001, s.word))
        return found[:limit]


def _number_of(gram: str) -> int:
    """Three letters as one number."""
    return ord(gram[0]) << 42 | ord(gram[1]) << 21 | ord(gram[2])


def _code_of(text: str) -> int:
    """Nearly always another one for another text; who looks things up by it compares afterwards."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _grams(word: str) -> Iterable[str]:
    padded = f"^{word}$"
    return (padded[at : at + GRAM] for at in range(len(padded) - GRAM + 1))


def _deletions(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def similarity_of(typed: str, word: str, at_least: float = 0.0) -> float:
    """1 minus the cost of turning one into the other, by the length of the typed word; 0 for what is below `at_least`.

    Slips of dots and doubled letters cost little, neighbouring sounds less than others, and an ending that only one
    of them has less than a change in the middle: an inflected slip should meet the base form.
    """
    if typed == word:
        return 1.0
    scale = max(4.5, min(len(typed), len(word)) * 0.75 + 1.0)
    return max(0.0, 1 - _distance(typed, word, (1 - at_least) * scale) / scale)


_HOPELESS = 1000.0


def _distance(a: str, b: str, most: float) -> float:
    tail = 0.45 if min(len(a), len(b)) > SHORT else 0.85
    width = len(b)
    drops_b = [_gap_cost(b, j) for j in range(1, width + 1)]
    before: list[float] = []
    above = [0.0]
    for _ in range(width):
        above.append(above[-1] + 1.2)
    for i, x in enumerate(a, 1):
        drop = _gap_cost(a, i)
        last = i == len(a)
        row = [i * 1.2]
        for j, y in enumerate(b, 1):
            # Even equal letters may be better left out: an ending costs little, wherever its letters recur.
            best = above[j - 1] if x == y else above[j - 1] + _swap_cost(x, y)
            cost = above[j] + (min(drop, tail) if j == width else drop)
            if cost < best:
                best = cost
            cost = row[j - 1] + (min(drops_b[j - 1], tail) if last else drops_b[j - 1])
            if cost < best:
                best = cost
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before[j - 2] + 0.9)
            row.append(best)
        if min(row) > most and (not before or min(above) > most):
            return _HOPELESS
        before, above = above, row
    return above[-1]


@lru_cache(maxsize=4096)
def _swap_cost(x: str, y: str) -> float:
    if bare(x) == bare(y):
        return 0.1
    return 0.8 if frozenset((x, y)) in _KEYBOARD_TWINS else 1.0


def _gap_cost(word: str, at: int) -> float:
    return 0.5 if at > 1 and word[at - 2] == word[at - 1] else 1.0
