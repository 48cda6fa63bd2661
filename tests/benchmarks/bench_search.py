"""Times the engines over the same made-up deeds: `make bench-search`, or `python -m tests.benchmarks.bench_search`.

Not a test. Deeds come from `tests.search.benchmark`; they are analysed once, so that engines are compared and not the
analysis. Each engine is built in a process of its own and then asked in a fresh one, whose memory is told. Times are
CPU milliseconds of that process and, for PostgreSQL, of its server processes too, so that a busy machine matters less.
FTS5 is a plain baseline: the same terms, all of them wanted, its own bm25, facets by SQL, no spelling, synonyms or
weak line. `--write` puts the table into docs/search.md.

PostgreSQL takes part when BENCH_DATABASE_URL names a database on this machine that may be emptied and is migrated;
`{deeds}` in it stands for the number of deeds, so that each size keeps its own. `--folder` keeps the analysed deeds and
what is built of them: what is there is not made again, so a long run can go on where it ended.
"""

import argparse
import gc
import json
import os
import pickle
import platform
import random
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from tests.benchmarks.report import put
from tests.search.benchmark import compounds, made_up
from tests.search.seed import documents
from tori.search import postgresql_engine, whoosh_engine
from tori.search.analysis import PART, analyser
from tori.search.fields import Indexed, indexed
from tori.search.port import DeedDocument, Filters, SearchQuery
from tori.search.words import words

DOCS = Path(__file__).parents[2] / "docs" / "search.md"
FILTERS = Filters(languages=("fi",))
FREQUENT = words(
    "työhyvinvointi henkilöstö palvelut koulu viestintä johtaminen osaaminen korona tiimi kokeilu digitalisaatio "
    "turvallisuus asiakas kotihoito strategia muutos"
)
NEW_WORDS = 60_000
COMMITS = 9
LARGE = 100_000
DEEDS = "deeds"

Analysed = Iterator[tuple[DeedDocument, Indexed]]


_READY: dict[int, Indexed] = {}


def _remembered(deeds: Analysed) -> Iterator[DeedDocument]:
    """Deeds whose analysis is at hand for the engine that asks for the next one."""
    for deed, found in deeds:
        _READY.clear()
        _READY[deed.id] = found
        yield deed


def _known(deed: DeedDocument, analysis: Any) -> Indexed:
    return _READY.get(deed.id) or indexed(deed, analysis)


class Engine(Protocol):
    """What is timed."""

    def build(self, deeds: Analysed) -> None: ...
    def ready(self) -> None: ...
    def size(self) -> int: ...
    def commit(self, deed: DeedDocument) -> None: ...
    def search(self, text: str) -> int: ...
    def browse(self, page: int) -> None: ...
    def suggest(self, beginning: str) -> None: ...


class Tori:
    """An engine of the service."""

    def __init__(self, made: Callable[[], Any], size: Callable[[], int]) -> None:
        self.size = size
        self.engine = made()

    def build(self, deeds: Analysed) -> None:
        for module in (whoosh_engine, postgresql_engine):
            module.indexed = _known  # type: ignore[attr-defined]
        self.engine.rebuild(_remembered(deeds))

    def ready(self) -> None:
        self.engine.warm()

    def commit(self, deed: DeedDocument) -> None:
        self.engine.replace([deed], ())

    def search(self, text: str) -> int:
        return int(self.engine.search(SearchQuery(text, FILTERS)).total)

    def browse(self, page: int) -> None:
        self.engine.search(SearchQuery(filters=FILTERS, page=page))

    def suggest(self, beginning: str) -> None:
        self.engine.suggest(beginning)


