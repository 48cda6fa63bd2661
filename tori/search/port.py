"""What the rest of the house knows about search: values that go in and come out, and one protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from markupsafe import Markup

FACETS = (
    "sector",
    "theme",
    "organisation",
    "region",
    "year",
    "language",
    "effort",
    "size",
    "customers",
    "benefit",
    "profession",
    "situation",
    "method",
    "maturity",
)
FacetValue = str | int


class Sort(StrEnum):
    """Orders offered to readers; the values are those of the address."""

    RELEVANCE = "osuvuus"
    NEWEST = "uusin"
    ADOPTED = "mallia"


class SearchError(Exception):
    """Search cannot be done now; the caller may fall back to titles in SQL."""


class IndexUnavailable(SearchError):
    """The index is missing, broken or made by another version of the analysis."""


class IndexLocked(SearchError):
    """Somebody else is writing; the tasks stay in the queue and are tried again."""


@dataclass(frozen=True)
class DeedDocument:
    """A published deed as the engines see it. Texts are plain or Markdown; `language` is that of the deed.

    Names come in Finnish, Swedish and English so that each is found whatever the reader's language; `theme_names` holds
    them theme by theme (fi, sv, en of the first, then of the second ...), an empty string where a name is missing.
    """

    id: int
    title: str
    summary: str
    sector: str
    organisation: str
    year: int
    published_at: datetime
    need: str = ""
    goals: str = ""
    implementation: str = ""
    results: str = ""
    body: str = ""
    lessons: str = ""
    applicability: str = ""
    sector_names: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    theme_names: tuple[str, ...] = ()
    theme_synonyms: tuple[str, ...] = ()
    organisation_names: tuple[str, ...] = ()
    municipality: str | None = None
    municipality_names: tuple[str, ...] = ()
    region: str | None = None
    region_names: tuple[str, ...] = ()
    language: str = "fi"
    adoptions: int = 0
    comments: int = 0
    extra: str = ""
    version: int = 0
    effort: str | None = None
    size: str | None = None
    customers: tuple[str, ...] = ()
    benefits: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    maturity: str | None = None
    tag_names: tuple[str, ...] = ()
    tag_synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filters:
    """Values of one facet are alternatives; facets narrow each other."""

    sectors: tuple[FacetValue, ...] = ()
    themes: tuple[FacetValue, ...] = ()
    organisations: tuple[FacetValue, ...] = ()
    regions: tuple[FacetValue, ...] = ()
    years: tuple[FacetValue, ...] = ()
    languages: tuple[FacetValue, ...] = ()
    efforts: tuple[FacetValue, ...] = ()
    sizes: tuple[FacetValue, ...] = ()
    customers: tuple[FacetValue, ...] = ()
    benefits: tuple[FacetValue, ...] = ()
    professions: tuple[FacetValue, ...] = ()
    situations: tuple[FacetValue, ...] = ()
    methods: tuple[FacetValue, ...] = ()
    maturities: tuple[FacetValue, ...] = ()

    def by_facet(self) -> dict[str, tuple[FacetValue, ...]]:
        """The chosen values under the facet names of `FACETS`."""
        return {
            "sector": self.sectors,
            "theme": self.themes,
            "organisation": self.organisations,
            "region": self.regions,
            "year": self.years,
            "language": self.languages,
            "effort": self.efforts,
            "size": self.sizes,
            "customers": self.customers,
            "benefit": self.benefits,
            "profession": self.professions,
            "situation": self.situations,
            "method": self.methods,
            "maturity": self.maturities,
        }


@dataclass(frozen=True)
class SearchQuery:
    """One search. `verbatim` keeps the words as typed: no spelling help, no synonyms, no beginnings of words."""

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort | None = None
    page: int = 1
    per_page: int = 20
    locale: str = "fi"
    verbatim: bool = False


class Hit(NamedTuple):
    """A deed found. `weak`: it shares something with the query but hardly answers it."""

    id: int
    score: float
    weak: bool = False


@dataclass(frozen=True)
class HighlightTerms:
    """What to mark: index terms by language-neutral analysis, and forms as typed (all lower case)."""

    terms: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    language: str = "fi"

    def __bool__(self) -> bool:
        return bool(self.terms or self.forms)


@dataclass(frozen=True)
class SearchResult:
    """One page of hits with the counts of the whole answer.

    `total` counts every hit, `strong` those above the weak line; weak ones always come last in order of relevance.
    `facets` has the keys of `FACETS`; each facet is counted without its own filter, values without hits are left out.
    They count the hits above the weak line, and the weak ones only when there are no others.
    `did_you_mean` is a better spelling of the query; when `corrected_from` is set the hits are already those of
    `did_you_mean` and `corrected_from` is what was typed. `relaxed`: no deed had all the words.
    """

    hits: list[Hit]
    total: int
    facets: dict[str, dict[FacetValue, int]]
    strong: int = 0
    did_you_mean: str | None = None
    relaxed: bool = False
    corrected_from: str | None = None
    terms: HighlightTerms = HighlightTerms()


@dataclass(frozen=True)
class Suggestion:
    """A completion. `kind` is deed, theme, sector, organisation or query; `key` is the deed's id or a slug."""

    text: str
    kind: str
    key: FacetValue | None = None


