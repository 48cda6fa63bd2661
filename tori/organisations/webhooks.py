"""Addresses that are told of changes: a signed message for each, sent by the worker, tried again, given up in the end.

What is told is public. A message leaves by ``edge/outbound.py``: https only, to addresses of the open internet that
were looked at when the connection was made. The signature is HMAC-SHA256 over the second and the body, so that a
receiver knows who sent it and that it is fresh.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import BindParameter, ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from tori.config import Config
from tori.core import clock, events
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import Event, WebhookMade, WebhookRemoved, WebhookTriedAgain, record
from tori.database import NOW, Due, transaction
from tori.deeds.content import MAX_URL, check_url
from tori.edge.sealing import box
from tori.models.deeds import Deed
from tori.models.machines import Webhook, WebhookDelivery
from tori.models.people import Organisation
from tori.policy import Actor, Permission, require

NAMES: dict[type[Event], str] = {
    events.DeedPublished: "deed.published",
    events.DeedRestored: "deed.published",
    events.DeedEdited: "deed.updated",
    events.DeedArchived: "deed.archived",
    events.DeedWithdrawn: "deed.withdrawn",
    events.DeedAdopted: "deed.adopted",
}
"""What a receiver hears of each event of ours. Deeds that an import brings are asked for with ``updated_since``."""
EVENTS = tuple(dict.fromkeys(NAMES.values()))
PING = "ping"

MAX_WEBHOOKS = 5
BATCH = 20
BACK_OFF = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3), timedelta(hours=12),
    timedelta(days=1),
)  # fmt: skip
"""Waits between the tries; after the last one the message is given up."""
MOST_FAILURES = 5
"""So many messages given up in a row put an address to rest."""
KEPT = timedelta(days=30)
SHOWN = 8


# Looking after them


def own_hosts(config: Config) -> list[str]:
    """Hosts that need not be on the open internet: those of the operator, in development also this machine."""
    return [*config.private_hosts, *(["127.0.0.1", "localhost"] if config.development else [])]


def check_address(url: str, hosts: Collection[str]) -> str:
    """The address as it is kept. Names are judged again at every delivery, when it is known where they lead."""
    url = url.strip()
    if not url:
        raise RuleBroken("value_missing", "url")
    if len(url) > MAX_URL:
        raise RuleBroken("text_too_long", "url", limit=MAX_URL)
    check_url(url, "url")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if {host, parts.netloc} & set(hosts):
        return url
    is_number = host.replace(".", "").isdigit() or ":" in host
    is_open = _is_open_internet(host) if is_number else "." in host
    if parts.scheme != "https" or parts.username is not None or not is_open:
        raise RuleBroken("address_refused", "url")
    return url


def add(
    session: Session, actor: Actor, organisation: Organisation, url: str, names: Collection[str], hears_all: bool,
    hosts: Collection[str],
) -> tuple[Webhook, str]:  # fmt: skip
    """The new address and its secret, which is shown once."""
    require(actor, Permission.ORGANISATION_WEBHOOKS, organisation)
    url = check_address(url, hosts)
    chosen = [name for name in EVENTS if name in names]
    if not chosen or len(chosen) != len(set(names)):
        raise RuleBroken("nothing_chosen_to_tell", "events")
    if len(webhooks_of(session, organisation)) >= MAX_WEBHOOKS:
        raise RuleBroken("too_many_webhooks", "url", limit=MAX_WEBHOOKS)
    secret = "whsec_" + secrets.token_urlsafe(32)
    row = Webhook(
        organisation_id=organisation.id, made_by_id=actor.id, url=url, events=chosen, hears_all=hears_all,
        secret=box("webhook").encrypt(secret.encode()).decode(), failures=0,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, WebhookMade(actor_id=actor.id, organisation_id=organisation.id, webhook_id=row.id))
    return row, secret


def webhooks_of(session: Session, organisation: Organisation) -> Sequence[Webhook]:
    statement = select(Webhook).where(Webhook.organisation_id == organisation.id).order_by(Webhook.id)
    return session.scalars(statement).all()


def find(session: Session, actor: Actor, organisation: Organisation, webhook_id: int) -> Webhook:
    require(actor, Permission.ORGANISATION_WEBHOOKS, organisation)
    row = session.get(Webhook, webhook_id)
    if row is None or row.organisation_id != organisation.id:
        raise NotFound("webhook")
    return row


def remove(session: Session, actor: Actor, organisation: Organisation, webhook_id: int) -> None:
    row = find(session, actor, organisation, webhook_id)
    session.delete(row)
    record(session, WebhookRemoved(actor_id=actor.id, organisation_id=organisation.id, webhook_id=webhook_id))


def try_again(session: Session, actor: Actor, organisation: Organisation, webhook_id: int) -> None:
    """Wakes an address that rests, and sends what was given up once more, with all its tries before it."""
    row = find(session, actor, organisation, webhook_id)
    row.rests_since, row.failures = None, 0
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == row.id, WebhookDelivery.failed_at.is_not(None))
        .values(failed_at=None, attempts=0, due_at=clock.now())
    )
    record(session, WebhookTriedAgain(actor_id=actor.id, organisation_id=organisation.id, webhook_id=row.id))


def ping(session: Session, actor: Actor, organisation: Organisation, webhook_id: int) -> None:
    """A message that only tries out the way."""
    row = find(session, actor, organisation, webhook_id)
    _queue(session, [row], PING, {})


def latest(session: Session, rows: Sequence[Webhook]) -> dict[int, list[WebhookDelivery]]:
    """The newest messages of each address."""
    return {
        row.id: list(
            session.scalars(
                select(WebhookDelivery)
                .where(WebhookDelivery.webhook_id == row.id)
                .order_by(WebhookDelivery.id.desc())
                .limit(SHOWN)
            )
        )
        for row in rows
    }


# Telling


def note(session: Session, event: Event, public_url: str) -> None:
    """A message for every address that wants to hear of the event."""
    name = NAMES[type(event)]
    if not session.scalar(select(func.count()).select_from(Webhook)):
        return
    deed = session.get(Deed, event.deed_id, options=[joinedload(Deed.organisation)])  # type: ignore[attr-defined]
    if deed is None or not (deed.is_public or isinstance(event, events.DeedWithdrawn)):
        return
    whose = {deed.organisation_id, *(row.id for row in deed.co_organisations)}
    told: dict[str, Any] = {"deed": _deed(deed, public_url)}
    if isinstance(event, events.DeedAdopted):
        adopter = session.get_one(Organisation, event.organisation_id)
        whose.add(adopter.id)
        told["adoption"] = {"organisation": {"name": adopter.name, "slug": adopter.slug}}
    rows = session.scalars(
        select(Webhook).where(
            Webhook.rests_since.is_(None), or_(Webhook.hears_all.is_(True), Webhook.organisation_id.in_(whose))
        )
    )
    _queue(session, [row for row in rows if name in row.events], name, told)


def _deed(deed: Deed, public_url: str) -> dict[str, Any]:
    """Where to read it; the title only while everybody may."""
    return {
        "id": deed.id,
        "external_id": deed.external_id,
        "title": deed.title if deed.is_public else None,
        "status": deed.status,
        "organisation": {"name": deed.organisation.name, "slug": deed.organisation.slug},
        "url": f"{public_url}/teot/{deed.id}-{deed.slug}",
        "api_url": f"{public_url}/api/v1/deeds/{deed.id}",
    }


def _queue(session: Session, rows: Sequence[Webhook], name: str, told: dict[str, Any]) -> None:
    moment = clock.now()
    for row in rows:
        body = {"id": str(uuid4()), "type": name, "created_at": moment.isoformat(timespec="seconds"), **told}
        session.add(
            WebhookDelivery(
                webhook_id=row.id, event=name, body=json.dumps(body, ensure_ascii=False), due_at=moment, attempts=0
            )
        )


# Sending


def signature(secret: str, second: int, body: str) -> str:
    """``t=…,v1=…``: the second of sending, and HMAC-SHA256 of ``second.body`` in hexadecimal."""
    digest = hmac.new(secret.encode(), f"{second}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={second},v1={digest}"


def _is_due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(
        WebhookDelivery.sent_at.is_(None), WebhookDelivery.failed_at.is_(None), WebhookDelivery.due_at <= now,
        Webhook.rests_since.is_(None),
    )  # fmt: skip


is_due = Due(select(WebhookDelivery.id).join(WebhookDelivery.webhook).where(_is_due(NOW)))


def deliver_due(config: Config) -> int:
    """Sends what is due, one transaction a message. Returns how many got through."""
    sent = 0
    for _turn in range(BATCH):
        with transaction() as session:
            item = _next_due(session)
            if item is None:
                break
            # Claimed before it is sent, so that no lock is held while a slow receiver thinks.
            item.due_at = clock.now() + BACK_OFF[0]
            item_id, url, body, headers = item.id, item.webhook.url, item.body, _headers(item)
        status, error = _send(url, body, headers, own_hosts(config))
        with transaction() as session:
            row = session.get(WebhookDelivery, item_id)
            if row is not None:
                _note_result(row, status, error)
        sent += not error
    return sent


def _next_due(session: Session) -> WebhookDelivery | None:
    return session.scalar(
        select(WebhookDelivery)
        .join(WebhookDelivery.webhook)
        .where(_is_due(clock.now()))
        .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=WebhookDelivery)
    )  # fmt: skip


def _headers(item: WebhookDelivery) -> dict[str, str]:
    secret = box("webhook").decrypt(item.webhook.secret.encode()).decode()
    second = int(clock.now().timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Tekojen-tori-webhook/1",
        "Tekojen-Tori-Event": item.event,
        "Tekojen-Tori-Delivery": str(json.loads(item.body)["id"]),
        "Tekojen-Tori-Signature": signature(secret, second, item.body),
    }


def _is_open_internet(host: str) -> bool:
    from tori.edge import outbound

    return outbound.is_open_internet(host)


def _send(url: str, body: str, headers: dict[str, str], hosts: Collection[str]) -> tuple[int | None, str]:
    """The status of the answer, and what went wrong, empty when nothing did."""
    # Its library is loaded by the first message: twelve megabytes.
    from tori.edge import outbound

    try:
        answer = outbound.post(url, body.encode(), headers, hosts)
    except (OSError, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"[:300]
    return answer.status_code, "" if 200 <= answer.status_code < 300 else f"HTTP {answer.status_code}"


def _note_result(row: WebhookDelivery, status: int | None, error: str) -> None:
    row.status, row.last_error = status, error
    if not error:
        row.sent_at, row.webhook.failures = clock.now(), 0
    elif row.attempts >= len(BACK_OFF):
        row.failed_at = clock.now()
        row.webhook.failures += 1
        if row.webhook.failures >= MOST_FAILURES:
            row.webhook.rests_since = clock.now()
    else:
        row.due_at = clock.now() + BACK_OFF[row.attempts]
    row.attempts += 1


def sweep(config: Config) -> int:
    """Removes messages that are no longer looked at. Returns how many."""
    with transaction() as session:
        result = session.execute(delete(WebhookDelivery).where(WebhookDelivery.created_at < clock.now() - KEPT))
    return int(result.rowcount)  # type: ignore[attr-defined]
