"""The picture that stands beside a link to a TOP list when somebody shares it: name and first deeds, drawn anew."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageFont

SIZE = (1200, 630)
MARGIN = 70
PAPER, INK, GREEN, AMBER, RED = "#fffdf7", "#15211c", "#0e4f3b", "#ffb43a", "#c41a43"
STRIPES = 10
AWNING = 64
TITLE_SIZES = (76, 64, 54, 46)
TITLE_LINES = 2
ITEM_SIZE, ITEM_LINE, ITEMS = 36, 62, 4
HEADINGS = "bricolage-grotesque-5.3.0/bricolage-grotesque-latin-wght-normal.woff2"
WORDS = "source-sans-3-5.3.0/source-sans-3-latin-wght-normal.woff2"
KEPT = 64


def _font(vendored: Path, name: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.truetype(vendored / name, size)
    font.set_variation_by_axes([weight])
    return font


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _cut(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


@lru_cache(maxsize=KEPT)
def draw(title: str, items: tuple[str, ...], note: str, site: str, vendored: Path) -> bytes:
    """A PNG of 1200 × 630. ``items`` are the first deeds; longer names are cut."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    width, height = SIZE
    stripe = width // STRIPES
    for number in range(STRIPES):
        left = number * stripe
        colour = RED if number % 2 == 0 else "#f6e4d0"
        pen.rectangle((left, 0, left + stripe, AWNING), fill=colour)
        pen.pieslice((left, AWNING - stripe // 2, left + stripe, AWNING + stripe // 2), 0, 180, fill=colour)
    room = width - 2 * MARGIN
    top = AWNING + stripe // 2 + 24
    for size in TITLE_SIZES:
        heading = _font(vendored, HEADINGS, size, 800)
        lines = _wrapped(title, heading, room)
        if len(lines) <= TITLE_LINES:
            break
    for line in lines[:TITLE_LINES]:
        pen.text((MARGIN, top), _cut(line, heading, room), font=heading, fill=INK)
        top += round(size * 1.1)
    words, strong = _font(vendored, WORDS, ITEM_SIZE, 500), _font(vendored, HEADINGS, ITEM_SIZE, 800)
    top += 16
    for number, item in enumerate(items[:ITEMS], 1):
        if top > height - 2 * ITEM_LINE:
            break
        pen.text((MARGIN, top), str(number), font=strong, fill=RED)
        pen.text((MARGIN + 48, top), _cut(item, words, room - 48), font=words, fill=INK)
        top += ITEM_LINE
    pen.rectangle((0, height - 78, width, height), fill=GREEN)
    foot = _font(vendored, WORDS, 32, 700)
    pen.text((MARGIN, height - 60), _cut(f"{site}  ·  {note}", foot, room), font=foot, fill="#ffffff")
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
