"""Makes the plain font files that pictures are drawn with from the variable ones of the pages.

Run it only when a font is updated: ``python tests/tools/drawing_fonts.py``. The results are committed.
"""

from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "tori" / "drawing" / "fonts"
CUTS = (
    ("source-sans-3-*", "source-sans-3-latin-wght-normal.woff2", "Source Sans 3", "Regular", 400),
    ("source-sans-3-*", "source-sans-3-latin-wght-normal.woff2", "Source Sans 3", "Bold", 700),
    ("bricolage-grotesque-*", "bricolage-grotesque-latin-wght-normal.woff2", "Bricolage Grotesque", "Bold", 700),
)
FAMILY, STYLE, FULL, POSTSCRIPT, TYPOGRAPHIC, TYPOGRAPHIC_STYLE = 1, 2, 4, 6, 16, 17
BOLD = 700


def cut(folder: str, file: str, family: str, style: str, weight: int) -> Path:
    source = next((ROOT / "static" / "vendor").glob(folder)) / file
    font = TTFont(source)
    axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": weight}
    font = instancer.instantiateVariableFont(font, axes)
    font.flavor = None
    names = font["name"]
    for number in (TYPOGRAPHIC, TYPOGRAPHIC_STYLE):
        names.removeNames(nameID=number)
    postscript = f"{family.replace(' ', '')}-{style}"
    for number, text in ((FAMILY, family), (STYLE, style), (FULL, f"{family} {style}"), (POSTSCRIPT, postscript)):
        names.setName(text, number, 3, 1, 0x409)
        names.setName(text, number, 1, 0, 0)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = 0x20 if weight == BOLD else 0x40
    font["head"].macStyle = 1 if weight == BOLD else 0
    path = TARGET / f"{postscript}.ttf"
    font.save(path)
    return path


if __name__ == "__main__":
    for row in CUTS:
        made = cut(*row)
        print(made.name, made.stat().st_size)
