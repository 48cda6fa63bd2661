"""The reference engine: everything in dictionaries, nothing on disk. For tests and for comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from tori.search.analysis import PART, ROOT
from tori.search.catalogue import Catalogue, Row
from tori.search.columns import NOTHING, Postings, impact
from tori.search.engine import BaseEngine, View
from tori.search.fields import Indexed, indexed
from tori.search.lexicon import Lexicon
from tori.search.port import DeedDocument, IndexStatus


class _MemoryView(View):
    def __init__(self, deeds: dict[int, tuple[Row, Indexed]], token: int) -> None:
        self.token = token
        self._deeds = deeds
        self._catalogue = Catalogue.build(row for row, _ in deeds.values())
        gathered: dict[str, tuple[list[int], list[float]]] = {}
        self._forms: dict[str, dict[int, list[int]]] = {}
        for deed_id, (_, terms) in deeds.items():
            at = self._catalogue.position_of(deed_id)
            assert at is not None
            for term, weight in terms.weights.items():
                positions, impacts = gathered.setdefault(term, ([], []))
                positions.append(at)
                impacts.append(impact(weight))
            for place, form in terms.forms:
                self._forms.setdefault(form, {}).setdefault(at, []).append(place)
        self._postings: dict[str, Postings] = {
            term: (np.array(positions, np.int32), np.array(impacts, np.float32))
            for term, (positions, impacts) in gathered.items()
        }

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue

    @cached_property
    def lexicon(self) -> Lexicon:
        counts = Counter({form: len(found) for form, found in self._forms.items()})
        for term, (positions, _) in self._postings.items():
            if term[0] != ROOT:
                word = term.removeprefix(PART)
                counts[word] = max(counts[word], len(positions))
        return Lexicon(counts)

    def frequency(self, term: str) -> int:
        return len(self._postings.get(term, NOTHING)[0])

    def postings(self, term: str) -> Postings:
        return self._postings.get(term, NOTHING)

    def phrase(self, forms: Sequence[str]) -> set[int]:
        found = [self._forms.get(form, {}) for form in forms]
        common = set(found[0]).intersection(*found[1:])
        return {
            at
            for at in common
            if any(all(start + step in found[step][at] for step in range(1, len(found))) for start in found[0][at])
        }

    def key_terms(self, deed_id: int) -> Sequence[str]:
        known = self._deeds.get(deed_id)
        return known[1].key_terms if known else ()


class MemoryEngine(BaseEngine):
    """Holds the deeds given to it; a change makes a new view at the next search."""

    name = "memory"

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._deeds: dict[int, tuple[Row, Indexed]] = {}
        self._last_sequence = 0
        self._serial = 0
        self._current: _MemoryView | None = None

    def _view(self) -> View:
        with self._lock:
            if self._current is None:
                self._current = _MemoryView(dict(self._deeds), self._serial)
            return self._current

    def replace(
        self, documents: Iterable[DeedDocument], removed: Iterable[int], last_sequence: int | None = None
    ) -> int:
        touched = 0
        with self._lock:
            for deed_id in removed:
                touched += self._deeds.pop(deed_id, None) is not None
            for deed in documents:
                self._serial += 1
                self._deeds[deed.id] = (Row.of(deed, self._serial), indexed(deed, self.analyser))
                touched += 1
            self._serial += 1
            self._last_sequence = self._last_sequence if last_sequence is None else last_sequence
            self._current = None
        return touched

    def rebuild(self, documents: Iterable[DeedDocument], last_sequence: int = 0) -> int:
        documents = list(documents)
        with self._lock:
            self._deeds.clear()
            return self.replace(documents, (), last_sequence)

    def status(self) -> IndexStatus:
        return IndexStatus(self.name, len(self._deeds), self.version, last_sequence=self._last_sequence)
