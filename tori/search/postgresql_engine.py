"""The engine of PostgreSQL: the index lies in the database of the deeds and changes with them.

Terms, ranking, facets and the catalogue are those of the other engines. The server keeps packed postings, the forms
for phrases (GIN over tsvector) and the words with their numbers of deeds, among which it finds near misses by trigrams
where it has pg_trgm. Rows carry the number of the build they belong to: a rebuild is written beside and switched to in
one row. Every change raises `serial` under the lock of that row, so a process that knows one serial reads only what
came after.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from tori.search.analysis import PART
from tori.search.catalogue import Catalogue
from tori.search.collecting import collecting_seldom
from tori.search.columns import NOTHING, Column, Postings
from tori.search.engine import BaseEngine, View
from tori.search.fields import indexed
from tori.search.kept import Kept
from tori.search.lexicon import LEAST_TYPED, MOST_GRAMS_SHARED, SHORT, Lexicon, Spelling, similarity_of
from tori.search.order import Ranking
from tori.search.port import (
    ANOTHER_ANALYSIS,
    DeedDocument,
    FacetValue,
    Hit,
    IndexLocked,
    IndexStatus,
    IndexUnavailable,
    SearchQuery,
    SearchResult,
    Suggestion,
)  # fmt: skip
from tori.search.postgresql_index import (
    BLOCK,
    FORM,
    STRONGEST,
    WHOLE,
    entry_of,
    lexeme,
    row_of,
    slips,
    unpacked,
)  # fmt: skip
from tori.search.postgresql_writer import Prepared, write, write_build
from tori.search.query import ParsedQuery
from tori.search.words import bare, words

logger = logging.getLogger(__name__)

REBUILD_LOCK = 0x746F7269
KEPT_POSTINGS = 2_000_000
MOST_CHANGES = 2_000
SHORT_WAIT = "SET LOCAL lock_timeout = '2s'"
ENOUGH_AT_ONCE = 4_000
STRENGTHS = np.arange(STRONGEST + 1, dtype=np.float32) / np.float32(STRONGEST)
_Counts = Mapping[str, int]

STATE = "SELECT build, serial, version, is_building, last_sequence FROM tori_search.state WHERE id = 1"
POSTINGS = """
    SELECT word, mark, block, entries FROM tori_search.posting
    JOIN unnest(%s::text[], %s::text[]) AS wanted (word, mark) USING (word, mark) WHERE build = %s
"""
PHRASE = "SELECT deed_id FROM tori_search.document WHERE build = %s AND forms @@ %s::tsquery"
WORDS = "SELECT word, mark, deeds FROM tori_search.word WHERE build = %s AND word = ANY(%s)"
ALL_WORDS = "SELECT word, max(deeds) FROM tori_search.word WHERE build = %s AND mark <> '~' AND deeds > 0 GROUP BY word"
BEGINNING = """
    SELECT word, max(deeds) AS most FROM tori_search.word
    WHERE build = %s AND word >= %s AND word < %s AND mark <> '~' AND deeds > 0
    GROUP BY word ORDER BY most DESC, length(word), word LIMIT %s
"""
NEAR = """
    SELECT word, max(deeds) FROM tori_search.word
    WHERE build = %s AND bare %% %s AND mark <> '~' AND deeds > 0
    GROUP BY word ORDER BY max(similarity(bare, %s)) DESC LIMIT %s
"""
NEAR_SHORT = """
    SELECT word, max(deeds) FROM tori_search.word
    WHERE build = %s AND slips && %s AND mark <> '~' AND deeds > 0 GROUP BY word
