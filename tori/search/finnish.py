"""Finnish words to base forms, compound parts and roots.

Two chains with one interface: Voikko, when libvoikko and its dictionary are installed, and one made of packages
only (simplemma, FinnSyll, Snowball). Each names itself with a version; an index remembers who made it.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

from tori.search.data import word_list
from tori.search.dictionaries import base_form

logger = logging.getLogger(__name__)

MANY_WORDS, FEW_WORDS = 50_000, 8_000
"""Remembered by a process that indexes everything, and by one that answers searches."""
MIN_PART = 3
MIN_ROOT = 4
LONGEST_SUGGESTED = 24
RECENT_WORDS = 300
CHAINS = ("auto", "voikko", "packaged")


@dataclass(frozen=True, slots=True)
class Word:
    """What an analysis says of one form. `lemmas` are of the whole word, `parts` of pieces of a compound,
    `roots` what is left without derivation. `known` tells whether a dictionary had the word."""

    form: str
    lemmas: tuple[str, ...]
    parts: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    known: bool = True


class Morphology(Protocol):
    """A dictionary of Finnish."""

    name: str

    def lemmas(self, form: str) -> tuple[str, ...]:
        """Base forms, none when the form is not known."""
        ...

    def pieces(self, form: str) -> tuple[tuple[str, ...], ...]:
        """Ways to cut a compound into the forms of its pieces; words that are not compounds give none."""
        ...


OWN_WORDS = word_list("own_words.txt")
"""Words of municipal work that dictionaries lack, in base form; their inflected forms are found by ending."""

_ENDING = re.compile(
    r"(?:(?:i|j)?(?:n|a|ä|ta|tä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi|na|nä|t|en|in|iin|hin|hön|han|hun|hyn|seen|den|tten|ien|oiden|"
    r"öiden|ja|jä|ita|itä|eja|ejä)|[aeiouyäö]n)(?:ko|kö|kin|kaan|kään|han|hän)?"
)

_DERIVATIONS = sorted(word_list("derivations.txt"), key=lambda ending: (-len(ending), ending))
_DOUBLED = re.compile(r"(.)\1")
_VOWELS = "aeiouyäö"


def root_of(lemma: str) -> str | None:
    """What a family of derived words shares (kehittää, kehitys, kehittäjä), or None for short words.

    Rough on purpose: doubled letters count once, so that consonant gradation does not part relatives.
    """
    if len(lemma) < 5 or not lemma.isalpha():
        return None
    root = _DOUBLED.sub(r"\1", lemma)
    for ending in _DERIVATIONS:
        if root.endswith(ending) and len(root) - len(ending) >= MIN_ROOT:
            root = root[: -len(ending)]
            break
    while len(root) > MIN_ROOT and root[-1] in _VOWELS:
        root = root[:-1]
    return root if len(root) >= MIN_ROOT else None


_remembered = MANY_WORDS


def remembered_words() -> int:
    """How many words an analyser remembers that is made now."""
    return _remembered


def remember_few_words() -> None:
    """For processes that answer searches: each word that is remembered takes half a kilobyte."""
    global _remembered
    _remembered = FEW_WORDS


class FinnishAnalyser:
    """Words for index and query by either dictionary, with the fallbacks that both share."""

    VERSION = 5

    def __init__(self, morphology: Morphology) -> None:
        self._morphology = morphology
        self.name = f"{morphology.name}/{self.VERSION}"
        self.word = lru_cache(maxsize=remembered_words())(self._word)
        self._splits = lru_cache(maxsize=remembered_words() // 10)(self._split_in_two)

    @cached_property
    def _stemmer(self) -> Any:
        import Stemmer

        return Stemmer.Stemmer("finnish")

    def _stem(self, form: str) -> str:
        with _stemmer_lock:
            return str(self._stemmer.stemWord(form))

    def _word(self, form: str) -> Word:
        if not any(c.isalpha() for c in form):
            return Word(form, (form,))
        if ":" in form:
            return self._abbreviation(form)
        if "-" in form:
            return self._hyphened(form)
        return self._simple(form)

    def _abbreviation(self, form: str) -> Word:
        head = form.partition(":")[0]
        word = self._simple(head) if head else Word(form, (form,))
        return Word(form, _unique((head, *word.lemmas)), word.parts, word.roots, word.known)

    def _hyphened(self, form: str) -> Word:
        pieces = [self._simple(piece) for piece in form.split("-") if piece]
        joined = self._simple(form.replace("-", ""))
        last = pieces[-1]
        whole = tuple("".join(p.form for p in pieces[:-1]) + lemma for lemma in last.lemmas)
        parts = [term for piece in pieces for term in (*piece.lemmas, *piece.parts)]
        roots = [root for piece in pieces for root in piece.roots]
        lemmas = _unique((*joined.lemmas, *whole)) if joined.known else _unique(whole)
        return Word(form, lemmas, _unique(p for p in parts if len(p) > 1), _unique(roots), last.known)

    def _simple(self, form: str) -> Word:
        own = self._own_lemma(form)
        lemmas = _unique((*own, *self._morphology.lemmas(form)))
        if not lemmas:
            return self._unknown(form)
        cuts = () if own else self._morphology.pieces(form)
        parts = _unique(part for cut in cuts for part in self._parts(cut) if part not in lemmas)
        single = [part for cut in cuts for piece in cut for part in self._run(piece, last=piece is cut[-1])]
        return Word(form, lemmas, parts, self._roots((*lemmas, *single)))

    def _roots(self, lemmas: Iterable[str]) -> tuple[str, ...]:
        return _unique(root for lemma in lemmas if (root := root_of(lemma)))

    def _parts(self, cut: tuple[str, ...]) -> Iterator[str]:
        """Base forms of every run of pieces shorter than the word."""
        count = len(cut)
        for start in range(count):
            for end in range(start + 1, count + 1):
                if end - start == count:
                    continue
                run = "".join(cut[start:end])
                if len(run) >= MIN_PART:
                    yield from self._run(run, last=end == count)

    def _run(self, run: str, *, last: bool) -> tuple[str, ...]:
        found = self._morphology.lemmas(run)
        if not last and run.endswith("s"):
            found = (*found, *self._morphology.lemmas(run[:-1] + "nen"))
        return _unique(found) or (run,)

    def _own_lemma(self, form: str) -> tuple[str, ...]:
        if form in OWN_WORDS:
            return (form,)
        for length in range(len(form) - 1, 2, -1):
            if form[:length] in OWN_WORDS and _ENDING.fullmatch(form, length):
                return (form[:length],)
        return ()

    def _unknown(self, form: str) -> Word:
        """A word of no dictionary: cut before its longest known ending, and stemmed."""
        stem = self._stem(form)
        roots = _unique((stem if len(stem) >= MIN_ROOT else "", root_of(form) or "", root_of(stem) or ""))
        split = self._guess_split(form)
        if split is None:
            return Word(form, _unique((form, stem)), (), roots, known=False)
        front, endings, inner = split
        lemmas = (form, *(front + ending for ending in endings))
        parts = (front, *endings, *inner)
        return Word(form, _unique(lemmas), _unique(p for p in parts if len(p) >= MIN_PART), roots, known=False)

    def _guess_split(self, form: str) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
        for cut in range(3, len(form) - 3):
            head, tail = form[:cut], form[cut:]
            if len(tail) < 4:
                break
            endings = self._morphology.lemmas(tail) or self._own_lemma(tail)
            if not endings:
                continue
            front = self._morphology.lemmas(head) or self._own_lemma(head)
            if not front and len(tail) < 5:
                continue
            inner = tuple(front) + tuple(p for c in self._morphology.pieces(tail) for p in self._parts(c))
            return head, endings, inner
        return None

    def splits(self, form: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Ways to see a compound as two words: base forms of its modifier and of its head."""
        return self._splits(form)

    def _split_in_two(self, form: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        if "-" in form:
            front, _, back = form.rpartition("-")
            cuts: tuple[tuple[str, ...], ...] = ((front.replace("-", ""), back),) if front and back else ()
            cuts += tuple((front + "-" + cut[0], *cut[1:]) for cut in self._morphology.pieces(back) if front)
        else:
            cuts = self._morphology.pieces(form)
        pairs = []
        for cut in cuts:
            for border in range(1, len(cut)):
                front, back = "".join(cut[:border]), "".join(cut[border:])
                if min(len(front), len(back)) >= MIN_PART:
                    pairs.append((self._run(front, last=False), self._run(back, last=True)))
        if not cuts and not self._morphology.lemmas(form) and (guess := self._guess_split(form)):
            pairs.append(((guess[0], *self._morphology.lemmas(guess[0])), guess[1]))
        return tuple(dict.fromkeys(pairs))

    def suggestions(self, form: str) -> list[str]:
        """Spellings that the dictionary would offer, where it can."""
        if isinstance(self._morphology, VoikkoMorphology) and len(form) <= LONGEST_SUGGESTED:
            return self._morphology.suggestions(form)
        return []


_stemmer_lock = threading.Lock()


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))


