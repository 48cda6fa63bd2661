"""Words of the follow-up and of the letters to authors."""

from typing import Any

from flask_babel import lazy_gettext as __

from tori.deeds.forms import ADOPTION_STATUSES
from tori.models.adoptions import LetterRhythm

STATUSES: dict[str, Any] = ADOPTION_STATUSES

QUESTIONS: dict[str, Any] = {
    "start": __("Was it easy to get started?"),
    "continuation": __("Has the work gone on after the start?"),
    "progress": __("Have you got forward as you hoped?"),
    "success": __("Has it brought what you were after?"),
    "direction": __("Is the direction right?"),
}
"""The five questions at six months."""

SCALE: dict[str, Any] = {
    "1": __("1, not at all"),
    "2": __("2, a little"),
    "3": __("3, somewhat"),
    "4": __("4, well"),
    "5": __("5, very well"),
    "": __("I can’t say"),
}

RHYTHMS: dict[str, Any] = {
    LetterRhythm.WEEKLY: __("At most once a week"),
    LetterRhythm.DAILY: __("At most once a day"),
    LetterRhythm.NONE: __("No mail, I look here"),
}
