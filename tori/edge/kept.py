"""HTML of macros that depends on nothing but their arguments and the language, made once.

It can't grow old: another card, count or label is another argument. The macro must be imported from a file of its own,
without context, and must ask neither the database, the session nor the address.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

from flask import Flask, has_request_context, request, url_for
from jinja2 import Environment
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from tori.core.paging import make_pages
from tori.edge.templating import locale_code

MOST = 3000
PASSAGE = Markup("\x1e")
"""Stands where the passage of a search goes, in the HTML of a row that is the same for every search."""

FAR = 990_099
"""Stands for the number of the last page."""

SLOT = "\x1f"
"""Stands in a macro where something is written in between."""


class Kept:
    """What one application has made so far. Its own: it holds the templates, and these their application."""

    def __init__(self, environment: Environment) -> None:
        self.macros: Callable[[str], Any] = cache(lambda template: environment.get_template(template).module)
        """Those of a template that is imported without context."""
        self._made = lru_cache(MOST)(_made)
        self._row = lru_cache(MOST)(_row)
        self._address = lru_cache(MOST)(_address)
        self._pieces = lru_cache(MOST)(_pieces)
        self._pagination = lru_cache(MOST)(_pagination)

    def html(self, macro: Macro, *arguments: Any) -> str:
        """What the macro gives for the arguments. Arguments that can't be compared, such as lists, are made each
        time."""
        try:
            hash(arguments)
        except TypeError:
            return macro(*arguments)
        return self._made(macro, _place(), arguments)

    def rows(self, macro: Macro, cards: Iterable[Any], passages: Mapping[int, Markup], *arguments: Any) -> Markup:
        """The HTML of each card, one after another, with the passage of a search where there is one."""
        place = _place()
        rows = []
        for card in cards:
            passage = passages.get(card.id) if passages else None
            if isinstance(card, Hashable):
                html = self._row(macro, place, card, arguments, passage is not None)
                rows.append(html.replace(PASSAGE, passage, 1) if passage is not None else html)
            else:
                # One of the gallery, which is no card of a deed.
                rows.append(macro(card, *arguments))
        return Markup("").join(rows)

    def here(self) -> "Here":
        """For a part of a page that asks for many pieces: the language and the root of the address are looked up
        once."""
        return Here(self, *_place())

    def pieces(self, macro: Macro, *arguments: Any) -> tuple[str, ...]:
        """What the macro gives, cut at the slots: those among the arguments and those that it has of its own."""
        return self._pieces(macro, _place(), arguments)

    def around(self, macro: Macro, inside: Iterable[str], *arguments: Any) -> Markup:
        """What the macro gives, with the texts in the places that it marks."""
        html = list(self.pieces(macro, *arguments))
        for place, text in enumerate(inside):
            html.insert(2 * place + 1, text)
        return Markup("".join(html))  # noqa: S704

    def address(self, endpoint: str, **values: Any) -> str:
        """``url_for`` of templates. Addresses of this site depend on nothing but the language that stands before
        them."""
        pairs = tuple(values.items())
        try:
            hash(pairs)
        except TypeError:
            return url_for(endpoint, **values)
        if not request or endpoint.startswith(".") or "_external" in values:
            return url_for(endpoint, **values)
        return self._address(request.script_root, endpoint, pairs)


class Here(NamedTuple):
    """What is kept for one language and root."""

    kept: Kept
    locale: str
    root: str

    def pieces(self, macro: Macro, *arguments: Any) -> tuple[str, ...]:
        return self.kept._pieces(macro, (self.locale, self.root), arguments)

    def address(self, endpoint: str) -> str:
        return self.kept._address(self.root, endpoint, ())

    def pagination(self, macro: Macro, current: int, total: int, url_of: Callable[[int], str]) -> Markup:
        """The links between the pages of a list, drawn once for each page: only addresses differ and how far it is to
        the last page, when there are others between."""
        is_far = total > current + 2
        html = list(self.kept._pagination(macro, (self.locale, self.root), current, FAR if is_far else total))
        if is_far:
            html = [text.replace(str(FAR), str(total)) for text in html]
        addresses = [url_of(int(number)) for number in html[1::2]]
        html[1::2] = escape(SLOT.join(addresses)).split(SLOT) if addresses else []
        return Markup("".join(html))  # noqa: S704


def _made(macro: Macro, place: tuple[str, str], arguments: tuple[Any, ...]) -> str:
    return macro(*arguments)


def _row(macro: Macro, place: tuple[str, str], card: Any, arguments: tuple[Any, ...], has_passage: bool) -> str:
    return macro(replace(card, highlights=PASSAGE) if has_passage else card, *arguments)


def _pieces(macro: Macro, place: tuple[str, str], arguments: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(macro(*arguments)).split(SLOT))


def _pagination(macro: Macro, place: tuple[str, str], current: int, total: int) -> tuple[str, ...]:
    return _pieces(macro, place, (make_pages(current, total, _slot_of_page),))


def _slot_of_page(number: int) -> str:
    return f"{SLOT}{number}{SLOT}"


def _address(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


def _place() -> tuple[str, str]:
    # Asked for dozens of times in a page, so each proxy of Flask is looked behind once.
    root = request._get_current_object().script_root if has_request_context() else ""  # type: ignore[attr-defined]
    return locale_code(), root


def icon_drawing(href: Callable[[str], str]) -> Callable[..., Markup]:
    """``icon(name, label, size)``: a drawing of the sprite. With a label it is read aloud, else hidden."""

    @lru_cache(MOST)
    def icon(name: str, label: str | None = None, size: str | None = None) -> Markup:
        kind = Markup(" icon-{}").format(size) if size else ""
        told = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
        return Markup('<svg class="icon{}"{}><use href="{}"/></svg>').format(kind, told, href(name))

    return icon


def init_kept(app: Flask) -> None:
    draw = icon_drawing(app.jinja_env.globals["icon_href"])  # type: ignore[arg-type]
    kept = app.extensions["tori.kept"] = Kept(app.jinja_env)
    app.jinja_env.globals.update(
        kept=kept.html,
        kept_rows=kept.rows,
        kept_around=kept.around,
        slot=SLOT,
        url_for=kept.address,
        drawn_icon=draw,
    )
