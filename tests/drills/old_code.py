"""F25: the code of before the newest migration serves the schema of after it, and the index made by the new code."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

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
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
SILENT: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def locked(place: Path) -> dict[str, str]:
    """What the code there needs: each package with its version and hashes, as `requirements.txt` has them."""
    found = re.finditer(r"^([a-z0-9-]+)==[^#]*", (place / "requirements.txt").read_text(), re.M)
    return {package[1]: package[0] for package in found}


def packages_of_before(place: Path, old: Path) -> Path:
    """A folder with the packages that only the old code needs: where it runs, they are still there."""
    target, wanted = place / "packages", place / "requirements.txt"
    needed, known = locked(old), locked(ROOT)
    target.mkdir()
    if gone := [lines for name, lines in needed.items() if name not in known]:
        wanted.write_text("\n".join(gone))
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
        subprocess.run([*pip, "--require-hashes", "-r", str(wanted)], check=True, **SILENT)
    return target


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
    port = free_port()
    instance = place / "instance"
    instance.mkdir()
    environment = Processes(
        place, {"TORI_INSTANCE": str(instance), "TORI_DEMO": "1", "DATABASE_URL": "", "PORT": str(port)}
    ).environment
    of_old = {**os.environ, **environment, "PYTHONPATH": str(packages_of_before(place, old))}
    # The compiled catalogues are no part of a commit.
    subprocess.run(
        [str(Path(sys.executable).with_name("pybabel")), "--quiet", "compile", "-d", "tori/translations"],
        cwd=old,
        check=True,
    )
    opened = subprocess.Popen([*FLASK, "serve"], cwd=old, env=of_old, **SILENT)
    try:
        wait_ready(port)
    finally:
        opened.terminate()
        opened.wait(60)
    for command in (["db", "upgrade"], ["search", "rebuild"]):
        subprocess.run([*FLASK, *command], cwd=ROOT, env={**os.environ, **environment}, check=True, **SILENT)
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4",
         "--no-control-socket", "wsgi:app"],
        cwd=old, env=of_old, **SILENT,
    )  # fmt: skip
    site = Site(instance)
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
