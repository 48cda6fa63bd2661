"""Calendars for other programs to subscribe to: iCalendar (RFC 5545)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tori.core import clock
from tori.core.text import plain_text

LINE_BYTES = 75
MAX_TEXT = 500


@dataclass(frozen=True)
class Entry:
    """``uid`` is its name for ever. Days are whole ones, the last included; moments are from and to."""

    uid: str
    name: str
    starts: date | datetime
    ends: date | datetime
    text: str = ""
    link: str = ""
    is_cancelled: bool = False
    place: str = ""


def calendar(entries: Iterable[Entry], name: str, host: str) -> str:
    stamp = f"{clock.now():%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tekojen tori//Kampanjat//FI"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}@{host}",
            f"DTSTAMP:{stamp}",
            *_times(entry),
            f"SUMMARY:{_escaped(entry.name)}",
            *([f"DESCRIPTION:{_escaped(plain_text(entry.text)[:MAX_TEXT])}"] if entry.text else []),
            *([f"LOCATION:{_escaped(entry.place)}"] if entry.place else []),
            *([f"URL:{entry.link}"] if entry.link else []),
            *(["STATUS:CANCELLED"] if entry.is_cancelled else []),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _times(entry: Entry) -> Iterator[str]:
    """In iCalendar the end of whole days is the day after the last."""
    if isinstance(entry.starts, datetime) and isinstance(entry.ends, datetime):
        yield f"DTSTART:{entry.starts.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        yield f"DTEND:{entry.ends.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return
    yield f"DTSTART;VALUE=DATE:{entry.starts:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.ends + timedelta(days=1):%Y%m%d}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line longer than 75 bytes; a letter is never cut in two."""
    pieces, current = [], ""
    for letter in line:
        if len((current + letter).encode()) > LINE_BYTES:
            pieces.append(current)
            current = " "
        current += letter
    return "\r\n".join([*pieces, current])
