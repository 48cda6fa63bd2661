"""Screenshots of every type of page into screenshots/ (not in git): ``make shots``.

Each width in both schemes, light in Finnish and dark in Swedish; ``--every`` takes all twelve combinations and
``--only PART`` the paths that contain PART. The folders ``empty-…`` show the pages of a square without deeds.
"""

import argparse
import shutil
import sqlite3
import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import FLAGS, sign_in  # noqa: E402
from tests.browser.test_accessibility import DESK_PAGES, OWN_PAGES, PUBLIC_PAGES  # noqa: E402
from tests.site import Site  # noqa: E402

TARGET = ROOT / "screenshots"
View = tuple[int, str, str]
WIDTHS = (320, 390, 1280)
PAIRED: list[View] = [
    (width, scheme, locale) for width in WIDTHS for scheme, locale in (("light", "fi"), ("dark", "sv"))
]
EVERY: list[View] = list(product(WIDTHS, ("light", "dark"), ("fi", "sv")))
EMPTY_PAGES = [
    "/", "/teot", "/organisaatiot", "/teemat", "/toimialat/koko-kunta", "/kampanjat", "/toplistat", "/jutut",
    "/toiveet", "/tilastot", "/kartta",
]  # fmt: skip


def name_of(path: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in path.strip("/"))[:60] or "front"


def take(
    browser: Browser, site: Site, paths: list[str], account: str | None, views: list[View], prefix: str = ""
) -> None:
    for width, scheme, locale in views:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            base_url=site.url,  # type: ignore[arg-type]
        )
        page = context.new_page()
        if account:
            sign_in(page, account)
        folder = TARGET / f"{prefix}{width}-{scheme}-{locale}"
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            page.goto(path if locale == "fi" else f"/{locale}{path}")
            page.wait_for_load_state("networkidle")
            # A picture of the whole page does not scroll, so what loads late would be missing.
            page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach(i => { i.loading = 'eager' })")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{name_of(path)}.png", full_page=True)
        print(f"{folder.name}: {len(paths)} pages")
        context.close()


def clear(site: Site) -> None:
    """Takes every deed off the square and starts it again."""
    site.stop()
    shutil.rmtree(site.instance / "index")
    connection = sqlite3.connect(site.instance / "tori.sqlite3")
    with connection:
        connection.execute("UPDATE deed SET status = 'draft'")
    connection.close()
    site.start()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--every", action="store_true")
    options = parser.parse_args()
    only, views = options.only, EVERY if options.every else PAIRED
    chosen = [[path for path in paths if only in path] for paths in (PUBLIC_PAGES, OWN_PAGES, DESK_PAGES)]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder))
        site.start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            for paths, account in zip(chosen, (None, "jasen@example.org", "admin@example.org"), strict=True):
                if paths:
                    take(browser, site, paths, account, views)
            clear(site)
            take(browser, site, [path for path in EMPTY_PAGES if only in path], None, views, "empty-")
        finally:
            browser.close()
            site.stop()
    print(f"The pictures are in {TARGET}")


if __name__ == "__main__":
    main()
