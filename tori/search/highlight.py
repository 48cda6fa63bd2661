"""Marks found words in plain text: inflected, compound and as typed; picks the best passage."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable

from markupsafe import Markup, escape

from tori.search.analysis import Analyser
from tori.search.port import HighlightTerms
from tori.search.words import folded, normalise, spans

LONGEST_TEXT = 20_000
OPEN, CLOSE = "\x1c", "\x1d"
"""Around what is marked until the text is escaped; no cleaned text holds them."""
_JOINERS = frozenset("-:'&+")
"""What may stand between the letters of a word; see `words.py`."""
_NOT_HTML = re.compile("[&<>'\"]")
_BETWEEN = frozenset(("", " ", ".", ",", "\n"))
"""Ends of a word that need no second look."""


def highlight(
    text: str,
    terms: HighlightTerms,
    analyser: Analyser,
    max_chars: int | None = None,
    forms: Collection[str] | None = None,
) -> Markup:
    """Safe HTML with <mark> around words whose terms meet those of the query.

    `forms`: the forms in the text that do, when that is known (`marking.py`); else each word is analysed.
    """
    return passage((text,), terms, analyser, max_chars, forms)


def passage(
    texts: Iterable[str],
    terms: HighlightTerms,
    analyser: Analyser,
    max_chars: int | None = None,
    forms: Collection[str] | None = None,
) -> Markup:
    """`highlight` of the first of the texts that has a match, else of the first one."""
    first: tuple[str, list[tuple[int, int]]] | None = None
    for text in texts:
        clean = normalise(text[:LONGEST_TEXT])
        if forms is not None:
            marks = _places(clean, forms)
        else:
            marks = (
                [(start, end) for start, end, form in spans(clean) if _meets(form, terms, analyser)] if terms else []
            )
        # A word as long as the passage may be cut away from its end.
        if marks and "<mark>" in (html := _html(clean, marks, max_chars)):
            return html
        first = first or (clean, marks)
    return _html(*(first or ("", [])), max_chars)


def _html(clean: str, marks: list[tuple[int, int]], max_chars: int | None) -> Markup:
    start, end = 0, len(clean)
    if max_chars is not None and len(clean) > max_chars:
        start, end = _window(clean, marks, max_chars)
    out: list[str] = ["… " if start else ""]
    at = start
    for first, last in marks:
        if first < start or last > end:
            continue
        out += (clean[at:first], OPEN, clean[first:last], CLOSE)
        at = last
    out.append(clean[at:end].rstrip() if end < len(clean) else clean[at:end])
    if end < len(clean):
        out.append(" …")
    html = "".join(out)
    if _NOT_HTML.search(html):
        html = str(escape(html))
    return Markup(html.replace(OPEN, "<mark>").replace(CLOSE, "</mark>"))  # noqa: S704


def _meets(form: str, terms: HighlightTerms, analyser: Analyser) -> bool:
    languages = ("fi",) if terms.language == "fi" else ("fi", terms.language)
    return form in terms.forms or any(
        not terms.terms.isdisjoint(analyser.terms(form, language)) for language in languages
    )


def _places(text: str, forms: Collection[str]) -> list[tuple[int, int]]:
    """Where the forms stand as whole words."""
    # Written out, for it is asked of some thirty texts in a search.
    flat, places = folded(text), []
    for form in forms:
        at = flat.find(form)
        while at >= 0:
            end = at + len(form)
            # Nearly all words stand between these.
            if (flat[at - 1 : at] in _BETWEEN or not _goes_on(flat[max(0, at - 2) : at][::-1])) and (
                flat[end : end + 1] in _BETWEEN or not _goes_on(flat[end : end + 2])
            ):
                places.append((at, end))
            at = flat.find(form, end)
    places.sort()
    return places


def _goes_on(beside: str) -> bool:
    """Whether the word reaches further into the letters beside it, the nearest first."""
    nearest = beside[:1]
    return nearest.isalnum() or beside == "++" or (nearest in _JOINERS and beside[1:].isalnum())


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
