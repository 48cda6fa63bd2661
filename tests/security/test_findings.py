"""What an hour of trying to break in found. Each case failed before it was mended; docs/security.md lists them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.accounts.helpers import GOOD_PASSWORD, link_in, mails, sign_up_form
from tests.campaigns.helpers import START, campaign_of, manager, moment
from tests.conftest import PASSWORD, Browser, MakeApp
from tests.deeds.test_pages import index_everything
from tests.factories import Factory
from tests.security.test_second_factor import digits, give_password, take_into_use
from tori.accounts import tokens
from tori.api import dump, open_data
from tori.campaigns import jury, nominations
from tori.config import Config
from tori.conversation import private
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.deeds import lifecycle, links, service
from tori.deeds.content import content_of
from tori.edge.limits import net_of
from tori.models.campaigns import CampaignKind
from tori.models.conversation import Turn
from tori.models.deeds import Comment, Deed, DeedStatus
from tori.models.people import AccountToken, Membership, Organisation, Role, User
from tori.models.wishes import Wish
from tori.models.writing import LinkKind
from tori.policy import SYSTEM, Actor


def config_of(app: Flask) -> Config:
    config: Config = app.extensions["tori"]
    return config


def renew(session: Session) -> None:
    session.rollback()
    session.expire_all()


def waiting_member(make: Factory, organisation: Organisation, **values: object) -> User:
    """Somebody who only says that they belong to the organisation."""
    user = make.user(**{"trusted_at": None, **values})  # type: ignore[arg-type]
    user.memberships.append(Membership(organisation_id=organisation.id, waits_since=clock.now()))
    make.session.commit()
    return user


@pytest.fixture
def other(app: Flask) -> Browser:
    return Browser(app)


# Signing in


def test_e01_new_spare_codes_are_made_for_whoever_shows_a_code_only(browser: Browser, make: Factory) -> None:
    _secret, paper = take_into_use(browser.sign_in(make.user()))
    for wrong in ({}, {"code": "000000"}):
        answer = browser.post("/oma/varakoodit", wrong)
        assert answer.status_code == 422
        assert not re.search(r"<code>[a-z2-7]{4}-", answer.text)
    answer = browser.post("/oma/varakoodit", {"code": paper[0]})
    assert (answer.status_code, len(re.findall(r"<code>[a-z2-7]{4}-", answer.text))) == (200, 10)


def test_e01_wrong_codes_on_the_own_page_are_limited(browser: Browser, make: Factory) -> None:
    secret, _ = take_into_use(browser.sign_in(make.user()))
    statuses = [browser.post("/oma/varakoodit", {"code": "000000"}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert browser.post("/oma/kaksivaiheinen/pois", {"code": digits(secret)}).status_code == 429


def test_e02_a_sign_in_that_waits_for_its_code_ends_with_the_password(
    browser: Browser, other: Browser, make: Factory, session: Session
) -> None:
    user = make.user()
    secret, _ = take_into_use(browser.sign_in(user))
    give_password(other, user)
    answer = browser.post("/oma/salasana", {"current": PASSWORD, "password": GOOD_PASSWORD})
    assert answer.status_code == 303
    assert other.post("/kirjaudu/koodi", {"code": digits(secret)}).status_code == 303
    assert other.get("/oma").status_code == 302


def test_e03_a_link_is_used_by_one_of_two_that_press_at_the_same_moment(session: Session, make: Factory) -> None:
    user = make.user()
    with transaction() as rows:
        secret = tokens.issue(rows, user, tokens.Purpose.SIGN_IN, timedelta(minutes=5))
    with transaction() as rows:
        # This side has looked at the link when the other one commits.
        tokens.find(rows, secret, tokens.Purpose.SIGN_IN)
        rows.execute(update(AccountToken).values(used_at=clock.now()), execution_options={"synchronize_session": False})
        with pytest.raises(RuleBroken, match="bad_link"):
            tokens.use(rows, secret, tokens.Purpose.SIGN_IN)


def test_e04_somebody_who_registers_anothers_address_gets_no_account_by_the_owners_press(
    browser: Browser, other: Browser, session: Session
) -> None:
    browser.post("/rekisteroidy", sign_up_form(email="uhri@example.org"))
    path = link_in(mails(session, "confirm_address")[0])
    assert 'type="password"' in other.get(path).text
    for typed in ("", "jokin aivan muu 1"):
        assert other.post(path, {"password": typed}).status_code == 422
    assert other.get("/oma").status_code == 302
    # Who registered knows the password, in any browser; in the same one nothing is asked.
    assert 'type="password"' not in browser.get(path).text
    assert other.post(path, {"password": GOOD_PASSWORD}).status_code == 303
    assert other.get("/oma").status_code == 200


def test_e05_a_net_of_ipv6_is_counted_as_one_asker(make_app: MakeApp, make: Factory) -> None:
    assert net_of("2001:db8:1:2:3:4:5:6") == net_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::"
    assert net_of("::ffff:192.0.2.1") == net_of("192.0.2.1") == "192.0.2.1"
    app = make_app(proxy_hops=1)
    with clock.frozen(clock.now()):
        for number in range(11):
            source = {"X-Forwarded-For": f"2001:db8:1:2::{number:x}"}
            answer = Browser(app).post("/unohtunut-salasana", {"email": f"a{number}@example.org"}, headers=source)
        assert answer.status_code == 429
        neighbour = Browser(app).post(
            "/unohtunut-salasana", {"email": "b@example.org"}, headers={"X-Forwarded-For": "2001:db8:1:3::1"}
        )
    assert neighbour.status_code == 303


def test_e06_links_in_sent_mails_live_through_a_change_of_keys(
    session: Session, make: Factory, app: Flask, make_app: MakeApp
) -> None:
    author = make.user(organisation=make.organisation())
    draft = make.deed("Luonnos", author_id=author.id, status=DeedStatus.DRAFT)
    public = make.deed("Julki", author_id=author.id)
    with transaction() as rows:
        made = {kind: links.token_of(links.make(rows, Actor(author), draft, kind)) for kind in LinkKind}
    question = lifecycle._signer(config_of(app)).dumps([public.id, author.id])
    session.rollback()
    changed = Browser(make_app(secret_key="uusi avain", secret_key_fallbacks="test"))
    assert changed.get(f"/teot/esikatselu/{made[LinkKind.PREVIEW]}").status_code == 200
    assert changed.get(f"/teot/kutsu/{made[LinkKind.CO_AUTHOR]}").status_code == 200
    assert changed.get(f"/teot/vertaisarvio/{made[LinkKind.REVIEW]}").status_code == 200
    assert changed.get(f"/teot/tuoreus/{question}/voimassa").status_code == 200
    stolen = Browser(make_app(secret_key="uusi avain"))
    assert stolen.get(f"/teot/esikatselu/{made[LinkKind.PREVIEW]}").status_code == 404


# What is not on the square


def test_e07_a_deed_taken_off_the_square_is_seen_through_no_other_page(
    browser: Browser, session: Session, make: Factory
) -> None:
    juror = make.user()
    deed = make.deed("Salainen otsikko", status=DeedStatus.WITHDRAWN)
    with clock.frozen(moment(START)):
        campaign = campaign_of(manager(make))
    with transaction() as rows:
        jury.add_member(rows, manager(make), campaign, juror)
    slug = campaign.slug
    session.rollback()
    browser.sign_in(juror)
    for path in (
        f"/oma/raati/{slug}/{deed.id}", f"/teot/{deed.id}/kiita", f"/teot/{deed.id}/mallia", f"/t/{deed.id}",
        f"/teot/{deed.id}/kysy", f"/teot/{deed.id}/kommentit", f"/teot/{deed.id}/sukupuu", f"/teot/{deed.id}/kumppanit",
    ):  # fmt: skip
        answer = browser.get(path)
        assert answer.status_code in (404, 410), path
        assert "alainen" not in answer.text + str(answer.location), path


def test_e08_a_preview_link_opens_no_deed_that_was_taken_off(browser: Browser, session: Session, make: Factory) -> None:
    author = make.user(organisation=make.organisation())
    deed = make.deed("Salainen otsikko", author_id=author.id, status=DeedStatus.DRAFT)
    with transaction() as rows:
        token = links.token_of(links.make(rows, Actor(author), deed, LinkKind.PREVIEW))
    with transaction() as rows:
        rows.get_one(Deed, deed.id).status = DeedStatus.WITHDRAWN
    answer = browser.get(f"/teot/esikatselu/{token}")
    assert answer.status_code == 404
    assert "Salainen" not in answer.text


def test_e09_a_merged_deed_leads_to_nothing_that_is_hidden(browser: Browser, session: Session, make: Factory) -> None:
    into = make.deed("Salainen otsikko")
    old = make.deed("Vanha", status=DeedStatus.WITHDRAWN, merged_into_id=into.id)
    assert browser.get(f"/teot/{old.id}").status_code == 301
    with transaction() as rows:
        rows.get_one(Deed, into.id).status = DeedStatus.WITHDRAWN
    answer = browser.get(f"/teot/{old.id}")
    assert answer.status_code == 410
    assert "salainen" not in str(answer.location)


def test_e10_the_files_of_open_data_hold_nothing_that_was_taken_off_since(
    app: Flask, browser: Browser, session: Session, make: Factory
) -> None:
    deed = make.deed("Salainen otsikko")
    make.deed("Julkinen otsikko")
    dump.write_files(config_of(app))
    with transaction() as rows:
        service.withdraw(rows, SYSTEM, rows.get_one(Deed, deed.id), "tunnistettava ihminen")
    for name in ("teot.jsonl", "teot.csv"):
        answer = browser.get(f"/avoin-data/tiedostot/{name}")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "Salainen" not in answer.text
    assert dump.write_again(config_of(app))
    with browser.get("/avoin-data/tiedostot/teot.jsonl") as answer:
        assert answer.status_code == 200
        assert "Julkinen otsikko" in answer.text
        assert "Salainen" not in answer.text
    assert not dump.write_again(config_of(app))
    assert open_data.data_files()


def test_e11_the_page_of_a_report_is_kept_by_no_cache(browser: Browser, make: Factory) -> None:
    deed = make.deed()
    browser.get(f"/ilmoita/deed/{deed.id}")
    answer = browser.post(f"/ilmoita/deed/{deed.id}", {"fault": "advert", "body": "Mainos", "email": ""})
    assert answer.status_code == 303
    page = Browser(browser.client.application).get(answer.location)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"


def test_e27_suggestions_name_no_deed_that_was_taken_off_before_the_index_knows(
    app: Flask, browser: Browser, session: Session, make: Factory
) -> None:
    deed, edited = make.deed("Purjelentokone salaa"), make.deed("Purjevene, soita Maijalle")
    index_everything(app, session)
    assert "Purjelentokone" in browser.get("/api/v1/suggest?q=purje").text
    deed.status, edited.title = DeedStatus.WITHDRAWN, "Purjevene"
    session.commit()
    told = browser.get("/api/v1/suggest?q=purje").text
    assert "salaa" not in told
    assert "Maijalle" not in told
    assert '"Purjevene"' in told


# In whose name


@pytest.fixture
def city(make: Factory) -> Organisation:
    return make.organisation("Suuri kaupunki")


def test_e12_a_claim_that_nobody_has_believed_gives_no_organisations_name(
    browser: Browser, session: Session, make: Factory, city: Organisation
) -> None:
    deed = make.deed()
    browser.sign_in(waiting_member(make, city))
    assert (
        browser.post(f"/teot/{deed.id}/kommentit", {"body": "Hyvä teko, kiitos!", "kind": "comment"}).status_code == 303
    )
    assert browser.post("/toiveet/uusi", {"title": "Etsimme mallia perehdytykseen", "seen": "1"}).status_code == 303
    renew(session)
    assert session.scalars(select(Comment.organisation_id)).all() == [None]
    assert session.scalars(select(Wish.organisation_id)).all() == [None]


def test_e13_a_public_deed_is_not_moved_to_an_organisation_that_waits(
    browser: Browser, session: Session, make: Factory, city: Organisation
) -> None:
    person = waiting_member(make, city)
    deed = make.deed("Oma teko", author_id=person.id)
    with transaction() as rows:
        mine = rows.get_one(Deed, deed.id)
    content = replace(content_of(mine), organisation=city)
    with pytest.raises(RuleBroken, match="membership_waits"), transaction() as rows:
        service.edit(rows, Actor(person), rows.get_one(Deed, deed.id), content, mine.version)


def test_e14_trust_in_one_organisation_publishes_nothing_in_the_name_of_another(
    session: Session, make: Factory, city: Organisation
) -> None:
    person = make.user(organisation=make.organisation("Pieni kunta"))
    person.memberships.append(Membership(organisation_id=city.id, waits_since=clock.now()))
    session.commit()
    deed = make.deed("Suuren nimissä", author_id=person.id, organisation_id=city.id, status=DeedStatus.DRAFT)
    with pytest.raises(NotAllowed, match="review_first"), transaction() as rows:
        service.publish(rows, Actor(rows.get_one(User, person.id)), rows.get_one(Deed, deed.id))


def test_e15_what_was_timed_waits_for_the_editors_when_its_author_is_trusted_no_more(
    app: Flask, session: Session, make: Factory
) -> None:
    author = make.user(organisation=make.organisation())
    draft = make.deed("Ajastettu", author_id=author.id, status=DeedStatus.DRAFT)
    draft.publish_at = clock.now() - timedelta(minutes=1)
    author.trusted_at = None
    session.commit()
    assert lifecycle.publish_due(config_of(app)) == 1
    renew(session)
    found = session.get_one(Deed, draft.id)
    assert (found.status, found.publish_at) == (DeedStatus.IN_REVIEW, None)


def test_e16_who_takes_no_organisation_is_trusted_no_more(browser: Browser, session: Session, make: Factory) -> None:
    user = make.user(organisation=make.organisation())
    browser.sign_in(user)
    form = {"name": "Kehittäjä", "job_title": "", "organisation": "", "unit": "", "locale": "fi", "theme": ""}
    assert browser.post("/oma/tiedot", form).status_code == 303
    renew(session)
    found = session.get_one(User, user.id)
    assert (found.memberships, found.trusted_at) == ([], None)


def test_e17_an_editor_publishes_what_was_read_and_not_what_came_after(
    browser: Browser, session: Session, make: Factory
) -> None:
    author = make.user(trusted_at=None, organisation=make.organisation())
    deed = make.deed("Siisti otsikko", author_id=author.id, status=DeedStatus.IN_REVIEW, published_at=None)
    browser.sign_in(make.user(role=Role.EDITOR))
    page = browser.get(f"/hallinta/tarkistus/{deed.id}").text
    seen = re.search(r'name="version" value="(\d+)"', page)
    assert seen
    with transaction() as rows:
        row = rows.get_one(Deed, deed.id)
        row.title, row.version = "Mainos", row.version + 1
    answer = browser.post(f"/hallinta/tarkistus/{deed.id}", {"action": "approve", "version": seen[1]})
    assert answer.status_code == 409
    assert "Mainos" in answer.text
    renew(session)
    assert session.get_one(Deed, deed.id).status == DeedStatus.IN_REVIEW
    again = re.search(r'name="version" value="(\d+)"', answer.text)
    assert again
    assert browser.post(f"/hallinta/tarkistus/{deed.id}", {"action": "approve", "version": again[1]}).status_code == 303


# People


def test_e18_a_claim_shows_nobody_of_the_organisation(
    browser: Browser, session: Session, make: Factory, city: Organisation
) -> None:
    insider = make.user(organisation=city, display_name="Sisäpiiriläinen")
    stranger = waiting_member(make, city)
    draft = make.deed("Oma", author_id=stranger.id, organisation_id=city.id, status=DeedStatus.DRAFT)
    browser.sign_in(stranger)
    assert "Sisäpiiriläinen" not in browser.get(f"/teot/{draft.id}/luovuta").text
    assert browser.post(f"/teot/{draft.id}/luovuta", {"user": insider.id}).status_code == 422
    colleague = make.user(organisation=city)
    own = make.deed("Oman väen", author_id=colleague.id, organisation_id=city.id, status=DeedStatus.DRAFT)
    assert (
        "Sisäpiiriläinen" in Browser(browser.client.application).sign_in(colleague).get(f"/teot/{own.id}/luovuta").text
    )


def test_e19_a_contact_person_whose_time_is_over_gets_no_private_question(
    session: Session, make: Factory, city: Organisation
) -> None:
    former = make.user(organisation=city, steward=True)
    former.memberships[0].steward_until = clock.today() - timedelta(days=1)
    session.commit()
    deed = make.deed(organisation_id=city.id)
    with transaction() as rows:
        question = private.ask(rows, Actor(make.user()), rows.get_one(Deed, deed.id), "Mitä se maksoi?")
        assert question.turn == Turn.EDITOR
    assert lifecycle._contact_person(session, deed.organisation_id) is None


def test_e20_a_challenge_carries_no_addresses_to_strangers(make: Factory) -> None:
    with clock.frozen(moment(START)):
        campaign = campaign_of(manager(make), kind=CampaignKind.CHALLENGE)
        good = nominations.Challenge("team", "Keittiön väki", "keittio@lempaala.fi", "Hävikki puolittui.", "a@kunta.fi")
        for field, text in (
            ("nominee_name", "Voitit! www.evil.example"), ("name", "https://evil.example"),
            ("reason", "Lunasta palkinto: http://evil.example/x"), ("reason", "katso evil.com/palkinto"),
        ):  # fmt: skip
            with pytest.raises(RuleBroken, match="no_addresses"), transaction() as rows:
                nominations.challenge(rows, campaign, replace(good, **{field: text}))  # type: ignore[arg-type]
        with transaction() as rows:
            assert nominations.challenge(rows, campaign, good).id


# Errors of ours


@pytest.mark.parametrize("origin", ["http://[", "https://]", "//[::1", "http://[::1"])
def test_e21_a_broken_origin_is_refused_and_not_an_error_of_ours(browser: Browser, origin: str) -> None:
    for path in ("/kirjaudu", "/palaute", "/haku/klikkaus"):
        assert browser.client.post(path, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("address", ["http://[", "//[", "http://[::1/teot/1"])
def test_e22_a_broken_address_is_unknown_to_oembed(browser: Browser, address: str) -> None:
    assert browser.get("/oembed", query_string={"url": address}).status_code == 404


def test_e26_a_form_number_of_somebody_else_is_a_conflict_and_not_an_error_of_ours(
    browser: Browser, other: Browser, make: Factory, session: Session
) -> None:
    deed = make.deed()
    form = {"body": "Hyvä teko, kiitos!", "kind": "comment", "form_number": "sama"}
    session.rollback()
    assert browser.sign_in(make.user()).post(f"/teot/{deed.id}/kommentit", form).status_code == 303
    assert other.sign_in(make.user()).post(f"/teot/{deed.id}/kommentit", form).status_code == 409
    renew(session)
    assert len(session.scalars(select(Comment.id)).all()) == 1


def make_list(staff: Browser) -> str:
    """The number of a new TOP list."""
    return str(staff.post("/hallinta/toplistat", {"title": "Uusi lista"}).location).split("/")[3].partition("#")[0]


def test_e23_a_number_that_no_row_has_is_not_found(browser: Browser, make: Factory) -> None:
    big = "9" * 25
    author = make.user(organisation=make.organisation(), steward=True)
    slug = author.memberships[0].organisation.slug
    deed = make.deed(author_id=author.id)
    staff = Browser(browser.client.application).sign_in(make.user(role=Role.ADMIN))
    for path in (f"/hallinta/kayttajat/{big}", f"/hallinta/postit/{big}"):
        assert staff.get(path).status_code == 404, path
    for path in (f"/hallinta/moderointi/teko/{big}", f"/hallinta/kayttajat/{big}/sulje"):
        assert staff.post(path).status_code == 404, path
    browser.sign_in(author)
    assert browser.get(f"/teot/{deed.id}/historia?versio={big}").status_code == 200
    assert staff.post(f"/hallinta/toplistat/{make_list(staff)}/lisaa", {"deed": big}).status_code == 422
    for sent in (big, "9" * 5000):
        assert browser.post(f"/organisaatiot/{slug}/tyotila/julkaise", {"deed": sent}).status_code in (400, 404, 422)
        assert browser.post(f"/teot/{deed.id}/luovuta", {"user": sent}).status_code in (400, 404, 422)
        assert browser.post(f"/teot/{deed.id}/osa", {"whole": sent}).status_code in (303, 400, 404, 422)
