"""Published deeds as columns in memory: filters, orders, totals and every facet count without a database.

Each deed has a position; each facet value a Python integer with one bit for each position. A catalogue never
changes: `updated` gives a new one that shares what stayed, so readers need no lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tori.search.columns import Column, TextColumn, grown
from tori.search.port import FACETS, DeedDocument, FacetValue, Filters, Sort
from tori.search.words import folded

Names = tuple[str, ...]
"""In Finnish, Swedish and English, or one for all."""
NAMED = ("theme", "sector", "organisation")
SECONDS_IN_YEAR = 31_557_600
FIRST_REACH, FARTHER = 1024, 8
"""So many of an order are looked through for a page, and so many times more where these have too few."""
COST_OF_NUMBER = 3
"""Counting a number that a deed has takes so many times as long as counting a word of 64 bits."""
ROWS_AT_ONCE = 1_000
WORDS_AT_ONCE = 15_000
"""120 kB: pieces from 128 on may be got from the system for each search, which takes twice as long as counting."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the catalogue takes in of a deed. `serial` changes whenever the deed is indexed again."""

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

    @classmethod
    def of_values(cls, values: Iterable[Any]) -> Row:
        """One from what `values` gave, perhaps to an older version, which had no fields that stand last now."""
        return cls(*values)

    def values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

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

    def named_values(self) -> Iterable[tuple[str, FacetValue, Names]]:
        """Facet, slug and names of what has any."""
        if self.sector_names:
            yield "sector", self.sector, self.sector_names
        if self.organisation_names:
            yield "organisation", self.organisation, self.organisation_names
        for slug, names in _names_of_themes(self):
            yield "theme", slug, names


