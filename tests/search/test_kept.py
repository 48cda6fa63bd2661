"""Costly things are made once, again when they are small, and in the background when they are big."""

import threading
import time

from tori.search.kept import Kept, Recent


def test_the_same_state_is_made_once() -> None:
    kept: Kept[list[int]] = Kept()
    made = [kept.get("a", lambda: [1], lambda: ("a", [1])) for _ in range(3)]
    assert made[0] is made[1] is made[2]


def test_what_is_small_is_made_anew_at_once() -> None:
    kept: Kept[str] = Kept()
    assert kept.get("a", lambda: "first", lambda: ("a", "first")) == "first"
    assert kept.get("b", lambda: "second", lambda: ("b", "second"), at_once=True) == "second"


def test_what_is_big_serves_until_its_successor_is_ready() -> None:
    kept: Kept[str] = Kept()
    kept.get("a", lambda: "first", lambda: ("a", "first"))
    kept._cost, kept._made_at = 0.06, time.monotonic() - 60
    go, done = threading.Event(), threading.Event()

    def make_elsewhere() -> tuple[object, str]:
        go.wait(5)
        done.set()
        return "b", "second"

    assert kept.get("b", lambda: "never", make_elsewhere) == "first"
    assert kept.get("b", lambda: "never", make_elsewhere) == "first"
    go.set()
    done.wait(5)
    while kept._making:
        threading.Event().wait(0.005)
    assert kept.get("b", lambda: "never", make_elsewhere) == "second"


def test_a_failure_in_the_background_keeps_the_old_one() -> None:
    kept: Kept[str] = Kept()
    kept.get("a", lambda: "first", lambda: ("a", "first"))
    kept._cost, kept._made_at = 0.06, time.monotonic() - 60

    def fail() -> tuple[object, str]:
        raise OSError("gone")

    assert kept.get("b", lambda: "never", fail) == "first"
    while kept._making:
        threading.Event().wait(0.005)
    assert kept.get("b", lambda: "never", fail) == "first"


def ask(recent: Recent[str], key: str, made: str, size: int = 1) -> str:
    return recent.get(key, lambda: made, lambda _: size)


def test_what_was_asked_longest_ago_makes_room() -> None:
    recent: Recent[str] = Recent(room=3)
    ask(recent, "a", "first", size=2)
    ask(recent, "b", "second")
    assert ask(recent, "a", "again") == "first"
    ask(recent, "c", "third")
    assert ask(recent, "a", "again") == "first"
    assert ask(recent, "c", "again") == "third"
    assert ask(recent, "b", "again") == "again"


def test_what_is_too_big_is_not_kept() -> None:
    recent: Recent[str] = Recent(room=3)
    ask(recent, "big", "much", size=4)
    assert ask(recent, "big", "again") == "again"
    recent.clear()
    assert ask(recent, "big", "once more") == "once more"


def test_what_two_make_at_once_is_counted_once() -> None:
    recent: Recent[str] = Recent(room=3)
    recent.get("a", lambda: ask(recent, "a", "other", size=3), lambda _: 2)
    ask(recent, "b", "second")
    assert (ask(recent, "a", "again"), ask(recent, "b", "again")) == ("other", "second")
