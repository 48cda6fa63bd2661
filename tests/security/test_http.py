"""What the edge of the service answers to odd requests. Names begin with the id of the case."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tori.search import indexing


@pytest.fixture(autouse=True)
def index(app: Flask, session: Session) -> None:
    """The interface tells with 503 that there is no index, and here is nothing to be missed."""
    indexing.rebuild(session, app.extensions["tori.search"]())
    session.rollback()


PAGES = [
    "/", "/teot", "/teot?q=kävely", "/organisaatiot", "/teemat", "/kampanjat", "/toplistat", "/jutut", "/toiveet",
    "/tilastot", "/kartta", "/kirjaudu", "/rekisteroidy", "/unohtunut-salasana", "/uutiskirje", "/palaute", "/ohje",
    "/saavutettavuus", "/tietosuoja", "/kayttoehdot", "/avoin-data", "/vertaa", "/mallinottajat", "/ei-ole",
]  # fmt: skip
MACHINES = ["/teot.atom", "/teot.csv", "/sitemap.xml", "/robots.txt", "/haku.xml", "/.well-known/security.txt",
            "/api/openapi.json", "/api/v1/deeds", "/api/v1/ei-ole", "/healthz", "/kartta.svg"]  # fmt: skip
NEVER_5XX = {200, 301, 302, 303, 400, 401, 403, 404, 405, 409, 410, 413, 414, 415, 422, 429, 501}


def policy_of(header: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in header.split(";") if part.strip()}


@pytest.mark.parametrize("path", ["/", "/teot", "/kirjaudu", "/ei-ole", "/palaute"])
def test_h01_the_policy_of_contents_is_strict(client: FlaskClient, path: str) -> None:
    policy = policy_of(client.get(path).headers["Content-Security-Policy"])
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["form-action"] == ["'self'"]
    for name in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        assert policy[name] == ["'none'"], name


def test_h02_i99_every_answer_has_its_headers_and_none_is_an_error_of_ours(
    make: Factory, browser: Browser, client: FlaskClient
) -> None:
    deed = make.deed()
    browser.sign_in(make.user())
    paths = [*PAGES, *MACHINES, f"/teot/{deed.id}-{deed.slug}", "/oma", "/oma/tiedot", "/oma/istunnot", "/hallinta"]
    for reader in (client, browser.client):
        for path in paths:
            answer = reader.get(path)
            assert answer.status_code in NEVER_5XX, path
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert "Content-Security-Policy" in answer.headers, path
            assert "Traceback" not in answer.text, path


def test_h03_little_is_told_to_other_sites(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    for path in ("/uusi-salasana/x", "/uutiskirje/peru/x", "/rekisteroidy/vahvista/x", "/uutiskirje/asetukset/x"):
        assert client.get(path).headers["Referrer-Policy"] in ("no-referrer", "same-origin"), path


def test_h04_browsers_stay_on_https(client: FlaskClient, make_app: MakeApp) -> None:
    behind = make_app(proxy_hops=1).test_client()
    header = behind.get("/ohje", headers={"X-Forwarded-Proto": "https"}).headers["Strict-Transport-Security"]
    assert header == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in client.get("/ohje").headers


@pytest.mark.parametrize(
    ("method", "path"), [("TRACE", "/"), ("DEBUG", "/"), ("DELETE", "/teot"), ("PUT", "/oma"), ("PATCH", "/hallinta")]
)
def test_h05_h13_methods_that_are_not_there_are_refused(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code in (403, 405, 501)
    assert "<html" in answer.text
    assert not re.search(r"\d", answer.headers.get("Server", "")), "no version is told"


@pytest.mark.parametrize("path", ["/oma/x.css", "/oma%2Fx.js", "/oma;x.css", "/oma/tiedot.css", "/oma/.png"])
def test_h09_no_other_address_shows_a_personal_page(browser: Browser, make: Factory, path: str) -> None:
    browser.sign_in(make.user())
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "public" not in answer.headers["Cache-Control"]


def test_h10_a_foreign_host_is_refused(client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/", "/teot.atom", "/sitemap.xml", "/teot/1", "/api/v1/deeds", "/kirjaudu", "/oma"])
def test_h10_no_header_puts_another_host_into_a_page(client: FlaskClient, make: Factory, path: str) -> None:
    make.deed()
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;proto=https",
               "X-Forwarded-Prefix": "/evil.example", "X-Host": "evil.example",
               "Referer": "https://evil.example/"}  # fmt: skip
    answer = client.get(path, headers=headers)
    assert "evil.example" not in answer.text + str(answer.headers)


def test_h11_no_header_and_no_field_turns_a_request_into_another(client: FlaskClient, make: Factory) -> None:
    make.deed()
    for headers in (
        {"X-Original-URL": "/hallinta"},
        {"X-Rewrite-URL": "/hallinta"},
        {"X-HTTP-Method-Override": "DELETE"},
    ):
        assert client.get("/teot/1", headers=headers).status_code == 301
    assert client.get("/teot?_method=DELETE").status_code == 200
    assert client.get("/teot/1").status_code == 301


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/console", "/tori.sqlite3", "/instance/tori.sqlite3", "/metrics", "/static/",
     "/secret_key", "/server-status", "/debug", "/wsgi.py", "/requirements.txt", "/static/../tori/config.py"],
)  # fmt: skip
def test_h14_nothing_of_the_machine_is_shown(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_h16_other_sites_read_only_what_is_public(
    client: FlaskClient, browser: Browser, make: Factory, origin: str
) -> None:
    browser.sign_in(make.user())
    for reader in (client, browser.client):
        api = reader.get("/api/v1/deeds", headers={"Origin": origin}).headers
        assert api.get("Access-Control-Allow-Origin", "*") == "*"
        assert "Access-Control-Allow-Credentials" not in api
        for path in ("/oma", "/teot", "/oma/vienti"):
            assert "Access-Control-Allow-Origin" not in reader.get(path, headers={"Origin": origin}).headers


def test_h17_pages_stand_in_a_window_of_their_own(client: FlaskClient) -> None:
    assert client.get("/").headers["Cross-Origin-Opener-Policy"] == "same-origin"


class Reader(HTMLParser):
    """Notes what a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.faults += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style"]
        if tag == "script" and "src" not in values and values.get("type", "") not in (
            "application/ld+json", "application/json", "text/plain"
        ):  # fmt: skip
            self.faults.append("inline script")
        if tag in ("script", "img", "iframe", "source", "video", "audio", "embed", "object"):
            self.fetched.append(values.get("src") or values.get("data") or "")
        if tag == "link" and values.get("rel") in ("stylesheet", "preload", "icon", "manifest", "modulepreload"):
            self.fetched.append(values.get("href", ""))


