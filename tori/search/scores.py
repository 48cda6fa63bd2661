"""Scores of deeds: every way to meet a word adds to columns of numbers with a place for each deed.

Columns are numpy arrays, so that the cost of a search grows with the number of words, and hardly with that of deeds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Protocol

import numpy as np

from tori.search.catalogue import Catalogue
from tori.search.columns import NOTHING, Column, Postings
from tori.search.lexicon import Lexicon
from tori.search.order import Order, Ranking
from tori.search.words import folded, words

FAINT = 0.5
MET = 0.45
SHOWN, SHOWN_WEAK = 0.44, 0.3
"""Words met in a worthier way than this are marked; a piece of a compound alone only when no hit is better."""
HEAD = 400
CLOSELY_READ = 40
"""Deeds at the head of a ranking whose titles are read for words that stand together."""
SECONDS_IN_YEAR = 31_557_600
MANY_HITS = 1_500
"""When the word itself has this many deeds, its other ways are read only for deeds that other words chose."""
MANY_DEEDS = 3_000
ENOUGH = 10
PLENTY = 300
"""When a word has this many deeds by good ways, ways worth less than `FAINT` are not even read."""


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


@dataclass(frozen=True, slots=True)
class Way:
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


class Scores:
    """Sums over concepts: worth times impact, and how much of the query a deed covers."""

    def __init__(
        self, index: PostingIndex, tuning: Tuning, whole_mass: float, stems: Sequence[tuple[str, ...]] = ()
    ) -> None:
        self.whole_mass = whole_mass
        self._pairs = list(pairwise(stems))
        self._index = index
        self._tuning = tuning
        self._size = len(index.catalogue.rows)
        self._score = np.zeros(self._size)
        self._covered = np.zeros(self._size)
        self._known = 0
        self._total_mass = 0.0
        self._full: Column | None = None
        self._terms: dict[str, float] = {}

    def add(self, concept: Concept) -> None:
        mass = concept.mass
        values, worths = self._best(concept, self._covered > 0 if self._only_known() else None)
        self._total_mass += mass
        self._score += mass * values
        self._covered += mass * worths
        self._known = int(np.count_nonzero(self._covered > 0))
        met = worths >= MET
        self._full = met if self._full is None else self._full & met

    def _best(self, concept: Concept, only: Column | None) -> tuple[Column, Column]:
        """For each deed (of `only`) that meets the concept: its best value, and the worth of its worthiest way."""
        ways = concept.ways if only is not None else concept.ways[: self._alone(concept)]
        places, strengths, numbers = self._rows(ways)
        if only is not None:
            among = np.flatnonzero(only.take(places))
            places, strengths, numbers = places.take(among), strengths.take(among), numbers.take(among)
            if len(places) > PLENTY:
                ways = ways[: self._not_faint(ways, places, numbers)]
                end = numbers.searchsorted(len(ways))
                places, strengths, numbers = places[:end], strengths[:end], numbers[:end]
        for way in ways:
            if way.worth >= SHOWN_WEAK:
                for term in (term for slot in way.slots for term in slot):
                    self._terms[term] = max(way.worth, self._terms.get(term, 0.0))
        share = self._tuning.impact_share
        sure = np.array([way.worth * (1 - share) for way in ways], np.float32)
        scale = np.array([way.worth * share for way in ways], np.float32)
        covers = np.array([way.worth * way.honest for way in ways], float)
        values, worths = np.zeros(self._size), np.zeros(self._size)
        np.maximum.at(values, places, (sure.take(numbers) + scale.take(numbers) * strengths).astype(float))
        np.maximum.at(worths, places, covers.take(numbers))
        return values, worths

    def _rows(self, ways: Sequence[Way]) -> tuple[Column, Column, Column]:
        """Who meets the concept, how strongly, and by which of the ways; in their order."""
        read = [(number, *postings) for number, way in enumerate(ways) for postings in self._meet(way)]
        numbers, places, strengths = zip(*read, strict=True) if read else ((0,), *((column,) for column in NOTHING))
        sizes = [len(column) for column in places]
        return np.concatenate(places), np.concatenate(strengths), np.array(numbers, np.int16).repeat(sizes)

    def _alone(self, concept: Concept) -> int:
        """How many ways count: when the word itself is met often, the others do not."""
        if concept.alone is None:
            met, count = np.zeros(self._size, bool), 0
            for way in concept.ways:
                if np.count_nonzero(met) > (PLENTY if way.worth < FAINT else MANY_HITS):
                    break
                for places, _ in self._meet(way):
                    met[places] = True
                count += 1
            concept.alone = count
        return concept.alone

    def _not_faint(self, ways: Sequence[Way], places: Column, numbers: Column) -> int:
        """How many ways count: faint ones only until there are plenty of deeds."""
        first = np.full(self._size, len(ways))
        # Of a deed with several rows the last one stays, so it is given them from the last on.
        first[places[::-1]] = numbers[::-1]
        met = np.bincount(first, minlength=len(ways)).cumsum().tolist()
        faint = (number for number, way in enumerate(ways) if number and way.worth < FAINT)
        return next((number for number in faint if met[number - 1] > PLENTY), len(ways))

    def _only_known(self) -> bool:
        """Whether a deed not met yet could only be one weak hit of too many."""
        if not self._known or not self.whole_mass:
            return False
        share = (self.whole_mass - self._total_mass) / self.whole_mass
        if share >= self._tuning.strong_line:
            return False
        enough = ENOUGH if len(self._index.catalogue) > MANY_DEEDS else PLENTY
        return share < self._tuning.weak_line or self._known > enough

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
            positions = np.flatnonzero(weakest)
            yield positions, weakest[positions]

    def _postings(self, terms: Iterable[str]) -> Iterator[Postings]:
        for term in terms:
            if self._index.frequency(term):
                yield self._index.postings(term)

    def ranking(self, concepts: Sequence[Concept], allowed: Collection[int] | None) -> Ranking:
        t = self._tuning
        if allowed is not None:
            mask = np.zeros(self._size, bool)
            mask[np.fromiter(allowed, np.int64, len(allowed))] = True
            if not concepts:
                self._score, self._covered, self._total_mass = mask.astype(float), mask.astype(float), 1.0
            self._covered = np.where(mask, self._covered, 0.0)
        total = self._total_mass or 1.0
        strong, weak = self._ordered(t.strong_line * total, inf), Order()
        if len(strong) < PLENTY:
            weak = self._ordered(t.weak_line * total, t.strong_line * total)
            strong, weak = self._without_poor(strong, weak)
            positions, scores = weak.head
            shown = scores[: t.most_weak] >= t.weak_share * (strong.top or weak.top or 0.0)
            weak = Order((positions[: t.most_weak][shown], scores[: t.most_weak][shown]))
        least_shown = SHOWN if len(strong) else SHOWN_WEAK
        met_in_full = self._full is not None and bool(self._full.any())
        return Ranking(
            size=self._size,
            strong=strong,
            weak=weak,
            relaxed=bool(len(strong) + len(weak)) and len(concepts) > 1 and not met_in_full,
            corrected=None,
            correction_used=False,
            terms=frozenset(term for term, worth in self._terms.items() if worth >= least_shown),
            forms=frozenset(concept.form for concept in concepts),
        )

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

    def _ordered(self, least: float, below: float) -> Order:
        """Deeds that cover at least `least` and less than `below` of the mass, best first.

        Freshness and adoptions are weighed in at the head of the list only: they never lift a deed over a clearly
        better one, so they cannot matter further down.
        """
        t, total = self._tuning, self._total_mass or 1.0
        flat, slope = (1 - t.coverage_share) / total, t.coverage_share / total / total
        positions = np.flatnonzero((self._covered >= least) & (self._covered < below))
        values = self._score[positions] * (flat + slope * self._covered[positions])
        rest = NOTHING
        if len(positions) > HEAD:
            # All that share the value of the last one come along, so that their order is the same in every engine.
            ahead = values >= np.partition(values, -HEAD)[-HEAD]
            rest = positions[~ahead], values[~ahead]
            positions, values = positions[ahead], values[ahead]
        if self._pairs:
            best = np.lexsort((positions, values))[: -CLOSELY_READ - 1 : -1]
            values[best] *= [1 + t.near * self._closeness(at) for at in positions[best].tolist()]
        return Order(self._boosted(values, positions), rest)

    def _closeness(self, at: int) -> float:
        """The share of neighbouring query words that stand together in the title, in their order."""
        row = self._index.catalogue.rows[at]
        title = folded(row.title) if row else ""
        # Cutting a title into words costs ten times as much as looking whether it can hold both of a pair.
        if not any(_holds(title, first) and _holds(title, second) for first, second in self._pairs):
            return 0.0
        forms = words(title)
        together = 0
        for first, second in self._pairs:
            places = [place for place, form in enumerate(forms) if form.startswith(first)]
            together += any(form.startswith(second) for place in places for form in forms[place + 1 : place + 3])
        return together / len(self._pairs)

    def _boosted(self, values: Column, positions: Column) -> Postings:
        """Best first; of equal ones the newest id."""
        catalogue, t = self._index.catalogue, self._tuning
        published, adoptions, ids = catalogue.numbers[positions].T
        fresh = t.fresh * np.exp((catalogue.newest_published - published) / (-5 * SECONDS_IN_YEAR))
        adopted = t.adopted * np.minimum(1.0, np.log1p(adoptions) / 3.9)
        lifted = values * (1 + fresh + adopted)
        best = np.lexsort((-ids, -lifted))
        return positions[best], lifted[best]


def _holds(text: str, beginnings: Iterable[str]) -> bool:
    return any(beginning in text for beginning in beginnings)
