"""A whole site on a free port, started by its own command."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_SECONDS = 120
CHILDREN_SECONDS = 20
DEMO_PASSWORD = "tekojentori-demo"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def below(pid: int) -> list[int]:
    """The process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in below(int(child)))]


def name_of(pid: int) -> str:
    """Of a process that lives."""
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(") ")
    except OSError:
        return ""
    return "" if rest.startswith("Z") else name


class Site:
    """A running site. ``url`` has no slash at its end."""

    def __init__(self, instance: Path, **environment: str) -> None:
        self.instance = instance
        self.environment = environment
        self.log = instance / "site.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.begin()
        self.wait()

    def begin(self) -> None:
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("TORI_")},
            "TORI_INSTANCE": str(self.instance), "PORT": str(self.port), "TORI_DEMO": "1", "TORI_DEVELOPMENT": "1",
            "WEB_WORKERS": "1", "BASE_URL": "", "TRUSTED_HOSTS": "", "DATABASE_URL": "",
            **self.environment,
        }  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
                cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def has_opened(self) -> bool:
        """Whether the web processes that stay have taken over from the one that answers first."""
        assert self.process is not None
        names = {name_of(pid) for pid in below(self.process.pid)}
        return "tori-web" in names and "tori-first" not in names

    def wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    # It answers before its processes are those that stay.
                    if answer.status == 200 and self.has_opened:
                        return
            except OSError:
                pass
            time.sleep(0.1)
        said = self.log.read_text()[-3000:] if self.log.is_file() else ""
        raise RuntimeError(f"the site did not start:\n{said}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        """Returns when its children have ended: those of a killed site die a moment after it, and write until then."""
        assert self.process is not None
        family = below(self.process.pid)
        os.killpg(self.process.pid, number)
        self.process.wait(timeout=40)
        end = time.monotonic() + CHILDREN_SECONDS
        while any(map(name_of, family)):
            assert time.monotonic() < end, "processes of a stopped site live on"
            time.sleep(0.01)
