"""Synonyms as data: groups of words that should find the same deeds, given by the caller or from the base file.

The base file (`data/vocabulary.txt`) has one group a line: members divided by commas. `sv:` and `en:` tell the
language of a member, Finnish is the default. A line that begins with `~` holds looser kin: `~ head: member, member`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tori.search.analysis import LANGUAGES, Analyser
from tori.search.data import text_of
from tori.search.lexicon import Lexicon
from tori.search.stopwords import stopwords
from tori.search.words import words

SAME = 0.85
TRANSLATION = 0.8
NEAR_HEAD = 0.55
NEAR_MEMBERS = 0.36
LONGEST = 5
MEMBER_COUNT = 2
QUESTION_WORD_COUNT = 20


@dataclass(frozen=True)
class Member:
    """A word or phrase of a group."""

    text: str
    language: str = "fi"


@dataclass(frozen=True)
class SynonymGroup:
    """Members that mean the same, or (with a head) kin of one concept, weaker to each other than to it."""

    members: tuple[Member, ...]
    head: Member | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Another way to say it: forms in order and how close the meaning is."""

    member: Member
    strength: float


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of query words that a group knows."""

    start: int
    length: int
    links: tuple[Link, ...]


def parse_groups(text: str) -> list[SynonymGroup]:
    """Groups of a base file; comments and empty lines are passed over."""
    groups = []
    for line in text.splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("~"):
            head, _, rest = line[1:].partition(":")
            groups.append(SynonymGroup(_members(rest), _member(head)))
        else:
            groups.append(SynonymGroup(_members(line)))
    return groups


def _members(text: str) -> tuple[Member, ...]:
    return tuple(_member(piece) for piece in text.split(",") if piece.strip())


def _member(piece: str) -> Member:
    piece = piece.strip()
    language = piece[:2]
    if piece[2:3] == ":" and language in LANGUAGES:
        return Member(piece[3:].strip(), language)
    return Member(piece)


@lru_cache(maxsize=1)
def base_groups() -> tuple[SynonymGroup, ...]:
    """The vocabulary that comes with the service."""
    return tuple(parse_groups(text_of("vocabulary.txt")))


class Vocabulary:
    """Groups made ready for look-up by base forms. Making one analyses every member, so keep it."""

    def __init__(self, groups: Iterable[SynonymGroup], analyser: Analyser) -> None:
        self._analyser = analyser
        self._groups = tuple(groups)
        self._entries: dict[str, list[tuple[tuple[frozenset[str], ...], int, int]]] = {}
        for number, group in enumerate(self._groups):
            for place, member in enumerate(self._all(group)):
                keys = self._key(member)
                if not keys or len(keys) > LONGEST:
                    continue
                for first in keys[0]:
                    self._entries.setdefault(first, []).append((keys, number, place))

    @cached_property
    def lexicon(self) -> Lexicon:
        """Words of the groups and question words, for mending what is in no deed."""
        known = {word for group in self._groups for member in self._all(group) for word in words(member.text)}
        counts = dict.fromkeys(known, MEMBER_COUNT)
        for language in LANGUAGES:
            counts.update(dict.fromkeys(stopwords(language), QUESTION_WORD_COUNT))
        return Lexicon(counts)

    @property
    def version(self) -> str:
        """Changes when any group does."""
        return hashlib.sha256(repr(self._groups).encode()).hexdigest()[:12]

    @staticmethod
    def _all(group: SynonymGroup) -> tuple[Member, ...]:
        return (group.head, *group.members) if group.head else group.members

    def _key(self, member: Member) -> tuple[frozenset[str], ...]:
        return tuple(
            frozenset((form, *self._analyser.word(form, member.language).lemmas)) for form in words(member.text)
        )

    def find(self, lemmas: Sequence[frozenset[str]]) -> list[Found]:
        """What the groups know of a sequence of words, each given by its base forms; longer stretches first."""
        found = []
        for start, first in enumerate(lemmas):
            links: dict[int, dict[Member, float]] = {}
            for lemma in first:
                for keys, number, place in self._entries.get(lemma, ()):
                    if start + len(keys) <= len(lemmas) and all(
                        keys[i] & lemmas[start + i] for i in range(1, len(keys))
                    ):
                        into = links.setdefault(len(keys), {})
                        for link in self._links(number, place):
                            into[link.member] = max(link.strength, into.get(link.member, 0.0))
            for length in sorted(links, reverse=True):
                found.append(Found(start, length, tuple(Link(m, s) for m, s in links[length].items())))
        found.sort(key=lambda f: -f.length)
        return found

    def _links(self, number: int, place: int) -> Iterable[Link]:
        group = self._groups[number]
        members = self._all(group)
        own = members[place]
        for other, member in enumerate(members):
            if other == place:
                continue
            if group.head is not None:
                strength = NEAR_HEAD if 0 in (place, other) else NEAR_MEMBERS
            else:
                strength = SAME if member.language == own.language else TRANSLATION
            yield Link(member, strength)
