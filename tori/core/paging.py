"""Pages of a list and the numbers to show under it."""

from collections.abc import Callable
from dataclasses import dataclass

LAST_PAGE = 10_000


@dataclass(frozen=True)
class PageLink:
    number: int
    url: str
    current: bool


@dataclass(frozen=True)
class Pages:
    """``items`` holds a None where numbers are left out."""

    current: int
    total: int
    prev_url: str | None
    next_url: str | None
    items: tuple[PageLink | None, ...]


def page_count(rows: int, per_page: int) -> int:
    return max(1, -(-rows // per_page))


def parse_page(text: str | None) -> int:
    """A page number from an address. Anything odd is the first page."""
    if text and text.isascii() and text.isdigit() and len(text) <= len(str(LAST_PAGE)):
        return max(1, min(int(text), LAST_PAGE))
    return 1


def make_pages(current: int, total: int, url_of: Callable[[int], str]) -> Pages:
    shown = sorted({1, total, *range(max(1, current - 1), min(total, current + 1) + 1)})
    items: list[PageLink | None] = []
    previous = 0
    for number in shown:
        if number - previous > 1:
            items.append(None)
        items.append(PageLink(number, url_of(number), number == current))
        previous = number
    return Pages(
        current=current,
        total=total,
        prev_url=url_of(current - 1) if 1 < current <= total else None,
        next_url=url_of(current + 1) if current < total else None,
        items=tuple(items),
    )
