"""The search engine of this process, made when first needed."""

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from tori.search.port import SearchEngine


def search_engine() -> "SearchEngine":
    return cast("SearchEngine", current_app.extensions["tori.search"]())
