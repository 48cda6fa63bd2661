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
DEMO_PASSWORD = "tekojentori-demo"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A running site. ``url`` has no slash at its end."""

    def __init__(self, instance: Path, **environment: str) -> None:
        self.instance = instance
        self.environment = environment
        self.log = instance / "site.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.told = 0

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
            self.told = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
                cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def has_opened(self) -> bool:
        with self.log.open("rb") as log:
            log.seek(self.told)
            return b"Ctrl-C stops everything" in log.read()

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
        raise RuntimeError(f"the site did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, number)
        self.process.wait(timeout=40)
