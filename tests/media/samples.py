"""Pictures and files made for tests, good and bad."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from PIL import Image

GPS = 0x8825
ORIENTATION = 0x0112
MAKER = 0x010F
SECRET = "Salainen-kamera"


def picture_bytes(
    kind: str = "PNG", size: tuple[int, int] = (640, 400), colour: str = "#17805f", **more: object
) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **more)
    return file.getvalue()


def jpeg_from_a_phone(orientation: int = 6) -> bytes:
    """Red above, blue below as stored; with a place, a camera's name and an orientation in its metadata."""
    picture = Image.new("RGB", (600, 400), "#c00000")
    picture.paste("#0000c0", (0, 200, 600, 400))
    exif = Image.Exif()
    exif[MAKER] = SECRET
    exif[ORIENTATION] = orientation
    place = exif.get_ifd(GPS)
    place[1], place[2] = "N", (61.0, 28.0, 39.0)
    place[3], place[4] = "E", (23.0, 30.0, 31.0)
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif, comment=SECRET.encode(), quality=90)
    data = file.getvalue()
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(GPS)
    return data


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_claiming(width: int, height: int) -> bytes:
    """A small file whose head promises so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")


def png_with_a_script() -> bytes:
    """A text chunk with a script in it, and another script after the end."""
    data = picture_bytes()
    script = b"Comment\0<script>alert(1)</script>"
    head = data[:33]
    return head + png_chunk(b"tEXt", script) + data[33:] + b"<script>alert(2)</script>"


def gif_with_frames(count: int) -> bytes:
    frames = [Image.new("P", (20, 20), number % 250) for number in range(count)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=20)
    return file.getvalue()


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="{type}.main+xml"/></Types>'
)


def archive(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return file.getvalue()


def office_file(ending: str = "docx", **parts: bytes) -> bytes:
    from tori.media.documents import OFFICE

    part, media_type = OFFICE[ending]
    types = _TYPES.format(part=part, type=media_type).encode()
    more = {name.replace("__", "/").replace("_", "."): data for name, data in parts.items()}
    return archive({"[Content_Types].xml": types, part: b"<document/>", **more})


def open_document(ending: str = "odt") -> bytes:
    from tori.media.documents import OPEN_DOCUMENTS

    media_type = next(key for key, value in OPEN_DOCUMENTS.items() if value == ending)
    return archive({"mimetype": media_type.encode(), "content.xml": b"<office/>"}, zipfile.ZIP_STORED)


CAPTIONS = "WEBVTT\n\n1\n00:00.000 --> 00:00.800\nHyvä teko\n\n00:00.800 --> 00:01.500\nkiertämään!\n".encode()
WEBM = (Path(__file__).parent / "small.webm").read_bytes()
"""A second and a half of 64 × 36 pixels in VP8, recorded by a browser."""
PLACE = b"+60.1699+024.9384/"


def box(name: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), name) + inside


def mp4_bytes(codec: bytes = b"avc1", handler: bytes = b"vide", turn: int = 0, brand: bytes = b"isom") -> bytes:
    """As a phone films: 640 × 360, twelve seconds, with the place in it; there is no picture to decode. ``turn`` is 1
    when the phone is held upright."""
    turned = (0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30) if turn else (65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    track = box(b"tkhd", bytes(40), struct.pack(">9i", *turned), struct.pack(">2I", 640 << 16, 360 << 16))
    table = box(b"stsd", struct.pack(">II", 0, 1), box(codec, bytes(78)))
    media = box(
        b"mdia",
        box(b"mdhd", bytes(24)),
        box(b"hdlr", bytes(8), handler, bytes(12)),
        box(b"minf", box(b"stbl", table)),
    )
    header = box(b"mvhd", bytes(12), struct.pack(">II", 1000, 12_000), bytes(80))
    place = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0), PLACE))
    return b"".join(
        (
            box(b"ftyp", brand, bytes(4), b"isom"),
            box(b"moov", header, box(b"trak", track, media), place),
            box(b"mdat", bytes(2_000)),
        )
    )
