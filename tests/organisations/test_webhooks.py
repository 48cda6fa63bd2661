"""Messages to other systems, sent to a receiver of this test."""

import hashlib
import hmac
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.deeds import service
from tori.deeds.adoptions import adopt
from tori.deeds.content import content_of
from tori.models.deeds import Deed, DeedStatus
from tori.models.machines import Webhook, WebhookDelivery
from tori.models.operations import AuditEntry
from tori.models.people import Organisation, Role, User
from tori.organisations import webhooks
from tori.policy import Actor


@dataclass
class Receiver:
    url: str = ""
    status: int = 204
    location: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.heard]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.heard.append((dict(self.headers), body))
            self.send_response(found.status)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}/koukku"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def config(app: Flask) -> Config:
    found: Config = app.extensions["tori"]
    return found


@pytest.fixture
def nokia(make: Factory) -> Organisation:
    return make.organisation("Nokian kaupunki")


@pytest.fixture
def steward(make: Factory, nokia: Organisation) -> Actor:
    return Actor(make.user(organisation=nokia, steward=True))


def add(session: Session, actor: Actor, organisation: Organisation, config: Config, url: str, **more: Any) -> str:
    values = {"names": webhooks.EVENTS, "hears_all": False, **more}
    _row, secret = webhooks.add(session, actor, organisation, url, hosts=webhooks.own_hosts(config), **values)
    session.commit()
    return secret


def publish(session: Session, make: Factory, actor: Actor, organisation: Organisation, title: str = "Teko") -> Deed:
    deed = make.deed(title, status=DeedStatus.DRAFT, organisation_id=organisation.id, author_id=actor.id)
    service.publish(session, actor, deed)
    session.commit()
    return deed


