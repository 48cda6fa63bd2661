"""The embedded engine: Whoosh keeps postings and rows on disk, ranking and facets are ours.

Measured defects of Whoosh are stepped around here and each has a test: `refresh()` is never used (a new reader is
opened instead), readers are not shared by threads, its query classes, parser and facets are not used at all, and a
commit that fails always cancels its writer. Index files are pickles, so the folder must be private to the service.

A folder holds builds and a one-line file `CURRENT` that names the live one; a rebuild is made beside and switched to
by rename. Nobody but the worker writes.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tori.search import word_file
from tori.search.catalogue import Row
from tori.search.collecting import collecting_seldom
from tori.search.engine import BaseEngine, View
from tori.search.fields import indexed
from tori.search.kept import PATIENCE, SMALL, Kept
from tori.search.port import (
    ANOTHER_ANALYSIS,
    DeedDocument,
    IndexLocked,
    IndexStatus,
    IndexUnavailable,
    SearchError,
)
from tori.search.suggest import Titles
from tori.search.whoosh_schema import FORMAT, TERMS, make_schema
from tori.search.whoosh_view import Snapshot, WhooshView, advance
from tori.search.word_file import CountedWords

if TYPE_CHECKING:
    from tori.search.whoosh_writer import FastWriter

Made = TypeVar("Made")
logger = logging.getLogger(__name__)

CURRENT = "CURRENT"
META = "meta.json"
LOCK = "write.lock"
SUSPECT = "SUSPECT"
WORDS = "words.bin"
LOOK_SECONDS = 1.0
MANY_DEEDS = 2_000
"""From so many on their words are laid beside the index."""
SETTLED_NS = 1_000_000_000
OPEN_TRIES = 5
KEPT_BUILDS = 2


class WhooshEngine(BaseEngine):
    """Searches the live build of a folder; opened at the first search."""

    name = "whoosh"

    def __init__(self, folder: Path | str, **options: Any) -> None:
        super().__init__(**options)
        self.folder = Path(folder)
        self._index: Any = None
        self._build: str | None = None
        self._stamp: tuple[int, int] | None = None
        self._state: tuple[Snapshot | None, threading.local] = None, threading.local()
        """The newest, and what each thread holds of it: a thread at rest holds nothing older."""
        self._seen: tuple[Any, int, int] = None, 0, 0
        """An index, when something was last put into its folder, and its generation then."""
        self._counted: Kept[CountedWords] = Kept()
        self._words: CountedWords | None = None
        self._words_stamp: tuple[int, int] | None = None
        self._looked = 0.0

    # Reading

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A broken file can raise almost anything; all of it becomes one error and a mark for the worker."""
        try:
            yield
        except SearchError:
            raise
        except Exception as error:
            logger.exception("the search index cannot be read")
            self._suspect()
            raise IndexUnavailable(f"The search index cannot be read: {type(error).__name__}: {error}") from error

    def _suspect(self) -> None:
        """Tells the worker, which may never read that part, to build the index anew."""
        try:
            _write_whole(self.folder / SUSPECT, (self.folder / CURRENT).read_text(encoding="utf-8"))
        except OSError:
            logger.warning("the broken index could not be marked")

    def _is_suspect(self) -> bool:
        try:
            return (self.folder / SUSPECT).read_text(encoding="utf-8").strip() == self._build
        except OSError:
            return False

    def _current(self) -> str:
        try:
            name = (self.folder / CURRENT).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise IndexUnavailable("There is no search index yet.") from error
        if not name or "/" in name or not (self.folder / name).is_dir():
            raise IndexUnavailable("The search index is not where it should be.")
        return name

    def _open(self) -> Any:
        """The live build, opened again when a rebuild switched to another."""
        try:
            stat = os.stat(os.path.join(self.folder, CURRENT))
        except OSError as error:
            raise IndexUnavailable("There is no search index yet.") from error
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if self._index is None or stamp != self._stamp:
            with self._lock:
                if self._index is None or stamp != self._stamp:
                    name = self._current()
                    self._index = self._open_build(name)
                    self._build, self._stamp = name, stamp
        return self._index

    def _open_build(self, name: str) -> Any:
        from whoosh.index import FileIndex

        from tori.search.whoosh_storage import CarefulStorage

        meta = self._meta(name)
        if meta.get("format") != FORMAT:
            raise IndexUnavailable("The search index was made by another version of the service.")
        storage = CarefulStorage(str(self.folder / name))

        def opened() -> Any:
            with storage.all_or_nothing():
                return FileIndex(storage)

        return _in_some_tries(opened)

    @staticmethod
    def _reader(index: Any) -> Any:
        info = index._read_toc()
        return index._reader(index.storage, info.schema, info.segments, info.generation)

    def _meta(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads((self.folder / name / META).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexUnavailable("The search index is not whole.") from error
        return found if isinstance(found, dict) else {}

    def _view(self) -> WhooshView:
        with self.reading():
            index = self._open()
            build, generation = self._build, self._generation(index)
            kept: WhooshView | None = getattr(self._state[1], "view", None)
            if kept is not None and kept.token == (build, generation):
                return kept
            return _in_some_tries(self._newest_view)

    def _newest_view(self) -> WhooshView:
        # One thread after another, so that none that is late takes the process back to an older state.
        with self._lock:
            index = self._open()
            with index.storage.all_or_nothing():
                reader = self._reader(index)
                try:
                    snapshot, leaves = self._look_at(reader)
                except Exception as error:
                    # Columns are opened when they are first read. What a merge has taken away meanwhile is not broken.
                    if index.latest_generation() == reader.generation():
                        raise
                    raise FileNotFoundError("a merge has taken a segment away") from error
            view = self._state[1].view = WhooshView(self, snapshot, reader, leaves)
            return view

    def _look_at(self, reader: Any) -> tuple[Snapshot, Sequence[Any]]:
        """The state that a reader has opened, with its segments."""
        leaves = [leaf for leaf, _ in reader.leaf_readers()] if reader.doc_count_all() else []
        for leaf in leaves:
            # Opens what is asked for later, when the file may be gone.
            leaf.stored_fields(0)
        known, token = self._state[0], (str(self._build), reader.generation())
        if known is None or known.token != token:
            known = advance(known, token, leaves)
            self._state = known, threading.local()
        return known, leaves

    def _generation(self, index: Any) -> int:
        """A commit puts a file into the folder; so long as none was, the folder need not be read."""
        now, changed = time.time_ns(), os.stat(index.storage.folder).st_mtime_ns
        known, then, generation = self._seen
        if known is index and then == changed:
            return generation
        generation = int(index.latest_generation())
        # The clock of files stands still for some milliseconds, in which another one may come.
        if changed < now - SETTLED_NS:
            self._seen = index, changed, generation
        return generation

    def words_of(self, view: WhooshView) -> CountedWords:
        """The words of the index; those of a big one may be a little old."""
        laid = self._laid_words() if len(view.catalogue) >= MANY_DEEDS else None
        if laid is not None:
            view.learn(laid)
            return laid

        def counted(own: WhooshView) -> CountedWords:
            words = own.counted_words()
            own.learn(words)
            return words

        def make_elsewhere() -> tuple[object, CountedWords]:
            own = self._view()
            words = counted(own)
            words.lexicon.prepared()
            return own.token, words

        return self._counted.get(
            view.token, lambda: counted(view), make_elsewhere, at_once=len(view.catalogue) <= SMALL
        )

    def _titles_of(self, view: View) -> Titles:
        assert isinstance(view, WhooshView)
        return self.words_of(view).titles

    def _laid_words(self) -> CountedWords | None:
        """Those beside the index, looked for once in a second; the last ones that could be read."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS or self._build is None:
            return self._words
        self._looked = now
        path, stamp = self._words_file()
        if stamp not in (None, self._words_stamp):
            self._words, self._words_stamp = word_file.read(path) or self._words, stamp
        return self._words

    def _words_file(self) -> tuple[Path, tuple[int, int] | None]:
        """And when it was made; None where there is none."""
        path = self.folder / str(self._build) / WORDS
        try:
            stat = path.stat()
        except OSError:
            return path, None
        return path, (stat.st_mtime_ns, stat.st_ino)

    def _has_new_words(self) -> bool:
        return self._words_file()[1] not in (None, self._words_stamp)

    def is_warm(self) -> bool:
        """See `SearchEngine.is_warm`."""
        known = self._state[0]
        if known is None:
            return False
        with self.reading():
            index = self._open()
            return known.token == (str(self._build), self._generation(index)) and not self._has_new_words()

    def keep_words(self) -> int:
        """See `SearchEngine.keep_words`."""
        view = self._view()
        if len(view.catalogue) < MANY_DEEDS:
            return 0
        build, generation = view.token
        path = self.folder / build / WORDS
        known = word_file.read(path)
        if known is not None:
            age = time.time() - path.stat().st_mtime
            if known.generation == generation or 0 <= age < PATIENCE * known.seconds:
                return 0
        began = time.monotonic()
        words = view.counted_words()
        words.lexicon.prepared()
        with self._writing():
            word_file.write(path, words._replace(seconds=time.monotonic() - began))
        return 1

    def problem(self) -> str | None:
        """See `SearchEngine.problem`."""
        try:
            with self.reading():
                self._open()
                meta = self._meta(str(self._build))
        except IndexUnavailable as error:
            return str(error)
        if self._is_suspect():
            return "A part of the index could not be read."
        return ANOTHER_ANALYSIS if meta.get("version", "") != self.version else None

    def status(self) -> IndexStatus:
        try:
            view = self._view()
            meta = self._meta(str(self._build))
        except IndexUnavailable as error:
            return IndexStatus(self.name, 0, "", ready=False, problem=str(error))
        problem = self.problem()
        return IndexStatus(
            self.name,
            len(view.catalogue),
            str(meta.get("version", "")),
            ready=problem is None,
            last_sequence=int(meta.get("last_sequence", 0)),
            problem=problem,
        )

    # Writing

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time over processes; the lock dies with its holder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise IndexLocked("The search index is being written by another process.") from error
            yield

    def replace(
        self, documents: Iterable[DeedDocument], removed: Iterable[int], last_sequence: int | None = None
    ) -> int:
        deeds = {deed.id: deed for deed in documents}
        gone = set(removed) | set(deeds)
        with self._writing(), self.reading(), collecting_seldom():
            index = self._open()
            name = str(self._build)
            meta = self._meta(name)
            with index.storage.all_or_nothing():
                self._commit(index, deeds.values(), gone)
            if last_sequence is not None:
                self._write_meta(name, {**meta, "last_sequence": last_sequence})
        return len(gone)

    def _commit(self, index: Any, deeds: Iterable[DeedDocument], gone: Iterable[int]) -> None:
        writer = _writer(index)
        try:
            for deed_id in gone:
                writer.delete_by_term("id", str(deed_id))
            for deed in deeds:
                self._add(writer, deed)
            writer.commit()
        except BaseException:
            writer.cancel()
            raise

    def _add(self, writer: FastWriter, deed: DeedDocument) -> None:
        terms = indexed(deed, self.analyser)
        serial = time.time_ns()
        row = Row.of(deed, serial).values()
        writer.pool.add_weights(TERMS, writer.docnum, terms.weights)
        writer.add_document(
            id=str(deed.id),
            deed=deed.id,
            serial=serial,
            forms=terms.forms,
            row=row[:AT_FIRST],
            later=row[AT_FIRST:],
            key_terms=terms.key_terms,
        )

    def rebuild(self, documents: Iterable[DeedDocument], last_sequence: int = 0) -> int:
        from whoosh.index import create_in

        with self._writing(), collecting_seldom():
            name = f"build-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}-{uuid.uuid4().hex[:8]}"
            folder = self.folder / name
            folder.mkdir(parents=True)
            try:
                index = create_in(str(folder), make_schema())
                writer = _writer(index)
                count = 0
                try:
                    for deed in documents:
                        self._add(writer, deed)
                        count += 1
                    writer.commit()
                except BaseException:
                    writer.cancel()
                    raise
                self._write_meta(name, {"format": FORMAT, "version": self.version, "last_sequence": last_sequence})
                _write_whole(self.folder / CURRENT, name + "\n")
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            (self.folder / SUSPECT).unlink(missing_ok=True)
            self._clean(name)
        return count

    def _write_meta(self, name: str, meta: dict[str, Any]) -> None:
        _write_whole(self.folder / name / META, json.dumps(meta, sort_keys=True) + "\n")

    def _clean(self, live: str) -> None:
        """Builds that nobody opens any more; the one before stays for requests on their way."""
        builds = sorted(path for path in self.folder.glob("build-*") if path.is_dir() and path.name != live)
        for old in builds[: max(0, len(builds) - (KEPT_BUILDS - 1))]:
            shutil.rmtree(old, ignore_errors=True)


def _in_some_tries(opened: Callable[[], Made]) -> Made:
    """Whoosh lists files and opens them in several steps; a commit may come between."""
    for left in reversed(range(OPEN_TRIES)):
        try:
            return opened()
        except FileNotFoundError:
            if not left:
                raise
            time.sleep(0.02)
    raise AssertionError("unreachable")


def _writer(index: Any) -> FastWriter:
    from whoosh.index import LockError

    from tori.search.whoosh_writer import FastWriter

    try:
        return FastWriter(index)
    except LockError as error:
        raise IndexLocked("The search index is being written by another process.") from error


def _write_whole(path: Path, text: str) -> None:
    """The new text or the old one, never half of it."""
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}")
    with beside.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    beside.replace(path)


AT_FIRST = 20
"""Fields of a row that every version has known. Those that came later stand apart, where older code that still runs
beside this one does not look; it reads the index as before."""
