"""Limits hold for all processes together, live through a restart, and say how long to wait."""

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.accounts.helpers import mails, sign_up_form
from tests.campaigns.helpers import START, campaign_of, manager, moment
from tests.conftest import PASSWORD, Browser, MakeApp
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.core import clock
from tori.edge import limits
from tori.models.campaigns import CampaignKind
from tori.models.people import User


def test_r01_guesses_are_counted_by_all_processes_together_and_across_restarts(
    make_app: MakeApp, make: Factory
) -> None:
    user = make.user()
    make.session.rollback()
    start = clock.now().replace(minute=1, second=0, microsecond=0)
    with clock.frozen(start):
        statuses = []
        for number in range(12):
            if number % 4 == 0:
                process = Browser(make_app())
            statuses.append(process.post("/kirjaudu", {"email": user.email, "password": f"väärä {number}"}).status_code)
        refused = process.post("/kirjaudu", {"email": user.email, "password": PASSWORD})
    assert statuses == [422] * 10 + [429] * 2
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(14 * 60)
    assert "14 minuutin" in refused.text
    with clock.frozen(start + timedelta(minutes=15)):
        assert process.post("/kirjaudu", {"email": user.email, "password": PASSWORD}).status_code == 303


def ask(app: Flask, path: str, address: str = "192.0.2.7", times: int = 1, **headers: str) -> TestResponse:
    """The last of so many answers to a reader at an address."""
    for _ in range(times):
        answer = app.test_client().get(path, headers={"X-Forwarded-For": address, **headers})
    return answer


MINUTE_BEGINS = clock.now().replace(second=20, microsecond=0)


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("reading_per_minute", "/tietoa"), ("searches_per_minute", "/teot?q=palaveri"),
        ("searches_per_minute", "/sv/teot?q=palaveri"), ("api_per_minute", "/api/v1/sectors"),
    ],
)  # fmt: skip
def test_r07_reading_searching_and_the_interface_are_limited_by_address(
    make_app: MakeApp, setting: str, path: str
) -> None:
    app = make_app(proxy_hops=1, page_cache_mb=8, **{setting: 4})
    with clock.frozen(MINUTE_BEGINS):
        assert ask(app, path, times=4).status_code == 200
        refused = ask(app, path)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")
        assert "no-store" in refused.headers["Cache-Control"]
        assert ask(app, path, "192.0.2.8").status_code == 200
        # What is not counted for this limit goes on; so does what a page needs.
        assert ask(app, "/healthz").status_code == 200
        with ask(app, "/static/icons.svg") as picture:
            assert picture.status_code == 200
    with clock.frozen(MINUTE_BEGINS + timedelta(seconds=41)):
        assert ask(app, path).status_code == 200


def test_r07_the_answer_is_a_sentence_in_the_language_of_the_address_or_a_problem(make_app: MakeApp) -> None:
    app = make_app(proxy_hops=1, reading_per_minute=1)
    with clock.frozen(MINUTE_BEGINS):
        ask(app, "/")
        finnish, swedish, machine = (ask(app, path) for path in ("/teot", "/sv/teot", "/api/v1/deeds"))
        head = app.test_client().head("/teot", headers={"X-Forwarded-For": "192.0.2.7"})
    assert 'lang="fi"' in finnish.text
    assert "noin minuutin" in finnish.text
    assert 'lang="sv"' in swedish.text
    assert "Content-Security-Policy" in finnish.headers
    assert machine.content_type == "application/problem+json"
    assert machine.json["status"] == 429
    assert (head.status_code, head.text) == (429, "")


def test_r07_nobodys_cookie_is_looked_at_for_the_answer(make_app: MakeApp, make: Factory) -> None:
    app = make_app(proxy_hops=1, reading_per_minute=30)
    browser = Browser(app).sign_in(make.user(display_name="Näkyvä Nimi"))
    cookie = browser.client.get_cookie("session")
    assert cookie is not None
    make.session.rollback()
    with clock.frozen(MINUTE_BEGINS):
        refused = ask(app, "/oma", times=31, Cookie=f"session={cookie.value}")
    assert refused.status_code == 429
    assert "/kirjaudu" in refused.text


def test_r07_the_count_is_one_for_all_processes_and_lives_through_a_restart(make_app: MakeApp, make: Factory) -> None:
    make.session.rollback()
    first, second = (make_app(proxy_hops=1, reading_per_minute=16) for _ in range(2))
    with clock.frozen(MINUTE_BEGINS):
        assert ask(first, "/tietoa", times=10).status_code == 200
        first.extensions["tori.reading_limits"].share()
        assert ask(second, "/tietoa", times=2).status_code == 200
        second.extensions["tori.reading_limits"].share()
        assert ask(second, "/tietoa", times=4).status_code == 200
        assert ask(second, "/tietoa").status_code == 429
        second.extensions["tori.reading_limits"].share()
        first.extensions["tori.reading_limits"].share()
        assert ask(first, "/tietoa").status_code == 429
        third = make_app(proxy_hops=1, reading_per_minute=16)
        ask(third, "/tietoa")
        third.extensions["tori.reading_limits"].share()
        assert ask(third, "/tietoa").status_code == 429


def test_r07_an_ordinary_reader_costs_no_question_to_the_database(make_app: MakeApp, make: Factory) -> None:
    make.session.rollback()
    app = make_app(proxy_hops=1, page_cache_mb=8, page_cache_check_ms=60_000)
    ask(app, "/tietoa")
    with counted_queries(app) as statements:
        ask(app, "/tietoa", times=20)
    assert statements == []


def test_r07_this_machine_itself_is_not_limited(make_app: MakeApp) -> None:
    app = make_app(reading_per_minute=1)
    assert [app.test_client().get("/tietoa").status_code for _ in range(4)] == [200] * 4


