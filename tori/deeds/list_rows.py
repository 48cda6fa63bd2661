"""Rows of lists as visitors see them: HTML made once for each state of a deed, for all processes and after a restart.

They lie on the shelf of the stored pages and carry the same stamp, so a row is never older than the truth. A list
that nobody has asked for yet is so put together from what the worker has made.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.deeds.queries import DeedCard, cards_by_ids
from tori.edge.shelf import Piece, Shelf
from tori.edge.stored import by_deeds
from tori.edge.templating import short_date
from tori.i18n import LOCALES
from tori.models.searching import DeedWords
from tori.notifications.changes import Stamps
from tori.notifications.reads import page_versions
from tori.policy import ANONYMOUS
from tori.search.highlight import marked
from tori.search.marking import placed_words, places_met
from tori.search.port import HighlightTerms

PICK = "compare"
"""The form that the ticks of the rows belong to."""
MARK = b"\x1e"
"""On both sides of the summary, whose place the passage of a search takes."""
TITLE, URL, SUMMARY, MAKER, REGION, PAD = "\x11\x12\x13\x14\x15\x16"
"""Characters that no text of a deed holds, in the places of what differs between rows of one shape."""
MARKED_SUMMARY = Markup("\x1e\x13\x1e")
ID, DAY = 990_099_009_900, date(1901, 2, 3)
PASSAGE = 220
"""Letters of the text that a search shows of a deed."""
_FIRST = {locale: place << 40 for place, locale in enumerate(LOCALES)}
"""The number of a row is that of its deed after this one: what is read in one language lies together."""
STALLS = 4
"""Drawings of a sector, of which the length of the title chooses one (``_picture`` in macros/deeds.html)."""
MOST_SHAPES = 1000


class Row(NamedTuple):
    """HTML of a row, on both sides of its summary and that itself, and the words of the summary with their places
    (``search/marking.py``) where these are known. Without a summary everything is ``before``."""

    words: bytes | None
    before: bytes
    summary: bytes = b""
    after: bytes = b""


def stored_rows(session: Session, reads: dict[Hashable, Any], ids: Sequence[int], locale: str) -> dict[int, Row] | None:
    """Deed -> its row, of those that lie on the shelf as they would be made now. None when nothing is stored.

    No statement when the page versions came with ``reads``.
    """
    shelf: Shelf | None = current_app.extensions["tori.shelf"]
    if shelf is None or not shelf.file_bytes:
        return None
    (now, versions), first = _state(session, reads, ids), _FIRST[locale]
    return {
        number - first: Row(words, before, summary, after)
        for number, stamp, version, words, before, summary, after in shelf.pieces([first + deed_id for deed_id in ids])
        if stamp == now and version == versions.get(number - first)
    }


def lacking(session: Session, reads: dict[Hashable, Any], ids: Sequence[int], locale: str) -> list[int]:
    """Deeds whose row does not lie on the shelf as it would be made now, with its words."""
    shelf: Shelf = current_app.extensions["tori.shelf"]
    (now, versions), first = _state(session, reads, ids), _FIRST[locale]
    pieces = shelf.whole_pieces([first + deed_id for deed_id in versions])
    known = {number - first: version for number, stamp, version in pieces if stamp == now}
    return [deed_id for deed_id, version in versions.items() if known.get(deed_id) != version]


def visitors_rows(
    session: Session,
    reads: dict[Hashable, Any],
    ids: Sequence[int],
    stored: Mapping[int, Row],
    locale: str,
    languages: Mapping[str, str],
    packed: Mapping[int, bytes] | None = None,
) -> dict[int, Row]:
    """Deed -> its row, in the order of the ids; what a visitor may not see is left out.

    One statement when a row has to be made. ``stored`` is from `stored_rows`, ``languages`` names the languages of
    deeds, ``packed`` has the words of those that were read already.
    """
    rows = dict(stored)
    if missing := [deed_id for deed_id in ids if deed_id not in rows]:
        # Before the rows: what changes meanwhile is told by an old stamp.
        (now, versions), first = _state(session, reads, missing), _FIRST[locale]
        made = {
            card.id: _row(card, locale, languages, (packed or {}).get(card.id))
            for card in cards_by_ids(session, list(versions), locale, ANONYMOUS)
        }
        pieces = [Piece(first + deed_id, now, versions[deed_id], *row) for deed_id, row in made.items()]
        current_app.extensions["tori.shelf"].put_pieces(pieces)
        rows.update(made)
    return {deed_id: rows[deed_id] for deed_id in ids if deed_id in rows}


def _state(session: Session, reads: dict[Hashable, Any], ids: Iterable[int]) -> tuple[str, dict[int, int]]:
    """The stamp of all rows as they are now, and the version of each deed."""
    pages, versions = page_versions(session, reads, ids)
    return f"{current_app.extensions['tori.shape']} {by_deeds(Stamps(0, pages), clock.today())}", versions


def make_rows(session: Session, ids: Sequence[int], locale: str, languages: Mapping[str, str]) -> None:
    """Lays the rows of the deeds on the shelf, with the places of their words."""
    # A deed that is not indexed yet gets its row without words: what has been made is not made again and again.
    packed = dict.fromkeys(ids, b"")
    packed |= dict(session.execute(select(DeedWords.deed_id, DeedWords.packed).where(DeedWords.deed_id.in_(ids))).all())
    visitors_rows(session, {}, ids, {}, locale, languages, packed)


def _row(card: DeedCard, locale: str, languages: Mapping[str, str], packed: bytes | None) -> Row:
    words = None if packed is None else placed_words(card.summary, packed) if packed else b""
    return Row(words, *_html(card, locale, languages).split(MARK))


def marked_summaries(rows: Mapping[int, Row], terms: HighlightTerms) -> dict[int, Markup]:
    """The summary of each deed in which a search has found something, with that marked."""
    known = [(deed_id, row.summary, row.words) for deed_id, row in rows.items() if row.words]
    met = places_met([words for _, _, words in known], terms) if known else []
    found = {}
    for (deed_id, summary, _), places in zip(known, met, strict=True):
        if places:
            html = marked(summary.decode(), places, PASSAGE)
            # A word as long as the passage may be cut away from its end.
            if "<mark>" in html:
                found[deed_id] = Markup(html)  # noqa: S704
    return found


def joined(rows: Iterable[tuple[int, Row]], passages: Mapping[int, Markup]) -> bytes:
    """The rows one after another, with the passage of a search where there is one."""
    parts: list[bytes] = []
    for deed_id, row in rows:
        passage = passages.get(deed_id)
        parts += (row.before, passage.encode() if passage and row.after else row.summary, row.after)
    return b"".join(parts)


def _html(card: DeedCard, locale: str, languages: Mapping[str, str]) -> bytes:
    """The row, written into the pattern of its shape: the macro takes ten times as long, and there are few shapes."""
    other = "" if card.language == locale else languages.get(card.language, "")
    shape = replace(
        card, id=ID, title=TITLE + (len(card.title) - 1) % STALLS * PAD, url=URL, summary="", other_language=other,
        highlights=MARKED_SUMMARY if card.summary else None,
        organisation_name=MAKER, organisation_slug="", place="", region=REGION if card.region else "",
        published_on=DAY if card.published_on else None,
    )  # fmt: skip
    patterns = current_app.extensions.setdefault("tori.row_patterns", lru_cache(MOST_SHAPES)(_pattern))
    parts: list[str] = list(patterns(shape, locale))
    day = card.published_on
    values = {
        str(ID): str(card.id), TITLE: card.title, URL: card.url, SUMMARY: card.summary,
        MAKER: card.organisation_name or card.place, REGION: card.region,
        str(DAY): str(day), short_date(DAY): short_date(day),
    }  # fmt: skip
    parts[1::2] = [escape(values[slot]) for slot in parts[1::2]]
    return "".join(parts).encode()


def _pattern(shape: DeedCard, locale: str) -> tuple[str, ...]:
    """Text of a row and the name of a slot in turns, a text at both ends."""
    macros = current_app.extensions["tori.kept"].macros("macros/deeds.html")
    html = str(macros.deed_row(shape, "h3", PICK)).replace(PAD, "")
    slots = (str(ID), TITLE, URL, SUMMARY, MAKER, REGION, str(DAY), short_date(DAY))
    return tuple(re.split(f"({'|'.join(map(re.escape, slots))})", html))
