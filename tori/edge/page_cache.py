"""Visitors' pages kept ready in front of Flask, for as long as nothing that they show has changed.

Only what ``edge/caching.py`` calls public is kept, and only for requests without our cookie. The content version stands
beside every page; it is asked for every PAGE_CACHE_CHECK_MS at most, so every process shows a change within that time.
What depends on the clock alone (days left of a campaign) is at most ``MOST_SECONDS`` old.
"""

import gzip
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, g, has_request_context, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_etags, quote_etag, unquote_etag

from tori import packing
from tori.config import Config
from tori.database import db
from tori.edge.metrics import UNCOUNTED
from tori.notifications.changes import quick_stamps

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Note = Callable[[WSGIEnvironment], None]

log = logging.getLogger(__name__)

MOST_SECONDS = 60.0
MAX_BODY = 512 * 1024
MIN_GZIP = 600
MOST_FOR_BEST = 100_000
NOTES_KEY = "tori.each_reading"
FILE_KEY = "tori.file"
"""The file that a static answer was read from."""
ASKED_KEY = "tori.asked_method"
"""The method that the reader used, also where the whole page is made for a HEAD."""
TAKES_PACKED_KEY = "tori.takes_packed"
"""Set for views: this layer takes a body packed by gzip, whatever the reader can unpack."""
SEEN_BY_VIEWS = ("HTTP_HX_REQUEST", "HTTP_X_REQUESTED_WITH")
"""Headers that views look at: the same address gives another answer with them."""
NEVER_KEPT = ("/healthz", "/readyz")
_TEXT = ("text/", "application/json", "application/javascript", "application/atom+xml", "application/xml", "image/svg")

Headers = list[tuple[str, str]]


def each_reading(note: "Note") -> None:
    """Calls ``note`` with the environment of this request, and of every later one that is answered by the kept page."""
    note(request.environ)
    request.environ.setdefault(NOTES_KEY, []).append(note)


def only_once() -> None:
    """Says that this page is made for one reading, so that nothing keeps it."""
    if has_request_context():
        g.is_only_once = True


@dataclass(frozen=True)
class Kept:
    """An answer ready to send. Texts are kept packed, which takes a fifth of the memory: a reader who can't unpack is
    rare."""

    version: int | None
    until: float
    etag: str
    headers: Headers
    bodies: dict[str, bytes]
    """Encoding -> the body in it: that of the first reader, and the other one when somebody asks for it. Without an
    encoding, and then alone, what does not get smaller by packing."""
    notes: "tuple[Note, ...]"

    @property
    def size(self) -> int:
        """With room for the other encoding, so that it stays the same."""
        return len(next(iter(self.bodies.values()))) * (1 if "" in self.bodies else 2) + 1024

    def body_for(self, accepted: str) -> tuple[bytes, str]:
        """The body and the name of its encoding, empty when it is plain."""
        encoding = "" if "" in self.bodies else _taken(accepted)
        if encoding in self.bodies:
            return self.bodies[encoding], encoding
        plain = gzip.decompress(self.bodies["gzip"]) if "gzip" in self.bodies else _unpacked(self.bodies["br"])
        if encoding:
            self.bodies[encoding] = _packed(plain, encoding, self.version is None)
        return self.bodies.get(encoding, plain), encoding


def _taken(accepted: str) -> str:
    """The best encoding for one who sends this Accept-Encoding, empty when there is none."""
    if "br" in accepted and "br;q=0" not in accepted:
        return "br"
    return "gzip" if takes_gzip(accepted) else ""


def takes_gzip(accepted: str) -> bool:
    """Whether one who sends this Accept-Encoding can unpack gzip."""
    return "gzip" in accepted and "gzip;q=0" not in accepted


def _packed(body: bytes, encoding: str, is_for_good: bool) -> bytes:
    if encoding == "gzip":
        return gzip.compress(body, 6, mtime=0)
    import brotli

    # The best takes a hundred times as long, so it is for what is packed once.
    return bytes(brotli.compress(body, quality=11 if is_for_good and len(body) < MOST_FOR_BEST else 4))


def _unpacked(body: bytes) -> bytes:
    import brotli

    return bytes(brotli.decompress(body))