class Fts5:
    """SQLite's word index over the same terms."""

    FACETS = ("sector", "organisation", "region", "year", "language")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.base = sqlite3.connect(path, isolation_level=None)
        self.base.executescript(
            "PRAGMA journal_mode = WAL; "
            "CREATE TABLE IF NOT EXISTS deed "
            "(id INTEGER PRIMARY KEY, sector, organisation, region, year, language, published);"
            "CREATE TABLE IF NOT EXISTS deed_theme (id, theme);"
            "CREATE INDEX IF NOT EXISTS by_deed ON deed_theme (id);"
            "CREATE VIRTUAL TABLE IF NOT EXISTS terms USING fts5 "
            "(head, rest, tokenize = \"unicode61 remove_diacritics 0 tokenchars '+~-'\");"
            "CREATE VIRTUAL TABLE IF NOT EXISTS known USING fts5vocab (terms, row);"
        )

    def build(self, deeds: Analysed) -> None:
        self.base.execute("BEGIN")
        for deed, found in deeds:
            self._add(deed, found)
        self.base.execute("COMMIT")

    def ready(self) -> None:
        self.search("koulu")

    def _add(self, deed: DeedDocument, found: Indexed) -> None:
        for table in ("deed WHERE id", "deed_theme WHERE id", "terms WHERE rowid"):
            self.base.execute(f"DELETE FROM {table} = ?", (deed.id,))
        row = (
            deed.id,
            deed.sector,
            deed.organisation,
            deed.region,
            deed.year,
            deed.language,
            deed.published_at.isoformat(),
        )
        self.base.execute("INSERT INTO deed VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self.base.executemany("INSERT INTO deed_theme VALUES (?, ?)", [(deed.id, theme) for theme in deed.themes])
        heavy = " ".join(term for term, weight in found.weights.items() if weight >= 2)
        light = " ".join(term for term, weight in found.weights.items() if weight < 2)
        self.base.execute("INSERT INTO terms (rowid, head, rest) VALUES (?, ?, ?)", (deed.id, heavy, light))

    def size(self) -> int:
        self.base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self.path.stat().st_size

    def commit(self, deed: DeedDocument) -> None:
        self.base.execute("BEGIN")
        self._add(deed, indexed(deed, analyser()))
        self.base.execute("COMMIT")

    def search(self, text: str) -> int:
        wanted = []
        for form in words(text):
            lemmas = analyser().word(form, "fi").lemmas
            wanted.append("(" + " OR ".join(f'"{term}"' for lemma in lemmas for term in (lemma, PART + lemma)) + ")")
        asked = " AND ".join(wanted)
        self.base.execute(
            "SELECT terms.rowid FROM terms JOIN deed ON deed.id = terms.rowid WHERE terms MATCH ? AND language = 'fi' "
            "ORDER BY bm25(terms, 4, 1) LIMIT 20",
            (asked,),
        ).fetchall()
        ids = json.dumps([i for (i,) in self.base.execute("SELECT rowid FROM terms WHERE terms MATCH ?", (asked,))])
        for facet in self.FACETS:
            self.base.execute(
                f"SELECT {facet}, count(*) FROM deed JOIN json_each(?) AS hit ON hit.value = deed.id GROUP BY 1",
                (ids,),
            ).fetchall()
        self.base.execute(
            "SELECT theme, count(*) FROM deed_theme JOIN json_each(?) AS hit ON hit.value = deed_theme.id GROUP BY 1",
            (ids,),
        ).fetchall()
        return ids.count(",")

    def browse(self, page: int) -> None:
        for facet in self.FACETS:
            self.base.execute(f"SELECT {facet}, count(*) FROM deed GROUP BY 1").fetchall()
        self.base.execute("SELECT theme, count(*) FROM deed_theme GROUP BY 1").fetchall()
        self.base.execute(
            "SELECT id FROM deed WHERE language = 'fi' ORDER BY published DESC LIMIT 20 OFFSET ?", (page * 20,)
        ).fetchall()

    def suggest(self, beginning: str) -> None:
        self.base.execute(
            "SELECT term FROM known WHERE term >= ? AND term < ? ORDER BY doc DESC LIMIT 8",
            (beginning, beginning + "\U0010ffff"),
        ).fetchall()


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Clock:
    """CPU time of this process and of the server processes that it talks to."""

    def __init__(self, servers: Iterable[int] = ()) -> None:
        self.files = [Path(f"/proc/{pid}/schedstat") for pid in servers]

    def now(self) -> float:
        """Milliseconds."""
        return time.process_time() * 1000 + sum(int(file.read_text().split()[0]) for file in self.files) / 1e6


def _postgresql(url: str) -> tuple[Engine, Clock]:
    from sqlalchemy import create_engine, text

    database = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=2)
    with database.connect() as first, database.connect() as second:
        pids = [connection.execute(text("SELECT pg_backend_pid()")).scalar_one() for connection in (first, second)]

    def size() -> int:
        statement = (
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
            "WHERE relnamespace = 'tori_search'::regnamespace AND relkind = 'r'"
        )
        with database.connect() as connection:
            return int(connection.execute(text(statement)).scalar_one())

    return Tori(lambda: postgresql_engine.PostgresqlEngine(database), size), Clock(pids)


