"""Which deeds a page shows, noted while it is made, so that it is known when the page is old."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_shown: ContextVar[set[int] | None] = ContextVar("shown", default=None)


def note_shown(ids: Iterable[int]) -> None:
    """Called where deeds are read for a page or a card."""
    shown = _shown.get()
    if shown is not None:
        shown.update(ids)


@contextmanager
def shown_deeds() -> Iterator[set[int]]:
    """The set fills with the deeds that are read in the block."""
    shown: set[int] = set()
    token = _shown.set(shown)
    try:
        yield shown
    finally:
        _shown.reset(token)
