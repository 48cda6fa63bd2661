"""F25: the code of before the newest migration serves the schema of after it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.drills.running import Processes, Row, folder, free_port, get, note, wait_ready
from tests.faults.clients import Member
from tests.site import ROOT, Site

PATHS = (
    "/",
    "/teot",
    "/teot?q=koulu",
    "/kampanjat",
    "/tilastot",
    "/kartta",
    "/toivetori",
    "/api/v1/deeds",
    "/kirjaudu",
)


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def run(rows: list[Row]) -> None:
    newest = sorted((ROOT / "migrations" / "versions").glob("*.py"))[-1].name
    added = git("log", "--diff-filter=A", "--format=%H", "--", f"migrations/versions/{newest}").split()
    if not added:
        note(rows, "F25", "old code on the new schema", f"not run: {newest} is in no commit", False)
        return
    with folder() as place:
        old = place / "old"
        git("worktree", "add", "--detach", str(old), f"{added[-1]}^")
        try:
            _run(rows, place, old, newest)
        finally:
            git("worktree", "remove", "--force", str(old))


def _run(rows: list[Row], place: Path, old: Path, newest: str) -> None:
    instance = place / "instance"
    instance.mkdir()
    site = Site(instance)
    site.start()
    site.stop()
    port = free_port()
    processes = Processes(
        place, {"TORI_INSTANCE": str(instance), "TORI_DEMO": "1", "DATABASE_URL": "", "PORT": str(port)}
    )
    # The compiled catalogues are no part of a commit.
    subprocess.run(
        [str(Path(sys.executable).with_name("pybabel")), "--quiet", "compile", "-d", "tori/translations"],
        cwd=old,
        check=True,
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4",
         "--no-control-socket", "wsgi:app"],
        cwd=old, env={**os.environ, **processes.environment}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_ready(port)
        statuses = {path: get(port, path)[0] for path in PATHS}
        site.port = port
        wrote = Member(site).publish("Vanhalla koodilla")
    finally:
        process.terminate()
        process.wait(40)
    bad = {path: status for path, status in statuses.items() if status not in (200, 404)}
    outcome = f"{len(statuses)} pages read, {len(bad)} failed {bad or ''}; a deed published: {wrote}"
    note(rows, "F25", f"the code of before {newest[:4]} on its schema", outcome, not bad and wrote)
