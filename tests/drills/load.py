"""``make load``: the promise of 40 mixed requests a second, with writers, and what the machine held meanwhile."""

import argparse
import contextlib
import http.client
import json
import shutil
import threading
import time
from collections import Counter
from pathlib import Path

from tests.drills.running import Load, Processes, folder, get, memory_of
from tests.faults.clients import Member
from tests.site import Site

PER_SECOND = 40
CLIENTS = 16
P95, P99 = 0.5, 1.5
WARM_SECONDS = 10
ATTACKER = "203.0.113.7"
LISTS = ["/", "/teot", "/teot?q=kirjasto", "/teot?q=digi+palvelu", "/teot?sivu=2", "/tilastot", "/teot?q=koulu"]


def paths(port: int) -> list[str]:
    """35 parts lists and searches, 45 deeds, 15 interface; the writers are apart."""
    items = json.loads(get(port, "/api/v1/deeds?per_page=50")[1])["items"]
    deeds = [item["url"].partition(str(port))[2] for item in items]
    mixed = [LISTS[number % len(LISTS)] for number in range(35)]
    mixed += [deeds[number % len(deeds)] for number in range(45)]
    mixed += [f"/api/v1/deeds?per_page=20&q={word}" for word in ("koulu", "hoiva", "kirjasto")] * 5
    return mixed


def write(site: Site, stop: threading.Event, failed: list[str]) -> None:
    member = Member(site)
    number = 0
    # An account publishes 60 deeds an hour at most; the rest of the time it keeps drafts.
    while not stop.wait(0.5):
        number += 1
        try:
            reply = member.ask("GET", "/oma") if number % 2 else member.try_to_publish(f"Kuormitus {number}")
            if reply.status not in (200, 303, 429, 422):
                failed.append(str(reply.status))
        except OSError as error:
            failed.append(repr(error))


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
    processes = Processes(place, {"TORI_INSTANCE": str(place), "DATABASE_URL": ""})
    backup = place.parent / f"{place.name}.tar.gz"
    began = time.monotonic()
    processes.flask("backup", "create", str(backup))
    backup.unlink()
    processes.flask("search", "rebuild")
    lines.append(f"backup and rebuilt index meanwhile: {time.monotonic() - began:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--windows", type=int, default=1, help="figures of so many parts of the time, for a soak")
    parser.add_argument("--company", action="store_true", help="with a backup and a rebuilt index beside it")
    parser.add_argument("--attack", action="store_true", help="with somebody who asks as fast as they can")
    parser.add_argument("--site", type=Path, help="an instance folder to copy; the seed content when left out")
    chosen = parser.parse_args()
    with folder() as place:
        if chosen.site:
            shutil.copytree(chosen.site, place, dirs_exist_ok=True)
        site = Site(place, WEB_WORKERS="2", PROXY_HOPS="1")
        site.start()
        try:
            run(site, place, chosen)
        finally:
            site.stop()


def of_window(load: Load, begin: float, end: float) -> tuple[str, bool]:
    found = [(took, status) for began, took, status in load.times if begin <= began < end]
    times = sorted(took for took, _status in found)
    bad = Counter(status for _took, status in found if status != 200)
    share = {part: times[min(len(times) - 1, int(part * len(times)))] for part in (0.5, 0.95, 0.99)} if times else {}
    kept = bool(times) and not bad and share[0.95] <= P95 and share[0.99] <= P99
    figures = ", ".join(f"p{part * 100:.0f} {value * 1000:.0f}" for part, value in share.items())
    return (
        f"{len(found)} readings ({len(found) / (end - begin):.0f}/s), not 200: {dict(bad) or 'none'}, {figures} ms",
        kept,
    )


def run(site: Site, place: Path, chosen: argparse.Namespace) -> None:
    assert site.process is not None
    failed: list[str] = []
    lines: list[str] = []
    attacked: Counter[int] = Counter()
    stop = threading.Event()
    beside = [threading.Thread(target=write, args=(site, stop, failed))]
    if chosen.attack:
        beside.append(threading.Thread(target=attack, args=(site.port, stop, attacked)))
    if chosen.company:
        beside.append(threading.Thread(target=company, args=(place, lines)))
    kept = True
    asked = paths(site.port)
    # The site reads what it needs in its first seconds.
    time.sleep(WARM_SECONDS)
    print(f"memory before {memory_of(site.process.pid) / 1e6:.0f} MB (PSS, all processes)", flush=True)
    with Load(site.port, asked, PER_SECOND, chosen.clients) as load:
        for thread in beside:
            thread.start()
        for number in range(chosen.windows):
            begin = time.monotonic()
            time.sleep(chosen.seconds / chosen.windows)
            figures, good = of_window(load, begin, time.monotonic())
            kept = kept and good
            memory = memory_of(site.process.pid) / 1e6
            print(f"{number + 1}: {figures}; memory {memory:.0f} MB", flush=True)
        stop.set()
    for thread in beside:
        thread.join(60)
    log = place / "tori.sqlite3-wal"
    for line in lines:
        print(line)
    if chosen.attack:
        print(f"answers to the attacker: {dict(attacked)}")
    print(
        f"writing failed: {failed or 'never'}; write-ahead log {log.stat().st_size / 1e6 if log.exists() else 0:.1f} MB"
    )
    print("promise kept" if kept and not failed else "promise not kept on this machine now")


if __name__ == "__main__":
    main()
