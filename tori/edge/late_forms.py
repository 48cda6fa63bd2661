"""Forms sent too late: the session is over, or the token is another's. Nothing is done, and nothing typed is lost.

Somebody still signed in gets the form's page again with the text in it. Somebody signed out gets a page that says so;
the text waits in the session and is in the form after signing in. Both pages are made as for reading, so that no view
can change anything without a valid token.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, current_app, g, make_response, render_template, request, session
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tori.core import clock
from tori.core.errors import NotAllowed, ReadOnly, ToriError
from tori.database import transaction
from tori.edge import limits
from tori.edge.access import access_of
from tori.edge.actor import current_actor
from tori.edge.redirects import safe_next
from tori.policy import Permission, require

KEPT = "kept_form"
KEPT_FOR = timedelta(minutes=30)
MAX_KEPT = 200_000
MAX_FIELD_NAME = 100
LONG_TEXT = 20
MAX_SHOWN = 10

Target = tuple[str, dict[str, Any]]


def answer(demanded_status: int = 400) -> Response:
    """What to say to a form without a valid token."""
    target = _page_of_form()
    if target is not None:
        try:
            response = _page_again(target)
        except NotAllowed as error:
            if error.reason != "sign_in_needed":
                target = None
        except (ToriError, HTTPException):
            target = None
        else:
            response.status_code = demanded_status
            return response
    return _signed_out_page(target, demanded_status)


def _page_of_form() -> Target | None:
    """The view that shows the address which the form was sent to, if it can be read."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return None
    try:
        endpoint, values = adapter.match(method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return str(endpoint), dict(values)


def unsaved(status: int, reason: str) -> Response:
    """Nothing could be written: the form's page with the text in it, or else a page that holds the text and sends it
    again."""
    target = _page_of_form()
    method = request.method
    if target is not None and request.form:
        try:
            response = _page_again(target, reason)
        except (ToriError, HTTPException, SQLAlchemyError, OSError):
            pass
        else:
            if "late_used" in g and response.status_code == 200:
                response.status_code = status
                response.headers["Cache-Control"] = "no-store"
                return response
        finally:
            request.method = method
    fields = _typed()
    texts = [text for values in fields.values() for text in values if len(text) >= LONG_TEXT]
    page = render_template(
        "errors/unsaved.html", status=status, detail=reason, texts=texts[:MAX_SHOWN],
        fields=fields | {"csrf_token": request.form.getlist("csrf_token")[:1]}, can_repeat=method == "POST",
    )  # fmt: skip
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page_again(target: Target, reason: str = "") -> Response:
    endpoint, values = target
    g.late_reason = reason
    rule = access_of(endpoint)
    if rule is None:
        raise NotAllowed(endpoint, "role_needed")
    g.late_fields = _typed()
    # From here on this is a request for reading.
    request.method = "GET"
    if isinstance(rule, Permission):
        require(current_actor(), rule)
    return make_response(current_app.ensure_sync(current_app.view_functions[endpoint])(**values))


def _signed_out_page(target: Target | None, status: int) -> Response:
    fields = _typed()
    is_kept = target is not None and current_actor().user is None and _keep(fields)
    texts = [] if is_kept else [text for values in fields.values() for text in values if len(text) >= LONG_TEXT]
    back = request.script_root + request.path if target else safe_next(_referring_path())
    page = render_template(
        "errors/late.html", is_kept=is_kept, texts=texts[:MAX_SHOWN], back=back, is_member=current_actor().is_member
    )
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _referring_path() -> str:
    referrer, own = request.referrer or "", request.host_url
    return "/" + referrer.removeprefix(own) if referrer.startswith(own) else ""


def _keep(fields: dict[str, list[str]]) -> bool:
    """Puts the text into the session. False when it is too long, or when this address keeps too much."""
    if not fields or sum(len(value) for values in fields.values() for value in values) > MAX_KEPT:
        return False
    try:
        with transaction() as rows:
            if limits.note(rows, "kept_text_address", limits.asker()):
                return False
    except (SQLAlchemyError, ReadOnly):
        return False
    session[KEPT] = {"path": request.path, "at": int(clock.now().timestamp()), "fields": fields}
    return True


def _typed() -> dict[str, list[str]]:
    """The fields of the sent form; no passwords, which nobody should find in a page or in the database."""
    return {
        name: values
        for name, values in request.form.lists()
        if "password" not in name and name not in ("csrf_token", "current", "code") and len(name) <= MAX_FIELD_NAME
    }


def kept_fields(names: set[str]) -> MultiDict[str, str] | None:
    """What was sent to this address too late, if a form with these fields could have sent it."""
    if "late_fields" in g:
        fields = g.late_fields
        words = _("The form had been open too long, so nothing was saved yet. Check what you wrote and send it again.")
        kind, reason = ("error", g.late_reason) if g.late_reason else ("warning", words)
    elif KEPT in session and session[KEPT]["path"] == request.path and not _is_old(session[KEPT]["at"]):
        fields = session[KEPT]["fields"]
        kind, reason = "info", _("Here is what you wrote before you had to sign in. Check it and send it again.")
    else:
        return None
    if not names & set(fields):
        return None
    g.kept_text_shown = kind, reason
    g.late_used = True
    return MultiDict(fields)


def _is_old(at: int) -> bool:
    return datetime.fromtimestamp(at, UTC) + KEPT_FOR < clock.now()


def forget() -> None:
    """What was kept has been sent again."""
    if KEPT in session and session[KEPT]["path"] == request.path:
        session.pop(KEPT)
