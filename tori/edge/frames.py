"""Lists of visitors: what stands around the results is made once, with slots for what changes with the address.

A list has too many addresses to store its pages. But head, menus and foot differ between them by a few words only, and
cost more than the results. So the page is rendered once with marks in the place of these words, cut at the marks, and
put together around each list. A template made in this way may show what stands in a slot, never ask about it.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, render_template, request, session
from markupsafe import Markup, escape

from tori.edge import read_only
from tori.edge.templating import alternates, request_locale

MOST_FRAMES = 200
OPEN, CLOSE = "\x1c", "\x1d"
"""Characters that no text of a page holds."""
_SLOT = re.compile(f"{OPEN}(\\w+){CLOSE}")
QUERY, FEED = "frame_query", "frame_feed"

Parts = tuple[str, ...]
"""Text and name of a slot in turns, a text at both ends."""


def framed(template: str, feed: str, slots: dict[str, Any], **fixed: Any) -> str:
    """The page of ``template`` with the texts of ``slots`` (escaped, unless Markup) in their places.

    ``fixed`` is everything else that the template asks for; few combinations, since a frame is made for each. ``feed``
    is the address of this list as a feed.
    """
    if not _is_plain_visitor():
        return render_template(template, **slots, **fixed)
    frame: Callable[..., Parts] = current_app.extensions["tori.frame"]
    place = (request_locale(), request.script_root, request.path)
    query = request.query_string.decode("ascii", "ignore")
    texts = {**slots, QUERY: f"?{query}" if query else "", FEED: feed}
    parts = list(frame(place, template, tuple(slots), tuple(fixed.items())))
    parts[1::2] = [escape(texts[name]) for name in parts[1::2]]
    return "".join(parts)


def part(template: str, **values: Any) -> Markup:
    """A part of a page that asks nothing of the page around it, past all that Flask gives to whole pages."""
    return Markup(current_app.jinja_env.get_template(template).render(values))  # noqa: S704


def _is_plain_visitor() -> bool:
    """Who gets nothing of their own: neither a session nor a message nor word of a disturbance."""
    return session.token is None and not session.modified and not read_only.banner()  # type: ignore[attr-defined]


def _render(place: tuple[str, ...], template: str, slots: tuple[str, ...], fixed: tuple[tuple[str, Any], ...]) -> Parts:
    marks = {name: _mark(name) for name in slots}
    others = [{**row, "url": row["url"].partition("?")[0] + _mark(QUERY)} for row in alternates()]
    html = render_template(template, **marks, **dict(fixed), alternates=others, feed_of_page=lambda: _mark(FEED))
    return tuple(_SLOT.split(html))


def _mark(name: str) -> str:
    return f"{OPEN}{name}{CLOSE}"


def init_frames(app: Flask) -> None:
    app.extensions["tori.frame"] = lru_cache(MOST_FRAMES)(_render)
