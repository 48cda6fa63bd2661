"""Writes segments of the Whoosh index fast, in Whoosh's own format.

Whoosh sorts every single posting of a batch, asks the file system for the length of a field at each and packs numbers
one by one. Here the postings of a batch are gathered by term and written a term at a time. Whoosh reads, merges and
deletes such segments like its own.
"""

from __future__ import annotations

import heapq
import marshal
from array import array
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import accumulate, groupby, repeat
from operator import itemgetter
from pickle import dumps, load
from typing import IO, Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3TermInfo
from whoosh.writing import SegmentWriter

from tori.search.whoosh_schema import CODEC_OPTIONS

MOST_GATHERED = 1_000_000
"""Postings in memory before they go to a file to wait for the rest: some thousand deeds."""
PICKLE = 4
_LENGTHS = (0, 0)
"""Least and greatest length of a field; lengths are evened out before terms come here."""

Term = tuple[str, bytes]
Gathered = tuple[Term, bytes, bytes, list[bytes]]
"""A term with its document numbers, weights and, where the field keeps any, values."""


class _Postings:
    """What the documents of a batch say of one term."""

    __slots__ = ("numbers", "values", "weights")

    def __init__(self) -> None:
        self.numbers = array("I")
        self.weights = array("f")
        self.values: list[bytes] = []

    def add(self, number: int, weight: float, value: bytes | None) -> None:
        self.numbers.append(number)
        self.weights.append(weight)
        if value:
            self.values.append(value)


class TermPool:
    """Postings by term, as many as fit into memory and the rest in sorted files beside the index."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage
        self._current: dict[Term, _Postings] = {}
        self._count = 0
        self._runs: list[str] = []

    def add(self, item: tuple[str, bytes, int, float, bytes | None]) -> None:
        """One posting, as Whoosh gives them."""
        field, term, number, weight, value = item
        self._of(field, term).add(number, weight, value)
        self._count += 1
        if self._count >= MOST_GATHERED:
            self._put_aside()

    def add_weights(self, field: str, number: int, weights: Mapping[str, float]) -> None:
        """All the weighted terms of one document."""
        for term, weight in weights.items():
            if weight > 0:
                found = self._of(field, term.encode())
                found.numbers.append(number)
                found.weights.append(weight)
        self._count += len(weights)

    def add_all(self, field: str, term: bytes, numbers: array[int], weights: array[float], values: list[bytes]) -> None:
        """The postings of a term in documents that were written before."""
        found = self._of(field, term)
        found.numbers.extend(numbers)
        found.weights.extend(weights)
        found.values.extend(values)
        self._count += len(numbers)
        if self._count >= MOST_GATHERED:
            self._put_aside()

    def _of(self, field: str, term: bytes) -> _Postings:
        key = (field, term)
        found = self._current.get(key)
        if found is None:
            found = self._current[key] = _Postings()
        return found

    def _gathered(self) -> Iterator[Gathered]:
        for term in sorted(self._current):
            found = self._current[term]
            yield term, found.numbers.tobytes(), found.weights.tobytes(), found.values

    def _put_aside(self) -> None:
        name = f"gathered-{len(self._runs)}"
        with self._storage.create_file(name).raw_file() as run:
            for gathered in self._gathered():
                marshal.dump(gathered, run)
        self._runs.append(name)
        self._current = {}
        self._count = 0

    def terms(self) -> Iterator[Gathered]:
        """Every term once, in order, with the postings of all batches."""
        if not self._runs:
            yield from self._gathered()
            return
        self._put_aside()
        runs = [self._storage.open_file(name).raw_file() for name in self._runs]
        try:
            # A term of several batches comes in the order of the batches, for merging keeps it.
            merged = heapq.merge(*map(_read, runs), key=itemgetter(0))
            for term, several in groupby(merged, key=itemgetter(0)):
                parts = list(several)
                yield (
                    term,
                    b"".join(part[1] for part in parts),
                    b"".join(part[2] for part in parts),
                    [value for part in parts for value in part[3]],
                )
        finally:
            for run in runs:
                run.close()

    def cleanup(self) -> None:
        """Lets everything go; Whoosh removes the folder of the runs."""
        self._current = {}
        self._runs = []


def _read(run: IO[bytes]) -> Iterator[Gathered]:
    while True:
        try:
            yield marshal.load(run)  # noqa: S302  written by this process a moment ago
        except EOFError:
            return


class FastWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer of a segment, with our gathering and packing of postings."""

    def __init__(self, index: Any) -> None:
        # A compound segment would be copied whole into the memory of every reader.
        super().__init__(index, codec=W3Codec(**CODEC_OPTIONS), compound=False)
        self.pool = TermPool(self._tempstorage)

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: Mapping[int, int] | None) -> None:
        """Takes over the postings of a segment that is merged, a term at a time.

        Whoosh looks up, opens and decodes every posting by itself: every fifth commit of one deed took 300 ms for it.
        """
        for field, term, numbers, weights, values in _written(reader):
            if docmap is None:
                self.pool.add_all(field, term, array("I", (startdoc + number for number in numbers)), weights, values)
                continue
            kept = [at for at, number in enumerate(numbers) if number in docmap]
            if kept:
                self.pool.add_all(
                    field,
                    term,
                    array("I", (docmap[numbers[at]] for at in kept)),
                    array("f", (weights[at] for at in kept)),
                    [values[at] for at in kept] if values else [],
                )

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        fields = self.fieldwriter
        for field, terms in groupby(self.pool.terms(), key=lambda found: found[0][0]):
            fields.start_field(field, self.schema[field])
            self._write_terms(terms)
            fields.finish_field()
        fields.close()

    def _write_terms(self, terms: Iterable[Gathered]) -> None:
        fields = self.fieldwriter
        head = fields._fieldid.to_bytes(2, "big")
        file, index = fields._postfile, fields._tindex
        for (_, term), numbers, weights, values in terms:
            info, packed = _packed(array("I", numbers), array("f", weights), values)
            info.set_extent(file.tell(), len(packed))
            file.write(packed)
            index.add(head + term, info.to_bytes())


