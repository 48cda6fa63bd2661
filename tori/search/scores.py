"""Scores of deeds: every way to meet a word adds to columns of numbers with a place for each deed.

Columns are numpy arrays, so that the cost of a search grows with the number of words, and hardly with that of deeds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np

from tori.search.catalogue import Catalogue
from tori.search.columns import NOTHING, Column, Postings
from tori.search.kept import Recent
from tori.search.lexicon import Lexicon
from tori.search.order import Order, Ranking
from tori.search.words import words

FAINT = 0.5
MET = 0.45
SHOWN, SHOWN_WEAK = 0.44, 0.3
"""Words met in a worthier way than this are marked; a piece of a compound alone only when no hit is better."""
HEAD = 400
CLOSELY_READ = 40
"""Deeds at the head of a ranking whose titles are read for words that stand together."""
MANY_HITS = 1_500
"""When the word itself has this many deeds, its other ways are read only for deeds that other words chose."""
MANY_DEEDS = 3_000
ENOUGH = 10
PLENTY = 300
"""When a word has this many deeds by good ways, ways worth less than `FAINT` are not even read."""
KEPT_MET = 16_000
"""In thousandths of all deeds: who meets a word, for 16 words that every deed has, or for more that are rarer."""


class PostingIndex(Protocol):
    """What ranking asks of an engine. `token` tells its states apart."""

    token: object

    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def lexicon(self) -> Lexicon: ...
    def frequency(self, term: str) -> int: ...
    def postings(self, term: str) -> Postings: ...
    def phrase(self, forms: Sequence[str]) -> set[int]: ...


@dataclass(frozen=True)
class Tuning:
    """Worth of each way to match, against 1 for the word itself; set on the tuning half of the relevance set."""

    part: float = 0.8
    root: float = 0.45
    unknown_stem: float = 0.6
    split: float = 0.75
    single_part: float = 0.43
    head_alone: float = 0.6
    split_widened: float = 0.6
    joined_elsewhere: float = 0.85
    joined: float = 0.92
    scattered: float = 0.95
    farther: float = 0.6
    light: float = 0.45
    same: float = 0.7
    prefix: float = 0.8
    quiet_prefix: float = 0.3
    spelling: float = 0.92
    spelling_of_real_word: float = 0.4
    strong_line: float = 0.55
    weak_line: float = 0.06
    weak_share: float = 0.1
    most_weak: int = 10
    poor: float = 0.65
    impact_share: float = 0.85
    coverage_share: float = 0.35
    near: float = 0.12
    fresh: float = 0.03
    adopted: float = 0.03


Conjunction = tuple[tuple[str, ...], ...]


class Way(NamedTuple):
    """One way to meet a concept: every slot must be filled by any of its terms.

    `honest`: the share of `worth` that counts when it is asked whether the deed answers at all.
    """

    slots: Conjunction
    worth: float
    honest: float = 1.0


@dataclass
class Concept:
    """What one query word stands for."""

    form: str
    ways: list[Way] = field(default_factory=list)
    """The worthiest first, when all are known."""
    mass: float = 1.0
    is_light: bool = False
    is_begun: bool = False
    """Whether it is likelier the beginning of a longer word than a form of one that no dictionary has."""
    stems: tuple[str, ...] = ()
    alone: int | None = None
    """How many of the ways count where no other word narrows the search, when that has been asked."""


Rows = tuple[Column, Column, float]
"""Deeds, the value of each and the worth of the way by which they are met."""


class Met(NamedTuple):
    """Who meets any of some ways, each deed once and in order: its best value and the worth of its worthiest way."""

    places: Column
    values: Column
    worths: Column
    terms: frozenset[str]
    """What is marked in the deeds."""
    weak_terms: frozenset[str]
    """What is marked when no deed is better."""

    def among(self, column: Column) -> Met:
        """Those that have more than nothing in the column."""
        # Numpy finds what is true several times as fast as what is not zero.
        kept = (column.take(self.places) > 0).nonzero()[0]
        places, values, worths = (own.take(kept) for own in (self.places, self.values, self.worths))
        return Met(places, values, worths, self.terms, self.weak_terms)


class _Columns(NamedTuple):
    """With a place for each deed."""

    score: Column
    covered: Column
    met_well: Column
    """How many concepts a deed meets in a worthy way."""


def _add_to(columns: _Columns, met: Met, mass: float) -> None:
    # Numpy would make wider numbers of the places at each of these.
    places = met.places.astype(np.intp)
    columns.score[places] += mass * met.values.astype(float)
    columns.covered[places] += mass * met.worths
    columns.met_well[places] += met.worths >= MET


class Scores:
    """Sums over concepts: worth times impact, and how much of the query a deed covers."""

    def __init__(
        self,
        index: PostingIndex,
        tuning: Tuning,
        whole_mass: float,
        stems: Sequence[tuple[str, ...]] = (),
        kept: Recent[Met] | None = None,
    ) -> None:
        self.whole_mass = whole_mass
        as_bytes = [tuple(map(str.encode, beginnings)) for beginnings in stems]
        self._pairs = list(zip(pairwise(stems), pairwise(as_bytes), strict=True))
        self._index = index
        self._tuning = tuning
        self._kept = Recent(KEPT_MET) if kept is None else kept
        self._size = index.catalogue.size
        self._known = NOTHING[0]
        """Deeds that have met anything, in order."""
        self._total_mass = 0.0
        self._added: list[tuple[Met, float]] = []
        """Who meets each concept, and its mass."""

    def add(self, concept: Concept) -> None:
        mass, only_known = concept.mass, self._only_known()
        met = self._of_known(concept) if only_known else self._alone(concept)
        self._total_mass += mass
        self._added.append((met, mass))
        if len(self._added) == 1:
            self._known = met.places
            return
        columns = self._columns
        _add_to(columns, met, mass)
        if not only_known:
            self._known = (columns.covered > 0).nonzero()[0]

    @cached_property
    def _columns(self) -> _Columns:
        """With what the first concept gives. A search of one word needs none."""
        columns = _Columns(np.zeros(self._size), np.zeros(self._size), np.zeros(self._size, np.uint8))
        for met, mass in self._added[:1]:
            _add_to(columns, met, mass)
        return columns

    def _of_the_known(self) -> tuple[Column, Column]:
        """What each of those known scores, and how much of the query it covers."""
        if len(self._added) == 1 and self._known is self._added[0][0].places:
            met, mass = self._added[0]
            return mass * met.values.astype(float), mass * met.worths
        return self._columns.score.take(self._known), self._columns.covered.take(self._known)

    def _alone(self, concept: Concept) -> Met:
        """Who meets a concept: when the word itself is met often, its other ways do not count."""
        if concept.alone is None:
            met, count = np.zeros(self._size, bool), 0
            for way in concept.ways:
                if np.count_nonzero(met) > (PLENTY if way.worth < FAINT else MANY_HITS):
                    break
                for places, _ in self._meet(way):
                    met[places] = True
                count += 1
            concept.alone = count
        return self._met(concept.ways[: concept.alone])

    def _of_known(self, concept: Concept) -> Met:
        """Who of the deeds known already meets a concept: by faint ways only until there are plenty."""
        good = max(1, sum(way.worth >= FAINT for way in concept.ways))
        covered = self._columns.covered
        met = self._met(concept.ways[:good]).among(covered)
        if len(met.places) > PLENTY or good == len(concept.ways):
            return met
        rows: list[Rows] = []
        has, count = np.zeros(self._size, bool), good
        has[met.places] = True
        for way in concept.ways[good:]:
            if np.count_nonzero(has) > PLENTY:
                break
            for places, values, worth in self._rows(way):
                kept = (covered.take(places) > 0).nonzero()[0]
                rows.append((places.take(kept), values.take(kept), worth))
                has[rows[-1][0]] = True
            count += 1
        return self._each_once(rows, concept.ways[:count], met)

    def _met(self, ways: Sequence[Way]) -> Met:
        """Who meets any of the ways. Words come back, so it is kept."""
        return self._kept.get(
            (self._index.token, *ways),
            lambda: self._each_once([row for way in ways for row in self._rows(way)], ways),
            lambda met: 1 + 1000 * len(met.places) // max(1, self._size),
        )

    def _rows(self, way: Way) -> Iterator[Rows]:
        share = self._tuning.impact_share
        sure, scale = np.float32(way.worth * (1 - share)), np.float32(way.worth * share)
        for places, strengths in self._meet(way):
            yield places, sure + scale * strengths, way.worth * way.honest

    def _each_once(self, rows: Sequence[Rows], ways: Sequence[Way], before: Met | None = None) -> Met:
        terms, weak_terms = _terms(ways, SHOWN), _terms(ways, SHOWN_WEAK)
        if before is None and len(rows) == 1:
            places, own, worth = rows[0]
            # As nearly always: an index that has not changed for long holds deeds in their order.
            if (places[1:] > places[:-1]).all():
                return Met(places, own, np.full(len(places), worth), terms, weak_terms)
        values, worths = np.zeros(self._size, np.float32), np.zeros(self._size)
        if before is not None:
            values[before.places], worths[before.places] = before.values, before.worths
        for places, own, worth in rows:
            # In each row a deed stands once. Numpy would make wider numbers of the places at each of these.
            at = places.astype(np.intp)
            values[at] = np.maximum(values.take(at), own)
            worths[at] = np.maximum(worths.take(at), worth)
        met = (worths > 0).nonzero()[0]
        return Met(met.astype(np.int32), values.take(met), worths.take(met), terms, weak_terms)

    def _meet(self, way: Way) -> Iterator[Postings]:
        """Deeds that fill every slot, with their weakest impact."""
        if len(way.slots) == 1:
            yield from self._postings(way.slots[0])
            return
        weakest: Column | None = None
        for slot in way.slots:
            filled = np.zeros(self._size, np.float32)
            for positions, strengths in self._postings(slot):
                filled[positions] = np.maximum(filled[positions], strengths)
            weakest = filled if weakest is None else np.minimum(weakest, filled)
        if weakest is not None:
            positions = (weakest > 0).nonzero()[0]
            yield positions, weakest.take(positions)

    def _postings(self, terms: Iterable[str]) -> Iterator[Postings]:
        for term in terms:
            if len((found := self._index.postings(term))[0]):
                yield found

    def _only_known(self) -> bool:
        """Whether a deed not met yet could only be one weak hit of too many."""
        if not len(self._known) or not self.whole_mass:
            return False
        share = (self.whole_mass - self._total_mass) / self.whole_mass
        if share >= self._tuning.strong_line:
            return False
        enough = ENOUGH if len(self._index.catalogue) > MANY_DEEDS else PLENTY
        return share < self._tuning.weak_line or len(self._known) > enough

    def ranking(self, concepts: Sequence[Concept], allowed: Collection[int] | None) -> Ranking:
        t = self._tuning
        if allowed is not None:
            self._narrow(allowed)
        total = self._total_mass or 1.0
        values, covered = self._of_the_known()
        values = values * ((1 - t.coverage_share) / total + t.coverage_share / total / total * covered)
        is_strong = covered >= t.strong_line * total
        strong, weak = self._ordered(is_strong.nonzero()[0], values), Order()
        if len(strong) < PLENTY:
            weak = self._ordered(((covered >= t.weak_line * total) & ~is_strong).nonzero()[0], values)
            strong, weak = self._without_poor(strong, weak)
            positions, scores = weak.head
            shown = scores[: t.most_weak] >= t.weak_share * (strong.top or weak.top or 0.0)
            weak = Order((positions[: t.most_weak][shown], scores[: t.most_weak][shown]))
        none: frozenset[str] = frozenset()
        return Ranking(
            size=self._size,
            strong=strong,
            weak=weak,
            relaxed=bool(len(strong) + len(weak)) and len(concepts) > 1 and not self._is_met_in_full(len(concepts)),
            corrected=None,
            correction_used=False,
            terms=none.union(*(met.terms if len(strong) else met.weak_terms for met, _ in self._added)),
            forms=frozenset(concept.form for concept in concepts),
        )

    def _is_met_in_full(self, count: int) -> bool:
        """Whether a deed meets so many concepts in a worthy way."""
        return bool((self._columns.met_well == count).any())

    def _narrow(self, allowed: Collection[int]) -> None:
        """Leaves only those that are allowed; all of them answer when no word was asked for."""
        mask = np.zeros(self._size, bool)
        mask[np.fromiter(allowed, np.int64, len(allowed))] = True
        if self._added:
            self._known = self._known[mask.take(self._known)]
        else:
            self._known = mask.nonzero()[0]
            self._columns.score[mask] = self._columns.covered[mask] = self._total_mass = 1.0

    def _without_poor(self, strong: Order, weak: Order) -> tuple[Order, Order]:
        """Who meets every word a little, by far-fetched ways, answers no better than who meets one of them well."""
        if not len(strong) or weak.top is None or strong.has_rest:
            return strong, weak
        positions, scores = strong.head
        kept = int(np.count_nonzero(scores >= self._tuning.poor * weak.top))
        positions_of_both = np.concatenate((weak.head[0], positions[kept:]))
        scores_of_both = np.concatenate((weak.head[1], scores[kept:]))
        order = np.argsort(-scores_of_both, kind="stable")
        return Order((positions[:kept], scores[:kept])), Order((positions_of_both[order], scores_of_both[order]))

    def _ordered(self, chosen: Column, values: Column) -> Order:
        """The chosen among the known deeds, best first.

        Freshness and adoptions are weighed in at the head of the list only: they never lift a deed over a clearly
        better one, so they cannot matter further down.
        """
        positions, values = self._known.take(chosen), values.take(chosen)
        rest = NOTHING
        if len(positions) > HEAD:
            # All that share the value of the last one come along, so that their order is the same in every engine.
            ahead = values >= np.partition(values, -HEAD)[-HEAD]
            rest = positions[~ahead], values[~ahead]
            positions, values = positions[ahead], values[ahead]
        if self._pairs:
            # Of equal values the later position, for these are in order.
            best = values.argsort(kind="stable")[: -CLOSELY_READ - 1 : -1]
            # Cutting a title into words takes long, and one word alone stands beside none.
            best = best[self._columns.met_well.take(positions.take(best)) > 1]
            values[best] *= [1 + self._tuning.near * self._closeness(at) for at in positions[best].tolist()]
        return Order(self._boosted(values, positions), rest)

    def _closeness(self, at: int) -> float:
        """The share of neighbouring query words that stand together in the title, in their order."""
        title = self._index.catalogue.folded_titles[at]
        # Cutting a title into words costs ten times as much as looking whether it can hold both of a pair.
        pairs = [pair for pair, (first, second) in self._pairs if _holds(title, first) and _holds(title, second)]
        if not pairs:
            return 0.0
        forms = words(title.decode())
        together = 0
        for first, second in pairs:
            places = [place for place, form in enumerate(forms) if form.startswith(first)]
            together += any(form.startswith(second) for place in places for form in forms[place + 1 : place + 3])
        return together / len(self._pairs)

    def _boosted(self, values: Column, positions: Column) -> Postings:
        """Best first; of equal ones the newest id."""
        catalogue, t = self._index.catalogue, self._tuning
        fresh, adopted = t.fresh * catalogue.freshness.take(positions), t.adopted * catalogue.fame.take(positions)
        lifted = values * (1 + fresh + adopted)
        best = np.argsort(-lifted)
        ordered = lifted.take(best)
        if (ordered[1:] == ordered[:-1]).any():
            # Sorting by two numbers takes ten times as long.
            best = np.lexsort((-catalogue.numbers[positions, 2], -lifted))
        return positions.take(best), lifted.take(best)


def _terms(ways: Sequence[Way], least: float) -> frozenset[str]:
    """Those of ways that are worth so much."""
    return frozenset(term for way in ways if way.worth >= least for slot in way.slots for term in slot)


def _holds(text: bytes, beginnings: Iterable[bytes]) -> bool:
    # Written out: it is asked of forty titles in a search.
    for beginning in beginnings:  # noqa: SIM110
        if beginning in text:
            return True
    return False
