"""What a reader typed, as words, phrases and exclusions. Any text gives an answer; nothing raises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from tori.search.words import fold, normalise, spans, words

MAX_LETTERS = 400
MAX_WORDS = 20
MAX_PHRASES = 5

_QUOTED = re.compile(
    r'(?P<minus>(?<!\S)-)?["\u201c\u201d\u201e\u00ab\u00bb](?P<text>[^"\u201c\u201d\u201e\u00ab\u00bb]*)["\u201c\u201d\u201e\u00ab\u00bb]'
)
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\W\d_])(\S+)")
_PREFIX = re.compile(r"([^\W_]{3,})\*")


class Word(NamedTuple):
    """A wanted word; `prefix` when it was typed with a final star."""

    form: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """Words in order of typing, exact phrases, and what must not be there (words or phrases, as tuples of forms)."""

    text: str
    wanted: tuple[Word, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.phrases)


def parse(text: str) -> ParsedQuery:
    """Plain words are wanted, "quotes" hold exact phrases, a minus before a letter or a quote excludes."""
    kept = normalise(text[: MAX_LETTERS * 2]).strip()[:MAX_LETTERS]
    phrases: list[tuple[str, ...]] = []
    excluded: list[tuple[str, ...]] = []

    def take_quoted(match: re.Match[str]) -> str:
        forms = tuple(words(match["text"]))[:MAX_WORDS]
        if forms:
            (excluded if match["minus"] else phrases).append(forms)
        return " "

    def take_excluded(match: re.Match[str]) -> str:
        excluded.extend((form,) for form in words(match[1])[:1])
        return " "

    rest = _EXCLUDED.sub(take_excluded, _QUOTED.sub(take_quoted, kept))
    starred = {fold(match[1]) for match in _PREFIX.finditer(rest)}
    wanted = dict.fromkeys(form for _, _, form in spans(rest))
    return ParsedQuery(
        text=" ".join(kept.split()),
        wanted=tuple(Word(form, form in starred) for form in list(wanted)[:MAX_WORDS]),
        phrases=tuple(phrases[:MAX_PHRASES]),
        excluded=tuple(excluded[:MAX_WORDS]),
    )
