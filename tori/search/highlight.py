"""Marks found words in plain text: inflected, compound and as typed; picks the best passage."""

from __future__ import annotations

from bisect import bisect_right

from markupsafe import Markup, escape

from tori.search.analysis import Analyser
from tori.search.port import HighlightTerms
from tori.search.words import normalise, spans

LONGEST_TEXT = 20_000


def highlight(text: str, terms: HighlightTerms, analyser: Analyser, max_chars: int | None = None) -> Markup:
    """Safe HTML with <mark> around words whose terms meet those of the query."""
    clean = normalise(text[:LONGEST_TEXT])
    marks = _marks(clean, terms, analyser) if terms else []
    start, end = 0, len(clean)
    if max_chars is not None and len(clean) > max_chars:
        start, end = _window(clean, marks, max_chars)
    out = [Markup("… ") if start else Markup("")]
    at = start
    for first, last in marks:
        if first < start or last > end:
            continue
        out.append(escape(clean[at:first]))
        out.append(Markup("<mark>%s</mark>") % clean[first:last])
        at = last
    out.append(escape(clean[at:end].rstrip() if end < len(clean) else clean[at:end]))
    if end < len(clean):
        out.append(Markup(" …"))
    return Markup("").join(out)


def _marks(text: str, terms: HighlightTerms, analyser: Analyser) -> list[tuple[int, int]]:
    languages = ("fi",) if terms.language == "fi" else ("fi", terms.language)
    marks = []
    for start, end, form in spans(text):
        if form in terms.forms or any(not terms.terms.isdisjoint(analyser.terms(form, lang)) for lang in languages):
            marks.append((start, end))
    return marks


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
