"""The heap of the C library (glibc), which SQLite, buffers and all larger objects of Python live in, and files that are
mapped into memory.

A process forked from another shares its memory until one of them writes there, a page of four kilobytes at a time.
"""

import contextlib
import ctypes
import re
from collections.abc import Iterable
from pathlib import Path

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
MADV_DONTNEED = 4
LARGE = 256 * 1024
"""Pieces of memory from this size on are given back to the system at once."""
PIECE = 20
"""Bytes for each deed of the largest pieces that a search works in. Given back each time, they cost one among 100 000
deeds 2 400 page faults, four milliseconds."""
LARGEST_GAP, SMALLEST_GAP, STEP = 64 * 1024, 24, 16
FINE = 2048
"""Below this size gaps are filled exactly, above it to seven eighths."""
LEFT_AT_END = 8192
"""Free memory that may be left at the end of a trimmed heap."""

_READ = re.compile(r"^(\w+)-(\w+) r--[ps] \w+ \S+ \d+ +(/.+)$", re.MULTILINE)


def keep_small(deeds: int = 0) -> None:
    """One heap for all threads: otherwise each gets one of its own, which is never given back.

    ``deeds``: so many are searched in this process and its children.
    """
    large = max(LARGE, PIECE * deeds)
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 1)
        library.mallopt(M_MMAP_THRESHOLD, large)
        library.mallopt(M_TRIM_THRESHOLD, large)


def close_gaps() -> None:
    """Before forking: fills the gaps between the pieces in use, for good.

    Whatever a child needs would go into them first, a bit here and a bit there, and every bit would cost it a page of
    its own: five megabytes for the 0.7 of an open SQLite database. So it goes to the end, where it lies together.
    """
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.malloc.restype = library.sbrk.restype = ctypes.c_size_t
        library.malloc.argtypes = library.malloc_trim.argtypes = [ctypes.c_size_t]
        library.malloc_trim(0)
        end = library.sbrk(0) - LEFT_AT_END
        size = LARGEST_GAP
        while size >= SMALLEST_GAP:
            while library.malloc(size) < end:
                pass
            size -= STEP if size <= FINE else size // 8


def let_go_of_files(endings: Iterable[str]) -> int:
    """Pages of files with such names that this process has mapped to read and hardly needs any more. Returns how many
    bytes are mapped so; who reads there again gets the page back from the system, which has it still.

    Files of data only: those of libraries hold what was written into them when they were loaded.
    """
    size = 0
    with contextlib.suppress(OSError, AttributeError):
        advise = ctypes.CDLL(None).madvise
        advise.argtypes = [ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
        for found in _READ.finditer(Path("/proc/self/maps").read_text()):
            start, end, name = int(found[1], 16), int(found[2], 16), found[3]
            if name.endswith(tuple(endings)) and advise(start, end - start, MADV_DONTNEED) == 0:
                size += end - start
    return size
