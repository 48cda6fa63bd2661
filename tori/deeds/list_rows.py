"""Rows of lists as visitors see them: HTML made once for each state of a deed, for all processes and after a restart.

They lie on the shelf of the stored pages and carry the same stamp, so a row is never older than the truth. A list
that nobody has asked for yet is so put together from what the worker has made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

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
MARK = "\x1e"
"""On both sides of the summary, whose place the passage of a search takes."""


def visitors_rows(
    session: Session, ids: Sequence[int], locale: str, languages: Mapping[str, str]
) -> dict[int, str] | None:
    """Deed -> its row, in the order of the ids; what a visitor may not see is left out. None when nothing is stored.

    Two statements, one more when a row has to be made. ``languages`` names the languages of deeds.
    """
    shelf: Shelf | None = current_app.extensions["tori.shelf"]
    if shelf is None or not shelf.file_bytes:
        return None
    # A transaction that has begun may see an older state than a new connection.
    now = stamps(session, ids) if session.in_transaction() else quick_stamps(db.engine, ids)
    day = clock.today()
    keys = {deed_id: row_key(locale, deed_id) for deed_id, _ in now.deeds}
    wanted = {deed_id: by_deeds(Stamps(0, now.pages, ((deed_id, version),)), day) for deed_id, version in now.deeds}
    shelved = shelf.several(keys.values())
    rows = {}
    for deed_id, stamp in wanted.items():
        entry = shelved.get(keys[deed_id])
        if entry is not None and entry.stamp == stamp:
            rows[deed_id] = entry.body.decode()
    missing = [deed_id for deed_id in wanted if deed_id not in rows]
    made = {card.id: _html(card, locale, languages) for card in cards_by_ids(session, missing, locale, ANONYMOUS)}
    shelf.put_several({keys[deed_id]: Entry(wanted[deed_id], "", html.encode()) for deed_id, html in made.items()})
    rows.update(made)
    return {deed_id: rows[deed_id] for deed_id in ids if deed_id in rows}


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


def row_key(locale: str, deed_id: int) -> str:
    """Under which the row lies on the shelf."""
    return key_of(f"row/{locale}/{deed_id}")
