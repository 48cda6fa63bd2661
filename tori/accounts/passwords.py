"""Hashing and judging passwords. A password is compared exactly as it was typed: nothing is cut, trimmed or folded."""

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tori.core.errors import RuleBroken, TooMany

MIN_LENGTH = 12
MAX_LENGTH = 256
MIN_DIFFERENT = 4
MIN_CONTEXT_WORD = 4

AT_ONCE = 2
"""Hashes at one time in a process: each takes 19 MiB and a core."""
QUEUE_SECONDS = 5

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_slots = threading.BoundedSemaphore(AT_ONCE)

# Of a random password that nobody kept, with the parameters above: checking against it takes as long as a real check.
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$/N9Cx7DWHrPnjT6ehQUZhA$hMlmVJOt9qxFD/6U9h696WVY6FZxxu61TId2rS2BamQ"

_LEET = str.maketrans("013457@$!", "oieastasi")


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=QUEUE_SECONDS):
        raise TooMany("password_hash", QUEUE_SECONDS)
    try:
        yield
    finally:
        _slots.release()


def hash_password(password: str) -> str:
    with _slot():
        return _hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Takes the same time when there is no such account (``None``), so that the answer tells nothing."""
    with _slot():
        try:
            _hasher.verify(password_hash or _DUMMY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def check_password_rules(password: str, context: Iterable[str] = (), field: str = "password") -> None:
    """Raises RuleBroken: too short, too long, or easy to guess. No rules of composition (ASVS 6.2).

    ``context`` holds words that a guesser would try first: the name, the address, the organisation.
    """
    if len(password) < MIN_LENGTH:
        raise RuleBroken("password_short", field=field)
    if len(password) > MAX_LENGTH:
        raise RuleBroken("text_too_long", field=field, limit=MAX_LENGTH)
    if _is_easy(password, _words_of(context)):
        raise RuleBroken("common_password", field=field)


@cache
def common_words() -> frozenset[str]:
    """Passwords and words that are tried first, in lower case without spaces and marks."""
    text = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _words_of(context: Iterable[str]) -> set[str]:
    words = {word for text in context for word in re.split(r"[\W\d_]+", text.lower())}
    whole = {re.sub(r"[\W\d_]+", "", text.lower()) for text in context}
    return {word for word in words | whole if len(word) >= MIN_CONTEXT_WORD}


def _is_easy(password: str, context: set[str]) -> bool:
    lowered = password.lower()
    if len(set(lowered)) < MIN_DIFFERENT:
        return True
    return any(_is_guessed(core, context) for core in _cores(lowered))


def _cores(lowered: str) -> set[str]:
    """What is left without years and marks, and with the usual figures read as letters (``s4lasana``)."""
    return {
        re.sub(r"[\W_]+", "", lowered),
        re.sub(r"[\W\d_]+", "", lowered),
        re.sub(r"[\W\d_]+", "", lowered.translate(_LEET)),
        re.sub(r"[\W\d_]+", "", re.sub(r"[\W\d_]+$", "", lowered).translate(_LEET)),
    }


def _is_guessed(core: str, context: set[str]) -> bool:
    """Nothing but figures, one or two words of the list, or one of them again and again."""
    known = common_words() | context
    if not core or core.isdigit() or core in known:
        return True
    if any(core[:cut] in known and core[cut:] in known for cut in range(1, len(core))):
        return True
    return any(
        len(core) % size == 0 and core[:size] * (len(core) // size) == core and core[:size] in known
        for size in range(3, len(core) // 2 + 1)
    )
