"""From a parsed query to ranked positions: ways to match each word, their worth, and an honest weak line.

Nothing here knows how terms are stored; an engine offers `PostingIndex` and shares everything else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tori.search.analysis import PART, ROOT, Analyser
from tori.search.catalogue import Catalogue
from tori.search.lexicon import Lexicon, Spelling
from tori.search.query import ParsedQuery
from tori.search.query import Word as QueryWord
from tori.search.stopwords import carries_no_subject
from tori.search.vocabulary import Link, Vocabulary
from tori.search.words import words

Postings = tuple[Sequence[int], Sequence[float]]
"""Positions and how strongly each deed speaks of the term, 0 to 1."""

IMPACT_HALF = 2.4
"""Term weight (see fields.py) at which a deed has half of the strongest impact."""


def impact(weight: float) -> float:
    """Saturating worth of a stored term weight."""
    return weight / (weight + IMPACT_HALF)


class PostingIndex(Protocol):
    """What ranking asks of an engine."""

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
    single_part: float = 0.34
    joined: float = 0.92
    prefix: float = 0.8
    quiet_prefix: float = 0.3
    spelling: float = 0.92
    spelling_of_real_word: float = 0.4
    strong_line: float = 0.55
    weak_line: float = 0.2
    weak_share: float = 0.25
    most_weak: int = 30
    impact_share: float = 0.6
    coverage_share: float = 0.5
    fresh: float = 0.03
    adopted: float = 0.03


Conjunction = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to meet a concept: every slot must be filled by any of its terms."""

    slots: Conjunction
    worth: float


@dataclass
class Concept:
    """What one query word stands for."""

    form: str
    ways: list[Way] = field(default_factory=list)
    mass: float = 1.0
    direct: bool = True
    spelling: Spelling | None = None
    real_word: bool = True


@dataclass
class Ranking:
    """Positions best first; the first `strong` of them answer the query."""

    positions: list[int]
    scores: list[float]
    strong: int
    relaxed: bool
    corrected: str | None
    correction_used: bool
    terms: frozenset[str]
    forms: frozenset[str]


