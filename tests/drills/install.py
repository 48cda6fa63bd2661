"""The way of docs/operations.md onto a server, by its own lines, up to the first page.

In a folder and for a user of the drill's own, so that nothing of this machine is touched.
"""

import contextlib
import os
import pwd
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from tests.drills.running import Row, folder, free_port, get, note
from tests.site import ROOT

PAPER = ROOT / "docs" / "operations.md"
USER = "tori-drill"
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
HOME, SETTINGS = "/srv/tori", "/etc/tekojen-tori.env"


def commands() -> list[str]:
    """What the paper lets root do, line by line."""
    found = re.findall(r"^```\n(apt-get install.*?|make -C .*?)```", PAPER.read_text(encoding="utf-8"), re.M | re.S)
    return [line for block in found for line in block.splitlines() if line]


def unit() -> dict[str, list[str]]:
    """The settings of the unit in the paper, by name."""
    found = re.search(r"```ini\n(.*?)```", PAPER.read_text(encoding="utf-8"), re.S)
    assert found is not None
    settings: dict[str, list[str]] = {}
    for line in found[1].splitlines():
        name, is_setting, value = line.partition("=")
        if is_setting:
            settings.setdefault(name, []).append(value)
    return settings


def moved(text: str, home: Path) -> str:
    """The line with the folder and the user of the drill."""
    text = text.replace(SETTINGS, str(home / "settings.env")).replace(HOME, str(home))
    return re.sub(r"(?<=-o )tori|(?<=-g )tori|(?<= )tori$", USER, text)


def run(rows: list[Row]) -> None:
    if os.getuid() != 0:
        note(rows, "install", "the paper's way onto a server", "needs root", False)
        return
    with folder() as place:
        place.chmod(0o755)
        home = place / "srv"
        try:
            _install(rows, home)
        finally:
            with contextlib.suppress(KeyError):
                pwd.getpwnam(USER)
                subprocess.run(["userdel", USER], check=False)


def _install(rows: list[Row], home: Path) -> None:
    began = time.monotonic()
    for line in commands():
        if line.startswith("make"):
            _put_project(home / "app")
        # The Python of the system, as on a server, not the one that the drill happens to run with.
        environment = {**os.environ, "PATH": SYSTEM_PATH}
        subprocess.run(shlex.split(moved(line, home)), check=True, stdout=subprocess.DEVNULL, env=environment)
    took = time.monotonic() - began
    note(rows, "install", f"{len(commands())} lines of the paper, as root", f"done in {took:.0f} s", True)
    settings = unit()
    port = free_port()
    environment = {"PATH": SYSTEM_PATH, "PORT": str(port)}
    for value in settings["Environment"]:
        name, _, given = moved(value, home).partition("=")
        environment[name] = given
    began = time.monotonic()
    log = home / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            shlex.split(moved(settings["ExecStart"][0], home)), cwd=moved(settings["WorkingDirectory"][0], home),
            env=environment, user=USER, group=USER, umask=int(settings["UMask"][0], 8), stdout=file, stderr=file,
        )  # fmt: skip
    try:
        status, page = 0, ""
        while time.monotonic() - began < 120 and process.poll() is None and status != 200:
            time.sleep(0.2)
            status, page = get(port, "/", 5)
        took = time.monotonic() - began
        owner = (home / "data" / "tori.sqlite3").stat()
    finally:
        process.terminate()
        ended = process.wait(int(settings["TimeoutStopSec"][0]))
    is_kept = status == 200 and "<h1" in page and ended == 0 and owner.st_uid == pwd.getpwnam(USER).pw_uid
    if not is_kept:
        print(log.read_text()[-2000:])
    note(rows, "install", "its ExecStart as its user", f"first page after {took:.1f} s, ended with {ended}", is_kept)


def _put_project(target: Path) -> None:
    target.mkdir()
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(target)], input=packed, check=True)
    shutil.copy(PAPER, target / "docs" / PAPER.name)
