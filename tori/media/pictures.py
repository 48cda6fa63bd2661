"""Checks a picture and makes it anew. The only way for a picture into the service.

Who sends one waits for its largest size only; the worker makes the smaller ones that pages need (``jobs.py``).
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from tori.core.errors import RuleBroken
from tori.media.storage import Storage
from tori.models.media import WIDTHS

MEGABYTE = 1_000_000
MAX_PICTURE_BYTES = 10 * MEGABYTE
MAX_MEGAPIXELS = 40
WALL_SECONDS = 25
WAIT_SECONDS = 40
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")
FIELD = "pictures"

_ENCODER = Path(__file__).with_name("encoder.py")
# One picture at a time in each process: many large ones at once would take the memory of the whole machine.
_turn = threading.BoundedSemaphore(1)


@dataclass(frozen=True)
class CheckedPicture:
    """A picture made anew, of its largest size. ``sizes`` are WebP files by their greatest width."""

    width: int
    height: int
    sizes: dict[int, bytes]


@dataclass(frozen=True)
class StoredPicture:
    width: int
    height: int
    files: dict[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether no smaller sizes are wanted."""
        return min(map(int, self.files)) == WIDTHS[0]


def check_picture(data: bytes, name: str) -> CheckedPicture:
    """Raises RuleBroken with the limit that the file breaks; ``name`` is told in its sentence."""
    if not data:
        raise RuleBroken("file_empty", FIELD, name=name)
    if len(data) > MAX_PICTURE_BYTES:
        raise RuleBroken("picture_too_large", FIELD, name=name, limit=MAX_PICTURE_BYTES // MEGABYTE)
    if _is_heic(data):
        raise RuleBroken("picture_heic", FIELD, name=name)
    if not _is_picture(data):
        raise RuleBroken("picture_wrong_type", FIELD, name=name)
    with _own_turn(name):
        return _read_answer(_run_encoder(data, name, only_largest=True), name)


def smaller_sizes(data: bytes, name: str) -> dict[int, bytes]:
    """Those below the largest, by their greatest width. ``data`` is a largest size that ``check_picture`` has made."""
    with _own_turn(name):
        sizes = _read_answer(_run_encoder(data, name, only_largest=False), name).sizes
    del sizes[max(sizes)]
    return sizes


def store_picture(storage: Storage, picture: CheckedPicture) -> StoredPicture:
    files: dict[str, str] = {}
    try:
        for width, data in picture.sizes.items():
            files[str(width)] = storage.put(data)
    except BaseException:
        # On a full disk, say: all sizes or none.
        for key in files.values():
            storage.delete(key)
        raise
    return StoredPicture(picture.width, picture.height, files)


def _is_picture(data: bytes) -> bool:
    return data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")) or _is_webp(data)


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _is_heic(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


@contextmanager
def _own_turn(name: str) -> Iterator[None]:
    if not _turn.acquire(timeout=WAIT_SECONDS):
        raise RuleBroken("picture_busy", FIELD, name=name)
    try:
        yield
    finally:
        _turn.release()


def _run_encoder(data: bytes, name: str, *, only_largest: bool) -> bytes:
    """What the child wrote. It gets no environment, and a file to write to, whose size the system bounds."""
    with TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-I", str(_ENCODER), str(int(only_largest)), *map(str, WIDTHS)],
                input=data, stdout=output, stderr=subprocess.DEVNULL, env={}, cwd="/", timeout=WALL_SECONDS,
                check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise RuleBroken("picture_too_heavy", FIELD, name=name) from error
        if done.returncode:
            raise RuleBroken("picture_too_heavy", FIELD, name=name)
        output.seek(0)
        return output.read()


def _read_answer(answer: bytes, name: str) -> CheckedPicture:
    head, _, rest = answer.partition(b"\n")
    try:
        told = json.loads(head)
        if "error" in told:
            raise RuleBroken(str(told["error"]), FIELD, name=name, limit=MAX_MEGAPIXELS)
        sizes = {}
        for width, length in told["sizes"].items():
            sizes[int(width)], rest = rest[: int(length)], rest[int(length) :]
        picture = CheckedPicture(int(told["width"]), int(told["height"]), sizes)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RuleBroken("picture_broken", FIELD, name=name) from error
    if not sizes or not set(sizes) <= set(WIDTHS) or not all(_is_webp(data) for data in sizes.values()):
        raise RuleBroken("picture_broken", FIELD, name=name)
    return picture
