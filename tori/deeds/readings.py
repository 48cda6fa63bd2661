"""How many read a deed, by nobody: the deed, the day, the tag of the link, and a number.

A reader counts once a day for a deed. To know that, the process keeps in its memory fingerprints of address, browser
and deed, mixed with a random number of the day and the process. Both are thrown away at midnight and never written.
Opening a deed writes nothing: the counts are added to the database a moment later and when the process is told to end;
only what a killed process had not written is lost. Each process knows its own readers only, so one who meets two of
them counts twice.
"""

import logging
import secrets
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

from flask import Flask, current_app, request
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tori.core import clock
from tori.database import db, insert_of, transaction
from tori.deeds.search_log import is_robot
from tori.deeds.sharing import SOURCE_NAME, SOURCES
from tori.edge.page_cache import ASKED_KEY, each_reading
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.reading import DeedReading
from tori.policy import Actor

log = logging.getLogger(__name__)

WRITTEN_EVERY_SECONDS = 5.0
MOST_SEEN = 200_000
"""Fingerprints of a day, some 15 MB. Beyond that new readers are not counted, so that a flood can't fill the memory."""
ROWS_AT_ONCE = 500
MOST_READ = 20
SALT_BYTES = 32

Place = tuple[int, date, str]
"""Deed, day and channel."""


class _Memory:
    """What this process knows of today's readers, and what it has not written yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.day: date | None = None
        self.salt = b""
        self.seen: set[int] = set()
        self.waiting: Counter[Place] = Counter()
        self.writing: threading.Timer | None = None


_memory = _Memory()


def note_member(actor: Actor, deed: Deed) -> None:
    """Counts a signed-in reader of a public deed. Its makers don't count."""
    is_maker = deed.author_id == actor.id or actor.user in deed.co_authors
    if actor.user is not None and deed.is_public and not is_maker:
        note_reading(deed.id)


def note_reading(deed_id: int, **_values: object) -> None:
    """Counts whoever opens this page of a public deed, now and from the kept page."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    channel = tag_of_request() or ""

    def note(environ: Mapping[str, Any]) -> None:
        agent = environ.get("HTTP_USER_AGENT", "")
        if _is_opened(environ) and not is_robot(agent):
            _count(app, deed_id, channel, environ.get("REMOTE_ADDR", ""), agent)

    each_reading(note)


def tag_of_request() -> str | None:
    """The tag of the link that was followed. One that somebody made up is none."""
    tag = request.args.get(SOURCE_NAME)
    return tag if tag in SOURCES else None


def _is_opened(environ: Mapping[str, Any]) -> bool:
    """Not a look at the head only, nor a browser that fetches ahead what nobody may open."""
    method = environ.get(ASKED_KEY) or environ["REQUEST_METHOD"]
    purpose = environ.get("HTTP_SEC_PURPOSE", "") + environ.get("HTTP_PURPOSE", "")
    return method == "GET" and "prefetch" not in purpose


def _count(app: Flask, deed_id: int, channel: str, address: str, agent: str) -> None:
    with _memory.lock:
        today = clock.today()
        if _memory.day != today:
            _begin(app, today)
        reader = blake2b(f"{address}\0{agent}\0{deed_id}".encode(), key=_memory.salt, digest_size=8).digest()
        mark = int.from_bytes(reader)
        if mark in _memory.seen or len(_memory.seen) >= MOST_SEEN:
            return
        _memory.seen.add(mark)
        _memory.waiting[deed_id, today, channel] += 1
        if _memory.writing is None and not app.testing:
            _memory.writing = _start(WRITTEN_EVERY_SECONDS, _write_later, app)


def _begin(app: Flask, today: date) -> None:
    """A new day: what was known of the readers of the one before is gone. Under the lock."""
    _memory.day, _memory.salt, _memory.seen = today, secrets.token_bytes(SALT_BYTES), set()
    if not app.testing:
        _forget_at_midnight(today)


def _forget_at_midnight(today: date) -> None:
    left = clock.start_of_day(today + timedelta(days=1)) - clock.now()
    _start(max(left.total_seconds(), 0) + 1, forget)


def forget() -> None:
    """Throws away the readers of a day that is over, also when nobody reads in the night."""
    with _memory.lock:
        if _memory.day == clock.today():
            # The clock of the machine was set back meanwhile.
            _forget_at_midnight(_memory.day)
        else:
            _memory.day, _memory.salt, _memory.seen = None, b"", set()


def _start(seconds: float, work: Any, *given: object) -> threading.Timer:
    timer = threading.Timer(seconds, work, given)
    timer.daemon = True
    timer.start()
    return timer


def _write_later(app: Flask) -> None:
    with _memory.lock:
        _memory.writing = None
    with app.app_context():
        try:
            write()
        except SQLAlchemyError:
            log.warning("readings could not be written; they wait for the next turn", exc_info=True)
        finally:
            db.session.remove()


def write() -> int:
    """Adds what waits to the counts, in one transaction; returns how many readers it was."""
    with _memory.lock:
        counts = dict(_memory.waiting)
        _memory.waiting.clear()
    if not counts:
        return 0
    try:
        with transaction() as session:
            # In one order in every process, so that no two wait for each other.
            places = sorted(counts)
            for start in range(0, len(places), ROWS_AT_ONCE):
                _add(session, {place: counts[place] for place in places[start : start + ROWS_AT_ONCE]})
    except SQLAlchemyError:
        with _memory.lock:
            _memory.waiting.update(counts)
        raise
    return sum(counts.values())


def _add(session: Session, counts: Mapping[Place, int]) -> None:
    """Of deeds that are still there."""
    there = set(session.scalars(select(Deed.id).where(Deed.id.in_({place[0] for place in counts}))))
    rows = [
        {"deed_id": deed_id, "day": day, "channel": channel, "readers": readers}
        for (deed_id, day, channel), readers in counts.items()
        if deed_id in there
    ]
    if not rows:
        return
    insert = insert_of(session)
    statement = insert(DeedReading).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[DeedReading.deed_id, DeedReading.day, DeedReading.channel],
            set_={"readers": DeedReading.readers + statement.excluded.readers},
        )
    )


@dataclass(frozen=True)
class ReadDeed:
    """A public deed and how often it was read."""

    id: int
    title: str
    slug: str
    language: str
    readers: int


def most_read(session: Session, since: date) -> list[ReadDeed]:
    readers = func.sum(DeedReading.readers)
    rows = session.execute(
        select(Deed.id, Deed.title, Deed.slug, Deed.language, readers)
        .join(DeedReading, DeedReading.deed_id == Deed.id)
        .where(DeedReading.day >= since, Deed.status.in_(PUBLIC_STATUSES))
        .group_by(Deed.id, Deed.title, Deed.slug, Deed.language)
        .order_by(readers.desc(), Deed.id)
        .limit(MOST_READ)
    )
    return [ReadDeed(*row) for row in rows]


def by_channel(session: Session, since: date) -> list[tuple[str, int]]:
    """The tags of links and how many they brought, the most first; ``""`` are those without a tag."""
    readers = func.sum(DeedReading.readers)
    rows = session.execute(
        select(DeedReading.channel, readers)
        .where(DeedReading.day >= since)
        .group_by(DeedReading.channel)
        .order_by(readers.desc(), DeedReading.channel)
    )
    return [(channel, count) for channel, count in rows]
