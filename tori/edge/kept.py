"""HTML of macros that depends on nothing but their arguments and the language, made once.

It can't grow old: another card, count or label is another argument. The macro must be imported from a file of its own,
without context, and must ask neither the database, the session nor the address.
"""

from dataclasses import is_dataclass, replace
from functools import lru_cache
from typing import Any

from flask import Flask, request
from jinja2.runtime import Macro
from markupsafe import Markup

from tori.edge.templating import locale_code

MOST = 3000
PASSAGE = Markup("\x1e")
"""Stands where the passage of a search goes, in the HTML of a row that is the same for every search."""


@lru_cache(MOST)
def _made(macro: Macro, place: tuple[str, str], arguments: tuple[Any, ...]) -> str:
    return macro(*arguments)


def kept(macro: Macro, *arguments: Any) -> str:
    """What the macro gives for the arguments. Arguments that can't be compared, such as lists, are made each time."""
    try:
        hash(arguments)
    except TypeError:
        return macro(*arguments)
    return _made(macro, (locale_code(), request.script_root if request else ""), arguments)


def without_passage(card: Any) -> Any:
    """The card as it is for every search."""
    if is_dataclass(card) and getattr(card, "highlights", None):
        return replace(card, highlights=PASSAGE)  # type: ignore[type-var]
    return card


def with_passage(html: str, card: Any) -> str:
    """The HTML made of ``without_passage(card)`` with the passage of the card."""
    if is_dataclass(card) and (passage := getattr(card, "highlights", None)):
        return html.replace(PASSAGE, passage, 1)
    return html


def init_kept(app: Flask) -> None:
    app.jinja_env.globals["kept"] = kept
    app.jinja_env.filters.update(without_passage=without_passage, with_passage=with_passage)
