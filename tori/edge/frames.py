"""Lists: what stands around the rows is made once, with slots for what changes with the address.

A list has too many addresses to store its pages. But head, menus and foot differ between them by a few words only, and
cost more than the results; so does what stands around the rows. So both are rendered once with marks in the place of
these words, cut at the marks, and put together around each list. A template made in this way may show what stands in a
slot, never ask about it.

What is put together is bytes, for a page of a list weighs sixty kilobytes: to write them as letters first and to copy
and encode these would cost a tenth of the page. Bytes in a slot are HTML that is ready.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, render_template, request, session
from markupsafe import Markup, escape

from tori.edge import read_only
from tori.edge.templating import alternates, request_locale

MOST_FRAMES = 300
OPEN, CLOSE = "\x1c", "\x1d"
"""Characters that no text of a page holds."""
_SLOT = re.compile(f"{OPEN}(\\w+){CLOSE}")
QUERY, FEED = "frame_query", "frame_feed"

Parts = tuple[Any, ...]
"""Bytes of text and name of a slot in turns, a text at both ends."""


def framed(template: str, feed: str, slots: dict[str, Any], **fixed: Any) -> str | bytes:
    """The page of ``template`` with the texts of ``slots`` (escaped, unless they are ready) in their places.

    ``fixed`` is everything else that the template asks for; few combinations, since a frame is made for each. ``feed``
    is the address of this list as a feed.
    """
    if not _is_plain_visitor():
        return render_template(template, **_letters(slots), **fixed)
    asked = request._get_current_object()  # type: ignore[attr-defined]
    query = asked.query_string.decode("ascii", "ignore")
    own = {**slots, QUERY: f"?{query}" if query else "", FEED: feed}
    return _filled(_page, (request_locale(), asked.script_root, asked.path), template, own, fixed)


def framed_part(template: str, slots: dict[str, Any], **fixed: Any) -> bytes:
    """``framed`` for a part of a page that asks nothing of the page around it, and so is the same for everybody."""
    return _filled(_part, (request_locale(), request.script_root), template, slots, fixed)


def part(template: str, **values: Any) -> Markup:
    """A part of a page that asks nothing of the page around it, past all that Flask gives to whole pages."""
    return Markup(_part(template, **_letters(values)))  # noqa: S704


def _is_plain_visitor() -> bool:
    """Who gets nothing of their own: neither a session nor a message nor word of a disturbance."""
    own = session._get_current_object()  # type: ignore[attr-defined]
    return own.token is None and not own.modified and not read_only.banner()


def _filled(
    render: Callable[..., str], place: tuple[str, ...], template: str, slots: dict[str, Any], fixed: dict[str, Any]
) -> bytes:
    frame: Callable[..., Parts] = current_app.extensions["tori.frame"]
    parts = list(frame(render, place, template, tuple(slots), tuple(fixed.items())))
    parts[1::2] = [_encoded(slots[name]) for name in parts[1::2]]
    return b"".join(parts)


def _encoded(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    # Most slots of a list are empty.
    return b"" if value == "" else escape(value).encode()


def _letters(values: dict[str, Any]) -> dict[str, Any]:
    """As a template takes them."""
    return {
        name: Markup(value.decode()) if isinstance(value, bytes) else value  # noqa: S704
        for name, value in values.items()
    }


def _frame(
    render: Callable[..., str],
    place: tuple[str, ...],
    template: str,
    slots: tuple[str, ...],
    fixed: tuple[tuple[str, Any], ...],
) -> Parts:
    parts: list[Any] = _SLOT.split(render(template, **{name: _mark(name) for name in slots}, **dict(fixed)))
    parts[::2] = [text.encode() for text in parts[::2]]
    return tuple(parts)


def _page(template: str, **values: Any) -> str:
    others = [{**row, "url": row["url"].partition("?")[0] + _mark(QUERY)} for row in alternates()]
    return render_template(template, **values, alternates=others, feed_of_page=lambda: _mark(FEED))


def _part(template: str, **values: Any) -> str:
    return current_app.jinja_env.get_template(template).render(values)


def _mark(name: str) -> str:
    return f"{OPEN}{name}{CLOSE}"


def init_frames(app: Flask) -> None:
    app.extensions["tori.frame"] = lru_cache(MOST_FRAMES)(_frame)
