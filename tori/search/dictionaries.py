"""Base forms of words by the dictionaries of simplemma.

Those that every site reads are laid out as tries when the service is built: files that all processes read where they
lie, without memory of their own. ``python -m tori.search.dictionaries`` makes them. Of other languages, and where no
trie lies, each process reads what came with simplemma. Nothing is made while the service runs.
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simplemma.strategies import DictionaryLookupStrategy

DATA = Path(__file__).parent / "data"
LAID_OUT = ("sv", "en")
"""Finnish is for servers without Voikko alone, and would take 700 MB of memory to make and 18 MB of disk."""
MAPPED = (".dic", ".vfst", ".bin")
"""Endings of the files that the search reads where they lie: dictionaries, Voikko's too, and the words of the index."""


def base_form(form: str, language: str) -> str | None:
    """As the dictionary writes it, or None when it does not have the word."""
    return _lookup().get_lemma(unicodedata.normalize("NFC", form), language)


def not_laid_out() -> list[str]:
    """Languages whose trie is not there or cannot be read."""
    return [language for language in LAID_OUT if _trie(language) is None]


def lay_out() -> None:
    """Makes the tries anew and takes away those of other versions of simplemma."""
    from simplemma.strategies import TrieDictionaryFactory

    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as unfinished:
        for language in LAID_OUT:
            TrieDictionaryFactory(disk_cache_dir=unfinished).get_dictionary(language)
            # A process may be reading the one that lies there.
            os.replace(Path(unfinished, f"{language}.dic"), folder / f"{language}.dic")
    for other in DATA.glob("simplemma-*"):
        if other != folder:
            shutil.rmtree(other)


class _Dictionaries:
    """Where simplemma looks words up."""

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        return _dictionary(lang)


@cache
def _lookup() -> DictionaryLookupStrategy:
    from simplemma.strategies import DictionaryLookupStrategy

    return DictionaryLookupStrategy(_Dictionaries())


@cache
def _dictionary(language: str) -> Mapping[str, str]:
    from simplemma.strategies import StreamDictionaryFactory

    return _trie(language) or StreamDictionaryFactory().get_dictionary(language)


def _trie(language: str) -> Mapping[str, str] | None:
    try:
        from marisa_trie import BytesTrie
        from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieWrapDict

        return TrieWrapDict(BytesTrie().mmap(str(_folder() / f"{language}.dic")))
    except (ImportError, RuntimeError):
        return None


def _folder() -> Path:
    from simplemma import __version__

    return DATA / f"simplemma-{__version__}"


if __name__ == "__main__":
    lay_out()
