"""The answer to a search: who answers it, in order, and who hardly does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tori.search.catalogue import bits_of_mask, mask_of
from tori.search.columns import NOTHING, Column, Postings


class Order:
    """Positions and scores, best first: the head is put in order at once, the rest when somebody reads so far."""

    def __init__(self, head: Postings = NOTHING, rest: Postings = NOTHING) -> None:
        self.head = head
        self._rest = rest

    def __len__(self) -> int:
        return len(self.head[0]) + len(self._rest[0])

    @cached_property
    def _sorted_rest(self) -> Postings:
        positions, scores = self._rest
        order = np.lexsort((-positions, -scores))
        return positions[order], scores[order]

    @property
    def has_rest(self) -> bool:
        return len(self._rest[0]) > 0

    @property
    def top(self) -> float | None:
        """The best score."""
        return float(self.head[1][0]) if len(self.head[1]) else None

    @property
    def positions(self) -> tuple[Column, Column]:
        """In no order."""
        return self.head[0], self._rest[0]

    def best(self, count: int, among: Column | None) -> list[tuple[float, int]]:
        """The first `count` of those that the mask has."""
        found = _first(self.head, count, among)
        if len(found) < count and self.has_rest:
            found += _first(self._sorted_rest, count - len(found), among)
        return found


def _first(order: Postings, count: int, among: Column | None) -> list[tuple[float, int]]:
    positions, scores = order
    if among is not None:
        kept = among[positions]
        positions, scores = positions[kept], scores[kept]
    return list(zip(scores[:count].tolist(), positions[:count].tolist(), strict=True))


@dataclass
class Ranking:
    """Who answers the query, best first, and who hardly does."""

    size: int
    strong: Order
    weak: Order
    relaxed: bool
    corrected: str | None
    correction_used: bool
    terms: frozenset[str]
    forms: frozenset[str]

    def __len__(self) -> int:
        return len(self.strong) + len(self.weak)

    @cached_property
    def strong_bits(self) -> int:
        return self._bits(self.strong)

    @cached_property
    def bits(self) -> int:
        """Everybody in it."""
        return self.strong_bits | self._bits(self.weak)

    def _bits(self, order: Order) -> int:
        mask = np.zeros(self.size, bool)
        for positions in order.positions:
            mask[positions] = True
        return bits_of_mask(mask)

    def page(self, start: int, stop: int, kept: int) -> list[tuple[float, int]]:
        """Scores and positions from `start` to `stop` of those that `kept` has."""
        among = None if kept == self.bits else mask_of(kept, self.size)
        found = self.strong.best(stop, among)
        return (found + self.weak.best(stop - len(found), among))[start:stop]

    def scores(self) -> dict[int, float]:
        """By position."""
        return {at: score for score, at in self.page(0, len(self), self.bits)}
