"""Figures that are counted once for each version of the content."""

from collections.abc import MutableMapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tori.core import clock
from tori.notifications.changes import content_version
from tori.statistics.snapshot import Figures, figures
from tori.statistics.stored import stored_figures

STORE = "tori.figures"
KEPT_FOR = timedelta(minutes=10)
"""Searches and time itself change figures, too, and bump no version."""


def kept_figures(store: MutableMapping[str, Any], session: Session, locale: str) -> Figures:
    """The figures of this version of the content, this day and this language. ``store`` lives as long as the process.

    One statement when this process knows them already, two when the worker has stored them.
    """
    counted: dict[str, tuple[int, Figures]] = store.setdefault(STORE, {})
    version = content_version(session)
    known = counted.get(locale)
    if known and known[0] == version and _is_fresh(known[1]):
        return known[1]
    known = stored_figures(session, locale)
    if known is None or known[0] != version or not _is_fresh(known[1]):
        known = version, figures(session, locale)
    counted[locale] = known
    return known[1]


def _is_fresh(kept: Figures) -> bool:
    age = clock.now() - kept.counted_at
    return timedelta(0) <= age < KEPT_FOR and kept.as_of == clock.today()
