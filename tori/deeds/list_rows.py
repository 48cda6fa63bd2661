"""Rows of lists as visitors see them: HTML made once for each state of a deed, for all processes and after a restart.

They lie on the shelf of the stored pages and carry the same stamp, so a row is never older than the truth. A list
that nobody has asked for yet is so put together from what the worker has made.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from tori.core import clock
from tori.deeds.queries import DeedCard, cards_by_ids
from tori.edge.shelf import Entry, Shelf
from tori.edge.stored import by_deeds, key_of
from tori.edge.templating import short_date
from tori.notifications.changes import Stamps, present_stamps
from tori.policy import ANONYMOUS

PICK = "compare"
"""The form that the ticks of the rows belong to."""
VERSIONS = "page versions"
MARK = b"\x1e"
"""On both sides of the summary, whose place the passage of a search takes."""
TITLE, URL, SUMMARY, MAKER, REGION, PAD = "\x11\x12\x13\x14\x15\x16"
"""Characters that no text of a deed holds, in the places of what differs between rows of one shape."""
MARKED_SUMMARY = Markup("\x1e\x13\x1e")
ID, DAY = 990_099_009_900, date(1901, 2, 3)
STALLS = 4
"""Drawings of a sector, of which the length of the title chooses one (``_picture`` in macros/deeds.html)."""
MOST_SHAPES = 1000


def visitors_rows(
    session: Session, reads: dict[Hashable, Any], ids: Sequence[int], locale: str, languages: Mapping[str, str]
) -> dict[int, bytes] | None:
    """Deed -> its row, in the order of the ids; what a visitor may not see is left out. None when nothing is stored.

    One statement at most, one more when a row has to be made. ``languages`` names the languages of deeds.
    """
    shelf: Shelf | None = current_app.extensions["tori.shelf"]
    if shelf is None or not shelf.file_bytes:
        return None
    # Written out: a list has twenty of them.
    key, stamp, versions = row_key(locale), *_versions(session, reads, ids)
    wanted = {f"{key}{deed_id}": (deed_id, f"{stamp}{deed_id}:{versions[deed_id]}") for deed_id in versions}
    rows = {
        wanted[name][0]: entry.body for name, entry in shelf.several(wanted).items() if entry.stamp == wanted[name][1]
    }
    missing = {deed_id: (name, made_of) for name, (deed_id, made_of) in wanted.items() if deed_id not in rows}
    if missing:
        cards = cards_by_ids(session, list(missing), locale, ANONYMOUS)
        made = {card.id: _html(card, locale, languages) for card in cards}
        entries = {missing[deed_id][0]: Entry(missing[deed_id][1], "", html) for deed_id, html in made.items()}
        shelf.put_several(entries)
        rows.update(made)
    return {deed_id: rows[deed_id] for deed_id in ids if deed_id in rows}


def note_versions(reads: dict[Hashable, Any], versions: Iterable[tuple[int, int]]) -> None:
    """For who has read the page versions of deeds together with something else."""
    reads.setdefault(VERSIONS, ({}, {}))[1].update(versions)


def _versions(session: Session, reads: dict[Hashable, Any], ids: Sequence[int]) -> tuple[str, dict[int, int]]:
    """How the stamp of every row begins, and the page version of each deed. Both stay as long as ``reads`` do."""
    begins, known = reads.setdefault(VERSIONS, ({}, {}))
    day = clock.today()
    missing = [deed_id for deed_id in ids if deed_id not in known]
    if missing or day not in begins:
        now = present_stamps(session, missing)
        begins[day] = by_deeds(Stamps(0, now.pages), day)
        known.update(now.deeds)
    return begins[day], {deed_id: known[deed_id] for deed_id in ids if deed_id in known}


def joined(rows: Iterable[tuple[int, bytes]], passages: Mapping[int, Markup]) -> bytes:
    """The rows one after another, with the passage of a search where there is one."""
    parts: list[bytes] = []
    for deed_id, html in rows:
        start = html.find(MARK)
        if start < 0:
            parts.append(html)
            continue
        end, passage = html.find(MARK, start + 1), passages.get(deed_id)
        parts += (html[:start], passage.encode() if passage else html[start + 1 : end], html[end + 1 :])
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
    macros = current_app.jinja_env.get_template("macros/deeds.html").module
    html = str(macros.deed_row(shape, "h3", PICK)).replace(PAD, "")  # type: ignore[attr-defined]
    slots = (str(ID), TITLE, URL, SUMMARY, MAKER, REGION, str(DAY), short_date(DAY))
    return tuple(re.split(f"({'|'.join(map(re.escape, slots))})", html))


def row_key(locale: str) -> str:
    """Under which rows lie on the shelf, each with the number of its deed after it."""
    return key_of(f"row/{locale}/")
