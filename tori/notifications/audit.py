"""Every event leaves a row: who, what, to what, when and from where. No secrets, no texts.

The rows are sealed in a chain: each seal is a hash over the row and the seal before it, so that a row changed, taken
out or slipped in later breaks every seal after it. The worker seals, so that writers do not wait for each other. It
tells the newest seal to the log of the machine, which stands outside the database.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.events import Event
from tori.database import Due, transaction
from tori.models.operations import AuditEntry, Setting

_source: ContextVar[str] = ContextVar("audit_source", default="")


@contextmanager
def acting_from(source: str) -> Iterator[None]:
    """Says where the changes inside come from: ``web 192.0.2.1``, ``cli``, ``worker``."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def set_source(source: str) -> None:
    """As ``acting_from``, until the context ends (a request has one of its own)."""
    _source.set(source)


def write_audit_entry(session: Session, event: Event) -> None:
    data = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(event).items()}
    actor_id = data.pop("actor_id")
    session.add(AuditEntry(event=type(event).__name__, actor_id=actor_id, source=_source.get(), data=data))


# The chain

log = logging.getLogger(__name__)

START = "audit_start"
"""Setting: position and seal of the newest row that was removed for its age, where the chain now begins."""
BATCH = 500
UNSEALED_FOR = timedelta(minutes=15)
Chain = tuple[int, str]


def _seal_of(row: AuditEntry, position: int, before: str) -> str:
    content = [position, row.id, row.event, row.actor_id, row.created_at.isoformat(), row.data, before]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _start(session: Session) -> Chain:
    value = session.scalar(select(Setting.value).where(Setting.key == START))
    return (int(value["position"]), str(value["seal"])) if value else (0, "")


def _head(session: Session) -> Chain:
    row = session.execute(
        select(AuditEntry.position, AuditEntry.seal)
        .where(AuditEntry.position.is_not(None))
        .order_by(AuditEntry.position.desc())
        .limit(1)
    ).first()
    return (row[0] or 0, str(row[1])) if row else _start(session)


_UNSEALED = select(AuditEntry).where(AuditEntry.position.is_(None))
is_due = Due(_UNSEALED.with_only_columns(AuditEntry.id))


def seal_new(config: Config) -> int:
    """Seals the rows that wait. Returns how many."""
    with transaction() as session:
        rows = session.scalars(_UNSEALED.order_by(AuditEntry.id).limit(BATCH)).all()
        if not rows:
            return 0
        # One at a time also where several workers run; SQLite has one writer anyway.
        session.get(Setting, START, with_for_update=True)
        position, seal = _head(session)
        for row in rows:
            position, seal = position + 1, _seal_of(row, position + 1, seal)
            row.position, row.seal = position, seal
    return len(rows)


def tell_head(config: Config) -> None:
    """Writes the newest seal to the log of the machine; a daily job."""
    with transaction() as session:
        position, seal = _head(session)
    log.info("audit log: sealed up to %s with %s", position, seal)


def forget_before(session: Session, moment: datetime) -> None:
    """Removes old rows from the beginning of the chain, and remembers where it now begins."""
    last = session.execute(
        select(AuditEntry.position, AuditEntry.seal)
        .where(AuditEntry.created_at < moment, AuditEntry.position.is_not(None))
        .order_by(AuditEntry.position.desc())
        .limit(1)
    ).first()
    session.execute(delete(AuditEntry).where(AuditEntry.created_at < moment, AuditEntry.position.is_(None)))
    if last is None:
        return
    value = {"position": last[0], "seal": str(last[1])}
    row = session.get(Setting, START)
    if row is None:
        session.add(Setting(key=START, value=value))
    else:
        row.value = value
    session.execute(delete(AuditEntry).where(AuditEntry.position <= last[0]))


@dataclass(frozen=True)
class ChainReport:
    """``broken_at`` is the number of the first row whose seal is wrong, None when all are right."""

    sealed: int
    waiting: int
    oldest_waiting: datetime | None
    broken_at: int | None
    head: str

    @property
    def is_late(self) -> bool:
        return self.oldest_waiting is not None and self.oldest_waiting < clock.now() - UNSEALED_FOR


def check_chain(session: Session) -> ChainReport:
    """Reads the whole log once, in pieces."""
    position, seal = _start(session)
    sealed = 0
    broken: int | None = None
    statement = select(AuditEntry).where(AuditEntry.position.is_not(None)).order_by(AuditEntry.position)
    rows = session.scalars(statement.execution_options(yield_per=BATCH))
    for row in rows:
        position += 1
        if row.position != position or row.seal != _seal_of(row, position, seal):
            broken = row.id
            break
        seal, sealed = str(row.seal), sealed + 1
    rows.close()
    waiting, oldest = session.execute(
        select(func.count(), func.min(AuditEntry.created_at)).where(AuditEntry.position.is_(None))
    ).one()
    return ChainReport(sealed, int(waiting), oldest, broken, seal)
