"""Headers of every answer, and the second look at where a form came from."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.datastructures import Headers

from tori.config import Config
from tori.edge.access import SAFE_METHODS

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
WITH_OWN_MEDIA = f"{CONTENT_SECURITY_POLICY}; media-src 'self'"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
ALWAYS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Permissions-Policy", PERMISSIONS_POLICY),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
YEAR = 31_536_000


SECRETS = {"token", "key"}
"""Parts of addresses that no other site may hear of, not even from a page that says the link is old."""


def with_own_media(page: str) -> Response:
    """A page on which a video of our own plays; nowhere else may one."""
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = WITH_OWN_MEDIA
    return response


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


def _add_missing(headers: Headers, is_secure: bool) -> None:
    """What a view has said itself stays as it is."""
    told = {name.lower() for name, _ in headers}
    for name, value in ALWAYS:
        if name.lower() not in told:
            headers.add(name, value)
    if "referrer-policy" not in told:
        headers.add("Referrer-Policy", _referrer_policy())
    if "x-frame-options" not in told and "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers.add("X-Frame-Options", "DENY")
    if "strict-transport-security" not in told and is_secure:
        headers.add("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")


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
        _add_missing(response.headers, config.is_secure or request.is_secure)
        return response
