"""How reusable a deed is: what is told of the things that somebody needs to do the same. Encourages, never blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

GOOD = 70
ENOUGH = 60
"""Characters from which on a text counts whole; a shorter one counts half."""


@dataclass(frozen=True)
class Piece:
    """Something worth telling. ``part`` is the small form where it is added, ``name`` what readers ask for."""

    name: str
    part: str
    points: int
    text_of: Callable[[Any], str] | None = None
    is_told: Callable[[Any], bool] | None = None

    def points_of(self, deed: Any) -> int:
        if self.text_of is None:
            return self.points if self.is_told and self.is_told(deed) else 0
        length = len(self.text_of(deed))
        return self.points if length >= ENOUGH else self.points // 2 if length else 0


PIECES = (
    Piece("implementation", "toteutus", 20, lambda deed: deed.implementation or deed.body),
    Piece("results", "tulokset", 15, lambda deed: deed.results),
    Piece("need", "tarve", 10, lambda deed: deed.need),
    Piece("applicability", "edellytykset", 10, lambda deed: deed.applicability),
    Piece("first_steps", "edellytykset", 7, is_told=lambda deed: bool(deed.first_steps)),
    Piece("lessons", "opit", 7, lambda deed: deed.lessons or deed.did_not_work or deed.obstacles),
    Piece("goals", "tavoitteet", 7, lambda deed: deed.goals),
    Piece("indicators", "luvut", 7, is_told=lambda deed: bool(deed.indicators)),
    Piece("limits_of_use", "edellytykset", 4, lambda deed: deed.limits_of_use),
    Piece("materials", "materiaalit", 4, is_told=lambda deed: bool(deed.materials)),
    Piece("costs", "edellytykset", 3, is_told=lambda deed: bool(deed.cost)),
    Piece("effort", "edellytykset", 3, is_told=lambda deed: bool(deed.effort)),
    Piece("people", "tekijat", 3, is_told=lambda deed: bool(deed.participants or deed.partners or deed.team)),
)
"""Most valuable first; the points make 100 together."""


def reuse_score(deed: Any) -> int:
    """From 0 to 100, of a deed or of the content of one."""
    return sum(piece.points_of(deed) for piece in PIECES)


@dataclass(frozen=True)
class Gauge:
    """``next_piece`` is what would help readers most now, None when all is told; ``asked`` how many wait for it."""

    score: int
    next_piece: Piece | None
    asked: int = 0

    @property
    def is_good(self) -> bool:
        return self.score >= GOOD


def gauge_of(deed: Any, asked: Mapping[str, int] | None = None) -> Gauge:
    """``asked`` counts the readers who wait for a piece, by its name: what most wait for comes first."""
    asked = asked or {}
    missing = [piece for piece in PIECES if piece.points_of(deed) < piece.points]
    if not missing:
        return Gauge(reuse_score(deed), None)
    # Of those that nobody waits for, the one with the most points to gain.
    best = max(missing, key=lambda piece: (asked.get(piece.name, 0), piece.points - piece.points_of(deed)))
    return Gauge(reuse_score(deed), best, asked.get(best.name, 0))
