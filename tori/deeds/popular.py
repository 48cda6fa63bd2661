"""What many people search for, offered to those who begin to type the same.

Only words that were searched on several days and often, and that found something, are offered: what one person typed is
nobody else's business. The list is read now and then in each process, so a key press asks no database.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.models.searching import SearchLogEntry
from tori.search.port import Suggestion
from tori.search.words import bare, words

READ_EVERY_SECONDS = 600.0
DAYS = 90
FEWEST_SEARCHES = 5
FEWEST_DAYS = 3
KEPT = 500
OFFERED = 2
_STRUCK_OUT = "…"
_EXTENSION = "tori_popular"


@dataclass
class _Kept:
    """Popular searches of a process by locale, commonest first, and when they were read."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    lists: dict[str, tuple[float, list[str]]] = field(default_factory=dict)


def popular(session: Session, locale: str) -> list[str]:
    """Searches of the last months that found something good, commonest first."""
    since = clock.in_finland(clock.now()).date() - timedelta(days=DAYS)
    rows = session.execute(
        select(SearchLogEntry.query)
        .where(SearchLogEntry.day >= since, SearchLogEntry.locale == locale, SearchLogEntry.strong > 0)
        .group_by(SearchLogEntry.query)
        .having(func.count() >= FEWEST_SEARCHES, func.count(SearchLogEntry.day.distinct()) >= FEWEST_DAYS)
        .order_by(func.count().desc(), SearchLogEntry.query)
        .limit(KEPT)
    ).scalars()
    return [text for text in rows if _STRUCK_OUT not in text]


def beginning_with(session: Session, typed: str, locale: str) -> list[str]:
    """Popular searches with a word that begins as the typed words do; a few."""
    key = " ".join(bare(word) for word in words(typed))
    if len(key) < 2:
        return []
    found = []
    for text in _kept(session, locale):
        forms = [bare(word) for word in words(text)]
        if any(" ".join(forms[at:]).startswith(key) for at in range(len(forms))):
            found.append(text)
            if len(found) == OFFERED:
                break
    return found


def _kept(session: Session, locale: str) -> list[str]:
    kept: _Kept = current_app.extensions.setdefault(_EXTENSION, _Kept())
    read_at, known = kept.lists.get(locale, (0.0, []))
    now = time.monotonic()
    if locale in kept.lists and now - read_at < READ_EVERY_SECONDS:
        return known
    if not kept.lock.acquire(blocking=False):
        return known
    try:
        known = popular(session, locale)
        kept.lists[locale] = (now, known)
        return known
    finally:
        kept.lock.release()


def mixed(found: Sequence[Suggestion], texts: Sequence[str], limit: int) -> list[Suggestion]:
    """Completions with popular searches before other words; names and deeds keep their places while there is room."""
    if not texts:
        return list(found)
    known = {text.lower() for text in texts}
    named = [suggestion for suggestion in found if suggestion.kind != "query"]
    asked = [Suggestion(text, "query") for text in texts]
    asked += [suggestion for suggestion in found if suggestion.kind == "query" and suggestion.text.lower() not in known]
    named = named[: max(0, limit - len(texts))]
    return [*named, *asked[: limit - len(named)]]
