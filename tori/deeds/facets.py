"""The filters beside a list of deeds, as HTML: what can be ticked, and how many deeds each choice would show.

A list has a hundred of them, too many to draw each by a macro. All are alike, so a pattern is drawn once and written
full; and pages and orders of one list have the same ones, so what was drawn last is kept.
"""

from collections.abc import Hashable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup, escape

from tori.deeds.filters import FACET_OF, DeedFilter
from tori.deeds.forms import EFFORTS, MATURITIES
from tori.edge.kept import SLOT, Kept
from tori.edge.templating import written
from tori.search.kept import Recent
from tori.search.port import SearchResult

Labels = dict[str, dict[str, str]]
"""Parameter of the address -> value -> its name."""
Counts = Mapping[Any, int]

KEPT = 64
"""Each ten to twenty kilobytes."""
MOST_OPTIONS = 60
SHOWN = 8
"""Options of a facet that are not behind "Show more"."""
OPEN_FACETS = 2
SIZES = ("alle-5000", "alle-20000", "alle-100000", "yli-100000")
DIVIDING = ("tilanne", "menetelma", "vaihe")
"""Facets that few deeds have: shown only where some hits have one of the values and others do not."""
IN_ORDER = {value: place for place, value in enumerate((*MATURITIES, *EFFORTS, *SIZES))}
"""Values that stand in an order of their own, not in that of their counts."""


def drawn(reads: dict[Hashable, Any], result: SearchResult, chosen: DeedFilter, labels: Labels, locale: str) -> str:
    """Empty when there is nothing to choose from. ``reads`` are those of ``reads_of``."""
    facets = [
        (name, chosen.values.get(name, ()), counts)
        for name, facet in FACET_OF.items()
        if _is_shown(name, counts := result.facets.get(facet, {}), result) or name in chosen.values
    ]
    kept: Recent[str] = reads.setdefault("facets", Recent(KEPT))
    key = (locale, *((name, ticked, *counts.items()) for name, ticked, counts in facets))
    return kept.get(key, lambda: _drawn(facets, labels, locale) if facets else "")


def _is_shown(name: str, counts: Counts, result: SearchResult) -> bool:
    if name not in DIVIDING:
        return bool(counts)
    return len(counts) > 1 or sum(counts.values()) not in (0, result.strong or result.total)


def _drawn(facets: Sequence[tuple[str, tuple[str, ...], Counts]], labels: Labels, locale: str) -> Markup:
    kept: Kept = current_app.extensions["tori.kept"]
    parts: Any = current_app.jinja_env.get_template("deeds/_list_parts.html").module
    html = []
    for place, (name, ticked, counts) in enumerate(facets):
        options = _in_order(name, counts, ticked, labels[name])
        rows = _rows(kept, name, options, ticked, labels[name], locale)
        more = max(0, len(rows) - SHOWN)
        is_open = place < OPEN_FACETS or bool(ticked)
        is_more_open = not set(ticked).isdisjoint(value for value, _ in options[SHOWN:])
        begin, middle, end = kept.pieces(parts.facet, name, is_open, more, is_more_open)
        html += [begin, *rows[:SHOWN], middle, *rows[SHOWN:], end]
    return kept.around(parts.fold, ["".join(html)])


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


def _rows(
    kept: Kept,
    name: str,
    options: Sequence[tuple[str, int]],
    ticked: Sequence[str],
    names: Mapping[str, str],
    locale: str,
) -> list[str]:
    option: Any = current_app.jinja_env.get_template("macros/forms.html").module.facet_option  # type: ignore[attr-defined]

    @cache
    def pattern(is_ticked: bool, is_empty: bool) -> tuple[str, ...]:
        """Between number, value, number again, label and count, in the order of the macro."""
        return kept.pieces(option, name, SLOT, SLOT, SLOT, is_ticked, SLOT, is_empty)

    rows = []
    for number, (value, count) in enumerate(options):
        texts = pattern(value in ticked, count == 0)
        label = _escaped(names.get(value, value))
        rows.append(
            f"{texts[0]}{number}{texts[1]}{_escaped(value)}{texts[2]}{number}{texts[3]}{label}{texts[4]}"
            f"{written(count, locale)}{texts[5]}"
        )
    return rows


@lru_cache(3000)
def _escaped(text: str) -> str:
    return str(escape(text))
