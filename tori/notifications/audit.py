"""Every event leaves a row: who, what, to what, when and from where. No secrets, no texts."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict

from sqlalchemy.orm import Session

from tori.core.events import Event
from tori.models.operations import AuditEntry

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
