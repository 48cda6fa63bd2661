"""What a cache may keep: pages that are the same for every visitor, and only those."""

from flask import Flask, Response, g, request, session

CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH")


def init_caching(app: Flask) -> None:
    @app.after_request
    def cache_headers(response: Response) -> Response:
        if request.endpoint == "static" or "Cache-Control" in response.headers:
            return response
        response.vary.add("Cookie")
        # Flask hands out a proxy of the session; reading these two attributes touches nothing in it.
        personal = session.token is not None or session.modified  # type: ignore[attr-defined]
        personal = personal or g.get("is_only_once", False)
        if personal or request.method not in ("GET", "HEAD") or response.status_code != 200:
            response.headers["Cache-Control"] = "private, no-store"
            return response
        response.headers["Cache-Control"] = "public, no-cache"
        if not response.is_streamed:
            response.add_etag()
            if not request.environ.keys().isdisjoint(CONDITIONS):
                response.make_conditional(request)
        return response
