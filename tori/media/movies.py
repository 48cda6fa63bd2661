"""Checks a video that readers may play: known by its content as MP4 or WebM, packed so that every browser can play it.

Only the structure is read, so a video is never held in memory. No library that is looked after does this without
bringing a whole decoder, which is what an attacker would want to reach.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, NoReturn

from tori.core.errors import RuleBroken

MEGABYTE = 1_000_000
FIELD = "video"
MP4, WEBM = "video/mp4", "video/webm"
VIDEO_TYPES = (MP4, WEBM)
MAX_PARTS = 20_000
MAX_SIDE = 8_192

CODECS_OF_MP4 = {b"avc1", b"avc3", b"av01", b"vp09"}
"""H.264, AV1 and VP9. H.265, which phones may record, is played by some browsers only."""
CODECS_OF_WEBM = {b"V_VP8", b"V_VP9", b"V_AV1"}
_PLACES = {b"udta", b"meta", b"uuid"}
"""Boxes of what isn't needed for playing: where it was filmed, with which device, by whom."""
_HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_BLANK = 1 << 16


@dataclass(frozen=True)
class CheckedVideo:
    """Sides are in pixels as they are shown; ``seconds`` is 0 when the file doesn't tell."""

    media_type: str
    width: int
    height: int
    seconds: int


class Part(NamedTuple):
    """A piece of a file with its name: a box of MP4, an element of WebM. Offsets in bytes from the file's beginning."""

    name: bytes
    header: int
    start: int
    end: int


class _Broken(Exception):
    """Something is not where the format says that it is."""