class Ranker:
    """Turns parsed queries into rankings with one analyser and one vocabulary."""

    def __init__(self, analyser: Analyser, vocabulary: Vocabulary, tuning: Tuning | None = None) -> None:
        self.analyser = analyser
        self.vocabulary = vocabulary
        self.tuning = tuning or Tuning()

    def languages_of(self, form: str, locale: str) -> tuple[str, ...]:
        """Dictionaries to ask about a query word: Finnish, that of the reader, others for what Finnish lacks."""
        if locale in ("sv", "en"):
            return (locale, "fi", "en" if locale == "sv" else "sv")
        if self.analyser.word(form, "fi").known or not form.isalpha():
            return ("fi",)
        return ("fi", "sv", "en")

    def rank(self, index: PostingIndex, query: ParsedQuery, locale: str, *, verbatim: bool = False) -> Ranking:
        """Every deed that shares something with the query, strong ones first."""
        concepts = self._concepts(index, query, locale, verbatim)
        found = _Scores(index, self.tuning)
        for concept in sorted(concepts, key=lambda c: -c.mass):
            found.add(concept)
        allowed = self._phrases(index, query)
        for forms in query.excluded:
            allowed = _without(allowed, self.excluded(index, forms, locale), index)
        ranking = found.ranking(concepts, allowed)
        self._tell_correction(query, concepts, ranking)
        return ranking

    def _phrases(self, index: PostingIndex, query: ParsedQuery) -> set[int] | None:
        allowed: set[int] | None = None
        for forms in query.phrases:
            matching = index.phrase(forms)
            allowed = matching if allowed is None else allowed & matching
        return allowed

    def excluded(self, index: PostingIndex, forms: Sequence[str], locale: str) -> set[int]:
        if len(forms) > 1:
            return index.phrase(forms)
        gone: set[int] = set(index.phrase(forms))
        for language in self.languages_of(forms[0], locale):
            for lemma in self.analyser.word(forms[0], language).lemmas:
                gone.update(index.postings(lemma)[0])
        return gone

    def _concepts(self, index: PostingIndex, query: ParsedQuery, locale: str, verbatim: bool) -> list[Concept]:
        wanted = self._with_subject(query.wanted, locale)
        concepts = []
        for place, word in enumerate(wanted):
            last = place == len(wanted) - 1
            concepts.append(self._concept(index, word, locale, last=last, verbatim=verbatim))
        if not verbatim:
            self._join_neighbours(index, wanted, concepts)
            self._add_synonyms(index, query.wanted, wanted, concepts, locale)
            for concept in concepts:
                self._help_spelling(index, concept)
        for concept in concepts:
            self._weigh(index, concept)
        return concepts

    def _with_subject(self, wanted: Sequence[QueryWord], locale: str) -> list[QueryWord]:
        """Words that say what is looked for; all of them when none does."""
        language = locale if locale in ("sv", "en") else "fi"
        kept = [
            word
            for word in wanted
            if not carries_no_subject(word.form, self.analyser.word(word.form, language).lemmas, language)
        ]
        return kept or list(wanted)

    def _concept(self, index: PostingIndex, word: QueryWord, locale: str, *, last: bool, verbatim: bool) -> Concept:
        form, t = word.form, self.tuning
        concept = Concept(form)
        whole: list[str] = [form]
        roots: list[str] = []
        known = False
        for language in self.languages_of(form, locale):
            analysed = self.analyser.word(form, language)
            known = known or analysed.known
            whole.extend(analysed.lemmas)
            roots.extend(analysed.roots if len(analysed.parts) == 0 else ())
        whole = list(dict.fromkeys(whole))
        concept.real_word = known
        concept.ways.append(Way((tuple(whole),), 1.0))
        concept.ways.append(Way((tuple(PART + lemma for lemma in whole),), t.part))
        concept.direct = any(index.frequency(term) for way in concept.ways for term in way.slots[0])
        if word.prefix or not verbatim:
            self._add_prefix(index, concept, starred=word.prefix, last=last)
        if verbatim:
            return concept
        if roots:
            concept.ways.append(
                Way((tuple(ROOT + r for r in dict.fromkeys(roots)),), t.root if known else t.unknown_stem)
            )
        self._add_splits(concept)
        return concept

    def _add_splits(self, concept: Concept) -> None:
        t = self.tuning
        for modifier, head in self.analyser.finnish.splits(concept.form):
            slots = (_anywhere(modifier), _anywhere(head))
            concept.ways.append(Way(slots, t.split))
            concept.ways.extend(Way((slot,), t.single_part) for slot in slots)

    def _add_prefix(self, index: PostingIndex, concept: Concept, *, starred: bool, last: bool) -> None:
        t, form = self.tuning, concept.form
        if len(form) < 3 or not (starred or not concept.direct or (last and len(form) > 3)):
            return
        worth = t.prefix if starred or not concept.direct else t.quiet_prefix
        longer = [word for word, _ in index.lexicon.starting_with(form, 50 if starred else 16) if word != form]
        for word in longer:
            closeness = (len(form) / len(word)) ** 0.35
            concept.ways.append(Way(((word, PART + word),), worth * (1.0 if starred else closeness)))
        if longer and not concept.direct:
            concept.real_word = True
            concept.direct = True

    def _join_neighbours(self, index: PostingIndex, wanted: Sequence[QueryWord], concepts: Sequence[Concept]) -> None:
        """A compound written apart: päivä koti finds päiväkoti."""
        for place in range(len(wanted) - 1):
            first, second = wanted[place].form, wanted[place + 1].form
            joined = self.analyser.word(first + second, "fi").lemmas
            fronts = (first, *self.analyser.word(first, "fi").lemmas)
            ends = self.analyser.word(second, "fi").lemmas
            terms = dict.fromkeys((first + second, *joined, *(f + e for f in fronts for e in ends)))
            real = tuple(term for term in terms if index.frequency(term) or index.frequency(PART + term))
            if real:
                for concept in concepts[place : place + 2]:
                    concept.ways.append(Way((_anywhere(real),), self.tuning.joined))
                    concept.direct = True

    def _add_synonyms(
        self,
        index: PostingIndex,
        typed: Sequence[QueryWord],
        wanted: Sequence[QueryWord],
        concepts: Sequence[Concept],
        locale: str,
    ) -> None:
        lemmas = []
        for word in typed:
            bases = {word.form}
            for language in self.languages_of(word.form, locale):
                bases.update(self.analyser.word(word.form, language).lemmas)
            lemmas.append(frozenset(bases))
        by_form = {word.form: concept for word, concept in zip(wanted, concepts, strict=True)}
        covered: dict[str, int] = {}
        for found in self.vocabulary.find(lemmas):
            forms = [typed[at].form for at in range(found.start, found.start + found.length)]
            for form in forms:
                # A phrase that the vocabulary knows says more than its single words.
                fade = 1.0 if covered.setdefault(form, found.length) == found.length else 0.6
                if form in by_form:
                    self._add_links(index, by_form[form], found.links, fade)

    def _add_links(self, index: PostingIndex, concept: Concept, links: Iterable[Link], fade: float) -> None:
        for link in links:
            slots = self._member_slots(link.member.text, link.member.language)
            if slots and all(any(index.frequency(term) for term in slot) for slot in slots):
                concept.ways.append(Way(slots, link.strength * fade))
                if link.strength * fade >= 0.5:
                    concept.direct = True

    def _member_slots(self, text: str, language: str) -> Conjunction:
        return tuple(_anywhere((form, *lemmas)) for form, lemmas in self._content_words(text, language))

    def _content_words(self, text: str, language: str) -> list[tuple[str, tuple[str, ...]]]:
        pairs = [(form, self.analyser.word(form, language).lemmas) for form in words(text)]
        kept = [(form, lemmas) for form, lemmas in pairs if not carries_no_subject(form, lemmas, language)]
        return kept or pairs

    def _help_spelling(self, index: PostingIndex, concept: Concept) -> None:
        if concept.direct:
            return
        t = self.tuning
        near = index.lexicon.near(concept.form, limit=6)
        if not near:
            return
        concept.spelling = near[0]
        top = near[0].similarity
        worth = t.spelling_of_real_word if concept.real_word else t.spelling
        for candidate in near:
            if candidate.similarity < top - 0.12:
                break
            lemmas: list[str] = []
            for language in ("fi", "sv", "en"):
                analysed = self.analyser.word(candidate.word, language)
                if analysed.known or language == "fi":
                    lemmas.extend(analysed.lemmas)
            terms = tuple(dict.fromkeys((candidate.word, *lemmas)))
            concept.ways.append(Way((_anywhere(terms),), worth * candidate.similarity))

    def _weigh(self, index: PostingIndex, concept: Concept) -> None:
        """Rarer words count more; a word the index does not have counts as the rarest."""
        count = len(index.catalogue)
        good = [way for way in concept.ways if way.worth >= 0.5]
        common = max((_way_frequency(index, way) for way in good), default=0)
        concept.mass = rarity(common, count)
        concept.ways = [
            Way(way.slots, way.worth * min(1.0, rarity(frequency, count) / concept.mass) ** 0.7)
            for way in concept.ways
            if (frequency := _way_frequency(index, way))
        ]

    def _tell_correction(self, query: ParsedQuery, concepts: Sequence[Concept], ranking: Ranking) -> None:
        text = query.text.lower()
        changed = used = False
        for concept in concepts:
            spelling = concept.spelling
            if spelling is None or spelling.word == concept.form:
                continue
            if spelling.similarity < (0.8 if concept.real_word else 0.68):
                continue
            text = text.replace(concept.form, spelling.word)
            changed = True
            used = used or not concept.real_word
        if changed:
            ranking.corrected = text
            ranking.correction_used = used and ranking.strong > 0


