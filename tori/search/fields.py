"""A deed as weighted index terms: what each part of it is worth, and long texts kept from winning by length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tori.search.analysis import LANGUAGES, PART, ROOT, Analyser
from tori.search.port import DeedDocument
from tori.search.words import normalise, plain, words

VERSION = 7
"""Raised whenever weights, terms or rows of the catalogue change, so that indexes are rebuilt."""

TITLE = 7.0
THEME = 2.0
TAG = 1.0
SECTOR = 1.0
ORGANISATION = 3.2
PLACE = 2.6
REGION = 1.6
SUMMARY = 2.6
RESULTS = 1.3
NEED = 1.3
GOALS = 1.1
BODY = 1.0
SYNONYM = 0.5
EXTRA = 0.5

PIECES_OF_NAMES = 0.4
"""A hyvinvointiyhtymä is not about hyvinvointi."""

USUAL_LENGTH = 45.0
LENGTH_EFFECT = 0.45
KEY_TERMS = 24
NEED_TOLD = 2.5
"""How much more the words of the need tell of what a deed is like: deeds are alike when they answer the same need."""


@dataclass(frozen=True)
class Indexed:
    """Weights by term, forms in order (with gaps between fields), and the terms that tell most about the deed."""

    weights: dict[str, float]
    forms: list[tuple[int, str]]
    key_terms: tuple[str, ...]


def texts_of(deed: DeedDocument) -> Iterator[tuple[float, str]]:
    """Running texts with their weights, in reading order."""
    yield TITLE, deed.title
    yield SUMMARY, deed.summary
    yield NEED, deed.need
    yield GOALS, deed.goals
    yield BODY, deed.implementation
    yield RESULTS, deed.results
    yield BODY, deed.body
    yield BODY, deed.lessons
    yield BODY, deed.applicability
    yield EXTRA, deed.extra


def names_of(deed: DeedDocument) -> Iterator[tuple[float, str]]:
    """Names given in several languages, with their weights."""
    for weight, names in (
        (SECTOR, deed.sector_names),
        (THEME, deed.theme_names),
        (SYNONYM, deed.theme_synonyms),
        (TAG, deed.tag_names),
        (SYNONYM, deed.tag_synonyms),
        (ORGANISATION, deed.organisation_names),
        (PLACE, deed.municipality_names),
        (REGION, deed.region_names),
    ):
        for name in dict.fromkeys(names):
            yield weight, name


def indexed(deed: DeedDocument, analyser: Analyser) -> Indexed:
    """Everything an engine stores of the words of a deed."""
    weights: dict[str, float] = defaultdict(float)
    needed: dict[str, float] = defaultdict(float)
    forms: list[tuple[int, str]] = []
    at = 0
    for weight, text in texts_of(deed):
        found = words(plain(text))
        if not found:
            continue
        norm = 1.0 if weight == TITLE else 1 - LENGTH_EFFECT + LENGTH_EFFECT * len(found) / USUAL_LENGTH
        worth = weight / max(norm, 0.75)
        for form in found:
            forms.append((at, form))
            at += 1
            for term in analyser.terms(form, deed.language):
                weights[term] += worth
                if text is deed.need:
                    needed[term] += worth * NEED_TOLD
        at += 10
    for weight, name in names_of(deed):
        at = _add_name(name, weight, weights, forms, at, analyser)
    places = _places(deed, analyser)
    told = {term: w + needed[term] for term, w in weights.items() if term not in places}
    return Indexed(dict(weights), forms, _key_terms(told))


def _places(deed: DeedDocument, analyser: Analyser) -> frozenset[str]:
    """Terms of where the deed was done: deeds are not alike because they come from the same town."""
    names = (*deed.organisation_names, *deed.municipality_names, *deed.region_names)
    return frozenset(
        term for name in names for form in words(name) for term in (form, *analyser.terms(form, deed.language))
    )


def _add_name(
    name: str, weight: float, weights: dict[str, float], forms: list[tuple[int, str]], at: int, analyser: Analyser
) -> int:
    """A name is analysed in every language, each term once a name."""
    found = words(normalise(name))
    terms: set[str] = set()
    for form in found:
        forms.append((at, form))
        at += 1
        terms.add(form)
        for language in LANGUAGES:
            terms.update(analyser.terms(form, language))
    for term in terms:
        pieces = PIECES_OF_NAMES if term[0] in (PART, ROOT) else 1.0
        weights[term] += weight * pieces
    return at + 10


def _key_terms(weights: Mapping[str, float]) -> tuple[str, ...]:
    whole: Iterable[str] = (t for t, w in weights.items() if w > 0 and t[0] not in (PART, ROOT) and len(t) > 3)
    return tuple(sorted(whole, key=lambda t: (-weights[t], t))[:KEY_TERMS])
