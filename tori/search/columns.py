"""Numbers with a place for each deed, or for some of them, and how strongly a deed speaks of a term."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
Postings = tuple[Column, Column]
"""Positions, each once, and how strongly each deed speaks of the term, 0 to 1; or what it scores."""

NOTHING: Postings = (np.empty(0, np.int32), np.empty(0, np.float32))
IMPACT_HALF = 3.2
"""Term weight (see fields.py) at which a deed has half of the strongest impact."""


def impact(weight: float) -> float:
    """Saturating worth of a stored term weight."""
    return weight / (weight + IMPACT_HALF)


def impacts(weights: Column) -> Column:
    """The same for many."""
    return (weights / (weights + np.float32(IMPACT_HALF))).astype(np.float32, copy=False)
