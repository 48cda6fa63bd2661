"""What is stored for visitors, made by the worker before anybody asks: pages of deeds, rows of lists, the front page.

What a deed shows is written when it changes; so are its page and its row. The worker looks which of them the shelf
lacks or holds from an older state, and makes some at each look: pages by asking for them as a visitor would. Most
deeds are read rarely: without this nearly every reader of theirs would be the first, and pay for making the page.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import db
from tori.deeds import readings
from tori.deeds.list_rows import row_key, visitors_rows
from tori.deeds.views import language_names
from tori.edge.metrics import UNCOUNTED
from tori.edge.shelf import Shelf
from tori.edge.stored import Stamp, by_deeds, by_everything, deeds_in, key_of
from tori.i18n import DEFAULT_LOCALE, ENVIRON_KEY, LOCALES, prefix_of
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.notifications.changes import Stamps, stamps

NEWEST = 30
FIRST_PAGES = 5
"""Of one look, before rows are made."""
ROWS_AT_ONCE = 200
READ_IN = timedelta(days=30)
MOST_SECONDS = 0.5
"""Of one look; the rest comes with the next one, so that the queues do not wait, nor readers for a processor."""
BETWEEN_LOOKS = 20
"""Times as long as the last look took: on a large square each takes a while, and something changes all the time."""
LEFT_FREE = 0.2
"""Of the shelf, for the pages that readers ask for beside these."""
AGENT = "tori-worker (bot)"
"""Readings and searches of programs are not counted."""


class _Work:
    """What this worker has to make, and of which state of the content. What comes first stands at the end."""

    def __init__(self) -> None:
        self.state: object = None
        self.next_look = 0.0
        self.pages: list[str] = []
        self.rows: list[tuple[str, list[int]]] = []
        """Locale and deeds."""

    @property
    def is_done(self) -> bool:
        return not self.pages and not self.rows


_KEY = "tori.ready_pages"


@dataclass(frozen=True)
class _Shelved:
    """What lies on the shelf beside what would have to lie there now."""

    stamps: Mapping[str, str]
    versions: Mapping[int, int]
    now: Stamps
    day: date

    def is_current(self, key: str, stamp_of: Stamp, deeds: Sequence[int] | None = None) -> bool:
        """``deeds``: those that it shows, when it is known without looking."""
        stamp = self.stamps.get(key, "")
        listed = deeds_in(stamp) if deeds is None else deeds
        shown = tuple((deed_id, self.versions[deed_id]) for deed_id in listed if deed_id in self.versions)
        return stamp == stamp_of(Stamps(self.now.content, self.now.pages, shown), self.day)


def make_ready(config: Config) -> int:
    """For the worker. Returns how many pages and batches of rows were made."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if app.extensions["tori.shelf"] is None or not config.shared_pages_mb:
        return 0
    work: _Work = app.extensions.setdefault(_KEY, _Work())
    session = db.session()
    state = (stamps(session).content, clock.today())
    if state != work.state and time.monotonic() >= work.next_look:
        work.state, began = state, time.monotonic()
        _look(session, app, work)
        work.next_look = time.monotonic() + BETWEEN_LOOKS * (time.monotonic() - began)
    session.rollback()
    as_worker: dict[str, Any] = {"headers": {"User-Agent": AGENT}, "environ_overrides": {UNCOUNTED: True}}
    client, end, made = app.test_client(), time.monotonic() + MOST_SECONDS, 0
    while not work.is_done and time.monotonic() < end:
        made += 1
        # A list shows twenty rows, so they come before most pages.
        if work.rows and made > FIRST_PAGES:
            _make_rows(app, config, *work.rows.pop())
        elif work.pages:
            client.get(work.pages.pop(), base_url=config.public_url, **as_worker).close()
        else:
            _make_rows(app, config, *work.rows.pop())
    return made


def _make_rows(app: Flask, config: Config, locale: str, ids: list[int]) -> None:
    within = {ENVIRON_KEY: locale, "SCRIPT_NAME": prefix_of(locale)}
    with app.test_request_context(base_url=config.public_url, environ_overrides=within):
        visitors_rows(db.session(), {}, ids, locale, language_names())
        db.session.rollback()


def _look(session: Session, app: Flask, work: _Work) -> None:
    shelf: Shelf = app.extensions["tori.shelf"]
    rows = session.execute(
        select(Deed.id, Deed.slug, Deed.language, Deed.page_version)
        .where(Deed.status.in_(PUBLIC_STATUSES))
        .order_by(Deed.published_at.desc(), Deed.id.desc())
    ).all()
    shelved = _Shelved(shelf.stamps(), {row.id: row.page_version for row in rows}, stamps(session), clock.today())
    is_full = shelf.room() < LEFT_FREE * shelf.file_bytes
    work.pages = _old_pages(session, shelved, rows, is_full)[::-1]
    work.rows = []
    if is_full:
        return
    for locale in reversed(LOCALES):
        key = row_key(locale)
        old = [row.id for row in rows if not shelved.is_current(f"{key}{row.id}", by_deeds, [row.id])]
        work.rows += [(locale, old[start : start + ROWS_AT_ONCE]) for start in range(0, len(old), ROWS_AT_ONCE)]


def _old_pages(session: Session, shelved: _Shelved, rows: Sequence[Any], is_full: bool) -> list[str]:
    """Addresses whose page is not on the shelf as it would be now, those to be made first in front."""
    read = [f"/teot/{row.id}-{row.slug}" for row in readings.most_read(session, clock.today() - READ_IN)]
    deeds = [
        f"{prefix_of(locale)}/teot/{row.id}-{row.slug}"
        for row in rows
        for locale in dict.fromkeys((DEFAULT_LOCALE, row.language))
    ]
    if is_full:
        # Each page would push out another one.
        deeds = deeds[:NEWEST]
    fronts = [f"{prefix_of(locale)}/" for locale in LOCALES]
    wanted = [path for path in fronts if not shelved.is_current(key_of(path), by_everything)]
    paths = dict.fromkeys([*deeds[:NEWEST], *read, *deeds])
    return wanted + [path for path in paths if not shelved.is_current(key_of(path), by_deeds)]
