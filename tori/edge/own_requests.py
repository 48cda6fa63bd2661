"""Pages that the service asks of itself, to have them ready."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from tori.config import Config
from tori.edge.metrics import UNCOUNTED
from tori.i18n import ENVIRON_KEY, prefix_of


def ask(app: Flask, config: Config, path: str, agent: str) -> None:
    """As a visitor would, and uncounted. In a context of its own: the language that one page has chosen would stay in
    the context around it and be that of the next."""
    headers = {"User-Agent": agent, "Accept-Encoding": "gzip"}
    with app.app_context():
        client = app.test_client(use_cookies=False)
        client.get(path, base_url=config.public_url, headers=headers, environ_overrides={UNCOUNTED: True}).close()


@contextmanager
def as_if_asked(app: Flask, config: Config, locale: str) -> Iterator[None]:
    """For making a part of a page in a language."""
    within = {ENVIRON_KEY: locale, "SCRIPT_NAME": prefix_of(locale)}
    with app.app_context(), app.test_request_context(base_url=config.public_url, environ_overrides=within):
        yield
