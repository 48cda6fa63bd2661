"""Stored pages made by the worker before anybody asks: the front page, those most read, the newest, then every deed.

What a deed shows is written when it changes; so is its page. The worker looks which pages the shelf lacks or holds from
an older state, and asks for them itself, as a visitor would, a few at each look. Most deeds are read rarely: without
this nearly every reader of theirs would be the first, and pay for making the page.
"""

import time
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import db
from tori.deeds import readings
from tori.edge.shelf import Shelf
from tori.edge.stored import Stamp, by_deeds, by_everything, deeds_in, key_of
from tori.i18n import DEFAULT_LOCALE, LOCALES, prefix_of
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.notifications.changes import Stamps, stamps

NEWEST = 30
READ_IN = timedelta(days=30)
MOST_SECONDS = 2.0
"""Of one look; the rest comes with the next one, so that the queues do not wait."""
LEFT_FREE = 0.2
"""Of the shelf, for the pages that readers ask for beside these."""
AGENT = "tori-worker (bot)"
"""Readings and searches of programs are not counted."""


class _Work:
    """What this worker has to make, and of which state of the content."""

    def __init__(self) -> None:
        self.state: object = None
        self.waiting: list[str] = []


_KEY = "tori.ready_pages"


def make_ready(config: Config) -> int:
    """For the worker. Returns how many pages were asked for."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if app.extensions["tori.shelf"] is None or not config.shared_pages_mb:
        return 0
    work: _Work = app.extensions.setdefault(_KEY, _Work())
    session = db.session()
    state = (stamps(session).content, clock.today())
    if state != work.state:
        work.state, work.waiting = state, _missing(session, app)
    session.rollback()
    client, end, made = app.test_client(), time.monotonic() + MOST_SECONDS, 0
    while work.waiting and time.monotonic() < end:
        path = work.waiting.pop()
        with client.get(path, base_url=config.public_url, headers={"User-Agent": AGENT}):
            made += 1
    return made


def _missing(session: Session, app: Flask) -> list[str]:
    """Addresses whose page is not on the shelf as it would be now, those to be made first at the end."""
    shelf: Shelf = app.extensions["tori.shelf"]
    shelved = shelf.stamps()
    rows = session.execute(
        select(Deed.id, Deed.slug, Deed.language, Deed.page_version)
        .where(Deed.status.in_(PUBLIC_STATUSES))
        .order_by(Deed.published_at.desc(), Deed.id.desc())
    ).all()
    versions = {row.id: row.page_version for row in rows}
    now, day = stamps(session), clock.today()

    def is_current(path: str, stamp_of: Stamp) -> bool:
        stamp = shelved.get(key_of(path), "")
        shown = tuple((deed_id, versions[deed_id]) for deed_id in deeds_in(stamp) if deed_id in versions)
        return stamp == stamp_of(Stamps(now.content, now.pages, shown), day)

    read = [f"/teot/{row.id}-{row.slug}" for row in readings.most_read(session, clock.today() - READ_IN)]
    deeds = [
        f"{prefix_of(locale)}/teot/{row.id}-{row.slug}"
        for row in rows
        for locale in dict.fromkeys((DEFAULT_LOCALE, row.language))
    ]
    if shelf.room() < LEFT_FREE * shelf.file_bytes:
        # Each page would push out another one.
        deeds = deeds[:NEWEST]
    fronts = [f"{prefix_of(locale)}/" for locale in LOCALES]
    wanted = [path for path in fronts if not is_current(path, by_everything)]
    wanted += [path for path in dict.fromkeys([*deeds[:NEWEST], *read, *deeds]) if not is_current(path, by_deeds)]
    return wanted[::-1]