def test_h18_pages_fetch_nothing_from_elsewhere_and_run_nothing_inline(
    client: FlaskClient, browser: Browser, make: Factory
) -> None:
    deed = make.deed(need="![kuva](https://evil.example/x.png) [linkki](https://evil.example)")
    browser.sign_in(make.user(organisation=make.organisation("Nokian kaupunki")))
    own = ["/oma", "/oma/tiedot", "/teot/uusi", "/oma/seurannat", "/oma/ilmoitukset"]
    for source, paths in ((client, [*PAGES, f"/teot/{deed.id}-{deed.slug}"]), (browser.client, own)):
        for path in paths:
            reader = Reader()
            reader.feed(source.get(path).text)
            assert reader.faults == [], path
            assert [url for url in reader.fetched if urlsplit(url).netloc] == [], path


# Odd input


SQL = ["'", "1' OR '1'='1", "1 UNION SELECT password_hash FROM user", '";--', "1) OR 1=1", "%' OR 1=1 --"]


@pytest.mark.parametrize("text", SQL)
def test_i01_pieces_of_sql_are_only_text(client: FlaskClient, text: str) -> None:
    for path in ("/teot", "/api/v1/deeds", "/organisaatiot", "/teemat", "/toiveet", "/teot.csv", "/mallinottajat"):
        for name in ("q", "jarjestys", "sivu", "per_page", "toimiala", "sort", "page", "organisaatio"):
            answer = client.get(path, query_string={name: text})
            assert answer.status_code in (200, 400, 404), (path, name)
            assert not re.search(r"sqlite|psycopg|syntax error|sqlalchemy", answer.text, re.IGNORECASE)
    assert client.get(f"/teot/{text}").status_code == 404


@pytest.mark.parametrize("path", ["/%0d%0aX-Evil: 1", "/teot/1%0d%0aX-Evil:%201", "/sv%0d%0aX-Evil: 1/teot"])
def test_i03_a_line_break_in_an_address_makes_no_header(client: FlaskClient, make: Factory, path: str) -> None:
    make.deed()
    assert "X-Evil" not in client.get(path).headers
    assert "X-Evil" not in client.get("/oma?x=%0d%0aX-Evil:1").headers


