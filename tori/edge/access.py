"""Every view says who may open it. A view that says nothing is closed to all."""

from collections.abc import Callable
from typing import Any

from flask import Flask, abort, current_app, request

from tori.edge.actor import current_actor
from tori.policy import Permission, require

PUBLIC = "public"
"""Open to all and the same for every visitor."""

OBJECT = "object"
"""Open as far as the service lets: it calls ``policy.require`` with the object it loads."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def access(rule: str | Permission) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks a view with PUBLIC, OBJECT or the permission that it needs before anything is loaded."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.access = rule  # type: ignore[attr-defined]
        return view

    return mark


def access_of(endpoint: str) -> str | Permission | None:
    return getattr(current_app.view_functions.get(endpoint), "access", None)


def init_access(app: Flask) -> None:
    @app.before_request
    def check_access() -> None:
        endpoint = request.endpoint
        if endpoint is None or endpoint == "static":
            return
        rule = access_of(endpoint)
        if rule is None:
            abort(403)
        if isinstance(rule, Permission):
            require(current_actor(), rule)