def check_video(file: BinaryIO, name: str, most_megabytes: int) -> CheckedVideo:
    """Raises RuleBroken with what is wrong; ``name`` is told in its sentence. Reads some kilobytes."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        raise RuleBroken("file_empty", FIELD, name=name)
    if size > most_megabytes * MEGABYTE:
        raise RuleBroken("video_too_large", FIELD, name=name, limit=most_megabytes)
    beginning = _at(file, 0, min(size, 12))
    try:
        if beginning[4:8] == b"ftyp" and beginning[8:12] != b"qt  ":
            return _check_mp4(file, size, name)
        if beginning.startswith(b"\x1aE\xdf\xa3"):
            return _check_webm(file, size, name)
    except (_Broken, struct.error, OverflowError, ValueError) as error:
        raise RuleBroken("video_broken", FIELD, name=name) from error
    raise RuleBroken("video_wrong_type", FIELD, name=name)


def forget_places(file: BinaryIO, media_type: str) -> None:
    """Blanks what tells where, when and with what an MP4 was filmed, in its place: nothing else moves. The file must
    have passed ``check_video``."""
    if media_type != MP4:
        return
    size = file.seek(0, os.SEEK_END)
    for outer in _boxes(file, 0, size):
        for box in (outer, *(_deep(file, outer.start, outer.end) if outer.name == b"moov" else ())):
            if box.name in _PLACES:
                _blank(file, box)


def _blank(file: BinaryIO, box: Part) -> None:
    file.seek(box.header + 4)
    file.write(b"free")
    file.seek(box.start)
    for start in range(box.start, box.end, _BLANK):
        file.write(bytes(min(_BLANK, box.end - start)))


def _at(file: BinaryIO, start: int, length: int) -> bytes:
    file.seek(start)
    data = file.read(length)
    if len(data) < length:
        raise _Broken
    return data


# MP4: boxes of a length, a name of four letters and content, which may be boxes again (ISO/IEC 14496-12)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[Part]:
    for _number in range(MAX_PARTS):
        if start >= end:
            return
        length, name = struct.unpack(">I4s", _at(file, start, 8))
        begins = start + 8
        if length == 1:
            length = struct.unpack(">Q", _at(file, begins, 8))[0]
            begins += 8
        stop = end if length == 0 else start + length
        if stop > end or stop < begins:
            raise _Broken
        yield Part(name, start, begins, stop)
        start = stop
    raise _Broken


def _deep(file: BinaryIO, start: int, end: int, depth: int = 0) -> Iterator[Part]:
    """All boxes, those in boxes too."""
    if depth > len(_HOLDERS):
        raise _Broken
    for box in _boxes(file, start, end):
        yield box
        if box.name in _HOLDERS:
            yield from _deep(file, box.start, box.end, depth + 1)


def _check_mp4(file: BinaryIO, size: int, name: str) -> CheckedVideo:
    outer = list(_boxes(file, 0, size))
    heads = [box for box in outer if box.name == b"moov"]
    if len(heads) != 1 or not any(box.name in (b"mdat", b"moof") for box in outer):
        raise _Broken
    track: dict[bytes, Part] = {}
    picture: dict[bytes, Part] = {}
    seconds = 0
    for number, box in enumerate(_deep(file, heads[0].start, heads[0].end)):
        if number > MAX_PARTS:
            raise _Broken
        if box.name == b"mvhd":
            seconds = _seconds_of(file, box)
        elif box.name == b"trak":
            track = {}
        track[box.name] = box
        if box.name == b"stsd" and _is_picture(file, track) and not picture:
            picture = dict(track)
    if not picture:
        _refuse_codec(name, b"")
    codec = _at(file, picture[b"stsd"].start + 12, 4)
    if codec not in CODECS_OF_MP4:
        _refuse_codec(name, codec)
    return _checked(MP4, *_sides_of(file, picture[b"tkhd"]), seconds)


def _is_picture(file: BinaryIO, track: dict[bytes, Part]) -> bool:
    if b"hdlr" not in track or b"tkhd" not in track:
        raise _Broken
    return _at(file, track[b"hdlr"].start + 8, 4) == b"vide"


def _seconds_of(file: BinaryIO, header: Part) -> int:
    is_long = _at(file, header.start, 1) == b"\x01"
    if is_long:
        scale, length = struct.unpack(">IQ", _at(file, header.start + 20, 12))
    else:
        scale, length = struct.unpack(">II", _at(file, header.start + 12, 8))
    is_told = scale and length < (1 << 64 if is_long else 1 << 32) - 1
    return int(length / scale) if is_told else 0


def _sides_of(file: BinaryIO, header: Part) -> tuple[int, int]:
    """As they are shown: a phone held upright turns the picture by a matrix."""
    turn = struct.unpack(">9i", _at(file, header.end - 44, 36))
    width, height = (side >> 16 for side in struct.unpack(">2I", _at(file, header.end - 8, 8)))
    return (height, width) if turn[0] == 0 and turn[4] == 0 else (width, height)


# WebM: elements of a name, a length and content, all of changing widths (RFC 8794, RFC 9559)

_SEGMENT, _INFO, _TRACKS, _CLUSTER = b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75"
_TRACK, _TYPE, _CODEC, _VIDEO, _WIDTH, _HEIGHT = b"\xae", b"\x83", b"\x86", b"\xe0", b"\xb0", b"\xba"
_DOCTYPE, _SCALE, _DURATION = b"\x42\x82", b"\x2a\xd7\xb1", b"\x44\x89"
_PICTURE = 1
_MOST_VALUE = 64


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[Part]:
    for _number in range(MAX_PARTS):
        if start >= end:
            return
        name = _at(file, start, _width_of(_at(file, start, 1), 4))
        at = start + len(name)
        told = _at(file, at, _width_of(_at(file, at, 1), 8))
        length = int.from_bytes(told, "big") - (1 << 7 * len(told))
        begins = at + len(told)
        # All ones: as long as it goes on, which a recording in a browser doesn't know.
        stop = end if length == (1 << 7 * len(told)) - 1 else begins + length
        if stop > end:
            raise _Broken
        yield Part(name, start, begins, stop)
        start = stop
    raise _Broken


def _width_of(first: bytes, most: int) -> int:
    width = 9 - first[0].bit_length()
    if width > most:
        raise _Broken
    return width


def _value(file: BinaryIO, part: Part) -> bytes:
    if part.end - part.start > _MOST_VALUE:
        raise _Broken
    return _at(file, part.start, part.end - part.start)


def _values(file: BinaryIO, part: Part, *wanted: bytes) -> dict[bytes, bytes]:
    return {inner.name: _value(file, inner) for inner in _elements(file, part.start, part.end) if inner.name in wanted}


def _check_webm(file: BinaryIO, size: int, name: str) -> CheckedVideo:
    outer = _elements(file, 0, size)
    head = _values(file, next(outer), _DOCTYPE)  # there is one: the file begins with its name
    if head.get(_DOCTYPE, b"").rstrip(b"\0") != b"webm":
        raise RuleBroken("video_wrong_type", FIELD, name=name)
    segment = next((part for part in outer if part.name == _SEGMENT), None)
    if segment is None:
        raise _Broken
    seconds, sides = 0, None
    for part in _elements(file, segment.start, segment.end):
        if part.name == _INFO:
            seconds = _seconds_of_webm(_values(file, part, _SCALE, _DURATION))
        elif part.name == _TRACKS:
            sides = _sides_of_webm(file, part, name)
        elif part.name == _CLUSTER:
            if sides is None:
                break
            return _checked(WEBM, *sides, seconds)
    raise _Broken


def _seconds_of_webm(told: dict[bytes, bytes]) -> int:
    length = told.get(_DURATION, b"")
    units = struct.unpack(">d" if len(length) == 8 else ">f", length)[0] if length else 0.0
    return int(units * int.from_bytes(told.get(_SCALE, b"\x0f\x42\x40"), "big") / 1e9)


def _sides_of_webm(file: BinaryIO, tracks: Part, name: str) -> tuple[int, int]:
    for track in _elements(file, tracks.start, tracks.end):
        if track.name != _TRACK:
            continue
        told = _values(file, track, _TYPE, _CODEC)
        if int.from_bytes(told.get(_TYPE, b""), "big") != _PICTURE:
            continue
        codec = told.get(_CODEC, b"").rstrip(b"\0")
        if codec not in CODECS_OF_WEBM:
            _refuse_codec(name, codec)
        return _shown_sides(file, track)
    return _refuse_codec(name, b"")


def _shown_sides(file: BinaryIO, track: Part) -> tuple[int, int]:
    for part in _elements(file, track.start, track.end):
        if part.name == _VIDEO:
            sides = _values(file, part, _WIDTH, _HEIGHT)
            return int.from_bytes(sides.get(_WIDTH, b""), "big"), int.from_bytes(sides.get(_HEIGHT, b""), "big")
    raise _Broken


def _checked(media_type: str, width: int, height: int, seconds: int) -> CheckedVideo:
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE) or seconds < 0:
        raise _Broken
    return CheckedVideo(media_type, width, height, seconds)


def _refuse_codec(name: str, codec: bytes) -> NoReturn:
    code = "video_codec" if codec else "video_without_picture"
    shown = "".join(letter for letter in codec.decode("ascii", "ignore") if letter.isprintable())
    raise RuleBroken(code, FIELD, name=name, codec=shown)