def test_r08_an_organisation_writes_only_so_much_by_all_its_accounts_together(
    make_app: MakeApp, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "comment_organisation", (3, timedelta(minutes=10)))
    place, deed = make.organisation(), make.deed()
    people = [make.user(organisation=place) for _ in range(4)]
    stranger = make.user(organisation=make.organisation())
    make.session.rollback()
    app = make_app()
    browsers = [Browser(app).sign_in(person) for person in (*people, stranger)]
    with clock.frozen(clock.now().replace(minute=1)):
        answers = [
            browser.post(f"/teot/{deed.id}/kommentit", {"body": f"Hyvä teko {number}", "kind": "comment"})
            for number, browser in enumerate(browsers)
        ]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429, 303]
    assert int(answers[3].headers["Retry-After"]) > 0
    assert "Yritä uudelleen" in answers[3].text


def test_r08_people_of_an_organisation_are_signed_up_and_challenge_only_so_often(
    make_app: MakeApp, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "register_organisation", (2, timedelta(hours=1)))
    monkeypatch.setitem(limits.LIMITS, "nominate_organisation", (2, timedelta(days=1)))
    make.organisation("Suuri kaupunki", domain="kaupunki.example.org")
    with clock.frozen(moment(START)):
        campaign = campaign_of(manager(make), kind=CampaignKind.CHALLENGE)
        slug = campaign.slug
        make.session.rollback()
        app = make_app()
        for number in range(3):
            address = f"a{number}@kaupunki.example.org"
            signed = Browser(app).post("/rekisteroidy", sign_up_form(email=address))
            # The answer is the same, so that nobody learns who has an account.
            assert signed.status_code == 303
            challenge = {
                "kind": "team", "nominee_name": "Keittiö", "nominee_email": f"b{number}@muu.example.org",
                "reason": "Hävikki puolittui.", "email": address, "name": "",
            }  # fmt: skip
            asked = Browser(app).post(f"/kampanjat/{slug}/haasta", challenge)
        assert asked.status_code == 429
        assert int(asked.headers["Retry-After"]) > 0
    assert len(mails(make.session, "confirm_address")) == 2
    assert len(mails(make.session, "challenge_confirm")) == 2


def test_r08_people_of_an_organisation_read_search_and_ask_only_so_much_together(
    make_app: MakeApp, make: Factory
) -> None:
    place = make.organisation()
    people = [make.user(organisation=place) for _ in range(3)]
    other = make.user(organisation=make.organisation())
    make.session.rollback()
    for setting, path in [
        ("reading_per_minute", "/tietoa"), ("searches_per_minute", "/teot?q=palaveri"),
        ("api_per_minute", "/api/v1/sectors"),
    ]:  # fmt: skip
        app = make_app(**{setting: 1})
        browsers = [Browser(app).sign_in(person) for person in (*people, other)]
        with clock.frozen(MINUTE_BEGINS + timedelta(minutes=len(path))):
            answers = [browser.get(path) for browser in browsers[:3] * 4]
            assert {answer.status_code for answer in answers[:8]} == {200}
            refused = answers[-1]
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "40")
            assert browsers[3].get(path).status_code == 200
            assert Browser(app).get(path).status_code == 200
        if path == "/tietoa":
            assert "Organisaatiosi väki" in refused.text


def test_r08_guesses_at_a_whole_city_stop_but_lock_out_nobody_at_their_own_desk(
    make_app: MakeApp, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "sign_in_organisation", (5, timedelta(minutes=15)))
    place = make.organisation("Suuri kaupunki", domain="kaupunki.example.org")
    worker = make.user(email="tyontekija@kaupunki.example.org", organisation=place)
    colleague = make.user(email="kollega@kaupunki.example.org", organisation=place)
    outsider = make.user(email="joku@muualla.example.org")
    make.session.rollback()
    app = make_app(proxy_hops=1)

    def tries(person: User | str, address: str, password: str = PASSWORD, browser: Browser | None = None) -> int:
        email = person if isinstance(person, str) else person.email
        form = {"email": email, "password": password}
        return (browser or Browser(app)).post("/kirjaudu", form, headers={"X-Forwarded-For": address}).status_code

    with clock.frozen(clock.now().replace(minute=1)):
        assert tries(worker, "198.51.100.1") == 303
        guesses = [tries(f"a{n}@kaupunki.example.org", f"203.0.113.{n}", "arvaus arvaus") for n in range(7)]
        assert guesses == [422] * 5 + [429] * 2
        assert tries(colleague, "203.0.113.99") == 429
        assert tries(worker, "198.51.100.1") == 303
        assert tries(outsider, "203.0.113.99") == 303


@pytest.mark.parametrize(
    ("act", "path", "template"),
    [("reset", "/unohtunut-salasana", "reset_password"), ("link", "/kirjaudu/linkki", "sign_in_link")],
)
def test_r08_mail_of_accounts_to_an_organisation_is_limited(
    make_app: MakeApp, make: Factory, monkeypatch: pytest.MonkeyPatch, act: str, path: str, template: str
) -> None:
    monkeypatch.setitem(limits.LIMITS, f"{act}_organisation", (2, timedelta(hours=1)))
    place = make.organisation("Suuri kaupunki", domain="kaupunki.example.org")
    people = [make.user(email=f"a{number}@kaupunki.example.org", organisation=place) for number in range(3)]
    make.session.rollback()
    app = make_app()
    with clock.frozen(clock.now().replace(minute=1)):
        answers = [Browser(app).post(path, {"email": person.email}) for person in people]
    assert len({answer.status_code for answer in answers}) == 1
    assert len(mails(make.session, template)) == 2
