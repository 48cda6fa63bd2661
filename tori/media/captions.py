"""Checks the captions of a video (WebVTT), so that they show wherever the video does: a mistake is told by its line.

Browsers leave out what they don't understand without a word, and libraries do much the same; here a person must hear
of it, so the file is read by its grammar (https://www.w3.org/TR/webvtt1/) and nothing is guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from tori.core.errors import RuleBroken

FIELD = "captions"
MAX_BYTES = 500_000
MEDIA_TYPE = "text/vtt"
HEADER = "WEBVTT"
ARROW = "-->"
_TIME = r"(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+\S.*)?")
_TAG = re.compile(r"<[^>]*>")
_SIDE_BLOCKS = re.compile(r"(NOTE|STYLE|REGION)(?:[ \t].*)?")

Lines = list[tuple[int, str]]


@dataclass(frozen=True)
class CheckedCaptions:
    """``data`` is UTF-8 with plain line ends; ``cues`` is how many times something is said."""

    data: bytes
    cues: int


def check_captions(data: bytes) -> CheckedCaptions:
    """Raises RuleBroken with the line, counted from one, where there is one to blame."""
    if len(data) > MAX_BYTES:
        raise RuleBroken("captions_too_large", FIELD, limit=MAX_BYTES // 1000)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse("not_utf8", data[: error.start].count(b"\n") + 1)
    text = re.sub(r"\r\n?", "\n", text)
    if "\0" in text:
        _refuse("not_utf8", text[: text.index("\0")].count("\n") + 1)
    lines = text.split("\n")
    if not re.fullmatch(rf"{HEADER}(?:[ \t].*)?", lines[0]):
        raise RuleBroken("captions_no_header", FIELD)
    if cue := next((number for number, line in enumerate(lines[1:], 2) if ARROW in line), 0):
        first_empty = next((number for number, line in enumerate(lines, 1) if not line), len(lines))
        if cue < first_empty:
            _refuse("no_gap", cue)
    cues = _check_blocks(lines)
    if not cues:
        raise RuleBroken("captions_none", FIELD)
    return CheckedCaptions(text.encode(), cues)


def _check_blocks(lines: list[str]) -> int:
    """Returns how many cues there are."""
    cues = latest = 0
    for number, block in enumerate(_blocks(lines)):
        if number == 0 or (_SIDE_BLOCKS.fullmatch(block[0][1]) and ARROW not in block[0][1]):
            continue
        latest = _check_cue(block, latest)
        cues += 1
    return cues


def _blocks(lines: list[str]) -> Iterator[Lines]:
    """Lines with their numbers, cut at the empty ones."""
    block: Lines = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _check_cue(block: Lines, latest: int) -> int:
    """Returns when the cue begins, in milliseconds."""
    # Before the times there may be a line with the cue's name.
    at = 0 if ARROW in block[0][1] or len(block) == 1 or ARROW not in block[1][1] else 1
    line_number, timing = block[at]
    found = _TIMING.fullmatch(timing.strip())
    if not found:
        _refuse("bad_time", line_number)
    parts = [int(part or 0) for part in found.groups()]
    start, end = (
        ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
        for hours, minutes, seconds, milliseconds in (parts[:4], parts[4:])
    )
    if end <= start:
        _refuse("ends_early", line_number)
    if start < latest:
        _refuse("order", line_number)
    said = block[at + 1 :]
    for number, line in said:
        if ARROW in line:
            _refuse("no_gap", number)
    if not any(_TAG.sub("", line).strip() for _number, line in said):
        _refuse("no_text", line_number)
    return start


def _refuse(what: str, line: int) -> NoReturn:
    raise RuleBroken(f"captions_{what}", FIELD, line=line)
