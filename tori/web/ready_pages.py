"""Stored pages made by the worker before anybody asks: the front page, the newest deeds and those most read.

After a change that may show on every page they are all old. The first reader of each would pay for it; so the worker
asks for them itself, as a visitor would, a few at each look.
"""

import time
from datetime import timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import db
from tori.deeds import readings
from tori.edge.metrics import UNCOUNTED
from tori.i18n import LOCALES, prefix_of
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.notifications.changes import stamps

NEWEST = 30
READ_IN = timedelta(days=30)
MOST_SECONDS = 2.0
"""Of one look; the rest comes with the next one, so that the queues do not wait."""
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
    state = (stamps(session).pages, clock.today())
    if state != work.state:
        work.state, work.waiting = state, _addresses(session)
    session.rollback()
    client, end, made = app.test_client(), time.monotonic() + MOST_SECONDS, 0
    while work.waiting and time.monotonic() < end:
        path = work.waiting.pop(0)
        headers = {"User-Agent": AGENT}
        with client.get(path, base_url=config.public_url, headers=headers, environ_overrides={UNCOUNTED: True}):
            made += 1
    return made


def _addresses(session: Session) -> list[str]:
    fronts = [f"{prefix_of(locale)}/" for locale in LOCALES]
    read = readings.most_read(session, clock.today() - READ_IN)
    newest = session.execute(
        select(Deed.id, Deed.slug)
        .where(Deed.status.in_(PUBLIC_STATUSES))
        .order_by(Deed.published_at.desc(), Deed.id.desc())
        .limit(NEWEST)
    )
    deeds = [f"/teot/{row.id}-{row.slug}" for row in (*read, *newest)]
    return [*fronts, *dict.fromkeys(deeds)]
