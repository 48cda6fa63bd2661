"""Published deeds as columns in memory: filters, orders, totals and every facet count without a database.

Each deed has a position; each facet value a Python integer with one bit for each position. A catalogue never
changes: `updated` gives a new one that shares what stayed, so readers need no lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tori.search.columns import Column
from tori.search.port import FACETS, DeedDocument, FacetValue, Filters, Sort
from tori.search.words import folded

SECONDS_IN_YEAR = 31_557_600
FIRST_REACH, FARTHER = 1024, 8
"""So many of an order are looked through for a page, and so many times more where these have too few."""
WORDS_AT_ONCE = 1 << 16
"""Half a megabyte: getting larger pieces of memory from the system for each search takes longer than counting."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the catalogue keeps of a deed. `serial` changes whenever the deed is indexed again."""

    id: int
    serial: int
    title: str
    sector: str
    themes: tuple[str, ...]
    organisation: str
    region: str | None
    year: int
    language: str
    published: float
    adoptions: int
    sector_names: tuple[str, ...] = ()
    theme_names: tuple[str, ...] = ()
    organisation_names: tuple[str, ...] = ()
    version: int = 0
    effort: str | None = None
    size: str | None = None
    customers: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    maturity: str | None = None

    @classmethod
    def of(cls, deed: DeedDocument, serial: int) -> Row:
        return cls(
            id=deed.id,
            serial=serial,
            title=deed.title,
            sector=deed.sector,
            themes=deed.themes,
            organisation=deed.organisation,
            region=deed.region,
            year=deed.year,
            language=deed.language,
            published=deed.published_at.timestamp(),
            adoptions=deed.adoptions,
            sector_names=deed.sector_names,
            theme_names=deed.theme_names,
            organisation_names=deed.organisation_names,
            version=deed.version,
            effort=deed.effort,
            size=deed.size,
            customers=deed.customers,
            benefits=deed.benefits,
            professions=deed.professions,
            situations=deed.situations,
            methods=deed.methods,
            maturity=deed.maturity,
        )

    def facet_values(self) -> Iterable[tuple[str, FacetValue]]:
        yield "sector", self.sector
        for theme in self.themes:
            yield "theme", theme
        yield "organisation", self.organisation
        if self.region:
            yield "region", self.region
        yield "year", self.year
        yield "language", self.language
        if self.effort:
            yield "effort", self.effort
        if self.size:
            yield "size", self.size
        if self.maturity:
            yield "maturity", self.maturity
        for facet, values in (
            ("customers", self.customers), ("benefit", self.benefits), ("profession", self.professions),
            ("situation", self.situations), ("method", self.methods),
        ):  # fmt: skip
            for value in values:
                yield facet, value


def _numbers(row: Row) -> tuple[float, ...]:
    return row.published, row.adoptions, row.id


def _title(row: Row) -> bytes:
    return folded(row.title).encode()


