"""Checks a file that readers may download: known by its content, no zip bomb, no macros. Nothing is unpacked."""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from tori.core.errors import RuleBroken

MEGABYTE = 1_000_000
MAX_FILE_BYTES = 20 * MEGABYTE
MAX_UNPACKED_BYTES = 150 * MEGABYTE
MAX_RATIO = 200
"""How many times larger a file may become by unpacking; texts of XML reach some thirty."""
MAX_PARTS = 5_000
MAX_DIRECTORY_BYTES = 1 * MEGABYTE
MAX_READ = 500_000
MAX_NAME = 100
FIELD = "files"

_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
_TAIL = 1024
_WORDS_OF_OFFICE = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

OFFICE = {
    "docx": ("word/document.xml", _WORDS_OF_OFFICE + "wordprocessingml.document"),
    "pptx": ("ppt/presentation.xml", _WORDS_OF_OFFICE + "presentationml.presentation"),
    "xlsx": ("xl/workbook.xml", _WORDS_OF_OFFICE + "spreadsheetml.sheet"),
}
"""Ending -> the part that makes the file what it is, and its media type."""

OPEN_DOCUMENTS = {_ODF + "text": "odt", _ODF + "presentation": "odp", _ODF + "spreadsheet": "ods"}
PDF = "application/pdf"
ENDINGS = ("pdf", *OFFICE, *OPEN_DOCUMENTS.values())


@dataclass(frozen=True)
class CheckedDocument:
    """``file_name`` is clean and ends as the content demands, whatever the sender called it."""

    file_name: str
    media_type: str


def check_document(data: bytes, name: str) -> CheckedDocument:
    """Raises RuleBroken with the limit that the file breaks; ``name`` is told in its sentence."""
    if not data:
        raise RuleBroken("file_empty", FIELD, name=name)
    if len(data) > MAX_FILE_BYTES:
        raise RuleBroken("document_too_large", FIELD, name=name, limit=MAX_FILE_BYTES // MEGABYTE)
    ending, media_type = _type_of(data, name)
    return CheckedDocument(f"{clean_file_name(name)}.{ending}", media_type)


def clean_file_name(name: str) -> str:
    """The name without its folder and ending, and without anything invisible or special to a system."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    base = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C")
    stem, dot, ending = base.rpartition(".")
    stem = stem if dot and len(ending) <= 5 else base
    stem = re.sub(r'[<>:"|?*%;\s]+', " ", stem).strip(" .")
    return stem[:MAX_NAME].rstrip(" .") or "liite"


def _type_of(data: bytes, name: str) -> tuple[str, str]:
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-_TAIL:]:
            raise RuleBroken("document_broken", FIELD, name=name)
        return "pdf", PDF
    if data.startswith(b"PK\x03\x04"):
        return _type_of_archive(data, name)
    raise RuleBroken("document_old" if data.startswith(_OLD_OFFICE) else "document_wrong_type", FIELD, name=name)


def _type_of_archive(data: bytes, name: str) -> tuple[str, str]:
    _check_directory(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_parts(parts, len(data), name)
            found = _office_type(archive, parts, name) or _open_document_type(archive, parts, name)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, RuntimeError, KeyError) as error:
        raise RuleBroken("document_broken", FIELD, name=name) from error
    if found is None:
        raise RuleBroken("document_wrong_type", FIELD, name=name)
    return found


def _check_directory(data: bytes, name: str) -> None:
    """Bounds the table of contents before the library reads it whole into memory."""
    at = data.rfind(b"PK\x05\x06")
    if at < 0 or at + _END_OF_DIRECTORY.size > len(data):
        raise RuleBroken("document_broken", FIELD, name=name)
    _, disk, _, here, total, size, _, _ = _END_OF_DIRECTORY.unpack_from(data, at)
    # The larger table of contents of ZIP64 says other numbers; no document of this size needs it.
    if disk or here != total or data[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
        raise RuleBroken("document_broken", FIELD, name=name)
    if total > MAX_PARTS or size > MAX_DIRECTORY_BYTES:
        raise RuleBroken("document_bomb", FIELD, name=name)


def _check_parts(parts: list[zipfile.ZipInfo], length: int, name: str) -> None:
    names = [part.filename for part in parts]
    if len(set(names)) != len(names) or any(part.flag_bits & _ENCRYPTED for part in parts):
        raise RuleBroken("document_broken", FIELD, name=name)
    if any(entry.startswith("/") or "\\" in entry or ".." in entry.split("/") for entry in names):
        raise RuleBroken("document_broken", FIELD, name=name)
    packed, unpacked = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
    # Parts that together are larger than the file lie upon each other: the trick of the densest bombs.
    if packed > length or unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * max(packed, 1):
        raise RuleBroken("document_bomb", FIELD, name=name)
    if any(entry.lower().endswith("vbaproject.bin") or entry.startswith("Basic/") for entry in names):
        raise RuleBroken("document_macros", FIELD, name=name)


def _office_type(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> tuple[str, str] | None:
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names:
        return None
    types = _read(archive, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise RuleBroken("document_macros", FIELD, name=name)
    for ending, (main, media_type) in OFFICE.items():
        if main in names and f"{media_type}.main+xml".encode() in types:
            return ending, media_type
    return None


def _open_document_type(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> tuple[str, str] | None:
    if not parts or parts[0].filename != "mimetype" or "content.xml" not in archive.NameToInfo:
        return None
    media_type = _read(archive, "mimetype").decode("ascii", "replace").strip()
    ending = OPEN_DOCUMENTS.get(media_type)
    return (ending, media_type) if ending else None


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    """The beginning of a part, whatever length it claims to have."""
    with archive.open(part) as file:
        return file.read(MAX_READ)
