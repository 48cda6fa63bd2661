"""Words that carry no subject. They are indexed like others, but a query does not demand them.

Lists are of base forms and of the common forms themselves, so that both analysis chains meet them.
"""

from __future__ import annotations

from functools import lru_cache

from tori.search.data import word_list


@lru_cache(maxsize=3)
def stopwords(language: str) -> frozenset[str]:
    """The list of a language; Finnish for languages without one."""
    return word_list(f"stopwords.{language if language in ('sv', 'en') else 'fi'}.txt")


def carries_no_subject(form: str, lemmas: tuple[str, ...], language: str) -> bool:
    """Whether a query word is one of the words that only join or ask."""
    listed = stopwords(language)
    return form in listed or (bool(lemmas) and all(lemma in listed for lemma in lemmas))


@lru_cache(maxsize=1)
def _light() -> frozenset[str]:
    return word_list("light_words.txt")


def says_little(form: str, lemmas: tuple[str, ...]) -> bool:
    """Whether a word stands in almost any deed or question, and so tells less than its rarity would have it."""
    return form in _light() or any(lemma in _light() for lemma in lemmas)


SHORTEST_PIECE = 4


def is_empty_piece(lemma: str) -> bool:
    """Whether a piece of a compound says nothing without the rest of it: olo of poissaolo, aika of lukuaika."""
    return len(lemma) < SHORTEST_PIECE or lemma in _empty() or lemma in _light()


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    return word_list("empty_pieces.txt")