_DERIVED_BASE = re.compile(r"\+[^+()]+\(([^+()]+)\)")
_NAME_CLASSES = frozenset({"paikannimi", "etunimi", "sukunimi", "nimi"})


class VoikkoMorphology:
    """libvoikko through ctypes. Two threads at once in a handle crash the process, and a handle takes 2 MB, so there is
    one for a process and its children, with a lock."""

    name = "voikko"

    def __init__(self) -> None:
        import libvoikko

        self._handle: Any = libvoikko.Voikko("fi")
        self._lock = threading.Lock()

    def _analyses(self, form: str) -> list[dict[str, str]]:
        with self._lock:
            found: list[dict[str, str]] = list(self._handle.analyze(form))
            capital = form[:1].upper() + form[1:]
            if not found and form.isalpha():
                found = list(self._handle.analyze(capital))
            if not found and 2 <= len(form) <= 5:
                found = list(self._handle.analyze(form.upper()))
        return found

    def lemmas(self, form: str) -> tuple[str, ...]:
        lemmas: list[str] = []
        for analysis in self._recent(form):
            base = analysis.get("BASEFORM", "").lower().replace("=", "").replace("-", "")
            lemmas.append(base)
            lemmas.extend(self._derived_from(analysis))
        return _unique(lemmas)

    @staticmethod
    def _derived_from(analysis: dict[str, str]) -> Iterator[str]:
        """The verb of a participle, the place of its inhabitant."""
        output = analysis.get("FSTOUTPUT", "")
        bases = _DERIVED_BASE.findall(analysis.get("WORDBASES", ""))
        inhabitant = output.startswith("[Le") and "[Ll]" in output
        if bases and (inhabitant or (analysis.get("PARTICIPLE") and "[Bc]" not in output)):
            yield bases[0].lower().replace("=", "")

    def pieces(self, form: str) -> tuple[tuple[str, ...], ...]:
        cuts = []
        for analysis in self._recent(form):
            if analysis.get("CLASS") in _NAME_CLASSES:
                continue
            cut = _cut(form, analysis.get("STRUCTURE", ""))
            if len(cut) > 1:
                cuts.append(cut)
        return tuple(dict.fromkeys(cuts))

    @cached_property
    def _recent(self) -> Callable[[str], list[dict[str, str]]]:
        """Base forms, pieces and runs of pieces of a word are asked for one after another."""
        return lru_cache(RECENT_WORDS)(self._analyses)

    def suggestions(self, form: str) -> list[str]:
        """Spellings that the dictionary would offer."""
        with self._lock:
            return [str(word).lower() for word in self._handle.suggest(form)]


