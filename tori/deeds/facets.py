"""The filters beside a list of deeds, as HTML: what can be ticked, and how many deeds each choice would show.

A list has a hundred of them, too many to draw each by a macro. Between lists only their counts differ, so each is drawn
once and these are written in.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from flask import current_app

from tori.deeds.filters import FACET_OF, DeedFilter
from tori.deeds.forms import EFFORTS, MATURITIES
from tori.edge.kept import SLOT, Kept
from tori.edge.templating import written
from tori.search.port import FacetValue, SearchResult

Labels = dict[str, dict[str, str]]
"""Parameter of the address -> value -> its name."""
Counts = Mapping[FacetValue, int]
Option = tuple[str | int, str, str]
"""What it is put in order by, and its HTML before and after the count."""

MOST_OPTIONS = 60
MOST_DRAWN = 300
"""Options of one facet that are kept drawn, each some hundred bytes."""
SHOWN = 8
"""Options of a facet that are not behind "Show more"."""
OPEN_FACETS = 2
SIZES = ("alle-5000", "alle-20000", "alle-100000", "yli-100000")
DIVIDING = ("tilanne", "menetelma", "vaihe")
"""Facets that few deeds have: shown only where some hits have one of the values and others do not."""
IN_ORDER = ("vuosi", "vaihe", "laajuus", "koko")
"""Facets whose values stand in an order of their own, not in that of their counts."""
CHECKED = " checked>"
PLACES = {value: place for place, value in enumerate((*MATURITIES, *EFFORTS, *SIZES))}


def drawn(reads: dict[Hashable, Any], result: SearchResult, chosen: DeedFilter, labels: Labels, locale: str) -> bytes:
    """HTML, empty when there is nothing to choose from. ``reads`` are those of ``reads_of``."""
    facets = [
        (name, chosen.values.get(name, ()), counts)
        for name, facet in FACET_OF.items()
        if _is_shown(name, counts := result.facets.get(facet, {}), result) or name in chosen.values
    ]
    if not facets:
        return b""
    drawings = reads.get(("facet drawings", locale))
    if drawings is None:
        drawings = reads["facet drawings", locale] = _Drawings(labels)
    return _drawn(drawings, facets, locale)


def _is_shown(name: str, counts: Counts, result: SearchResult) -> bool:
    if name not in DIVIDING:
        return bool(counts)
    return len(counts) > 1 or sum(counts.values()) not in (0, result.strong or result.total)


class _Drawings:
    """What lists of one language have in common while the names of the values stay as they are."""

    def __init__(self, labels: Labels) -> None:
        # Through what is kept, which outlives a change of the content.
        kept: Kept = current_app.extensions["tori.kept"]
        parts, pieces = kept.macros("deeds/_list_parts.html"), kept.pieces
        self.fold = pieces(parts.fold)
        self.frame = lru_cache(MOST_DRAWN)(partial(pieces, parts.facet))
        self.options = {name: lru_cache(MOST_DRAWN)(partial(_option, name, labels[name])) for name in FACET_OF}


def _drawn(drawings: _Drawings, facets: Sequence[tuple[str, tuple[str, ...], Counts]], locale: str) -> bytes:
    before_all, after_all = drawings.fold
    html = [before_all]
    for place, (name, ticked, counts) in enumerate(facets):
        rows = _rows(name, ticked, counts, drawings.options[name])[:MOST_OPTIONS]
        options = [
            f"{before}{count if count < 1000 else written(count, locale)}{after}" for _, _, before, after, count in rows
        ]
        more = max(0, len(options) - SHOWN)
        is_more_open = bool(ticked) and any(CHECKED in row[2] for row in rows[SHOWN:])
        begin, middle, end = drawings.frame(name, place < OPEN_FACETS or bool(ticked), more, is_more_open)
        html += [begin, *options[:SHOWN], middle, *options[SHOWN:], end]
    html.append(after_all)
    return "".join(html).encode()


def _rows(
    name: str, ticked: Sequence[str], counts: Counts, option: Callable[..., Option]
) -> list[tuple[int, str | int, str, str, int]]:
    """The options, each with its count before it, to be put in order by, and after it.

    Some facets have an order of their own; else what is ticked comes first, then most deeds, by the alphabet where
    there are as many.
    """
    if ticked:
        counts = {str(value): count for value, count in counts.items()}
    chosen = [(-(count := counts.get(value, 0)), *option(value, True, count == 0), count) for value in ticked]
    others = [(-count, *option(value), count) for value, count in counts.items() if value not in ticked]
    if name in IN_ORDER:
        return sorted(chosen + others, key=itemgetter(1))
    return sorted(chosen) + sorted(others)


def _option(
    name: str, names: Mapping[str, str], value: FacetValue, is_ticked: bool = False, is_empty: bool = False
) -> Option:
    kept: Kept = current_app.extensions["tori.kept"]
    text = str(value)
    label = names.get(text, text)
    place = -int(text) if name == "vuosi" else PLACES.get(text, len(PLACES)) if name in IN_ORDER else label
    macro = kept.macros("macros/forms.html").facet_option
    before, after = kept.pieces(macro, name, text.replace(" ", "-"), text, label, is_ticked, SLOT, is_empty)
    return place, before, after