"""
DROP_OTHER_BUILDS = (
    "DELETE FROM tori_search.document WHERE build IS DISTINCT FROM %s",
    "DELETE FROM tori_search.posting WHERE build IS DISTINCT FROM %s",
    "DELETE FROM tori_search.word WHERE build IS DISTINCT FROM %s",
)


@dataclass(frozen=True)
class _State:
    """The one row that all processes share."""

    build: int | None
    serial: int
    version: str
    is_building: bool
    last_sequence: int


class _Snapshot:
    """What a process knows of one serial of one build."""

    def __init__(self, build: int, serial: int, catalogue: Catalogue, counts: dict[str, _Counts]) -> None:
        self.token = (build, serial)
        self.build = build
        self.serial = serial
        self.catalogue = catalogue
        self.counts = counts
        self.postings: dict[str, Postings] = {}
        self.cached = 0
        self._blocks: dict[int, Column] = {}

    def positions(self, block: int) -> Column:
        """Positions in the catalogue of the deeds of a block by their place in it, -1 where there is none."""
        known = self._blocks.get(block)
        if known is None:
            first = block * BLOCK
            known = self._blocks[block] = self.catalogue.positions_of(np.arange(first, first + BLOCK))
        return known


def _joined(parts: Sequence[Postings]) -> Postings:
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NOTHING
    return np.concatenate([positions for positions, _ in parts]), np.concatenate([values for _, values in parts])


class _PostgresqlView(View):
    """A snapshot that asks the server for what it does not know yet."""

    def __init__(self, engine: PostgresqlEngine, snapshot: _Snapshot) -> None:
        self._engine = engine
        self._snapshot = snapshot
        self.token = snapshot.token
        self._asked: dict[str, None] = {}

    @property
    def catalogue(self) -> Catalogue:
        return self._snapshot.catalogue

    @property
    def build(self) -> int:
        return self._snapshot.build

    @property
    def lexicon(self) -> Lexicon:
        return self._engine.lexicon_of(self)

    def counts(self, word: str) -> _Counts:
        """Number of deeds by mark."""
        known = self._snapshot.counts.get(word)
        if known is None:
            self.learn((word,))
            known = self._snapshot.counts[word]
        return known

    def learn(self, words: Iterable[str]) -> None:
        """Asks for the counts of many words at once."""
        missing = [word for word in dict.fromkeys(words) if word not in self._snapshot.counts]
        if not missing:
            return
        found: dict[str, dict[str, int]] = {word: {} for word in missing}
        for word, mark, deeds in self._engine.ask(WORDS, (self.build, missing)):
            found[word][mark] = deeds
        self._snapshot.counts.update(found)

    def frequency(self, term: str) -> int:
        word, mark = entry_of(term)
        count = self.counts(word).get(mark, 0)
        if count:
            self._asked[term] = None
        return count

    def postings(self, term: str) -> Postings:
        known = self._snapshot.postings.get(term)
        if known is None:
            if not self.frequency(term):
                return NOTHING
            self._read({term, *self._likely()})
            known = self._snapshot.postings.get(term, NOTHING)
        return known

    def _likely(self) -> Iterator[str]:
        """Other terms of this search: one question is cheaper than many. The most frequent are often not needed."""
        asked, self._asked = self._asked, {}
        room = ENOUGH_AT_ONCE
        for term in asked:
            count = self.frequency(term)
            if 0 < count <= room and term not in self._snapshot.postings:
                room -= count
                yield term

    def _read(self, terms: set[str]) -> None:
        found: dict[str, list[Postings]] = {term: [] for term in terms}
        entries = [entry_of(term) for term in terms]
        asked = ([word for word, _ in entries], [mark for _, mark in entries], self.build)
        snapshot = self._snapshot
        for word, mark, block, packed in self._engine.ask(POSTINGS, asked):
            places, strengths = unpacked(packed)
            positions = snapshot.positions(block)[places]
            known = positions >= 0
            found[mark + word].append((positions[known], STRENGTHS[strengths[known]]))
        read = {term: _joined(parts) for term, parts in found.items()}
        count = sum(len(positions) for positions, _ in read.values())
        snapshot.cached += count
        if snapshot.cached > KEPT_POSTINGS:
            snapshot.postings = {}
            snapshot.cached = count
        snapshot.postings.update(read)

    def phrase(self, forms: Sequence[str]) -> set[int]:
        asked = " <-> ".join(lexeme(form) for form in forms)
        ids = [deed_id for (deed_id,) in self._engine.ask(PHRASE, (self.build, asked))]
        positions = self.catalogue.positions_of(ids)
        return set(positions[positions >= 0].tolist())

    def key_terms(self, deed_id: int) -> Sequence[str]:
        found = self._engine.ask(
            "SELECT key_terms FROM tori_search.document WHERE build = %s AND deed_id = %s AND columns IS NOT NULL",
            (self.build, deed_id),
        )
        return tuple(found[0][0]) if found else ()

    def word_counts(self) -> dict[str, int]:
        """Every word with the number of deeds that have it, for a process that looks for near misses itself."""
        rows = self._engine.ask(ALL_WORDS, (self.build,))
        return dict(iter(rows))


class _ServerLexicon(Lexicon):
    """The words of the index, left on the server."""

    def __init__(self, engine: PostgresqlEngine, view: _PostgresqlView) -> None:
        super().__init__({})
        self._engine = engine
        self._view = view

    def __len__(self) -> int:
        rows = self._engine.ask("SELECT count(*) FROM tori_search.word WHERE build = %s", (self._view.build,))
        return int(rows[0][0])

    def frequency(self, word: str) -> int:
        counts = self._view.counts(word)
        return max((counts.get(mark, 0) for mark in (WHOLE, PART, FORM)), default=0)

    def starting_with(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        asked = (self._view.build, prefix, prefix + "\U0010ffff", limit)
        found = [(word, count) for word, count in self._engine.ask(BEGINNING, asked)]
        self._view.learn(word for word, _ in found)
        return found

    def may_begin(self, beginning: str) -> bool:
        return True

    def prepared(self) -> Lexicon:
        return self

    def near(self, typed: str, limit: int = 5, at_least: float = 0.6) -> list[Spelling]:
        if len(typed) < LEAST_TYPED or len(typed) > 40:
            return []
        word, build = bare(typed), self._view.build
        candidates: dict[str, int] = dict(iter(self._engine.ask(NEAR, (build, word, word, MOST_GRAMS_SHARED))))
        if len(word) <= SHORT:
            candidates.update(iter(self._engine.ask(NEAR_SHORT, (build, slips(word)))))
        near = [Spelling(found, similarity_of(typed, found, at_least), count) for found, count in candidates.items()]
        kept = [spelling for spelling in near if spelling.similarity >= at_least]
        kept.sort(key=lambda s: (-s.similarity - min(s.frequency, 20) * 0.001, s.word))
        return kept[:limit]


class PostgresqlEngine(BaseEngine):
    """Searches the index of the database that `database` leads to; one for a process, for all its threads."""

    name = "postgresql"

    def __init__(self, database: Engine, **options: Any) -> None:
        super().__init__(**options)
        self._database = database
        self._reader = database.execution_options(isolation_level="AUTOCOMMIT")
        self._threads = threading.local()
        self._snapshot: _Snapshot | None = None
        self._has_trigrams: bool | None = None
        self._lexicon: Kept[Lexicon] = Kept()

    # Reading

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One connection for all questions of a search; its errors become one error that callers know."""
        known: Connection | None = getattr(self._threads, "connection", None)
        if known is not None:
            yield known
            return
        try:
            with self._reader.connect() as connection:
                self._threads.connection = connection
                yield connection
        except SQLAlchemyError as error:
            raise IndexUnavailable(f"The search index cannot be read: {type(error).__name__}: {error}") from error
        finally:
            self._threads.connection = None

    def ask(self, statement: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> Sequence[Any]:
        """The rows of a statement."""
        with self.reading() as connection:
            return connection.exec_driver_sql(statement, values).fetchall()

    def _state(self) -> _State:
        return _State(*self.ask(STATE)[0])

    def _view(self) -> _PostgresqlView:
        with self.reading():
            state = self._state()
            if state.build is None:
                raise IndexUnavailable("There is no search index yet.")
            known = self._snapshot
            if known is not None and known.token == (state.build, state.serial):
                return _PostgresqlView(self, known)
            with self._lock:
                known = self._snapshot
                if known is None or known.build != state.build or known.serial < state.serial:
                    known = self._snapshot = self._advance(known, state.build, state.serial)
            return _PostgresqlView(self, known)

    def _advance(self, known: _Snapshot | None, build: int, serial: int) -> _Snapshot:
        """The next snapshot; of the same build only what changed since the last one is read."""
        if known is None or known.build != build:
            rows = self.ask(
                "SELECT columns, serial FROM tori_search.document WHERE build = %s AND columns IS NOT NULL", (build,)
            )
            return _Snapshot(build, serial, Catalogue.build(row_of(values, number) for values, number in rows), {})
        changed = self.ask(
            "SELECT deed_id, columns, serial FROM tori_search.document WHERE build = %s AND serial > %s",
            (build, known.serial),
        )
        fresh = [row_of(values, number) for _, values, number in changed if values is not None]
        gone = [deed_id for deed_id, values, _ in changed if values is None]
        return _Snapshot(build, serial, known.catalogue.updated(fresh, gone), self._counts_since(known))

    def _counts_since(self, known: _Snapshot) -> dict[str, _Counts]:
        """Counts that are known stay known but for the words that changed."""
        rows = self.ask(
            "SELECT DISTINCT word FROM tori_search.word WHERE build = %s AND serial > %s LIMIT %s",
            (known.build, known.serial, MOST_CHANGES),
        )
        if len(rows) == MOST_CHANGES:
            return {}
        changed = {word for (word,) in rows}
        return {word: counts for word, counts in list(known.counts.items()) if word not in changed}

    def _ranked(self, view: View, parsed: ParsedQuery, query: SearchQuery) -> Ranking:
        """Asks at once for the counts of the words that ranking will ask for one by one."""
        assert isinstance(view, _PostgresqlView)
        ranker = self.ranker
        wanted: dict[str, None] = {}
        bases = []
        for word in parsed.wanted:
            known = {word.form}
            for language in ranker.languages_of(word.form, query.locale):
                analysed = self.analyser.word(word.form, language)
                known.update(analysed.lemmas)
                wanted.update(dict.fromkeys((word.form, *analysed.lemmas, *analysed.roots)))
            bases.append(frozenset(known))
            for modifier, head in self.analyser.finnish.splits(word.form):
                wanted.update(dict.fromkeys((*modifier, *head)))
        for first, second in pairwise(parsed.wanted):
            wanted.update(dict.fromkeys(ranker.joined_forms(view.lexicon, first.form, second.form)))
        for found in ranker.vocabulary.find(bases):
            for link in found.links:
                for form in words(link.member.text):
                    wanted.update(dict.fromkeys((form, *self.analyser.word(form, link.member.language).lemmas)))
        view.learn(wanted)
        return super()._ranked(view, parsed, query)

    def lexicon_of(self, view: _PostgresqlView) -> Lexicon:
        """The words on the server where it has trigrams, else a copy of them in this process."""
        if self._has_trigrams is None:
            rows = self.ask(
                "SELECT count(*) FROM pg_indexes WHERE (schemaname, indexname) = ('tori_search', 'word_bare')"
            )
            self._has_trigrams = bool(rows[0][0])
        if self._has_trigrams:
            return _ServerLexicon(self, view)

        def make_elsewhere() -> tuple[object, Lexicon]:
            own = self._view()
            return own.token, Lexicon(own.word_counts()).prepared()

        return self._lexicon.get(view.token, lambda: Lexicon(view.word_counts()), make_elsewhere)

    def search(self, query: SearchQuery) -> SearchResult:
        """See `SearchEngine.search`."""
        with self.reading():
            return super().search(query)

    def suggest(self, prefix: str, locale: str = "fi", limit: int = 8) -> list[Suggestion]:
        """See `SearchEngine.suggest`."""
        with self.reading():
            return super().suggest(prefix, locale, limit)

    def themes_starting(self, prefix: str, locale: str = "fi") -> list[FacetValue]:
        """See `SearchEngine.themes_starting`."""
        with self.reading():
            return super().themes_starting(prefix, locale)

    def related(self, deed_id: int, limit: int = 4) -> list[int]:
        """See `SearchEngine.related`."""
        with self.reading():
            return super().related(deed_id, limit)

    def nearest(self, text: str, limit: int = 10) -> list[Hit]:
        """See `SearchEngine.nearest`."""
        with self.reading():
            return super().nearest(text, limit)

    def problem(self) -> str | None:
        """See `SearchEngine.problem`."""
        try:
            return self._problem_of(self._state())
        except IndexUnavailable as error:
            return str(error)

    def _problem_of(self, state: _State) -> str | None:
        if state.build is None:
            return "There is no search index yet."
        return ANOTHER_ANALYSIS if state.version != self.version else None

    def status(self) -> IndexStatus:
        """See `SearchEngine.status`."""
        try:
            state = self._state()
            rows = self.ask(
                "SELECT count(*) FROM tori_search.document WHERE build = %s AND columns IS NOT NULL", (state.build,)
            )
        except IndexUnavailable as error:
            return IndexStatus(self.name, 0, "", ready=False, problem=str(error))
        problem = self._problem_of(state)
        return IndexStatus(
            self.name,
            rows[0][0],
            state.version,
            ready=problem is None,
            last_sequence=state.last_sequence,
            problem=problem,
        )

    # Writing

    def replace(
        self, documents: Iterable[DeedDocument], removed: Iterable[int], last_sequence: int | None = None
    ) -> int:
        """See `SearchEngine.replace`."""
        deeds, gone = {deed.id: deed for deed in documents}, set(removed)
        try:
            with self._database.begin() as connection:
                state = self._locked(connection)
                if state.build is None:
                    raise IndexUnavailable("There is no search index yet.")
                self._write(connection, state, deeds.values(), gone - deeds.keys())
                if last_sequence is not None:
                    connection.exec_driver_sql("UPDATE tori_search.state SET last_sequence = %s", (last_sequence,))
        except SQLAlchemyError as error:
            raise IndexUnavailable(f"The search index cannot be written: {type(error).__name__}: {error}") from error
        return len(deeds) + len(gone - deeds.keys())

    def replace_within(self, connection: Connection, documents: Iterable[DeedDocument], removed: Iterable[int]) -> bool:
        """Like `replace`, in the transaction of the caller. False: the change must (also) be taken in later."""
        connection.exec_driver_sql(SHORT_WAIT)
        state = self._locked(connection)
        if state.build is None or state.version != self.version:
            return False
        deeds = {deed.id: deed for deed in documents}
        self._write(connection, state, deeds.values(), set(removed) - deeds.keys())
        # A build on its way may have read the deed before this change.
        return not state.is_building

    def _locked(self, connection: Connection) -> _State:
        return _State(*connection.exec_driver_sql(STATE + " FOR UPDATE").one())

    def _write(self, connection: Connection, state: _State, deeds: Iterable[DeedDocument], gone: set[int]) -> None:
        assert state.build is not None
        serial = state.serial + 1
        write(connection, state.build, serial, self._prepared(deeds), gone)
        connection.exec_driver_sql("UPDATE tori_search.state SET serial = %s", (serial,))
        self._drop_earlier(connection)

    def _prepared(self, deeds: Iterable[DeedDocument]) -> Iterator[Prepared]:
        return ((deed, indexed(deed, self.analyser)) for deed in deeds)

    @staticmethod
    def _drop_earlier(connection: Connection) -> None:
        """The build before the live one goes when nobody can be reading it any more."""
        found = connection.exec_driver_sql(
            "UPDATE tori_search.state SET earlier_build = NULL "
            "WHERE earlier_build IS NOT NULL AND switched_at < now() - interval '1 minute' RETURNING build"
        ).first()
        if found:
            for statement in DROP_OTHER_BUILDS:
                connection.exec_driver_sql(statement, (found[0],))

    def rebuild(self, documents: Iterable[DeedDocument], last_sequence: int = 0) -> int:
        """See `SearchEngine.rebuild`."""
        try:
            with self._reader.connect() as lock:
                if not lock.exec_driver_sql("SELECT pg_try_advisory_lock(%s)", (REBUILD_LOCK,)).scalar():
                    raise IndexLocked("The search index is being built by another process.")
                try:
                    return self._build(documents, last_sequence)
                finally:
                    lock.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (REBUILD_LOCK,))
        except (SQLAlchemyError, psycopg.Error) as error:
            raise IndexUnavailable(f"The search index cannot be built: {type(error).__name__}: {error}") from error

    def _build(self, documents: Iterable[DeedDocument], last_sequence: int) -> int:
        build, serial = self._begin_build()
        try:
            with self._database.begin() as connection, collecting_seldom():
                count = write_build(connection, build, serial, self._prepared(documents))
            with self._reader.connect() as connection:
                connection.exec_driver_sql("ANALYZE tori_search.document, tori_search.posting, tori_search.word")
            with self._database.begin() as connection:
                self._locked(connection)
                connection.exec_driver_sql(
                    "UPDATE tori_search.state SET earlier_build = build, build = %s, switched_at = now(), "
                    "version = %s, serial = serial + 1, last_sequence = %s, is_building = false",
                    (build, self.version, last_sequence),
                )
        except BaseException:
            with self._database.begin() as connection:
                connection.exec_driver_sql("UPDATE tori_search.state SET is_building = false")
            raise
        return count

    def _begin_build(self) -> tuple[int, int]:
        """A new number; what crashed builds left goes."""
        with self._database.begin() as connection:
            state = self._locked(connection)
            for statement in DROP_OTHER_BUILDS:
                connection.exec_driver_sql(statement, (state.build,))
            connection.exec_driver_sql("UPDATE tori_search.state SET is_building = true, earlier_build = NULL")
            return (state.build or 0) + 1, state.serial