def test_a_published_deed_is_told_with_a_signature(
    session: Session, make: Factory, config: Config, nokia: Organisation, steward: Actor, receiver: Receiver
) -> None:
    secret = add(session, steward, nokia, config, receiver.url)
    deed = publish(session, make, steward, nokia)
    assert webhooks.deliver_due(config) == 1
    assert webhooks.deliver_due(config) == 0
    [(headers, body)] = receiver.heard
    told = json.loads(body)
    assert told["type"] == headers["Tekojen-Tori-Event"] == "deed.published"
    assert told["id"] == headers["Tekojen-Tori-Delivery"]
    assert told["deed"]["title"] == "Teko"
    assert told["deed"]["api_url"] == f"{config.public_url}/api/v1/deeds/{deed.id}"
    # As docs/api.md tells a receiver to do it.
    values = dict(part.split("=", 1) for part in headers["Tekojen-Tori-Signature"].split(","))
    wanted = hmac.new(secret.encode(), values["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(values["v1"], wanted)
    assert abs(int(values["t"]) - clock.now().timestamp()) < 60
    row = session.scalars(select(Webhook)).one()
    assert secret not in row.secret


def test_who_hears_what(
    session: Session, make: Factory, config: Config, nokia: Organisation, steward: Actor, receiver: Receiver
) -> None:
    raahe = make.organisation("Raahen kaupunki")
    other = Actor(make.user(organisation=raahe, steward=True))
    add(session, steward, nokia, config, receiver.url + "/oma")
    add(session, steward, nokia, config, receiver.url + "/kaikki", hears_all=True, names=["deed.published"])
    deed = publish(session, make, other, raahe, "Raahen teko")
    adoptions_before = session.scalars(select(WebhookDelivery.event)).all()
    assert adoptions_before == ["deed.published"]
    adopt(session, steward, deed)
    service.withdraw(session, other, deed, "Väärin kerrottu")
    session.commit()
    webhooks.deliver_due(config)
    assert [body["type"] for body in receiver.bodies] == ["deed.published", "deed.adopted"]
    assert receiver.bodies[1]["adoption"] == {"organisation": {"name": "Nokian kaupunki", "slug": "nokian-kaupunki"}}


def test_drafts_are_nobodys_business_and_a_withdrawn_deed_has_no_title(
    session: Session, make: Factory, config: Config, nokia: Organisation, steward: Actor, receiver: Receiver
) -> None:
    add(session, steward, nokia, config, receiver.url)
    draft = make.deed("Salainen luonnos", status=DeedStatus.DRAFT, organisation_id=nokia.id, author_id=steward.id)

    service.edit(session, steward, draft, content_of(draft), draft.version)
    session.commit()
    assert session.scalars(select(WebhookDelivery)).all() == []
    deed = publish(session, make, steward, nokia)
    service.withdraw(session, steward, deed, "Väärin kerrottu")
    session.commit()
    webhooks.deliver_due(config)
    assert [(body["type"], body["deed"]["title"]) for body in receiver.bodies] == [
        ("deed.published", "Teko"), ("deed.withdrawn", None),
    ]  # fmt: skip


def test_a_message_is_tried_again_and_given_up_in_the_end(
    session: Session, make: Factory, config: Config, nokia: Organisation, steward: Actor, receiver: Receiver
) -> None:
    add(session, steward, nokia, config, receiver.url)
    publish(session, make, steward, nokia)
    receiver.status = 500
    with time_machine.travel(clock.now(), tick=False) as now:
        for wait in (timedelta(0), *webhooks.BACK_OFF):
            now.shift(wait)
            webhooks.deliver_due(config)
        session.rollback()
        row = session.scalars(select(WebhookDelivery)).one()
        assert (row.attempts, row.status, row.last_error) == (len(webhooks.BACK_OFF) + 1, 500, "HTTP 500")
        assert row.failed_at is not None
        assert len(receiver.heard) == len(webhooks.BACK_OFF) + 1
        assert len({body["id"] for body in receiver.bodies}) == 1
        now.shift(timedelta(days=3))
        webhooks.deliver_due(config)
        assert len(receiver.heard) == len(webhooks.BACK_OFF) + 1


def test_an_address_that_never_answers_rests_until_somebody_wakes_it(
    session: Session, make: Factory, config: Config, nokia: Organisation, steward: Actor, receiver: Receiver
) -> None:
    add(session, steward, nokia, config, receiver.url)
    row = session.scalars(select(Webhook)).one()
    for number in range(webhooks.MOST_FAILURES):
        publish(session, make, steward, nokia, f"Teko {number}")
    for item in session.scalars(select(WebhookDelivery)):
        item.attempts = len(webhooks.BACK_OFF)
    session.commit()
    receiver.status = 500
    webhooks.deliver_due(config)
    session.expire_all()
    assert row.rests_since is not None
    publish(session, make, steward, nokia, "Levossa")
    assert len(session.scalars(select(WebhookDelivery)).all()) == webhooks.MOST_FAILURES
    receiver.status, receiver.heard = 200, []
    webhooks.try_again(session, steward, nokia, row.id)
    session.commit()
    assert webhooks.deliver_due(config) == webhooks.MOST_FAILURES
    session.expire_all()
    assert (row.rests_since, row.failures) == (None, 0)
    assert "WebhookTriedAgain" in session.scalars(select(AuditEntry.event)).all()


def test_a_redirect_is_not_followed(
    session: Session, make: Factory, config: Config, nokia: Organisation, steward: Actor, receiver: Receiver
) -> None:
    add(session, steward, nokia, config, receiver.url)
    receiver.status, receiver.location = 307, receiver.url + "/muualle"
    publish(session, make, steward, nokia)
    assert webhooks.deliver_due(config) == 0
    assert len(receiver.heard) == 1
    assert "TooManyRedirects" in session.scalars(select(WebhookDelivery.last_error)).one()


@pytest.mark.parametrize(
    "url",
    ["http://nokia.fi/koukku", "https://127.0.0.1/", "https://10.0.0.8/", "https://[::1]/", "https://169.254.169.254/",
     "https://localhost/", "https://palvelin/", "https://user:pass@nokia.fi/", "ftp://nokia.fi/", "https://2130706433/",
     "https://[::ffff:10.0.0.1]/", "koukku"],
)  # fmt: skip
def test_addresses_of_the_inner_network_are_refused(
    session: Session, nokia: Organisation, steward: Actor, url: str
) -> None:
    with pytest.raises(RuleBroken):
        webhooks.add(session, steward, nokia, url, webhooks.EVENTS, False, [])


def test_a_name_that_leads_inside_is_refused_when_the_message_goes(
    make_app: MakeApp, session: Session, make: Factory, config: Config, nokia: Organisation, steward: Actor,
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The name is judged by where it leads at that very connection, so it can't change its mind in between."""
    add(session, steward, nokia, config, "https://koukku.example.org/")
    publish(session, make, steward, nokia)
    asked = []

    def inside(host: str, port: int, **more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(receiver.url.split(":")[2][:-7])))]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    assert webhooks.deliver_due(config) == 0
    assert asked == ["koukku.example.org"]
    assert receiver.heard == []
    assert "inner address" in session.scalars(select(WebhookDelivery.last_error)).one()
    assert webhooks.own_hosts(make_app(development=False).extensions["tori"]) == []


# The page


def test_the_contact_person_adds_tries_and_removes_an_address(
    browser: Browser, session: Session, config: Config, nokia: Organisation, steward: Actor, receiver: Receiver
) -> None:
    assert steward.user is not None
    browser.sign_in(steward.user)
    path = "/organisaatiot/nokian-kaupunki/viestit-jarjestelmille"
    assert path in browser.get("/organisaatiot/nokian-kaupunki/tyotila").text
    bad = browser.post(path, {"url": "http://10.0.0.1/", "events": "deed.published"})
    assert bad.status_code == 422
    assert 'value="http://10.0.0.1/"' in bad.text
    assert browser.post(path, {"url": receiver.url}).status_code == 422
    made = browser.post(path, {"url": receiver.url, "events": "deed.published"})
    secret = re.search(r'value="(whsec_[\w-]+)"', made.text)
    assert secret
    assert secret[1] not in browser.get(path).text
    row = session.scalars(select(Webhook)).one()
    assert browser.post(f"{path}/{row.id}/kokeile").status_code == 303
    webhooks.deliver_due(config)
    assert [body["type"] for body in receiver.bodies] == ["ping"]
    assert browser.post(f"{path}/{row.id}/poista").status_code == 303
    session.rollback()
    assert session.scalars(select(Webhook)).all() == []
    events = session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("Webhook%"))).all()
    assert events == ["WebhookMade", "WebhookRemoved"]


