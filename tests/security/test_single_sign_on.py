"""Signing in with the account of an organisation: against a provider written by others, and against one that lies."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import PASSWORD, Browser, MakeApp
from tests.factories import Factory
from tests.site import free_port
from tori.accounts import single_sign_on
from tori.core.errors import ConfigurationError
from tori.edge import outbound
from tori.models.accounts import Identity
from tori.models.people import Organisation, Role, User

WAIT_SECONDS = 40
CLAIMS = {"sub": "s-1", "email": "kehittaja@nokia.example.org", "name": "Kehittäjä", "tid": "nokian-vuokraaja"}


def start(command: list[str], port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            requests.get(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=1)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return process
    process.kill()
    raise RuntimeError("the provider did not start")


@pytest.fixture(scope="module")
def honest() -> Iterator[str]:
    """A provider of others' making, in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "--user-claims", json.dumps(CLAIMS)]
    process = start(command, port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def liar() -> Iterator[str]:
    port = free_port()
    process = start([sys.executable, str(Path(__file__).with_name("forging_provider.py")), str(port)], port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


@pytest.fixture
def nokia(make: Factory) -> Organisation:
    return make.organisation("Nokian kaupunki", domain="nokia.example.org")


@pytest.fixture
def settings(tmp_path: Path) -> Any:
    """Writes the file of providers; returns what the application is made with."""

    def write(*issuers: str, **more: str) -> dict[str, Any]:
        lines = []
        for number, issuer in enumerate(issuers):
            values = {"key": f"kunta{number or ''}", "name": "Nokian tunnus", "issuer": issuer, "client_id": "tori",
                      "client_secret": "salaisuus", "organisation": "nokian-kaupunki", **more}  # fmt: skip
            tenants = values.pop("tenants", "")
            lines += ["[[provider]]", *(f'{name} = "{value}"' for name, value in values.items() if value)]
            lines += ["[provider.tenants]", tenants] if tenants else []
        path = tmp_path / "oidc.toml"
        path.write_text("\n".join(lines).replace('"true"', "true"))
        hosts = ",".join(urlsplit(issuer).netloc for issuer in issuers)
        return {"oidc_file": str(path), "outbound_private_hosts": hosts}

    return write


TENANTS = {"organisation": "", "tenant_claim": "tid", "tenants": 'nokian-vuokraaja = "nokian-kaupunki"'}


def path_of(answer: Any) -> str:
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.path}?{parts.query}"


def through(browser: Browser, key: str = "kunta", next_page: str = "", subject: str = "s-1") -> Any:
    """Goes to the provider, signs in there and comes back: the answer of the way back."""
    begun = browser.get(f"/kirjaudu/organisaatio/{key}", query_string={"next": next_page})
    assert begun.status_code == 302, begun.text
    return browser.get(at_provider(begun.location, subject))


def at_provider(address: str, subject: str = "s-1") -> str:
    """What a person does at the provider; the address to which it sends them back."""
    page = requests.get(address, allow_redirects=False, timeout=10)
    if page.status_code == 200:
        page = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert page.status_code == 302, page.text
    return path_of(page)


def lie(liar: str, kind: str = "honest", **values: Any) -> None:
    requests.post(f"{liar}/mode", json={"kind": kind, **values}, timeout=10)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/oma").status_code == 200


def test_a_person_signs_in_at_a_real_provider_and_gets_an_account_and_the_organisation(
    honest: str, settings: Any, make_app: MakeApp, session: Session, nokia: Organisation
) -> None:
    browser = Browser(make_app(**settings(honest)))
    assert "Nokian tunnus" in browser.get("/kirjaudu").text
    answer = through(browser, next_page="/oma/tiedot")
    assert (answer.status_code, answer.location) == (303, "/oma/tiedot")
    assert is_signed_in(browser)
    user = session.scalars(select(User)).one()
    assert (user.email, user.display_name, user.role) == ("kehittaja@nokia.example.org", "Kehittäjä", Role.MEMBER)
    assert [(row.organisation_id, row.waits_since) for row in user.memberships] == [(nokia.id, None)]
    assert user.password_hash is None
    session.rollback()
    second = Browser(browser.client.application)
    assert through(second).status_code == 303
    assert is_signed_in(second)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(User)) == 1, "the second time is the same person"


