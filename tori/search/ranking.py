"""From a parsed query to ranked positions: ways to match each word, their worth, and an honest weak line.

Nothing here knows how terms are stored; an engine offers `PostingIndex` and shares everything else.
"""

from __future__ import annotations

from collections.abc import Sequence

from tori.search.analysis import PART, ROOT
from tori.search.mending import Mending, Spellings
from tori.search.order import Ranking
from tori.search.query import ParsedQuery
from tori.search.query import Word as QueryWord
from tori.search.reading import Asked, rarity, way_frequency
from tori.search.scores import FAINT, Concept, PostingIndex, Scores, Way
from tori.search.stopwords import carries_no_subject, says_little
from tori.search.widening import Widening

LIGHT_MOST = 2.5
"""A word that says little does not say more because no deed has it."""


class Ranker(Mending, Widening):
    """Turns parsed queries into rankings with one analyser and one vocabulary."""

    def rank(self, index: PostingIndex, query: ParsedQuery, locale: str, *, verbatim: bool = False) -> Ranking:
        """Every deed that shares something with the query, strong ones first."""
        spellings = {} if verbatim else self._spellings(index, query.wanted, locale)
        asked = self._asked(index, query.wanted, spellings, locale, verbatim=verbatim)
        concepts = [self._concept(index, word) for word in asked]
        stems = [concept.stems for concept in concepts]
        found = Scores(index, self.tuning, sum(concept.mass for concept in concepts), stems, self._met)
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
        return tuple({word[: max(3, len(word) - 2)] for word in self.bases(form, locale)})

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

    def _asked(
        self,
        index: PostingIndex,
        query: Sequence[QueryWord],
        spellings: Spellings,
        locale: str,
        *,
        verbatim: bool,
    ) -> list[Asked]:
        """The words to look for, each with what its neighbours and its spelling say of it."""
        typed = self._mended(query, spellings)
        wanted = self._with_subject(typed, locale)
        if verbatim:
            return [Asked(word, locale, word is wanted[-1], verbatim) for word in wanted]
        languages = tuple(dict.fromkeys(lang for word in typed for lang in self.languages_of(word.form, locale)))
        joins, slips = self._joins(index, typed), self._slips(spellings)
        phrases = self._phrases_known(typed, wanted, languages, locale)
        return [
            Asked(
                word, locale, word is wanted[-1], verbatim, languages,
                joins.get(word.form, ()), phrases.get(word.form, ()), slips.get(word.form, ()),
            )
            for word in wanted
        ]  # fmt: skip

    def _concept(self, index: PostingIndex, asked: Asked) -> Concept:
        """What a word stands for. Words come back, though seldom beside the same neighbours."""
        return self._concepts.get((index.token, asked), lambda: self._made_concept(index, asked))

    def _made_concept(self, index: PostingIndex, asked: Asked) -> Concept:
        concept = self._as_typed(index, asked)
        if not asked.verbatim:
            self._add_joined(index, concept, asked.joins)
            self._add_synonyms(index, concept, asked)
            self._add_synonyms_of_pieces(index, concept)
            if asked.locale == "sv":
                self._add_translated_pieces(index, concept)
            self._fade_mended(concept, asked.slips)
        self._weigh(index, concept)
        return concept

    def _with_subject(self, wanted: Sequence[QueryWord], locale: str) -> list[QueryWord]:
        """Words that say what is looked for; all of them when none does."""
        language = locale if locale in ("sv", "en") else "fi"
        kept = [
            word
            for word in wanted
            if not carries_no_subject(word.form, self.analyser.word(word.form, language).lemmas, language)
        ]
        return kept or list(wanted)

    def _as_typed(self, index: PostingIndex, asked: Asked) -> Concept:
        form, last, t = asked.word.form, asked.is_last, self.tuning
        concept = Concept(form, stems=self._stems(form, asked.locale))
        whole: list[str] = [form]
        roots: list[str] = []
        known = False
        for language in self.languages_of(form, asked.locale):
            analysed = self.analyser.word(form, language)
            known = known or analysed.known
            whole.extend(analysed.lemmas)
            roots.extend(analysed.roots if len(analysed.parts) == 0 else ())
        whole = list(dict.fromkeys(whole))
        concept.is_begun = self._is_begun(index, form, known=known, last=last)
        concept.is_light = says_little(form, tuple(whole)) and not concept.is_begun
        sure = t.unknown_stem if concept.is_begun else 1.0
        concept.ways.append(Way((tuple(whole),), sure))
        concept.ways.append(Way((tuple(PART + lemma for lemma in whole),), sure * t.part))
        direct = not concept.is_begun and any(index.frequency(term) for way in concept.ways for term in way.slots[0])
        if asked.word.prefix or not asked.verbatim:
            self._add_prefix(index, concept, starred=asked.word.prefix, last=last, direct=direct)
        if asked.verbatim:
            return concept
        if roots:
            concept.ways.append(
                Way((tuple(ROOT + r for r in dict.fromkeys(roots)),), t.root if known else t.unknown_stem)
            )
        self._add_splits(index, concept)
        return concept

    def _is_begun(self, index: PostingIndex, form: str, *, known: bool, last: bool) -> bool:
        return not known and last and not index.frequency(form) and bool(index.lexicon.starting_with(form, 1))

    def _add_prefix(self, index: PostingIndex, concept: Concept, *, starred: bool, last: bool, direct: bool) -> None:
        t, form = self.tuning, concept.form
        if len(form) < 3 or not (starred or not direct or (last and len(form) > 3)):
            return
        worth = t.prefix if starred or not direct else t.quiet_prefix
        longer = [word for word, _ in index.lexicon.starting_with(form, 50 if starred else 16) if word != form]
        for word in longer:
            closeness = (len(form) / len(word)) ** 0.35
            concept.ways.append(Way(((word, PART + word),), worth * (1.0 if starred else closeness)))

    def _weigh(self, index: PostingIndex, concept: Concept) -> None:
        """Rarer words count more; a word the index does not have counts as the rarest."""
        count = len(index.catalogue)
        ways = [(way, frequency) for way in concept.ways if (frequency := way_frequency(index, way))]
        common = 0
        for least in (self.tuning.same, FAINT):
            common = common or max((frequency for way, frequency in ways if way.worth >= least), default=0)
        rare = rarity(common, count)
        concept.mass = self.tuning.light * min(rare, LIGHT_MOST) if concept.is_light else rare
        weighed = [
            Way(way.slots, way.worth * min(1.0, rarity(frequency, count) / rare) ** 0.7, way.honest)
            for way, frequency in ways
        ]
        concept.ways = sorted(weighed, key=lambda way: -way.worth)


def _without(allowed: set[int] | None, gone: set[int], index: PostingIndex) -> set[int]:
    base = allowed if allowed is not None else set(index.catalogue.in_use().tolist())
    return base - gone
