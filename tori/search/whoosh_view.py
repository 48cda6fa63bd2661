"""A state of a Whoosh index as a search reads it: rows and columns in memory, postings and words from the files.

Readers are not shared by threads, so each thread has a view of its own around the snapshot that all share.
"""

from __future__ import annotations

import weakref
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tori.search.analysis import PART, ROOT
from tori.search.catalogue import Catalogue, Row
from tori.search.columns import NOTHING, Column, Postings, impacts
from tori.search.engine import View
from tori.search.lexicon import Lexicon
from tori.search.suggest import Titles
from tori.search.whoosh_schema import FORMS, TERMS
from tori.search.word_file import CountedWords, KnownTerms, sums_of

if TYPE_CHECKING:
    from tori.search.whoosh_engine import WhooshEngine

KNOWN_TERMS = 50_000
"""Of terms that were asked for, also of those that no deed has: readers can type without end."""
CACHED_POSTINGS = 700_000


@dataclass(frozen=True, slots=True)
class _Segment:
    """Deeds and their catalogue positions by document number; the position of a deleted one is -1."""

    name: str
    ids: Column
    positions: Column
    has_deleted: bool


class _Term(NamedTuple):
    """In how many deeds a term is, deleted ones too, and where its postings begin: number of the segment, place in
    its file."""

    frequency: int = 0
    starts: tuple[tuple[int, int], ...] = ()


_UNKNOWN = _Term()


class Snapshot:
    """One generation of one build, shared by the threads of the process."""

    def __init__(self, token: tuple[str, int], catalogue: Catalogue, segments: tuple[_Segment, ...]) -> None:
        self.token = token
        self.catalogue = catalogue
        self.segments = segments
        self.found: dict[str, _Term] = {}
        self.terms: KnownTerms | None = None
        """When all of them have been gone through for the words of the index."""
        self.postings: dict[str, Postings] = {}
        self.cached = 0


class WhooshView(View):
    """A snapshot with the reader of one thread."""

    def __init__(self, engine: WhooshEngine, snapshot: Snapshot, reader: Any, leaves: Sequence[Any]) -> None:
        self._engine = engine
        self._snapshot = snapshot
        self._leaves = leaves
        self.token: tuple[str, int] = snapshot.token
        # Closes the files of the reader when its thread ends or has opened a newer one.
        weakref.finalize(self, reader.close)

    @property
    def catalogue(self) -> Catalogue:
        return self._snapshot.catalogue

    @property
    def lexicon(self) -> Lexicon:
        return self._engine.words_of(self).lexicon

    def frequency(self, term: str) -> int:
        return self._found(term).frequency

    def _found(self, term: str) -> _Term:
        snapshot = self._snapshot
        known = snapshot.found.get(term)
        if known is None:
            if snapshot.terms is not None and term not in snapshot.terms:
                known = _UNKNOWN
            else:
                with self._engine.reading():
                    known = _term_in(self._leaves, term)
            if len(snapshot.found) >= KNOWN_TERMS:
                snapshot.found = {}
            snapshot.found[term] = known
        return known

    def postings(self, term: str) -> Postings:
        snapshot = self._snapshot
        known = snapshot.postings.get(term)
        if known is None:
            found = self._found(term)
            if not found.frequency:
                return NOTHING
            with self._engine.reading():
                known = self._read(found)
            snapshot.cached += len(known[0])
            if snapshot.cached > CACHED_POSTINGS:
                snapshot.postings = {}
                snapshot.cached = len(known[0])
            snapshot.postings[term] = known
        return known

    def _read(self, term: _Term) -> Postings:
        places, strengths = [], []
        for number, start in term.starts:
            segment = self._snapshot.segments[number]
            numbers, weights = map(np.concatenate, zip(*_blocks(self._leaves[number], start), strict=True))
            positions = segment.positions[numbers]
            if segment.has_deleted:
                live = positions >= 0
                positions, weights = positions[live], weights[live]
            places.append(positions)
            strengths.append(impacts(weights))
        if len(places) == 1:
            return places[0], strengths[0]
        return np.concatenate(places), np.concatenate(strengths)

    def phrase(self, forms: Sequence[str]) -> set[int]:
        found: set[int] = set()
        with self._engine.reading():
            for leaf, segment in zip(self._leaves, self._snapshot.segments, strict=True):
                for number in _phrase_in(leaf, forms):
                    at = int(segment.positions[number])
                    if at >= 0:
                        found.add(at)
        return found

    def key_terms(self, deed_id: int) -> Sequence[str]:
        at = self._snapshot.catalogue.position_of(deed_id)
        if at is None:
            return ()
        with self._engine.reading():
            for leaf, segment in zip(self._leaves, self._snapshot.segments, strict=True):
                for number in _numbers(leaf, "id", str(deed_id)):
                    if segment.positions[number] == at:
                        return tuple(leaf.stored_fields(number).get("key_terms", ()))
        return ()

    def counted_words(self) -> CountedWords:
        """Every word of the index with the number of deeds that have it, which terms there are, and what titles begin
        with."""
        forms: dict[str, int] = {}
        terms: dict[str, int] = {}
        sums = array("I")
        with self._engine.reading():
            for leaf in self._leaves:
                for encoded, info in leaf.iter_field(FORMS):
                    word = encoded.decode("utf-8")
                    forms[word] = forms.get(word, 0) + info.doc_frequency()
                for encoded, info in leaf.iter_field(TERMS):
                    sums.extend(sums_of(encoded))
                    word = encoded.decode("utf-8")
                    if word[0] != ROOT:
                        terms[word] = terms.get(word, 0) + info.doc_frequency()
        for word, count in terms.items():
            whole = word.removeprefix(PART)
            forms[whole] = max(count, forms.get(whole, 0))
        return CountedWords(*self.token, 0.0, Lexicon(forms), KnownTerms.of(sums), Titles.of(self.catalogue))

    def learn(self, words: CountedWords) -> None:
        """Knows its terms from now on, when the words were counted of the same state."""
        if self.token == (words.build, words.generation):
            self._snapshot.terms = words.terms


