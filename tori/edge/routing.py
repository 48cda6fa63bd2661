"""Parts of addresses."""

from flask import Flask
from werkzeug.routing import IntegerConverter

GREATEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """A row's number, as far as every database can hold it; a larger one is an address that does not exist."""

    def __init__(self, map: object) -> None:
        super().__init__(map, max=GREATEST_ID)  # type: ignore[arg-type]


def init_routing(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