class PageCache:
    """A WSGI layer. ``version`` tells the content version; pages of ``/static/`` with a hash need none."""

    def __init__(
        self, app: "WSGIApplication", version: Callable[[], int], cookie: str, max_bytes: int, check_seconds: float
    ) -> None:
        self.app = app
        self.cookie = f"{cookie}="
        self.max_bytes = max_bytes
        self.check_seconds = check_seconds
        self._ask_version = version
        self.is_behind_proxy = False
        self._known: tuple[int | None, int] = (None, 0)
        """The content version, and in which second of the world's time it was so."""
        self._checked = float("-inf")
        self._asked_in = 0
        self._pages: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not self._may_keep(environ):
            return self.app(environ, start_response)
        key = _key(environ)
        version, second = (None, 0) if _is_immutable(environ) else self._current_version()
        kept = self._find(key, version)
        if kept is not None:
            for note in kept.notes:
                note(environ)
            return _send(kept, environ, start_response, self._for_proxy(second))
        return self._make(key, version, environ, start_response, self._for_proxy(second))

    def _for_proxy(self, second: int) -> Headers:
        """Lets nginx keep the page to the end of the second in which it was true, so that no change is hidden for
        longer than a second. It counts whole seconds: "1s" would be up to two. It takes the header out."""
        return [("X-Accel-Expires", f"@{second}")] if self.is_behind_proxy and second else []

    def _may_keep(self, environ: "WSGIEnvironment") -> bool:
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and self.cookie not in environ.get("HTTP_COOKIE", "")
            and "HTTP_RANGE" not in environ
            and "HTTP_AUTHORIZATION" not in environ
            and environ.get("PATH_INFO", "") not in NEVER_KEPT
            # What the site asks of itself lies stored for all; nobody will ask the worker for it.
            and UNCOUNTED not in environ
        )

    def _current_version(self) -> tuple[int | None, int]:
        moment, second = time.monotonic(), int(time.time())
        if moment - self._checked >= self.check_seconds or second != self._asked_in:
            # Before the question: two threads that ask at once do no harm, one that waits for another would.
            self._checked, self._asked_in = moment, second
            try:
                self._known = (self._ask_version(), second)
            except SQLAlchemyError:
                # While the database is away, what is kept is better than an error; it ends by its age.
                log.warning("the content version could not be read", exc_info=True)
        return self._known

    def _find(self, key: tuple[str, ...], version: int | None) -> Kept | None:
        with self._lock:
            kept = self._pages.get(key)
            if kept is None:
                return None
            if kept.version != version or kept.until < time.monotonic():
                self._size -= self._pages.pop(key).size
                return None
            self._pages.move_to_end(key)
            return kept

    def _keep(self, key: tuple[str, ...], kept: Kept) -> None:
        with self._lock:
            old = self._pages.pop(key, None)
            self._size += kept.size - (old.size if old else 0)
            self._pages[key] = kept
            while self._size > self.max_bytes:
                self._size -= self._pages.popitem(last=False)[1].size

    def _make(
        self, key: tuple[str, ...], version: int | None, environ: "WSGIEnvironment", start_response: "StartResponse",
        more: Headers,
    ) -> Iterable[bytes]:  # fmt: skip
        answer: list[tuple[str, Headers]] = []

        def begin(status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], object]:
            answer[:] = [(status, headers)]
            return start_response(status, headers, exc_info) if exc_info else _no_write  # type: ignore[arg-type]

        asked, environ = environ, {**environ}
        # The whole page is wanted even when this reader has it already: the next one may not.
        for header in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
            environ.pop(header, None)
        environ[TAKES_PACKED_KEY] = True
        environ[ASKED_KEY] = asked["REQUEST_METHOD"]
        environ["REQUEST_METHOD"] = "GET"
        body = self.app(environ, begin)
        status, headers = answer[0]
        if not _is_public(status, headers):
            # Too large to keep, for example: this reader may have it all the same.
            if status.startswith("200") and _has_already(asked, _etag_of(headers)):
                status = "304 NOT MODIFIED"
                headers = [pair for pair in headers if pair[0].lower() not in ("content-type", "content-length")]
            if asked["REQUEST_METHOD"] == "HEAD" or status.startswith("304"):
                _close(body)
                body = []
            start_response(status, headers)
            return body
        try:
            whole = b"".join(body)
        finally:
            _close(body)
        file = environ.get(FILE_KEY)
        if file is not None and (packed := packing.read(file, "gzip")) is not None:
            headers, whole = [*headers, ("Content-Encoding", "gzip")], packed
        encoding = _taken(asked.get("HTTP_ACCEPT_ENCODING", "")) or "gzip"
        kept = _prepare(version, headers, whole, encoding, tuple(environ.get(NOTES_KEY, ())))
        if file is not None and (best := packing.read(file, "br")) is not None:
            kept.bodies["br"] = best
        self._keep(key, kept)
        return _send(kept, asked, start_response, more)


