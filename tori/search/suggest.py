"""Completions while typing: themes, sectors, organisations, deeds, and words in base form."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tori.search.analysis import Analyser
from tori.search.catalogue import Catalogue, Row
from tori.search.lexicon import Lexicon, Texts
from tori.search.port import FacetValue, Suggestion
from tori.search.words import bare, normalise, words

LOCALES = ("fi", "sv", "en")
SHORTEST = 2
FORGIVING_FROM = 4
MOST_STARTS = 8
FEW_STARTS = 3
MANY_DEEDS = 30_000
SCANNED = 400
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


def theme_names_of(row: Row) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Slug and names of each theme; names come flat, three for a theme or one for a theme."""
    count = len(row.themes)
    step = len(row.theme_names) // count if count else 0
    for number, slug in enumerate(row.themes):
        if step:
            yield slug, row.theme_names[number * step : (number + 1) * step]


class Completions:
    """Sorted beginnings of everything that can be suggested; made from a catalogue for one locale."""

    def __init__(self, catalogue: Catalogue, locale: str) -> None:
        self._entries: list[_Entry] = []
        starts: list[tuple[str, int]] = []
        most = FEW_STARTS if len(catalogue) > MANY_DEEDS else MOST_STARTS
        for entry in self._all(catalogue, locale):
            number = len(self._entries)
            self._entries.append(entry)
            found = [bare(word) for word in words(normalise(entry.text))]
            for at in range(min(len(found), most)):
                starts.append((" ".join(found[at:])[:40], number))
        starts.sort()
        self._starts = Texts.of(start for start, _ in starts)
        self._numbers = array("I", (number for _, number in starts))

    @staticmethod
    def _all(catalogue: Catalogue, locale: str) -> Iterable[_Entry]:
        themes: dict[str, str] = {}
        sectors: dict[str, str] = {}
        organisations: dict[str, str] = {}
        for row in catalogue.rows:
            if row is None:
                continue
            for slug, names in theme_names_of(row):
                themes.setdefault(slug, name_in(names, locale))
            if row.sector_names:
                sectors.setdefault(row.sector, name_in(row.sector_names, locale))
            if row.organisation_names:
                organisations.setdefault(row.organisation, name_in(row.organisation_names, locale))
            yield _Entry(row.title, "deed", row.id, row.adoptions)
        for kind, named in (("theme", themes), ("sector", sectors), ("organisation", organisations)):
            bits = catalogue.values(kind)
            for slug, name in named.items():
                if name:
                    yield _Entry(name, kind, slug, bits.get(slug, 0).bit_count())

    def starting(self, prefix: str) -> list[_Entry]:
        """Entries with a word that begins so; names before deeds, commonest first."""
        key = " ".join(bare(word) for word in words(prefix))
        if not key:
            return []
        first = self._starts.place_of(key)
        numbers: dict[int, None] = {}
        for at in range(first, min(first + SCANNED, len(self._starts))):
            if not self._starts[at].startswith(key):
                break
            numbers[self._numbers[at]] = None
        found = [self._entries[number] for number in numbers]
        found.sort(key=lambda e: (_KIND_ORDER[e.kind], not bare(e.text.lower()).startswith(key), -e.weight, e.text))
        return found


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
