"""Help while writing: suggestions from like deeds, what should not be published, and what is hard to read.

Everything here suggests; nothing decides or blocks.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.models.deeds import PUBLIC_STATUSES, Deed, deed_theme
from tori.search.port import SearchEngine, SearchError

NEIGHBOURS = 12
SIMILAR = 3
MAX_THEMES = 3
ENOUGH_TEXT = 40
"""Characters below which a text tells nothing of its sector."""
SURE_SHARE = 0.4
MAX_ASKED = 4_000


@dataclass(frozen=True)
class Suggestions:
    """Sector and themes of the nearest deeds, best first, and the deeds themselves."""

    sector_id: int | None = None
    theme_ids: tuple[int, ...] = ()
    deed_ids: tuple[int, ...] = ()


def suggest(session: Session, engine: SearchEngine, text: str, own_id: int | None = None) -> Suggestions:
    """What deeds that speak of the same things are about. Empty for a short text and without an index."""
    if len(text) < ENOUGH_TEXT:
        return Suggestions()
    try:
        hits = engine.nearest(text[:MAX_ASKED], NEIGHBOURS)
    except SearchError:
        return Suggestions()
    weights = {hit.id: hit.score for hit in hits if hit.id != own_id}
    sectors: defaultdict[int, float] = defaultdict(float)
    known: set[int] = set()
    statement = select(Deed.id, Deed.sector_id).where(Deed.id.in_(weights), Deed.status.in_(PUBLIC_STATUSES))
    for deed_id, sector_id in session.execute(statement):
        sectors[sector_id] += weights[deed_id]
        known.add(deed_id)
    themes: defaultdict[int, list[float]] = defaultdict(list)
    for deed_id, theme_id in session.execute(
        select(deed_theme.c.deed_id, deed_theme.c.theme_id).where(deed_theme.c.deed_id.in_(known))
    ):
        themes[theme_id].append(weights[deed_id])
    # One deed alone is no sign of a theme.
    shared = {theme_id: sum(found) for theme_id, found in themes.items() if len(found) > 1}
    return Suggestions(
        sector_id=_sure(sectors),
        theme_ids=tuple(sorted(shared, key=lambda theme_id: -shared[theme_id])[:MAX_THEMES]),
        deed_ids=tuple(hit.id for hit in hits if hit.id in known and not hit.weak)[:SIMILAR],
    )


def _sure(weights: Mapping[int, float]) -> int | None:
    if not weights:
        return None
    best = max(weights, key=lambda key: weights[key])
    return best if weights[best] >= SURE_SHARE * sum(weights.values()) else None


# What should not be published


class FindingKind(StrEnum):
    IDENTITY_CODE = "identity_code"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"


@dataclass(frozen=True)
class Finding:
    """Something that may tell who a person is. ``field`` is where it stands."""

    kind: FindingKind
    text: str
    field: str


_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})[-+A-FU-Ya-fu-y](\d{3})([0-9A-Ya-y])(?![0-9A-Za-z])")
_CHECK_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_PHONE = re.compile(r"(?<![\w+./-])(?:\+358|00358|0)(?:[ -]?\d){7,11}(?![\w/]|[.,-]\d)")
_EMAIL = re.compile(r"[\w.+-]+(?:@|\(at\)|\[at\])[\w-]+(?:\.[\w-]+)+")
_NAME = r"[A-ZÅÄÖ][a-zåäöé]+(?:-[A-ZÅÄÖ][a-zåäöé]+)?"
_CLIENTS = (
    "asiakas|potilas|oppilas|asukas|lapsi|vanhus|kuntoutuja|nuori|opiskelija|hoidettava|huollettava|"
    "klient(?:en)?|patient(?:en)?|elev(?:en)?|barnet|client|pupil|resident"
)
_INFLECTED = (
    "asiakkaa(?:n|mme|lle|lta|sta)|potilaa(?:n|mme|lle|lta|sta)|oppilaa(?:n|mme|lle|lta|sta)|asukkaa(?:n|mme)|"
    "lapse(?:n|mme|lle)|nuore(?:n|mme|lle)|opiskelijan|opiskelijamme"
)
_NAMED = (
    re.compile(rf"\b(?i:{_CLIENTS})\s+({_NAME}(?:\s+{_NAME})?)"),
    re.compile(rf"\b(?i:{_INFLECTED})\s+({_NAME}\s+{_NAME})"),
    re.compile(rf"\b({_NAME}\s+{_NAME}),?\s+(?:\d{{1,2}}\s*(?:v\b|-?vuotias|år)|(?i:{_CLIENTS})\b)"),
    re.compile(rf"\b({_NAME}),?\s+\d{{1,2}}\s*(?:v\b\.?|-?vuotias)"),
)
_NO_NAMES = {"Kela", "Kelan", "Kanta", "Wilma", "Wilman", "Suomi", "Suomen", "Teams", "Teamsin", "Omaolo", "Maisa"}


def is_identity_code(day: str, number: str, letter: str) -> bool:
    """Whether the last sign of a Finnish personal identity code is the right one."""
    return _CHECK_LETTERS[int(day + number) % 31] == letter.upper()


def findings(texts: Mapping[str, str]) -> list[Finding]:
    """What of the texts (field -> text) may tell who a customer, pupil or patient is."""
    found = [finding for name, text in texts.items() if text for finding in _findings(name, text)]
    return list(dict.fromkeys(found))


def _findings(name: str, text: str) -> Iterator[Finding]:
    for match in _IDENTITY.finditer(text):
        if is_identity_code(*match.groups()):
            yield Finding(FindingKind.IDENTITY_CODE, match[0], name)
    for match in _PHONE.finditer(text):
        yield Finding(FindingKind.PHONE, match[0].strip(), name)
    for match in _EMAIL.finditer(text):
        yield Finding(FindingKind.EMAIL, match[0], name)
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            if match[1].split()[0] not in _NO_NAMES:
                yield Finding(FindingKind.NAME, match[0], name)


def digest_of(found: Iterable[Finding]) -> str:
    """What a person confirms: these findings and no others."""
    told = "\n".join(sorted(f"{finding.kind} {finding.text}" for finding in found))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


_CUSTOMER_DATA = re.compile(
    r"\b(?:whatsapp|messenger|signal|telegram|wilma|snapchat|pikaviest|snabbmeddel|viestisovel|meddelandeapp|chat|"
    r"asiakastie|asiakasrekister|potilastie|potilasrekister|oppilastie|kundregist|kunduppgift|patientuppgift|"
    r"patientregist|elevuppgift|customer data|patient data)",
    re.IGNORECASE,
)


def concerns_customer_data(texts: Mapping[str, str]) -> bool:
    """Whether the deed seems to handle data of customers, as a messaging app or a register does."""
    return any(_CUSTOMER_DATA.search(text) for text in texts.values() if text)


# What is hard to read

LONG_SENTENCE = 25
MANY_PASSIVES = 4
SHORT_TEXT = 80
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PASSIVE = re.compile(r"\w{2,}(?:taan|tään|daan|dään|laan|lään|naan|nään|raan|rään|ttiin|stiin)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Readability:
    """``long_sentences`` as they begin; ``passives`` in a row of sentences; ``is_short`` leaves readers hungry."""

    long_sentences: list[str] = field(default_factory=list)
    passives: int = 0
    is_short: bool = False

    def __bool__(self) -> bool:
        return bool(self.long_sentences or self.passives or self.is_short)


def readability(texts: Mapping[str, str], language: str = "fi") -> Readability:
    text = "\n".join(text for text in texts.values() if text)
    sentences = [match[0].strip() for match in _SENTENCE.finditer(text)]
    long = [sentence for sentence in sentences if len(_WORD.findall(sentence)) > LONG_SENTENCE]
    chain = _longest_chain(sentences) if language == "fi" else 0
    return Readability(
        long_sentences=[" ".join(sentence.split()[:8]) + " …" for sentence in long[:3]],
        passives=chain if chain >= MANY_PASSIVES else 0,
        is_short=0 < len(text) < SHORT_TEXT,
    )


def _longest_chain(sentences: Iterable[str]) -> int:
    """The most passive verbs in sentences that follow each other."""
    longest = current = 0
    for sentence in sentences:
        count = len(_PASSIVE.findall(sentence))
        current = current + count if count else 0
        longest = max(longest, current)
    return longest
