"""What a process has read of the public content, good until the content changes."""

from collections.abc import Hashable
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tori.database import is_writing
from tori.notifications.changes import present_stamps

MOST = 6000

_reads: WeakKeyDictionary[Engine, tuple[int, dict[Hashable, Any]]] = WeakKeyDictionary()


def reads_of(session: Session) -> dict[Hashable, Any]:
    """For what every visitor sees alike: filled by the callers, emptied by every change of the content.

    Costs one statement, so it is asked for once for a page. Inside a change it is empty and forgotten: what is not
    committed must not be shown to others.
    """
    if is_writing():
        return {}
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    version = present_stamps(session).content
    known = _reads.get(engine)
    if known is None or known[0] != version or len(known[1]) > MOST:
        known = _reads[engine] = (version, {})
    return known[1]


def forget(engine: Engine) -> None:
    """As a process that has read nothing yet."""
    _reads.pop(engine, None)
