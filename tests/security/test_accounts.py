"""What must hold when somebody attacks accounts. Names begin with the id of the case."""

import re
import statistics
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import GOOD_PASSWORD, link_in, mails, sign_up_form
from tests.conftest import PASSWORD, Browser, MakeApp
from tests.factories import Factory
from tori.core import clock
from tori.edge.redirects import safe_next
from tori.edge.sessions import hash_token
from tori.models.deeds import Comment, Deed
from tori.models.people import AccountToken, BrowserSession, User

HOSTILE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "/%09/evil.example", "/%2f/evil.example",
    "/%5cevil.example", "http://evil.example", "https:evil.example", "http:evil.example", "http:///evil.example",
    "javascript:alert(1)", "data:text/html,x", " //evil.example", "/ /evil.example", "evil.example", "@evil.example",
    "https://127.0.0.1@evil.example", "/\u2028/evil.example", "/\u200b/evil.example", "//[evil", "/a//evil.example",
    "/.//evil.example", "/\uff0f/evil.example", "?next=//evil", "", "/" + "a" * 3000,
]  # fmt: skip


def cookie_of(browser: Browser) -> str | None:
    cookie = browser.client.get_cookie("session", domain="localhost")
    return cookie.value if cookie else None


@pytest.fixture
def other(app: Flask) -> Browser:
    """A second browser."""
    return Browser(app)


def try_to_sign_in(browser: Browser, email: str, password: str = "väärä salasana tämä") -> int:
    return int(browser.post("/kirjaudu", {"email": email, "password": password}).status_code)


def without_token(text: str) -> str:
    return re.sub(r'value="[^"]*"', "", text)


# Signing in


def test_a01_a_wrong_password_and_an_unknown_address_give_the_same_page(browser: Browser, make: Factory) -> None:
    user = make.user()
    wrong = browser.post("/kirjaudu", {"email": user.email, "password": "väärä salasana tämä"})
    unknown = browser.post("/kirjaudu", {"email": "ei@example.org", "password": "väärä salasana tämä"})
    assert wrong.status_code == unknown.status_code == 422
    assert without_token(wrong.text) == without_token(unknown.text)


def test_a02_a_wrong_password_and_an_unknown_address_take_the_same_time(browser: Browser, make: Factory) -> None:
    user = make.user()
    token = browser.token()
    times: dict[str, list[float]] = {user.email: [], "ei@example.org": []}
    for _ in range(7):
        for email, spent in times.items():
            start = time.perf_counter()
            browser.client.post("/kirjaudu", data={"csrf_token": token, "email": email, "password": "väärä"})
            spent.append(time.perf_counter() - start)
    known, unknown = (statistics.median(spent) for spent in times.values())
    assert abs(known - unknown) < max(0.03, max(known, unknown) / 2)


@pytest.mark.parametrize("state", ["unconfirmed", "disabled"])
def test_an_account_that_is_not_in_use_answers_as_a_wrong_password(browser: Browser, make: Factory, state: str) -> None:
    values = {"unconfirmed": {"confirmed_at": None}, "disabled": {"disabled_at": clock.now()}}[state]
    assert try_to_sign_in(browser, make.user(**values).email, PASSWORD) == 422


def test_a05_signing_in_gives_a_new_cookie_and_the_old_one_is_nobodys(
    app: Flask, browser: Browser, other: Browser, make: Factory
) -> None:
    browser.token()
    before = cookie_of(browser)
    browser.sign_in(make.user())
    assert before
    assert cookie_of(browser) != before
    other.client.set_cookie("session", before, domain="localhost")
    assert other.get("/oma").status_code == 302


def test_a05_a_cookie_that_somebody_made_up_is_not_taken_into_use(browser: Browser, make: Factory) -> None:
    made_up = "a" * 43
    browser.client.set_cookie("session", made_up, domain="localhost")
    browser.sign_in(make.user())
    assert cookie_of(browser) != made_up


