"""One site to an instance folder, and how much memory its processes hold for themselves."""

import contextlib
import ctypes
import fcntl
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from tori.core.errors import ConfigurationError

LOCK_FILE = "running.lock"
RENEWED = 76
"""How a process ends that wants to be started anew, because it has grown."""
MEGABYTE = 1024 * 1024
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
_OWN = re.compile(rb"^Private_Dirty: +(\d+) kB", re.MULTILINE)


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


def own_memory(pid: int | str = "self") -> int:
    """Bytes that a process holds and shares with no other; 0 where the system does not tell."""
    try:
        found = _OWN.search(Path(f"/proc/{pid}/smaps_rollup").read_bytes())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def cpu_seconds(pid: int) -> float:
    """What a process has spent so far; 0 where the system does not tell."""
    try:
        spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def children_of(pid: int, title: str) -> list[int]:
    """Those that call themselves so (`call_itself`); none where the system does not tell."""
    found = []
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with contextlib.suppress(OSError):
                if Path(f"/proc/{child}/comm").read_text().rstrip("\n") == title:
                    found.append(int(child))
    return found


def waited_seconds() -> float:
    """How long this thread was ready to run while others had the processors; 0 where the system does not tell."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_bytes().split()[1]) / 1e9
    except OSError:
        return 0.0


def die_with_parent() -> None:
    """On Linux the kernel ends a child whose parent was killed outright."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def call_itself(title: str) -> None:
    """What ``ps`` calls this process from now on, on Linux; fifteen letters at most."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_NAME, title.encode())
