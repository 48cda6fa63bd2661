"""Headers of every answer, and the second look at where a form came from."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from tori.config import Config
from tori.edge.access import SAFE_METHODS

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
YEAR = 31_536_000


SECRETS = {"token", "key"}
"""Parts of addresses that no other site may hear of, not even from a page that says the link is old."""


def _referrer_policy() -> str:
    if SECRETS & set(request.view_args or ()):
        return "no-referrer"
    return "strict-origin-when-cross-origin"


def _place_of(origin: str) -> str:
    """Host and port, empty for what is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def init_security(app: Flask, config: Config) -> None:
    own = urlsplit(config.public_url).netloc

    @app.before_request
    def refuse_foreign_forms() -> None:
        if request.method in SAFE_METHODS:
            return
        site = request.headers.get("Sec-Fetch-Site")
        if site in ("cross-site", "same-site"):
            abort(403)
        origin = request.headers.get("Origin")
        if origin == "null" and site == "same-origin":
            # A page with "no-referrer" sends its forms so; no other site can make a browser say "same-origin".
            return
        if origin is not None and _place_of(origin) not in (own, request.host):
            abort(403)

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", _referrer_policy())
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
            headers.setdefault("X-Frame-Options", "DENY")
        if request.is_secure or config.is_secure:
            headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
        return response
