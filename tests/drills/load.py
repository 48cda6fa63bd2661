"""``make load``: the promise of 40 mixed requests a second, with writers, and what the machine held meanwhile."""

import argparse
import contextlib
import http.client
import shutil
import threading
import time
from collections import Counter
from pathlib import Path

from tests.benchmarks.made_site import made_site
from tests.drills.load_mix import HANDS, Writers, asked_for, digests_written, make_digest_due, settle
from tests.drills.running import Load, PostgreSQL, Processes, folder, handles_of, memory_of, part_of
from tests.site import Site

READINGS_PER_SECOND = 38
"""With the two writes a second of `Writers`: 40 requests, 5 of 100 of them writing."""
DEEDS = 20_000
CLIENTS = 16
P95, P99 = 0.5, 1.5
P95_UNDER_ATTACK = 2.0
WARM_SECONDS = 10
ATTACKER = "203.0.113.7"


def attack(port: int, stop: threading.Event, statuses: Counter[int]) -> None:
    """Somebody who asks for odd searches as fast as they can, and tries passwords, from one address."""
    number = 0
    while not stop.is_set():
        number += 1
        path = f"/teot?q=x{number}" if number % 3 else "/kirjaudu"
        method, body = ("GET", None) if number % 3 else ("POST", "email=admin%40example.org&password=arvaus")
        headers = {"X-Forwarded-For": ATTACKER, "Content-Type": "application/x-www-form-urlencoded"}
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            try:
                connection.request(method, path, body, headers)
                with connection.getresponse() as answer:
                    answer.read()
                    statuses[answer.status] += 1
            except (OSError, http.client.HTTPException):
                statuses[0] += 1


def company(place: Path, lines: list[str]) -> None:
    """A backup, a rebuilt index and the digest, all at once."""
    processes = Processes(place, {"TORI_INSTANCE": str(place), "DATABASE_URL": ""})
    backup = place.parent / f"{place.name}.tar.gz"
    began = time.monotonic()
    make_digest_due(place)
    try:
        processes.flask("backup", "create", str(backup))
        backup.unlink()
        processes.flask("search", "rebuild")
    except SystemExit as error:
        lines.append(f"backup or rebuilt index failed: {error}")
    else:
        lines.append(f"backup and rebuilt index meanwhile: {time.monotonic() - began:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--windows", type=int, default=1, help="figures of so many parts of the time, for a soak")
    parser.add_argument("--company", action="store_true", help="with a backup, a rebuilt index and a digest beside it")
    parser.add_argument("--attack", action="store_true", help="with somebody who asks as fast as they can")
    parser.add_argument("--deeds", type=int, default=DEEDS, help="how many deeds the made-up site has")
    parser.add_argument("--sites", type=Path, help="where made-up sites are kept")
    parser.add_argument("--postgresql", action="store_true", help="of a PostgreSQL of its own, index and all")
    chosen = parser.parse_args()
    if chosen.postgresql and chosen.company:
        parser.error("--company knows SQLite only")
    with folder() as place, contextlib.ExitStack() as after:
        shutil.copytree(
            made_site((chosen.sites or place / "made") / f"{chosen.deeds}", chosen.deeds), place, dirs_exist_ok=True
        )
        settle(place)
        settings = {}
        if chosen.postgresql:
            database = PostgreSQL()
            after.callback(database.close)
            settings = moved(place, database)
        site = Site(place, WEB_WORKERS="2", PROXY_HOPS="1", **settings)
        site.start()
        try:
            run(site, place, chosen)
        finally:
            site.stop()
            troubles = [line for line in site.log.read_text().splitlines() if " ERROR " in line]
            print(f"errors in the log: {len(troubles)}", *troubles[:5], sep="\n")


def moved(place: Path, database: PostgreSQL) -> dict[str, str]:
    """Copies a site into the database, as its documentation says. Returns the settings with which it runs there."""
    settings = {"DATABASE_URL": database.url, "SEARCH_URL": "postgresql:"}
    before = Processes(place, {"TORI_INSTANCE": str(place), "DATABASE_URL": ""})
    after = Processes(place, {"TORI_INSTANCE": str(place), **settings})
    for step, processes, arguments in (
        ("tables", after, ("db", "upgrade")),
        ("rows copied", before, ("db-copy", database.url)),
        ("index built", after, ("search", "rebuild")),
    ):
        began = time.monotonic()
        processes.flask(*arguments)
        print(f"PostgreSQL, {step}: {time.monotonic() - began:.0f} s", flush=True)
    return settings


def told(times: list[float]) -> str:
    times = sorted(times)
    parts = (f"p{part * 100:.0f} {1000 * part_of(times, part):.0f}" for part in (0.5, 0.95, 0.99))
    return f"{', '.join(parts)}, most {1000 * times[-1]:.0f} ms" if times else "none"


def of_window(load: Load, begin: float, end: float, p95: float) -> tuple[str, bool]:
    found = [(took, status) for began, took, status in load.times if begin <= began < end]
    times = sorted(took for took, _status in found)
    bad = Counter(status for _took, status in found if status != 200)
    kept = bool(times) and not bad and part_of(times, 0.95) <= p95 and part_of(times, 0.99) <= P99
    speed = len(found) / (end - begin)
    return f"{len(found)} readings ({speed:.0f}/s), not 200: {dict(bad) or 'none'}, {told(times)}", kept


def run(site: Site, place: Path, chosen: argparse.Namespace) -> None:
    assert site.process is not None
    lines: list[str] = []
    attacked: Counter[int] = Counter()
    stop = threading.Event()
    writers = Writers(site, place)
    beside = [threading.Thread(target=writers.write, args=(stop,)) for _hand in range(HANDS)]
    if chosen.attack:
        beside.append(threading.Thread(target=attack, args=(site.port, stop, attacked)))
    if chosen.company:
        beside.append(threading.Thread(target=company, args=(place, lines)))
    kept = True
    # The site reads what it needs in its first seconds.
    time.sleep(WARM_SECONDS)
    print(f"memory before {memory_of(site.process.pid) / 1e6:.0f} MB (PSS, all processes)", flush=True)
    with Load(site.port, asked_for(place), READINGS_PER_SECOND, chosen.clients) as load:
        for thread in beside:
            thread.start()
        for number in range(chosen.windows):
            begin = time.monotonic()
            time.sleep(chosen.seconds / chosen.windows)
            figures, good = of_window(load, begin, time.monotonic(), P95_UNDER_ATTACK if chosen.attack else P95)
            kept = kept and good
            memory, handles = memory_of(site.process.pid) / 1e6, handles_of(site.process.pid)
            print(f"{number + 1}: {figures}; memory {memory:.0f} MB, {handles} open files", flush=True)
        stop.set()
    for thread in beside:
        thread.join(600)
    log = place / "tori.sqlite3-wal"
    if chosen.company:
        lines.append(f"digests written: {digests_written(place)}")
    if chosen.attack:
        lines.append(f"answers to the attacker: {dict(attacked)}")
    lines.append(f"writing: {told(writers.took)}; {dict(sorted(writers.answers.items()))}")
    lines.append(f"failed: {dict(Counter(writers.failed)) or 'none'}")
    lines.append(f"write-ahead log {log.stat().st_size / 1e6 if log.exists() else 0:.1f} MB")
    for line in lines:
        print(line)
    print("promise kept" if kept and not writers.failed else "promise not kept on this machine now")


if __name__ == "__main__":
    main()