def test_nobody_else_learns_of_the_addresses(
    app: Flask, session: Session, make: Factory, config: Config, nokia: Organisation, steward: Actor, receiver: Receiver
) -> None:
    add(session, steward, nokia, config, receiver.url)
    row = session.scalars(select(Webhook)).one()
    strangers: list[User] = [
        make.user(organisation=nokia), make.user(organisation=make.organisation("Raahe"), steward=True),
        make.user(role=Role.EDITOR),
    ]  # fmt: skip
    path = "/organisaatiot/nokian-kaupunki/viestit-jarjestelmille"
    for person in strangers:
        browser = Browser(app).sign_in(person)
        assert browser.get(path).status_code == 404
        assert browser.post(f"{path}/{row.id}/poista").status_code == 404
        with pytest.raises(NotFound):
            webhooks.ping(session, Actor(person), nokia, row.id)
    raahe = session.scalars(select(Organisation).where(Organisation.slug == "raahe")).one()
    with pytest.raises(NotFound):
        webhooks.remove(session, Actor(strangers[1]), raahe, row.id)


def test_old_messages_are_swept(
    session: Session, make: Factory, config: Config, nokia: Organisation, steward: Actor, receiver: Receiver
) -> None:
    add(session, steward, nokia, config, receiver.url)
    publish(session, make, steward, nokia)
    assert webhooks.sweep(config) == 0
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        assert webhooks.sweep(config) == 1
