"""The share kit of a campaign: ready texts with counted links, and images that the system draws itself."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from flask_babel import gettext as _
from PIL import Image, ImageDraw, ImageFont

from tori.config import ROOT
from tori.core.text import excerpt, plain_text
from tori.deeds.sharing import ReadyText
from tori.models.campaigns import Campaign

SIZES = {"laaja": (1200, 630), "nelio": (1080, 1080)}
"""Name in the address -> width and height: for links in social media, and for a square post."""
INK, GROUND, DEEP, ACCENT, CREAM, SOFT = "#ffffff", "#0e4f3b", "#0a3a2c", "#ffb43a", "#fff6e3", "#bfdccf"
FOLDER = ROOT / "static" / "vendor"
HEADING = FOLDER / "bricolage-grotesque-5.3.0" / "bricolage-grotesque-latin-wght-normal.woff2"
TEXT = FOLDER / "source-sans-3-5.3.0" / "source-sans-3-latin-wght-normal.woff2"
SCALE = 2
"""Drawn so much larger and then made smaller, so that curves are smooth."""
MOST_LINES = 3


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
    font = ImageFont.truetype(str(path), size)
    # The widths of the axes differ from font to font; only the weight is set.
    values = [float(axis["default"] or 0) for axis in font.get_variation_axes()]
    names = [axis["name"] or b"" for axis in font.get_variation_axes()]
    font.set_variation_by_axes(
        [weight if b"eight" in name else value for name, value in zip(names, values, strict=True)]
    )
    return font


def _lines(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(longer, font=font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@lru_cache(maxsize=32)
def image(name: str, slogan: str, place: str, width: int, height: int) -> bytes:
    """A PNG with awning, name, slogan and the address of the square. The same words give the same picture."""
    w, h = width * SCALE, height * SCALE
    picture = Image.new("RGB", (w, h), GROUND)
    draw = ImageDraw.Draw(picture)
    _awning(draw, w, h)
    margin = w // 14
    room = w - 2 * margin
    top = h // 4
    bottom = h - h // 8
    size = h // 6 if width > height else h // 8
    title = _font(HEADING, size, 760)
    lines = _lines(draw, name, title, room)
    while size > 24 and (len(lines) > MOST_LINES or any(draw.textlength(row, font=title) > room for row in lines)):
        size = size * 9 // 10
        title = _font(HEADING, size, 760)
        lines = _lines(draw, name, title, room)
    y = top
    for row in lines:
        draw.text((margin, y), row, font=title, fill=INK)
        y += round(size * 1.12)
    words = _font(TEXT, max(28, h // 20), 400)
    y += h // 24
    for row in _lines(draw, slogan, words, room)[:MOST_LINES]:
        if y + words.size > bottom - h // 16:
            break
        draw.text((margin, y), row, font=words, fill=SOFT)
        y += round(words.size * 1.3)
    foot = _font(TEXT, max(26, h // 24), 650)
    draw.rectangle((0, h - h // 8, w, h), fill=DEEP)
    draw.text((margin, h - h // 16), place, font=foot, fill=ACCENT, anchor="lm")
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
