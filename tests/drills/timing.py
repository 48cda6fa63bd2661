"""F01, F02 many times over: the counts of the plan, for which the suite has no time."""

import signal
import threading
import time

from tests.drills.running import Row, folder, note
from tests.faults.clients import Member
from tests.faults.test_killed import check_database, publish_until_killed
from tests.site import Site

ROUNDS = 10


def run(rows: list[Row]) -> None:
    with folder() as place:
        site = Site(place)
        site.start()
        acknowledged: list[str] = []
        slowest = 0.0
        for turn in range(ROUNDS):
            member = Member(site)
            writer = threading.Thread(
                target=publish_until_killed, args=(member, f"Kierros {turn}", acknowledged), daemon=True
            )
            writer.start()
            time.sleep(1.0 + 0.17 * turn)
            site.stop(signal.SIGKILL)
            writer.join(timeout=20)
            began = time.monotonic()
            site.start()
            slowest = max(slowest, time.monotonic() - began)
        site.stop()
        check_database(place / "tori.sqlite3", set(acknowledged))
    outcome = f"{len(acknowledged)} deeds answered, all there and whole; ready again after {slowest:.1f} s at most"
    note(rows, "F01 F02", f"everything killed -9 while publishing, {ROUNDS} times", outcome, True)
