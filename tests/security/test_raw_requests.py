"""What the real server answers to requests that no browser writes: bytes on a socket."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.repository.test_architecture import ROOT
from tests.site import Site
from tori.accounts import passwords
from tori.core.errors import TooMany

pytestmark = pytest.mark.fault


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("raw"))
    running.start()
    yield running
    running.stop()


def send(site: Site, request: bytes, seconds: float = 8) -> bytes:
    """Everything that the server answers before it closes the connection, or falls silent."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=seconds) as link:
        link.sendall(request)
        answer = b""
        try:
            while piece := link.recv(65_536):
                answer += piece
        except TimeoutError:
            pass
    return answer


def head(*lines: str, method: str = "POST", path: str = "/kirjaudu") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode("latin-1")


HOST = "Host: 127.0.0.1"


@pytest.mark.parametrize(
    "request_bytes",
    [
        head(HOST, "Content-Length: 4", "Transfer-Encoding: chunked")
        + b"0\r\n\r\nGET /oma HTTP/1.1\r\nHost: x\r\n\r\n",
        head(HOST, "Content-Length: 4", "Content-Length: 5") + b"abcde",
        head(HOST, "Content-Length: +4") + b"abcd",
        head(HOST, "Transfer-Encoding: xchunked") + b"0\r\n\r\n",
        head(HOST, "Host: evil.example", "Content-Length: 0"),
        head(HOST, "Content-Length : 4") + b"abcd",
        head(HOST, "X-Evil: a\x00b", "Content-Length: 0"),
        head("Content-Length: 0"),
        b"GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=["both lengths", "two lengths", "plus", "xchunked", "two hosts", "space", "nul", "no host", "version", "tls"],
)
def test_h12_two_readings_of_a_request_are_refused(site: Site, request_bytes: bytes) -> None:
    answer = send(site, request_bytes)
    statuses = [line.split()[1] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.")]
    assert len(statuses) <= 1, answer
    assert not statuses or statuses[0].startswith((b"4", b"501", b"505")), answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "path", ["/static/..%2f..%2fetc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd", "/static/..%5c..%5cetc%5cpasswd",
             "/static//etc/passwd", "//evil.example/", "/static/../../../../etc/passwd", "/%2f%2fevil.example/%2e%2e"],
)  # fmt: skip
def test_h15_no_spelling_of_a_path_leads_out(site: Site, path: str) -> None:
    answer = send(site, head(HOST, "Connection: close", method="GET", path=path))
    status = answer.split(b" ", 2)[1]
    assert status in (b"400", b"404", b"308", b"301"), answer[:300]
    assert b"root:" not in answer
    location = [line for line in answer.split(b"\r\n") if line.lower().startswith(b"location:")]
    assert all(b"evil.example" not in line.split(b":", 1)[1].split(b"/", 3)[2:3] for line in location), location
    assert not any(line.split(b":", 1)[1].strip().startswith(b"//") for line in location), location


def test_i03_bytes_in_a_path_make_no_header(site: Site) -> None:
    answer = send(site, head(HOST, "Connection: close", method="GET", path="/teot?x=%0d%0aX-Evil:%201"))
    assert b"\r\nX-Evil" not in answer


def test_r05_half_a_request_is_for_the_proxy_to_wait_for() -> None:
    """A thread of the server waits for a request that is slow to come, and a hundred slow ones stop it. So it listens
    to this machine alone, and the proxy of the paper sends it only whole requests."""
    serving = (ROOT / "tori/serving.py").read_text()
    assert 'HOST = "127.0.0.1"' in serving
    assert "0.0.0.0" not in serving
    paper = (ROOT / "docs/operations.md").read_text()
    assert "proxy_pass http://127.0.0.1:8000" in paper
    assert "proxy_request_buffering off" not in paper


def test_r06_only_so_many_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "QUEUE_SECONDS", 0.2)
    running, most, lock = 0, 0, threading.Lock()
    refused = []

    def hold() -> None:
        nonlocal running, most
        try:
            with passwords._slot():
                with lock:
                    running += 1
                    most = max(most, running)
                time.sleep(0.5)
                with lock:
                    running -= 1
        except Exception as error:
            refused.append(error)

    threads = [threading.Thread(target=hold) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == passwords.AT_ONCE
    assert len(refused) == 10 - passwords.AT_ONCE
    assert all(isinstance(error, TooMany) for error in refused)
