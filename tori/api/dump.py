"""The whole content as files, made anew every day by the worker: what the interface gives, in one piece."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.api import serializers
from tori.config import Config
from tori.core import clock
from tori.database import db
from tori.exchange.format import csv_lines
from tori.exchange.importing import FOR_LINES
from tori.exchange.tables import deed_address, table_header, table_rows
from tori.i18n import DEFAULT_LOCALE
from tori.models.deeds import PUBLIC_STATUSES, Adoption, Deed
from tori.models.operations import AuditEntry
from tori.models.people import Organisation

FOLDER = "open-data"
TAKING_OFF = ("DeedWithdrawn", "DeedsMerged", "DeedDeleted", "UserErased")
"""Events after which the files of the day hold something that nobody may read any more."""
BATCH = 500


def folder_of(config: Config) -> Path:
    return config.instance / FOLDER


def _public_ids(session: Session) -> list[int]:
    return list(session.scalars(select(Deed.id).where(Deed.status.in_(PUBLIC_STATUSES)).order_by(Deed.id)))


def deed_lines(session: Session, public_url: str) -> Iterator[dict[str, Any]]:
    """Every public deed as the interface tells it, in Finnish names, a batch at a time."""
    ids = _public_ids(session)
    for first in range(0, len(ids), BATCH):
        rows = session.scalars(
            select(Deed).where(Deed.id.in_(ids[first : first + BATCH])).order_by(Deed.id).options(*FOR_LINES)
        ).all()
        for deed in rows:
            yield serializers.full_deed(deed, DEFAULT_LOCALE, public_url + deed_address(deed, DEFAULT_LOCALE))
        session.expunge_all()


def adoption_lines(session: Session, public_url: str) -> Iterator[dict[str, Any]]:
    """Every adoption of a public deed: no person, no free text."""
    statement = (
        select(Adoption)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(Deed.status.in_(PUBLIC_STATUSES))
        .options(joinedload(Adoption.organisation))
        .order_by(Adoption.id)
        .execution_options(yield_per=BATCH)
    )
    for adoption in session.scalars(statement):
        day = clock.in_finland(adoption.created_at).date()
        yield {"deed": adoption.deed_id, **serializers.adoption_item(adoption, DEFAULT_LOCALE, day)}


def organisation_lines(session: Session, public_url: str) -> Iterator[dict[str, Any]]:
    statement = select(Organisation).order_by(Organisation.slug)
    statement = statement.options(
        joinedload(Organisation.municipality), joinedload(Organisation.region), joinedload(Organisation.successor)
    )
    counts: dict[int, int] = {}
    for organisation_id in session.scalars(select(Deed.organisation_id).where(Deed.status.in_(PUBLIC_STATUSES))):
        counts[organisation_id] = counts.get(organisation_id, 0) + 1
    for row in session.scalars(statement):
        url = f"{public_url}/organisaatiot/{row.slug}"
        place = row.municipality
        yield {
            **serializers.organisation_item(row, counts.get(row.id, 0), DEFAULT_LOCALE, url),
            "municipality_code": place.code if place else None,
        }


def _lines(rows: Iterable[Any]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _table(session: Session, public_url: str) -> Iterator[str]:
    with force_locale(DEFAULT_LOCALE):
        yield from csv_lines(table_header(), table_rows(session, _public_ids(session), DEFAULT_LOCALE, public_url))


FILES: dict[str, Callable[[Session, str], Iterator[str]]] = {
    "teot.jsonl": lambda session, url: _lines(deed_lines(session, url)),
    "teot.csv": _table,
    "mallit.jsonl": lambda session, url: _lines(adoption_lines(session, url)),
    "organisaatiot.jsonl": lambda session, url: _lines(organisation_lines(session, url)),
}
"""Name of a file -> what writes it."""


def is_outdated(session: Session, path: Path) -> bool:
    """Whether a deed has been taken off the square since the file was written: nobody is to get it from there."""
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    gone = select(AuditEntry.id).where(AuditEntry.event.in_(TAKING_OFF), AuditEntry.created_at >= written).limit(1)
    return session.scalar(gone) is not None


def write_again(config: Config) -> bool:
    """An hourly job: new files when the old ones hold what was taken off. True when they were written."""
    paths = [folder_of(config) / name for name in FILES]
    if not any(path.is_file() and is_outdated(db.session(), path) for path in paths):
        return False
    write_files(config)
    return True


def write_files(config: Config) -> None:
    """Each file is whole or the one of yesterday: it is written beside and put in its place."""
    folder = folder_of(config)
    folder.mkdir(exist_ok=True)
    session = db.session()
    for name, write in FILES.items():
        beside = folder / f".{name}.{os.getpid()}"
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.writelines(write(session, config.public_url))
        beside.replace(folder / name)
    session.rollback()
