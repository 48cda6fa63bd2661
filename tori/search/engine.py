"""What all engines share: reading a query, filters, facets, orders, highlights, suggestions, related deeds."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from markupsafe import Markup

from tori.search import fields
from tori.search.analysis import Analyser
from tori.search.analysis import analyser as shared_analyser
from tori.search.catalogue import Catalogue, bits_of
from tori.search.highlight import highlight, passage
from tori.search.kept import SMALL, Kept, Recent
from tori.search.marking import packed_words
from tori.search.order import Ranking
from tori.search.port import (
    DeedDocument,
    FacetValue,
    HighlightTerms,
    Hit,
    IndexStatus,
    SearchQuery,
    SearchResult,
    Sort,
    Suggestion,
)
from tori.search.query import ParsedQuery, Word, parse
from tori.search.ranking import Ranker
from tori.search.reading import rarity
from tori.search.scores import PostingIndex, Tuning
from tori.search.suggest import Completions, NamedThings, Titles, suggest, themes_starting
from tori.search.vocabulary import SynonymGroup, Vocabulary, base_groups
from tori.search.words import plain, words

KEPT_POSITIONS = 300_000
"""Positions in all kept rankings together; a ranking counts as some more, for it has a head of its own."""
LEAST_SIZE = 2_000
KEPT_RESULTS = 128
MOST_NEAREST_WORDS = 14
RANK_TOLD = 0.08
"""How fast key terms of a deed count less, from the one that tells most."""


class View(PostingIndex, ABC):
    """An unchanging state of an index."""

    @abstractmethod
    def key_terms(self, deed_id: int) -> Sequence[str]:
        """Terms that tell most about a deed, none for an unknown one."""


class BaseEngine(ABC):
    """The port over a `View`; an engine adds storage. The analyser and the vocabulary load at first need."""

    name = "base"

    def __init__(
        self,
        analyser: Analyser | None = None,
        groups: Iterable[SynonymGroup] | None = None,
        tuning: Tuning | None = None,
    ) -> None:
        self._given_analyser = analyser
        self._groups = tuple(groups) if groups is not None else None
        self._tuning = tuning
        self._made: Ranker | None = None
        self._rankings: Recent[Ranking] = Recent(KEPT_POSITIONS)
        self._results: Recent[SearchResult] = Recent(KEPT_RESULTS)
        self._titles: Kept[Titles] = Kept()
        self._changed: tuple[object, Titles] | None = None
        self._named: dict[str, tuple[object, NamedThings]] = {}
        self._lock = threading.RLock()

    @property
    def analyser(self) -> Analyser:
        """Shared by all engines of the process."""
        return self._given_analyser or shared_analyser()

    @property
    def ranker(self) -> Ranker:
        """Made at the first search, for opening dictionaries takes a moment."""
        if self._made is None:
            with self._lock:
                if self._made is None:
                    groups = self._groups if self._groups is not None else base_groups()
                    self._made = Ranker(self.analyser, Vocabulary(groups, self.analyser), self._tuning)
        return self._made

    def use_groups(self, groups: Iterable[SynonymGroup]) -> None:
        """Takes an edited vocabulary into use; nothing needs to be indexed again."""
        with self._lock:
            self._groups = tuple(groups)
            self._made = None
            self.forget()

    def forget(self) -> None:
        """Lets go of the answers that are kept; each is worked out again when somebody asks."""
        self._rankings.clear()
        self._results.clear()
        if self._made is not None:
            self._made.forget()

    @property
    def version(self) -> str:
        """Weights and analysis that an index is made with."""
        return f"{fields.VERSION}/{self.analyser.name}"

    @abstractmethod
    def _view(self) -> View:
        """The present state; `IndexUnavailable` when there is none."""

    @abstractmethod
    def rebuild(self, documents: Iterable[DeedDocument], last_sequence: int = 0) -> int:
        """See `SearchEngine.rebuild`."""

    @abstractmethod
    def status(self) -> IndexStatus:
        """See `SearchEngine.status`."""

    def search(self, query: SearchQuery) -> SearchResult:
        """See `SearchEngine.search`."""
        view = self._view()
        return self._results.get((view.token, query), lambda: self._found(view, query))

    def _found(self, view: View, query: SearchQuery) -> SearchResult:
        parsed = parse(query.text)
        if not parsed.text or (not parsed and parsed.excluded):
            return self._browse(view, parsed, query)
        if not parsed:
            return SearchResult([], 0, view.catalogue.facet_counts(0, query.filters))
        return self._page(view, self._ranked(view, parsed, query), parsed, query)

    def _browse(self, view: View, parsed: ParsedQuery, query: SearchQuery) -> SearchResult:
        catalogue = view.catalogue
        everything = catalogue.everything
        for forms in parsed.excluded:
            gone = self.ranker.excluded(view, forms, query.locale)
            everything &= ~bits_of(gone, catalogue.size)
        found = catalogue.filtered(everything, query.filters)
        start, stop = _page_bounds(query)
        sort = query.sort if query.sort is Sort.ADOPTED else Sort.NEWEST
        ids = catalogue.ids(catalogue.ordered(found, sort, start, stop))
        total = found.bit_count()
        return SearchResult(
            hits=[Hit(deed_id, 0.0) for deed_id in ids],
            total=total,
            strong=total,
            facets=catalogue.facet_counts(everything, query.filters),
        )

    def _ranked(self, view: View, parsed: ParsedQuery, query: SearchQuery) -> Ranking:
        key = (view.token, parsed, query.locale, query.verbatim)
        return self._rankings.get(
            key,
            lambda: self.ranker.rank(view, parsed, query.locale, verbatim=query.verbatim),
            lambda made: len(made) + LEAST_SIZE,
        )

    def _page(self, view: View, ranking: Ranking, parsed: ParsedQuery, query: SearchQuery) -> SearchResult:
        catalogue = view.catalogue
        found = ranking.bits
        kept = catalogue.filtered(found, query.filters)
        strong = ranking.strong_bits & kept
        total, strong_count = kept.bit_count(), strong.bit_count()
        start, stop = _page_bounds(query)
        if query.sort in (None, Sort.RELEVANCE):
            page = ranking.page(start, stop, kept)
        else:
            scores = ranking.scores()
            positions = self._sorted_page(catalogue, strong, kept & ~strong, query.sort, start, stop)
            page = [(scores[at], at) for at in positions]
        ids = catalogue.ids([at for _, at in page])
        # In every order the weak ones come last.
        hits = [
            Hit(deed_id, round(score, 6), place >= strong_count)
            for place, (deed_id, (score, _)) in enumerate(zip(ids, page, strict=True), start)
        ]
        return SearchResult(
            hits=hits,
            total=total,
            strong=strong_count,
            # As the heading of a page, which counts what answers.
            facets=catalogue.facet_counts(ranking.strong_bits or found, query.filters),
            did_you_mean=ranking.corrected,
            corrected_from=parsed.text if ranking.correction_used else None,
            relaxed=ranking.relaxed,
            terms=HighlightTerms(ranking.terms, ranking.forms, query.locale),
        )

    @staticmethod
    def _sorted_page(
        catalogue: Catalogue, strong: int, weak: int, sort: Sort | None, start: int, stop: int
    ) -> list[int]:
        order = sort or Sort.NEWEST
        first = catalogue.ordered(strong, order, start, stop)
        if len(first) == stop - start:
            return first
        count = strong.bit_count()
        return first + catalogue.ordered(weak, order, max(0, start - count), max(0, stop - count))

    def highlight(
        self,
        text: str,
        terms: HighlightTerms,
        max_chars: int | None = None,
        forms: Collection[str] | None = None,
    ) -> Markup:
        """See `SearchEngine.highlight`."""
        return highlight(text, terms, self.analyser, max_chars, forms)

    def passage(
        self, texts: Iterable[str], terms: HighlightTerms, max_chars: int, forms: Collection[str] | None = None
    ) -> Markup:
        """See `SearchEngine.passage`."""
        return passage(texts, terms, self.analyser, max_chars, forms)

    def packed_words(self, deed: DeedDocument) -> bytes:
        """See `SearchEngine.packed_words`."""
        return packed_words(deed, self.analyser)

    def suggest(self, prefix: str, locale: str = "fi", limit: int = 8) -> list[Suggestion]:
        """See `SearchEngine.suggest`."""
        view = self._view()
        titles, named = self._titles_of(view), self._named_of(view, locale)
        completions = Completions(view.catalogue, titles, self._changed_since(view, titles), named)
        return suggest(prefix, completions, view.lexicon, self.analyser, limit)

    def themes_starting(self, prefix: str, locale: str = "fi") -> list[FacetValue]:
        """See `SearchEngine.themes_starting`."""
        view = self._view()
        return themes_starting(prefix, self._named_of(view, locale), view.catalogue)

    def _titles_of(self, view: View) -> Titles:
        """Those of a big index may be a little old."""

        def make_elsewhere() -> tuple[object, Titles]:
            newest = self._view()
            return newest.token, Titles.of(newest.catalogue)

        return self._titles.get(
            view.token, lambda: Titles.of(view.catalogue), make_elsewhere, at_once=len(view.catalogue) <= SMALL
        )

    def _changed_since(self, view: View, titles: Titles) -> Titles:
        key = view.token, titles.newest
        known = self._changed
        if known is None or known[0] != key:
            known = self._changed = key, Titles.of(view.catalogue, titles.newest)
        return known[1]

    def _named_of(self, view: View, locale: str) -> NamedThings:
        """Made anew when a name has come or changed."""
        names = view.catalogue.names
        known = self._named.get(locale)
        if known is None or known[0] is not names:
            known = self._named[locale] = names, NamedThings(names, locale)
        return known[1]

    def prepare_words(self) -> None:
        """See `SearchEngine.prepare_words`."""
        self.ranker.vocabulary.prepared()

    def warm(self, locale: str = "fi") -> None:
        """Makes what the first search, slip and suggestion would wait for; meant for a thread at start."""
        view = self._view()
        self.prepare_words()
        view.lexicon.prepared()
        self._titles_of(view)
        self._named_of(view, locale)

    def problem(self) -> str | None:
        """See `SearchEngine.problem`."""
        return self.status().problem

    def is_warm(self) -> bool:
        """See `SearchEngine.is_warm`; for engines whose present state only a server knows."""
        return False

    def keep_words(self) -> int:
        """See `SearchEngine.keep_words`; for engines in which no process counts words for itself."""
        return 0

    def related(self, deed_id: int, limit: int = 4) -> list[int]:
        """See `SearchEngine.related`."""
        view = self._view()
        terms = view.key_terms(deed_id)
        return [hit.id for hit in self._nearest(view, terms, limit, leave_out=deed_id)]

    def nearest(self, text: str, limit: int = 10) -> list[Hit]:
        """See `SearchEngine.nearest`."""
        terms: dict[str, None] = {}
        for form in words(plain(text[:5000])):
            analysed = self.analyser.word(form, "fi")
            if len(form) > 3:
                terms.update(dict.fromkeys(analysed.lemmas))
        return self._nearest(self._view(), list(terms), limit)

    def _nearest(self, view: View, terms: Sequence[str], limit: int, leave_out: int | None = None) -> list[Hit]:
        count = len(view.catalogue)
        weighed = []
        for rank, term in enumerate(terms):
            frequency = view.frequency(term)
            if frequency and frequency <= max(3, count // 3):
                weighed.append((rarity(frequency, count) / (1 + rank * RANK_TOLD), term))
        scores = np.zeros(view.catalogue.size)
        for mass, term in sorted(weighed, reverse=True)[:MOST_NEAREST_WORDS]:
            positions, strengths = view.postings(term)
            scores[positions] += mass * strengths
        if (own := view.catalogue.position_of(leave_out or 0)) is not None:
            scores[own] = 0.0
        found = np.flatnonzero(scores)
        if len(found) > limit:
            found = found[scores[found] >= np.partition(scores[found], -limit)[-limit]]
        best = sorted(zip((-scores[found]).tolist(), (-view.catalogue.numbers[found, 2]).tolist(), strict=True))
        return [Hit(-int(negative), -score) for score, negative in best[:limit]]

    def fingerprints(self) -> dict[int, tuple[int, int]]:
        """See `SearchEngine.fingerprints`."""
        catalogue = self._view().catalogue
        positions = catalogue.in_use()
        versions, adoptions = catalogue.marks[positions, 1], catalogue.numbers[positions, 1].astype(np.int64)
        told = zip(versions.tolist(), adoptions.tolist(), strict=True)
        return dict(zip(catalogue.ids(positions), told, strict=True))

    def index(self, documents: Iterable[DeedDocument], last_sequence: int | None = None) -> int:
        """See `SearchEngine.index`; engines that only delete need not override both."""
        return self.replace(documents, (), last_sequence)

    def delete(self, ids: Iterable[int], last_sequence: int | None = None) -> int:
        """See `SearchEngine.delete`."""
        return self.replace((), ids, last_sequence)

    @abstractmethod
    def replace(
        self, documents: Iterable[DeedDocument], removed: Iterable[int], last_sequence: int | None = None
    ) -> int:
        """Adds or replaces `documents` and takes out `removed`, in one commit; tells how many deeds it touched."""


def _page_bounds(query: SearchQuery) -> tuple[int, int]:
    size = max(1, min(query.per_page, 1000))
    start = (max(1, query.page) - 1) * size
    return start, start + size


__all__ = ["BaseEngine", "View", "Word"]
