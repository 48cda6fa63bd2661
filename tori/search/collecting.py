"""Python's garbage collector while an index is built: a build makes millions of objects, of which none is garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (100_000, 50, 100)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Looking through all of them again and again takes a third of the time of a build."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
