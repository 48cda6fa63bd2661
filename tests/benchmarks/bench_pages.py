"""Times the pages beside a bare Flask: `make bench`, or `python -m tests.benchmarks.bench_pages 700 10000`. Not a test.

Each row is measured in rounds, and in each round a bare Flask "hello" on the same server (gunicorn gthread,
2 processes of 4 threads) is measured just before and just after it; the ratio of each round counts, and the median of
the rounds is told. CPU time is that of all processes of the server, so that a busy machine matters less. Every load
ends by itself. Needs `wrk` (Debian package). `--write` puts the table into docs/performance.md, `--sites FOLDER` keeps
the made-up sites.
"""

import argparse
import contextlib
import http.client
import itertools
import os
import platform
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote_plus

from sqlalchemy import create_engine, text

from tests.benchmarks.made_site import made_site
from tests.benchmarks.report import put
from tests.faults.clients import Member
from tests.faults.test_proxy import NGINX, in_front
from tests.site import Site
from tori.edge import stored
from tori.search.words import words

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "performance.md"
SECONDS, CONNECTIONS, WARM_SECONDS = 3, 8, 1
START_SECONDS = 30
SETTLE_SECONDS, IDLE = 60, 0.01
BASE_URL = "http://127.0.0.1"
ADDRESSES = 100
HELLOS = 100
LEAST_OF_PART = 8
FIRSTS, WARM_FIRSTS = 60, 16
MANY_FIRSTS, WARM_MANY = 276, 76
"""A process answers some dozens before its code and caches are as they are for the rest of its life."""
LEAST_LETTERS = 4
ROWS_MB = "1000"
"""Room for the rows of 100 000 deeds."""
READY = "deed, first reading"
DEEDS_READ, PUBLISHED, PAUSE_SECONDS, WORK_SECONDS = 140, 5, 2, 12
JOBS_SECONDS, MAKING_ROUNDS = 15, 4
WORDS = words(
    "työhyvinvointi henkilöstö palvelut koulu viestintä johtaminen osaaminen korona tiimi kokeilu digitalisaatio "
    "turvallisuus asiakas kotihoito strategia muutos kirjasto nuoret perhe ruoka metsä liikunta vesi kaava"
)
LUA = """
local paths = {}
for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
local at, etag = math.random(#paths), os.getenv("BENCH_ETAG")
local headers = {["Host"] = "127.0.0.1", ["Accept-Encoding"] = "gzip"}
if etag ~= "" then headers["If-None-Match"] = etag end
request = function() at = at % #paths + 1; return wrk.format("GET", paths[at], headers) end
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """The process and its children. One may end meanwhile."""
    children: list[str] = []
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in family(int(child)))]


def cpu_seconds(pid: int) -> float:
    """Of all processes and threads that are there now."""
    nanoseconds = 0
    for one in family(pid):
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                with contextlib.suppress(OSError):
                    nanoseconds += int((task / "schedstat").read_text().split()[0])
    return nanoseconds / 1e9


def memory_mb(pid: int) -> float:
    """Proportional: pages shared by the processes count once."""
    total = 0
    for one in family(pid):
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.M)
            total += int(found.group(1)) if found else 0
    return total / 1024


@dataclass
class Server:
    pid: int
    port: int
    started_in: float
    in_front: int | None = None
    """The process of a proxy that counts as well."""

    @property
    def cpu(self) -> float:
        return cpu_seconds(self.pid) + (cpu_seconds(self.in_front) if self.in_front else 0)


@contextlib.contextmanager
def server(app: str, program: str = "gunicorn", **environment: str) -> Iterator[Server]:
    port = free_port()
    commands = {
        "gunicorn": [
            "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--preload", "--workers", "2", "--threads", "4",
            "--keep-alive", "75", "--no-control-socket", "--log-level", "warning",
            *(["--config", "python:tori.web_server"] if app == "wsgi:app" else ["--worker-class", "gthread"]), app,
        ],
        "granian": [
            "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2", "--blocking-threads", "4",
            "--no-ws", "--log-level", "warning", app,
        ],
    }  # fmt: skip
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *commands[program]], cwd=ROOT, env={**os.environ, "PORT": str(port), **environment}
    )
    try:
        while time.monotonic() - begun < START_SECONDS:
            with contextlib.suppress(OSError):
                ask(port, "/")
                break
            time.sleep(0.02)
        yield Server(process.pid, port, time.monotonic() - begun)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def settle(target: Server) -> None:
    """Waits until the search has been made ready beside the first requests."""
    for _ in range(SETTLE_SECONDS):
        before = cpu_seconds(target.pid)
        time.sleep(1)
        if cpu_seconds(target.pid) - before < IDLE:
            return


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


@dataclass
class Load:
    """Milliseconds of CPU and requests each second of one run."""

    cpu: float
    rate: float


def load(target: Server, paths: list[str], etag: str = "", seconds: int = SECONDS) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        script, list_of_paths = Path(folder, "ask.lua"), Path(folder, "paths")
        script.write_text(LUA)
        list_of_paths.write_text("\n".join(paths))
        before = target.cpu
        told = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "-s", script, f"http://127.0.0.1:{target.port}"],
            env={**os.environ, "BENCH_PATHS": str(list_of_paths), "BENCH_ETAG": etag},
            capture_output=True, text=True, check=True, timeout=seconds + 60,
        ).stdout  # fmt: skip
        spent = target.cpu - before
    if "Non-2xx or 3xx responses" in told:
        raise SystemExit(f"errors among the answers:\n{told}")
    count = int(re.search(r"(\d+) requests in", told).group(1))  # type: ignore[union-attr]
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told).group(1))  # type: ignore[union-attr]
    return Load(spent / max(1, count) * 1000, rate)


class Line:
    """One connection that stays, and so one process that answers: for machines where others work, too."""

    def __init__(self, target: Server) -> None:
        self.target = target
        self.connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)

    def ask(self, paths: list[str], count: int, etag: str = "") -> Load:
        headers = {"Accept-Encoding": "gzip", **({"If-None-Match": etag} if etag else {})}
        before, begun = self.target.cpu, time.monotonic()
        for path in itertools.islice(itertools.cycle(paths), count):
            self.connection.request("GET", path, headers=headers)
            answer = self.connection.getresponse()
            answer.read()
            if answer.status not in (200, 304):
                raise SystemExit(f"{answer.status} for {path}")
        spent = self.target.cpu - before
        return Load(spent / count * 1000, count / (time.monotonic() - begun))


@dataclass
class Row:
    name: str
    paths: list[str]
    cached: bool = False
    is_304: bool = False
    program: str = "gunicorn"
    cpu: list[float] = field(default_factory=list)
    cpu_ratio: list[float] = field(default_factory=list)
    rate_ratio: list[float] = field(default_factory=list)

    def measure(self, target: Server, hello: Server, rounds: int, count: int) -> None:
        etag = ask(target.port, self.paths[0]).headers["ETag"] if self.is_304 else ""
        if count:
            self._count(Line(target), Line(hello), rounds, count, etag)
            return
        load(target, self.paths, etag, WARM_SECONDS)
        for _ in range(rounds):
            self._note(load(hello, ["/"]), load(target, self.paths, etag), load(hello, ["/"]))

    def _count(self, own: Line, hello: Line, rounds: int, count: int, etag: str) -> None:
        own.ask(self.paths, 2 * len(self.paths))
        hello.ask(["/"], count)
        for _ in range(rounds):
            self._note(hello.ask(["/"], count), own.ask(self.paths, count, etag), hello.ask(["/"], count))

    def _note(self, first: Load, own: Load, last: Load) -> None:
        self.cpu.append(own.cpu)
        self.cpu_ratio.append((first.cpu + last.cpu) / 2 / own.cpu)
        self.rate_ratio.append(own.rate / ((first.rate + last.rate) / 2))

    def line(self) -> str:
        middle = statistics.median
        return (
            f"| {self.name} | {middle(self.cpu):.2f} | {middle(self.cpu_ratio):.2f} "
            f"({min(self.cpu_ratio):.2f}–{max(self.cpu_ratio):.2f}) | {middle(self.rate_ratio):.2f} |"
        )


def of_database(site: Path, statement: str) -> list[str]:
    engine = create_engine(f"sqlite:///{site}/tori.sqlite3")
    try:
        with engine.connect() as connection:
            return list(connection.scalars(text(statement)))
    finally:
        engine.dispose()


def deed_paths(site: Path) -> list[str]:
    found = of_database(site, "SELECT '/teot/' || id || '-' || slug FROM deed WHERE status = 'published' ORDER BY id")
    random.Random(1).shuffle(found)
    return found


def rows_of(site: Path) -> list[Row]:
    chance = random.Random(1)
    deeds = deed_paths(site)
    sectors = of_database(site, "SELECT slug FROM sector")
    lists = [f"/teot?toimiala={sector}&sivu={page}" for sector in sectors for page in (1, 2, 3)]
    pairs = [f"/teot?q={quote_plus(f'{one} {other}')}" for one in WORDS for other in WORDS if one < other]
    one_page = deeds[:1]
    return [
        Row("front page", ["/"]),
        Row("list of a sector, facets, pages 1–3", lists),
        Row("deed", deeds[:ADDRESSES]),
        Row("search, 1 word", [f"/teot?q={quote_plus(word)}" for word in WORDS]),
        Row("search, 2 words", chance.sample(pairs, min(ADDRESSES, len(pairs)))),
        Row("kept page", one_page, cached=True),
        Row("kept page, 304", one_page, cached=True, is_304=True),
    ]


@contextlib.contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """Its memory, twice a second, until the end."""
    seen: list[float] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            seen.append(memory_mb(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def served(made: Path, rows: list[Row]) -> str:
    """The whole site as ``serve`` starts it with nothing stored: when it first answers, and its memory."""
    with tempfile.TemporaryDirectory() as folder:
        place = shutil.copytree(made, Path(folder, "site"), ignore=shutil.ignore_patterns(stored.FOLDER))
        site = Site(place, WEB_WORKERS="2")
        begun = time.monotonic()
        site.begin()
        assert site.process is not None
        target = Server(site.process.pid, site.port, 0)
        try:
            while time.monotonic() - begun < START_SECONDS:
                with contextlib.suppress(OSError):
                    ask(site.port, "/")
                    break
                time.sleep(0.02)
            first_answer = time.monotonic() - begun
            site.wait()
            with watched(target.pid) as starting:
                time.sleep(JOBS_SECONDS)
            with watched(target.pid) as making:
                for _ in range(MAKING_ROUNDS):
                    settle(target)
            with watched(target.pid) as resting:
                time.sleep(WORK_SECONDS)
            with watched(target.pid) as reading:
                for row in (rows[0], rows[1], rows[3], rows[4]):
                    Line(target).ask(row.paths, min(len(row.paths), 2 * FIRSTS))
                for path in deed_paths(made)[:DEEDS_READ]:
                    ask(site.port, path)
                member = Member(site)
                for number in range(PUBLISHED):
                    member.publish(f"Mittaus {number}")
                    time.sleep(PAUSE_SECONDS)
                    Line(target).ask(["/", *rows[1].paths[:3], *rows[3].paths[:3]], 14)
            time.sleep(WORK_SECONDS)
            used = memory_mb(target.pid)
        finally:
            site.stop()
    return (
        f"`serve`, all its processes (PSS), started with nothing stored: at most {max(starting):.0f} MB while the "
        f"jobs of the day run, {max(making):.0f} MB while the worker makes pages, "
        f"{statistics.median(resting):.0f} MB at rest (median of {WORK_SECONDS} seconds); at most "
        f"{max(reading):.0f} MB while {DEEDS_READ} deeds, lists and searches are read and {PUBLISHED} deeds published, "
        f"{used:.0f} MB {WORK_SECONDS} seconds later. First answer {first_answer:.1f} s after the start."
    )


def first_readings(site: Path) -> list[tuple[str, list[str]]]:
    """Addresses that are asked for once each. Those of ``READY`` are asked for when the worker has made the pages."""
    chance = random.Random(2)
    engine = create_engine(f"sqlite:///{site}/tori.sqlite3")
    with engine.connect() as connection:
        published = connection.execute(text("SELECT id, slug FROM deed WHERE status = 'published'"))
        deeds = [f"/teot/{row.id}-{row.slug}" for row in published]
        texts = connection.scalars(text("SELECT summary || ' ' || body FROM deed ORDER BY id LIMIT 1000")).all()
        sectors = list(connection.scalars(text("SELECT slug FROM sector")))
        themes = list(connection.scalars(text("SELECT slug FROM theme")))
    engine.dispose()
    chance.shuffle(deeds)
    lists = [f"/teot?toimiala={sector}&sivu={page}" for sector in sectors for page in (1, 2, 3, 4, 5)]
    pairs = [f"/teot?toimiala={sector}&teema={theme}" for sector in sectors for theme in themes]
    searches = [f"/teot?q={quote_plus(f'{one} {other}')}" for one in WORDS for other in WORDS if one < other]
    told = (word for own in texts for word in chance.sample(words(own), 3) if len(word) >= LEAST_LETTERS)
    rare = [f"/teot?q={quote_plus(word)}" for word in dict.fromkeys(told) if word not in WORDS]
    return [
        ("deed, first reading, before the worker", deeds[:FIRSTS]),
        (READY, deeds[FIRSTS : 2 * FIRSTS]),
        ("list of a sector, pages 1–5, first reading", chance.sample(lists, len(lists))),
        ("list of a sector and a theme, first reading", chance.sample(pairs, min(len(pairs), MANY_FIRSTS))),
        ("search, 2 words, first reading", chance.sample(searches, MANY_FIRSTS)),
        ("search, 1 word of the texts, each another, first reading", chance.sample(rare, MANY_FIRSTS)),
    ]


def read_first(target: Server, hello: Server, site: Path, only_rows: bool, **environment: str) -> list[str]:
    """Each row in parts, with "hello" before and after each. ``only_rows``: of lists and searches, when the worker has
    made their rows, for the pages of many deeds take long."""
    lines = []
    firsts = first_readings(site)
    if only_rows:
        firsts = [row for row in firsts if len(row[1]) == MANY_FIRSTS]
        make_pages("rows", **environment)
        settle(target)
    for name, paths in firsts:
        if name == READY:
            make_pages(**environment)
            settle(target)
        # A connection would not outlive the making of pages.
        line, reference = Line(target), Line(hello)
        # Neither loading templates nor opening the connections of each thread is part of any row.
        warm = WARM_MANY if len(paths) == MANY_FIRSTS else WARM_FIRSTS
        line.ask(paths[:warm], warm)
        costs, ratios = [], []
        after = reference.ask(["/"], HELLOS).cpu
        for part in parts_of(paths[warm:]):
            before, own = after, line.ask(part, len(part)).cpu
            after = reference.ask(["/"], HELLOS).cpu
            costs.append(own)
            ratios.append((before + after) / 2 / own)
        middle = statistics.median
        span = f"{min(ratios):.2f}–{max(ratios):.2f}"
        lines.append(f"| {name} | {middle(costs):.2f} | {middle(ratios):.2f} ({span}) | – |")
        print(lines[-1], flush=True)
    return lines


def parts_of(paths: list[str]) -> list[list[str]]:
    """Ten, or as many as have so many addresses: what others do on the machine changes within half a second."""
    count = min(10, len(paths) // LEAST_OF_PART)
    return [paths[number::count] for number in range(count)]


def make_pages(*what: str, **environment: str) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.make_pages", *what]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=True)


def behind_nginx(kept: Server, hello: Server, rows: list[Row], rounds: int) -> list[str]:
    """With the lines of docs/operations.md: few addresses, asked for often in the second that nginx keeps them."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        with in_front(Path(folder), port, kept.port) as pid:
            proxy = Server(kept.pid, port, 0, pid)
            for row in (rows[0], rows[1], rows[2], rows[3]):
                row.name += ", behind nginx"
                row.paths = row.paths[:5]
                # On one connection each request would wake nginx anew: a crowd comes on many.
                row.measure(proxy, hello, rounds, 0)
                print(row.line(), flush=True)
                lines.append(row.line())
    return lines