def test_several_providers_stand_beside_each_other(
    honest: str, liar: str, settings: Any, make_app: MakeApp, session: Session, nokia: Organisation
) -> None:
    lie(liar, claims={"sub": "toinen", "email": "toinen@nokia.example.org"})
    app = make_app(**settings(honest, liar))
    first, second = Browser(app), Browser(app)
    assert through(first, "kunta").status_code == 303
    assert through(second, "kunta1").status_code == 303
    assert session.scalar(select(func.count()).select_from(User)) == 2
    assert {row.provider for row in session.scalars(select(Identity))} == {"kunta", "kunta1"}


def test_the_organisation_is_that_of_the_tenant(
    honest: str, settings: Any, make_app: MakeApp, session: Session, nokia: Organisation
) -> None:
    assert through(Browser(make_app(**settings(honest, **TENANTS)))).status_code == 303
    row = session.scalars(select(Identity)).one()
    assert (row.issuer, row.tenant, row.subject) == (honest, "nokian-vuokraaja", "s-1")


@pytest.mark.parametrize(
    "kind",
    ["no nonce", "none", "hmac with the public key", "another key", "expired", "1 MB", "no subject"],
)
def test_a18_a_token_that_can_not_be_trusted_signs_nobody_in(
    liar: str, settings: Any, make_app: MakeApp, session: Session, nokia: Organisation, kind: str
) -> None:
    lie(liar, kind)
    browser = Browser(make_app(**settings(liar)))
    assert through(browser).status_code == 400
    assert not is_signed_in(browser)
    assert session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize(
    "claims",
    [{"aud": "muu"}, {"aud": "muu", "azp": "tori"}, {"iss": "https://evil.example"}, {"nonce": "arvattu"},
     {"aud": ["muu", "vieras"]}, {"sub": 7}, {"sub": ""}, {"exp": "huomenna"}],
)  # fmt: skip
def test_a18_a_token_for_another_or_of_another_signs_nobody_in(
    liar: str, settings: Any, make_app: MakeApp, session: Session, nokia: Organisation, claims: dict[str, Any]
) -> None:
    lie(liar, claims=claims)
    browser = Browser(make_app(**settings(liar)))
    assert through(browser).status_code == 400
    assert not is_signed_in(browser)


def test_a18_the_state_of_another_browser_a_used_code_and_a_made_up_answer_sign_nobody_in(
    liar: str, settings: Any, make_app: MakeApp, nokia: Organisation
) -> None:
    lie(liar)
    app = make_app(**settings(liar))
    victim, attacker = Browser(app), Browser(app)
    begun = attacker.get("/kirjaudu/organisaatio/kunta")
    back = at_provider(begun.location)
    assert victim.get(back).status_code == 400, "the state lives in the session of the one who began"
    assert not is_signed_in(victim)
    assert attacker.get(back).status_code == 303
    replay = Browser(app)
    assert replay.get(back).status_code == 400
    assert attacker.get(back).status_code == 400, "a state works once"
    for rest in ("", "?code=x", "?state=x", "?code=x&state=x", "?error=access_denied&state=x", "?code=" + "x" * 5_000):
        assert victim.get(f"/kirjaudu/organisaatio/kunta/paluu{rest}").status_code == 400
    assert not is_signed_in(victim)


