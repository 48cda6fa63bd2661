"""Screenshots of every type of page into screenshots/ (not in git): ``make shots``.

Widths, schemes and languages are taken in pairs that show most; ``--only PART`` takes the paths that contain PART.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import FLAGS, sign_in  # noqa: E402
from tests.browser.test_accessibility import DESK_PAGES, OWN_PAGES, PUBLIC_PAGES  # noqa: E402
from tests.site import Site  # noqa: E402

TARGET = ROOT / "screenshots"
VIEWS = [(320, "light", "fi"), (390, "light", "fi"), (390, "dark", "sv"), (1280, "light", "fi"), (1280, "dark", "sv")]


def name_of(path: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in path.strip("/"))[:60] or "front"


def take(browser: Browser, site: Site, paths: list[str], account: str | None) -> None:
    for width, scheme, locale in VIEWS:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            base_url=site.url,  # type: ignore[arg-type]
        )
        page = context.new_page()
        if account:
            sign_in(page, account)
        folder = TARGET / f"{width}-{scheme}-{locale}"
        folder.mkdir(parents=True, exist_ok=True)
        for path in paths:
            page.goto(path if locale == "fi" else f"/{locale}{path}")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{name_of(path)}.png", full_page=True)
        print(f"{folder.name}: {len(paths)} pages")
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    only = parser.parse_args().only
    chosen = [[path for path in paths if only in path] for paths in (PUBLIC_PAGES, OWN_PAGES, DESK_PAGES)]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder))
        site.start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            for paths, account in zip(chosen, (None, "jasen@example.org", "admin@example.org"), strict=True):
                if paths:
                    take(browser, site, paths, account)
        finally:
            browser.close()
            site.stop()
    print(f"The pictures are in {TARGET}")


if __name__ == "__main__":
    main()
