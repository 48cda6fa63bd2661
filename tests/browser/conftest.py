"""The whole site, started by its own command on a free port, and the system's Chromium."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError

from tests.site import DEMO_PASSWORD, Site

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


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
            java_script_enabled=scripts,
            **{"base_url": site.url, **more},
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
    return not url.startswith((site.url, f"http://localhost:{site.port}", "data:", "blob:"))


def sign_in(page: Page, email: str = "jasen@example.org", password: str = DEMO_PASSWORD) -> None:
    page.goto("/kirjaudu")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")
    try:
        page.wait_for_url(re.compile(r"//[^/]+/oma"), timeout=45_000)
    except TimeoutError as error:
        raise AssertionError(f"{email} was not let in: {page.url}\n{page.locator('main').inner_text()}") from error
