"""Full addresses for mails, also where there is no request."""

from typing import Any

from flask import current_app

from tori.config import Config
from tori.i18n import prefix_of


def mail_link(endpoint: str, locale: str, query: str = "", **values: Any) -> str:
    """An address of BASE_URL in the reader's language."""
    config: Config = current_app.extensions["tori"]
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return config.public_url + prefix_of(locale) + path + (f"?{query}" if query else "")
