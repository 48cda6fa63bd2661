"""Answers with stored bytes: never as anything that could run on the service's own address."""

import io
import os
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper, wrap_file

from tori.core.errors import NotFound, StorageAway
from tori.media.storage import Storage
from tori.models.media import PictureFile

SANDBOX = "default-src 'none'; sandbox"
OPEN = "public, max-age=31536000, s-maxage=3600, immutable"
"""What is under an address never changes; shared caches forget within an hour what was withdrawn."""

SOON = "public, max-age=60"
"""For a larger size in the place of one that the worker has yet to make."""

PERSONAL = "private, no-store"
READ_AT_ONCE = 2_000_000
"""Smaller files, which all pictures are, don't keep a file open while a slow reader takes them."""

PIECE = 1 << 16

PLACEHOLDER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 270"><rect width="480" height="270" fill="#e6e6e6"/>'
    '<path d="M150 190l60-80 45 55 25-30 50 55z" fill="#9a9a9a"/>'
    '<circle cx="305" cy="100" r="18" fill="#9a9a9a"/></svg>'
)
ASCII_NAME = "tiedosto"


def answer_with(
    file: BinaryIO, media_type: str, etag: str, cache_control: str, most_of_range: int | None = None
) -> Response:
    """The whole file, a part of it, or 304: as was asked. Call only after the reader's right was checked.

    No answer to a range is longer than ``most_of_range``: a player asks for all that follows and takes it as it plays,
    which would hold one of the few threads for minutes. It asks for the next piece by itself (RFC 9110, 15.3.7).
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size <= READ_AT_ONCE:
        with file:
            file = io.BytesIO(file.read())
    environ = request.environ
    if most_of_range and (shorter := _shorter_range(size, most_of_range)):
        environ = {**environ, "HTTP_RANGE": shorter}
    # The server's own wrapper sends whole files without a copy, but can't begin in the middle.
    body = FileWrapper(file, PIECE) if "HTTP_RANGE" in environ else wrap_file(environ, file)
    response = Response(body, mimetype=media_type, direct_passthrough=True)
    response.content_length = size
    response.set_etag(etag)
    response.headers["Cache-Control"] = cache_control
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    try:
        response.make_conditional(environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    return response


def _shorter_range(size: int, most: int) -> str:
    """What is sent of the range that was asked for; empty when it is short enough, or none that we know."""
    asked = request.range
    found = asked.range_for_length(size) if asked else None
    return f"bytes={found[0]}-{found[0] + most - 1}" if found and found[1] - found[0] > most else ""


def answer_with_size(storage: Storage, picture: PictureFile, width: int, is_open: bool) -> Response:
    """One of the fixed sizes. Call only after the reader's right was checked."""
    key = picture.stored_as(width)
    if key is None:
        raise NotFound("size")
    try:
        file = storage.open(key)
    except StorageAway:
        return placeholder()
    control = OPEN if str(width) in picture.files else SOON
    return answer_with(file, "image/webp", key, control if is_open else PERSONAL)


def placeholder() -> Response:
    """Stands in for a picture that can't be reached just now, so that the page around it stays whole."""
    response = Response(PLACEHOLDER, 503, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = PERSONAL
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Retry-After"] = "60"
    return response


def as_download(response: Response, file_name: str) -> Response:
    """The browser saves the file under this name, which was cleaned when it was taken in."""
    ending = file_name.rpartition(".")[2]
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{ASCII_NAME}.{ending}\"; filename*=UTF-8''{quote(file_name, safe='')}"
    )
    response.headers["X-Download-Options"] = "noopen"
    return response
