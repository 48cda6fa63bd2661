"""What the tests of faults use to talk to a running site."""

import http.client
import os
import re
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.site import DEMO_PASSWORD, Site


@dataclass(frozen=True)
class Reply:
    status: int
    text: str
    headers: dict[str, str]
    seconds: float


def fetch(
    site: Site, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None,
    seconds: float = 20,
) -> Reply:  # fmt: skip
    began = time.monotonic()
    # Closed also when the server is killed in the middle of an answer.
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=seconds)) as connection:
        connection.request(method, path, body, headers or {})
        with connection.getresponse() as answer:
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, answer.read().decode("utf-8", "replace"), named, time.monotonic() - began)


class Member:
    """A signed-in client that publishes quick deeds."""

    def __init__(self, site: Site, email: str = "jasen@example.org", headers: dict[str, str] | None = None) -> None:
        self.site = site
        self.headers = headers or {}
        self.cookie = ""
        form = self.request("GET", "/kirjaudu")[1]
        self.request("POST", "/kirjaudu", {"csrf_token": token(form), "email": email, "password": DEMO_PASSWORD})
        page = self.request("GET", "/teot/uusi")[1]
        self.token = token(page)
        self.organisation = found(r'name="organisation" value="(\d+)"', page)

    def ask(self, method: str, path: str, data: dict[str, str] | None = None, seconds: float = 20) -> Reply:
        headers = {**self.headers, "Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        reply = fetch(self.site, path, method, urlencode(data).encode() if data else None, headers, seconds)
        if cookie := reply.headers.get("set-cookie"):
            self.cookie = cookie.split(";")[0]
        return reply

    def request(self, method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        reply = self.ask(method, path, data)
        return reply.status, reply.text

    def try_to_publish(self, title: str, text: str = "", seconds: float = 20) -> Reply:
        data = {
            "csrf_token": self.token, "title": title, "summary": "Kerrottu kesken kaiken.", "sector": "koko-kunta",
            "organisation": self.organisation, "language": "fi", "action": "publish",
            "implementation": text or f"**{title}**",
        }  # fmt: skip
        return self.ask("POST", "/teot/uusi", data, seconds)

    def publish(self, title: str) -> bool:
        return self.try_to_publish(title).status == 303

    def upload(self, path: str, field: str, name: str, data: bytes) -> Reply:
        mark = "raja1234567890"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{self.token}\r\n'.encode(),
            f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode()
            + data
            + b"\r\n",
            f"--{mark}--\r\n".encode(),
        ]
        headers = {"Cookie": self.cookie, "Content-Type": f"multipart/form-data; boundary={mark}"}
        return fetch(self.site, path, "POST", b"".join(parts), headers)


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match is not None, page[:500]
    return match[1]


def token(page: str) -> str:
    return found(r'name="csrf_token"[^>]*value="([^"]+)"', page)


def wait_until(condition: Callable[[], object], seconds: float, what: str = "it") -> float:
    """How long it took. Asks again while the site does not answer at all."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if condition():
                return time.monotonic() - began
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen in {seconds} seconds")


def processes(site: Site, title: str) -> list[int]:
    """The processes below the site with this name, oldest first."""
    assert site.process is not None
    below, found_ids = {site.process.pid}, []
    for entry in sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()):
        try:
            parent = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
            name = Path(f"/proc/{entry}/comm").read_text().strip()
        except (OSError, ValueError):
            continue
        if parent in below:
            below.add(entry)
            if name == title:
                found_ids.append(entry)
    return found_ids


def can_mount(folder: Path) -> bool:
    """Whether this user may mount a file system of memory."""
    if os.getuid() != 0:
        return False
    folder.mkdir(exist_ok=True)
    tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True)
    if tried.returncode:
        return False
    subprocess.run(["umount", str(folder)], check=True)
    return True