def _anywhere(lemmas: Iterable[str]) -> tuple[str, ...]:
    """A word as itself or as a part of a compound."""
    unique = tuple(dict.fromkeys(lemmas))
    return (*unique, *(PART + lemma for lemma in unique))


def rarity(frequency: int, count: int) -> float:
    """Inverse document frequency, never below a quarter."""
    return max(0.25, math.log(1 + (count - min(frequency, count) + 0.5) / (frequency + 0.5)))


def _way_frequency(index: PostingIndex, way: Way) -> int:
    """Deeds that the rarest slot of a way can have, at most; without reading postings."""
    return min(max(index.frequency(term) for term in slot) for slot in way.slots)


def _without(allowed: set[int] | None, gone: set[int], index: PostingIndex) -> set[int]:
    base = allowed if allowed is not None else set(index.catalogue.by_id.values())
    return base - gone


class _Scores:
    """Sums over concepts: worth times impact, and how much of the query a deed covers."""

    def __init__(self, index: PostingIndex, tuning: Tuning) -> None:
        self._index = index
        self._tuning = tuning
        self.score: dict[int, float] = {}
        self.covered: dict[int, float] = {}
        self.total_mass = 0.0
        self.full: set[int] | None = None
        self.terms: set[str] = set()

    def add(self, concept: Concept) -> None:
        values: dict[int, float] = {}
        worths: dict[int, float] = {}
        share = self._tuning.impact_share
        for way in sorted(concept.ways, key=lambda w: -w.worth):
            positions, impacts = self._meet(way)
            worth = way.worth
            if worth >= 0.3:
                for slot in way.slots:
                    self.terms.update(slot)
            for at, strength in zip(positions, impacts, strict=True):
                value = worth * (1 - share + share * strength)
                if at not in worths:
                    worths[at] = worth
                    values[at] = value
                elif value > values[at]:
                    values[at] = value
        mass = concept.mass
        self.total_mass += mass
        score, covered = self.score, self.covered
        for at, value in values.items():
            score[at] = score.get(at, 0.0) + mass * value
            covered[at] = covered.get(at, 0.0) + mass * worths[at]
        met = {at for at, worth in worths.items() if worth >= 0.45}
        self.full = met if self.full is None else self.full & met

    def _meet(self, way: Way) -> Postings:
        slots = [self._slot(slot) for slot in way.slots]
        if len(slots) == 1:
            return tuple(slots[0].keys()), tuple(slots[0].values())
        slots.sort(key=len)
        both = [(at, min(slot[at] for slot in slots)) for at in slots[0] if all(at in slot for slot in slots[1:])]
        return tuple(at for at, _ in both), tuple(strength for _, strength in both)

    def _slot(self, terms: Iterable[str]) -> dict[int, float]:
        best: dict[int, float] = {}
        for term in terms:
            positions, impacts = self._index.postings(term)
            if not best:
                best = dict(zip(positions, impacts, strict=True))
                continue
            for at, strength in zip(positions, impacts, strict=True):
                if strength > best.get(at, 0.0):
                    best[at] = strength
        return best

    def ranking(self, concepts: Sequence[Concept], allowed: set[int] | None) -> Ranking:
        t = self._tuning
        if not concepts and allowed is not None:
            self.score = dict.fromkeys(allowed, 1.0)
            self.covered = dict.fromkeys(allowed, 1.0)
            self.total_mass = 1.0
        total = self.total_mass or 1.0
        strong: list[tuple[float, int, int]] = []
        weak: list[tuple[float, int, int]] = []
        rows = self._index.catalogue.rows
        newest = max((row.published for row in rows if row), default=0.0)
        for at, score in self.score.items():
            row = rows[at]
            if row is None or (allowed is not None and at not in allowed):
                continue
            coverage = self.covered[at] / total
            value = score / total * (1 - t.coverage_share + t.coverage_share * coverage)
            age = (newest - row.published) / 31_557_600
            value *= 1 + t.fresh * math.exp(-age / 5) + t.adopted * min(1.0, math.log1p(row.adoptions) / 3.9)
            if coverage >= t.strong_line:
                strong.append((-value, -row.id, at))
            elif coverage >= t.weak_line:
                weak.append((-value, -row.id, at))
        strong.sort()
        top = -strong[0][0] if strong else (-min(weak)[0] if weak else 0.0)
        kept = sorted(item for item in weak if -item[0] >= t.weak_share * top)[: t.most_weak]
        both = strong + kept
        relaxed = bool(both) and len(concepts) > 1 and not self.full
        return Ranking(
            positions=[at for _, _, at in both],
            scores=[-value for value, _, _ in both],
            strong=len(strong),
            relaxed=relaxed,
            corrected=None,
            correction_used=False,
            terms=frozenset(self.terms),
            forms=frozenset(concept.form for concept in concepts),
        )