def _names_of_themes(row: Row) -> Iterator[tuple[str, Names]]:
    """Slug and names of each theme; names come flat, three for a theme or one for a theme."""
    step = len(row.theme_names) // len(row.themes) if row.themes else 0
    for number, slug in enumerate(row.themes if step else ()):
        yield slug, row.theme_names[number * step : (number + 1) * step]


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
    """Deeds by position as bitsets and columns; some positions are free. Nothing in it is an object for each deed.

    Whoever looks at an object of Python writes to it, and ten thousand of them lie on memory that is shared until then.
    """

    def __init__(self) -> None:
        self.size = 0
        """Of a column: positions in use and free ones."""
        self._free: list[int] = []
        self._facets: dict[str, dict[FacetValue, int]] = {name: {} for name in FACETS}
        self._numbers: dict[tuple[str, FacetValue], int] = {}
        """Of each facet value, from 1 on."""
        self._has: NDArray[np.uint16] = np.zeros((0, 0), np.uint16)
        """By position: the numbers of the values that the deed has, filled up with 0."""
        self._all = 0
        self._places: NDArray[np.int32] = np.empty(0, np.int32)
        """By id of a deed its position, -1 where there is none."""
        self.numbers: NDArray[np.float64] = np.empty((0, 3))
        """By position: when the deed was published, how often it was adopted, its id."""
        self.marks: NDArray[np.int64] = np.empty((0, 2), np.int64)
        """By position: the serial of the deed, which changes whenever it is indexed again, and its version."""
        self.titles = TextColumn()
        self.folded_titles = TextColumn()
        self.names: dict[str, dict[FacetValue, Names]] = {name: {} for name in NAMED}
        """Of sectors, themes and organisations by slug."""

    @classmethod
    def build(cls, rows: Iterable[Row]) -> Catalogue:
        """A catalogue from nothing; later rows of the same id win."""
        return cls().with_many(rows)

    def with_many(self, rows: Iterable[Row]) -> Catalogue:
        """Like `updated`, a part at a time: as objects all rows together take more memory than the columns."""
        made, left = self, iter(rows)
        while some := list(islice(left, ROWS_AT_ONCE)):
            made = made.updated(some)
        return made

    def updated(self, added: Iterable[Row] = (), removed: Iterable[int] = ()) -> Catalogue:
        """A copy with deeds replaced, added and (by id) removed. Costs a copy of the columns."""
        fresh = {row.id: row for row in added}
        gone = self.positions_of([*{*removed, *fresh}])
        gone = gone[gone >= 0]
        if not fresh and not len(gone):
            return self
        copy = Catalogue()
        copy._free = [*self._free, *gone.tolist()]
        reused = [copy._free.pop() for _ in range(min(len(fresh), len(copy._free)))]
        copy.size = self.size + len(fresh) - len(reused)
        positions = reused + list(range(self.size, copy.size))
        rows = dict(zip(positions, fresh.values(), strict=True))
        left = bits_of(gone.tolist(), self.size)
        copy._facets = self._facets_with(rows, left, copy.size)
        copy._numbers, copy._has = self._numbers_with(rows, copy.size)
        copy._all = self._all & ~left | bits_of(positions, copy.size)
        copy._places = grown(self._places, 1 + max(fresh, default=-1), -1)
        copy._places[self.numbers[gone, 2].astype(np.int64)] = -1
        copy._places[list(fresh)] = positions
        copy.numbers, copy.marks = grown(self.numbers, copy.size), grown(self.marks, copy.size)
        if rows:
            copy.numbers[positions] = [(row.published, row.adoptions, row.id) for row in rows.values()]
            copy.marks[positions] = [(row.serial, row.version) for row in rows.values()]
        copy.titles = self.titles.updated({at: row.title for at, row in rows.items()})
        copy.folded_titles = self.folded_titles.updated({at: folded(row.title) for at, row in rows.items()})
        copy.names = self._names_with(fresh.values())
        return copy

    def _facets_with(self, rows: Mapping[int, Row], left: int, size: int) -> dict[str, dict[FacetValue, int]]:
        """Bits by value when some positions have been left and rows put in at theirs."""
        found: dict[str, dict[FacetValue, int]] = {
            name: {value: kept for value, bits in values.items() if (kept := bits & ~left if bits & left else bits)}
            for name, values in self._facets.items()
        }
        members: dict[tuple[str, FacetValue], list[int]] = {}
        for at, row in rows.items():
            for facet_value in row.facet_values():
                members.setdefault(facet_value, []).append(at)
        for (name, value), positions in members.items():
            found[name][value] = found[name].get(value, 0) | bits_of(positions, size)
        return found

    def _numbers_with(
        self, rows: Mapping[int, Row], size: int
    ) -> tuple[dict[tuple[str, FacetValue], int], NDArray[np.uint16]]:
        """Numbers of values, and those that each position has, when rows have been put in at some."""
        numbers = dict(self._numbers)
        own = {
            at: [numbers.setdefault(value, 1 + len(numbers)) for value in dict.fromkeys(row.facet_values())]
            for at, row in rows.items()
        }
        longest = max(map(len, own.values()), default=0)
        has = np.zeros((size, max(longest, self._has.shape[1])), np.uint16)
        has[: len(self._has), : self._has.shape[1]] = self._has
        for at, values in own.items():
            has[at] = 0
            has[at, : len(values)] = values
        return numbers, has

    def _names_with(self, rows: Iterable[Row]) -> dict[str, dict[FacetValue, Names]]:
        """The same object when no name has come or changed."""
        changed: dict[str, dict[FacetValue, Names]] = {}
        for row in rows:
            for facet, slug, names in row.named_values():
                if self.names[facet].get(slug) != names:
                    changed.setdefault(facet, {})[slug] = names
        if not changed:
            return self.names
        return {facet: {**known, **changed.get(facet, {})} for facet, known in self.names.items()}

    def __len__(self) -> int:
        return self._all.bit_count()

    def position_of(self, deed_id: int) -> int | None:
        """None for a deed that is not here."""
        at = int(self._places[deed_id]) if 0 <= deed_id < len(self._places) else -1
        return at if at >= 0 else None

    def positions_of(self, ids: Column | Sequence[int]) -> Column:
        """The same for many, with -1 for those that are not here."""
        ids = np.asarray(ids, np.int64)
        is_near = (ids >= 0) & (ids < len(self._places))
        found = np.full(len(ids), -1, np.int32)
        found[is_near] = self._places[ids[is_near]]
        return found

    def others(self, ids: Iterable[Column]) -> list[int]:
        """Ids of the deeds that are in none of these."""
        is_other = mask_of(self._all, self.size)
        for some in ids:
            positions = self.positions_of(some)
            is_other[positions[positions >= 0]] = False
        return self.ids(is_other.nonzero()[0])

    def in_use(self) -> Column:
        """All positions with a deed, in order."""
        return mask_of(self._all, self.size).nonzero()[0].astype(np.int32)

    @property
    def newest(self) -> int:
        """The greatest serial."""
        return int(self.marks[:, 0].max(initial=0, where=mask_of(self._all, self.size)))

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
        within = dict.fromkeys(self._facets, kept)
        for name in chosen:
            within[name] = found
            for other, bits in chosen.items():
                if other != name:
                    within[name] &= bits
        counts: dict[str, dict[FacetValue, int]] = {}
        # Those beside each other that are counted within the same are counted together.
        for base, names in groupby(self._facets, within.__getitem__):
            together = list(names)
            rows = slice(self._rows_of[together[0]].start, self._rows_of[together[-1]].stop)
            count = self._counted_by_deed if self._are_few(base) else self._counted
            counted = iter(count(base, rows))
            for name in together:
                # Takes from the counts as many as there are values, for it asks these first.
                counts[name] = {
                    value: count for value, count in zip(self._facets[name], counted, strict=False) if count
                }
        return counts

    def _counted(self, found: int, rows: slice) -> list[int]:
        """How many of `found` have the value of each of those rows of the table."""
        table = self._table[rows]
        words = np.frombuffer(found.to_bytes(8 * table.shape[1], "little"), np.uint64)
        shared, step = np.empty(len(table), np.uint32), 1 + WORDS_AT_ONCE // len(words)
        for start in range(0, len(table), step):
            some = slice(start, start + step)
            np.add.reduce(np.bitwise_count(table[some] & words), axis=1, dtype=np.uint32, out=shared[some])
        return shared.tolist()

    def _are_few(self, found: int) -> bool:
        """Whether looking at each of them is quicker than at the bits of all."""
        words = (1 + self.size // 64) * len(self._numbers)
        return found.bit_count() * int(self._has.shape[1]) * COST_OF_NUMBER < words

    def _counted_by_deed(self, found: int, rows: slice) -> list[int]:
        """The same as `_counted`, quicker where they are few."""
        positions = np.flatnonzero(mask_of(found, self.size))
        of_numbers = np.bincount(self._has.take(positions, axis=0).ravel(), minlength=1 + len(self._numbers))
        return of_numbers.take(self._number_of_rows[rows]).tolist()  # type: ignore[no-any-return]

    @cached_property
    def _number_of_rows(self) -> Column:
        """By row of the table the number of its value."""
        numbers = (self._numbers[name, value] for name, values in self._facets.items() for value in values)
        return np.fromiter(numbers, np.intp)

    @cached_property
    def _rows_of(self) -> dict[str, slice]:
        """The rows of each facet in the table."""
        ends = list(accumulate(map(len, self._facets.values()), initial=0))
        return {name: slice(start, stop) for name, start, stop in zip(self._facets, ends, ends[1:], strict=False)}

    @cached_property
    def _table(self) -> NDArray[np.uint64]:
        """The bits of each facet value as a row of 64 at a time, so that all are counted at once."""
        size = 1 + self.size // 64
        rows = [bits.to_bytes(8 * size, "little") for values in self._facets.values() for bits in values.values()]
        return np.frombuffer(b"".join(rows), np.uint64).reshape(len(rows), size)

    @cached_property
    def _newest(self) -> Column:
        return self._positions_by(0)

    @cached_property
    def _adopted(self) -> Column:
        return self._positions_by(1, 0)

    def _positions_by(self, *columns: int) -> Column:
        """Those in use, the greatest numbers of the columns first, of equal ones the greatest id."""
        positions = self.in_use()
        keys = -self.numbers[positions].T
        return positions[np.lexsort((keys[2], *(keys[column] for column in reversed(columns))))]

    def ordered(self, found: int, sort: Sort, start: int, stop: int) -> list[int]:
        """Positions of `found` from `start` to `stop` in the order of newest or most adopted."""
        order = self._adopted if sort is Sort.ADOPTED else self._newest
        members = mask_of(found, self.size)
        # Where they lie evenly, so many hold twice what is wanted.
        reach = max(FIRST_REACH, 2 * stop * len(order) // max(1, found.bit_count()))
        while True:
            head = order[:reach]
            places = head[members.take(head)][:stop]
            if len(places) == stop or reach >= len(order):
                return places[start:].tolist()  # type: ignore[no-any-return]
            reach *= FARTHER

    def ids(self, positions: Column | list[int]) -> list[int]:
        """Deed ids of positions that are in use."""
        return self.numbers[positions, 2].astype(np.int64).tolist()  # type: ignore[no-any-return]
