"""The paper's way onto a server inside a clean Debian made by debootstrap, up to the first page.

The mirror is the one of this machine (/etc/apt), and what pip needs to know of it (``PIP_…``, its certificate) is
handed in while the drill runs; neither is written down. There is no systemd inside: its ExecStart is started as its
user.
"""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.drills.install import PAPER, SYSTEM_PATH, commands, unit
from tests.drills.running import Row, free_port, get, note
from tests.site import ROOT

WHAT = "a clean Debian by debootstrap"
SECONDS = 180


def mirror() -> tuple[str, str]:
    """The first source of Debian itself that this machine uses, and the name of its release."""
    suite = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.M)
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    text = "\n".join(path.read_text() for path in files if path.is_file())
    found = re.search(r"^(?:URIs:|deb(?: \[.*?\])?)\s+(\S+/debian)/?(?:\s|$)", text, re.M)
    if suite is None or found is None:
        raise SystemExit("No source of Debian is named in /etc/apt.")
    return suite[1], found[1]


def run(rows: list[Row]) -> None:
    if os.getuid() != 0 or shutil.which("debootstrap", path=SYSTEM_PATH) is None:
        note(rows, "clean", WHAT, "needs root and debootstrap (apt-get install debootstrap)", False)
        return
    root = Path(tempfile.mkdtemp(prefix="tori-drill-root-"))
    # The user of the service must get through it.
    root.chmod(0o755)
    try:
        _install(rows, root)
    finally:
        subprocess.run(["umount", "--lazy", root / "proc"], check=False, capture_output=True)
        if not os.path.ismount(root / "proc"):
            shutil.rmtree(root, ignore_errors=True)


def _install(rows: list[Row], root: Path) -> None:
    suite, address = mirror()
    began = time.monotonic()
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", suite, root, address], capture_output=True, text=True, check=False
    )
    if made.returncode:
        note(rows, "clean", WHAT, f"debootstrap ended with {made.returncode}: {made.stdout[-200:]}", False)
        return
    note(rows, "clean", WHAT, f"{suite}, smallest set of packages, in {time.monotonic() - began:.0f} s", True)
    environment = _prepare(root)
    began = time.monotonic()
    for line in ["apt-get update", *commands()]:
        if line.startswith("make"):
            _put_project(root)
        done = subprocess.run(
            ["chroot", root, *shlex.split(line)], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            note(rows, "clean", line, f"ended with {done.returncode}: {(done.stdout + done.stderr)[-600:]}", False)
            return
    note(rows, "clean", f"{len(commands())} lines of the paper", f"done in {time.monotonic() - began:.0f} s", True)
    _open(rows, root)


def _prepare(root: Path) -> dict[str, str]:
    """What the machine around the root would give it: names, certificates, /proc; and no services that start by
    themselves. Returns the environment of the commands."""
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    quiet = root / "usr/sbin/policy-rc.d"
    quiet.write_text("#!/bin/sh\nexit 101\n")
    quiet.chmod(0o755)
    environment = {"PATH": SYSTEM_PATH, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    environment |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    environment.pop("PIP_FIND_LINKS", None)
    certificate = Path(os.environ.get("PIP_CERT") or "/etc/ssl/certs/ca-certificates.crt")
    if certificate.is_file():
        shutil.copy(certificate, root / "tmp" / "certificates.crt")
        environment["PIP_CERT"] = "/tmp/certificates.crt"
    return environment


def _put_project(root: Path) -> None:
    target = root / "srv/tori/app"
    target.mkdir()
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "--no-same-owner", "-C", str(target)], input=packed, check=True)
    shutil.copy(PAPER, target / "docs" / PAPER.name)


def _open(rows: list[Row], root: Path) -> None:
    settings, port = unit(), free_port()
    given = [*settings["Environment"], f"PORT={port}", f"PATH={SYSTEM_PATH}"]
    inside = f"umask {settings['UMask'][0]}; cd {settings['WorkingDirectory'][0]}; exec {settings['ExecStart'][0]}"
    user = settings["User"][0]
    began, log = time.monotonic(), root / "tmp" / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            ["chroot", f"--userspec={user}:{user}", root, "env", "-i", *given, "sh", "-c", inside],
            stdout=file, stderr=file,
        )  # fmt: skip
    try:
        status, page = 0, ""
        while time.monotonic() - began < SECONDS and process.poll() is None and status != 200:
            time.sleep(0.2)
            status, page = get(port, "/", 5)
        took = time.monotonic() - began
    finally:
        process.terminate()
        ended = process.wait(int(settings["TimeoutStopSec"][0]))
    is_kept = status == 200 and "<h1" in page and ended == 0
    if not is_kept:
        print(log.read_text()[-2000:])
    note(rows, "clean", "its ExecStart as its user", f"first page after {took:.1f} s, ended with {ended}", is_kept)