def test_a18_the_request_has_state_nonce_and_a_challenge(liar: str, settings: Any, make_app: MakeApp) -> None:
    begun = Browser(make_app(**settings(liar))).get("/kirjaudu/organisaatio/kunta")
    query = parse_qs(urlsplit(begun.location).query)
    assert {"state", "nonce", "code_challenge"} <= set(query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["http://127.0.0.1:8000/kirjaudu/organisaatio/kunta/paluu"]


def test_a19_another_tenant_that_writes_a_members_address_gets_nowhere(
    liar: str, settings: Any, make_app: MakeApp, session: Session, make: Factory, nokia: Organisation
) -> None:
    make.user("kehittaja@nokia.example.org", organisation=nokia)
    app = make_app(**settings(liar, **TENANTS))
    for tenant in ("vieras-vuokraaja", "", "NOKIAN-VUOKRAAJA"):
        lie(liar, claims={"tid": tenant, "email_verified": True})
        browser = Browser(app)
        assert through(browser).status_code == 400
        assert not is_signed_in(browser)
    assert session.scalar(select(func.count()).select_from(Identity)) == 0


def test_a19_an_address_never_opens_an_account_also_in_ones_own_tenant(
    liar: str, settings: Any, make_app: MakeApp, session: Session, make: Factory, nokia: Organisation
) -> None:
    make.user("kehittaja@nokia.example.org", role=Role.ADMIN)
    lie(liar, claims={"email_verified": True})
    browser = Browser(make_app(**settings(liar)))
    answer = through(browser)
    assert answer.status_code == 400
    assert not is_signed_in(browser)
    assert session.scalar(select(func.count()).select_from(Identity)) == 0


def test_a19_the_same_subject_of_another_tenant_is_another_person(
    liar: str, settings: Any, make_app: MakeApp, session: Session, make: Factory, nokia: Organisation
) -> None:
    make.organisation("Kangasalan kaupunki", domain="kangasala.example.org")
    tenants = 'a = "nokian-kaupunki"\nb = "kangasalan-kaupunki"'
    app = make_app(**settings(liar, organisation="", tenant_claim="tid", tenants=tenants))
    for tenant, email in (("a", "x@nokia.example.org"), ("b", "x@kangasala.example.org")):
        lie(liar, claims={"tid": tenant, "email": email})
        assert through(Browser(app)).status_code == 303
    assert session.scalar(select(func.count()).select_from(User)) == 2


def test_a19_a_later_token_does_not_change_the_address_or_the_role(
    liar: str, settings: Any, make_app: MakeApp, session: Session, nokia: Organisation
) -> None:
    app = make_app(**settings(liar))
    lie(liar)
    through(Browser(app))
    lie(liar, claims={"email": "admin@nokia.example.org", "role": "admin", "name": "Ylläpito"})
    assert through(Browser(app)).status_code == 303
    user = session.scalars(select(User)).one()
    assert (user.email, user.role, user.display_name) == ("kehittaja@nokia.example.org", "member", "Kehittäjä")


def test_an_address_that_nobody_vouches_for_makes_no_account(
    liar: str, settings: Any, make_app: MakeApp, session: Session, nokia: Organisation
) -> None:
    lie(liar, claims={"email": "pormestari@helsinki.example.org"})
    assert through(Browser(make_app(**settings(liar)))).status_code == 400
    assert session.scalar(select(func.count()).select_from(User)) == 0


def test_somebody_with_an_account_connects_it_and_then_signs_in_with_it(
    liar: str, settings: Any, make_app: MakeApp, session: Session, make: Factory, nokia: Organisation
) -> None:
    lie(liar)
    user = make.user("kehittaja@nokia.example.org")
    app = make_app(**settings(liar))
    browser = Browser(app).sign_in(user)
    page = browser.post("/oma/turvallisuus/yhdista/kunta")
    assert page.status_code == 200
    begun = browser.get("/oma/turvallisuus/yhdista/kunta/jatka")
    assert browser.get(at_provider(begun.location)).status_code == 303
    assert mails(session)[-1].event == "identity_connected"
    other = Browser(app)
    assert through(other).status_code == 303
    assert "kehittaja@nokia.example.org" in other.get("/oma/tiedot").text
    found = re.search(r"/oma/turvallisuus/yhteys/(\d+)/poista", browser.get("/oma/turvallisuus").text)
    assert found
    session.rollback()
    stranger = Browser(app).sign_in(make.user())
    session.rollback()
    stranger.post(found[0])
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Identity)) == 1
    session.rollback()
    browser.post(found[0])
    assert session.scalar(select(func.count()).select_from(Identity)) == 0


def test_a20_a_closed_account_is_closed_to_the_provider_too(
    liar: str, settings: Any, make_app: MakeApp, session: Session, nokia: Organisation
) -> None:
    from tori.core import clock

    lie(liar)
    app = make_app(**settings(liar))
    through(Browser(app))
    session.scalars(select(User)).one().disabled_at = clock.now()
    session.commit()
    browser = Browser(app)
    assert through(browser).status_code == 400
    assert not is_signed_in(browser)


