"""Word lists that come with the package, read when first needed."""

from __future__ import annotations

from importlib.resources import files


def text_of(name: str) -> str:
    """The whole of a data file."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def word_list(name: str) -> frozenset[str]:
    """Words divided by any white space."""
    return frozenset(text_of(name).split())
