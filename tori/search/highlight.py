"""Marks found words in plain text: inflected, compound and as typed; picks the best passage."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence

from markupsafe import Markup, escape

from tori.search.analysis import Analyser
from tori.search.port import HighlightTerms
from tori.search.words import normal_and_folded, normalise, spans

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
        if forms is not None:
            clean, flat = normal_and_folded(text[:LONGEST_TEXT])
            marks = _places(flat, forms)
        else:
            clean = normalise(text[:LONGEST_TEXT])
            marks = (
                [(start, end) for start, end, form in spans(clean) if _meets(form, terms, analyser)] if terms else []
            )
        # A word as long as the passage may be cut away from its end.
        if marks and "<mark>" in (html := marked(clean, marks, max_chars)):
            return Markup(html)  # noqa: S704
        first = first or (clean, marks)
    return Markup(marked(*(first or ("", [])), max_chars))  # noqa: S704


def has_html(text: str) -> bool:
    """Whether letters of the text are written otherwise in HTML."""
    return _NOT_HTML.search(text) is not None


def marked(clean: str, marks: Sequence[tuple[int, int]], max_chars: int | None) -> str:
    """Safe HTML of a text, or of its best passage, with the marks at their places, as far as these are whole in it."""
    start, end = 0, len(clean)
    if max_chars is not None and end > max_chars:
        start, end = _window(clean, marks, max_chars)
    # Few texts have letters that mean something in HTML.
    is_plain = _NOT_HTML.search(clean, start, end) is None
    opening, closing = ("<mark>", "</mark>") if is_plain else (OPEN, CLOSE)
    out, at = ["… " if start else ""], start
    for first, last in marks:
        if start <= first and last <= end:
            out += (clean[at:first], opening, clean[first:last], closing)
            at = last
    out.append(clean[at:end] if end == len(clean) else clean[at:end].rstrip() + " …")
    html = "".join(out)
    return html if is_plain else str(escape(html)).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")


def _meets(form: str, terms: HighlightTerms, analyser: Analyser) -> bool:
    languages = ("fi",) if terms.language == "fi" else ("fi", terms.language)
    return form in terms.forms or any(
        not terms.terms.isdisjoint(analyser.terms(form, language)) for language in languages
    )


def _places(flat: str, forms: Collection[str]) -> list[tuple[int, int]]:
    """Where the forms stand as whole words in a folded text."""
    # Written out, for it is asked of some thirty texts in a search.
    places = []
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


def _window(text: str, marks: Sequence[tuple[int, int]], size: int) -> tuple[int, int]:
    """Where most marks fit, opened at a sentence or a word. It holds the first of them whole."""
    best_start, best_count, reach = 0, -1, 0
    starts = [first for first, _ in marks]
    for number, (first, last) in enumerate(marks):
        opening = max(0, first - size // 5)
        count = bisect_right(starts, opening + size) - number
        if count > best_count:
            best_start, best_count, reach = opening, count, last
    if best_start + size > len(text):
        best_start = max(0, len(text) - size)
    if best_start:
        earliest = max(0, best_start - size // 4, reach - size - 2)
        sentence = text.rfind(". ", earliest, best_start + size // 6)
        space = text.find(" ", best_start)
        best_start = sentence + 2 if sentence >= 0 else (space + 1 if 0 <= space < best_start + 40 else best_start)
    end = min(len(text), best_start + size)
    if end < len(text):
        space = text.rfind(" ", max(best_start + size // 2, reach), end)
        end = space if space > 0 else end
    return best_start, end