def test_a_provider_with_a_second_factor_of_its_own_counts_as_one(
    liar: str, settings: Any, make_app: MakeApp, session: Session, nokia: Organisation
) -> None:
    lie(liar)
    app = make_app(staff_second_factor=True, **settings(liar, second_factor="true"))
    through(Browser(app))
    session.scalars(select(User)).one().role = Role.EDITOR
    session.commit()
    browser = Browser(app)
    assert through(browser).status_code == 303
    assert browser.get("/hallinta").status_code == 200


def test_f34_a_provider_that_is_away_is_told_of_and_the_password_still_works(
    settings: Any, make_app: MakeApp, make: Factory
) -> None:
    user = make.user()
    browser = Browser(make_app(**settings(f"http://127.0.0.1:{free_port()}")))
    answer = browser.get("/kirjaudu/organisaatio/kunta")
    assert answer.status_code == 503
    assert "Nokian tunnus" in answer.text
    assert browser.post("/kirjaudu", {"email": user.email, "password": PASSWORD}).status_code == 303


def test_a_document_of_another_issuer_is_refused(liar: str, settings: Any, make_app: MakeApp) -> None:
    lie(liar, issuer="https://evil.example")
    assert Browser(make_app(**settings(liar))).get("/kirjaudu/organisaatio/kunta").status_code == 503


@pytest.mark.parametrize(
    ("text", "words"),
    [("[[provider]]\nkey = 'a'", "lacks"), ("x = ", "can't be read"),
     ("[[provider]]\nkey='a'\nname='a'\nissuer='a'\nclient_id='a'\nclient_secret='a'", "either"),
     ("[[provider]]\nkey='a'\nname='a'\nissuer='a'\nclient_id='a'\nclient_secret='a'\nvieras='a'", "can't be read")],
)  # fmt: skip
def test_f38_a_bad_file_of_providers_stops_the_start(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "oidc.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=words):
        single_sign_on.load_providers(str(path))


class TestOutbound:
    """S02 and S03: the client that calls the provider."""

    @pytest.mark.parametrize(
        "address",
        ["127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
         "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
         "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
         "2002:7f00:1::", "2002:a00:1::", "2001:0:7f00:1::", "2001:db8::1", "ei osoite", ""],
    )  # fmt: skip
    def test_s02_inner_addresses_are_not_of_the_open_internet(self, address: str) -> None:
        assert not outbound.is_open_internet(address)

    @pytest.mark.parametrize("address", ["8.8.8.8", "193.166.3.2", "2001:708::1", "2a00:1450:4001::1"])
    def test_addresses_of_the_open_internet_are(self, address: str) -> None:
        assert outbound.is_open_internet(address)

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "0177.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:7f00:1]"]
    )
    def test_s02_no_spelling_of_an_inner_address_is_called(self, liar: str, host: str) -> None:
        port = urlsplit(liar).port
        with pytest.raises((requests.RequestException, OSError)):
            outbound.get(f"https://{host}:{port}/keys")

    def test_s02_only_https(self, liar: str) -> None:
        with pytest.raises(outbound.Refused):
            outbound.get(f"{liar}/keys")

    def test_s03_a_name_is_judged_when_the_connection_is_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The first look-up may say anything: what is connected to is what was judged."""
        import socket

        answers = iter(["8.8.8.8", "127.0.0.1"])
        asked: list[str] = []

        def look_up(host: str, port: int, **more: Any) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        next(answers)
        with pytest.raises(outbound.Refused):
            outbound.get("https://vaihtuva.example/")
        assert asked == ["vaihtuva.example"]

    def test_s03_redirects_are_not_followed_and_answers_have_an_end(
        self, liar: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        allowed = [urlsplit(liar).netloc]
        with pytest.raises(requests.TooManyRedirects):
            outbound.get(f"{liar}/redirect", allowed)
        assert outbound.get(f"{liar}/keys", allowed).status_code == 200
        with pytest.raises(outbound.Refused):
            outbound.get(f"{liar}/long", allowed)
        monkeypatch.setattr(outbound, "TIMEOUT_SECONDS", 0.3)
        with pytest.raises(requests.RequestException):
            outbound.get(f"{liar}/slow", allowed)


def test_h18_without_providers_nothing_is_shown(app: Flask, browser: Browser) -> None:
    assert "/kirjaudu/organisaatio/" not in browser.get("/kirjaudu").text
    assert browser.get("/kirjaudu/organisaatio/kunta").status_code == 404
