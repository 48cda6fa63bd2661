"""A deed on one sheet for a unit meeting: the same content as a page and as a PDF."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.request import url2pathname

from tori.core.errors import PrinterBusy, PrinterMissing
from tori.core.text import excerpt, plain_text
from tori.models.deeds import Deed

log = logging.getLogger(__name__)
for _chatty in ("weasyprint", "fontTools"):
    # They tell of every step of every sheet.
    logging.getLogger(_chatty).setLevel(logging.WARNING)

LENGTHS = (460, 340, 240, 160, 80)
"""Letters of each part, the first that fits on one sheet; a test tries it with the longest parts."""
SUMMARY_LENGTH = 420
KEPT = 32
WAIT_SECONDS = 5


@dataclass(frozen=True)
class Sheet:
    """The deed in short: name of the part -> plain text."""

    summary: str
    parts: dict[str, str]
    steps: tuple[str, ...]


def sheet_of(deed: Deed, length: int = LENGTHS[0]) -> Sheet:
    """Why, how and with what result, each cut between words."""
    sources = {
        "need": deed.need or deed.goals,
        "implementation": deed.implementation or deed.body,
        "results": deed.results,
    }
    parts = {name: excerpt(plain_text(source), length) for name, source in sources.items() if source}
    return Sheet(excerpt(deed.summary, min(SUMMARY_LENGTH, 2 * length)), parts, tuple(deed.first_steps))


def can_print() -> bool:
    """Whether the libraries of the system are there."""
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


_lock = Lock()


@lru_cache(maxsize=KEPT)
def one_sheet(pages: tuple[str, ...], styles: Path) -> bytes:
    """The first of the pages, longest first, that fits on one sheet. Raises PrinterMissing or PrinterBusy.

    One at a time in a process: a sheet takes half a second of a core, and nobody should be able to take them all.
    """
    if not _lock.acquire(timeout=WAIT_SECONDS):
        raise PrinterBusy
    try:
        return _print(pages, styles)
    finally:
        _lock.release()


@lru_cache(maxsize=KEPT)
def whole_document(page: str, styles: Path) -> bytes:
    """A page that may take many sheets. Raises PrinterMissing or PrinterBusy."""
    if not _lock.acquire(timeout=WAIT_SECONDS):
        raise PrinterBusy
    try:
        return _print((page,), styles)
    finally:
        _lock.release()


@dataclass(frozen=True)
class _Press:
    """What is loaded once for many sheets."""

    html: Any
    fetcher: Any
    fonts: Any
    style: Any

    def render(self, page: str) -> Any:
        return self.html(string=page, url_fetcher=self.fetcher).render(
            font_config=self.fonts, stylesheets=[self.style], pdf_variant="pdf/ua-1", pdf_tags=True
        )


def _press(styles: Path) -> _Press:
    try:
        # Loads libraries of the system, which a site without PDF files may lack.
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:
        log.error("no PDF files: %s", error)
        raise PrinterMissing from error
    vendored = styles.parent.parent / "vendor"

    class OwnFonts(URLFetcher):  # type: ignore[misc]
        """Gives our fonts and nothing else: a sheet asks nothing of anybody."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            scheme, _, path = url.partition("://")
            file = Path(url2pathname(path.partition("?")[0])).resolve()
            if scheme != "file" or not file.is_relative_to(vendored):
                raise ValueError(f"not one of our fonts: {url}")
            return URLFetcherResponse(url, file.read_bytes())

    fetcher, fonts = OwnFonts(), FontConfiguration()
    return _Press(HTML, fetcher, fonts, CSS(filename=styles, font_config=fonts, url_fetcher=fetcher))


def _print(pages: tuple[str, ...], styles: Path) -> bytes:
    press = _press(styles)
    document = None
    for page in pages:
        document = press.render(page)
        if len(document.pages) == 1:
            break
    assert document is not None
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))


def many_sheets(parts: Iterable[str], styles: Path, done: Callable[[int], object]) -> bytes:
    """One document of many parts, each with sheets of its own; ``done`` is told after each how many there are.

    For the worker: it takes a core for as long as it lasts. Raises PrinterMissing.
    """
    press = _press(styles)
    sheets: list[Any] = []
    first = None
    for number, part in enumerate(parts, 1):
        document = press.render(part)
        first = first or document
        sheets += document.pages
        done(number)
    assert first is not None
    return bytes(first.copy(sheets).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))


def each_document(parts: Iterable[str], styles: Path, done: Callable[[int], object]) -> Iterator[bytes]:
    """A document of each part, as ``many_sheets`` for the worker. Raises PrinterMissing."""
    press = _press(styles)
    for number, part in enumerate(parts, 1):
        yield bytes(press.render(part).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True))
        done(number)
