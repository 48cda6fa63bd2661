"""Parts of addresses."""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

GREATEST_ID = 2**31 - 1


def row_number(text: str) -> int:
    """A row's number from a form or a query. Raises ValueError for what no row has, also for a number too large."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(GREATEST_ID))) or int(text) > GREATEST_ID:
        raise ValueError(text[:20])
    return int(text)


class IdConverter(IntegerConverter):
    """A row's number, as far as every database can hold it; a larger one is an address that does not exist."""

    def __init__(self, map: object) -> None:
        super().__init__(map, max=GREATEST_ID)  # type: ignore[arg-type]


def init_routing(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter

    @app.before_request
    def refuse_what_is_no_text() -> None:
        # No address has such a character, and PostgreSQL does not even take the question.
        if "\0" in request.path:
            abort(404)
