"""Marks found words in plain text: inflected, compound and as typed; picks the best passage."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from tori.search.analysis import Analyser
from tori.search.port import HighlightTerms
from tori.search.words import normalise, spans

LONGEST_TEXT = 20_000
KEPT_QUERIES = 16
"""Queries whose answer about each word is remembered: those of the pages that are being made just now."""


@dataclass(frozen=True, slots=True, eq=False)
class CutText:
    """A text cut into words once, to be marked for many searches: where words start and end, and their forms."""

    text: str
    starts: array[int]
    ends: array[int]
    forms: tuple[str, ...]


def cut(text: str) -> CutText:
    clean = normalise(text[:LONGEST_TEXT])
    found = list(spans(clean))
    return CutText(
        clean,
        array("H", [start for start, _, _ in found]),
        array("H", [end for _, end, _ in found]),
        # Texts share most of their words.
        tuple([sys.intern(form) for _, _, form in found]),
    )


class _Answers(dict[str, bool]):
    """Whether a form meets the terms of a query, found out when it is first asked for."""

    def __init__(self, terms: HighlightTerms, analyser: Analyser) -> None:
        self._terms = terms
        self._analyser = analyser
        self._languages = ("fi",) if terms.language == "fi" else ("fi", terms.language)

    def __missing__(self, form: str) -> bool:
        wanted = self._terms
        answer = form in wanted.forms or any(
            not wanted.terms.isdisjoint(self._analyser.terms(form, language)) for language in self._languages
        )
        self[form] = answer
        return answer


_answers = lru_cache(KEPT_QUERIES)(_Answers)


def highlight(text: str | CutText, terms: HighlightTerms, analyser: Analyser, max_chars: int | None = None) -> Markup:
    """Safe HTML with <mark> around words whose terms meet those of the query."""
    if isinstance(text, str):
        text = cut(text)
    clean = text.text
    marks = _marks(text, terms, analyser) if terms else []
    start, end = 0, len(clean)
    if max_chars is not None and len(clean) > max_chars:
        start, end = _window(clean, marks, max_chars)
    out: list[str] = ["… " if start else ""]
    at = start
    for first, last in marks:
        if first < start or last > end:
            continue
        out += (escape(clean[at:first]), "<mark>", escape(clean[first:last]), "</mark>")
        at = last
    out.append(escape(clean[at:end].rstrip() if end < len(clean) else clean[at:end]))
    if end < len(clean):
        out.append(" …")
    # Each piece is escaped above.
    return Markup("".join(out))  # noqa: S704


def _marks(text: CutText, terms: HighlightTerms, analyser: Analyser) -> list[tuple[int, int]]:
    answers = _answers(terms, analyser)
    starts, ends = text.starts, text.ends
    return [(starts[at], ends[at]) for at, form in enumerate(text.forms) if answers[form]]


def _window(text: str, marks: list[tuple[int, int]], size: int) -> tuple[int, int]:
    """Where most marks fit, opened at a sentence or a word."""
    best_start, best_count = 0, -1
    starts = [first for first, _ in marks]
    for number, (first, _) in enumerate(marks):
        opening = max(0, first - size // 5)
        count = bisect_right(starts, opening + size) - number
        if count > best_count:
            best_start, best_count = opening, count
    if best_start + size > len(text):
        best_start = max(0, len(text) - size)
    if best_start:
        sentence = text.rfind(". ", max(0, best_start - size // 4), best_start + size // 6)
        space = text.find(" ", best_start)
        best_start = sentence + 2 if sentence >= 0 else (space + 1 if 0 <= space < best_start + 40 else best_start)
    end = min(len(text), best_start + size)
    if end < len(text):
        space = text.rfind(" ", best_start + size // 2, end)
        end = space if space > 0 else end
    return best_start, end