@pytest.mark.parametrize(
    "path",
    ["/%00", "/teot/%00", "/teot?q=%00", "/teot?q=%ff%fe", "/%ff", "/teot?sivu=%00", "/organisaatiot/%00",
     "/teot/1-%ff", "/teot?q=" + "a" * 100_000, "/" + "a" * 100_000, "/api/v1/deeds?q=%ff", "/toimialat/%F0%9F%98%80"],
)  # fmt: skip
def test_i04_bytes_that_are_no_text_are_no_error_of_ours(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (200, 400, 404, 414)


def test_i04_a_broken_multipart_form_is_no_error_of_ours(browser: Browser) -> None:
    for body in (b"", b"--x", b'--x\r\nContent-Disposition: form-data; name="a\r\n\r\n', b"\xff" * 2_000):
        answer = browser.client.post("/kirjaudu", data=body, content_type="multipart/form-data; boundary=x")
        assert 400 <= answer.status_code < 500
    assert 400 <= browser.client.post("/kirjaudu", data=b"x", content_type="multipart/form-data").status_code < 500


@pytest.mark.parametrize(
    "body",
    [b"email=" + b"a" * 2_000_000, b"&".join(b"f%d=1" % number for number in range(20_000)), b"a" * 1_500_000],
    ids=["a long field", "many fields", "no field"],
)
def test_i07_large_forms_are_refused(browser: Browser, body: bytes) -> None:
    answer = browser.client.post("/kirjaudu", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 413, 422)


def test_i07_a_form_of_very_many_parts_is_refused(browser: Browser) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    answer = browser.client.post(
        "/kirjaudu", data=part * 1_500 + b"--x--\r\n", content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413


def test_i10_an_endless_address_or_password_is_cut_before_it_is_looked_at(browser: Browser) -> None:
    token = browser.token()
    for form in (
        {"email": "a" * 50_000 + "@example.org", "password": "x"},
        {"email": "a@b.fi", "password": "x" * 900_000},
    ):
        answer = browser.client.post("/kirjaudu", data={"csrf_token": token, **form})
        assert answer.status_code in (413, 422)


def test_i14_odd_headers_are_no_error_of_ours(client: FlaskClient) -> None:
    ranges = "bytes=" + ",".join(f"{number}-{number}" for number in range(2_000))
    for headers in (
        {"Cookie": "session=" + "a" * 20_000}, {"Range": ranges}, {"If-Modified-Since": "eilen"},
        {"If-None-Match": '"' * 500}, {"Accept-Language": "x" * 5_000}, {"Accept": ";;;q=9"}, {"Content-Length": "x"},
        {"Authorization": "Bearer \x01"}, {"Authorization": "Basic !!!"}, {"Accept-Encoding": "\x7f"},
    ):  # fmt: skip
        for path in ("/", "/teot", "/api/v1/deeds", "/static/icons.svg"):
            with client.get(path, headers=headers) as answer:
                assert answer.status_code in (200, 206, 400, 401, 413, 416), (headers, path)


@pytest.mark.parametrize("name", ["q", "per_page", "page", "callback", "next", "ei-ole"])
def test_x04_what_an_address_says_is_shown_as_text(client: FlaskClient, name: str) -> None:
    attack = "\"'><script>alert(1)</script>{{7*7}}"
    for path in ("/teot", "/kirjaudu", "/api/v1/deeds", "/organisaatiot", "/toiveet"):
        answer = client.get(path, query_string={name: attack})
        if answer.mimetype == "text/html":
            assert "<script>alert" not in answer.text, path
        else:
            assert answer.mimetype in ("application/json", "application/problem+json")
            assert not answer.text.startswith(attack[:2])
    assert "<script>alert" not in client.get(f"/{attack}").text


def test_g04_the_pages_of_duty_are_there_and_linked(client: FlaskClient) -> None:
    front = client.get("/").text
    for path in ("/saavutettavuus", "/tietosuoja"):
        assert client.get(path).status_code == 200
        assert f'href="{path}"' in front
    for path in ("/.well-known/security.txt", "/healthz"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "secret" not in answer.text.lower()


def test_i05_a_line_of_the_log_is_one_line(app: Flask) -> None:
    import json
    import logging

    from tori.edge.logs import JsonLines

    record = logging.LogRecord("tori", logging.INFO, "x", 1, "nimi %s", ("Kaisa\r\n\x1b[31mroot\u2028x",), None)
    text = JsonLines().format(record)
    assert not re.search("[\r\n\x1b\u2028]", text)
    assert json.loads(text)["message"].startswith("nimi Kaisa")