def _term_in(leaves: Sequence[Any], term: str) -> _Term:
    from whoosh.reading import TermNotFound

    encoded, frequency, starts = term.encode("utf-8"), 0, []
    for number, leaf in enumerate(leaves):
        try:
            info = leaf._terms.term_info(TERMS, encoded)
        except TermNotFound:
            continue
        frequency += info.doc_frequency()
        starts.append((number, info.extent()[0]))
    return _Term(frequency, tuple(starts)) if frequency else _UNKNOWN


def _blocks(leaf: Any, start: int) -> Iterator[tuple[Column, Column]]:
    """Document numbers and weights, a block at a time; deleted documents are still there."""
    from tori.search.whoosh_writer import blocks_of

    for steps, weights, _ in blocks_of(leaf._terms, start):
        numbers = np.cumsum(np.asarray(steps, np.uint32), dtype=np.uint32)
        if weights is None or isinstance(weights, float):
            yield numbers, np.full(len(numbers), 1.0 if weights is None else weights, np.float32)
        else:
            yield numbers, np.asarray(weights, np.float32)


def _numbers(leaf: Any, field: str, text: str) -> Iterator[int]:
    if (field, text) in leaf:
        matcher = leaf.postings(field, text)
        while matcher.is_active():
            yield matcher.id()
            matcher.next()


def _phrase_in(leaf: Any, forms: Sequence[str]) -> Iterator[int]:
    places: list[dict[int, list[int]]] = []
    for form in forms:
        if (FORMS, form) not in leaf:
            return
        matcher = leaf.postings(FORMS, form)
        own: dict[int, list[int]] = {}
        while matcher.is_active():
            if not places or matcher.id() in places[0]:
                own[matcher.id()] = matcher.value_as("positions")
            matcher.next()
        places.append(own)
    for number, starts in places[0].items():
        later = [set(own.get(number, ())) for own in places[1:]]
        if any(all(start + step in spots for step, spots in enumerate(later, 1)) for start in starts):
            yield number


def advance(known: Snapshot | None, token: tuple[str, int], leaves: Sequence[Any]) -> Snapshot:
    """The next snapshot: only segments and documents that the last one did not have are read."""
    catalogue = known.catalogue if known else Catalogue()
    before = {segment.name: segment for segment in known.segments} if known else {}
    numbered: list[tuple[str, Column, NDArray[np.bool_]]] = []
    for leaf in leaves:
        name = str(leaf.segment().segment_id())
        is_live = np.ones(leaf.doc_count_all(), bool)
        is_live[list(leaf._perdoc.deleted_docs())] = False
        if name in before:
            ids = before[name].ids
        else:
            ids = _column_of(leaf, "deed")
            catalogue = catalogue.with_many(_fresh_rows(leaf, ids, is_live, catalogue))
        numbered.append((name, ids, is_live))
    gone = catalogue.others([ids[is_live] for _, ids, is_live in numbered])
    catalogue = catalogue.updated(removed=gone)
    segments = []
    for name, ids, is_live in numbered:
        positions = np.where(is_live, catalogue.positions_of(ids), -1)
        # A reader that is older than the catalogue has deeds that are no longer there.
        segments.append(_Segment(name, ids, positions, bool((positions < 0).any())))
    return Snapshot(token, catalogue, tuple(segments))


def _fresh_rows(leaf: Any, ids: Column, is_live: NDArray[np.bool_], catalogue: Catalogue) -> Iterator[Row]:
    positions = catalogue.positions_of(ids)
    is_known = (positions >= 0) & is_live
    is_known[is_known] = catalogue.marks[positions[is_known], 0] == _column_of(leaf, "serial")[is_known]
    for number in (is_live & ~is_known).nonzero()[0].tolist():
        stored = leaf.stored_fields(number)
        yield Row.of_values((*stored["row"], *stored.get("later", ())))


def _column_of(leaf: Any, field: str) -> Column:
    if not leaf.has_column(field):
        # Whoosh would give zeros.
        raise FileNotFoundError(f"the column {field} of a segment is not there")
    values = leaf.column_reader(field)
    return np.fromiter((values[number] for number in range(leaf.doc_count_all())), np.int64)
