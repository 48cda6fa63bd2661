"""Packed pages, and pieces of pages, kept ready: in the memory of the process and, behind it, in a file that all share.

What lies here can be made anew at any time, so the file is never waited for: when it is locked, broken or full, pages
are made as if there were none. Every entry carries the stamp of what it was made from; whoever reads it compares.
"""

import logging
import os
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

log = logging.getLogger(__name__)

FILE = "pages-2.sqlite3"
"""Its number grows with its tables."""
BUSY_MS = 20
CACHE_KB = 200
SWEEP_EVERY = 200
LEFT_BY_SWEEP = 0.8
_TABLES = (
    "CREATE TABLE IF NOT EXISTS page (key TEXT UNIQUE, made INTEGER, size INTEGER, stamp TEXT, etag TEXT, body BLOB)",
    # Found by a number at half the cost of a text.
    "CREATE TABLE IF NOT EXISTS piece "
    "(number INTEGER PRIMARY KEY, made INTEGER, size INTEGER, stamp TEXT, version INTEGER, words BLOB, before BLOB, "
    "inside BLOB, after BLOB)",
    # Without them the bodies are gone through when the sizes are added up, 25 ms for 50 MB.
    "CREATE INDEX IF NOT EXISTS page_made ON page (made, size)",
    "CREATE INDEX IF NOT EXISTS piece_made ON piece (made, size)",
)
_PUT = "INSERT OR REPLACE INTO page (key, made, size, stamp, etag, body) VALUES (?, ?, ?, ?, ?, ?)"
_PUT_PIECE = (
    "INSERT OR REPLACE INTO piece (number, made, size, stamp, version, words, before, inside, after) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_BOTH = "SELECT made, size FROM page UNION ALL SELECT made, size FROM piece"
_OLDEST_FIRST = f"{_BOTH} ORDER BY made"
_SIZE = f"SELECT coalesce(sum(size), 0) FROM ({_BOTH})"  # noqa: S608


class Entry(NamedTuple):
    """A page packed by gzip. ``stamp`` tells from what state of the content it was made."""

    stamp: str
    etag: str
    body: bytes


class Piece(NamedTuple):
    """HTML of a part of pages, on both sides of a place and inside it, and what is known of its words. ``version`` is
    what its own thing adds to the stamp."""

    number: int
    stamp: str
    version: int
    words: bytes | None
    before: bytes
    inside: bytes
    after: bytes

    @property
    def size(self) -> int:
        return len(self.words or b"") + len(self.before) + len(self.inside) + len(self.after)


class Shelf:
    """``file_bytes`` 0: memory only. Both sizes are of bodies; the oldest go first."""

    def __init__(self, folder: Path, memory_bytes: int, file_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self.file_bytes = file_bytes
        self._path = folder / FILE
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()
        self._local = threading.local()
        self._written = 0

    def remove_older(self) -> None:
        """Files of earlier releases, which could still be running: what they have open stays readable to them."""
        for path in self._path.parent.glob("pages*.sqlite3*"):
            if not path.name.startswith(FILE):
                path.unlink(missing_ok=True)

    def candidates(self, key: str) -> Iterator[Entry]:
        """That of the process and, when it will not do, that of the file."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
        if entry is not None:
            yield entry
        found = self._read(key)
        if found is not None and found != entry:
            self._remember(key, found)
            yield found

    def put(self, key: str, entry: Entry) -> None:
        self._remember(key, entry)
        self._write(key, entry)

    def stamps(self, keys: Iterable[str]) -> dict[str, str]:
        """Those of the pages that the file holds, in one statement."""
        return dict(self._select("key, stamp FROM page WHERE key", list(keys)))

    def pieces(self, numbers: Sequence[int]) -> list[tuple[int, str, int, bytes | None, bytes, bytes, bytes]]:
        """What makes a `Piece` of those that the file holds, in one statement. They are small and not kept in memory
        beside."""
        return self._select("number, stamp, version, words, before, inside, after FROM piece WHERE number", numbers)

    def whole_pieces(self, numbers: Sequence[int]) -> list[tuple[int, str, int]]:
        """Number, stamp and version of those whose words are known."""
        return self._select("number, stamp, version FROM piece WHERE words IS NOT NULL AND number", numbers)

    def _select(self, what: str, wanted: Sequence[Any]) -> list[Any]:
        connection = self._connection()
        if connection is None or not wanted:
            return []
        statement = f"SELECT {what} IN ({', '.join('?' * len(wanted))})"
        try:
            return connection.execute(statement, wanted).fetchall()
        except sqlite3.Error:
            log.info("the shared pages can't be read", exc_info=True)
            return []

    def put_pieces(self, pieces: Sequence[Piece]) -> None:
        connection, now = self._connection(), time.time_ns()
        if connection is None or not pieces:
            return
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_PUT_PIECE, [(piece.number, now, piece.size, *piece[1:]) for piece in pieces])
            connection.execute("COMMIT")
            self._count(connection, len(pieces))
        except sqlite3.Error:
            log.info("pieces of pages can't be shared", exc_info=True)
            if connection.in_transaction:
                connection.rollback()

    def room(self) -> int:
        """Bytes that the file takes before older ones have to go; less than that when it can't be read."""
        connection = self._connection()
        if connection is None:
            return 0
        try:
            return self.file_bytes - int(connection.execute(_SIZE).fetchone()[0])
        except sqlite3.Error:
            return 0

    def _remember(self, key: str, entry: Entry) -> None:
        with self._lock:
            old = self._entries.pop(key, None)
            self._size += len(entry.body) - (len(old.body) if old else 0)
            self._entries[key] = entry
            while self._size > self.memory_bytes:
                self._size -= len(self._entries.popitem(last=False)[1].body)

    def _connection(self) -> sqlite3.Connection | None:
        """One for each thread, and never one that a process has from its parent."""
        if not self.file_bytes:
            return None
        if getattr(self._local, "pid", None) != os.getpid():
            self._local.pid = os.getpid()
            self._local.connection = None
            try:
                self._local.connection = self._open()
            except sqlite3.Error:
                log.warning("the shared pages can't be opened", exc_info=True)
        connection: sqlite3.Connection | None = self._local.connection
        return connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_MS / 1000, isolation_level=None)
        # Nothing here must outlive a fall of the machine.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
        for statement in _TABLES:
            connection.execute(statement)
        return connection

    def _read(self, key: str) -> Entry | None:
        connection = self._connection()
        if connection is None:
            return None
        try:
            row = connection.execute("SELECT stamp, etag, body FROM page WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            log.info("the shared pages can't be read", exc_info=True)
            return None
        return Entry(*row) if row else None

    def _write(self, key: str, entry: Entry) -> None:
        connection = self._connection()
        if connection is None or len(entry.body) > self.file_bytes // 10:
            return
        try:
            connection.execute(_PUT, (key, time.time_ns(), len(entry.body), *entry))
            self._count(connection, 1)
        except sqlite3.Error:
            log.info("a page can't be shared", exc_info=True)

    def _count(self, connection: sqlite3.Connection, written: int) -> None:
        before, self._written = self._written, self._written + written
        if before == 0 or before // SWEEP_EVERY != self._written // SWEEP_EVERY:
            self._sweep(connection)

    def _sweep(self, connection: sqlite3.Connection) -> None:
        """Takes the oldest away when there is too much."""
        total = connection.execute(_SIZE).fetchone()[0]
        if total <= self.file_bytes:
            return
        for made, size in connection.execute(_OLDEST_FIRST).fetchall():
            total -= size
            if total <= self.file_bytes * LEFT_BY_SWEEP:
                connection.execute("DELETE FROM page WHERE made <= ?", (made,))
                connection.execute("DELETE FROM piece WHERE made <= ?", (made,))
                return
