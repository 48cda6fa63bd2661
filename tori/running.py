"""One site to an instance folder."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from tori.core.errors import ConfigurationError

LOCK_FILE = "running.lock"


class StartError(ConfigurationError):
    """The site can't start; one sentence says why and what to do."""


@contextlib.contextmanager
def running_lock(instance: Path) -> Iterator[TextIO]:
    """Held while a site runs on the instance folder, so that nobody starts another or restores a backup over it."""
    with (instance / LOCK_FILE).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartError(
                f"A site runs already on {instance}: stop it first, or name another folder in TORI_INSTANCE."
            ) from error
        yield file