def _cut(form: str, structure: str) -> tuple[str, ...]:
    pieces: list[str] = []
    at = 0
    for mark in structure:
        if mark == "=":
            pieces.append("")
        elif at < len(form):
            if not pieces:
                pieces.append("")
            pieces[-1] += form[at]
            at += 1
    if pieces:
        pieces[-1] += form[at:]
    return tuple(piece for piece in pieces if piece)


class PackagedMorphology:
    """simplemma for base forms and FinnSyll for compound borders; pure Python, about 60 MB when first used."""

    name = "packaged"

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @cached_property
    def _splitter(self) -> Any:
        from finnsyll import FinnSyll

        return FinnSyll()

    def lemmas(self, form: str) -> tuple[str, ...]:
        with self._lock:
            for spelling in (form, form[:1].upper() + form[1:]):
                if (base := base_form(spelling, "fi")) is not None:
                    lemma = base.lower()
                    # The list takes some nouns for dialect forms of pronouns (työ -> sinä).
                    lemma = lemma if lemma[:1] == form[:1] else form
                    return _unique((lemma, *_verbs_of(lemma)))
        return ()

    def pieces(self, form: str) -> tuple[tuple[str, ...], ...]:
        if len(form) < 6:
            return ()
        with self._lock:
            try:
                found = self._splitter.split(form)
            except (KeyError, IndexError, ValueError) as error:
                logger.debug("no split for a word: %s", error)
                return ()
        cut = tuple(piece for piece in str(found).split("=") if piece)
        if len(cut) < 2 or "".join(cut) != form or self._is_name(form):
            return ()
        return (cut,)

    def _is_name(self, form: str) -> bool:
        capital = form[:1].upper() + form[1:]
        with self._lock:
            return base_form(form, "fi") is None and base_form(capital, "fi") is not None


_VERBAL_NOUN = re.compile(r"(.{3,})m(?:inen|iset)$")


def _verbs_of(lemma: str) -> tuple[str, ...]:
    """kehittäminen -> kehittää: the dictionary of this chain keeps the noun and the verb apart."""
    match = _VERBAL_NOUN.match(lemma)
    if not match:
        return ()
    stem = match.group(1)
    return (stem + stem[-1],) if stem[-1] in "aä" else (stem + ("ä" if any(c in "äöy" for c in stem) else "a"),)


@lru_cache(maxsize=1)
def voikko_problem() -> str | None:
    """Why Voikko cannot be used here, in one sentence, or None when it can."""
    try:
        VoikkoMorphology()
    except Exception as error:
        # libvoikko raises its own class, OSError or ImportError by what is missing; the reason is told by `doctor`.
        return f"Voikko is not available ({type(error).__name__}: {error}); the packaged analysis is used."
    return None


@lru_cache(maxsize=2)
def finnish_analyser(chain: str = "auto") -> FinnishAnalyser:
    """The analyser of this process: `voikko`, `packaged`, or `auto` for the better one that is installed.

    Raises ValueError for any other name.
    """
    if chain not in CHAINS:
        raise ValueError(f"There is no analysis called {chain!r}: choose one of {', '.join(CHAINS)}.")
    if chain == "packaged" or (chain == "auto" and voikko_problem()):
        return FinnishAnalyser(PackagedMorphology())
    return FinnishAnalyser(VoikkoMorphology())
