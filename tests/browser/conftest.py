"""The whole site, started by its own command on a free port, and the system's Chromium."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 120
DEMO_PASSWORD = "tekojentori-demo"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Site:
    """A running site. ``url`` has no slash at its end."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("TORI_")},
            "TORI_INSTANCE": str(self.instance), "PORT": str(self.port), "TORI_DEMO": "1", "TORI_DEVELOPMENT": "1",
            "WEB_WORKERS": "1", "BASE_URL": "", "TRUSTED_HOSTS": "", "DATABASE_URL": "",
        }  # fmt: skip
        with (self.instance / "site.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
                cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.wait()

    def wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.3)
        raise RuntimeError(f"the site did not start:\n{(self.instance / 'site.log').read_text()[-3000:]}")

    def stop(self, number: int = signal.SIGTERM) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, number)
        self.process.wait(timeout=40)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    running = Site(tmp_path_factory.mktemp("site"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS}


@pytest.fixture(scope="session")
def browser(launch_browser: Callable[[], Browser]) -> Iterator[Browser]:
    """The real browser; elsewhere in the tests the name means a client that reads forms."""
    running = launch_browser()
    yield running
    running.close()


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """``open_page(width=390, scheme='dark', locale='fi', scripts=True)``: a page in a new browser profile. Errors of
    scripts and of the Content-Security-Policy fail the test at its end."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(width: int = 1280, scheme: str = "light", scripts: bool = True, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="fi-FI",
            base_url=site.url,
            java_script_enabled=scripts,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: errors.append(message.text) if _is_fault(message) else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: errors.append(request.url) if _is_foreign(request.url, site) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def _is_fault(message: Any) -> bool:
    # A 4xx answer to a form is told to the console as well; it is what the test asked for.
    return message.type == "error" and "status of 4" not in message.text


def _is_foreign(url: str, site: Site) -> bool:
    return not url.startswith((site.url, "data:", "blob:"))


def sign_in(page: Page, email: str = "jasen@example.org", password: str = DEMO_PASSWORD) -> None:
    page.goto("/kirjaudu")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")
    page.wait_for_url("**/oma**")
