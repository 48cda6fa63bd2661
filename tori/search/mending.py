"""Slips: what was probably meant by a word that nothing answers to, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from tori.search.analysis import PART
from tori.search.lexicon import LEAST_TYPED, Spelling, similarity_of
from tori.search.order import Ranking
from tori.search.query import ParsedQuery
from tori.search.query import Word as QueryWord
from tori.search.reading import Reading, anywhere
from tori.search.scores import Concept, PostingIndex, Way
from tori.search.stopwords import carries_no_subject

LEAST_SIMILAR = 0.6
FAINTLY_SIMILAR = 0.42
DICTIONARY_DOUBT = 0.06
SURE = 0.75
SURE_OF_REAL_WORD = 0.8
SURE_OF_COMPOUND = 0.87
LEAST_TOLD = 0.66

Spellings = Mapping[str, tuple[Spelling, ...]]
"""By the word as typed: what may have been meant, likeliest first."""


class Mending(Reading):
    """Guesses of spelling."""

    def _mended(self, typed: Sequence[QueryWord], spellings: Spellings) -> list[QueryWord]:
        """The words as they were probably meant; a slip of a real word stays as typed."""
        mended = []
        for word in typed:
            near = spellings.get(word.form)
            mended.append(QueryWord(near[0].word) if near and not near[0].doubtful else word)
        return list(dict.fromkeys(mended))

    def _spellings(self, index: PostingIndex, typed: Sequence[QueryWord], locale: str) -> Spellings:
        """The likeliest right form of each word that nothing in the index or the vocabulary answers to."""
        found = {}
        for at, word in enumerate(typed):
            near = () if word.prefix else self._guessed(index, word.form, locale)
            if near and not self._is_joined(index, typed, at):
                found[word.form] = near
        return found

    def _is_joined(self, index: PostingIndex, typed: Sequence[QueryWord], at: int) -> bool:
        """Whether the word makes a compound with one beside it."""
        beside = pairwise(typed[max(0, at - 1) : at + 2])
        return any(self._joined_terms(index, first.form, second.form) for first, second in beside)

    def _guessed(self, index: PostingIndex, form: str, locale: str) -> tuple[Spelling, ...]:
        """What may have been meant, likeliest first; nothing when the word answers."""

        def make() -> tuple[Spelling, ...]:
            return () if self._answers(index, form, locale) else tuple(self._near(index, form, locale))

        return self._guesses.get((index.token, form, locale), make)

    def _answers(self, index: PostingIndex, form: str, locale: str) -> bool:
        """Whether the word leads anywhere as it is."""
        languages, bases = self.languages_of(form, locale), self.bases(form, locale)
        if any(carries_no_subject(form, self.analyser.word(form, lang).lemmas, lang) for lang in languages):
            return True
        if any(index.frequency(base) or index.frequency(PART + base) for base in bases):
            return True
        if self.vocabulary.find([bases], languages):
            return True
        for slots in self.analyser.finnish.splits(form):
            if all(any(index.frequency(term) for term in anywhere(slot)) for slot in slots):
                return True
        if self.two_words(index, form):
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
        found = [spelling for spelling in found if self._differs_in_a_letter(index, form, spelling.word)]
        best: dict[str, Spelling] = {}
        for spelling in found:
            if spelling.word != form and spelling.similarity > (
                kept.similarity if (kept := best.get(spelling.word)) else 0
            ):
                best[spelling.word] = replace(
                    spelling, doubtful=spelling.doubtful or (real and spelling.similarity < least_sure)
                )
        return sorted(best.values(), key=lambda s: (-s.similarity - min(s.frequency, 20) * 0.001, s.word))

    def _differs_in_a_letter(self, index: PostingIndex, form: str, word: str) -> bool:
        """Not in a whole half: asiakasosallisuus is near to asiakasvalitukset by the length of asiakas only."""
        letters = enumerate(zip(form, word, strict=False))
        same = next((at for at, (typed, other) in letters if typed != other), min(len(form), len(word)))
        halves = form[same:], word[same:]
        if min(same, *map(len, halves)) < LEAST_TYPED or not self._is_piece(index, form[:same]):
            return True
        return similarity_of(*halves) >= FAINTLY_SIMILAR

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

    def _slips(self, spellings: Spellings) -> dict[str, tuple[tuple[Spelling, ...], ...]]:
        """The guesses that each word of the mended query comes from."""
        slips: dict[str, tuple[tuple[Spelling, ...], ...]] = {}
        for typed, near in spellings.items():
            form = typed if near[0].doubtful else near[0].word
            slips[form] = (*slips.get(form, ()), near)
        return slips

    def _fade_mended(self, concept: Concept, slips: Iterable[Sequence[Spelling]]) -> None:
        """What comes from a guess of spelling is worth less, by how sure the guess is; the form as typed stays."""
        t = self.tuning
        for near in slips:
            if near[0].doubtful:
                for guess in near[:4]:
                    terms = anywhere((guess.word, *self.analyser.finnish.word(guess.word).lemmas))
                    concept.ways.append(Way((terms,), t.spelling_of_real_word * guess.similarity))
            else:
                worth = t.spelling * near[0].similarity
                concept.ways = [way._replace(worth=way.worth * worth) for way in concept.ways]
                self._add_other_spellings(concept, near)

    def _add_other_spellings(self, concept: Concept, near: Sequence[Spelling]) -> None:
        for other in near[1:4]:
            if other.similarity < near[0].similarity - 0.12:
                break
            terms = anywhere((other.word, *self.analyser.finnish.word(other.word).lemmas))
            concept.ways.append(Way((terms,), self.tuning.spelling * other.similarity**2))

    def _tell_correction(self, query: ParsedQuery, spellings: Spellings, ranking: Ranking) -> None:
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
