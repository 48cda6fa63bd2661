"""Text to words: one way to cut, fold and clean for index, query and highlighting."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_WORD = 60
"""Longer runs of letters are not words; they are cut so that nothing downstream gets slow."""

_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-") | {"\u00ad": None, "\u2019": "'", "\u00b4": "'"}
)
_HAS_DASHES = re.compile("[\u2010-\u2013\u2212\u00ad\u2019\u00b4]")
_WORD = re.compile(r"[^\W_]+(?:[-:'&+][^\W_]+)*(?:\+\+|#)?")
_MARKDOWN = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|https?://\S+|[*_`#>|]+")
_MARKS = "[*_`#>|"
"""Most texts have none, and looking for one letter after the other is quick."""
_CLEAN = bytes(sorted({*b"\n\t", *range(0x20, 0x7F), *range(0xA1, 0x100)} - {0xAD, 0xB4}))
"""Letters of Latin 1 that stay as they are. Bytes are gone through several times as fast as letters."""
_SIMPLE = bytes(range(0x80)) + "åäöÅÄÖ".encode("latin-1")
_CLEAN_AND_SIMPLE = bytes(sorted({*_CLEAN} & {*_SIMPLE}))
_LOWER = bytes.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ".encode("latin-1"), "abcdefghijklmnopqrstuvwxyzåäö".encode("latin-1")
)
_KEPT = frozenset("åäöÅÄÖ")
_FOLDED = re.compile(r"[\x00-\x7fåäö]*")
_FOREIGN = re.compile(r"[^\x00-\x7fåäöÅÄÖ]")


def _has_others(text: str, known: bytes) -> bool:
    """Whether the text has letters beside the known ones of Latin 1."""
    try:
        return bool(text.encode("latin-1").translate(None, known))
    except UnicodeEncodeError:
        return True


def normalise(text: str) -> str:
    """NFC with plain hyphens; soft hyphens and control characters are gone. Keeps case and length of lines."""
    if not _has_others(text, _CLEAN):
        return text
    text = unicodedata.normalize("NFC", text)
    # Translating costs by the letter, looking does not.
    if _HAS_DASHES.search(text):
        text = text.translate(_DASHES)
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)


def fold(word: str) -> str:
    """Lower case without foreign diacritics (é, ü, š); å, ä and ö are letters of their own and stay."""
    word = word.lower()
    if _FOLDED.fullmatch(word):
        return word
    out = []
    for char in word:
        if char in _KEPT or char.isascii():
            out.append(char)
        else:
            out.append("".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c)))
    return unicodedata.normalize("NFC", "".join(out))


def folded(text: str) -> str:
    """A whole text folded letter by letter, each in its place."""
    if not _has_others(text, _SIMPLE):
        return text.encode("latin-1").translate(_LOWER).decode("latin-1")
    return _FOREIGN.sub(lambda found: fold(found.group())[:1] or " ", text).lower()


def normal_and_folded(text: str) -> tuple[str, str]:
    """`normalise`, and `folded` of that: nearly all texts are gone through once for both."""
    try:
        letters = text.encode("latin-1")
    except UnicodeEncodeError:
        letters = None
    if letters is None or letters.translate(None, _CLEAN_AND_SIMPLE):
        text = normalise(text)
        return text, folded(text)
    return text, letters.translate(_LOWER).decode("latin-1")


def bare(word: str) -> str:
    """Folded further, without the dots of ä, ö and å: for finding what was typed on a foreign keyboard."""
    return fold(word).translate(_BARE)


_BARE = str.maketrans("åäö", "aao")


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and folded form of each word of a normalised text."""
    for match in _WORD.finditer(text):
        yield match.start(), match.end(), fold(match.group())[:MAX_WORD]


def words(text: str) -> list[str]:
    """Folded words in order."""
    return [word for _, _, word in spans(normalise(text))]


def plain(markdown: str) -> str:
    """Markdown without its marks and addresses; enough for indexing and passages, not for showing."""
    if not any(map(markdown.__contains__, _MARKS)) and "http" not in markdown:
        return markdown
    return _MARKDOWN.sub(lambda m: f" {m.group(1) or ''} ", markdown)
