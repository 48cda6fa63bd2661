"""Styles, scripts and drawings packed as well as can be when the service is built, beside themselves: ``base.css.br``
and ``base.css.gz``. nginx sends them as they are, and so does the service. ``python -m tori.packing`` makes them.

A packed file has the time of its original; one with another time is of an older release and is not used.
"""

import gzip
import os
from pathlib import Path

import brotli

from tori.config import ROOT

KINDS = {".css", ".js", ".svg"}
LEAST_BYTES = 600
ENCODINGS = {"br": ".br", "gzip": ".gz"}


def pack(folder: Path) -> int:
    """Packs what has changed, takes away what has no original any more. Returns how many files are packed."""
    packed = {
        path: (_beside(path, "br"), _beside(path, "gzip")) for path in sorted(folder.rglob("*")) if _is_large(path)
    }
    for path, (best, usual) in packed.items():
        data = path.read_bytes()
        if read(path, "br") is None:
            _write(best, brotli.compress(data, quality=11), path)
        if read(path, "gzip") is None:
            _write(usual, gzip.compress(data, 9, mtime=0), path)
    wanted = {found for pair in packed.values() for found in pair}
    for ending in ENCODINGS.values():
        for path in folder.rglob(f"*{ending}"):
            if path not in wanted:
                path.unlink()
    return len(packed)


def read(path: Path, encoding: str) -> bytes | None:
    """What was packed of a file, or None when nothing was or the file has changed since."""
    beside = _beside(path, encoding)
    try:
        is_of_it = beside.stat().st_mtime_ns // 1000 == path.stat().st_mtime_ns // 1000
        return beside.read_bytes() if is_of_it else None
    except OSError:
        return None


def _is_large(path: Path) -> bool:
    return path.suffix in KINDS and path.is_file() and path.stat().st_size >= LEAST_BYTES


def _beside(path: Path, encoding: str) -> Path:
    return path.with_name(path.name + ENCODINGS[encoding])


def _write(beside: Path, data: bytes, original: Path) -> None:
    beside.write_bytes(data)
    found = original.stat()
    os.utime(beside, ns=(found.st_atime_ns, found.st_mtime_ns))


if __name__ == "__main__":
    pack(ROOT / "static")
