"""Whole pages of visitors stored as HTML with a stamp of what they show, so that a miss of the page cache is cheap.

The page cache (``page_cache.py``) lets go of everything at every change. What is stored here stays as long as nothing
that the page shows has changed: the page of a deed outlives the comments on all other deeds. The stamp is read in one
statement before a stored page is sent, so an old one never is; what depends on the clock is good for its day.
"""

import gzip
import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request, session

from tori.config import ROOT, Config
from tori.core import clock
from tori.core.shown import shown_deeds
from tori.database import db
from tori.edge.caching import tag_of
from tori.edge.page_cache import NOTES_KEY, TAKES_PACKED_KEY, takes_gzip
from tori.edge.shelf import Entry, Shelf
from tori.notifications.changes import Stamps, quick_stamps, stamps

MEGABYTE = 1024 * 1024
LEVEL = 6
MAX_ARGUMENT = 20
FOLDER = "pages"
SHAPES_PAGES = ("templates", "tori", "static")

SHAPES_NO_PAGE = frozenset({
    "log_format", "log_level", "metrics_port", "page_cache_check_ms", "page_cache_mb", "port", "shared_pages_mb",
    "slow_query_ms", "stored_pages_mb", "web_threads", "web_workers",
})  # fmt: skip
"""Settings of how the processes are run."""

View = Callable[..., Any]
Stamp = Callable[[Stamps, date], str]


def by_deeds(found: Stamps, day: date) -> str:
    """For pages of deeds: good until one of the deeds that they show changes, or something that may be on all."""
    return f"{day}/{found.pages}/" + ",".join(f"{deed_id}:{number}" for deed_id, number in found.deeds)


def by_everything(found: Stamps, day: date) -> str:
    """For pages that show a bit of all: good until anything changes."""
    return f"{day}/{found.content}/"


def deeds_in(stamp: str) -> list[int]:
    """The deeds that a page with this stamp shows."""
    listed = stamp.rpartition("/")[2]
    return [int(pair.partition(":")[0]) for pair in listed.split(",")] if listed else []


def stored(
    stamp: Stamp, arguments: Iterable[str] = (), each_time: Callable[..., None] | None = None
) -> Callable[[View], View]:
    """A view whose page is stored for visitors. Only the ``arguments`` of the address change what it shows.

    ``each_time`` is called with the values of the address whenever a visitor gets the page, stored or new.
    """
    known = tuple(arguments)

    def mark(view: View) -> View:
        @wraps(view)
        def show(**values: Any) -> Any:
            page = show_page(**values)
            is_page = isinstance(page, str) or (isinstance(page, Response) and page.status_code == HTTPStatus.OK)
            if each_time is not None and is_page and session.token is None:  # type: ignore[attr-defined]
                each_time(**values)
            return page

        def show_page(**values: Any) -> Any:
            shelf: Shelf | None = current_app.extensions["tori.shelf"]
            if shelf is None or not _is_visitor():
                return view(**values)
            # The links to the page in other languages must not depend on what else stands in this address.
            g.shown_arguments = [(name, request.args[name]) for name in known if request.args.get(name)]
            if any(len(value) > MAX_ARGUMENT for _, value in g.shown_arguments):
                return view(**values)
            return _from_shelf(shelf, stamp, view, values)

        return show

    return mark


def _is_visitor() -> bool:
    return session.token is None and not session.modified  # type: ignore[attr-defined]


def _from_shelf(shelf: Shelf, stamp: Stamp, view: View, values: dict[str, Any]) -> Any:
    key = key_of(f"{request.script_root}{request.path}", g.shown_arguments)
    day = clock.today()
    for entry in shelf.candidates(key):
        if stamp(quick_stamps(db.engine, deeds_in(entry.stamp)), day) == entry.stamp:
            return _answer(entry)
    rows = db.session()
    before = stamps(rows)
    with shown_deeds() as shown:
        page = view(**values)
    if isinstance(page, str) and _is_the_same_for_all():
        after = stamps(rows, shown)
        # A change in the middle of the reading: half of the page may be older than its stamp.
        if after.content == before.content:
            body = page.encode()
            shelf.put(key, Entry(stamp(after, day), tag_of(body), gzip.compress(body, LEVEL, mtime=0)))
    return page


def key_of(path: str, arguments: Iterable[tuple[str, str]] = ()) -> str:
    """Of the page at the address, language and all."""
    return f"{current_app.extensions['tori.shape']}{path}?{list(arguments)}"


def _answer(entry: Entry) -> Response:
    """Packed as it is, for those who can unpack it."""
    for_page_cache = TAKES_PACKED_KEY in request.environ
    if not for_page_cache and not takes_gzip(request.environ.get("HTTP_ACCEPT_ENCODING", "")):
        response = Response(gzip.decompress(entry.body), mimetype="text/html")
        response.set_etag(entry.etag)
        return response
    response = Response(entry.body, mimetype="text/html")
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(entry.etag if for_page_cache else f"{entry.etag}-gzip")
    return response


def _is_the_same_for_all() -> bool:
    return _is_visitor() and not g.get("is_only_once", False) and NOTES_KEY not in request.environ


def _shape(config: Config) -> str:
    """Changes with everything but the content that makes pages what they are: code, texts, styles, settings.

    The same in all processes of a site, however each of them is run.
    """
    settings = {name: value for name, value in vars(config).items() if name not in SHAPES_NO_PAGE}
    known = hashlib.sha256(f"{settings} {config.public_url}".encode())
    for folder in SHAPES_PAGES:
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix == ".pyc":
                # Python writes it beside the first process that runs the code.
                continue
            found = path.stat()
            known.update(f"{path} {found.st_mtime_ns} {found.st_size}".encode())
    return known.hexdigest()[:12]


def init_stored_pages(app: Flask, config: Config) -> None:
    app.extensions["tori.shelf"] = None
    if not config.stored_pages_mb:
        return
    folder: Path = config.instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    app.extensions["tori.shape"] = _shape(config)
    shelf = Shelf(folder, config.stored_pages_mb * MEGABYTE, config.shared_pages_mb * MEGABYTE)
    shelf.remove_older()
    app.extensions["tori.shelf"] = shelf
