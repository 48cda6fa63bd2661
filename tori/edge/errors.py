"""One place that turns every error into a page or, for the API, into a problem+json."""

import logging
from http import HTTPStatus

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    PendingRollbackError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from tori.core.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    PrinterBusy,
    PrinterMissing,
    ReadOnly,
    RuleBroken,
    StorageAway,
    TooMany,
)
from tori.database import db
from tori.edge import late_forms, messages, read_only, troubles
from tori.edge.access import SAFE_METHODS
from tori.edge.actor import current_actor
from tori.edge.logs import request_id
from tori.edge.read_only import Reason

log = logging.getLogger(__name__)

RETRY_SECONDS = 5
READ_ONLY_RETRY_SECONDS = 60
PRINTER_RETRY_SECONDS = 10
NOT_MIGRATED = ("no such table", "no such column", "does not exist")
OF_READING = ("reading_address", "search_address", "api_address")
OF_ORGANISATION = ("reading_organisation", "search_organisation", "api_organisation")
NOT_UNIQUE = ("UNIQUE constraint failed", "duplicate key value")
PAGES = {403, 404, 410, 422, 429, 500}


def is_api() -> bool:
    return request.path.startswith("/api/")


def problem(status: int, detail: str, title: str | None = None, **extra: object) -> Response:
    response = jsonify(
        {
            "type": "about:blank",
            "title": title or HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            **extra,
        }
    )
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def error_page(status: int, detail: str = "") -> Response:
    if is_api():
        return problem(status, detail or HTTPStatus(status).description or HTTPStatus(status).phrase)
    template = f"errors/{status}.html" if status in PAGES else "errors/other.html"
    response = Response(
        render_template(template, status=status, detail=detail, phrase=HTTPStatus(status).phrase), status
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def http_error(error: HTTPException) -> BaseResponse:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if isinstance(error, SecurityError):
        # The request came to a name that is not ours, so no address can be written into a page.
        return Response(HTTPStatus(status).phrase, status, content_type="text/plain; charset=utf-8")
    response = error_page(status)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def csrf_error(error: CSRFError) -> BaseResponse:
    if reason := read_only.state().reason:
        # A new session can't be kept, so no form of a visitor has a valid token: it was not open too long.
        return _disk_error(reason)
    if is_api() or request.headers.get("X-Requested-With") == "fetch":
        status = 400 if current_actor().is_member else 401
        return error_page(status, _("The page had been open too long. Reload it and try again."))
    return late_forms.answer()


def not_found(error: NotFound) -> BaseResponse:
    return error_page(404)


def not_allowed(error: NotAllowed) -> BaseResponse:
    if error.reason == "sign_in_needed" and not is_api():
        target = request.script_root + request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
        return redirect(url_for("accounts.sign_in", next=target), 302)
    if error.reason == "second_factor_needed" and request.method in SAFE_METHODS and not is_api():
        return redirect(url_for("accounts.start_second_factor"), 302)
    status = 401 if error.reason == "sign_in_needed" else 403
    return error_page(status, messages.sentence(error))


def rule_broken(error: RuleBroken) -> BaseResponse:
    return error_page(422, messages.sentence(error))


def conflict(error: Conflict) -> BaseResponse:
    return error_page(409, _("Somebody else has changed this meanwhile."))


def too_many(error: TooMany) -> BaseResponse:
    time = messages.waiting_time(error.retry_after)
    if error.limit in OF_ORGANISATION:
        words = _(
            "The people of your organisation have asked for so much that we have to pause it. Try again in %(time)s.",
            time=time,
        )
    elif error.limit in OF_READING:
        words = _("So much was asked for from your address that we have to pause it. Try again in %(time)s.", time=time)
    else:
        words = _("Too many tries in a short time. Try again in %(time)s.", time=time)
    response = error_page(429, words)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def _cannot_write(status: int, words: str, wait: int) -> BaseResponse:
    """What was written comes back; a program gets a sentence."""
    is_form = request.method not in SAFE_METHODS and not is_api() and request.headers.get("X-Requested-With") != "fetch"
    response = late_forms.unsaved(status, words) if is_form else error_page(status, words)
    response.headers["Retry-After"] = str(wait)
    return response


def _disk_error(reason: Reason) -> BaseResponse:
    if reason is Reason.FULL:
        words = _("The disk is full, so nothing was saved. Your text is safe here: send it again in a little while.")
        return _cannot_write(507, words, READ_ONLY_RETRY_SECONDS)
    words = _("The service is for reading only just now. Your text is safe here: send it again in a little while.")
    return _cannot_write(503, words, READ_ONLY_RETRY_SECONDS)


def read_only_error(error: ReadOnly) -> BaseResponse:
    return _disk_error(Reason.DECLARED)


def storage_error(error: StorageAway) -> BaseResponse:
    log.error("uploads: %s", error)
    words = _("Pictures and files can’t be reached just now. Try again in a little while.")
    return _cannot_write(503, words, READ_ONLY_RETRY_SECONDS)


def printer_missing(error: PrinterMissing) -> BaseResponse:
    return error_page(503, _("This site can't make PDF files just now. Print the page instead."))


def printer_busy(error: PrinterBusy) -> BaseResponse:
    response = error_page(503, _("The service is busy just now. Try again in a moment."))
    response.headers["Retry-After"] = str(PRINTER_RETRY_SECONDS)
    return response


def os_error(error: OSError) -> BaseResponse:
    reason = read_only.note(error)
    if not reason:
        return unexpected(error)
    db.session.rollback()
    log.error("disk: %s", error)
    return _disk_error(reason)


def database_error(error: DBAPIError) -> BaseResponse:
    """A database that is full, locked, not migrated or away: said plainly, and the reader may try again."""
    db.session.rollback()
    log.error("database: %s", error.orig)
    reason = str(error.orig)
    if disk := read_only.note(error):
        if request.method in SAFE_METHODS and disk is not Reason.FULL:
            return error_page(503)
        return _disk_error(disk)
    if any(sign in reason for sign in NOT_MIGRATED):
        return error_page(503, _("The database is not up to date. Run: flask --app wsgi db upgrade"))
    if request.method in SAFE_METHODS:
        response = error_page(503, _("The service is busy just now. Try again in a moment."))
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    words = _("The service is busy just now. Your text is safe here: send it again in a moment.")
    return _cannot_write(503, words, RETRY_SECONDS)


def connection_lost(error: PoolTimeout | PendingRollbackError) -> BaseResponse:
    """No connection to the database is free, or the one of this request was cut in the middle."""
    db.session.rollback()
    log.error("database: %s", error)
    return _cannot_write(503, _("The service is busy just now. Try again in a moment."), RETRY_SECONDS)


def there_already(error: IntegrityError) -> BaseResponse:
    """Two made the same thing at the same moment, or sent the same form number."""
    if not any(sign in str(error.orig) for sign in NOT_UNIQUE):
        return unexpected(error)
    db.session.rollback()
    log.warning("database: %s", error.orig)
    return error_page(409, _("Somebody else has changed this meanwhile."))


def unfit(error: DataError) -> BaseResponse:
    """Something that was sent fits no column, such as a number too large for it."""
    db.session.rollback()
    log.warning("database: %s", error.orig)
    return error_page(400)


def unexpected(error: Exception) -> BaseResponse:
    db.session.rollback()
    log.exception("unexpected error in %s %s", request.method, request.path)
    troubles.note(error, request.endpoint or request.path, request_id())
    return error_page(500)


def init_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(NotAllowed, not_allowed)
    app.register_error_handler(RuleBroken, rule_broken)
    app.register_error_handler(Conflict, conflict)
    app.register_error_handler(TooMany, too_many)
    app.register_error_handler(ReadOnly, read_only_error)
    app.register_error_handler(StorageAway, storage_error)
    app.register_error_handler(PrinterMissing, printer_missing)
    app.register_error_handler(PrinterBusy, printer_busy)
    app.register_error_handler(OSError, os_error)
    app.register_error_handler(IntegrityError, there_already)
    app.register_error_handler(DataError, unfit)
    for kind in (OperationalError, ProgrammingError, InternalError, InterfaceError):
        app.register_error_handler(kind, database_error)
    for broken in (PoolTimeout, PendingRollbackError):
        app.register_error_handler(broken, connection_lost)
    app.register_error_handler(Exception, unexpected)
