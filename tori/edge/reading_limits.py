"""How much one address may read, search and ask of the interface in a minute, in front of everything, and how much the
people of one organisation who are signed in.

Counted in the memory of each process, so that a page costs no question to the database. Whoever asks much is written
into the table of limits a moment later, together with what other processes have counted: the limit holds for all of
them together, but for what each counts unseen (an eighth of it), and lives through a restart.
"""

import logging
import threading
from collections.abc import Iterable
from datetime import timedelta
from io import BytesIO
from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import Flask, request, session
from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError

from tori.config import Config
from tori.core import clock
from tori.core.errors import TooMany
from tori.database import db, insert_of, transaction
from tori.edge.actor import current_actor
from tori.edge.limits import BUSY_COLLEAGUES, net_of
from tori.i18n import DEFAULT_LOCALE, LOCALES, prefix_of
from tori.models.operations import RateCount

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
WRITTEN_EVERY_SECONDS = 1.0
UNSEEN_PART = 8
MOST_ASKERS = 50_000
REFUSED = "tori.refused"
NOT_COUNTED = ("/static/", "/healthz", "/readyz")
SEARCHES = ("/teot", "/teot.atom", "/teot.csv", "/api/v1/deeds", "/api/v1/suggest", "/toiveet", "/organisaatiot")
"""Addresses that search when something is asked of them."""

Key = tuple[str, str]
"""Limit, and a net or the number of an organisation."""


