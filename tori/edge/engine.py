"""The search engine of this process, made when first needed."""

from typing import TYPE_CHECKING, cast

from flask import current_app

from tori.database import db

if TYPE_CHECKING:
    from tori.search.port import SearchEngine


def search_engine() -> "SearchEngine":
    """The engine with the vocabulary of the database."""
    # The search takes a while to load; pages without one should not wait for it.
    from tori.search import synonyms

    engine = cast("SearchEngine", current_app.extensions["tori.search"]())
    synonyms.follow(db.session(), engine)
    return engine
