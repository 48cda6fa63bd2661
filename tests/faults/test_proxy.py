"""The proxy of docs/operations.md in front of the real server: nginx with the very lines of the paper."""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.repository.test_architecture import ROOT
from tests.site import DEMO_PASSWORD, Site, free_port
from tori import create_app, packing
from tori.config import load_config
from tori.core.events import DeedChecked, record
from tori.database import db, transaction
from tori.models.deeds import Deed

pytestmark = pytest.mark.fault

SLOW_READERS = 100
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
BROTLI = next(Path("/usr/lib/nginx/modules").glob("ngx_http_brotli_static_module.so"), None)
WRAPPED = """
{module}
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    types {{ text/css css; application/javascript js; image/svg+xml svg; }}
    log_format kept '$upstream_cache_status';
    access_log {folder}/access.log kept;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""


def lines_of_the_paper(folder: Path, port: int, behind: int) -> str:
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "docs/operations.md").read_text(), re.DOTALL)
    assert found
    text = found[1]
    for old, new in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"), ("server_name tori.example.org;", "server_name 127.0.0.1;"),
        ("/srv/tori/app/static/", f"{ROOT}/static/"), ("http://127.0.0.1:8000", f"http://127.0.0.1:{behind}"),
        ("/var/cache/nginx/tori", f"{folder}/kept"),
    ):  # fmt: skip
        assert old in text, old
        text = text.replace(old, new)
    return text.replace("# brotli_static on;", "brotli_static on;") if BROTLI else text


@contextlib.contextmanager
def in_front(folder: Path, port: int, behind: int) -> Iterator[int]:
    """nginx with the lines of the paper; gives its process."""
    assert NGINX
    settings = folder / "nginx.conf"
    # Folders of tests are open to nobody else.
    user = "user root;" if os.geteuid() == 0 else ""
    module = f"load_module {BROTLI};" if BROTLI else ""
    lines = lines_of_the_paper(folder, port, behind)
    settings.write_text(WRAPPED.format(folder=folder, user=user, server=lines, module=module))
    running = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(settings), "-g", "daemon off;"])
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield running.pid
    finally:
        running.terminate()
        running.wait(timeout=20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("proxy")


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if NGINX is None:
        print("R05 with a real proxy is not tried: nginx is missing (apt-get install nginx-light)")
        pytest.skip("nginx is missing: apt-get install nginx-light")
    site = Site(tmp_path_factory.mktemp("behind"), PROXY_HOPS="1")
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def proxy(folder: Path, behind: Site) -> Iterator[str]:
    """The address of nginx in front of a running site."""
    port = free_port()
    with in_front(folder, port, behind.port):
        yield f"http://127.0.0.1:{port}"


def seconds_to_read(url: str) -> float:
    start = time.monotonic()
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.status == 200
        answer.read()
    return time.monotonic() - start


def told(url: str, **headers: str) -> tuple[str, str]:
    """The page and what it says of caches."""
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read().decode(), answer.headers["Cache-Control"]


def test_p01_the_proxy_keeps_pages_of_visitors_for_a_second_and_nobodys_own(proxy: str) -> None:
    kept, control = told(f"{proxy}/teot?q=kirjasto")
    assert control == "public, no-cache"
    assert told(f"{proxy}/teot?q=kirjasto")[0] == kept
    assert told(f"{proxy}/sv/teot?q=kirjasto")[0] != kept
    tokens = [re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', told(f"{proxy}/kirjaudu")[0])[0] for _ in range(2)]
    assert tokens[0] != tokens[1]
    cookies = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    with opener.open(f"{proxy}/kirjaudu", timeout=20) as page:
        token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.read())
    assert token
    form = {"csrf_token": token[1].decode(), "email": "jasen@example.org", "password": DEMO_PASSWORD}
    with opener.open(f"{proxy}/kirjaudu", urllib.parse.urlencode(form).encode(), timeout=20) as page:
        assert "/oma" in page.url
    told(f"{proxy}/teot")
    with opener.open(f"{proxy}/teot", timeout=20) as page:
        assert "no-store" in page.headers["Cache-Control"]
        own = page.read().decode()
    assert 'class="own-menu"' in own
    assert 'class="own-menu"' not in told(f"{proxy}/teot")[0]


@pytest.mark.parametrize("half", ["headers", "body"])
def test_r05_a_hundred_half_requests_keep_nobody_else_waiting(proxy: str, half: str) -> None:
    place = urllib.parse.urlsplit(proxy)
    assert place.hostname
    assert place.port
    seconds_to_read(f"{proxy}/teot")
    begun = b"POST /kirjaudu HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if half == "body":
        begun += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nemail=a"
    slow = [socket.create_connection((place.hostname, place.port), timeout=10) for _ in range(SLOW_READERS)]
    try:
        for link in slow:
            link.sendall(begun)
        times = [seconds_to_read(f"{proxy}{path}") for path in ("/teot", "/", "/teot?q=palaveri", "/tietoa", "/kartta")]
    finally:
        for link in slow:
            link.close()
    assert statistics.median(times) < 1, times


def test_r01_the_address_of_a_reader_is_what_the_proxy_saw_and_not_what_is_claimed(proxy: str) -> None:
    cookies = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    statuses = []
    for number in range(11):
        with opener.open(f"{proxy}/kirjaudu", timeout=20) as page:
            token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.read())
        assert token
        form = {"csrf_token": token[1].decode(), "email": "jasen@example.org", "password": f"väärä {number}"}
        sent = urllib.request.Request(
            f"{proxy}/kirjaudu", urllib.parse.urlencode(form).encode(), {"X-Forwarded-For": f"198.51.100.{number}"}
        )
        try:
            with opener.open(sent, timeout=20) as answer:
                statuses.append(answer.status)
        except urllib.error.HTTPError as error:
            statuses.append(error.code)
            error.close()
    assert statuses == [422] * 10 + [429]


@pytest.mark.parametrize("path", ["/", "/static/icons.svg", "/static/css/missing.css"])
def test_h02_what_the_proxy_answers_by_itself_is_not_guessed_at_either(proxy: str, path: str) -> None:
    try:
        with urllib.request.urlopen(proxy + path, timeout=10) as answer:
            headers, status = answer.headers, answer.status
    except urllib.error.HTTPError as error:
        headers, status = error.headers, error.code
        error.close()
    assert status in (200, 404)
    if status == 200:
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"]


def test_p02_no_change_is_hidden_for_longer_than_a_second(proxy: str, behind: Site) -> None:
    app = create_app(load_config({}, instance=behind.instance))
    hidden = []
    with app.app_context():
        deed_id, slug = db.session.execute(select(Deed.id, Deed.slug).where(Deed.status == "published").limit(1)).one()
        page = f"{proxy}/teot/{deed_id}-{slug}"
        for number in range(8):
            # At another part of the second each time.
            time.sleep(0.13)
            told(page)
            with transaction() as rows:
                rows.get_one(Deed, deed_id).title = f"Muutos numero {number}"
                record(rows, DeedChecked(actor_id=None, deed_id=deed_id))
            changed = begun = time.monotonic()
            while f"Muutos numero {number}" not in told(page)[0]:
                hidden.append(begun - changed)
                begun = time.monotonic()
        db.session.remove()
        db.engine.dispose()
    assert len(hidden) > 0
    assert max(hidden) <= 1, max(hidden)


def test_p03_a_crowd_on_one_page_costs_one_request_each_second(proxy: str, folder: Path) -> None:
    log = folder / "access.log"
    before, end = len(log.read_text().splitlines()), time.monotonic() + 2
    while time.monotonic() < end:
        told(f"{proxy}/teot?q=palaveri")
    answers = Counter(log.read_text().splitlines()[before:])
    assert answers["MISS"] + answers["EXPIRED"] <= 4, answers
    assert answers["HIT"] > 20, answers


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_p04_the_proxy_sends_styles_as_they_were_packed_and_for_good(proxy: str, encoding: str) -> None:
    if encoding == "br" and not BROTLI:
        print("Brotli behind nginx is not tried: apt-get install libnginx-mod-http-brotli-static")
        pytest.skip("the module is missing: apt-get install libnginx-mod-http-brotli-static")
    style = ROOT / "static/css/base.css"
    packing.pack(style.parent)
    request = urllib.request.Request(f"{proxy}/static/css/base.css?v=1", headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.read() == packing.read(style, encoding)
        assert answer.headers["Content-Encoding"] == encoding
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert told(f"{proxy}/static/css/base.css")[1] == "public, max-age=3600"
