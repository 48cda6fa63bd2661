"""From a parsed query to ranked positions: ways to match each word, their worth, and an honest weak line.

Nothing here knows how terms are stored; an engine offers `PostingIndex` and shares everything else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from tori.search.analysis import PART, ROOT, Analyser
from tori.search.lexicon import LEAST_TYPED, Spelling, similarity_of
from tori.search.query import ParsedQuery
from tori.search.query import Word as QueryWord
from tori.search.scores import FAINT, Concept, Conjunction, PostingIndex, Ranking, Scores, Tuning, Way
from tori.search.stopwords import carries_no_subject, is_empty_piece, says_little
from tori.search.vocabulary import SAME, TRANSLATION, Found, Link, Vocabulary
from tori.search.words import words

LEAST_SIMILAR = 0.6
FAINTLY_SIMILAR = 0.42
DICTIONARY_DOUBT = 0.06
SURE = 0.75
SURE_OF_REAL_WORD = 0.8
SURE_OF_COMPOUND = 0.87
LEAST_TOLD = 0.66
FARTHEST = 2
SHORTEST_HEAD = 3
LIGHT_MOST = 2.5
"""A word that says little does not say more because no deed has it."""


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
        spellings = {} if verbatim else self._spellings(index, query.wanted, locale)
        concepts = self._concepts(index, query, locale, spellings, verbatim=verbatim)
        stems = [self._stems(concept.form, locale) for concept in concepts]
        found = Scores(index, self.tuning, sum(concept.mass for concept in concepts), stems)
        for concept in sorted(concepts, key=lambda c: -c.mass):
            found.add(concept)
        allowed = self._phrases(index, query)
        for forms in query.excluded:
            allowed = _without(allowed, self.excluded(index, forms, locale), index)
        ranking = found.ranking(concepts, allowed)
        self._tell_correction(query, spellings, ranking)
        return ranking

    def _stems(self, form: str, locale: str) -> tuple[str, ...]:
        """Beginnings by which inflected forms of a word are known, without analysing them."""
        lemmas = (
            lemma for language in self.languages_of(form, locale) for lemma in self.analyser.word(form, language).lemmas
        )
        return tuple({word[: max(3, len(word) - 2)] for word in (form, *lemmas)})

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
                gone.update(index.postings(lemma)[0].tolist())
        return gone

    def _concepts(
        self,
        index: PostingIndex,
        query: ParsedQuery,
        locale: str,
        spellings: Mapping[str, list[Spelling]],
        *,
        verbatim: bool,
    ) -> list[Concept]:
        typed = self._mended(query.wanted, spellings)
        wanted = self._with_subject(typed, locale)
        concepts = []
        for place, word in enumerate(wanted):
            last = place == len(wanted) - 1
            concepts.append(self._concept(index, word, locale, last=last, verbatim=verbatim))
        if not verbatim:
            self._join_neighbours(index, typed, concepts)
            self._add_synonyms(index, typed, wanted, concepts, locale)
            self._add_synonyms_of_pieces(index, concepts)
            if locale == "sv":
                self._add_translated_pieces(index, concepts)
            self._fade_mended(index, concepts, spellings)
        for concept in concepts:
            self._weigh(index, concept)
        return concepts

    def _mended(self, typed: Sequence[QueryWord], spellings: Mapping[str, list[Spelling]]) -> list[QueryWord]:
        """The words as they were probably meant; a slip of a real word stays as typed."""
        mended = []
        for word in typed:
            near = spellings.get(word.form)
            mended.append(QueryWord(near[0].word) if near and not near[0].doubtful else word)
        return list(dict.fromkeys(mended))

    def _spellings(self, index: PostingIndex, typed: Sequence[QueryWord], locale: str) -> dict[str, list[Spelling]]:
        """The likeliest right form of each word that nothing in the index or the vocabulary answers to."""
        joined: set[str] = set()
        for first, second in pairwise(typed):
            if self._joined_terms(index, first.form, second.form):
                joined.update((first.form, second.form))
        found = {}
        for word in typed:
            if word.prefix or word.form in joined or self._answers(index, word.form, locale):
                continue
            if near := self._near(index, word.form, locale):
                found[word.form] = near
        return found

    def _answers(self, index: PostingIndex, form: str, locale: str) -> bool:
        """Whether the word leads anywhere as it is."""
        bases = {form}
        languages = self.languages_of(form, locale)
        for language in languages:
            analysed = self.analyser.word(form, language)
            bases.update(analysed.lemmas)
            if carries_no_subject(form, analysed.lemmas, language):
                return True
        if any(index.frequency(base) or index.frequency(PART + base) for base in bases):
            return True
        if self.vocabulary.find([frozenset(bases)], languages):
            return True
        for slots in self.analyser.finnish.splits(form):
            if all(any(index.frequency(term) for term in _anywhere(slot)) for slot in slots):
                return True
        return len(form) >= 4 and bool(index.lexicon.starting_with(form, 1))

    def _near(self, index: PostingIndex, form: str, locale: str) -> list[Spelling]:
        """Words near to a form: of the index, of the vocabulary and question words, of the dictionary."""
        if len(form) < LEAST_TYPED or not form.isalpha():
            return []
        known = [w for w in (self.analyser.word(form, lang) for lang in self.languages_of(form, locale)) if w.known]
        real = bool(known)
        # Dictionaries take almost any two nouns for a compound (vuosikelo), also slips.
        least_sure = SURE_OF_COMPOUND if all(word.parts for word in known) else 2.0
        found = [*index.lexicon.near(form, limit=6), *self.vocabulary.lexicon.near(form, limit=4)]
        if not real and max((s.similarity for s in found), default=0.0) < SURE:
            found.extend(self._compound_spellings(index, form))
            found.extend(self._dictionary_spellings(index, form))
        if not found:
            found = [replace(s, doubtful=True) for s in index.lexicon.near(form, limit=6, at_least=FAINTLY_SIMILAR)]
        best: dict[str, Spelling] = {}
        for spelling in found:
            if spelling.word != form and spelling.similarity > (
                kept.similarity if (kept := best.get(spelling.word)) else 0
            ):
                best[spelling.word] = replace(
                    spelling, doubtful=spelling.doubtful or (real and spelling.similarity < least_sure)
                )
        return sorted(best.values(), key=lambda s: (-s.similarity - min(s.frequency, 20) * 0.001, s.word))

    def _compound_spellings(self, index: PostingIndex, form: str) -> list[Spelling]:
        """A slip in one piece of a compound that no deed has: the other piece is known, this one is mended."""
        found: list[Spelling] = []
        for cut in range(len(form) - LEAST_TYPED, LEAST_TYPED - 1, -1):
            if self._is_piece(index, form[:cut]):
                tails = self._piece_near(index, form[cut:])
                found.extend(Spelling(form[:cut] + tail, similarity_of(form, form[:cut] + tail), 1) for tail in tails)
                break
        for cut in range(LEAST_TYPED, len(form) - LEAST_TYPED + 1):
            if self.analyser.finnish.word(form[cut:]).known:
                heads = self._piece_near(index, form[:cut])
                found.extend(Spelling(head + form[cut:], similarity_of(form, head + form[cut:]), 1) for head in heads)
                break
        return [spelling for spelling in found if spelling.similarity >= SURE]

    def _is_piece(self, index: PostingIndex, form: str) -> bool:
        return form in index.lexicon or form in self.vocabulary.lexicon

    def _piece_near(self, index: PostingIndex, form: str) -> list[str]:
        near = [*index.lexicon.near(form, limit=1), *self.vocabulary.lexicon.near(form, limit=1)]
        return [spelling.word for spelling in near if self.analyser.finnish.word(spelling.word).known]

    def _dictionary_spellings(self, index: PostingIndex, form: str) -> list[Spelling]:
        found = []
        for word in self.analyser.finnish.suggestions(form):
            if not word.isalpha():
                continue
            lemmas = self.analyser.finnish.word(word).lemmas
            frequency = max((index.frequency(lemma) for lemma in lemmas), default=0)
            if not frequency and self.vocabulary.find([frozenset(lemmas)], ("fi",)):
                frequency = 1
            similarity = similarity_of(form, word)
            if frequency and similarity >= LEAST_SIMILAR:
                found.append(Spelling(word, similarity - DICTIONARY_DOUBT, frequency))
        return found

    def _fade_mended(
        self,
        index: PostingIndex,
        concepts: Sequence[Concept],
        spellings: Mapping[str, list[Spelling]],
    ) -> None:
        """What comes from a guess of spelling is worth less, by how sure the guess is; the form as typed stays."""
        by_form = {concept.form: concept for concept in concepts}
        for typed, near in spellings.items():
            spelling = near[0]
            guessed = by_form.get(typed if spelling.doubtful else spelling.word)
            if guessed is None:
                continue
            t = self.tuning
            if spelling.doubtful:
                for guess in near[:4]:
                    terms = _anywhere((guess.word, *self.analyser.finnish.word(guess.word).lemmas))
                    guessed.ways.append(Way((terms,), t.spelling_of_real_word * guess.similarity))
            else:
                worth = t.spelling * spelling.similarity
                guessed.ways = [replace(way, worth=way.worth * worth) for way in guessed.ways]
                self._add_other_spellings(guessed, near)

    def _add_other_spellings(self, concept: Concept, near: Sequence[Spelling]) -> None:
        for other in near[1:4]:
            if other.similarity < near[0].similarity - 0.12:
                break
            terms = _anywhere((other.word, *self.analyser.finnish.word(other.word).lemmas))
            concept.ways.append(Way((terms,), self.tuning.spelling * other.similarity**2))

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
        concept.is_light = says_little(form, tuple(whole))
        guessed = not known and last and not index.frequency(form) and index.lexicon.starting_with(form, 1)
        # The start of a longer word is likelier than an inflected form of a word that no dictionary has.
        sure = t.unknown_stem if guessed else 1.0
        concept.ways.append(Way((tuple(whole),), sure))
        concept.ways.append(Way((tuple(PART + lemma for lemma in whole),), sure * t.part))
        direct = any(index.frequency(term) for way in concept.ways for term in way.slots[0])
        if word.prefix or not verbatim:
            self._add_prefix(index, concept, starred=word.prefix, last=last, direct=direct)
        if verbatim:
            return concept
        if roots:
            concept.ways.append(
                Way((tuple(ROOT + r for r in dict.fromkeys(roots)),), t.root if known else t.unknown_stem)
            )
        self._add_splits(index, concept)
        return concept

    def _add_splits(self, index: PostingIndex, concept: Concept) -> None:
        """Both pieces of a compound anywhere in a deed, and each alone.

        A piece that stands in most deeds (työ) adds little to the other one. A head alone (ongelma of sisäilmaongelma)
        is hardly an answer.
        """
        t, count = self.tuning, len(index.catalogue)
        for modifier, head in self.analyser.finnish.splits(concept.form):
            slots = (_anywhere(modifier), _anywhere(head))
            rare, common = sorted(_slot_frequency(index, slot) for slot in slots)
            told = rarity(common, count) / rarity(rare, count)
            concept.ways.append(Way(slots, t.single_part + (t.split - t.single_part) * told**0.5))
            concept.ways.extend(self._alone(modifier, slots[0], 1.0))
            concept.ways.extend(self._alone(head, slots[1], t.head_alone))

    def _alone(self, piece: tuple[str, ...], slot: tuple[str, ...], honest: float, share: float = 1.0) -> Iterator[Way]:
        """A piece of a compound without the other one, unless it says nothing (olo of poissaolo)."""
        if not any(is_empty_piece(lemma) for lemma in piece):
            yield Way((slot,), self.tuning.single_part * share, honest)

    def _add_prefix(self, index: PostingIndex, concept: Concept, *, starred: bool, last: bool, direct: bool) -> None:
        t, form = self.tuning, concept.form
        if len(form) < 3 or not (starred or not direct or (last and len(form) > 3)):
            return
        worth = t.prefix if starred or not direct else t.quiet_prefix
        longer = [word for word, _ in index.lexicon.starting_with(form, 50 if starred else 16) if word != form]
        for word in longer:
            closeness = (len(form) / len(word)) ** 0.35
            concept.ways.append(Way(((word, PART + word),), worth * (1.0 if starred else closeness)))

    def _join_neighbours(self, index: PostingIndex, typed: Sequence[QueryWord], concepts: Sequence[Concept]) -> None:
        """A compound written apart: päivä koti finds päiväkoti, also when one of the words says little by itself."""
        by_form = {concept.form: concept for concept in concepts}
        for first, second in pairwise(typed):
            if real := self._joined_terms(index, first.form, second.form):
                for concept in filter(None, (by_form.get(first.form), by_form.get(second.form))):
                    concept.ways = [
                        replace(way, worth=way.worth * self.tuning.joined_elsewhere) for way in concept.ways
                    ]
                    concept.ways.append(Way((_anywhere(real),), self.tuning.joined))
                continue
            joined = frozenset(self.joined_forms(first.form, second.form))
            for found in self.vocabulary.find([joined], ("fi",)):
                for concept in filter(None, (by_form.get(first.form), by_form.get(second.form))):
                    self._add_links(index, concept, found.links, self.tuning.joined)

    def joined_forms(self, first: str, second: str) -> tuple[str, ...]:
        """How a compound of the two words could be written."""
        word = self.analyser.finnish.word
        fronts = (first, *word(first).lemmas)
        return tuple(
            dict.fromkeys(
                (first + second, *word(first + second).lemmas, *(f + e for f in fronts for e in word(second).lemmas))
            )
        )

    def _joined_terms(self, index: PostingIndex, first: str, second: str) -> tuple[str, ...]:
        """Compounds of the index that two words make together."""
        terms = self.joined_forms(first, second)
        return tuple(term for term in terms if index.frequency(term) or index.frequency(PART + term))

    def _add_synonyms(
        self,
        index: PostingIndex,
        typed: Sequence[QueryWord],
        wanted: Sequence[QueryWord],
        concepts: Sequence[Concept],
        locale: str,
    ) -> None:
        lemmas = []
        asked: dict[str, None] = {}
        for word in typed:
            bases = {word.form}
            for language in self.languages_of(word.form, locale):
                asked[language] = None
                bases.update(self.analyser.word(word.form, language).lemmas)
            lemmas.append(frozenset(bases))
        by_form = {word.form: concept for word, concept in zip(wanted, concepts, strict=True)}
        covered: dict[str, int] = {}
        subjects = [at for at, word in enumerate(typed) if word.form in by_form]
        known: list[tuple[Found, Sequence[int]]] = [
            (found, range(len(typed))) for found in self.vocabulary.find(lemmas, tuple(asked))
        ]
        if len(subjects) < len(typed):
            # Words that only join may stand between those of a phrase: nuorille oma ääni.
            between = self.vocabulary.find([lemmas[at] for at in subjects], tuple(asked))
            known.extend((found, subjects) for found in between if found.length > 1)
            known.sort(key=lambda pair: -pair[0].length)
        for found, places in known:
            for at in places[found.start : found.start + found.length]:
                form = typed[at].form
                # A phrase that the vocabulary knows says more than its single words.
                fade = 1.0 if covered.setdefault(form, found.length) == found.length else 0.6
                if form in by_form and not self._add_links(index, by_form[form], found.links, fade):
                    self._add_far_links(index, by_form[form], found.links, fade)

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

    def _add_synonyms_of_pieces(self, index: PostingIndex, concepts: Sequence[Concept]) -> None:
        """A compound that nothing answers to is looked for by other words for its pieces: ruokapaketti, ruokakassi."""
        t = self.tuning
        for concept in concepts:
            good = (way for way in concept.ways if way.worth >= t.same and len(way.slots) == 1)
            if any(_way_frequency(index, way) for way in good):
                continue
            for modifier, head in self.analyser.finnish.splits(concept.form):
                slots = (self._widened(modifier), self._widened(head))
                concept.ways.append(Way(slots, t.split_widened))
                concept.ways.extend(self._alone(modifier, slots[0], 1.0, SAME))
                concept.ways.extend(self._alone(head, slots[1], t.head_alone, SAME))

    def _add_translated_pieces(self, index: PostingIndex, concepts: Sequence[Concept]) -> None:
        """A Swedish compound that neither deeds nor groups have, by the Finnish of its pieces: chefsvikarie."""
        t = self.tuning
        for concept in concepts:
            if any(way.worth >= t.same and _way_frequency(index, way) for way in concept.ways):
                continue
            form = concept.form
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
                    terms.update(dict.fromkeys(_anywhere(self.analyser.finnish.word(member[0]).lemmas)))
        return tuple(terms)

    def _widened(self, lemmas: tuple[str, ...]) -> tuple[str, ...]:
        """A piece of a compound and single words that mean the same."""
        terms = dict.fromkeys(_anywhere(lemmas))
        for found in self.vocabulary.find([frozenset(lemmas)], ("fi",)):
            for link in found.links:
                member = words(link.member.text)
                if link.member.language == "fi" and link.strength >= SAME and len(member) == 1:
                    terms.update(dict.fromkeys(_anywhere(self.analyser.finnish.word(member[0]).lemmas)))
        return tuple(terms)

    def _member_slots(self, text: str, language: str) -> Conjunction:
        pairs = self._content_words(text, language)
        if len(pairs) > 1:
            # Two words anywhere in a deed are weak evidence already; their pieces would be none.
            return tuple((form, *lemmas) for form, lemmas in pairs)
        # The vocabulary has base forms: maine is a reputation there, and no form of maa.
        bases = ((form,) if form in lemmas else (form, *lemmas) for form, lemmas in pairs)
        return tuple(base if any(map(is_empty_piece, base)) else _anywhere(base) for base in bases)

    def _content_words(self, text: str, language: str) -> list[tuple[str, tuple[str, ...]]]:
        pairs = [(form, self.analyser.word(form, language).lemmas) for form in words(text)]
        kept = [(form, lemmas) for form, lemmas in pairs if not carries_no_subject(form, lemmas, language)]
        return kept or pairs

    def _weigh(self, index: PostingIndex, concept: Concept) -> None:
        """Rarer words count more; a word the index does not have counts as the rarest."""
        count = len(index.catalogue)
        common = 0
        for least in (self.tuning.same, FAINT):
            good = [way for way in concept.ways if way.worth >= least]
            common = common or max((_way_frequency(index, way) for way in good), default=0)
        rare = rarity(common, count)
        concept.mass = self.tuning.light * min(rare, LIGHT_MOST) if concept.is_light else rare
        concept.ways = [
            replace(way, worth=way.worth * min(1.0, rarity(frequency, count) / rare) ** 0.7)
            for way in concept.ways
            if (frequency := _way_frequency(index, way))
        ]

    def _tell_correction(self, query: ParsedQuery, spellings: Mapping[str, list[Spelling]], ranking: Ranking) -> None:
        text = query.text.lower()
        changed = used = False
        for typed, near in spellings.items():
            spelling = near[0]
            if spelling.similarity < (SURE_OF_REAL_WORD if spelling.doubtful else LEAST_TOLD):
                continue
            text = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", spelling.word, text)
            changed = True
            used = used or not spelling.doubtful
        if changed:
            ranking.corrected = text
            ranking.correction_used = used and len(ranking.strong) > 0


def _modifiers(piece: str) -> tuple[str, ...]:
    """What a Swedish piece at the start of a compound may be by itself: skol(a), arbet(s), familj(e)."""
    return (piece, piece + "a", piece.removesuffix("s"), piece.removesuffix("e"), piece.removesuffix("o") + "a")


def _anywhere(lemmas: Iterable[str]) -> tuple[str, ...]:
    """A word as itself or as a part of a compound."""
    unique = tuple(dict.fromkeys(lemmas))
    return (*unique, *(PART + lemma for lemma in unique))


def rarity(frequency: int, count: int) -> float:
    """Inverse document frequency, never below a quarter."""
    return max(0.25, math.log(1 + (count - min(frequency, count) + 0.5) / (frequency + 0.5)))


def _way_frequency(index: PostingIndex, way: Way) -> int:
    """Deeds that the rarest slot of a way can have, at most; without reading postings."""
    return min(_slot_frequency(index, slot) for slot in way.slots)


def _slot_frequency(index: PostingIndex, slot: Iterable[str]) -> int:
    return max(index.frequency(term) for term in slot)


def _without(allowed: set[int] | None, gone: set[int], index: PostingIndex) -> set[int]:
    base = allowed if allowed is not None else set(index.catalogue.by_id.values())
    return base - gone