def _empty(url: str) -> None:
    from sqlalchemy import create_engine, text

    with create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1)).begin() as connection:
        connection.execute(text("TRUNCATE tori_search.document, tori_search.posting, tori_search.word"))
        connection.execute(text("UPDATE tori_search.state SET build = NULL, earlier_build = NULL"))


def _engine(name: str, folder: Path, url: str) -> tuple[Engine, Clock]:
    if name == "postgresql":
        return _postgresql(url)
    if name == "whoosh":
        return Tori(lambda: whoosh_engine.WhooshEngine(folder / "index"), lambda: _size_of(folder / "index")), Clock()
    return Fts5(folder / "fts5.sqlite3"), Clock()


def _kinds(new_words: list[str]) -> Iterator[tuple[str, list[str]]]:
    chance = random.Random(5)
    yield "one rare word, facets", [chance.choice(new_words) for _ in range(40)]
    yield "one common word, facets", FREQUENT
    yield (
        "three words, facets",
        [" ".join((*chance.sample(FREQUENT, 2), chance.choice(new_words[:3000]))) for _ in range(60)],
    )
    yield "three common words, facets", [" ".join(chance.sample(FREQUENT, 3)) for _ in range(60)]
    yield "a misspelt word, facets", [word[:3] + word[4:] for word in chance.sample(new_words, 40)]


def _stored(file: Path) -> Analysed:
    with file.open("rb") as handle:
        while True:
            try:
                yield pickle.load(handle)
            except EOFError:
                return


def _timed(clock: Clock, work: Callable[[], object]) -> float:
    started = clock.now()
    work()
    return clock.now() - started


def build(name: str, folder: Path, url: str) -> dict[str, str]:
    """Builds one engine from the analysed deeds."""
    if name == "postgresql":
        _empty(url)
    engine, clock = _engine(name, folder, url)
    seconds = _timed(clock, lambda: engine.build(_stored(folder / DEEDS))) / 1000
    return {"index all, CPU s": f"{seconds:.1f}", "size, MB": f"{engine.size() / 2**20:.0f}"}


def measure(name: str, folder: Path, url: str) -> dict[str, str]:
    """Asks one engine, in this process, which knows nothing yet. Tells p50 / p95."""
    new_words = compounds(random.Random(5), NEW_WORDS)
    figures: dict[str, str] = {}
    documents.cache_clear()
    gc.collect()
    engine, clock = _engine(name, folder, url)

    def note(kind: str, works: Iterable[Callable[[], object]]) -> None:
        times = sorted(_timed(clock, work) for work in works)
        figures[kind] = f"{times[len(times) // 2]:.1f} / {times[int(len(times) * 0.95)]:.1f}"

    figures["getting ready, once a process, CPU s"] = f"{_timed(clock, engine.ready) / 1000:.1f}"
    note("browsing with a filter, facets", [partial(engine.browse, page) for page in range(1, 21)])
    for kind, texts in _kinds(new_words):
        if name != "fts5" or "misspelt" not in kind:
            note(kind, [partial(engine.search, text) for text in texts])
    again = [text for kind, texts in _kinds(new_words) if kind.startswith("three") for text in texts]
    note("three words asked again", [partial(engine.search, text) for text in again])
    note("completion", [partial(engine.suggest, word[:4]) for word in (*FREQUENT, *new_words[:40])])
    figures["memory of the process, MB"] = str(_memory())
    changed = [replace(deed, title=f"Muutettu teko {deed.id}") for deed, _ in islice(_stored(folder / DEEDS), COMMITS)]
    for deed in changed:
        indexed(deed, analyser())
    note("commit of one deed", [partial(engine.commit, deed) for deed in changed])
    note("first search after a commit", [partial(engine.search, "koulu")])
    return figures


