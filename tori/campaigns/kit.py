"""The share kit of a campaign: ready texts with counted links, and images that the system draws itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from tori import drawing
from tori.config import ROOT
from tori.core.text import excerpt, plain_text
from tori.deeds.sharing import ReadyText
from tori.models.campaigns import Campaign

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

SIZES = {"laaja": (1200, 630), "nelio": (1080, 1080)}
"""Name in the address -> width and height: for links in social media, and for a square post."""
INK, GROUND, DEEP, ACCENT, CREAM, SOFT = "#ffffff", "#0e4f3b", "#0a3a2c", "#ffb43a", "#fff6e3", "#bfdccf"
FOLDER = ROOT / "static" / "vendor"
HEADING = FOLDER / "bricolage-grotesque-5.3.0" / "bricolage-grotesque-latin-wght-normal.woff2"
HEADING_MORE = FOLDER / "bricolage-grotesque-5.3.0" / "bricolage-grotesque-latin-ext-wght-normal.woff2"
TEXT, BOLD = drawing.FONTS / "SourceSans3-Regular.ttf", drawing.FONTS / "SourceSans3-Bold.ttf"
"""All Latin, Cyrillic and Greek letters; the headings have only the Latin ones."""
HEADING_WEIGHT = 760
SCALE = 2
"""Drawn so much larger and then made smaller, so that curves are smooth."""
MOST_LINES = 3
HEADING_LINE, LINE = 1.12, 1.3
"""Heights of lines in sizes of their letters."""


def ready_texts(campaign: Campaign, links: dict[str, str], fallback: str, locale: str) -> list[ReadyText]:
    """A text for each channel, with the link of that channel."""
    tags = " ".join(campaign.hashtags)
    what = plain_text(campaign.description_in(locale))
    head = campaign.slogan or campaign.name

    def link(source: str) -> str:
        return links.get(source, fallback)

    join = _("Tell your deed: %(link)s", link=link("some"))
    return [
        ReadyText("short", _("Social media, short"), " ".join(filter(None, (f"{head}.", join, tags))), 3),
        ReadyText(
            "long", _("Social media, longer"), "\n\n".join(filter(None, (head, excerpt(what, 500), join, tags))), 9
        ),
        ReadyText(
            "newsletter",
            _("Newsletter"),
            "\n\n".join((campaign.name, what, _("Tell your deed: %(link)s", link=link("uutiskirje")))),
            9,
        ),
        ReadyText(
            "intranet",
            _("Intranet"),
            "\n\n".join(
                (
                    _("%(name)s: could it be our turn?", name=campaign.name),
                    what,
                    _("Telling takes a few minutes, and a small thing is enough: %(link)s", link=link("intranet")),
                )
            ),
            9,
        ),
        ReadyText(
            "employer",
            _("Mail from an employer to the staff"),
            "\n\n".join(
                (
                    _("Dear colleagues,"),
                    _("we take part in %(name)s. %(what)s", name=campaign.name, what=excerpt(what, 400)),
                    _(
                        "You may use working time for telling. Talk it over in your team, choose one thing that you "
                        "made better, and tell it together: %(link)s",
                        link=link("intranet"),
                    ),
                )
            ),
            10,
        ),
    ]


@lru_cache(maxsize=64)
def _font(path: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.truetype(str(path), size)
    if path.suffix != ".woff2":
        return font
    # The widths of the axes differ from font to font; only the weight is set.
    values = [float(axis["default"] or 0) for axis in font.get_variation_axes()]
    names = [axis["name"] or b"" for axis in font.get_variation_axes()]
    font.set_variation_by_axes(
        [weight if b"eight" in name else value for name, value in zip(names, values, strict=True)]
    )
    return font


@lru_cache
def _letters(path: Path) -> frozenset[int]:
    """The code points that a font draws."""
    from fontTools.ttLib import TTFont

    with TTFont(path) as font:
        return frozenset(font.getBestCmap())


@dataclass(frozen=True)
class _Face:
    """Fonts in their order: a letter that the first one lacks is drawn with the next that has it, else left out."""

    paths: tuple[Path, ...]
    size: int

    def pieces(self, text: str) -> list[tuple[ImageFont.FreeTypeFont, str]]:
        found: list[tuple[ImageFont.FreeTypeFont, str]] = []
        for letter in text:
            path = next((path for path in self.paths if ord(letter) in _letters(path)), None)
            if path is None:
                continue
            font = _font(path, self.size, HEADING_WEIGHT)
            if found and found[-1][0] is font:
                found[-1] = (font, found[-1][1] + letter)
            else:
                found.append((font, letter))
        return found

    def length(self, text: str) -> float:
        return sum(font.getlength(piece) for font, piece in self.pieces(text))

    @property
    def ascent(self) -> int:
        return _font(self.paths[0], self.size, HEADING_WEIGHT).getmetrics()[0]

    def draw(self, picture: ImageDraw.ImageDraw, place: tuple[float, float], text: str, colour: str) -> None:
        """``place`` is the upper left corner; the pieces stand on one line."""
        x, y = place
        for font, piece in self.pieces(text):
            picture.text((x, y + self.ascent), piece, font=font, fill=colour, anchor="ls")
            x += font.getlength(piece)


def _heading(size: int) -> _Face:
    return _Face((HEADING, HEADING_MORE, BOLD), size)


def _lines(text: str, face: _Face, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.length(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@lru_cache(maxsize=32)
def image(name: str, slogan: str, place: str, width: int, height: int) -> bytes:
    """A PNG with awning, name, slogan and the address of the square. The same words give the same picture."""
    from PIL import Image, ImageDraw

    w, h = width * SCALE, height * SCALE
    picture = Image.new("RGB", (w, h), GROUND)
    draw = ImageDraw.Draw(picture)
    _awning(draw, w, h)
    margin = w // 14
    room = w - 2 * margin
    top = h // 4
    bottom = h - h // 8
    size = h // 6 if width > height else h // 8
    words = _Face((TEXT,), max(28, h // 20))
    saying = _lines(slogan, words, room)[:MOST_LINES]
    under = h // 24 + len(saying) * words.size * LINE if saying else 0
    title = _heading(size)
    lines = _lines(name, title, room)
    while size > 24 and (
        len(lines) > MOST_LINES
        or any(title.length(row) > room for row in lines)
        or top + len(lines) * size * HEADING_LINE + under > bottom - h // 24
    ):
        size = size * 9 // 10
        title = _heading(size)
        lines = _lines(name, title, room)
    y = top
    for row in lines:
        title.draw(draw, (margin, y), row, INK)
        y += round(size * HEADING_LINE)
    y += h // 24
    for row in saying:
        words.draw(draw, (margin, y), row, SOFT)
        y += round(words.size * LINE)
    foot = _Face((BOLD,), max(26, h // 24))
    draw.rectangle((0, h - h // 8, w, h), fill=DEEP)
    foot.draw(draw, (margin, h - h // 16 - foot.size * 0.72), place, ACCENT)
    out = BytesIO()
    picture.resize((width, height), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _awning(draw: ImageDraw.ImageDraw, w: int, h: int) -> None:
    stripe = w // 12
    drop = h // 9
    for number in range(13):
        x = number * stripe
        colour = ACCENT if number % 2 == 0 else CREAM
        draw.rectangle((x, 0, x + stripe - 1, drop), fill=colour)
        draw.pieslice((x, drop - stripe // 2, x + stripe - 1, drop + stripe // 2), 0, 180, fill=colour)
