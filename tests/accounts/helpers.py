"""Small steps that the tests of accounts share."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.models.operations import OutboxMail

GOOD_PASSWORD = "aamupala kallioilla 7"


def mails(session: Session, event: str | None = None) -> list[OutboxMail]:
    """The mails in the outbox, oldest first."""
    session.rollback()
    statement = select(OutboxMail).order_by(OutboxMail.id)
    return list(session.scalars(statement.where(OutboxMail.event == event) if event else statement))


def link_in(mail: OutboxMail) -> str:
    """The path of the first link that has a secret in it."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S*/[\w-]{43})\s", mail.body_text)
    assert found, mail.body_text
    return found[1]


def sign_up_form(**values: str) -> dict[str, object]:
    return {
        "name": "Kehittäjä",
        "email": "uusi@example.org",
        "organisation": "-",
        "job_title": "Lähihoitaja",
        "password": GOOD_PASSWORD,
        **values,
    }
