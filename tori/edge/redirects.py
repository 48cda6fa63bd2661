"""Where a page may send its reader on: never off the site, whatever the address says."""

import unicodedata
from urllib.parse import unquote, urlsplit

MAX_ADDRESS = 2_000
_HIDDEN = ("C", "Z")
"""Unicode categories of what can't be seen: controls, format marks, spaces."""


def safe_next(address: str | None) -> str | None:
    """The address when it is a plain path on this site, else None.

    Browsers mend what is written oddly (``/\\evil``, ``/<tab>/evil``, ``https:evil``), so anything odd is refused.
    """
    if not address or len(address) > MAX_ADDRESS or not address.startswith("/"):
        return None
    path = address.partition("?")[0].partition("#")[0]
    for form in (address, path, unquote(path)):
        if "\\" in form or any(unicodedata.category(letter)[0] in _HIDDEN for letter in form):
            return None
    if "//" in path or "//" in unquote(path) or "//" in unicodedata.normalize("NFKC", unquote(path)):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else address