def _no_write(data: bytes) -> None:
    raise AssertionError("no view writes without returning")


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


def _is_immutable(environ: "WSGIEnvironment") -> bool:
    return environ.get("PATH_INFO", "").startswith("/static/") and "v=" in environ.get("QUERY_STRING", "")


def _key(environ: "WSGIEnvironment") -> tuple[str, ...]:
    get = environ.get
    return (
        get("wsgi.url_scheme", ""), get("HTTP_HOST", ""), get("SCRIPT_NAME", ""), get("PATH_INFO", ""),
        get("QUERY_STRING", ""), *(get(name, "") for name in SEEN_BY_VIEWS),
    )  # fmt: skip


def _etag_of(headers: Headers) -> str:
    return next((unquote_etag(value)[0] or "" for name, value in headers if name.lower() == "etag"), "")


def _has_already(environ: "WSGIEnvironment", etag: str) -> bool:
    asked = environ.get("HTTP_IF_NONE_MATCH")
    return bool(asked and etag) and parse_etags(asked).contains_weak(etag)


def _is_public(status: str, headers: Headers) -> bool:
    values = {name.lower(): value for name, value in headers}
    control = values.get("cache-control", "")
    length = values.get("content-length", "")
    return (
        status.startswith("200")
        and "public" in control
        and ("no-cache" in control or "immutable" in control)
        and "set-cookie" not in values
        and values.get("content-encoding", "gzip") == "gzip"
        and length.isdigit()
        and int(length) <= MAX_BODY
    )


def _prepare(version: int | None, headers: Headers, body: bytes, encoding: str, notes: "tuple[Note, ...]") -> Kept:
    """``encoding`` is that in which a text is packed that is not packed yet."""
    values = {name.lower(): value for name, value in headers}
    is_text = values.get("content-type", "").startswith(_TEXT)
    if "content-encoding" in values:
        bodies = {"gzip": body}
    elif is_text and len(body) >= MIN_GZIP:
        bodies = {encoding: _packed(body, encoding, version is None)}
    else:
        bodies = {"": body}
    left_out = {"content-length", "content-encoding", "etag", "date", "vary"}
    kept = [(name, value) for name, value in headers if name.lower() not in left_out]
    vary = [part for part in values.get("vary", "").split(", ") if part]
    if "" not in bodies:
        vary.append("Accept-Encoding")
    if vary:
        kept.append(("Vary", ", ".join(dict.fromkeys(vary))))
    etag = unquote_etag(values["etag"])[0] if "etag" in values else None
    until = float("inf") if version is None else time.monotonic() + MOST_SECONDS
    return Kept(version, until, etag or "", kept, bodies, notes)


def _send(kept: Kept, environ: "WSGIEnvironment", start_response: "StartResponse", more: Headers) -> list[bytes]:
    body, encoding = kept.body_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
    headers = [*kept.headers, *more]
    if kept.etag:
        etag = f"{kept.etag}-{encoding}" if encoding else kept.etag
        headers = [*headers, ("ETag", quote_etag(etag))]
        if _has_already(environ, etag):
            start_response("304 NOT MODIFIED", [pair for pair in headers if pair[0].lower() != "content-type"])
            return []
    encodings = [("Content-Encoding", encoding)] if encoding else []
    start_response("200 OK", [*headers, *encodings, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def init_page_cache(app: Flask, config: Config) -> None:
    """Puts the cache in front of everything. With PAGE_CACHE_MB=0 there is none."""
    if not config.page_cache_mb:
        return

    def version() -> int:
        with app.app_context():
            return quick_stamps(db.engine).content

    cookie = app.session_interface.cookie  # type: ignore[attr-defined]
    cache = PageCache(
        app.wsgi_app, version, cookie, config.page_cache_mb * 1024 * 1024, config.page_cache_check_ms / 1000
    )
    cache.is_behind_proxy = config.proxy_hops > 0
    app.wsgi_app = cache  # type: ignore[method-assign]
