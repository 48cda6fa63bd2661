"""The language of a page stands in its address: ``/sv/…`` and ``/en/…`` in front, Finnish without a prefix."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DEFAULT_LOCALE = "fi"
LOCALES = ("fi", "sv", "en")
LANGUAGE_NAMES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}
ENVIRON_KEY = "tori.locale"


def prefix_of(locale: str) -> str:
    return "" if locale == DEFAULT_LOCALE else f"/{locale}"


class LocalePrefix:
    """Takes the language off the path and puts it into SCRIPT_NAME, so that every ``url_for`` stays in the language."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        locale = DEFAULT_LOCALE
        for candidate in LOCALES[1:]:
            prefix = f"/{candidate}"
            if path == prefix or path.startswith(prefix + "/"):
                locale = candidate
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
                environ["PATH_INFO"] = path[len(prefix) :] or "/"
        environ[ENVIRON_KEY] = locale
        return self.app(environ, start_response)
