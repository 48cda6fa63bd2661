"""Make the fonts of drawn pictures out of the web fonts that the site serves: one file for each weight.

A picture is drawn without a browser, which would choose among the parts of a web font by itself. Run it only when the
web fonts change: `python tests/tools/drawing_fonts.py`. The licence of the fonts stands beside them.
"""

import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "static" / "vendor" / "source-sans-3-5.3.0"
TARGET = ROOT / "tori" / "drawing" / "fonts"
PARTS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "greek-ext", "vietnamese")
WEIGHTS = {"Regular": 400, "Bold": 700}


def still(part: str, weight: int, folder: Path) -> str:
    """One part of the web font at one weight, without what a drawing does not need."""
    font = TTFont(SOURCE / f"source-sans-3-{part}-wght-normal.woff2")
    font.flavor = None
    font = instantiateVariableFont(font, {"wght": weight})
    for table in ("GSUB", "GDEF", "STAT", "BASE"):
        if table in font:
            del font[table]
    path = folder / f"{part}.ttf"
    font.save(path)
    return str(path)


def name(font: TTFont, style: str) -> None:
    names = {1: "Source Sans 3", 2: style, 4: f"Source Sans 3 {style}", 6: f"SourceSans3-{style}"}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    for number in (16, 17, 21, 22, 25):
        font["name"].removeNames(nameID=number)
    is_bold = style == "Bold"
    font["OS/2"].usWeightClass = WEIGHTS[style]
    font["OS/2"].fsSelection = 32 if is_bold else 64
    font["head"].macStyle = int(is_bold)


def main() -> None:
    for style, weight in WEIGHTS.items():
        with tempfile.TemporaryDirectory() as folder:
            font = Merger().merge([still(part, weight, Path(folder)) for part in PARTS])
            name(font, style)
            font.save(TARGET / f"SourceSans3-{style}.ttf")


if __name__ == "__main__":
    main()