def test_a06_a_copied_cookie_is_anonymous_after_signing_out(browser: Browser, other: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    copied = cookie_of(browser)
    assert copied
    assert browser.post("/kirjaudu/ulos").status_code == 303
    other.client.set_cookie("session", copied, domain="localhost")
    assert other.get("/oma").status_code == 302
    assert browser.get("/oma").status_code == 302


def test_a07_reading_the_address_of_signing_out_does_not_sign_out(browser: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    assert browser.get("/kirjaudu/ulos").status_code == 405
    assert browser.get("/oma").status_code == 200


@pytest.mark.parametrize(
    "cookie", ["x", "a" * 42, "a" * 44, "..", "../../etc/passwd", "ä" * 43, "a" * 3000, '"', "%00"]
)
def test_a08_a_broken_cookie_is_anonymous(browser: Browser, cookie: str) -> None:
    assert browser.get("/oma", headers={"Cookie": f"session={cookie}".encode().decode("latin-1")}).status_code == 302


@pytest.mark.parametrize("address", HOSTILE)
def test_a09_no_address_leads_off_the_site_after_signing_in(browser: Browser, make: Factory, address: str) -> None:
    assert safe_next(address) is None
    form = {"email": make.user().email, "password": PASSWORD, "next": address}
    answer = browser.post("/kirjaudu", form)
    assert (answer.status_code, answer.location) == (303, "/oma")


@pytest.mark.parametrize("address", ["/teot", "/sv/teot?q=hyv%C3%A4&sivu=2", "/teot/12-kävely", "/teot?q=a//b"])
def test_a09b_a_good_address_is_honoured(browser: Browser, make: Factory, address: str) -> None:
    assert safe_next(address) == address
    answer = browser.post("/kirjaudu", {"email": make.user().email, "password": PASSWORD, "next": address})
    assert answer.status_code == 303
    assert answer.location.startswith(address[:5])


def test_the_way_back_stays_in_the_form_of_signing_in(browser: Browser) -> None:
    page = browser.get("/kirjaudu?next=/teot/uusi").text
    assert 'name="next" value="/teot/uusi"' in page
    assert 'name="next"' not in browser.get("/kirjaudu?next=//evil.example").text


def test_after_signing_in_the_page_goes_on_in_the_persons_language(browser: Browser, make: Factory) -> None:
    answer = browser.post("/kirjaudu", {"email": make.user(locale="sv").email, "password": PASSWORD})
    assert answer.location == "/sv/oma"


@pytest.mark.parametrize("typed", [PASSWORD.upper(), PASSWORD[:-1], PASSWORD + " ", " " + PASSWORD, PASSWORD + "\0"])
def test_a10_a_password_is_compared_exactly_as_typed(browser: Browser, make: Factory, typed: str) -> None:
    assert try_to_sign_in(browser, make.user().email, typed) == 422


def test_an_address_is_the_same_in_capitals_and_with_spaces_around(browser: Browser, make: Factory) -> None:
    make.user("jasen@example.org")
    assert try_to_sign_in(browser, " Jasen@Example.ORG ", PASSWORD) == 303


# Registering and resetting


def test_a04_a_known_and_a_free_address_register_alike_and_the_owner_gets_a_mail(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    known = browser.post("/rekisteroidy", sign_up_form(email=user.email))
    free = browser.post("/rekisteroidy", sign_up_form())
    assert (known.status_code, known.location, known.data) == (free.status_code, free.location, free.data)
    assert [(mail.event, mail.recipient) for mail in mails(session)] == [
        ("address_taken", user.email),
        ("confirm_address", "uusi@example.org"),
    ]
    session.refresh(user)
    assert user.display_name != "Uusi"


def test_a03_a_known_and_a_free_address_ask_for_a_reset_alike(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    known = browser.post("/unohtunut-salasana", {"email": user.email})
    free = browser.post("/unohtunut-salasana", {"email": "ei@example.org"})
    assert (known.status_code, known.location, known.data) == (free.status_code, free.location, free.data)
    assert [(mail.event, mail.recipient) for mail in mails(session)] == [("reset_password", user.email)]


@pytest.mark.parametrize(
    ("password", "status"), [("salasana123", 422), ("Tekojentori2026", 422), ("sana ja lause " * 9, 303)]
)
def test_a11_easy_passwords_are_refused_and_long_phrases_accepted(browser: Browser, password: str, status: int) -> None:
    assert browser.post("/rekisteroidy", sign_up_form(password=password.strip())).status_code == status


def test_a12_a_reset_link_works_once_ends_all_sessions_and_a_mail_tells_of_it(
    browser: Browser, other: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    other.sign_in(user)
    browser.post("/unohtunut-salasana", {"email": user.email})
    path = link_in(mails(session)[0])
    assert browser.get(path).headers["Referrer-Policy"] == "no-referrer"
    answer = browser.post(path, {"password": GOOD_PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/kirjaudu")
    assert browser.get("/oma").status_code == 302, "the link signs nobody in"
    assert other.get("/oma").status_code == 302, "other sessions have ended"
    assert mails(session)[-1].event == "password_changed"
    assert browser.post(path, {"password": "toinen hyvä lause tähän"}).status_code == 400
    assert try_to_sign_in(browser, user.email, PASSWORD) == 422
    assert try_to_sign_in(browser, user.email, GOOD_PASSWORD) == 303


def test_a12_a_reset_link_is_old_after_an_hour(browser: Browser, make: Factory, session: Session) -> None:
    browser.post("/unohtunut-salasana", {"email": make.user().email})
    path = link_in(mails(session)[0])
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert browser.get(path).status_code == 400


def test_a12_a_reset_link_is_old_after_a_new_link_and_after_a_change_of_password(
    browser: Browser, other: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    for _ in range(2):
        browser.post("/unohtunut-salasana", {"email": user.email})
    first, second = (link_in(mail) for mail in mails(session))
    assert browser.get(first).status_code == 400
    assert browser.get(second).status_code == 200
    other.sign_in(user)
    other.post("/oma/salasana", {"current": PASSWORD, "password": GOOD_PASSWORD})
    assert browser.get(second).status_code == 400


def test_a12_a_link_of_another_kind_resets_nothing(browser: Browser, make: Factory, session: Session) -> None:
    browser.post("/rekisteroidy", sign_up_form())
    token = link_in(mails(session)[0]).rpartition("/")[2]
    assert browser.get(f"/uusi-salasana/{token}").status_code == 400


def test_a12_only_the_hash_of_a_link_is_kept(browser: Browser, make: Factory, session: Session) -> None:
    browser.post("/unohtunut-salasana", {"email": make.user().email})
    token = link_in(mails(session)[0]).rpartition("/")[2]
    assert session.scalars(select(AccountToken.hash)).all() == [hash_token(token)]


def test_a12_an_easy_new_password_keeps_the_link(browser: Browser, make: Factory, session: Session) -> None:
    browser.post("/unohtunut-salasana", {"email": make.user("kuntakehittaja@example.org").email})
    path = link_in(mails(session)[0])
    for easy in ("salasana2026!", "kuntakehittaja1"):
        assert browser.post(path, {"password": easy}).status_code == 422
    assert browser.post(path, {"password": GOOD_PASSWORD}).status_code == 303


def test_a15_a_reset_link_begins_with_the_public_address_whatever_the_headers_say(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Prefix": "/evil"}
    browser.post("/unohtunut-salasana", {"email": user.email}, headers=headers)
    [mail] = mails(session)
    assert "evil" not in mail.body_text + mail.body_html
    assert "http://127.0.0.1:8000/uusi-salasana/" in mail.body_text


@pytest.mark.parametrize(
    "typed",
    [["jasen@example.org", "evil@example.org"], "jasen@example.org,evil@example.org",
     "jasen@example.org evil@example.org", "jasen@example.org\nBcc: evil@example.org",
     "jasen@example.org%0aBcc:evil@example.org", '["jasen@example.org"]'],
)  # fmt: skip
def test_a16_a_reset_goes_to_the_stored_address_only(
    browser: Browser, make: Factory, session: Session, typed: object
) -> None:
    make.user("jasen@example.org")
    browser.post("/unohtunut-salasana", {"email": typed})
    assert {mail.recipient for mail in mails(session)} <= {"jasen@example.org"}
    assert "evil" not in "".join(mail.body_text for mail in mails(session))


def test_a16_a_reset_is_not_taken_as_json(browser: Browser, make: Factory, session: Session) -> None:
    body = {"email": [make.user().email, "evil@example.org"]}
    answer = browser.client.post("/unohtunut-salasana", json=body, headers={"X-CSRFToken": browser.token()})
    assert answer.status_code == 415
    assert mails(session) == []


@pytest.mark.parametrize("name", ["Kaisa\r\nBcc: x@example.org", "Kaisa\nBcc: x", "Kaisa\u2028Bcc: x"])
def test_a17_a_line_break_in_a_name_is_refused(browser: Browser, session: Session, name: str) -> None:
    assert browser.post("/rekisteroidy", sign_up_form(name=name)).status_code == 422
    assert mails(session) == []


def test_x02_a_name_with_marks_is_shown_and_mailed_as_it_was_typed(browser: Browser, session: Session) -> None:
    browser.post("/rekisteroidy", sign_up_form(name="<b>Aino</b> {{7*7}}"))
    [mail] = mails(session)
    assert "<b>Aino</b> {{7*7}}" in mail.body_text
    assert "&lt;b&gt;Aino&lt;/b&gt; {{7*7}}" in mail.body_html
    assert "&lt;b&gt;Aino&lt;/b&gt;" in browser.get(link_in(mail)).text


@pytest.mark.parametrize("path", ["/rekisteroidy", "/oma/tiedot"])
def test_z08_fields_that_a_form_does_not_ask_for_are_ignored(
    browser: Browser, make: Factory, session: Session, path: str
) -> None:
    own, foreign = make.organisation("Oma kunta"), make.organisation("Vieras kunta")
    extra = {"role": "admin", "rooli": "admin", "is_steward": "1", "organisaatio_id": foreign.id, "id": "1",
             "organisation_id": foreign.id, "user_id": "1", "password_hash": "x", "email": "uusi@example.org",
             }  # fmt: skip
    if path == "/rekisteroidy":
        browser.post(path, {**extra, **sign_up_form(organisation="oma-kunta")})
        browser.post(link_in(mails(session)[0]))
    else:
        browser.sign_in(make.user("uusi@example.org", organisation=own))
        form = {
            "name": "Kehittäjä",
            "job_title": "",
            "unit": "",
            "organisation": "oma-kunta",
            "locale": "fi",
            "theme": "",
        }
        assert browser.post(path, {**extra, **form}).status_code == 303
    session.rollback()
    user = session.scalars(select(User)).one()
    session.refresh(user)
    assert (user.role, user.email) == ("member", "uusi@example.org")
    assert [(row.organisation_id, row.is_steward) for row in user.memberships] == [(own.id, False)]


# Sessions and passwords


def test_a20_a_disabled_person_is_out_at_the_next_request(browser: Browser, make: Factory, session: Session) -> None:
    user = make.user()
    browser.sign_in(user)
    user.disabled_at = clock.now()
    session.commit()
    assert browser.get("/oma").status_code == 302


def test_a20_changing_the_password_ends_the_other_sessions_and_keeps_this_one(
    browser: Browser, other: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    browser.sign_in(user)
    other.sign_in(user)
    before = cookie_of(browser)
    answer = browser.post("/oma/salasana", {"current": PASSWORD, "password": GOOD_PASSWORD})
    assert answer.status_code == 303
    assert browser.get("/oma").status_code == 200
    assert cookie_of(browser) != before
    assert other.get("/oma").status_code == 302
    assert [mail.event for mail in mails(session)] == ["password_changed"]


def test_a20_a_person_signs_out_everywhere_else(browser: Browser, other: Browser, make: Factory) -> None:
    user = make.user()
    browser.sign_in(user)
    other.sign_in(user)
    assert browser.post("/oma/istunnot").status_code == 303
    assert browser.get("/oma").status_code == 200
    assert other.get("/oma").status_code == 302


def test_a22_a_session_ends_when_idle_and_after_its_longest_time(browser: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    start = clock.now()
    for minutes in range(50, 12 * 60, 50):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert browser.get("/oma").status_code == 200
    with clock.frozen(start + timedelta(hours=12, minutes=1)):
        assert browser.get("/oma").status_code == 302


@pytest.mark.parametrize("current", ["", "väärä salasana tämä", PASSWORD + " "])
def test_a23_the_password_is_not_changed_without_the_current_one(
    browser: Browser, other: Browser, make: Factory, current: str
) -> None:
    user = make.user()
    browser.sign_in(user)
    assert browser.post("/oma/salasana", {"current": current, "password": GOOD_PASSWORD}).status_code == 422
    assert try_to_sign_in(other, user.email, PASSWORD) == 303


def test_a23_guesses_of_the_current_password_are_limited(browser: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    form = {"current": "väärä salasana tämä", "password": GOOD_PASSWORD}
    statuses = [browser.post("/oma/salasana", form).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


# Forms from elsewhere


PUBLIC_FORMS = ["/kirjaudu", "/rekisteroidy", "/unohtunut-salasana"]
OWN_FORMS = ["/oma/tiedot", "/oma/salasana", "/oma/sahkoposti", "/oma/istunnot", "/oma/luettu", "/kirjaudu/ulos"]


@pytest.mark.parametrize("path", PUBLIC_FORMS + OWN_FORMS)
@pytest.mark.parametrize("kind", ["none", "empty", "wrong", "another's"])
def test_c01_a_form_without_a_good_token_does_nothing(
    browser: Browser, other: Browser, make: Factory, session: Session, path: str, kind: str
) -> None:
    user = make.user()
    browser.sign_in(user)
    token = {"none": None, "empty": "", "wrong": "x" * 40, "another's": other.token()}[kind]
    form = {"name": "Vieras", "email": "uusi@example.org", "current": PASSWORD, "password": GOOD_PASSWORD}
    answer = browser.client.post(path, data={**form, **({} if token is None else {"csrf_token": token})})
    if path in ("/kirjaudu", "/rekisteroidy"):
        assert answer.status_code in (303, 400)
    else:
        assert answer.status_code == 400
    session.rollback()
    session.refresh(user)
    assert user.display_name == "Kehittäjä"
    assert mails(session) == []
    assert browser.get("/oma").status_code == 200


@pytest.mark.parametrize("path", PUBLIC_FORMS)
def test_c02_forms_of_visitors_need_a_token_too(browser: Browser, make: Factory, session: Session, path: str) -> None:
    form = {**sign_up_form(), "email": make.user().email, "password": PASSWORD}
    answer = browser.client.post(path, data=form)
    assert answer.status_code == 400
    assert mails(session) == []
    assert browser.get("/oma").status_code == 302


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}],
)  # fmt: skip
def test_c03_a_form_of_another_site_is_refused_with_a_good_token_too(
    browser: Browser, make: Factory, headers: dict[str, str]
) -> None:
    form = {"email": make.user().email, "password": PASSWORD}
    assert browser.post("/kirjaudu", form, headers=headers).status_code == 403


def test_c03_a_page_without_referrer_may_send_its_own_form(browser: Browser, make: Factory) -> None:
    form = {"email": make.user().email, "password": PASSWORD}
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert browser.post("/kirjaudu", form, headers=headers).status_code == 303


def test_c04_reading_changes_nothing(browser: Browser, make: Factory, session: Session) -> None:
    user = make.user()
    browser.sign_in(user)
    for path in OWN_FORMS:
        for method in ("GET", "HEAD"):
            browser.client.open(f"{path}?name=Vieras&current={PASSWORD}&password={GOOD_PASSWORD}", method=method)
    session.rollback()
    session.refresh(user)
    assert user.display_name == "Kehittäjä"
    assert browser.get("/oma").status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
def test_c05_a_form_of_another_kind_is_refused(browser: Browser, make: Factory, kind: str) -> None:
    browser.sign_in(make.user())
    body = '{"csrf_token": "' + browser.token() + '", "name": "Vieras"}'
    assert browser.client.post("/oma/tiedot", data=body, content_type=kind).status_code == 400


# Too many


def test_r01_guessing_is_stopped_whatever_the_headers_and_capitals_and_the_owner_still_gets_in(
    browser: Browser, other: Browser, make: Factory
) -> None:
    make.user("jasen@example.org")
    browser.post("/kirjaudu", {"email": "jasen@example.org", "password": PASSWORD})
    browser.post("/kirjaudu/ulos")
    token = other.token()
    answers = [
        other.client.post(
            "/kirjaudu",
            data={"csrf_token": token, "email": ("Jasen", "JASEN")[number % 2] + "@example.org", "password": "väärä"},
            headers={"X-Forwarded-For": f"198.51.100.{number}"},
        )
        for number in range(21)
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [422] * 10 + [429] * 11
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    right = {"csrf_token": token, "email": "jasen@example.org", "password": PASSWORD}
    assert other.client.post("/kirjaudu", data=right).status_code == 429
    assert try_to_sign_in(browser, "jasen@example.org", PASSWORD) == 303


def test_r01_guesses_from_many_addresses_stop_for_strangers_but_not_where_the_owner_has_been(
    browser: Browser, other: Browser, make: Factory
) -> None:
    user = make.user()
    browser.sign_in(user)
    token = other.token()
    form = {"csrf_token": token, "email": user.email, "password": "väärä"}

    def guess_from(address: str, **values: str) -> int:
        answer = other.client.post("/kirjaudu", data={**form, **values}, environ_base={"REMOTE_ADDR": address})
        return int(answer.status_code)

    # The windows are quarters of an hour: a run over the edge of one would begin to count anew.
    with clock.frozen(clock.now().replace(minute=1)):
        statuses = [guess_from(f"198.51.100.{number}") for number in range(40)]
        assert statuses == [422] * 30 + [429] * 10
        assert guess_from("198.51.100.200", password=PASSWORD) == 429
        assert guess_from("127.0.0.1", password=PASSWORD) == 303


def test_r02_one_password_for_many_accounts_is_stopped(browser: Browser, make: Factory) -> None:
    token = browser.token()
    statuses = [
        browser.client.post(
            "/kirjaudu", data={"csrf_token": token, "email": f"a{number}@example.org", "password": "kesä"}
        ).status_code
        for number in range(60)
    ]
    assert statuses == [422] * 40 + [429] * 20


def test_right_sign_ins_are_not_counted(app: Flask, make: Factory) -> None:
    user = make.user()
    for _ in range(12):
        Browser(app).sign_in(user)


def test_r03_resets_for_one_person_stop_silently_and_from_one_address_aloud(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    statuses = [browser.post("/unohtunut-salasana", {"email": user.email}).status_code for _ in range(21)]
    assert statuses == [303] * 10 + [429] * 11
    assert len(mails(session)) == 3


# Headers


def test_h06_over_https_there_is_one_strict_cookie(make: Factory, make_app: MakeApp) -> None:
    user = make.user()
    secure = make_app(base_url="https://tori.example.org", proxy_hops=1)
    client = secure.test_client()
    where = {"base_url": "https://tori.example.org", "headers": {"X-Forwarded-Proto": "https"}}
    page = client.get("/kirjaudu", **where)  # type: ignore[arg-type]
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    form = {"csrf_token": found[1], "email": user.email, "password": PASSWORD}
    answer = client.post("/kirjaudu", data=form, **where)  # type: ignore[arg-type]
    assert answer.status_code == 303
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()


@pytest.mark.parametrize("path", ["/", "/teot", "/rekisteroidy/lahetetty", "/unohtunut-salasana/lahetetty"])
def test_h07_pages_for_all_set_no_cookie_and_carry_no_token(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "csrf_token" not in answer.text


@pytest.mark.parametrize("path", ["/", "/teot", "/oma", "/oma/tiedot", "/oma/vienti"])
def test_h08_pages_of_somebody_signed_in_are_not_kept_by_caches(browser: Browser, make: Factory, path: str) -> None:
    browser.sign_in(make.user())
    answer = browser.get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer.headers["Vary"]


# Nothing typed is lost


def kept_notice(page: str, kind: str) -> str:
    """What the page says of a text that came back: no error to correct, but it has the focus."""
    assert "error-summary" not in page
    [notice] = re.findall(r'<div class="kept-notice"[^>]* tabindex="-1" data-focus>(.*?)</div></div></div>', page, re.S)
    assert f"notice-{kind}" in notice
    return str(notice)


def test_f28_a_late_form_of_somebody_still_signed_in_comes_back_with_its_text(browser: Browser, make: Factory) -> None:
    browser.sign_in(make.user())
    form = {
        "csrf_token": "vanha",
        "name": "Uusi nimi",
        "job_title": "Puutarhuri",
        "unit": "",
        "locale": "sv",
        "theme": "",
    }
    answer = browser.client.post("/oma/tiedot", data=form)
    assert answer.status_code == 400
    assert 'value="Puutarhuri"' in answer.text
    assert "auki liian kauan" in kept_notice(answer.text, "warning")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_f28_a_form_sent_after_the_session_has_ended_comes_back_after_signing_in(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    browser.sign_in(user)
    token = browser.token()
    session.rollback()
    session.execute(BrowserSession.__table__.delete())  # type: ignore[attr-defined]
    session.commit()
    form = {
        "csrf_token": token,
        "name": "Uusi nimi",
        "job_title": "Puutarhuri",
        "unit": "",
        "locale": "fi",
        "theme": "",
    }
    answer = browser.client.post("/oma/tiedot", data=form)
    assert answer.status_code == 400
    assert 'href="/kirjaudu?next=/oma/tiedot"' in answer.text
    answer = browser.post("/kirjaudu", {"email": user.email, "password": PASSWORD, "next": "/oma/tiedot"})
    assert answer.location == "/oma/tiedot"
    for _ in range(2):
        page = browser.get("/oma/tiedot").text
        assert 'value="Puutarhuri"' in page
        assert "ennen kirjautumista" in kept_notice(page, "info")
    assert browser.post("/oma/tiedot", {**form, "csrf_token": browser.token()}).status_code == 303
    assert "kept-notice" not in browser.get("/oma/tiedot").text


def test_f28_a_deed_sent_after_the_session_has_ended_comes_back_and_is_not_saved(
    browser: Browser, make: Factory, session: Session
) -> None:
    user = make.user(organisation=make.organisation())
    make.sector()
    story = "Aloitimme kävelypalaverit <maanantaisin>."
    answer = browser.client.post("/teot/uusi", data={"title": "Kävelypalaveri", "summary": story, "action": "publish"})
    assert answer.status_code == 400
    browser.post("/kirjaudu", {"email": user.email, "password": PASSWORD})
    page = browser.get("/teot/uusi").text
    assert 'value="Kävelypalaveri"' in page
    assert "Aloitimme kävelypalaverit &lt;maanantaisin&gt;." in page
    assert session.scalar(select(func.count()).select_from(Deed)) == 0


def test_f28_a_late_comment_is_shown_to_be_copied(browser: Browser, make: Factory, session: Session) -> None:
    deed = make.deed()
    browser.sign_in(make.user())
    words = "Miten saitte esihenkilöt mukaan tähän?"
    answer = browser.client.post(f"/teot/{deed.id}/kommentit", data={"csrf_token": "vanha", "body": words})
    assert answer.status_code == 400
    assert words in answer.text
    assert session.scalar(select(func.count()).select_from(Comment)) == 0


def test_f28_no_password_is_kept_or_shown(browser: Browser, make: Factory, session: Session) -> None:
    form = {"current": PASSWORD, "password": GOOD_PASSWORD, "name": "Kehittäjä"}
    answer = browser.client.post("/oma/salasana", data=form)
    assert GOOD_PASSWORD not in answer.text
    session.rollback()
    kept = str(session.scalars(select(BrowserSession.data)).all())
    assert PASSWORD not in kept
    assert GOOD_PASSWORD not in kept


def test_f28_a_very_long_text_is_not_put_into_the_session(browser: Browser, session: Session) -> None:
    browser.client.post("/teot/uusi", data={"title": "x", "summary": "pitkä teksti " * 20_000})
    session.rollback()
    assert "pitkä" not in str(session.scalars(select(BrowserSession.data)).all())
