"""Sessions live in the database; the cookie holds a random value. A page that touches no session sets no cookie."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SessionInterface, SessionMixin
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import CallbackDict

from tori.config import Config
from tori.core import clock
from tori.core.errors import ReadOnly
from tori.database import db, transaction
from tori.models.people import BrowserSession

log = logging.getLogger(__name__)

SEEN_EVERY = timedelta(minutes=2)
USER_KEY = "_user_id"
STAFF = "staff"
"""Mark of a session of somebody whose role reaches beyond their own things; it ends sooner."""
_ID_LENGTH = 43
MAX_USER_AGENT = 200


class DatabaseSession(CallbackDict[str, Any], SessionMixin):
    """``token`` is the value of the cookie, None before there is one."""

    def __init__(self, token: str | None = None, initial: dict[str, Any] | None = None) -> None:
        def on_change(session: "DatabaseSession") -> None:
            session.modified = True
            session.accessed = True

        super().__init__(initial or {}, on_change)
        self.token = token
        self.modified = False
        self.accessed = False
        self.renewed = False

    def renew(self) -> None:
        """A new cookie value for the same content: at every change of who is signed in."""
        self.renewed = True
        self.modified = True

    def __getitem__(self, key: str) -> Any:
        self.accessed = True
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.accessed = True
        return super().get(key, default)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class DatabaseSessions(SessionInterface):
    def __init__(self, config: Config) -> None:
        self.idle = timedelta(minutes=config.session_idle_minutes)
        self.lifetime = timedelta(hours=config.session_hours)
        self.staff_idle = timedelta(minutes=config.staff_idle_minutes)
        self.staff_lifetime = timedelta(hours=config.staff_hours)
        self.secure = config.is_secure
        self.cookie = "__Host-session" if config.is_secure else "session"

    def open_session(self, app: Flask, request: Request) -> DatabaseSession:
        if "HTTP_COOKIE" not in request.environ:
            return DatabaseSession()
        token = request.cookies.get(self.cookie, "")
        if len(token) != _ID_LENGTH or not token.isascii():
            return DatabaseSession()
        try:
            row = db.session.get(BrowserSession, hash_token(token))
        except DBAPIError:
            # Without a session no page can be made at all, not even the one that tells that the database is away.
            db.session.rollback()
            return DatabaseSession()
        moment = clock.now()
        if row is None or self._is_over(row, moment):
            return DatabaseSession()
        session = DatabaseSession(token, dict(row.data))
        if row.seen_at + SEEN_EVERY < moment:
            try:
                with transaction():
                    seen = update(BrowserSession).where(BrowserSession.hash == row.hash).values(seen_at=moment)
                    db.session.execute(seen)
            except (DBAPIError, ReadOnly) as error:
                # Reading goes on where nothing can be written.
                log.warning("a session could not be noted as in use: %s", error)
        return session

    def _is_over(self, row: BrowserSession, moment: datetime) -> bool:
        is_staff = STAFF in row.data
        idle = min(self.idle, self.staff_idle) if is_staff else self.idle
        lifetime = min(self.lifetime, self.staff_lifetime) if is_staff else self.lifetime
        return row.seen_at + idle < moment or row.created_at + lifetime < moment

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, DatabaseSession)
        # What never changes is the same for everybody, and a cache should not keep it once for each cookie.
        if (session.accessed or session.token) and "immutable" not in response.headers.get("Cache-Control", ""):
            response.vary.add("Cookie")
        if not session.modified:
            return
        if not session:
            self._forget(session, response)
            return
        try:
            with transaction():
                self._write(session)
        except (DBAPIError, ReadOnly) as error:
            log.warning("a session could not be kept: %s", error)
            if session.renewed:
                # Who signs in or out must not be told that it went well.
                response.status_code = 503
                response.headers.pop("Location", None)
                response.content_type = "text/plain; charset=utf-8"
                response.set_data(str(_("Nothing can be saved just now. Try again in a moment.")))
            return
        response.set_cookie(
            self.cookie, session.token or "", httponly=True, secure=self.secure, samesite="Lax", path="/"
        )

    def _write(self, session: DatabaseSession) -> None:
        old = session.token
        if old is None or session.renewed:
            session.token = secrets.token_urlsafe(32)
        assert session.token is not None
        moment = clock.now()
        row = db.session.get(BrowserSession, hash_token(old)) if old else None
        started = row.created_at if row and not session.renewed else moment
        if row and old != session.token:
            db.session.delete(row)
            db.session.flush()
            row = None
        if row is None:
            row = BrowserSession(hash=hash_token(session.token), created_at=started)
            db.session.add(row)
        row.user_id = int(session[USER_KEY]) if session.get(USER_KEY) else None
        row.seen_at = moment
        row.data = dict(session)
        row.user_agent = (request.user_agent.string if request else "")[:MAX_USER_AGENT]

    def _forget(self, session: DatabaseSession, response: Response) -> None:
        if session.token:
            with transaction():
                db.session.execute(delete(BrowserSession).where(BrowserSession.hash == hash_token(session.token)))
        response.delete_cookie(self.cookie, path="/", secure=self.secure, httponly=True, samesite="Lax")


def end_sessions(user_id: int, except_token: str | None = None) -> None:
    """Signs a person out everywhere, or everywhere else. Runs inside the caller's transaction."""
    statement = delete(BrowserSession).where(BrowserSession.user_id == user_id)
    if except_token:
        statement = statement.where(BrowserSession.hash != hash_token(except_token))
    db.session.execute(statement)


def sweep_sessions(config: Config) -> int:
    """Removes sessions past their time. Returns how many."""
    moment = clock.now()
    outdated = select(BrowserSession.hash).where(
        (BrowserSession.seen_at < moment - timedelta(minutes=config.session_idle_minutes))
        | (BrowserSession.created_at < moment - timedelta(hours=config.session_hours))
    )
    with transaction() as session:
        result = session.execute(delete(BrowserSession).where(BrowserSession.hash.in_(outdated)))
    return int(result.rowcount)  # type: ignore[attr-defined]
