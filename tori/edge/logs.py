"""The log: one line of JSON for each thing that happened, in UTC, with the number of its request. Nobody's data."""

import json
import logging
import re
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
ID_BYTES = 8
SECRET_PARTS = re.compile(r"/[\w-]{40,}")
"""Links in mails hold a secret of 43 letters, which must not stand in the log."""


def without_secrets(path: str) -> str:
    return SECRET_PARTS.sub("/…", path)


def request_id() -> str:
    """The number of the request: of the proxy in front when it sends one, else made here."""
    known: str | None = g.get("request_id")
    if known is None:
        sent = request.environ.get("HTTP_X_REQUEST_ID", "")
        known = g.request_id = sent if REQUEST_ID.fullmatch(sent) else secrets.token_hex(ID_BYTES)
    return known


class JsonLines(logging.Formatter):
    """Control characters are escaped by JSON, so that no text can write a line of its own or colour a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            entry |= {"request": request_id(), "method": request.method, "path": without_secrets(request.path)}
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=True)


class PlainLines(logging.Formatter):
    """For a terminal: as text, each record on one line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the library's name)
        text = super().formatMessage(record)
        return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


class _OwnHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """The handler of the service, so that a second application in the process does not write everything twice.

    A line that can't be written, on a full disk for example, is counted and gone: no request waits or fails for it.
    """

    lost = 0

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (the library's name)
        _OwnHandler.lost += 1


def lost_lines() -> int:
    """How many lines of the log this process could not write."""
    return _OwnHandler.lost


def set_up_logging(level: str, log_format: str) -> None:
    root = logging.getLogger()
    root.setLevel(level)
    for old in [handler for handler in root.handlers if isinstance(handler, _OwnHandler)]:
        root.removeHandler(old)
    handler = _OwnHandler()
    handler.setFormatter(JsonLines() if log_format == "json" else PlainLines())
    root.addHandler(handler)


def init_logs(app: Flask) -> None:
    @app.after_request
    def tell_request_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        return response