def measure(count: int, sites: Path, rounds: int, requests: int, granian: bool, only_rows: bool) -> list[str]:
    """``only_rows``: neither the pages of deeds nor the whole site, which take long when there are many."""
    site = made_site(sites / str(count), count)
    # What the run before has stored would be no first reading.
    shutil.rmtree(site / "pages", ignore_errors=True)
    settings = {"TORI_INSTANCE": str(site), "SECRET_KEY": "bench", "TORI_DEMO": "0", "BASE_URL": BASE_URL}
    if only_rows:
        settings["SHARED_PAGES_MB"] = ROWS_MB
    lines = []
    rows = rows_of(site)
    with server("tests.benchmarks.hello:app") as hello, server("wsgi:app", PAGE_CACHE_MB="0", **settings) as bare:
        settle(bare)
        Line(hello).ask(["/"], HELLOS)
        firsts = read_first(bare, hello, site, only_rows, PAGE_CACHE_MB="0", **settings)
        for row in rows:
            if not row.cached:
                row.measure(bare, hello, rounds, requests)
                print(row.line(), flush=True)
        lines += [row.line() for row in rows if not row.cached]
        lines += firsts
        with server("wsgi:app", PROXY_HOPS="1", **settings) as kept:
            settle(kept)
            for row in rows:
                if row.cached:
                    row.measure(kept, hello, rounds, requests)
                    print(row.line(), flush=True)
            lines += [row.line() for row in rows if row.cached]
            if NGINX:
                lines += behind_nginx(kept, hello, rows_of(site), rounds)
        if granian:
            with server("wsgi:app", program="granian", **settings) as kept:
                for row in rows_of(site):
                    if row.cached:
                        row.name += ", granian"
                        row.measure(kept, hello, rounds, requests)
                        print(row.line(), flush=True)
                        lines.append(row.line())
    facts = "" if only_rows else served(site, rows_of(site))
    return [
        f"### {count} deeds", "",
        "| page | CPU ms | CPU ratio (least–most) | requests/s ratio |", "|---|---:|---:|---:|",
        *lines, "", facts, "",
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", type=int, nargs="*", default=[700, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=0, help="so many on one connection instead of wrk and seconds")
    parser.add_argument("--sites", type=Path)
    parser.add_argument("--granian", action="store_true", help="also on granian, when it is installed")
    parser.add_argument("--only-rows", action="store_true", help="for many deeds: no pages of deeds, no memory")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        lines = []
        for count in chosen.counts:
            sites = chosen.sites or Path(scratch)
            lines += measure(count, sites, chosen.rounds, chosen.requests, chosen.granian, chosen.only_rows)
    head = (
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} processors ({platform.machine()}), "
        f"Python {platform.python_version()}, load {os.getloadavg()[1]:.1f} at the end, {chosen.rounds} rounds of "
        + (
            f"{chosen.requests} requests on one connection (behind nginx {SECONDS} s, {CONNECTIONS} connections)."
            if chosen.requests
            else f"{SECONDS} s, {CONNECTIONS} connections."
        )
    )
    table = "\n".join([head, "", *lines])
    print(table)
    if chosen.write:
        put(DOCS, "bench-rows" if chosen.only_rows else "bench", table)


if __name__ == "__main__":
    main()
