"""HTML of macros that depends on nothing but their arguments and the language, made once.

It can't grow old: another card, count or label is another argument. The macro must be imported from a file of its own,
without context, and must ask neither the database, the session nor the address.
"""

from collections.abc import Callable
from dataclasses import is_dataclass, replace
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for
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


@lru_cache(MOST)
def _address(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def address(endpoint: str, **values: Any) -> str:
    """``url_for`` of templates. Addresses of this site depend on nothing but the language that stands before them."""
    pairs = tuple(values.items())
    try:
        hash(pairs)
    except TypeError:
        return url_for(endpoint, **values)
    if not request or endpoint.startswith(".") or "_external" in values:
        return url_for(endpoint, **values)
    return _address(request.script_root, endpoint, pairs)


def forget() -> None:
    """Lets go of everything, and of the application whose macros made it."""
    _made.cache_clear()
    _address.cache_clear()


def icon_drawing(href: Callable[[str], str]) -> Callable[..., Markup]:
    """``icon(name, label, size)``: a drawing of the sprite. With a label it is read aloud, else hidden."""

    @lru_cache(MOST)
    def icon(name: str, label: str | None = None, size: str | None = None) -> Markup:
        kind = Markup(" icon-{}").format(size) if size else ""
        told = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
        return Markup('<svg class="icon{}"{}><use href="{}"/></svg>').format(kind, told, href(name))

    return icon


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
    draw = icon_drawing(app.jinja_env.globals["icon_href"])  # type: ignore[arg-type]
    app.jinja_env.globals.update(kept=kept, url_for=address, drawn_icon=draw)
    app.jinja_env.filters.update(without_passage=without_passage, with_passage=with_passage)