ANOTHER_ANALYSIS = "The index was made by another analysis; a rebuild is due."


@dataclass(frozen=True)
class IndexStatus:
    """State of an index. `last_sequence` is the number of the newest task taken into it, if the engine keeps one."""

    engine: str
    documents: int
    analyser: str
    ready: bool = True
    last_sequence: int = 0
    problem: str | None = None


class SearchEngine(Protocol):
    """One index of published deeds. Reading is safe from many threads; writing happens in one worker."""

    def search(self, query: SearchQuery) -> SearchResult:
        """Never raises for any text; `IndexUnavailable` when the index cannot be read."""
        ...

    def highlight(
        self,
        text: str,
        terms: HighlightTerms,
        max_chars: int | None = None,
        forms: Collection[str] | None = None,
    ) -> Markup:
        """Plain text as safe HTML with the found words in <mark>; the best passage when `max_chars` is given.

        `forms`: what to mark, when that is known already (`marking.forms_met`), so that no word need be analysed.
        """
        ...

    def passage(
        self, texts: Iterable[str], terms: HighlightTerms, max_chars: int, forms: Collection[str] | None = None
    ) -> Markup:
        """`highlight` of the first of the texts in which something is found, else of the first one."""
        ...

    def packed_words(self, deed: DeedDocument) -> bytes:
        """What `marking.forms_met` asks: which forms of the deed stand for which terms."""
        ...

    def suggest(self, prefix: str, locale: str = "fi", limit: int = 8) -> list[Suggestion]: ...

    def themes_starting(self, prefix: str, locale: str = "fi") -> list[FacetValue]:
        """Slugs of the themes that deeds have and a word of whose name begins so, commonest first."""
        ...

    def prepare_words(self) -> None:
        """The part of `warm` that needs no deeds, so that it can be done before the index is there."""
        ...

    def warm(self, locale: str = "fi") -> None:
        """Makes what the first search, slip and suggestion would wait for; meant for a thread at start."""
        ...

    def is_warm(self) -> bool:
        """Whether that has been made from the present state; quick, and false where it would not be quick to know."""
        ...

    def keep_words(self) -> int:
        """For the worker: lays the words of the index where all processes can read them, when those that lie there
        are old. Tells whether it did."""
        ...

    def related(self, deed_id: int, limit: int = 4) -> list[int]: ...

    def nearest(self, text: str, limit: int = 10) -> list[Hit]:
        """Deeds that speak of the same things as a longer text, best first."""
        ...

    def index(self, documents: Iterable[DeedDocument], last_sequence: int | None = None) -> int:
        """Adds or replaces; idempotent. `IndexLocked` when another process writes."""
        ...

    def delete(self, ids: Iterable[int], last_sequence: int | None = None) -> int: ...

    def rebuild(self, documents: Iterable[DeedDocument], last_sequence: int = 0) -> int:
        """Builds a new index beside the live one and switches to it when whole."""
        ...

    def replace(
        self, documents: Iterable[DeedDocument], removed: Iterable[int], last_sequence: int | None = None
    ) -> int:
        """`index` and `delete` in one commit."""
        ...

    def fingerprints(self) -> dict[int, tuple[int, int]]:
        """Version and adoptions of every deed in the index, by id, for comparing with the database."""
        ...

    def problem(self) -> str | None:
        """Why the index is to be made anew, as far as that is quick to know; `status` looks at the whole of it."""
        ...

    def status(self) -> IndexStatus: ...
