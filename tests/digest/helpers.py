"""Small steps that the tests of the digest share."""

import re
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.core import clock
from tori.core.events import DeedPublished, record
from tori.database import transaction
from tori.digest.sending import send_due_digests
from tori.models.deeds import Deed
from tori.models.digest import Subscriber
from tori.models.operations import OutboxMail
from tori.search.port import SearchEngine


def publish(make: Factory, moment: datetime, title: str, **values: object) -> Deed:
    deed = make.deed(title, **values)  # type: ignore[arg-type]
    with clock.frozen(moment), transaction() as session:
        record(session, DeedPublished(actor_id=deed.author_id, deed_id=deed.id))
    return deed


def reader(make: Factory, since: datetime, **values: object) -> Subscriber:
    row = Subscriber(
        **{"key": f"{make._next():043}", "told_until": since, "confirmed_at": since, "locale": "fi", **values}
    )
    return make._add(row)


def run(moment: datetime) -> int:
    engine: SearchEngine = current_app.extensions["tori.search"]()
    done = 0
    with clock.frozen(moment):
        while count := send_due_digests(current_app.extensions["tori"], engine):
            done += count
    return done


def digests(session: Session) -> list[OutboxMail]:
    session.rollback()
    return list(session.scalars(select(OutboxMail).where(OutboxMail.event == "digest").order_by(OutboxMail.id)))


def path_in(mail: OutboxMail, part: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:8000((?:/sv|/en)?/{part}/[\w-]{{43}})", mail.body_text)
    assert found, mail.body_text
    return found[1]
