"""What is stored for visitors, made by the worker before anybody asks: pages of deeds, rows of lists, the front page.

What a deed shows is written when it changes; so are its page and its row. The worker goes through all deeds, some at a
time, and makes what the shelf lacks or holds from an older state: pages by asking for them as a visitor would. Most
deeds are read rarely: without this nearly every reader of theirs would be the first, and pay for making the page.
"""

import itertools
import mmap
import time
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from tori.config import Config
from tori.core import clock
from tori.database import db
from tori.deeds import list_rows, readings
from tori.deeds.views import language_names
from tori.edge.own_requests import as_if_asked, ask
from tori.edge.shelf import Shelf
from tori.edge.stored import Stamp, by_deeds, by_everything, deeds_in, key_of
from tori.i18n import DEFAULT_LOCALE, LOCALES, prefix_of
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.notifications.changes import Stamps, quick_stamps

NEWEST = 30
AT_ONCE = 200
"""So many deeds are looked at, and as many rows made, in one go."""
READ_IN = timedelta(days=30)
MOST_SECONDS = 0.25
"""At each call."""
LEFT_FREE = 0.2
"""Of the shelf, for the pages that readers ask for beside these."""
AGENT = "tori-worker (bot)"
"""Readings and searches of programs are not counted."""

_KEY = "tori.ready_pages"
Steps = Iterator[bool]
"""Each step looks at some deeds or makes something."""


@dataclass
class _Work:
    """What this process does. ``first`` begins anew at each change, ``walk`` when it has come to its end."""

    state: object = None
    first: Steps = field(default_factory=lambda: iter(()))
    walked: object = None
    walk: Steps = field(default_factory=lambda: iter(()))


_reached = memoryview(mmap.mmap(-1, 8)).cast("Q")
"""The step of the walk at which this process is, or the one before it that could not finish: they share it."""


def make_ready(config: Config) -> int:
    """For the worker, a bit at each call. Returns how many steps were done; 0 when everything is ready."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if app.extensions["tori.shelf"] is None or not config.shared_pages_mb:
        return 0
    work: _Work = app.extensions.setdefault(_KEY, _Work())
    began = time.monotonic()
    state = (quick_stamps(db.engine).content, clock.today())
    if state != work.state:
        work.state, work.first = state, _make_first(app, config)
    done = 0
    while time.monotonic() < began + MOST_SECONDS:
        if next(work.first, False) or next(work.walk, False):
            done += 1
        elif work.walked == work.state:
            break
        else:
            work.walked, work.walk = work.state, _walk(app, config)
    return done


def _make_first(app: Flask, config: Config) -> Steps:
    """The front page, the newest deeds and those that are read most: on a full shelf, too."""
    session = db.session()
    newest = session.execute(_public_deeds().limit(NEWEST)).all()
    read = [f"/teot/{row.id}-{row.slug}" for row in readings.most_read(session, clock.today() - READ_IN)]
    fronts = [f"{prefix_of(locale)}/" for locale in LOCALES]
    session.rollback()
    yield from _make_pages(app, config, _lacking(fronts, by_everything))
    yield from _make_pages(app, config, _lacking([*_pages_of(newest), *read], by_deeds))


def _walk(app: Flask, config: Config) -> Steps:
    """Rows of all deeds, for a list shows twenty, and then their pages, the newest deeds first; from where another
    process had to stop. Ends when the shelf is so full that each page would push out another one."""
    ids = db.session().scalars(_public_deeds().with_only_columns(Deed.id)).all()
    batches = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
    steps = [*itertools.product((_make_rows_of, _make_pages_of), batches)]
    begin = min(_reached[0], len(steps))
    for number in (*range(begin, len(steps)), *range(begin)):
        _reached[0] = number
        step, batch = steps[number]
        try:
            yield from step(app, config, batch)
        except _Full:
            break
    _reached[0] = 0


class _Full(Exception):
    """The shelf has no room for what is lacking."""


def _make_rows_of(app: Flask, config: Config, batch: Sequence[int]) -> Steps:
    reads: dict[Hashable, Any] = {}
    for locale in LOCALES:
        wanted = list_rows.lacking(db.session(), reads, batch, locale)
        _check_room(wanted)
        _make_rows(app, config, locale, wanted)
        yield True


def _make_pages_of(app: Flask, config: Config, batch: Sequence[int]) -> Steps:
    rows = db.session().execute(_public_deeds().where(Deed.id.in_(batch))).all()
    db.session.rollback()
    lacking = _lacking(_pages_of(rows), by_deeds)
    _check_room(lacking)
    yield True
    yield from _make_pages(app, config, lacking)


def _check_room(lacking: Sequence[object]) -> None:
    shelf: Shelf = current_app.extensions["tori.shelf"]
    if lacking and shelf.room() < LEFT_FREE * shelf.file_bytes:
        raise _Full


def _public_deeds() -> Any:
    return (
        select(Deed.id, Deed.slug, Deed.language)
        .where(Deed.status.in_(PUBLIC_STATUSES))
        .order_by(Deed.published_at.desc(), Deed.id.desc())
    )


def _pages_of(rows: Sequence[Any]) -> list[str]:
    """Addresses in the language of the site and in that of the deed."""
    return [
        f"{prefix_of(locale)}/teot/{row.id}-{row.slug}"
        for row in rows
        for locale in dict.fromkeys((DEFAULT_LOCALE, row.language))
    ]


def _lacking(paths: Sequence[str], stamp_of: Stamp) -> list[str]:
    """Those whose page is not on the shelf as it would be now."""
    shelf: Shelf = current_app.extensions["tori.shelf"]
    found = shelf.stamps(key_of(path) for path in paths)
    now = quick_stamps(db.engine, {deed_id for stamp in found.values() for deed_id in deeds_in(stamp)})
    versions, day = dict(now.deeds), clock.today()

    def as_now(stamp: str) -> str:
        shown = tuple((deed_id, versions[deed_id]) for deed_id in deeds_in(stamp) if deed_id in versions)
        return stamp_of(Stamps(now.content, now.pages, shown), day)

    current = {key for key, stamp in found.items() if stamp == as_now(stamp)}
    return [path for path in dict.fromkeys(paths) if key_of(path) not in current]


def _make_pages(app: Flask, config: Config, paths: Sequence[str]) -> Steps:
    for path in paths:
        ask(app, config, path, AGENT)
        yield True


def _make_rows(app: Flask, config: Config, locale: str, ids: list[int]) -> None:
    with as_if_asked(app, config, locale):
        list_rows.make_rows(db.session(), ids, locale, language_names())
        db.session.rollback()
