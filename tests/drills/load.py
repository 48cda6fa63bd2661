"""``make load``: the promise of 40 mixed requests a second, with writers, and what the machine held meanwhile."""

import argparse
import json
import threading
import time
from pathlib import Path

from tests.drills.running import Load, Processes, folder, get, memory_of
from tests.faults.clients import Member
from tests.site import Site

PER_SECOND = 40
CLIENTS = 16
P95, P99 = 0.5, 1.5
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--company", action="store_true", help="with a backup, a rebuilt index and a restart beside it")
    chosen = parser.parse_args()
    with folder() as place:
        site = Site(place, WEB_WORKERS="2")
        site.start()
        try:
            run(site, place, chosen.seconds, chosen.company)
        finally:
            site.stop()


def run(site: Site, place: Path, seconds: int, company: bool) -> None:
    assert site.process is not None
    failed: list[str] = []
    stop = threading.Event()
    writer = threading.Thread(target=write, args=(site, stop, failed))
    writer.start()
    before = memory_of(site.process.pid)
    with Load(site.port, paths(site.port), PER_SECOND, CLIENTS) as load:
        time.sleep(seconds / 2)
        if company:
            processes = Processes(place, {"TORI_INSTANCE": str(place), "DATABASE_URL": ""})
            processes.flask("backup", "create", str(place.parent / f"{place.name}.tar.gz"))
            (place.parent / f"{place.name}.tar.gz").unlink()
            processes.flask("search", "rebuild")
        time.sleep(seconds / 2)
    stop.set()
    writer.join(30)
    after = memory_of(site.process.pid)
    log = place / "tori.sqlite3-wal"
    bad = {status: count for status, count in load.statuses.items() if status != 200}
    memory = f"memory {before / 1e6:.0f} -> {after / 1e6:.0f} MB (PSS, all processes)"
    print(
        f"{len(load.times)} readings in {seconds} s ({len(load.times) / seconds:.0f}/s), not 200: {bad or 'none'}, "
        f"writing failed: {failed or 'never'}; p50 {load.share(0.5) * 1000:.0f}, p95 {load.share(0.95) * 1000:.0f}, "
        f"p99 {load.share(0.99) * 1000:.0f} ms; {memory}, "
        f"write-ahead log {log.stat().st_size / 1e6 if log.exists() else 0:.1f} MB"
    )
    kept = not bad and not failed and load.share(0.95) <= P95 and load.share(0.99) <= P99
    print("promise kept" if kept else "promise not kept on this machine now")


if __name__ == "__main__":
    main()
