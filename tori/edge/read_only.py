"""Reading goes on while nothing can be written: a banner says so, and what somebody wrote comes back to them.

Declared by the people who run the service (``READ_ONLY=1``, or ``read-only on`` for a site that runs), or noticed when
the disk is full or takes no writing. What was noticed is forgotten as soon as a change succeeds, and after a while.
"""

import errno
import os
import time
from enum import StrEnum

from flask import Flask, current_app, g, has_app_context
from sqlalchemy.exc import DBAPIError

from tori.config import READ_ONLY_FILE, Config
from tori.core.errors import ReadOnly
from tori.database import AFTERWARDS, GUARDS, db

NOTED_SECONDS = 30.0
LOOK_SECONDS = 5.0
KEY = "tori.read_only"
_SIGNS = {
    "full": ("database or disk is full", "No space left on device", "could not extend file"),
    "broken": (
        "readonly database", "read-only transaction", "disk I/O error", "unable to open database file",
        "Read-only file",
    ),
}  # fmt: skip
_NUMBERS = {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "broken"}


class Reason(StrEnum):
    """Why nothing can be written."""

    NONE = ""
    DECLARED = "declared"
    FULL = "full"
    BROKEN = "broken"


class State:
    """What this process knows."""

    def __init__(self, config: Config) -> None:
        self._is_set = config.read_only
        self._file = config.instance / READ_ONLY_FILE
        database = config.instance / "tori.sqlite3"
        self._places = [config.instance] if config.is_postgresql else [config.instance, database]
        self._looked = 0.0
        self._noted = Reason.NONE
        self._until = 0.0

    @property
    def is_declared(self) -> bool:
        return self._is_set or self._file.exists()

    @property
    def reason(self) -> Reason:
        if self.is_declared:
            return Reason.DECLARED
        self._look()
        return self._noted if time.monotonic() < self._until else Reason.NONE

    def _look(self) -> None:
        """Now and then asks the system, so that the banner does not wait for somebody's text."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        if not all(os.access(place, os.W_OK) for place in self._places if place.exists()):
            self.note(Reason.BROKEN)

    def note(self, reason: Reason) -> None:
        self._noted, self._until = reason, time.monotonic() + NOTED_SECONDS

    def forget(self) -> None:
        self._until = 0.0


def reason_of(error: BaseException) -> Reason:
    """Why a change failed, when that is a matter of the disk; NONE for everything else."""
    if isinstance(error, OSError):
        return Reason(_NUMBERS.get(error.errno or 0, ""))
    text = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return Reason(next((kind for kind, signs in _SIGNS.items() if any(sign in text for sign in signs)), ""))


def state() -> State:
    kept: State = current_app.extensions[KEY]
    return kept


def note(error: BaseException) -> Reason:
    """Remembers that nothing can be written, if that is what the error says."""
    reason = reason_of(error)
    if reason:
        state().note(reason)
    if reason is Reason.BROKEN:
        # Files that were opened while the disk took no writing never will; the next try opens them anew.
        db.engine.dispose()
    return reason


def banner() -> Reason:
    """Why the page of this request tells that nothing can be written. Such a page is not kept for other readers."""
    reason = state().reason
    if reason:
        g.is_only_once = True
    return reason


def _refuse() -> None:
    if has_app_context() and KEY in current_app.extensions and state().is_declared:
        raise ReadOnly("declared")


def _forget() -> None:
    if has_app_context() and KEY in current_app.extensions:
        state().forget()


def init_read_only(app: Flask, config: Config) -> None:
    app.extensions[KEY] = State(config)
    app.jinja_env.globals.update(read_only=banner)
    for place, function in ((GUARDS, _refuse), (AFTERWARDS, _forget)):
        if function not in place:
            place.append(function)
