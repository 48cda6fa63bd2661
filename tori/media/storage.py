"""Where uploaded bytes are kept: a port with few verbs, a local folder behind it, or a bucket (``storage_s3.py``)."""

import contextlib
import hashlib
import io
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from tori.config import Config
from tori.core.errors import NotFound, StorageAway

FOLDER = "uploads"
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
PART = ".part"
PIECE = 1 << 20
MADE_FILE = ".uploads-made"
HERE_FILE = ".here"
"""One beside the folder and one in it: an empty folder that should be full is a disk that is not mounted."""
KEY = re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}")


@dataclass(frozen=True)
class Stored:
    """What is kept under a key. ``name`` is the key, or the name of a part that was never finished."""

    name: str
    kept_since: datetime


class Storage(Protocol):
    """Keys are random, so nobody guesses one, and end in a piece of the content's checksum, so one never changes."""

    def put(self, data: bytes) -> str:
        """Keeps the bytes for good and returns their key."""
        ...

    def put_file(self, file: BinaryIO) -> str:
        """The same for what is too large to be held in memory; read from its beginning, in pieces."""
        ...

    def open(self, key: str) -> BinaryIO:
        """A file that can be read from any place. Raises NotFound when there is nothing under the key."""
        ...

    def delete(self, key: str) -> None:
        """Does nothing when there is nothing under the key."""
        ...

    def all(self) -> Iterator[Stored]: ...

    def check(self) -> None:
        """Raises StorageAway when what was kept before can't be reached now."""
        ...


def new_key(file: BinaryIO) -> str:
    """Leaves the file at its beginning."""
    file.seek(0)
    checksum = hashlib.sha256()
    while piece := file.read(PIECE):
        checksum.update(piece)
    file.seek(0)
    return f"{secrets.token_hex(16)}-{checksum.hexdigest()[:16]}"


class LocalStorage:
    """Files in folders by the first two letters of the key; nobody but the service's own user may read them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = folder.parent / MADE_FILE

    def check(self) -> None:
        if self._made.exists() and not (self.folder / HERE_FILE).exists():
            raise StorageAway(f"{self.folder} is not there, or is not the folder that it was: is its disk mounted?")

    def put(self, data: bytes) -> str:
        return self.put_file(io.BytesIO(data))

    def put_file(self, file: BinaryIO) -> str:
        self.check()
        key = new_key(file)
        path = self._path(key)
        for folder in (self.folder, path.parent):
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        if not self._made.exists():
            (self.folder / HERE_FILE).touch(PRIVATE_FILE)
            self._made.touch(PRIVATE_FILE)
        part = path.with_suffix(PART)
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
            with os.fdopen(descriptor, "wb") as kept:
                shutil.copyfileobj(file, kept, PIECE)
                kept.flush()
                os.fsync(descriptor)
            part.replace(path)
        except OSError:
            # A full disk must not stay full of pieces.
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return key

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as error:
            self.check()
            raise NotFound("upload") from error

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def all(self) -> Iterator[Stored]:
        for path in self.folder.glob("??/*"):
            name = path.name if path.suffix == PART else path.stem
            try:
                yield Stored(name, datetime.fromtimestamp(path.stat().st_mtime, UTC))
            except FileNotFoundError:
                continue

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key.removesuffix(PART)):
            raise NotFound("upload")
        return self.folder / key[:2] / key


_buckets: dict[str, Storage] = {}


def storage_of(config: Config) -> Storage:
    """The place that STORAGE_URL names. Raises ConfigurationError."""
    if config.storage_url == "folder:":
        return LocalStorage(config.instance / FOLDER)
    if config.storage_url not in _buckets:
        from tori.media.storage_s3 import S3Storage

        _buckets[config.storage_url] = S3Storage(config.storage_url)
    return _buckets[config.storage_url]
