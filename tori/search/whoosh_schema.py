"""Fields of the Whoosh index. Terms come ready from our analysis, so Whoosh's own analysers stay out.

These classes are pickled by name into the index: renaming one makes old indexes unreadable, which `FORMAT` tells.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from whoosh import columns, fields, formats

FORMAT = 3
TERMS = "terms"
FORMS = "forms"
CODEC_OPTIONS = {"compression": 0, "blocklimit": 1024}


class WeightedTerms(fields.FieldType):  # type: ignore[misc]
    """Takes a mapping of term to weight; keeps the weight, no positions."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = None
        self.vector = None
        self.scorable = False
        self.stored = False
        self.unique = False
        self.indexed = True
        self.column_type = None
        self.spelling = False

    def index(self, value: Mapping[str, float], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, weight in value.items():
            if weight > 0:
                yield term.encode("utf-8"), 1, weight, b""


class Places(formats.Format):  # type: ignore[misc]
    """Positions as 32-bit numbers: a third of the size that Whoosh's own positions take."""

    posting_size = -1

    def encode(self, places: Sequence[int]) -> bytes:
        return array("I", places).tobytes()

    def decode_positions(self, encoded: bytes) -> list[int]:
        return array("I", encoded).tolist()


class PlacedForms(fields.FieldType):  # type: ignore[misc]
    """Takes pairs of place and form, for phrases of exact forms."""

    def __init__(self) -> None:
        self.format = Places()
        self.analyzer = None
        self.vector = None
        self.scorable = False
        self.stored = False
        self.unique = False
        self.indexed = True
        self.column_type = None
        self.spelling = False

    def index(self, value: Sequence[tuple[int, str]], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, form in value:
            places[form].append(place)
        for form, found in places.items():
            yield form.encode("utf-8"), len(found), 1.0, self.format.encode(found)


def make_schema() -> fields.Schema:
    """A new schema; whoosh keeps a copy in the index."""
    return fields.Schema(
        id=fields.ID(unique=True),
        deed=fields.COLUMN(columns.NumericColumn("q")),
        serial=fields.COLUMN(columns.NumericColumn("q")),
        terms=WeightedTerms(),
        forms=PlacedForms(),
        row=fields.STORED(),
        later=fields.STORED(),
        key_terms=fields.STORED(),
    )
