"""Once more who it is: before the ways into an account change, and before an administrator changes others' accounts.

Whoever finds an open browser, or has stolen its cookie, must not be able to stay for good.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from tori.core import clock

SHOWN_AT = "shown_at"
FRESH_SECONDS = 15 * 60


def mark() -> None:
    """The person has just shown who they are."""
    session[SHOWN_AT] = int(clock.now().timestamp())


def is_fresh() -> bool:
    return bool(clock.now().timestamp() - session.get(SHOWN_AT, 0) <= FRESH_SECONDS)


def fresh(back: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A view that asks for the password first when it was last shown long ago. ``back`` is the view to return to where
    this one can't be read."""

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if is_fresh():
                return view(*args, **kwargs)
            target = url_for(back) if back else request.script_root + request.path
            answer: Response = redirect(
                url_for("accounts.confirm_self", next=target.removeprefix(request.script_root)), 303
            )
            return answer

        return guarded

    return guard
