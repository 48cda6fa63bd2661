"""The filters beside a list of deeds, as HTML: what can be ticked, and how many deeds each choice would show.

A list has a hundred of them, too many to draw each by a macro. Between lists only their places and numbers differ, so
each is drawn once and these are written in; and pages and orders of one list have the same ones, so what was drawn last
is kept.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask import current_app, request

from tori.deeds.filters import FACET_OF, DeedFilter
from tori.deeds.forms import EFFORTS, MATURITIES
from tori.edge.kept import SLOT, Kept
from tori.edge.templating import written
from tori.search.kept import Recent
from tori.search.port import SearchResult

Labels = dict[str, dict[str, str]]
"""Parameter of the address -> value -> its name."""
Counts = Mapping[Any, int]
Pieces = Callable[..., tuple[str, ...]]

KEPT = 64
"""Each ten to twenty kilobytes."""
MOST_OPTIONS = 60
NUMBERS = tuple(map(str, range(MOST_OPTIONS)))
MOST_PIECES = 1500
"""Options and facets that are kept drawn, each some hundred bytes."""
SHOWN = 8
"""Options of a facet that are not behind "Show more"."""
OPEN_FACETS = 2
SIZES = ("alle-5000", "alle-20000", "alle-100000", "yli-100000")
DIVIDING = ("tilanne", "menetelma", "vaihe")
"""Facets that few deeds have: shown only where some hits have one of the values and others do not."""
IN_ORDER = {value: place for place, value in enumerate((*MATURITIES, *EFFORTS, *SIZES))}
"""Values that stand in an order of their own, not in that of their counts."""


def drawn(reads: dict[Hashable, Any], result: SearchResult, chosen: DeedFilter, labels: Labels, locale: str) -> bytes:
    """HTML, empty when there is nothing to choose from. ``reads`` are those of ``reads_of``."""
    facets = [
        (name, chosen.values.get(name, ()), counts)
        for name, facet in FACET_OF.items()
        if _is_shown(name, counts := result.facets.get(facet, {}), result) or name in chosen.values
    ]
    kept: Recent[bytes] = reads.setdefault("facets", Recent(KEPT))
    key = (locale, *((name, ticked, *counts.items()) for name, ticked, counts in facets))
    return kept.get(key, lambda: _drawn(facets, labels, locale, _pieces(reads, locale)) if facets else b"")


def _pieces(reads: dict[Hashable, Any], locale: str) -> Pieces:
    """``Kept.pieces`` without asking for the language and the root of the address again and again."""
    drawings: Kept = current_app.extensions["tori.kept"]
    pieces: Pieces = reads.setdefault(
        ("facet pieces", locale, request.script_root), lru_cache(MOST_PIECES)(drawings.pieces)
    )
    return pieces


def _is_shown(name: str, counts: Counts, result: SearchResult) -> bool:
    if name not in DIVIDING:
        return bool(counts)
    return len(counts) > 1 or sum(counts.values()) not in (0, result.strong or result.total)


def _drawn(facets: Sequence[tuple[str, tuple[str, ...], Counts]], labels: Labels, locale: str, pieces: Pieces) -> bytes:
    parts: Any = current_app.jinja_env.get_template("deeds/_list_parts.html").module
    option: Any = current_app.jinja_env.get_template("macros/forms.html").module.facet_option  # type: ignore[attr-defined]
    html = []
    for place, (name, ticked, counts) in enumerate(facets):
        names, rows = labels[name], []
        options = _in_order(name, counts, ticked, names)
        for number, (value, count) in zip(NUMBERS, options, strict=False):
            before, between, label, after = pieces(
                option, name, SLOT, value, names.get(value, value), value in ticked, SLOT, count == 0
            )
            rows.append(f"{before}{number}{between}{number}{label}{written(count, locale)}{after}")
        more = max(0, len(rows) - SHOWN)
        is_open = place < OPEN_FACETS or bool(ticked)
        is_more_open = not set(ticked).isdisjoint(value for value, _ in options[SHOWN:])
        begin, middle, end = pieces(parts.facet, name, is_open, more, is_more_open)
        html += [begin, *rows[:SHOWN], middle, *rows[SHOWN:], end]
    before, after = pieces(parts.fold)
    return "".join((before, *html, after)).encode()


def _in_order(name: str, counts: Counts, ticked: Sequence[str], names: Mapping[str, str]) -> list[tuple[str, int]]:
    """The values to show, each with its count."""
    found = {**dict.fromkeys(ticked, 0), **{str(value): count for value, count in counts.items()}}
    if name == "vuosi":
        order = [(-int(value), value) for value in found]
    elif name in ("vaihe", "laajuus", "koko"):
        order = [(IN_ORDER.get(value, len(IN_ORDER)), value) for value in found]
    else:
        # Most deeds first, in the order of the alphabet where there are as many.
        order = [(value not in ticked, -count, names.get(value, value), value) for value, count in found.items()]  # type: ignore[misc]
    order.sort()
    return [(row[-1], found[row[-1]]) for row in order[:MOST_OPTIONS]]