class Bits:
    """A set of positions that can be asked for members fast: an integer and its bytes."""

    __slots__ = ("_bytes", "value")

    def __init__(self, value: int) -> None:
        self.value = value
        self._bytes = value.to_bytes((value.bit_length() + 7) // 8, "little")

    def __contains__(self, position: int) -> bool:
        at = position >> 3
        return at < len(self._bytes) and bool(self._bytes[at] >> (position & 7) & 1)


def bits_of(positions: Iterable[int], size: int) -> int:
    """Positions below `size` as one integer."""
    buffer = bytearray((size >> 3) + 1)
    for position in positions:
        buffer[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(buffer, "little")


def bits_of_mask(mask: NDArray[np.bool_]) -> int:
    """A column of yes and no as one integer."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def mask_of(bits: int, size: int) -> NDArray[np.bool_]:
    """An integer as a column of yes and no for each position below `size`."""
    packed = np.frombuffer(bits.to_bytes((size + 7) // 8, "little"), np.uint8)
    return np.unpackbits(packed, count=size, bitorder="little").view(np.bool_)


class Catalogue:
    """Rows by position (None where a deed went away), positions by id, bitsets, and columns.

    A search reads columns, not rows: whoever looks at an object of Python writes to it, and ten thousand of them lie on
    memory that is shared until then.
    """

    def __init__(self) -> None:
        self.rows: list[Row | None] = []
        self.by_id: dict[int, int] = {}
        self._free: list[int] = []
        self._facets: dict[str, dict[FacetValue, int]] = {name: {} for name in FACETS}
        self._all = 0
        self.numbers: NDArray[np.float64] = np.empty((0, 3))
        """By position: when the deed was published, how often it was adopted, its id."""
        self.titles: list[bytes] = []
        """By position: folded."""

    @classmethod
    def build(cls, rows: Iterable[Row]) -> Catalogue:
        """A catalogue from nothing; later rows of the same id win."""
        made = cls()
        made.rows = list({row.id: row for row in rows}.values())
        made.by_id = {row.id: at for at, row in enumerate(made.rows) if row}
        members: dict[str, dict[FacetValue, list[int]]] = {name: {} for name in FACETS}
        for at, row in enumerate(made.rows):
            if row is None:
                continue
            for name, value in row.facet_values():
                members[name].setdefault(value, []).append(at)
        made.numbers = np.array([_numbers(row) for row in made.rows if row], float).reshape(-1, 3)
        made.titles = [_title(row) for row in made.rows if row]
        size = len(made.rows)
        made._facets = {
            name: {value: bits_of(positions, size) for value, positions in values.items()}
            for name, values in members.items()
        }
        made._all = (1 << size) - 1
        return made

    def updated(self, added: Iterable[Row] = (), removed: Iterable[int] = ()) -> Catalogue:
        """A copy with deeds replaced, added and (by id) removed. Costs a copy of lists, not a rebuild."""
        added = list(added)
        removed = list(removed)
        if not added and not removed:
            return self
        if len(added) + len(removed) > max(500, len(self.by_id) // 10):
            gone = set(removed)
            return Catalogue.build([row for row in self.rows if row and row.id not in gone] + added)
        copy = Catalogue()
        copy.rows, copy.by_id, copy._free = list(self.rows), dict(self.by_id), list(self._free)
        copy._facets = {name: dict(values) for name, values in self._facets.items()}
        copy._all, copy.numbers, copy.titles = self._all, self.numbers.copy(), list(self.titles)
        for deed_id in removed:
            copy._take_out(deed_id)
        for row in added:
            copy._take_out(row.id)
            copy._put_in(row)
        return copy

    def _take_out(self, deed_id: int) -> None:
        at = self.by_id.pop(deed_id, None)
        if at is None:
            return
        row = self.rows[at]
        assert row is not None
        bit = 1 << at
        for name, value in row.facet_values():
            left = self._facets[name].get(value, 0) & ~bit
            if left:
                self._facets[name][value] = left
            else:
                self._facets[name].pop(value, None)
        self._all &= ~bit
        self.rows[at] = None
        self._free.append(at)

    def _put_in(self, row: Row) -> None:
        if self._free:
            at = self._free.pop()
            self.rows[at], self.titles[at] = row, _title(row)
            self.numbers[at] = _numbers(row)
        else:
            at = len(self.rows)
            self.rows.append(row)
            self.titles.append(_title(row))
            self.numbers = np.vstack((self.numbers, _numbers(row)))
        bit = 1 << at
        for name, value in row.facet_values():
            self._facets[name][value] = self._facets[name].get(value, 0) | bit
        self._all |= bit
        self.by_id[row.id] = at

    def __len__(self) -> int:
        return len(self.by_id)

    @property
    def everything(self) -> int:
        """Bits of all deeds."""
        return self._all

    @cached_property
    def freshness(self) -> NDArray[np.float64]:
        """By position: 1 for the newest deed, a third of that for one that was published five years before it."""
        published = self.numbers[:, 0]
        newest = published.max(initial=0.0, where=mask_of(self._all, len(published)))
        return np.asarray(np.exp((newest - published) / (-5 * SECONDS_IN_YEAR)))

    @cached_property
    def fame(self) -> NDArray[np.float64]:
        """By position: 0 for a deed that nobody has adopted, 1 for one that fifty have."""
        return np.minimum(1.0, np.log1p(self.numbers[:, 1]) / 3.9)

    def values(self, facet: str) -> dict[FacetValue, int]:
        """Bits by value of one facet."""
        return self._facets[facet]

    def _chosen(self, filters: Filters) -> dict[str, int]:
        """Bits allowed by each facet that has a choice."""
        allowed = {}
        for name, wanted in filters.by_facet().items():
            if wanted:
                bits = 0
                for value in wanted:
                    bits |= self._facets[name].get(value, 0)
                allowed[name] = bits
        return allowed

    def filtered(self, found: int, filters: Filters) -> int:
        """Those of `found` that pass every filter."""
        for bits in self._chosen(filters).values():
            found &= bits
        return found

    def facet_counts(self, found: int, filters: Filters) -> dict[str, dict[FacetValue, int]]:
        """Counts of every value within `found`; each facet ignores its own choice and heeds the others."""
        chosen = self._chosen(filters)
        kept = found
        for bits in chosen.values():
            kept &= bits
        counts = self._counted(kept)
        for name in chosen:
            base = found
            for other, bits in chosen.items():
                if other != name:
                    base &= bits
            counts[name] = self._counted(base)[name]
        return counts

    def _counted(self, found: int) -> dict[str, dict[FacetValue, int]]:
        """Counts of every value of every facet within `found`."""
        table = self._table
        counts: dict[str, dict[FacetValue, int]] = {name: {} for name in self._facets}
        words = np.frombuffer(found.to_bytes(8 * table.shape[1], "little"), np.uint64)
        shared, step = np.empty(len(table), np.uint32), 1 + WORDS_AT_ONCE // len(words)
        for start in range(0, len(table), step):
            some = slice(start, start + step)
            np.bitwise_count(table[some] & words).sum(axis=1, dtype=np.uint32, out=shared[some])
        places, values = shared.nonzero()[0], self._values
        for place, count in zip(places.tolist(), shared.take(places).tolist(), strict=True):
            name, value = values[place]
            counts[name][value] = count
        return counts

    @cached_property
    def _values(self) -> list[tuple[str, FacetValue]]:
        return [(name, value) for name, values in self._facets.items() for value in values]

    @cached_property
    def _table(self) -> NDArray[np.uint64]:
        """The bits of each facet value as a row of 64 at a time, so that all are counted at once."""
        size = 1 + len(self.rows) // 64
        rows = b"".join(self._facets[name][value].to_bytes(8 * size, "little") for name, value in self._values)
        return np.frombuffer(rows, np.uint64).reshape(len(self._values), size)

    @cached_property
    def _newest(self) -> Column:
        return self._positions_by(0)

    @cached_property
    def _adopted(self) -> Column:
        return self._positions_by(1, 0)

    def _positions_by(self, *columns: int) -> Column:
        """Those in use, the greatest numbers of the columns first, of equal ones the greatest id."""
        positions = mask_of(self._all, len(self.rows)).nonzero()[0].astype(np.int32)
        keys = -self.numbers[positions].T
        return positions[np.lexsort((keys[2], *(keys[column] for column in reversed(columns))))]

    def ordered(self, found: int, sort: Sort, start: int, stop: int) -> list[int]:
        """Positions of `found` from `start` to `stop` in the order of newest or most adopted."""
        order = self._adopted if sort is Sort.ADOPTED else self._newest
        members, reach = mask_of(found, len(self.rows)), FIRST_REACH
        while True:
            head = order[:reach]
            places = head[members.take(head)][:stop]
            if len(places) == stop or reach >= len(order):
                return places[start:].tolist()  # type: ignore[no-any-return]
            reach *= FARTHER

    def ids(self, positions: Column | list[int]) -> list[int]:
        """Deed ids of positions that are in use."""
        return self.numbers[positions, 2].astype(np.int64).tolist()  # type: ignore[no-any-return]
