"""The person behind the request, and what is known of the content that it asks for."""

from collections.abc import Hashable, Iterable
from typing import Any

from flask import current_app, has_request_context, request, session
from flask_login import current_user

from tori.config import Config
from tori.database import db
from tori.edge.sessions import USER_KEY
from tori.models.people import User
from tori.notifications.reads import reads_of
from tori.policy import ANONYMOUS, Actor

READS_KEY = "tori.reads"
STRONG = "strong"
"""Mark of a session whose person has shown more than a password or a mailed link."""


def current_actor() -> Actor:
    # Flask-Login asks in several places who a visitor may be.
    if not has_request_context() or session.get(USER_KEY) is None:
        return ANONYMOUS
    user = current_user._get_current_object()
    return Actor(user, is_weak=_is_weak(user)) if getattr(user, "id", None) is not None else ANONYMOUS


def _is_weak(user: User) -> bool:
    """Whether the role of the person counts only after a second factor. The accounts of a demonstration go without."""
    config: Config = current_app.extensions["tori"]
    return user.has_special_role and config.staff_second_factor and not config.demo and not session.get(STRONG)


def request_reads(deed_ids: Iterable[int] = ()) -> dict[Hashable, Any]:
    """``reads_of``, asked for once in a request."""
    # Not in ``g``, which several requests may share where an application is at hand already.
    environ = request.environ
    reads: dict[Hashable, Any] | None = environ.get(READS_KEY)
    if reads is None:
        reads = environ[READS_KEY] = reads_of(db.session(), deed_ids)
    return reads
