"""What speaks for spam in a text: links, haste, a strange language. No text is refused for it here."""

import re

MOST_LINKS = 1
MOST_AN_HOUR = 5
FEWEST_WORDS = 12
"""A shorter text tells nothing of its language."""
LEAST_KNOWN = 0.08
_LINK = re.compile(r"https?://|www\.|\[[^\]]*\]\(", re.I)
_WORD = re.compile(r"[^\W\d_]+")
_COMMON_WORDS = """
ja on ei se että joka niin kuin mutta ovat oli myös kun jos tai meillä miten voi sen mikä onko ole olisi minä me
och att det som en för på med är av inte har till vi den om vad hur kan ett i vårt
the and to of a in is that for it on with as are we how our have be this can what you
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_FOREIGN_LETTERS = re.compile(r"[\u0370-\u03ff\u0400-\u04ff\u0590-\u06ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")


def signs(text: str, posted_in_hour: int) -> list[str]:
    """What speaks for spam: ``links``, ``rate``, ``language``. Empty for an ordinary text."""
    found = []
    if len(_LINK.findall(text)) > MOST_LINKS:
        found.append("links")
    if posted_in_hour > MOST_AN_HOUR:
        found.append("rate")
    if _is_strange(text):
        found.append("language")
    return found


def _is_strange(text: str) -> bool:
    if len(_FOREIGN_LETTERS.findall(text)) > len(text) / 4:
        return True
    words = [word.lower() for word in _WORD.findall(text)]
    return len(words) >= FEWEST_WORDS and sum(word in _COMMON for word in words) / len(words) < LEAST_KNOWN
