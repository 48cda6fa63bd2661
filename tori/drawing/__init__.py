"""Pictures of our own: SVG documents turned into PNG files, with our fonts and nothing of the system."""

from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FONT_FILES = [str(path) for path in sorted(FONTS.glob("*.ttf"))]
KEPT = 64


@lru_cache(maxsize=KEPT)
def png(svg: str, width: int = 1200) -> bytes:
    """The document as a picture so many pixels wide."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            font_files=FONT_FILES,
            skip_system_fonts=True,
            sans_serif_family="Source Sans 3",
        )
    )
