"""Mails to the owner of an account."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from tori.config import Config
from tori.edge.templating import public_link
from tori.models.people import User
from tori.notifications import mail


def link(user: User, endpoint: str, **values: str) -> str:
    """The full address of a page in the person's language."""
    config: Config = current_app.extensions["tori"]
    return public_link(config, endpoint, user.locale, **values)


def send(session: Session, user: User, event: str, **context: Any) -> None:
    """Puts ``templates/mail/<event>/`` into the outbox. ``account`` in it leads to the person's own pages."""
    context = {"name": user.display_name, "user": user, "account": link(user, "accounts.security"), **context}
    mail.enqueue(session, event, user.email, user.locale, **context)
