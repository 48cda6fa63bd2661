"""A program of its own: reads a picture from standard input and writes it anew, with nothing but its pixels.

It is run by ``pictures.py`` as a child with little memory and time and without the service's environment, since the
decoders of picture formats are where crafted files do their harm. It imports nothing of the service.

Answer: a line of JSON, ``{"error": code}`` or ``{"width": w, "height": h, "sizes": {width: bytes}}``, then the files.
"""

import io
import json
import resource
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 40_000_000
MEMORY_BYTES = 1_200_000_000
"""A WebP of forty megapixels needs more than half of it."""
CPU_SECONDS = 12
OUTPUT_BYTES = 12_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
QUALITY = 80
MAX_SHAPE = 2
"""The height is at most this many times the greatest width: taller pictures are made narrower."""

ORIENTATION = 0x0112


class Refused(Exception):
    """The picture is not taken; the text is a rule code."""


def limit_resources() -> None:
    for kind, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def encode(data: bytes, widths: list[int], only_largest: bool = False) -> tuple[tuple[int, int], dict[int, bytes]]:
    """The size of the largest picture, and a WebP file for each width that the picture can fill, never enlarged; of the
    largest only when asked so."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused("picture_too_many_pixels")
        # A JPEG is decoded at half or a quarter of its size when that is enough.
        picture.draft("RGB", (widths[-1], widths[-1]))
        picture.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused("picture_too_many_pixels") from error
    except UnidentifiedImageError as error:
        raise Refused("picture_broken") from error
    largest = _plain(picture, widths[-1])
    sizes: dict[int, bytes] = {}
    for width in widths:
        if only_largest and width < min(largest.width, widths[-1]):
            continue
        target = min(width, largest.width)
        height = max(1, round(largest.height * target / largest.width))
        small = largest if target == largest.width else largest.resize((target, height), Image.Resampling.LANCZOS)
        file = io.BytesIO()
        small.save(file, "WEBP", quality=QUALITY, method=4)
        sizes[width] = file.getvalue()
        if target == largest.width:
            break
    return largest.size, sizes


def _plain(picture: "Image.Image", greatest_width: int) -> "Image.Image":
    """Upright, in plain colours, at most as large as the largest size, with no metadata."""
    from PIL import Image

    turn = _turn(picture)
    profile = picture.info.get("icc_profile")
    picture = _eight_bit(picture)
    is_turned = turn in (
        Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_90
    )  # fmt: skip
    box = (greatest_width, greatest_width * MAX_SHAPE)
    picture.thumbnail(box[::-1] if is_turned else box, Image.Resampling.LANCZOS, reducing_gap=3.0)
    if turn is not None:
        picture = picture.transpose(turn)
    picture = _standard_colours(picture, profile)
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def _eight_bit(picture: "Image.Image") -> "Image.Image":
    if picture.mode.startswith("I") or picture.mode == "F":
        # Sixteen bits of grey, of which the upper eight are seen.
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    # What is so already is not copied: the largest pictures must fit into the memory that there is.
    if picture.mode in ("RGB", "RGBA", "CMYK") and not (picture.mode == "RGB" and picture.has_transparency_data):
        return picture
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _standard_colours(picture: "Image.Image", profile: bytes | None) -> "Image.Image":
    """Colours of a phone's wider space brought to what every screen understands."""
    from PIL import ImageCms

    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            standard = ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, source, standard, outputMode=mode) or picture
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            # A profile that can't be used is as good as none.
            return picture.convert(mode)
    return picture.convert(mode)


def _turn(picture: "Image.Image") -> "Image.Transpose | None":
    """What to do to see the picture as it was taken."""
    from PIL import Image

    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }  # fmt: skip
    try:
        return turns.get(int(picture.getexif().get(ORIENTATION) or 1))
    except Exception:
        # Whatever is wrong with the metadata, the pixels are in order.
        return None


def answer(data: bytes, widths: list[int], only_largest: bool = False) -> tuple[dict[str, object], list[bytes]]:
    try:
        (width, height), sizes = encode(data, widths, only_largest)
    except Refused as error:
        return {"error": str(error)}, []
    except MemoryError:
        return {"error": "picture_too_heavy"}, []
    except Exception:
        # Decoders raise nearly anything for a broken file.
        return {"error": "picture_broken"}, []
    counts = {str(size): len(file) for size, file in sizes.items()}
    return {"width": width, "height": height, "sizes": counts}, list(sizes.values())


def main() -> None:
    limit_resources()
    only_largest, *widths = (int(argument) for argument in sys.argv[1:])
    head, files = answer(sys.stdin.buffer.read(), sorted(widths), bool(only_largest))
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(files))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
