"""What has gone wrong in the last days, counted by day, for the page of the state and for mails to administrators."""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import ReadOnly
from tori.database import transaction
from tori.models.operations import Setting

log = logging.getLogger(__name__)

PREFIX = "trouble:"
KEPT_DAYS = 30
MOST_KINDS = 50
WAIT_SECONDS = 2.0
"""When everything fails at once, a process writes no more often than this; what comes meanwhile is added up."""


@dataclass(frozen=True)
class Trouble:
    """One kind of fault: what failed and where, how often, and the number of the last request."""

    kind: str
    place: str
    count: int
    last_request: str
    last_at: str


class _Waiting:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: dict[tuple[str, str], int] = {}
        self.written = 0.0


_waiting = _Waiting()


def note(error: BaseException, place: str, request_id: str = "") -> None:
    """Counts a fault. Never raises: this is called where something has failed already."""
    key = (type(error).__name__[:60], place[:80])
    with _waiting.lock:
        _waiting.counts[key] = _waiting.counts.get(key, 0) + 1
        if time.monotonic() - _waiting.written < WAIT_SECONDS:
            return
        counts, _waiting.counts = _waiting.counts, {}
        _waiting.written = time.monotonic()
    try:
        with transaction() as session:
            _write(session, counts, request_id)
    except (SQLAlchemyError, ReadOnly) as problem:
        log.warning("a fault could not be counted: %s", problem)


def _write(session: Session, counts: dict[tuple[str, str], int], request_id: str) -> None:
    name = PREFIX + clock.today().isoformat()
    row = session.get(Setting, name, with_for_update=True)
    if row is None:
        session.execute(delete(Setting).where(Setting.key.like(f"{PREFIX}%"), Setting.key < _oldest()))
        row = Setting(key=name, value={})
        session.add(row)
    value = dict(row.value)
    for (kind, place), count in counts.items():
        entry = f"{kind} {place}"
        if entry in value or len(value) < MOST_KINDS:
            before = value.get(entry, {"count": 0})
            value[entry] = {
                "count": before["count"] + count, "request": request_id,
                "at": clock.now().isoformat(timespec="seconds"),
            }  # fmt: skip
    row.value = value


def _oldest() -> str:
    return PREFIX + (clock.today() - timedelta(days=KEPT_DAYS)).isoformat()


def since(session: Session, day: date) -> list[Trouble]:
    """Those of the day and later, the most frequent first."""
    rows = session.scalars(
        select(Setting)
        .where(Setting.key.like(f"{PREFIX}%"), Setting.key >= PREFIX + day.isoformat())
        .order_by(Setting.key)
    )
    found: dict[str, Trouble] = {}
    for row in rows:
        for entry, value in row.value.items():
            kind, _, place = entry.partition(" ")
            before = found[entry].count if entry in found else 0
            found[entry] = Trouble(kind, place, before + value["count"], value["request"], value["at"])
    return sorted(found.values(), key=lambda trouble: -trouble.count)
