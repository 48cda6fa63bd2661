"""Rows of lists as visitors see them: HTML made once for each state of a deed, for all processes and after a restart.

They lie on the shelf of the stored pages and carry the same stamp, so a row is never older than the truth. A list
that nobody has asked for yet is so put together from what the worker has made.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import current_app
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from tori.core import clock
from tori.database import db
from tori.deeds.queries import DeedCard, cards_by_ids
from tori.edge.shelf import Entry, Shelf
from tori.edge.stored import by_deeds, key_of
from tori.notifications.changes import Stamps, quick_stamps, stamps
from tori.policy import ANONYMOUS

PICK = "compare"
"""The form that the ticks of the rows belong to."""
VERSIONS = "page versions"
MARK = "\x1e"
"""On both sides of the summary, whose place the passage of a search takes."""


def visitors_rows(
    session: Session, reads: dict[Hashable, Any], ids: Sequence[int], locale: str, languages: Mapping[str, str]
) -> dict[int, str] | None:
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
        wanted[name][0]: entry.body.decode()
        for name, entry in shelf.several(wanted).items()
        if entry.stamp == wanted[name][1]
    }
    missing = {deed_id: (name, made_of) for name, (deed_id, made_of) in wanted.items() if deed_id not in rows}
    if missing:
        cards = cards_by_ids(session, list(missing), locale, ANONYMOUS)
        made = {card.id: _html(card, locale, languages) for card in cards}
        entries = {missing[deed_id][0]: Entry(missing[deed_id][1], "", html.encode()) for deed_id, html in made.items()}
        shelf.put_several(entries)
        rows.update(made)
    return {deed_id: rows[deed_id] for deed_id in ids if deed_id in rows}


def _versions(session: Session, reads: dict[Hashable, Any], ids: Sequence[int]) -> tuple[str, dict[int, int]]:
    """How the stamp of every row begins, and the page version of each deed. Both stay as long as ``reads`` do."""
    begins, known = reads.setdefault(VERSIONS, ({}, {}))
    day = clock.today()
    missing = [deed_id for deed_id in ids if deed_id not in known]
    if missing or day not in begins:
        # A transaction that has begun may see an older state than a new connection.
        now = stamps(session, missing) if session.in_transaction() else quick_stamps(db.engine, missing)
        begins[day] = by_deeds(Stamps(0, now.pages), day)
        known.update(now.deeds)
    return begins[day], {deed_id: known[deed_id] for deed_id in ids if deed_id in known}


def joined(rows: Mapping[int, str], passages: Mapping[int, Markup]) -> Markup:
    """The rows one after another, with the passage of a search where there is one."""
    if not passages:
        return Markup("".join(rows.values()).replace(MARK, ""))  # noqa: S704
    return Markup("".join(_with(html, passages.get(deed_id, "")) for deed_id, html in rows.items()))  # noqa: S704


def _with(html: str, passage: str) -> str:
    if not passage or MARK not in html:
        return html.replace(MARK, "")
    before, _, after = html.split(MARK)
    return f"{before}{passage}{after}"


def _html(card: DeedCard, locale: str, languages: Mapping[str, str]) -> str:
    other = "" if card.language == locale else languages.get(card.language, "")
    marked = Markup(f"{MARK}{escape(card.summary)}{MARK}") if card.summary else None  # noqa: S704
    macros = current_app.jinja_env.get_template("macros/deeds.html").module
    return str(macros.deed_row(replace(card, other_language=other, highlights=marked), "h3", PICK))  # type: ignore[attr-defined]


def row_key(locale: str) -> str:
    """Under which rows lie on the shelf, each with the number of its deed after it."""
    return key_of(f"row/{locale}/")
