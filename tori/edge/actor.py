"""The person behind the request."""

from flask_login import current_user

from tori.policy import ANONYMOUS, Actor


def current_actor() -> Actor:
    user = current_user._get_current_object()
    return Actor(user) if getattr(user, "id", None) is not None else ANONYMOUS
