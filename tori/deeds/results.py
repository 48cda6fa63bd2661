"""What a list of deeds answers, as HTML: facets, rows and ways on.

Most of it is the same for every list, so it stands in a frame that is made once (``edge/frames.py``); what few answers
have, such as other spellings or weak matches, is a part of its own.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote_plus

from flask import current_app, request
from markupsafe import Markup, escape

from tori.deeds.filters import DeedFilter
from tori.deeds.list_rows import PICK
from tori.deeds.listing import Choice, Listing
from tori.edge.frames import framed_part, part
from tori.edge.kept import SLOT, Here
from tori.edge.templating import written
from tori.search.port import Sort

MANY = 2
"""In the three languages all numbers from this on are told in the same words."""


def drawn(listing: Listing, base: str) -> bytes:
    """``base`` is the address of the list."""
    here: Here = current_app.extensions["tori.kept"].here()
    asked, chosen = request._get_current_object(), listing.filter  # type: ignore[attr-defined]
    own = {"listing": listing, "chosen": chosen, "base": base}
    pagination = here.kept.macros("macros/ui.html").pagination
    query, counted = listing.query, listing.answers if chosen.text else listing.total
    is_saveable = listing.may_save and not chosen.is_empty
    has_hits, has_weak_hits = listing.has_hits, listing.has_weak_hits
    slots = {
        "words": chosen.text,
        "query": query,
        "query_part": f"?{query}" if query else "",
        "quoted": quote_plus(query),
        "before": listing.before,
        "facets": listing.facets,
        "number": written(counted, here.locale),
        "chips": _chips(here, listing.chosen) if listing.chosen else "",
        "everything": DeedFilter(text=chosen.text).url(base) if listing.chosen else "",
        "notes": part("deeds/results/_notes.html", **own) if _has_notes(listing) else "",
        "hits": _rows(here, listing, is_weak=False),
        "way_on": "" if has_hits else part("deeds/results/_way_on.html", **own),
        "weak": _weak(here, own) if has_weak_hits else "",
        "pages": here.pagination(pagination, chosen.page, listing.pages, chosen.page_url(base)),
        "saving": part("deeds/results/_saving.html", **own) if is_saveable else "",
        "save_form": part("deeds/results/_save_form.html", **own) if is_saveable else "",
        "here": f"{asked.script_root}{asked.full_path}",
    }
    sort = chosen.sort or (Sort.RELEVANCE if chosen.text else Sort.NEWEST)
    return framed_part(
        "deeds/results/_frame.html", slots, base=base, has_words=bool(chosen.text), is_verbatim=chosen.verbatim,
        is_whole=chosen.is_empty, has_facets=bool(listing.facets), is_broken=listing.result is None,
        sort=sort.value if listing.answers > 1 else "", has_chips=bool(listing.chosen), has_hits=has_hits,
        has_any=bool(listing.total), may_save=listing.may_save, count=min(counted, MANY),
    )  # fmt: skip


def _has_notes(listing: Listing) -> bool:
    chosen, result = listing.filter, listing.result
    has_other_words = result is not None and bool(result.corrected_from or result.did_you_mean or result.relaxed)
    return has_other_words or (chosen.verbatim and bool(chosen.text))


def _chips(here: Here, choices: Sequence[Choice]) -> bytes:
    """Each is drawn once: between lists only its address differs."""
    macro, html = here.kept.macros("deeds/_list_parts.html").chip, []
    for choice in choices:
        before, after = here.pieces(macro, choice.label, SLOT)
        html += [before, escape(choice.url), after]
    return "".join(html).encode()


def _weak(here: Here, own: dict[str, Any]) -> Markup:
    return part("deeds/results/_weak.html", **own, hits=_rows(here, own["listing"], is_weak=True))


def _rows(here: Here, listing: Listing, *, is_weak: bool) -> bytes | Markup:
    """Those of visitors are ready."""
    ready = listing.weak_rows if is_weak else listing.rows
    macros = here.kept.macros("macros/deeds.html")
    if ready is not None:
        before, after = here.pieces(macros.ready_rows, SLOT, is_weak)
        return b"".join((before.encode(), ready, after.encode()))
    cards = listing.weak_cards if is_weak else listing.cards
    rows: Markup = macros.deed_rows(cards, compact=is_weak, pick=PICK, passages=listing.passages)
    return rows
