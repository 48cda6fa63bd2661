"""The words of an index: completion by beginning, and the nearest known word of a misspelt one."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tori.search.words import bare

GRAM = 3
MOST_GRAMS_SHARED = 24
SHORT = 6
LEAST_TYPED = 4
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


class Lexicon:
    """Sorted words with the number of deeds that have them, and letter triplets of each for near misses."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self._words = sorted(frequencies)
        self._counts = array("I", (min(frequencies[word], 2**31) for word in self._words))
        self._grams: dict[str, array[int]] | None = None
        self._deletes: dict[str, list[int]] = {}
        self._bare: list[str] = []

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, word: str) -> bool:
        return self.frequency(word) > 0

    def frequency(self, word: str) -> int:
        at = bisect_left(self._words, word)
        return self._counts[at] if at < len(self._words) and self._words[at] == word else 0

    def starting_with(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Commonest words with this beginning."""
        first = bisect_left(self._words, prefix)
        last = bisect_left(self._words, prefix + "\U0010ffff")
        best = sorted(range(first, last), key=lambda at: (-self._counts[at], len(self._words[at])))[:limit]
        return [(self._words[at], self._counts[at]) for at in best]

    def _prepare(self) -> dict[str, array[int]]:
        grams: dict[str, array[int]] = {}
        self._bare = [bare(word) for word in self._words]
        for at, word in enumerate(self._bare):
            if len(word) < 3 or len(word) > 40 or not word.isalpha():
                continue
            for gram in set(_grams(word)):
                grams.setdefault(gram, array("I")).append(at)
            if len(word) <= SHORT + 1:
                for key in _deletions(word):
                    self._deletes.setdefault(key, []).append(at)
        self._grams = grams
        return grams

    def near(self, typed: str, limit: int = 5, at_least: float = 0.6) -> list[Spelling]:
        """Words that `typed` may be a slip of, likeliest first."""
        if len(typed) < LEAST_TYPED or len(typed) > 40:
            return []
        grams = self._grams if self._grams is not None else self._prepare()
        word = bare(typed)
        shared: Counter[int] = Counter()
        wanted = set(_grams(word))
        for gram in wanted:
            shared.update(grams.get(gram, ()))
        ranked = sorted(
            ((2 * n / (len(wanted) + len(self._bare[at]) + 1), at) for at, n in shared.most_common(400)), reverse=True
        )
        candidates = {at for _, at in ranked[:MOST_GRAMS_SHARED]}
        if len(word) <= SHORT:
            for key in _deletions(word):
                candidates.update(self._deletes.get(key, ()))
        found = []
        for at in candidates:
            similarity = similarity_of(typed, self._words[at])
            if similarity >= at_least:
                found.append(Spelling(self._words[at], similarity, self._counts[at]))
        found.sort(key=lambda s: (-s.similarity - min(s.frequency, 20) * 0.001, s.word))
        return found[:limit]


def _grams(word: str) -> Iterable[str]:
    padded = f"^{word}$"
    return (padded[at : at + GRAM] for at in range(len(padded) - GRAM + 1))


def _deletions(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


def similarity_of(typed: str, word: str) -> float:
    """1 minus the cost of turning one into the other, by the length of the typed word.

    Slips of dots and doubled letters cost little, neighbouring sounds less than others, and an ending that only one
    of them has less than a change in the middle: an inflected slip should meet the base form.
    """
    cost = _distance(typed, word)
    return max(0.0, 1 - cost / (max(4.5, min(len(typed), len(word)) * 0.75 + 1.0)))


def _distance(a: str, b: str) -> float:
    tail = 0.45 if min(len(a), len(b)) > SHORT else 0.85
    rows = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        rows[i][0] = i * 1.2
    for j in range(1, len(b) + 1):
        rows[0][j] = j * 1.2
    for i in range(1, len(a) + 1):
        x = a[i - 1]
        above, row = rows[i - 1], rows[i]
        for j in range(1, len(b) + 1):
            y = b[j - 1]
            best = above[j - 1] if x == y else above[j - 1] + _swap_cost(x, y)
            # Even equal letters may be better left out: an ending costs little, wherever its letters recur.
            best = min(
                best, above[j] + _gap_cost(a, i, j == len(b), tail), row[j - 1] + _gap_cost(b, j, i == len(a), tail)
            )
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[i - 2][j - 2] + 0.9)
            row[j] = best
    return rows[-1][-1]


def _swap_cost(x: str, y: str) -> float:
    if bare(x) == bare(y):
        return 0.1
    return 0.8 if frozenset((x, y)) in _KEYBOARD_TWINS else 1.0


def _gap_cost(word: str, at: int, at_end: bool, tail: float) -> float:
    letter = word[at - 1]
    if at > 1 and word[at - 2] == letter:
        return 0.5
    return tail if at_end else 1.0
