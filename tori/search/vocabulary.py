"""Synonyms as data: groups of words that should find the same deeds, given by the caller or from the base file.

The base file (`data/vocabulary.txt`) has one group a line: members divided by commas. `sv:` and `en:` tell the
language of a member, Finnish is the default. A line that begins with `~` holds looser kin: `~ head: member, member`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from tori.search.analysis import LANGUAGES, Analyser
from tori.search.data import text_of
from tori.search.lexicon import Lexicon
from tori.search.stopwords import stopwords
from tori.search.words import words

SAME = 0.85
TRANSLATION = 0.8
FEW, FEW_ARE_SURER = 4, 0.02
"""Each word that a group has less than so many makes its words nearer to each other: a pair says the very same."""
NEAR_HEAD = 0.55
NEAR_HEAD_AGAIN = 0.46
NEAR_MEMBERS = 0.36
LONGEST = 5
MEMBER_COUNT = 2
QUESTION_WORD_COUNT = 20


class Member(NamedTuple):
    """A word or phrase of a group."""

    text: str
    language: str = "fi"


@dataclass(frozen=True)
class SynonymGroup:
    """Members that mean the same, or (with a head) kin of one concept, weaker to each other than to it."""

    members: tuple[Member, ...]
    head: Member | None = None


class Link(NamedTuple):
    """Another way to say it: forms in order and how close the meaning is."""

    member: Member
    strength: float


class Found(NamedTuple):
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


_Entries = dict[str, list[tuple[tuple[frozenset[str], ...], int, int]]]


class Vocabulary:
    """Groups made ready for look-up by base forms. The first look-up in a language analyses its members, so keep it."""

    def __init__(self, groups: Iterable[SynonymGroup], analyser: Analyser) -> None:
        self._analyser = analyser
        self._groups = tuple(groups)
        self._entries: dict[str, _Entries] = {}
        self._sames: dict[str, tuple[Member, ...]] = {}
        for group in self._groups:
            if group.head is None:
                for member in group.members:
                    others = tuple(other for other in group.members if other.language == member.language)
                    self._sames[member.text] = (*self._sames.get(member.text, ()), *others)
        self._members = [self._all(group) for group in self._groups]

    def _entries_of(self, language: str) -> _Entries:
        """Members of one language by the base forms of their first word; made when first asked for."""
        if language not in self._entries:
            entries: _Entries = {}
            for number, members in enumerate(self._members):
                for place, member in enumerate(members):
                    keys = self._key(member) if member.language == language else ()
                    if keys and len(keys) <= LONGEST:
                        for first in keys[0]:
                            entries.setdefault(first, []).append((keys, number, place))
            self._entries[language] = entries
        return self._entries[language]

    def prepared(self) -> Vocabulary:
        """Itself, with all made now that a first unknown word would wait for: half a second for Swedish alone."""
        for language in LANGUAGES:
            self._entries_of(language)
        self.lexicon.prepared()
        return self

    @cached_property
    def lexicon(self) -> Lexicon:
        """Words of the groups and question words, for mending what is in no deed."""
        known = {word for members in self._members for member in members for word in words(member.text)}
        counts = dict.fromkeys(known, MEMBER_COUNT)
        for language in LANGUAGES:
            counts.update(dict.fromkeys(stopwords(language), QUESTION_WORD_COUNT))
        return Lexicon(counts)

    @property
    def version(self) -> str:
        """Changes when any group does."""
        return hashlib.sha256(repr(self._groups).encode()).hexdigest()[:12]

    def _all(self, group: SynonymGroup) -> tuple[Member, ...]:
        return (*self._heads(group), *group.members, *self._members_again(group))

    def _members_again(self, group: SynonymGroup) -> tuple[Member, ...]:
        """Other words for the kin of a head: who is a lastentarhanopettaja works where a lastenhoitaja does."""
        if group.head is None:
            return ()
        own = {*self._heads(group), *group.members}
        again = (same for member in group.members for same in self._sames.get(member.text, ()))
        return tuple(dict.fromkeys(same for same in again if same not in own))

    def _heads(self, group: SynonymGroup) -> tuple[Member, ...]:
        """The head of looser kin and what means the same as it; none in a group of sames."""
        if group.head is None:
            return ()
        return tuple(dict.fromkeys((group.head, *self._sames.get(group.head.text, ()))))

    def _key(self, member: Member) -> tuple[frozenset[str], ...]:
        return tuple(
            frozenset((form, *self._analyser.word(form, member.language).lemmas)) for form in words(member.text)
        )

    def find(
        self, lemmas: Sequence[frozenset[str]], languages: Sequence[str] = LANGUAGES, least: int = 1
    ) -> list[Found]:
        """What the groups know of a sequence of words, each given by its base forms; longer stretches first.

        `least`: how many words a stretch has to have.
        """
        entries = [self._entries_of(language) for language in languages]
        found = []
        for start, first in enumerate(lemmas):
            links: dict[int, dict[Member, float]] = {}
            for lemma in first:
                for keys, number, place in (entry for own in entries for entry in own.get(lemma, ())):
                    if least <= len(keys) <= len(lemmas) - start and all(
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
        members = self._members[number]
        own = members[place]
        heads = len(self._heads(group))
        surer = max(0, FEW - len({member for member in members if member.language == "fi"})) * FEW_ARE_SURER
        first_again = heads + len(group.members)
        for other, member in enumerate(members):
            if other == place or member == own:
                continue
            if not heads:
                strength = (SAME if member.language == own.language else TRANSLATION) + surer
            elif other < heads and place < heads:
                continue
            elif other < heads or place < heads:
                strength = NEAR_HEAD if 0 in (place, other) and max(place, other) < first_again else NEAR_HEAD_AGAIN
            elif max(place, other) >= first_again:
                continue
            else:
                strength = NEAR_MEMBERS
            yield Link(member, strength)
