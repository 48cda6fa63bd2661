"""Something costly made from a state of the index, used a while longer than the state lives.

What is small is made anew at once. What is big goes on being used and its successor is made in the background, so that
no reader waits for it; only the very first reader does.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

Made = TypeVar("Made")
SMALL = 60
"""Deeds up to which everything is made at once; the words of more take over 20 ms of processor time."""
PATIENCE = 200
"""Something big is made again at most after this many times the seconds that making it took."""
QUICK_SECONDS = 0.05
REFRESHING = "search-refresh"
"""The threads that make successors."""


class Kept(Generic[Made]):
    """The last one made, and when and from what."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token: object = None
        self._made: Made | None = None
        self._made_at = 0.0
        self._cost = 0.0
        self._making = False

    def get(
        self,
        token: object,
        make: Callable[[], Made],
        make_elsewhere: Callable[[], tuple[object, Made]],
        *,
        at_once: bool = False,
    ) -> Made:
        """The one for `token`, or an older one while a new one is made by `make_elsewhere` in a thread of its own.

        `at_once`: the state is small, so that even a busy machine makes the new one while the reader waits.
        """
        made = self._made
        if made is None or (self._token != token and (at_once or self._cost < QUICK_SECONDS)):
            with self._lock:
                if self._made is None or self._token != token:
                    self._keep(time.monotonic(), token, make())
                assert self._made is not None
                return self._made
        if self._token != token and time.monotonic() - self._made_at > self._cost * PATIENCE:
            self._refresh(make_elsewhere)
        return made

    def _keep(self, started: float, token: object, made: Made) -> None:
        ended = time.monotonic()
        self._token, self._made, self._made_at, self._cost = token, made, ended, ended - started

    def _refresh(self, make: Callable[[], tuple[object, Made]]) -> None:
        with self._lock:
            if self._making:
                return
            self._making = True

        def run() -> None:
            started = time.monotonic()
            try:
                token, made = make()
            except Exception:
                # The old one still serves; the next reader tries again.
                logger.exception("a part of the search could not be made anew")
            else:
                with self._lock:
                    self._keep(started, token, made)
            finally:
                self._making = False

        threading.Thread(target=run, name=REFRESHING, daemon=True).start()


class Recent(Generic[Made]):
    """What was asked for last, by key: as many as fit into `room` together."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._taken = 0
        self._kept: OrderedDict[Hashable, tuple[int, Made]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made], size_of: Callable[[Made], int] = lambda made: 1) -> Made:
        """The one for `key`, made when it is not there; two threads may make it at once."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found[1]
        made = make()
        self._put(key, made, size_of(made))
        return made

    def _put(self, key: Hashable, made: Made, size: int) -> None:
        with self._lock:
            self._taken += size - self._kept.pop(key, (0, made))[0]
            self._kept[key] = size, made
            while self._taken > self._room:
                self._taken -= self._kept.popitem(last=False)[1][0]

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._taken = 0