def _memory() -> int:
    """Anonymous memory; mapped files are the page cache of the system."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+)", status)
    return int(found[1]) // 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def analyse(count: int, file: Path) -> float:
    """Makes and analyses the deeds; tells the CPU seconds of the analysis."""
    seconds = 0.0
    with file.open("wb") as handle:
        for deed in made_up(count, compounds(random.Random(5), NEW_WORDS)):
            started = time.process_time()
            found = indexed(deed, analyser())
            seconds += time.process_time() - started
            pickle.dump((deed, found), handle, protocol=pickle.HIGHEST_PROTOCOL)
    return seconds


def table(results: dict[int, dict[str, dict[str, str]]], analysis: dict[int, float]) -> str:
    """Markdown: a column for each engine of each size."""
    columns = [(count, name) for count, found in results.items() for name in found]
    kinds = list(dict.fromkeys(kind for found in results.values() for one in found.values() for kind in one))
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    lines = [
        f"Measured on {date.today().isoformat()}: {os.cpu_count()} cores "
        f"({model[1] if model else platform.machine()}), Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.0f} from other work. Analysis, common to all and not in the figures: "
        + ", ".join(f"{seconds:.0f} CPU s for {count} deeds" for count, seconds in analysis.items())
        + ".",
        "",
        "| | " + " | ".join(f"{name}, {count}" for count, name in columns) + " |",
        "|---|" + "---:|" * len(columns),
    ]
    lines += [
        f"| {kind} | " + " | ".join(results[count][name].get(kind, "–") for count, name in columns) + " |"
        for kind in kinds
    ]
    return "\n".join(lines)


def kept(file: Path, make: Callable[[], Any]) -> Any:
    """What a file tells, made first when it is not there."""
    if not file.exists():
        made = make()
        file.write_text(json.dumps(made), encoding="utf-8")
    return json.loads(file.read_text(encoding="utf-8"))


def _in_own_process(name: str, folder: Path, url: str, step: str) -> Any:
    command = [sys.executable, "-m", "tests.benchmarks.bench_search", step, name, str(folder)]
    environment = {**os.environ, "BENCH_DATABASE_URL": url}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[700, 10_000])
    parser.add_argument("--large", action="store_true", help=f"{LARGE} deeds too; takes the better part of an hour")
    parser.add_argument("--engines", nargs="+", default=["whoosh", "postgresql", "fts5"])
    parser.add_argument("--folder", type=Path, help="keep what is made here, and use what is there")
    parser.add_argument("--build-only", action="store_true", help="ask nothing yet")
    parser.add_argument("--write", action="store_true", help="put the table into docs/search.md")
    parser.add_argument("--build", nargs=2, metavar=("ENGINE", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--ask", nargs=2, metavar=("ENGINE", "FOLDER"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    url = os.environ.get("BENCH_DATABASE_URL", "")
    for asked, work in ((chosen.build, build), (chosen.ask, measure)):
        if asked:
            print(json.dumps(work(asked[0], Path(asked[1]), url)))
            return
    engines = [name for name in chosen.engines if name != "postgresql" or url]
    results: dict[int, dict[str, dict[str, str]]] = {}
    analysis: dict[int, float] = {}
    for count in [*chosen.sizes, *([LARGE] if chosen.large else [])]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = chosen.folder / str(count) if chosen.folder else Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            analysis[count] = kept(folder / "analysis.json", partial(analyse, count, folder / DEEDS))
            for name in engines:
                step = partial(_in_own_process, name, folder, url.replace("{deeds}", str(count)))
                built = kept(folder / f"{name}.json", partial(step, "--build"))
                results.setdefault(count, {})[name] = built | ({} if chosen.build_only else step("--ask"))
                print(f"{count} {name}: {results[count][name]}", file=sys.stderr, flush=True)
    text = table(results, analysis)
    print(text)
    if chosen.write:
        put(DOCS, "bench-search", text)


if __name__ == "__main__":
    main()
