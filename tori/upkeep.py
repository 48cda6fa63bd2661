"""What the worker does all the time beside its queues, so that a fault is noticed, and what is lost is known."""

import json
import logging
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy.orm import Session

from tori.config import NEWEST_FILE, Config
from tori.database import checkpoint, db, present_rows

log = logging.getLogger(__name__)

WAL_WARNING_PAGES = 16_000
"""64 MB of changes that could not be taken into the database file."""

CUT_CHECK_ROWS = 1


def look_after(config: Config) -> None:
    """Every few seconds: the write-ahead log into the file, and a note of the newest change."""
    left = checkpoint(db.engine)
    if left > WAL_WARNING_PAGES:
        log.warning("the write-ahead log holds %s pages: somebody has been reading for very long", left)
    note_newest(config)
    db.session.rollback()


def newest_change(session: Session) -> int:
    ((number,),) = present_rows(session, "SELECT max(id) FROM audit_entry")
    return number or 0


def note_newest(config: Config) -> None:
    """Beside the database: the number of the newest change, to know what a bad copy of the database has lost."""
    number = newest_change(db.session())
    path = config.instance / NEWEST_FILE
    part = path.with_suffix(".part")
    try:
        part.write_text(json.dumps({"change": number}), encoding="ascii")
        os.replace(part, path)
    except OSError as error:
        log.warning("the newest change could not be noted: %s", error)


def missing_changes(config: Config, session: Session) -> tuple[int, int]:
    """The newest change that the database holds, and how many later ones there had been."""
    present = newest_change(session)
    noted = 0
    with suppress(OSError, ValueError, KeyError):
        noted = int(json.loads((config.instance / NEWEST_FILE).read_text())["change"])
    return present, max(0, noted - present)


def damage_of(path: Path, whole: bool = False) -> str:
    """What is wrong with a database file of SQLite; empty when it is sound or not there."""
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            check = "integrity_check" if whole else "quick_check"
            (answer,) = connection.execute(f"PRAGMA {check}({CUT_CHECK_ROWS})").fetchone()
    except sqlite3.OperationalError as error:
        # Locked or not readable is told elsewhere; it is no damage.
        log.warning("%s could not be checked: %s", path, error)
        return "" if "malformed" not in str(error) else str(error)
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if answer == "ok" else " ".join(str(answer).split())
