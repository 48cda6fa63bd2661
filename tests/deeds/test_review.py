"""The life of a deed: the editors' queue, timed publishing, preview links, the yearly question, merging."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.deeds import lifecycle, links, review, service
from tori.models.deeds import Deed, DeedStatus
from tori.models.operations import AuditEntry, Notification, OutboxMail
from tori.models.people import Role, User
from tori.models.writing import LinkKind, ReviewNote
from tori.policy import Actor


def renew(session: Session) -> None:
    session.rollback()
    session.expire_all()


def quick(organisation_id: int, **more: Any) -> dict[str, Any]:
    return {
        "title": "Lukuhetki palvelutalossa", "summary": "Luemme ääneen kerran viikossa.", "sector": "koko-kunta",
        "language": "fi", "organisation": organisation_id, "action": "publish", **more,
    }  # fmt: skip


@pytest.fixture
def newcomer(make: Factory) -> User:
    make.sector()
    return make.user(organisation=make.organisation("Nokian kaupunki"), trusted_at=None)


def waiting_deed(make: Factory, author: User) -> Deed:
    return make.deed(
        "Ensimmäinen teko", organisation_id=author.memberships[0].organisation_id, author_id=author.id,
        status=DeedStatus.IN_REVIEW, published_at=None, submitted_at=clock.now(),
    )  # fmt: skip


def test_the_first_deed_of_a_newcomer_waits_and_tells_until_when(
    session: Session, newcomer: User, browser: Browser, client: FlaskClient
) -> None:
    organisation_id = newcomer.memberships[0].organisation_id
    answer = browser.sign_in(newcomer).post("/en/teot/uusi", quick(organisation_id))
    assert answer.location.endswith("/kiitos")
    page = browser.get(answer.location).text
    assert "not public yet" in page
    assert "We answer by" in page
    renew(session)
    deed = session.scalars(select(Deed)).one()
    assert (deed.status, deed.published_at) == (DeedStatus.IN_REVIEW, None)
    assert client.get(f"/teot/{deed.id}").status_code == 404
    assert "Lukuhetki" not in client.get("/teot").text
    assert "Waits for the editors" in browser.get("/en/oma").text


def test_an_editor_publishes_and_the_next_one_is_public_at_once(
    app: Flask, session: Session, make: Factory, newcomer: User
) -> None:
    organisation_id = newcomer.memberships[0].organisation_id
    deed = waiting_deed(make, newcomer)
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))
    assert "Ensimmäinen teko" in editor.get("/hallinta/tarkistus").text
    assert (
        editor.post(f"/hallinta/tarkistus/{deed.id}", {"action": "approve", "version": deed.version}).status_code == 303
    )
    renew(session)
    assert (deed.status, newcomer.trusted_at is not None) == (DeedStatus.PUBLISHED, True)
    assert session.scalars(select(Notification.kind).where(Notification.user_id == newcomer.id)).all() == ["approved"]
    mail = session.scalars(select(OutboxMail).where(OutboxMail.event == "deed_approved")).one()
    assert (mail.recipient, f"/teot/{deed.id}-" in mail.body_text) == (newcomer.email, True)
    session.rollback()
    Browser(app).sign_in(newcomer).post("/teot/uusi", quick(organisation_id))
    renew(session)
    assert session.scalars(select(Deed.status).order_by(Deed.id)).all() == [DeedStatus.PUBLISHED] * 2


def test_a_returned_deed_is_a_draft_with_a_reason(app: Flask, session: Session, make: Factory, newcomer: User) -> None:
    deed = waiting_deed(make, newcomer)
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))
    assert editor.post(f"/hallinta/tarkistus/{deed.id}", {"action": "return", "reason": " "}).status_code == 422
    answer = editor.post(f"/hallinta/tarkistus/{deed.id}", {"action": "return", "reason": "Poista asiakkaan nimi."})
    assert answer.status_code == 303
    renew(session)
    assert deed.status == DeedStatus.DRAFT
    assert newcomer.trusted_at is None
    assert session.scalars(select(ReviewNote)).one().body == "Poista asiakkaan nimi."
    mail = session.scalars(select(OutboxMail).where(OutboxMail.event == "deed_returned")).one()
    assert "Poista asiakkaan nimi." in mail.body_text
    session.rollback()
    assert "Poista asiakkaan nimi." in Browser(app).sign_in(newcomer).get(f"/teot/{deed.id}/muokkaa").text


def test_a_newcomers_variant_waits_too_and_its_text_is_checked(
    session: Session, make: Factory, newcomer: User, browser: Browser
) -> None:
    parent = make.deed("Malli", organisation_id=make.organisation("Kangasalan kaupunki").id)
    form = {
        "title": "Meidän tapamme", "summary": "Näin me teimme.", "changed": "Soita 040 123 4567.", "language": "fi",
        "organisation": newcomer.memberships[0].organisation_id, "action": "publish", "form_number": "muunnelma",
    }  # fmt: skip
    path = f"/teot/{parent.id}/pohjaksi"
    answer = browser.sign_in(newcomer).post(path, form)
    assert (answer.status_code, 'name="privacy_ok"' in answer.text) == (422, True)
    assert browser.post(path, {**form, "changed": "Teimme sen kotihoidossa."}).location.endswith("/kiitos")
    renew(session)
    variant = session.scalars(select(Deed).where(Deed.parent_id == parent.id)).one()
    assert (variant.status, parent.adoption_count) == (DeedStatus.IN_REVIEW, 0)


def test_only_editors_answer(make: Factory, newcomer: User) -> None:
    deed = waiting_deed(make, newcomer)
    steward = Actor(make.user(organisation=deed.organisation, steward=True))
    for actor in (Actor(newcomer), steward):
        with pytest.raises(NotAllowed), transaction() as session:
            review.approve(session, actor, deed)
        with pytest.raises(NotAllowed), transaction() as session:
            service.publish(session, actor, deed)


def test_a_newcomer_cannot_publish_past_the_queue(make: Factory, newcomer: User) -> None:
    draft = make.deed(
        organisation_id=newcomer.memberships[0].organisation_id, author_id=newcomer.id, status=DeedStatus.DRAFT
    )
    with pytest.raises(NotAllowed, match="review_first"), transaction() as session:
        service.publish(session, Actor(newcomer), draft)
    with pytest.raises(NotAllowed, match="review_first"), transaction() as session:
        lifecycle.schedule(session, Actor(newcomer), draft, clock.now() + timedelta(hours=1))


def test_a_maker_takes_a_waiting_deed_back(session: Session, make: Factory, newcomer: User, browser: Browser) -> None:
    deed = waiting_deed(make, newcomer)
    assert browser.sign_in(newcomer).post(f"/teot/{deed.id}/tarkistus/peru").status_code == 303
    renew(session)
    assert deed.status == DeedStatus.DRAFT


@pytest.fixture
def draft(make: Factory) -> Deed:
    author = make.user(organisation=make.organisation("Nokian kaupunki"))
    return make.deed(
        "Kesken", organisation_id=author.memberships[0].organisation_id, author_id=author.id, status=DeedStatus.DRAFT
    )


def test_a_timed_deed_is_published_exactly_once(app: Flask, session: Session, draft: Deed, browser: Browser) -> None:
    assert draft.author is not None
    browser.sign_in(draft.author)
    future = clock.in_finland(clock.now() + timedelta(hours=2))
    path = f"/teot/{draft.id}/julkaisu/ajasta"
    assert browser.post(path, {"publish_at": "eilen"}).status_code == 422
    assert browser.post(path, {"publish_at": "2020-01-01T12:00"}).status_code == 422
    assert browser.post(path, {"publish_at": f"{future:%Y-%m-%dT%H:%M}"}).status_code == 303
    renew(session)
    assert draft.publish_at == future.replace(second=0, microsecond=0)
    assert f"{future:%H.%M}" in browser.get(f"/teot/{draft.id}/julkaisu").text
    config = app.extensions["tori"]
    session.rollback()
    assert lifecycle.publish_due(config) == 0
    with clock.frozen(clock.now() + timedelta(hours=3)):
        assert lifecycle.publish_due(config) == 1
        assert lifecycle.publish_due(config) == 0
    renew(session)
    assert (draft.status, draft.publish_at) == (DeedStatus.PUBLISHED, None)
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.event == "DeedPublished")).all()) == 1


def test_a_preview_link_opens_the_draft_until_it_is_revoked(
    session: Session, draft: Deed, browser: Browser, client: FlaskClient
) -> None:
    assert draft.author is not None
    browser.sign_in(draft.author).post(f"/teot/{draft.id}/linkit", {"kind": "preview"})
    found = re.search(r'href="(/teot/esikatselu/[^"]+)"', browser.get(f"/teot/{draft.id}/julkaisu").text)
    assert found is not None
    page = client.get(found[1])
    assert page.status_code == 200
    assert "Kesken" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(found[1] + "x").status_code == 404
    assert client.get(f"/teot/{draft.id}").status_code == 404
    with clock.frozen(clock.now() + links.LIFETIME + timedelta(minutes=1)):
        assert client.get(found[1]).status_code == 404
    renew(session)
    link = links.links_of(session, draft)[0]
    session.rollback()
    browser.post(f"/teot/{draft.id}/linkit/{link.id}/peru", {"kind": "preview"})
    assert client.get(found[1]).status_code == 404


def test_a_link_of_one_kind_is_not_one_of_another(session: Session, draft: Deed) -> None:
    assert draft.author is not None
    with transaction() as rows:
        link = links.make(rows, Actor(draft.author), draft, LinkKind.PREVIEW)
    with pytest.raises(RuleBroken, match="bad_link"):
        links.open_link(session, links.token_of(link), LinkKind.CO_AUTHOR)


def old_deed(make: Factory, **more: Any) -> Deed:
    moment = datetime(2024, 5, 4, 9, tzinfo=UTC)
    return make.deed(**{"published_at": moment, "updated_at": moment, **more})


def answer_links(session: Session) -> dict[str, str]:
    mail = session.scalars(select(OutboxMail).where(OutboxMail.event == "still_true")).one()
    session.rollback()
    found = re.findall(r"https?://[^/\s]+(/teot/tuoreus/\S+/(\w+))", mail.body_text)
    return {answer: path for path, answer in found}


def test_makers_are_asked_once_a_year_and_answer_with_one_press(
    app: Flask, session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    author = make.user(organisation=make.organisation("Nokian kaupunki"))
    deed = old_deed(make, author_id=author.id, organisation_id=author.memberships[0].organisation_id)
    make.deed("Tuore teko", author_id=author.id)
    config = app.extensions["tori"]
    session.rollback()
    assert lifecycle.ask_freshness(config) == 1
    assert lifecycle.ask_freshness(config) == 0
    found = answer_links(session)
    assert set(found) == {"voimassa", "paivita", "arkistoi"}
    assert "csrf_token" in browser.get(found["voimassa"]).text
    renew(session)
    assert deed.checked_at is None
    assert browser.get(found["paivita"]).location.endswith(f"/teot/{deed.id}/muokkaa")
    session.rollback()
    assert browser.post(found["voimassa"]).status_code == 200
    renew(session)
    assert deed.checked_at is not None
    assert clock.in_finland(deed.checked_at).strftime("%-d.%-m.%Y") in client.get(f"/teot/{deed.id}-{deed.slug}").text
    session.rollback()
    assert browser.post(found["arkistoi"]).status_code == 200
    renew(session)
    assert deed.status == DeedStatus.ARCHIVED
    assert browser.get(found["arkistoi"] + "x").status_code == 404


def test_the_contact_person_is_asked_when_the_author_has_left(app: Flask, session: Session, make: Factory) -> None:
    organisation = make.organisation("Nokian kaupunki")
    steward = make.user(organisation=organisation, steward=True)
    gone = make.user(organisation=organisation, disabled_at=clock.now())
    old_deed(make, author_id=gone.id, organisation_id=organisation.id)
    session.rollback()
    lifecycle.ask_freshness(app.extensions["tori"])
    assert session.scalars(select(OutboxMail.recipient)).all() == [steward.email]


def test_a_merged_deed_leads_to_the_other(app: Flask, session: Session, make: Factory, client: FlaskClient) -> None:
    deed, target = make.deed("Sama teko kahdesti"), make.deed("Sama teko")
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))
    answer = editor.post(f"/teot/{deed.id}/yhdista", {"into": f"/teot/{target.id}-{target.slug}", "reason": "Sama"})
    assert answer.status_code == 303
    old = client.get(f"/teot/{deed.id}-{deed.slug}")
    assert (old.status_code, old.location) == (301, f"/teot/{target.id}-{target.slug}")
    assert editor.post(f"/teot/{target.id}/yhdista", {"into": str(target.id)}).status_code == 422
