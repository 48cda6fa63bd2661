"""Ordering, choosing and leaving the digest, as a visitor and as a member."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.database import transaction
from tori.digest import subscriptions
from tori.edge import limits
from tori.models.digest import Rhythm, Subscriber
from tori.models.operations import Notification


def order(browser: Browser, **values: object) -> object:
    data = {"email": "Lukija@Example.org", "themes": ["kokeilukulttuuri"], "rhythm": "weekly", **values}
    return browser.post("/uutiskirje", data)


def link(mail: object) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+/[\w-]{43})", mail.body_text)  # type: ignore[attr-defined]
    assert found
    return found[1]


def only(session: Session) -> Subscriber:
    session.rollback()
    return session.scalars(select(Subscriber)).one()


@pytest.fixture
def ordered(session: Session, make: Factory, browser: Browser) -> Browser:
    make.theme("kokeilukulttuuri")
    make.sector()
    assert order(browser).status_code == 303  # type: ignore[attr-defined]
    return browser


def test_a_visitor_orders_confirms_and_leaves_with_one_press(session: Session, ordered: Browser) -> None:
    [mail] = mails(session, "digest_confirm")
    assert mail.recipient == "lukija@example.org"
    assert only(session).confirmed_at is None
    page = ordered.get(link(mail))
    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert only(session).confirmed_at is None, "opening the link changes nothing"
    assert ordered.post(link(mail)).status_code == 200
    row = only(session)
    assert row.confirmed_at is not None
    assert ordered.post(link(mail)).status_code == 200, "a second press is in order"

    address = f"/uutiskirje/peru/{row.key}"
    assert "lukija" not in address
    assert ordered.get(address).status_code == 200
    assert only(session).rhythm == Rhythm.WEEKLY
    stranger = ordered.client.application.test_client()
    answer = stranger.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert only(session).rhythm == Rhythm.NONE
    assert stranger.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_n01_a_number_is_no_key(client: FlaskClient) -> None:
    for method in (client.get, client.post):
        assert method("/uutiskirje/peru/1").status_code == 404
        assert method(f"/uutiskirje/peru/{'x' * 43}").status_code == 404


def test_n03_ordering_twice_sends_one_mail_and_the_link_confirms_the_last_choices(
    session: Session, make: Factory, ordered: Browser
) -> None:
    other = make.theme("toinen")
    order(ordered, themes=["toinen"])
    [mail] = mails(session, "digest_confirm")
    ordered.post(link(mail))
    assert only(session).theme_ids == [other.id]


def test_n03_a_stranger_changes_nothing_of_a_reader(session: Session, make: Factory, ordered: Browser) -> None:
    ordered.post(link(mails(session)[0]))
    before = only(session).theme_ids
    make.theme("toinen")
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert order(ordered, themes=["toinen"]).status_code == 303  # type: ignore[attr-defined]
    assert only(session).theme_ids == before
    assert [mail.event for mail in mails(session)] == ["digest_confirm", "digest_known"]


def test_r08_one_organisation_gets_only_so_many_letters_that_strangers_order(
    session: Session, make: Factory, ordered: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "digest_organisation", (2, timedelta(hours=1)))
    make.organisation(domain="kaupunki.example.org")
    session.commit()
    with clock.frozen(clock.now().replace(minute=1)):
        for number in range(3):
            assert order(ordered, email=f"a{number}@kaupunki.example.org").status_code == 303  # type: ignore[attr-defined]
    assert [mail.recipient[:2] for mail in mails(session, "digest_confirm")] == ["lu", "a0", "a1"]


def test_one_who_left_gets_nothing_before_confirming_again(session: Session, ordered: Browser) -> None:
    ordered.post(link(mails(session)[0]))
    with transaction() as writing:
        subscriptions.leave(writing, only(session).key)
    with clock.frozen(clock.now() + timedelta(days=2)):
        order(ordered)
    assert only(session).confirmed_at is None


def test_an_old_or_altered_link_says_so(session: Session, ordered: Browser) -> None:
    path = link(mails(session)[0])
    assert ordered.get(path[:-1] + ("a" if path[-1] != "a" else "b")).status_code == 400
    with clock.frozen(clock.now() + timedelta(days=4)):
        assert ordered.get(path).status_code == 400


@pytest.mark.parametrize(("values", "words"), [({"email": "ei osoite"}, "name@example.org"), ({"themes": []}, "theme")])
def test_a_bad_form_says_what_to_correct(
    session: Session, make: Factory, browser: Browser, values: dict[str, object], words: str
) -> None:
    make.theme("kokeilukulttuuri")
    token = browser.token()
    data = {"csrf_token": token, "email": "lukija@example.org", "themes": ["kokeilukulttuuri"], "rhythm": "weekly"}
    answer = browser.client.post("/en/uutiskirje", data={**data, **values})
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(select(func.count()).select_from(Subscriber)) == 0


def test_choices_are_changed_without_signing_in_and_show_no_address(session: Session, ordered: Browser) -> None:
    ordered.post(link(mails(session)[0]))
    path = f"/uutiskirje/asetukset/{only(session).key}"
    page = ordered.get(path)
    assert page.status_code == 200
    assert "lukija@example.org" not in page.text
    data = {"rhythm": "monthly", "locale": "sv", "sectors": ["koko-kunta"]}
    assert ordered.post(path, data).status_code == 200
    row = only(session)
    assert (row.rhythm, row.locale, len(row.sector_ids), row.theme_ids) == ("monthly", "sv", 1, [])


def test_a_member_chooses_on_the_page_of_notices(session: Session, make: Factory, browser: Browser) -> None:
    member = make.user()
    browser.sign_in(member)
    deed = make.deed("Kysytty teko")
    make._add(Notification(user_id=member.id, kind="question", deed_id=deed.id))
    make._add(Notification(user_id=member.id, kind="reply", text="Vastattu toive", address="/toiveet"))
    page = browser.get("/en/oma/ilmoitukset").text
    assert "Kysytty teko" in page
    assert 'href="/en/toiveet"' in page
    assert "2 new notices" in page
    assert browser.post("/oma/ilmoitukset/luettu").status_code == 303
    assert "2 new notices" not in browser.get("/en/oma/ilmoitukset").text
    assert browser.post("/oma/ilmoitukset/asetukset", {"rhythm": "none"}).status_code == 303
    row = only(session)
    assert (row.rhythm, row.mails_answers) == ("none", False)


def test_members_are_enrolled_once(session: Session, make: Factory, app: object) -> None:
    make.user()
    make.user(confirmed_at=None)
    make.user(disabled_at=clock.now())
    assert subscriptions.enrol_members(None) == 1  # type: ignore[arg-type]
    assert subscriptions.enrol_members(None) == 0  # type: ignore[arg-type]
    assert only(session).rhythm == Rhythm.WEEKLY


def test_the_sweep_forgets_those_who_never_confirmed_or_left(session: Session, ordered: Browser) -> None:
    with clock.frozen(clock.now() + timedelta(days=2)):
        subscriptions.sweep(None)  # type: ignore[arg-type]
    assert only(session)
    with clock.frozen(clock.now() + timedelta(days=4)):
        subscriptions.sweep(None)  # type: ignore[arg-type]
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Subscriber)) == 0
