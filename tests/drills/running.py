"""What the drills share: a PostgreSQL of their own, processes that end with the drill, and a load of readers."""

import contextlib
import http.client
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.site import ROOT, below, free_port


@dataclass
class Row:
    """A line of the table: what was done, what was promised, and what came out."""

    faults: str
    what: str
    outcome: str
    is_kept: bool


def note(rows: list[Row], faults: str, what: str, outcome: str, is_kept: bool) -> None:
    rows.append(Row(faults, what, outcome, is_kept))
    print(f"{'ok  ' if is_kept else 'FAIL'} {faults}: {what}: {outcome}", flush=True)


def programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return found[-1] if found else None


class PostgreSQL:
    """A private server on a socket in a folder of its own, as the user postgres when this is root."""

    def __init__(self) -> None:
        bin_folder = programs()
        if bin_folder is None:
            raise SystemExit("The drill needs PostgreSQL: apt-get install postgresql")
        self.bin = bin_folder
        self.folder = Path(tempfile.mkdtemp(prefix="tori-drill-pg-"))
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run(
            "initdb", f"--pgdata={self.data}", "--username=tori", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"
        )
        self.start()
        self._run("createdb", f"--host={self.folder}", "--username=tori", "tori")
        self.url = f"postgresql://tori@/tori?host={self.folder}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        self._run(
            "pg_ctl", f"--pgdata={self.data}", f"--log={self.folder}/log", "--wait", f"--options={options}", "start"
        )

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", f"--pgdata={self.data}", f"--mode={mode}", "--wait", "stop")

    def close(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Processes:
    """Everything that a drill starts; all of it ends with the drill."""

    folder: Path
    environment: dict[str, str]
    started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self, name: str, command: list[str], **more: str) -> "subprocess.Popen[bytes]":
        log = (self.folder / f"{name}.log").open("ab")
        with log:
            process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.environment, **more}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.started.append(process)
        return process

    def flask(self, *arguments: str, **more: str) -> str:
        result = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments], cwd=ROOT, capture_output=True, text=True,
            env={**os.environ, **self.environment, **more}, check=False,
        )  # fmt: skip
        if result.returncode:
            raise SystemExit(f"flask {' '.join(arguments)}: {result.stdout}{result.stderr}")
        return result.stdout

    def web(self, name: str, port: int, **more: str) -> "subprocess.Popen[bytes]":
        return self.start(
            name,
            [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--preload",
             "--workers", "1", "--threads", "4", "--no-control-socket", "--config", "python:tori.web_server",
             "--timeout", "30", "--graceful-timeout", "30", "--log-level", "warning", "wsgi:app"],
            **more,
        )  # fmt: skip

    def worker(self, name: str, **more: str) -> "subprocess.Popen[bytes]":
        return self.start(name, [sys.executable, "-m", "flask", "--app", "wsgi", "worker"], **more)

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
        for process in self.started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)


def wait_ready(port: int, seconds: float = 90, path: str = "/healthz") -> float:
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if get(port, path, 2)[0] == 200:
            return time.monotonic() - began
        time.sleep(0.2)
    raise SystemExit(f"nothing answers on port {port}")


def get(port: int, path: str, seconds: float = 20) -> tuple[int, str]:
    """Status 0 when there is no answer."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)) as connection:
        try:
            connection.request("GET", path)
            with connection.getresponse() as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return 0, ""


class Load:
    """Readers that ask at a steady pace, as many a second as told, from so many clients."""

    def __init__(self, port: int, paths: list[str], per_second: float, clients: int) -> None:
        self.port, self.paths = port, paths
        self.times: list[tuple[float, float, int]] = []
        self._pause = clients / per_second
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(number,)) for number in range(clients)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def _read(self, number: int) -> None:
        chance = random.Random(number)
        time.sleep(chance.random() * self._pause)
        while not self._stop.is_set():
            began = time.monotonic()
            status, _text = get(self.port, chance.choice(self.paths))
            self.times.append((began, time.monotonic() - began, status))
            self._stop.wait(max(0.0, self._pause - (time.monotonic() - began)))

    @property
    def statuses(self) -> Counter[int]:
        return Counter(status for _began, _took, status in self.times)

    def share(self, part: float) -> float:
        """The time in seconds within which this part of all answers came."""
        return part_of(sorted(took for _began, took, _status in self.times), part)


def part_of(ordered: list[float], part: float) -> float:
    """The value that this part of all does not pass; 0 for none."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="tori-drill-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def memory_of(pid: int) -> int:
    """Proportional bytes of a process and all below it."""
    total = 0
    for one in below(pid):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def handles_of(pid: int) -> int:
    """Open files of a process and all below it."""
    total = 0
    for one in below(pid):
        with contextlib.suppress(OSError):
            total += len(list(Path(f"/proc/{one}/fd").iterdir()))
    return total


__all__ = [
    "Load", "PostgreSQL", "Processes", "Row", "below", "folder", "free_port", "get", "handles_of", "memory_of", "note",
    "part_of", "wait_ready",
]  # fmt: skip
