"""What a cache may keep: pages that are the same for every visitor, and only those."""

from zlib import crc32

from flask import Flask, Response, g, request, session

CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH")


def tag_of(data: bytes) -> str:
    """For an ETag, at a fourth of what SHA-1 costs a page. It only has to tell versions of one address apart, and two
    of the same length look alike once in four thousand million; nobody gains by making such a pair."""
    return f"{crc32(data):08x}-{len(data):x}"


def with_etag(response: Response) -> Response:
    """The answer of a view that says itself how long it may be kept, or 304 for who has it already."""
    response.set_etag(tag_of(response.get_data()))
    response.make_conditional(request)
    return response


def init_caching(app: Flask) -> None:
    @app.after_request
    def cache_headers(response: Response) -> Response:
        # Each attribute of a proxy would look for the object again, at every page.
        asked, headers = request._get_current_object(), response.headers  # type: ignore[attr-defined]
        if asked.endpoint == "static" or "Cache-Control" in headers:
            return response
        if "Vary" in headers:
            response.vary.add("Cookie")
        else:
            headers["Vary"] = "Cookie"
        # Reading these two attributes touches nothing in the session.
        own = session._get_current_object()  # type: ignore[attr-defined]
        personal = own.token is not None or own.modified or g.get("is_only_once", False)
        if personal or asked.method not in ("GET", "HEAD") or response.status_code != 200:
            headers["Cache-Control"] = "private, no-store"
            return response
        headers["Cache-Control"] = "public, no-cache"
        if not response.is_streamed:
            response.set_etag(tag_of(response.get_data()))
            if not asked.environ.keys().isdisjoint(CONDITIONS):
                response.make_conditional(asked)
        return response
