"""Index terms of a text in any of the three languages; the same for every engine.

A term is a base form; `+` marks a part of a compound, `~` a root, so that a query can value them differently.
"""

from __future__ import annotations

import threading
from functools import cached_property, lru_cache
from typing import Any

from tori.search.dictionaries import base_form
from tori.search.finnish import FinnishAnalyser, Word, finnish_analyser, remembered_words

PART = "+"
ROOT = "~"
LANGUAGES = ("fi", "sv", "en")
_SNOWBALL = {"sv": "swedish", "en": "english"}


class GermanicAnalyser:
    """Swedish or English: simplemma, and Snowball for words it does not know."""

    VERSION = 2

    def __init__(self, language: str) -> None:
        self._language = language
        self._lock = threading.Lock()
        self.name = f"simplemma-{language}/{self.VERSION}"
        self.word = lru_cache(maxsize=remembered_words() // 5)(self._word)

    @cached_property
    def _stemmer(self) -> Any:
        import Stemmer

        return Stemmer.Stemmer(_SNOWBALL[self._language])

    def _word(self, form: str) -> Word:
        with self._lock:
            stem = str(self._stemmer.stemWord(form))
            base = base_form(form, self._language)
        lemma = form if base is None else base.lower()
        return Word(form, (lemma,), self._pieces(form), (stem,) if len(stem) > 3 else (), known=base is not None)

    def _pieces(self, form: str) -> tuple[str, ...]:
        return tuple(piece for piece in form.split("-") if len(piece) > 2) if "-" in form else ()


class Analyser:
    """Words of the three languages. Dictionaries load at the first word of their language."""

    VERSION = 3

    def __init__(self, finnish: FinnishAnalyser) -> None:
        self.finnish = finnish
        self._terms = lru_cache(maxsize=remembered_words())(self._marked)
        self._germanic = {language: GermanicAnalyser(language) for language in _SNOWBALL}
        parts = [finnish.name, *(g.name for g in self._germanic.values())]
        self.name = f"{self.VERSION}:" + "+".join(parts)

    def word(self, form: str, language: str) -> Word:
        """One folded word by the dictionary of its language; unknown languages read as Finnish."""
        if language in self._germanic:
            return self._germanic[language].word(form)
        return self.finnish.word(form)

    def terms(self, form: str, language: str) -> tuple[str, ...]:
        """Every index term of a word, marked by kind."""
        return self._terms(form, language if language in LANGUAGES else "fi")

    def _marked(self, form: str, language: str) -> tuple[str, ...]:
        word = self.word(form, language)
        marked = (
            *word.lemmas,
            *(PART + part for part in word.parts),
            *(ROOT + root for root in word.roots),
        )
        return tuple(dict.fromkeys(marked))


@lru_cache(maxsize=2)
def analyser(chain: str = "auto") -> Analyser:
    """The shared analyser; making it is cheap but for opening Voikko (20 ms), so call it at the first search."""
    return Analyser(finnish_analyser(chain))
