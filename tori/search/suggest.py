"""Completions while typing: themes, sectors, organisations, deeds, and words in base form."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tori.search.analysis import Analyser
from tori.search.catalogue import Catalogue
from tori.search.lexicon import Flat, Lexicon, Texts
from tori.search.port import FacetValue, Suggestion
from tori.search.words import bare, normalise, words

LOCALES = ("fi", "sv", "en")
SHORTEST = 2
FORGIVING_FROM = 4
MOST_STARTS = 8
FEW_STARTS = 3
MANY_DEEDS = 30_000
SCANNED = 400
LONGEST = 40
"""Letters of a beginning."""
_KIND_ORDER = {"theme": 0, "sector": 1, "organisation": 2, "deed": 3, "query": 4}


@dataclass(frozen=True, slots=True)
class _Entry:
    text: str
    kind: str
    key: FacetValue
    weight: int


def name_in(names: tuple[str, ...], locale: str) -> str:
    """The name in a locale from (fi, sv, en), or the first one there is."""
    place = LOCALES.index(locale) if locale in LOCALES else 0
    if place < len(names) and names[place]:
        return names[place]
    return next((name for name in names if name), "")


class Beginnings:
    """Sorted beginnings of texts at each of their words, with the number of the text."""

    def __init__(self, starts: Texts, numbers: Flat) -> None:
        self.starts = starts
        self.numbers = numbers

    @classmethod
    def of(cls, texts: Iterable[tuple[int, str]], most: int = MOST_STARTS) -> Beginnings:
        """``most``: so many words of a text, from its first."""
        found: list[tuple[str, int]] = []
        for number, text in texts:
            forms = [bare(word) for word in words(normalise(text))]
            found.extend((" ".join(forms[at:])[:LONGEST], number) for at in range(min(len(forms), most)))
        found.sort()
        return cls(Texts.of(start for start, _ in found), array("I", (number for _, number in found)))

    def of_those(self, key: str) -> list[int]:
        """Numbers of texts with a word at which they begin so."""
        first = self.starts.place_of(key)
        found: dict[int, None] = {}
        for at in range(first, min(first + SCANNED, len(self.starts))):
            if not self.starts[at].startswith(key):
                break
            found[self.numbers[at]] = None
        return list(found)


class Titles(NamedTuple):
    """Beginnings of the titles of deeds, by their ids, and the greatest serial of those."""

    beginnings: Beginnings
    newest: int

    @classmethod
    def of(cls, catalogue: Catalogue, after: int = -1) -> Titles:
        """``after``: of deeds with a greater serial only."""
        positions = catalogue.in_use()
        positions = positions[catalogue.marks[positions, 0] > after]
        most = FEW_STARTS if len(catalogue) > MANY_DEEDS else MOST_STARTS
        titles = zip(catalogue.ids(positions), map(catalogue.titles.text, positions.tolist()), strict=True)
        return cls(Beginnings.of(titles, most), catalogue.newest)


class NamedThings:
    """Themes, sectors and organisations with their beginnings in one language."""

    def __init__(self, names: Mapping[str, Mapping[FacetValue, tuple[str, ...]]], locale: str) -> None:
        self._things = [
            (kind, slug, name)
            for kind, named in names.items()
            for slug, all_names in named.items()
            if (name := name_in(all_names, locale))
        ]
        self._beginnings = Beginnings.of((number, name) for number, (*_, name) in enumerate(self._things))

    def starting(self, key: str, catalogue: Catalogue) -> Iterator[_Entry]:
        """Those that deeds have."""
        for kind, slug, name in map(self._things.__getitem__, self._beginnings.of_those(key)):
            if bits := catalogue.values(kind).get(slug):
                yield _Entry(name, kind, slug, bits.bit_count())


@dataclass(frozen=True, slots=True)
class Completions:
    """What a beginning can be completed to. ``titles`` may be a little older than the catalogue, ``changed`` are those
    of deeds that came or changed since."""

    catalogue: Catalogue
    titles: Titles
    changed: Titles
    named: NamedThings

    def starting(self, prefix: str) -> list[_Entry]:
        """Entries with a word that begins so; names before deeds, commonest first."""
        key = _key_of(prefix)
        return _best_first([*self.named.starting(key, self.catalogue), *self._deeds(key)], key) if key else []

    def _deeds(self, key: str) -> Iterator[_Entry]:
        catalogue, newest = self.catalogue, self.titles.newest
        for titles in (self.titles, self.changed):
            for deed_id in titles.beginnings.of_those(key):
                at = catalogue.position_of(deed_id)
                if at is not None and (titles is self.changed or catalogue.marks[at, 0] <= newest):
                    yield _Entry(catalogue.titles.text(at), "deed", deed_id, int(catalogue.numbers[at, 1]))


def _key_of(prefix: str) -> str:
    return " ".join(bare(word) for word in words(prefix))


def _best_first(entries: list[_Entry], key: str) -> list[_Entry]:
    return sorted(
        entries, key=lambda e: (_KIND_ORDER[e.kind], not bare(e.text.lower()).startswith(key), -e.weight, e.text)
    )


def themes_starting(prefix: str, named: NamedThings, catalogue: Catalogue) -> list[FacetValue]:
    """Slugs of the themes with a word that begins so, commonest first; of those that deeds have."""
    key = _key_of(prefix)
    found = [entry for entry in named.starting(key, catalogue) if entry.kind == "theme"] if key else []
    return [entry.key for entry in _best_first(found, key)]


def suggest(
    prefix: str, completions: Completions, lexicon: Lexicon, analyser: Analyser, limit: int
) -> list[Suggestion]:
    """At most `limit` completions, a few of each kind; forgiving from the fourth letter."""
    typed = words(normalise(prefix[:80]))
    if not typed or len("".join(typed)) < SHORTEST:
        return []
    entries = completions.starting(prefix)
    queries = _base_forms(typed, lexicon, analyser)
    if not entries and not queries and len(typed[-1]) >= FORGIVING_FROM:
        for near in _near_beginnings(typed[-1], lexicon):
            mended = " ".join([*typed[:-1], near])
            entries = completions.starting(mended)
            queries = _base_forms([*typed[:-1], near], lexicon, analyser)
            if entries or queries:
                break
    return _mixed(entries, queries, limit)


def _near_beginnings(word: str, lexicon: Lexicon) -> list[str]:
    return [spelling.word for spelling in lexicon.near(word, limit=3, at_least=0.55)]


def _base_forms(typed: list[str], lexicon: Lexicon, analyser: Analyser) -> list[str]:
    last = typed[-1]
    if len(last) < 3:
        return []
    found: dict[str, None] = {}
    for word, _ in lexicon.starting_with(last, 12):
        analysed = analyser.finnish.word(word)
        base = next((lemma for lemma in analysed.lemmas if lemma.startswith(last)), None)
        if base and analysed.known:
            found[" ".join([*typed[:-1], base])] = None
    return list(found)


def _mixed(entries: list[_Entry], queries: list[str], limit: int) -> list[Suggestion]:
    rooms = {"theme": 2, "sector": 1, "organisation": 2, "deed": 3}
    chosen: list[Suggestion] = []
    rest: list[Suggestion] = []
    seen: set[str] = set()
    for entry in entries:
        suggestion = Suggestion(entry.text, entry.kind, entry.key)
        seen.add(entry.text.lower())
        if rooms[entry.kind] > 0:
            rooms[entry.kind] -= 1
            chosen.append(suggestion)
        else:
            rest.append(suggestion)
    asked = [Suggestion(text, "query") for text in queries if text not in seen]
    room = max(0, limit - len(chosen))
    chosen += asked[: max(2, room // 2)] if asked else []
    chosen += rest[: max(0, limit - len(chosen))]
    chosen.sort(key=lambda s: _KIND_ORDER[s.kind])
    return chosen[:limit]