class ReadingLimits:
    """A WSGI layer. It has to stand behind what tells the true address of the reader."""

    def __init__(self, wsgi: "WSGIApplication", uncached: "WSGIApplication", app: Flask, config: Config) -> None:
        self.wsgi = wsgi
        self.uncached = uncached
        self.app = app
        most = {
            "reading": config.reading_per_minute,
            "search": config.searches_per_minute,
            "api": config.api_per_minute,
        }
        self.most = {f"{act}_address": often for act, often in most.items()}
        self.most |= {f"{act}_organisation": BUSY_COLLEAGUES * often for act, often in most.items()}
        self._window = 0
        self._own: dict[Key, int] = {}
        self._all: dict[Key, int] = {}
        self._unwritten: dict[Key, int] = {}
        self._is_known = False
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._answers: dict[tuple[str, bool], tuple[str, list[tuple[str, str]], bytes]] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        limit, wait = self._of_address(environ)
        if not limit:
            return self.wsgi(environ, start_response)
        return self._refuse(environ, start_response, limit, wait)

    # Counting

    def check_organisations(self, environ: "WSGIEnvironment") -> None:
        """Counts what somebody signed in asks for, for the organisations they speak for. Raises TooMany."""
        if _path(environ).startswith(NOT_COUNTED):
            return
        for organisation_id in sorted(current_actor().organisation_ids):
            limit, wait = self._count(_limits_of(environ, "organisation"), str(organisation_id))
            if limit:
                raise TooMany(limit, wait)

    def _of_address(self, environ: "WSGIEnvironment") -> tuple[str, int]:
        address = environ.get("REMOTE_ADDR", "")
        if _path(environ).startswith(NOT_COUNTED) or _is_own(address):
            return "", 0
        return self._count(_limits_of(environ, "address"), net_of(address))

    def _count(self, limits: list[str], asker: str) -> tuple[str, int]:
        """The limit that is full and the seconds to wait; an empty name when all is well."""
        moment, seconds = int(clock.now().timestamp()), int(MINUTE.total_seconds())
        window = moment - moment % seconds
        full = ""
        with self._lock:
            self._begin(window)
            for limit in limits:
                most, key = self.most[limit], (limit, asker)
                if not most:
                    continue
                self._own[key] = self._own.get(key, 0) + 1
                if self._own[key] * UNSEEN_PART >= most:
                    self._note(key)
                if max(self._own[key], self._all.get(key, 0) + self._unwritten.get(key, 0)) > most:
                    full = full or limit
        return full, window + seconds - moment

    def _begin(self, window: int) -> None:
        """Every minute begins from nothing; so does a process that is asked by more nets than it can remember."""
        if window != self._window or len(self._own) > MOST_ASKERS:
            self._window = window
            self._own, self._all, self._unwritten = {}, {}, {}
            if not self._is_known:
                # A restart must not be a way to begin anew.
                self._is_known = True
                self._later()

    def _note(self, key: Key) -> None:
        """What is to be written: everything so far at the first time, then one by one."""
        is_first = key not in self._all and key not in self._unwritten
        self._unwritten[key] = self._unwritten.get(key, 0) + (self._own[key] if is_first else 1)
        self._later()

    def _later(self) -> None:
        if self._timer is None and not self.app.testing:
            self._timer = threading.Timer(WRITTEN_EVERY_SECONDS, self._share_later)
            self._timer.daemon = True
            self._timer.start()

    def _share_later(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.share()
        except SQLAlchemyError:
            log.warning("the counts of readers could not be written", exc_info=True)

    def share(self) -> None:
        """Writes what this process has counted, and learns what others have."""
        with self._lock:
            window, changes = self._window, self._unwritten
            self._all = {key: self._all.get(key, 0) + changes.get(key, 0) for key in {*self._all, *changes}}
            self._unwritten = {}
        with self.app.app_context():
            try:
                found = _write(window, changes)
            finally:
                db.session.remove()
        with self._lock:
            if window == self._window:
                self._all |= found

    # Refusing

    def _refuse(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", limit: str, wait: int
    ) -> Iterable[bytes]:
        """The sentence is the same for a whole minute, so the page is made once for each language."""
        path = environ.get("PATH_INFO", "")
        locale = next((code for code in LOCALES if prefix_of(code) and path.startswith(f"{prefix_of(code)}/")), "")
        kind = (locale or DEFAULT_LOCALE, _path(environ).startswith("/api/"))
        if kind not in self._answers:
            self._answers[kind] = self._made(environ, *kind, limit)
            log.warning("too much is asked from one address: %s", limit)
        status, headers, body = self._answers[kind]
        start_response(status, [*headers, ("Retry-After", str(wait))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _made(
        self, environ: "WSGIEnvironment", locale: str, is_api: bool, limit: str
    ) -> tuple[str, list[tuple[str, str]], bytes]:
        answer: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            answer[:] = [(status, headers)]

        kept = {key: value for key, value in environ.items() if not key.startswith("HTTP_") or key == "HTTP_HOST"}
        page = prefix_of(locale) + ("/api/" if is_api else "/")
        plain = {
            **kept, "REQUEST_METHOD": "GET", "QUERY_STRING": "", "PATH_INFO": page,
            "wsgi.input": BytesIO(), "CONTENT_LENGTH": "0", REFUSED: TooMany(limit, int(MINUTE.total_seconds())),
        }  # fmt: skip
        body = self.uncached(plain, begin)  # type: ignore[arg-type]
        try:
            text = b"".join(body)
        finally:
            if (close := getattr(body, "close", None)) is not None:
                close()
        status, headers = answer[0]
        own = {"retry-after", "set-cookie", "x-request-id"}
        return status, [(name, value) for name, value in headers if name.lower() not in own], text


def _path(environ: "WSGIEnvironment") -> str:
    """Without the language."""
    path = str(environ.get("PATH_INFO", ""))
    for code in LOCALES:
        if (prefix := prefix_of(code)) and path.startswith(f"{prefix}/"):
            return path[len(prefix) :]
    return path


def _limits_of(environ: "WSGIEnvironment", whose: str) -> list[str]:
    path = _path(environ)
    acts = ["reading"]
    if path.startswith("/api/"):
        acts.append("api")
    if environ.get("QUERY_STRING", "") and path in SEARCHES:
        acts.append("search")
    return [f"{act}_{whose}" for act in acts]


def _is_own(address: str) -> bool:
    """This machine: a proxy whose word is not believed (PROXY_HOPS=0) would be all readers in one."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return True


def _write(window: int, changes: dict[Key, int]) -> dict[Key, int]:
    """Adds the changes; returns the counts of all processes in the window. Most askers never come here."""
    with transaction() as rows:
        insert = insert_of(rows)
        for (limit, net), count in sorted(changes.items()):
            statement = insert(RateCount).values(key=f"{limit}:{net}", window=window, count=count)
            rows.execute(
                statement.on_conflict_do_update(
                    index_elements=[RateCount.key, RateCount.window], set_={"count": RateCount.count + count}
                )
            )
        kinds = or_(*(RateCount.key.startswith(f"{name}:", autoescape=True) for name in _NAMES))
        counts = rows.execute(select(RateCount.key, RateCount.count).where(RateCount.window == window, kinds)).all()
    found: dict[Key, int] = {}
    for text, count in counts:
        limit, _, net = text.partition(":")
        found[limit, net] = count
    return found


_NAMES = tuple(f"{act}_{whose}" for act in ("reading", "search", "api") for whose in ("address", "organisation"))


def init_reading_limits(app: Flask, config: Config, uncached: "WSGIApplication") -> None:
    """Puts the layer in front. With all three settings at 0 there is none. ``uncached`` makes the page of a refusal."""

    layer: ReadingLimits | None = None

    @app.before_request
    def refuse() -> None:
        if (error := request.environ.get(REFUSED)) is not None:
            raise error
        # The session of a visitor is not even looked at.
        if layer is not None and getattr(session, "token", None):
            layer.check_organisations(request.environ)

    if config.reading_per_minute or config.searches_per_minute or config.api_per_minute:
        layer = ReadingLimits(app.wsgi_app, uncached, app, config)
        app.wsgi_app = layer  # type: ignore[method-assign]
        app.extensions["tori.reading_limits"] = layer
