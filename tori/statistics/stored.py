"""Figures kept in the database by the worker, so that a process that knows none yet need not count."""

import logging
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import db, transaction
from tori.i18n import LOCALES
from tori.models.operations import Setting
from tori.notifications.changes import content_version
from tori.statistics.snapshot import Figures, figures

log = logging.getLogger(__name__)

COUNTED_AGAIN_AFTER = timedelta(minutes=4)
"""Well before the figures that a process keeps are too old (``kept.py``)."""


def stored_figures(session: Session, locale: str) -> tuple[int, Figures] | None:
    """The version of the content and the figures of it; None when there are none that can be read. One statement."""
    row = session.get(Setting, _key(locale))
    if row is None:
        return None
    try:
        return row.value["version"], _read(Figures, row.value["figures"])
    except (KeyError, TypeError, ValueError):
        # Written by a version of the service that counts something else.
        log.info("the stored figures have another shape")
        return None


def keep_ready(config: Config) -> None:
    """For the worker: counts anew in each language what a change or time has made old."""
    session = db.session()
    version = content_version(session)
    for locale in LOCALES:
        known = stored_figures(session, locale)
        if known is not None and known[0] == version and not _is_old(known[1]):
            continue
        value = {"version": version, "figures": _written(figures(session, locale))}
        session.rollback()
        with transaction() as writing:
            writing.merge(Setting(key=_key(locale), value=value))
    session.rollback()


def _is_old(known: Figures) -> bool:
    return known.as_of != clock.today() or not timedelta(0) <= clock.now() - known.counted_at < COUNTED_AGAIN_AFTER


def _key(locale: str) -> str:
    return f"figures:{locale}"


def _written(counted: Figures) -> dict[str, Any]:
    return _plain(asdict(counted))  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


@cache
def _hints(kind: type[Any]) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _read(kind: Any, value: Any) -> Any:
    """Back into the type that the annotations tell."""
    if get_origin(kind) is UnionType:
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
        return None if value is None else _read(kind, value)
    if get_origin(kind) is list:
        (item,) = get_args(kind)
        return value if item in (int, str) else [_read(item, one) for one in value]
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        if value.keys() != hints.keys():
            raise ValueError(kind)
        return kind(**{name: _read(hint, value[name]) for name, hint in hints.items()})  # type: ignore[operator]
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return value
