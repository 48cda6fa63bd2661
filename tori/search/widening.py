"""Other ways to say a query word: pieces of compounds, synonyms, translations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

from tori.search.query import Word as QueryWord
from tori.search.reading import KEPT_MEMBERS, Asked, Joined, Reading, anywhere, rarity, slot_frequency, way_frequency
from tori.search.scores import Concept, Conjunction, PostingIndex, Way
from tori.search.stopwords import carries_no_subject, is_empty_piece
from tori.search.vocabulary import SAME, TRANSLATION, Found, Link
from tori.search.words import words

FARTHEST = 2
SHORTEST_HEAD = 3


class Widening(Reading):
    """Adds ways to concepts, each at its own worth."""

    @cached_property
    def _member_slots(self) -> Callable[[str, str], Conjunction]:
        """The same words come up in many groups."""
        return lru_cache(KEPT_MEMBERS)(self._slots)

    def _add_splits(self, index: PostingIndex, concept: Concept) -> None:
        """Both pieces of a compound anywhere in a deed, and each alone.

        A piece that stands in most deeds (työ) adds little to the other one. A head alone (ongelma of sisäilmaongelma)
        is hardly an answer.
        """
        t, count = self.tuning, len(index.catalogue)
        for modifier, head in self.analyser.finnish.splits(concept.form):
            slots = (anywhere(modifier), anywhere(head))
            rare, common = sorted(slot_frequency(index, slot) for slot in slots)
            told = rarity(common, count) / rarity(rare, count)
            concept.ways.append(Way(slots, t.single_part + (t.split - t.single_part) * told**0.5))
            concept.ways.extend(self._alone(modifier, slots[0], 1.0))
            concept.ways.extend(self._alone(head, slots[1], t.head_alone))
        if not self.analyser.finnish.splits(concept.form):
            concept.ways.extend(Way(pair, t.joined) for pair in self.two_words(index, concept.form))

    def _alone(self, piece: tuple[str, ...], slot: tuple[str, ...], honest: float, share: float = 1.0) -> Iterator[Way]:
        """A piece of a compound without the other one, unless it says nothing (olo of poissaolo)."""
        if not any(is_empty_piece(lemma) for lemma in piece):
            yield Way((slot,), self.tuning.single_part * share, honest)

    def _joins(self, index: PostingIndex, typed: Sequence[QueryWord]) -> dict[str, tuple[Joined, ...]]:
        """What each word makes with its neighbours, also when one of the two says little by itself."""
        joins: dict[str, tuple[Joined, ...]] = {}
        for first, second in pairwise(typed):
            if joined := self._joined(index, first.form, second.form):
                for form in (first.form, second.form):
                    joins[form] = (*joins.get(form, ()), joined)
        return joins

    def _joined(self, index: PostingIndex, first: str, second: str) -> Joined | None:
        if real := self._joined_terms(index, first, second):
            return Joined(real)
        joined = frozenset(self.joined_forms(self.vocabulary.lexicon, first, second))
        found = self.vocabulary.find([joined], ("fi",))
        return Joined((), found[0].links) if found else None

    def _add_joined(self, index: PostingIndex, concept: Concept, joins: Iterable[Joined]) -> None:
        """A compound written apart: päivä koti finds päiväkoti."""
        t = self.tuning
        for joined in joins:
            if joined.terms:
                concept.ways = [way._replace(worth=way.worth * t.joined_elsewhere) for way in concept.ways]
                concept.ways.append(Way((anywhere(joined.terms),), t.joined))
            else:
                self._add_links(index, concept, joined.links, t.joined)

    def _phrases_known(
        self, typed: Sequence[QueryWord], subjects: Sequence[QueryWord], languages: Sequence[str], locale: str
    ) -> dict[str, tuple[Found, ...]]:
        """Phrases of the groups that each word stands in, the longest first."""
        # Words that only join may stand between those of a phrase: nuorille oma ääni.
        ways_to_read = [typed, subjects] if len(subjects) < len(typed) else [typed]
        known = [
            (found, read[found.start : found.start + found.length])
            for read in ways_to_read
            for found in self.vocabulary.find([self.bases(word.form, locale) for word in read], languages, least=2)
        ]
        phrases: dict[str, tuple[Found, ...]] = {}
        for found, within in sorted(known, key=lambda pair: -pair[0].length):
            for word in within:
                phrases[word.form] = (*phrases.get(word.form, ()), found)
        return phrases

    def _add_synonyms(self, index: PostingIndex, concept: Concept, asked: Asked) -> None:
        alone = self.vocabulary.find([self.bases(concept.form, asked.locale)], asked.languages)
        known = (*asked.phrases, *alone)
        for found in known:
            # A phrase that the vocabulary knows says more than its single words.
            fade = 1.0 if found.length == known[0].length else 0.6
            if concept.is_begun:
                fade *= self.tuning.unknown_stem
            if not self._add_links(index, concept, found.links, fade):
                self._add_far_links(index, concept, found.links, fade)

    def _add_far_links(self, index: PostingIndex, concept: Concept, links: Iterable[Link], fade: float) -> None:
        """When no deed has any word of a group: the other groups of its words, and theirs."""
        near = {link.member.text for link in links if link.member.language == "fi" and link.strength >= SAME}
        seen = set(near)
        for _ in range(FARTHEST):
            fade *= self.tuning.farther
            farther: dict[str, Link] = {}
            for text in near:
                lemmas = [frozenset((form, *self.analyser.finnish.word(form).lemmas)) for form in words(text)]
                for found in self.vocabulary.find(lemmas, ("fi",)):
                    if found.length == len(lemmas):
                        same = (link for link in found.links if link.strength >= SAME and link.member.language == "fi")
                        farther.update((link.member.text, link) for link in same if link.member.text not in seen)
            if self._add_links(index, concept, farther.values(), fade):
                return
            near = set(farther)
            seen |= near

    def _add_links(self, index: PostingIndex, concept: Concept, links: Iterable[Link], fade: float) -> bool:
        """Tells whether a deed has any of them in one word."""
        spoken = index.catalogue.values("language")
        any_added = False
        for link in links:
            if link.member.language not in spoken and link.member.language != "fi":
                continue
            slots = self._member_slots(link.member.text, link.member.language)
            if slots and all(any(index.frequency(term) for term in slot) for slot in slots):
                scattered = self.tuning.scattered if len(slots) > 1 else 1.0
                concept.ways.append(Way(slots, link.strength * fade * scattered))
                any_added = any_added or len(slots) == 1
        return any_added

    def _add_synonyms_of_pieces(self, index: PostingIndex, concept: Concept) -> None:
        """A compound that nothing answers to is looked for by other words for its pieces: ruokapaketti, ruokakassi."""
        t = self.tuning
        good = (way for way in concept.ways if way.worth >= t.same and len(way.slots) == 1)
        if any(way_frequency(index, way) for way in good):
            return
        for modifier, head in self.analyser.finnish.splits(concept.form):
            slots = (self._widened(modifier), self._widened(head))
            concept.ways.append(Way(slots, t.split_widened))
            concept.ways.extend(self._alone(modifier, slots[0], 1.0, SAME))
            concept.ways.extend(self._alone(head, slots[1], t.head_alone, SAME))

    def _add_translated_pieces(self, index: PostingIndex, concept: Concept) -> None:
        """A Swedish compound that neither deeds nor groups have, by the Finnish of its pieces: chefsvikarie."""
        t, form = self.tuning, concept.form
        if any(way.worth >= t.same and way_frequency(index, way) for way in concept.ways):
            return
        for cut in range(len(form) - SHORTEST_HEAD, SHORTEST_HEAD - 1, -1):
            modifier = self._in_finnish(*_modifiers(form[:cut]))
            if modifier and (head := self._in_finnish(form[cut:])):
                concept.ways.append(Way((modifier, head), t.split_widened))
                concept.ways.append(Way((head,), t.single_part, t.head_alone))
            if modifier:
                concept.ways.append(Way((modifier,), t.single_part))
                break

    def _in_finnish(self, *forms: str) -> tuple[str, ...]:
        """Single Finnish words for one that the groups have in Swedish."""
        bases = frozenset(lemma for form in forms for lemma in (form, *self.analyser.word(form, "sv").lemmas))
        terms: dict[str, None] = {}
        for found in self.vocabulary.find([bases], ("sv",)):
            for link in found.links:
                member = words(link.member.text)
                if link.member.language == "fi" and link.strength >= TRANSLATION and len(member) == 1:
                    terms.update(dict.fromkeys(anywhere(self.analyser.finnish.word(member[0]).lemmas)))
        return tuple(terms)

    def _widened(self, lemmas: tuple[str, ...]) -> tuple[str, ...]:
        """A piece of a compound and single words that mean the same."""
        terms = dict.fromkeys(anywhere(lemmas))
        for found in self.vocabulary.find([frozenset(lemmas)], ("fi",)):
            for link in found.links:
                member = words(link.member.text)
                if link.member.language == "fi" and link.strength >= SAME and len(member) == 1:
                    terms.update(dict.fromkeys(anywhere(self.analyser.finnish.word(member[0]).lemmas)))
        return tuple(terms)

    def _slots(self, text: str, language: str) -> Conjunction:
        pairs = self._content_words(text, language)
        if len(pairs) > 1:
            # Two words anywhere in a deed are weak evidence already; their pieces would be none.
            return tuple((form, *lemmas) for form, lemmas in pairs)
        # The vocabulary has base forms: maine is a reputation there, and no form of maa.
        bases = ((form,) if form in lemmas else (form, *lemmas) for form, lemmas in pairs)
        return tuple(base if any(map(is_empty_piece, base)) else anywhere(base) for base in bases)

    def _content_words(self, text: str, language: str) -> list[tuple[str, tuple[str, ...]]]:
        pairs = [(form, self.analyser.word(form, language).lemmas) for form in words(text)]
        kept = [(form, lemmas) for form, lemmas in pairs if not carries_no_subject(form, lemmas, language)]
        return kept or pairs


def _modifiers(piece: str) -> tuple[str, ...]:
    """What a Swedish piece at the start of a compound may be by itself: skol(a), arbet(s), familj(e)."""
    return (piece, piece + "a", piece.removesuffix("s"), piece.removesuffix("e"), piece.removesuffix("o") + "a")
