"""What every step of a search asks of a query word: its languages, its compounds, its frequency."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from tori.search.analysis import PART, Analyser
from tori.search.kept import Recent
from tori.search.lexicon import Lexicon, Spelling
from tori.search.query import Word as QueryWord
from tori.search.scores import KEPT_MET, Concept, Met, PostingIndex, Tuning, Way
from tori.search.vocabulary import Found, Link, Vocabulary

LEAST_WRITTEN_TOGETHER = 4
KEPT_CONCEPTS = 800
"""Each takes some 3 kB."""
KEPT_GUESSES = 1_000
KEPT_MEMBERS = 1_000
SHOWN_BY = 3
"""Letters of the second word by which it is seen whether any word begins like a compound of two; of a word no longer
than that, which may be an ending as well, the first."""


class Joined(NamedTuple):
    """What two neighbours make together: compounds of the index, else what the groups know of such a compound."""

    terms: tuple[str, ...]
    links: tuple[Link, ...] = ()


class Asked(NamedTuple):
    """A query word and all that decides what it stands for, so that it is understood once in each state of an index.

    `languages`: those of all words of the query, in which groups are looked up. What the neighbours add is seldom
    anything: compounds they make together, phrases of the groups. `slips`: guesses of spelling the word comes from.
    """

    word: QueryWord
    locale: str
    is_last: bool
    verbatim: bool
    languages: tuple[str, ...] = ()
    joins: tuple[Joined, ...] = ()
    phrases: tuple[Found, ...] = ()
    slips: tuple[tuple[Spelling, ...], ...] = ()


class Reading:
    """One analyser, one vocabulary and the worth of each way to match."""

    def __init__(self, analyser: Analyser, vocabulary: Vocabulary, tuning: Tuning | None = None) -> None:
        self.analyser = analyser
        self.vocabulary = vocabulary
        self.tuning = tuning or Tuning()
        self._concepts: Recent[Concept] = Recent(KEPT_CONCEPTS)
        self._guesses: Recent[tuple[Spelling, ...]] = Recent(KEPT_GUESSES)
        self._met: Recent[Met] = Recent(KEPT_MET)

    def forget(self) -> None:
        """Lets go of what is known of words in states of an index."""
        self._concepts.clear()
        self._guesses.clear()
        self._met.clear()

    def languages_of(self, form: str, locale: str) -> tuple[str, ...]:
        """Dictionaries to ask about a query word: Finnish, that of the reader, others for what Finnish lacks."""
        if locale in ("sv", "en"):
            return (locale, "fi", "en" if locale == "sv" else "sv")
        if self.analyser.word(form, "fi").known or not form.isalpha():
            return ("fi",)
        return ("fi", "sv", "en")

    def bases(self, form: str, locale: str) -> frozenset[str]:
        """The word and its base forms in each of its languages."""
        lemmas = (
            lemma for language in self.languages_of(form, locale) for lemma in self.analyser.word(form, language).lemmas
        )
        return frozenset((form, *lemmas))

    def joined_forms(self, lexicon: Lexicon, first: str, second: str) -> tuple[str, ...]:
        """How a compound of the two words could be written; none when no word of the lexicon begins like one."""
        word = self.analyser.finnish.word
        fronts, ends = dict.fromkeys((first, *word(first).lemmas)), word(second).lemmas
        letters = SHOWN_BY if len(second) > SHOWN_BY else 1
        beginnings = {front + end[:letters] for front in fronts for end in (second, *ends)}
        if not any(map(lexicon.may_begin, beginnings)):
            return ()
        joined = (front + end for front in fronts for end in ends)
        return tuple(dict.fromkeys((first + second, *word(first + second).lemmas, *joined)))

    def _joined_terms(self, index: PostingIndex, first: str, second: str) -> tuple[str, ...]:
        """Compounds of the index that two words make together."""
        terms = self.joined_forms(index.lexicon, first, second)
        return tuple(term for term in terms if index.frequency(term) or index.frequency(PART + term))

    def two_words(self, index: PostingIndex, form: str) -> list[tuple[tuple[str], tuple[str]]]:
        """Neighbours in a deed that somebody has written together and no dictionary takes apart: greencare."""
        cuts = () if index.frequency(form) else range(LEAST_WRITTEN_TOGETHER, len(form) - LEAST_WRITTEN_TOGETHER + 1)
        pairs = ((form[:cut], form[cut:]) for cut in cuts)
        return [
            ((first,), (second,))
            for first, second in pairs
            if index.frequency(first) and index.frequency(second) and index.phrase((first, second))
        ]


def anywhere(lemmas: Iterable[str]) -> tuple[str, ...]:
    """A word as itself or as a part of a compound."""
    unique = tuple(dict.fromkeys(lemmas))
    return (*unique, *(PART + lemma for lemma in unique))


def rarity(frequency: int, count: int) -> float:
    """Inverse document frequency, never below a quarter."""
    return max(0.25, math.log(1 + (count - min(frequency, count) + 0.5) / (frequency + 0.5)))


def way_frequency(index: PostingIndex, way: Way) -> int:
    """Deeds that the rarest slot of a way can have, at most; without reading postings."""
    return min(slot_frequency(index, slot) for slot in way.slots)


def slot_frequency(index: PostingIndex, slot: Iterable[str]) -> int:
    return max(index.frequency(term) for term in slot)
