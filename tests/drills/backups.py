"""F12: everything is lost, and comes back on another machine from an encrypted backup, by the runbook."""

import shutil
import time
from pathlib import Path

import pyrage

from tests.drills.running import Processes, Row, folder, free_port, note
from tests.faults.clients import Member, fetch
from tests.site import Site


def run(rows: list[Row]) -> None:
    with folder() as place:
        _run(rows, place)


def _run(rows: list[Row], place: Path) -> None:
    key = pyrage.x25519.Identity.generate()
    (place / "key").write_text(f"{key}\n")
    first = place / "first"
    first.mkdir()
    site = Site(first, BACKUP_RECIPIENT=str(key.to_public()))
    began = time.monotonic()
    site.start()
    note(rows, "F12", "a new site opens", f"first answer after {time.monotonic() - began:.1f} s", True)
    member = Member(site)
    titles = [f"Ennen tuhoa {number}" for number in range(5)]
    assert all(member.publish(title) for title in titles)
    here = Processes(place, {"TORI_INSTANCE": str(first), "BACKUP_RECIPIENT": str(key.to_public()), "DATABASE_URL": ""})
    target = place / "copy.tar.gz.age"
    began = time.monotonic()
    here.flask("backup", "create", str(target))
    made = time.monotonic() - began
    note(
        rows, "F11", "encrypted backup of the running site", f"{made:.1f} s, {target.stat().st_size / 1e6:.1f} MB", True
    )
    site.stop(9)
    shutil.rmtree(first)
    # The runbook: restore, upgrade, rebuild, start.
    began = time.monotonic()
    second = place / "second"
    second.mkdir()
    there = Processes(place, {"TORI_INSTANCE": str(second), "DATABASE_URL": ""})
    there.flask("backup", "verify", str(target), "--identity", str(place / "key"))
    there.flask("backup", "restore", str(target), "--identity", str(place / "key"))
    there.flask("db", "upgrade")
    there.flask("search", "rebuild")
    again = Site(second)
    again.port = free_port()
    again.url = f"http://127.0.0.1:{again.port}"
    again.start()
    took = time.monotonic() - began
    try:
        page = fetch(again, "/teot?q=tuhoa").text
        held = all(title in page for title in titles)
    finally:
        again.stop()
    note(
        rows,
        "F12",
        "everything deleted, restored elsewhere by the runbook",
        f"{took:.0f} s, every deed there: {held}",
        held,
    )
