"""Numbers with a place for each deed, or for some of them, and how strongly a deed speaks of a term."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
Postings = tuple[Column, Column]
"""Positions, each once, and how strongly each deed speaks of the term, 0 to 1; or what it scores."""

NOTHING: Postings = (np.empty(0, np.int32), np.empty(0, np.float32))
WASTE = 1 << 16
"""So many bytes of texts that are no longer there may lie between the others, or as many as of these."""
IMPACT_HALF = 3.2
"""Term weight (see fields.py) at which a deed has half of the strongest impact."""


def impact(weight: float) -> float:
    """Saturating worth of a stored term weight."""
    return weight / (weight + IMPACT_HALF)


def impacts(weights: Column) -> Column:
    """The same for many."""
    return (weights / (weights + np.float32(IMPACT_HALF))).astype(np.float32, copy=False)


def grown(column: NDArray[Any], size: int, filling: int = 0) -> NDArray[Any]:
    """A copy with places for so many, where it has fewer."""
    copy = np.full((max(size, len(column)), *column.shape[1:]), filling, column.dtype)
    copy[: len(column)] = column
    return copy


class TextColumn:
    """Texts by position in one piece of memory. It never changes: `updated` gives a new one."""

    def __init__(self, packed: bytes = b"", starts: array[int] | None = None, stops: array[int] | None = None) -> None:
        self._packed = packed
        self._starts = array("I") if starts is None else starts
        self._stops = array("I") if stops is None else stops

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, at: int) -> bytes:
        """In UTF-8."""
        return self._packed[self._starts[at] : self._stops[at]]

    def text(self, at: int) -> str:
        return self[at].decode("utf-8", "surrogatepass")

    def updated(self, texts: Mapping[int, str]) -> TextColumn:
        """With other texts at some positions; positions that none has had yet follow on the last one."""
        starts, stops = self._starts[:], self._stops[:]
        parts, end = [self._packed], len(self._packed)
        for at, text in sorted(texts.items()):
            encoded = text.encode("utf-8", "surrogatepass")
            parts.append(encoded)
            if at == len(starts):
                starts.append(0)
                stops.append(0)
            starts[at], stops[at] = end, end + len(encoded)
            end += len(encoded)
        made = TextColumn(b"".join(parts), starts, stops)
        live = int(np.sum(np.frombuffer(stops, np.uint32) - np.frombuffer(starts, np.uint32), dtype=np.int64))
        return made._tidy() if end > 2 * live + WASTE else made

    def _tidy(self) -> TextColumn:
        return TextColumn().updated({at: self.text(at) for at in range(len(self))})