def _written(reader: Any) -> Iterator[tuple[str, bytes, array[int], array[float], list[bytes]]]:
    """Every term of a segment that this writer made, in order, with document numbers, weights and values."""
    terms = reader._terms
    for (field, term), info in terms.items():
        numbers, weights = array("I"), array("f")
        values: list[bytes] = []
        for steps, told, own in blocks_of(terms, info.extent()[0]):
            numbers.extend(accumulate(steps))
            weights.extend(told if isinstance(told, array) else repeat(1.0 if told is None else told, len(steps)))
            values += own or ()
        yield field, term, numbers, weights, values


def blocks_of(
    terms: Any, start: int
) -> Iterator[tuple[array[int], array[float] | float | None, tuple[bytes, ...] | None]]:
    """The postings of a term as this writer has laid them out: steps from document to document, weights (or the one of
    all, None for 1) and values. ``start`` is where they begin in the file of the reader of terms."""
    file, length = terms._postfile, 1
    file.seek(start + len(WHOOSH3_HEADER_MAGIC))
    while length > 0:
        length = file.read_int()
        block = BytesIO(file.read(abs(length)))
        # What Whoosh passes over blocks by.
        load(block)  # noqa: S301  the folder of the index is private to the service
        yield load(block)  # noqa: S301


def _packed(numbers: array[int], weights: array[float], values: list[bytes]) -> tuple[W3TermInfo, bytes]:
    """A term as it lies in Whoosh's file of postings: blocks of steps from document to document, weights and values."""
    size = CODEC_OPTIONS["blocklimit"]
    pieces = [WHOOSH3_HEADER_MAGIC]
    count = len(numbers)
    for start in range(0, count, size):
        ids, own = numbers[start : start + size], weights[start : start + size]
        steps = array("I", ids)
        for at in range(len(ids) - 1, 0, -1):
            steps[at] -= ids[at - 1]
        heaviest = max(own)
        even = own[0] if heaviest == min(own) else None
        told = own if even is None else (None if even == 1.0 else even)
        data = dumps((steps, told, tuple(values[start : start + size]) if values else None), PICKLE)
        head = dumps((len(ids), ids[-1], heaviest, 0, *_LENGTHS), PICKLE)
        length = len(head) + len(data)
        pieces += ((-length if start + size >= count else length).to_bytes(4, "big", signed=True), head, data)
    info = W3TermInfo()
    info._weight, info._df, info._maxweight = sum(weights), count, max(weights)
    info._minid, info._maxid = numbers[0], numbers[-1]
    return info, b"".join(pieces)
