"""The person behind the request."""

from flask import current_app, session
from flask_login import current_user

from tori.config import Config
from tori.models.people import User
from tori.policy import ANONYMOUS, Actor

STRONG = "strong"
"""Mark of a session whose person has shown more than a password or a mailed link."""


def current_actor() -> Actor:
    user = current_user._get_current_object()
    return Actor(user, is_weak=_is_weak(user)) if getattr(user, "id", None) is not None else ANONYMOUS


def _is_weak(user: User) -> bool:
    """Whether the role of the person counts only after a second factor. The accounts of a demonstration go without."""
    config: Config = current_app.extensions["tori"]
    return user.has_special_role and config.staff_second_factor and not config.demo and not session.get(STRONG)
