"""What is searched for, by nobody: the words, the choices, the number of hits, and which hit was opened.

A search costs its reader nothing: it is put into the memory of the process and written with others a moment later. What
a killed process had not written is lost, which a statistic bears. No account, address or time of day is kept, and what
looks like an e-mail address or a number of a person is struck out of the words.
"""

import logging
import re
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask, current_app, has_request_context, request
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import db, transaction
from tori.deeds.filters import DeedFilter
from tori.edge.page_cache import each_reading
from tori.models.searching import SearchLogEntry
from tori.search.port import SearchResult

log = logging.getLogger(__name__)

WRITTEN_EVERY_SECONDS = 2.0
MOST_WAITING = 2_000
MOST_RANK = 1_000
DAYS_IN_MONTH = 30.44
_ROBOT = re.compile(r"bot|crawl|spider|slurp|fetch|monitor|preview|curl|wget|python|java/|http-client|headless", re.I)
_PERSONAL = re.compile(r"\S*@\S*|\d[\d\s-]{4,}\w*")


@dataclass(frozen=True)
class Searched:
    """One search as it is kept."""

    day: date
    query: str
    filters: Mapping[str, list[str]]
    locale: str
    hits: int
    strong: int


@dataclass(frozen=True)
class Clicked:
    """A hit that was opened from a search of the same day."""

    day: date
    query: str
    filters: Mapping[str, list[str]]
    locale: str
    rank: int


class _Waiting:
    """What this process has not written yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.items: deque[Searched | Clicked] = deque(maxlen=MOST_WAITING)
        self.timer: threading.Timer | None = None


_waiting = _Waiting()


def kept_words(text: str) -> str:
    """The words in one way of writing, without what may name a person."""
    return " ".join(_PERSONAL.sub("…", text.lower()).split())[:200]


def _kept_filters(chosen: DeedFilter) -> dict[str, list[str]]:
    return {name: sorted(values) for name, values in sorted(chosen.values.items())}


def is_robot(user_agent: str) -> bool:
    """Whether a program asks that says so, or that says nothing."""
    return not user_agent or _ROBOT.search(user_agent) is not None


def note_search(chosen: DeedFilter, locale: str, result: SearchResult) -> None:
    """Keeps the search of this request in mind: the first page of a search with words, asked by a person."""
    if not chosen.text or chosen.page > 1 or not has_request_context():
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    words, filters = kept_words(chosen.text), _kept_filters(chosen)

    def note(environ: Mapping[str, Any]) -> None:
        if not is_robot(environ.get("HTTP_USER_AGENT", "")):
            _put(app, Searched(_today(), words, filters, locale, result.total, result.strong))

    each_reading(note)


def note_click(chosen: DeedFilter, locale: str, rank: int) -> None:
    """Keeps in mind that the hit at a place was opened."""
    if chosen.text and 1 <= rank <= MOST_RANK and not is_robot(request.headers.get("User-Agent", "")):
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        _put(app, Clicked(_today(), kept_words(chosen.text), _kept_filters(chosen), locale, rank))


def _today() -> date:
    return clock.in_finland(clock.now()).date()


def _put(app: Flask, item: Searched | Clicked) -> None:
    with _waiting.lock:
        _waiting.items.append(item)
        if _waiting.timer is None and not app.testing:
            _waiting.timer = threading.Timer(WRITTEN_EVERY_SECONDS, _write_later, (app,))
            _waiting.timer.daemon = True
            _waiting.timer.start()


def _write_later(app: Flask) -> None:
    with _waiting.lock:
        _waiting.timer = None
    with app.app_context():
        try:
            write()
        except SQLAlchemyError:
            log.warning("searches could not be logged", exc_info=True)
        finally:
            db.session.remove()


def write() -> int:
    """Writes what waits, in one transaction; returns how many searches there were."""
    with _waiting.lock:
        items = list(_waiting.items)
        _waiting.items.clear()
    if not items:
        return 0
    written = 0
    with transaction() as session:
        for item in items:
            if isinstance(item, Searched):
                session.add(SearchLogEntry(**vars(item), clicked=None))
                written += 1
            else:
                session.flush()
                _mark_clicked(session, item)
    return written


def _mark_clicked(session: Session, click: Clicked) -> None:
    """The newest search of the day with the same words and choices whose click is unknown; a lone click is nothing."""
    rows = session.scalars(
        select(SearchLogEntry)
        .where(
            SearchLogEntry.day == click.day,
            SearchLogEntry.query == click.query,
            SearchLogEntry.locale == click.locale,
            SearchLogEntry.clicked.is_(None),
        )
        .order_by(SearchLogEntry.id.desc())
        .limit(50)
    )
    row = next((row for row in rows if row.filters == click.filters and row.hits >= click.rank), None)
    if row is not None:
        row.clicked = click.rank


def sweep(config: Config) -> None:
    """Removes the searches that are older than the setting says."""
    oldest = clock.in_finland(clock.now()).date() - timedelta(days=round(config.search_log_months * DAYS_IN_MONTH))
    with transaction() as session:
        session.execute(delete(SearchLogEntry).where(SearchLogEntry.day < oldest))
