"""Writing together: co-authors by invitation, organisations, parts, handing over, peer review before publishing."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, NotFound, RuleBroken
from tori.database import transaction
from tori.deeds import links, notes, service, together
from tori.deeds.content import content_of
from tori.models.deeds import Deed, DeedStatus
from tori.models.operations import AuditEntry, Notification, OutboxMail
from tori.models.people import Role, User
from tori.models.writing import LinkKind, ReviewNote
from tori.policy import Actor, Permission, can


def renew(session: Session) -> None:
    session.rollback()
    session.expire_all()


@pytest.fixture
def author(make: Factory) -> User:
    return make.user(display_name="Kirjoittaja", organisation=make.organisation("Nokian kaupunki"))


@pytest.fixture
def draft(make: Factory, author: User) -> Deed:
    organisation_id = author.memberships[0].organisation_id
    return make.deed("Yhteinen teko", organisation_id=organisation_id, author_id=author.id, status=DeedStatus.DRAFT)


@pytest.fixture
def other(make: Factory) -> User:
    return make.user(display_name="Kumppani", organisation=make.organisation("Kangasalan kaupunki"))


def token(session: Session, draft: Deed, kind: LinkKind) -> str:
    assert draft.author is not None
    with transaction() as rows:
        return links.token_of(links.make(rows, Actor(draft.author), draft, kind))


def joined(session: Session, draft: Deed, person: User) -> None:
    invitation = token(session, draft, LinkKind.CO_AUTHOR)
    with transaction() as rows:
        together.join(rows, Actor(person), invitation)


def events(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))


def test_an_invited_person_joins_with_one_press_and_then_edits(
    app: Flask, session: Session, draft: Deed, other: User, author: User
) -> None:
    maker = Browser(app).sign_in(author)
    assert maker.post(f"/teot/{draft.id}/linkit", {"kind": "co_author"}).location.endswith("/yhdessa")
    address = re.search(r'href="(/teot/kutsu/[^"]+)"', maker.get(f"/teot/{draft.id}/yhdessa").text)
    assert address is not None
    stranger = Browser(app)
    page = stranger.get(address[1])
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert "/kirjaudu?next=" in page.text
    guest = stranger.sign_in(other)
    assert guest.get(f"/teot/{draft.id}/muokkaa").status_code == 404
    guest.get(address[1])
    renew(session)
    assert draft.co_authors == []
    session.rollback()
    assert guest.post(address[1]).status_code == 303
    assert guest.get(f"/teot/{draft.id}/muokkaa").status_code == 200
    assert "Yhteinen teko" in guest.get("/oma").text
    renew(session)
    assert draft.co_authors == [other]
    assert "CoAuthorJoined" in events(session)
    assert session.scalars(select(Notification.kind).where(Notification.user_id == author.id)).all() == ["joined"]


def test_an_invitation_is_for_one_person_and_can_be_revoked(
    session: Session, make: Factory, draft: Deed, other: User, author: User
) -> None:
    invitation = token(session, draft, LinkKind.CO_AUTHOR)
    with pytest.raises(RuleBroken, match="own_invitation"), transaction() as rows:
        together.join(rows, Actor(author), invitation)
    with transaction() as rows:
        together.join(rows, Actor(other), invitation)
    third = make.user(organisation=make.organisation())
    with pytest.raises(RuleBroken, match="bad_link"), transaction() as rows:
        together.join(rows, Actor(third), invitation)
    revoked = token(session, draft, LinkKind.CO_AUTHOR)
    with transaction() as rows:
        links.revoke(rows, Actor(author), draft, links.links_of(rows, draft)[0].id)
    with pytest.raises(RuleBroken, match="bad_link"), transaction() as rows:
        together.join(rows, Actor(third), revoked)
    preview = token(session, draft, LinkKind.PREVIEW)
    with pytest.raises(RuleBroken, match="bad_link"), transaction() as rows:
        together.join(rows, Actor(third), preview)


def test_an_invitation_goes_by_mail_and_nowhere_else(
    app: Flask, session: Session, draft: Deed, author: User, make: Factory
) -> None:
    maker = Browser(app).sign_in(author)
    path = f"/teot/{draft.id}/kutsut"
    answer = maker.post(path, {"kind": "review", "email": "ei osoite"})
    assert answer.status_code == 422
    assert 'value="ei osoite"' in answer.text
    assert maker.post(path, {"kind": "review", "email": "lukija@example.org"}).status_code == 303
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.recipient, mail.event) == ("lukija@example.org", "invitation")
    assert "/teot/vertaisarvio/" in mail.body_text
    assert "Kirjoittaja" in mail.body_text
    session.rollback()
    newcomer = make.user(organisation=draft.organisation, trusted_at=None)
    joined(session, draft, newcomer)
    refused = Browser(app).sign_in(newcomer).post(path, {"kind": "review", "email": "muu@example.org"})
    assert refused.status_code == 403
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_co_authors_write_and_do_not_rule(session: Session, draft: Deed, other: User, author: User) -> None:
    joined(session, draft, other)
    guest = Actor(other)
    with transaction() as rows:
        service.edit(rows, guest, draft, content_of(draft), draft.version)
    assert not can(guest, Permission.DEED_MANAGE, draft)
    with pytest.raises(NotAllowed, match="not_the_owner"), transaction() as rows:
        together.hand_over(rows, guest, draft, other.id)
    with pytest.raises(NotAllowed, match="not_the_owner"), transaction() as rows:
        together.choose_organisations(rows, guest, draft, draft.organisation_id, [])
    with pytest.raises(NotAllowed, match="not_the_owner"), transaction() as rows:
        together.remove_co_author(rows, guest, draft, author.id)


def test_a_co_author_leaves_and_the_owner_removes(
    app: Flask, session: Session, draft: Deed, other: User, author: User
) -> None:
    joined(session, draft, other)
    guest = Browser(app).sign_in(other)
    assert guest.post(f"/teot/{draft.id}/tekijat/{other.id}/poista").location.endswith("/oma")
    assert guest.get(f"/teot/{draft.id}").status_code == 404
    renew(session)
    joined(session, draft, other)
    maker = Browser(app).sign_in(author)
    assert maker.post(f"/teot/{draft.id}/tekijat/{other.id}/poista").status_code == 303
    assert maker.post(f"/teot/{draft.id}/tekijat/{other.id}/poista").status_code == 404
    assert maker.post(f"/teot/{draft.id}/tekijat/{author.id}/poista").status_code == 422
    renew(session)
    assert (draft.co_authors, draft.author) == ([], author)
    assert events(session).count("CoAuthorLeft") == 2


def test_a_deed_is_handed_over_in_two_clicks(
    app: Flask, session: Session, make: Factory, draft: Deed, author: User, other: User
) -> None:
    colleague = make.user(display_name="Seuraaja", organisation=draft.organisation)
    maker = Browser(app).sign_in(author)
    path = f"/teot/{draft.id}/luovuta"
    assert path in maker.get(f"/teot/{draft.id}-{draft.slug}").text
    unproven = make.user(display_name="Todistamatta", organisation=draft.organisation)
    unproven.memberships[0].waits_since = clock.now()
    session.commit()
    page = maker.get(path).text
    assert ("Seuraaja" in page, "Kumppani" in page, "Todistamatta" in page) == (True, False, False)
    assert maker.post(path, {"user": unproven.id}).status_code == 422
    assert maker.post(path, {"user": other.id}).status_code == 422
    assert maker.post(path, {"user": colleague.id}).status_code == 303
    renew(session)
    assert (draft.author, draft.co_authors) == (colleague, [author])
    assert draft.organisation.name == "Nokian kaupunki"
    assert session.scalars(select(Notification.kind).where(Notification.user_id == colleague.id)).all() == ["handed"]
    assert "DeedHandedOver" in events(session)


def test_the_organisation_keeps_the_deed_when_its_author_leaves(session: Session, make: Factory, draft: Deed) -> None:
    steward = make.user(organisation=draft.organisation, steward=True)
    heir = make.user(organisation=draft.organisation)
    gone = draft.author
    session.delete(gone)
    session.commit()
    session.expire_all()
    assert draft.author is None
    with transaction() as rows:
        together.hand_over(rows, Actor(steward), draft, heir.id)
    assert (draft.author, draft.co_authors) == (heir, [])
    stranger = make.user(organisation=make.organisation(), steward=True)
    with pytest.raises(NotFound), transaction() as rows:
        together.hand_over(rows, Actor(stranger), draft, stranger.id)


def test_several_organisations_stand_on_a_deed_and_one_owns_it(
    app: Flask, session: Session, make: Factory, draft: Deed, other: User, author: User, client: FlaskClient
) -> None:
    own, theirs = draft.organisation, other.memberships[0].organisation
    third = make.organisation("Pirkkalan kunta")
    maker = Browser(app).sign_in(author)
    path = f"/teot/{draft.id}/organisaatiot"
    form = {"owner": own.id, "organisations": [own.id, theirs.id]}
    assert maker.post(path, form).status_code == 422
    joined(session, draft, other)
    assert maker.post(path, form).status_code == 303
    assert maker.post(path, {"owner": own.id, "organisations": [third.id]}).status_code == 422
    with transaction() as rows:
        service.publish(rows, Actor(author), draft)
    page = client.get(f"/teot/{draft.id}-{draft.slug}").text
    assert ("Kangasalan kaupunki" in page, "Kumppani" in page) == (True, True)
    assert "Yhteinen teko" in client.get(f"/organisaatiot/{theirs.slug}").text
    member_of_theirs = Actor(make.user(organisation=theirs))
    assert not can(member_of_theirs, Permission.DEED_ADOPT, draft)
    assert maker.post(path, {"owner": theirs.id, "organisations": [own.id]}).status_code == 303
    renew(session)
    assert (draft.organisation, draft.co_organisations) == (theirs, [own])
    assert events(session).count("DeedOrganisationsChanged") == 2


def test_a_project_has_its_pilots_as_parts(
    app: Flask, session: Session, make: Factory, author: User, other: User, client: FlaskClient
) -> None:
    organisation_id = author.memberships[0].organisation_id
    whole = make.deed("Hanke", organisation_id=organisation_id, author_id=author.id)
    pilot = make.deed("Pilotti", organisation_id=organisation_id, author_id=author.id)
    foreign = make.deed("Muiden hanke", author_id=other.id)
    maker = Browser(app).sign_in(author)
    assert maker.post(f"/teot/{pilot.id}/osa", {"whole": foreign.id}).status_code == 403
    assert maker.post(f"/teot/{pilot.id}/osa", {"whole": whole.id}).status_code == 303
    for deed, chosen in ((whole, pilot), (whole, whole), (pilot, pilot)):
        assert maker.post(f"/teot/{deed.id}/osa", {"whole": chosen.id}).status_code == 422
    assert "Pilotti" in client.get(f"/teot/{whole.id}-hanke").text
    assert "Hanke" in client.get(f"/teot/{pilot.id}-pilotti").text
    assert maker.post(f"/teot/{pilot.id}/osa", {"whole": ""}).status_code == 303
    renew(session)
    assert pilot.part_of is None
    assert events(session).count("DeedPlaced") == 2


def test_a_new_deed_is_told_as_a_part(app: Flask, session: Session, make: Factory, author: User, other: User) -> None:
    organisation_id = author.memberships[0].organisation_id
    whole = make.deed("Hanke", organisation_id=organisation_id, author_id=author.id)
    foreign = make.deed("Muiden hanke", author_id=other.id)
    maker = Browser(app).sign_in(author)
    page = maker.get(f"/teot/uusi?osa={whole.id}").text
    assert f'name="whole" value="{whole.id}"' in page
    assert 'name="whole"' not in maker.get(f"/teot/uusi?osa={foreign.id}").text
    form = {
        "title": "Ensimmäinen pilotti", "summary": "Kokeilimme yhdessä ryhmässä.", "sector": "koko-kunta",
        "language": "fi", "organisation": organisation_id, "action": "publish",
    }  # fmt: skip
    assert maker.post("/teot/uusi", {**form, "whole": whole.id}).status_code == 303
    assert maker.post("/teot/uusi", {**form, "whole": foreign.id}).status_code == 303
    parts = session.scalars(select(Deed.part_of_id).where(Deed.title == "Ensimmäinen pilotti").order_by(Deed.id)).all()
    assert parts == [whole.id, None]


def test_an_invited_reader_of_another_organisation_reviews_a_draft(
    app: Flask, session: Session, draft: Deed, other: User, author: User, client: FlaskClient
) -> None:
    path = f"/teot/vertaisarvio/{token(session, draft, LinkKind.REVIEW)}"
    page = client.get(path)
    assert "Yhteinen teko" in page.text
    assert "textarea" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    reader = Browser(app).sign_in(other)
    assert reader.get(f"/teot/{draft.id}").status_code == 404
    empty = reader.post(path, {"body": "  "})
    assert empty.status_code == 422
    long = reader.post(path, {"body": "a" * 4001})
    assert (long.status_code, "a" * 4001 in long.text) == (422, True)
    sent = {"body": "Kertokaa **hinta**. <script>", "form_number": "x1"}
    assert reader.post(path, sent).status_code == 303
    assert reader.post(path, sent).status_code == 303
    assert len(session.scalars(select(ReviewNote)).all()) == 1
    maker = Browser(app).sign_in(author)
    shown = maker.get(f"/teot/{draft.id}/yhdessa").text
    assert "<strong>hinta</strong>. &lt;script&gt;" in shown
    assert "Kumppani" in shown
    assert "ReviewNoteWritten" in events(session)
    assert session.scalars(select(Notification.kind).where(Notification.user_id == author.id)).all() == ["note"]
    session.rollback()
    assert maker.post(f"/teot/{draft.id}/huomiot", {"body": "Lisäsimme hinnan."}).status_code == 303
    assert "Lisäsimme hinnan." in reader.get(path).text
    renew(session)
    with transaction() as rows:
        service.publish(rows, Actor(author), draft)
    assert reader.get(path).status_code == 303
    assert "hinta" not in client.get(f"/teot/{draft.id}-{draft.slug}").text


def test_a_reader_writes_only_with_a_link(session: Session, draft: Deed, other: User, make: Factory) -> None:
    reader = Actor(other)
    with pytest.raises(NotFound), transaction() as rows:
        notes.write(rows, reader, draft, "Hei")
    preview = token(session, draft, LinkKind.PREVIEW)
    with pytest.raises(RuleBroken, match="bad_link"), transaction() as rows:
        notes.answer_invitation(rows, reader, preview, "Hei", None)
    review = token(session, draft, LinkKind.REVIEW)
    draft.status = DeedStatus.WITHDRAWN
    session.commit()
    with pytest.raises(RuleBroken, match="bad_link"), transaction() as rows:
        notes.answer_invitation(rows, reader, review, "Hei", None)


@pytest.mark.parametrize("rest", ["/yhdessa", "/luovuta", "/julkaisu"])
def test_z04_pages_of_makers_are_not_there_for_others(
    draft: Deed, browser: Browser, other: User, client: FlaskClient, rest: str
) -> None:
    assert client.get(f"/teot/{draft.id}{rest}").status_code == 404
    assert browser.sign_in(other).get(f"/teot/{draft.id}{rest}").status_code == 404


@pytest.mark.parametrize(
    ("rest", "data"),
    [("/kutsut", {"email": "a@example.org"}), ("/linkit", {"kind": "review"}), ("/huomiot", {"body": "x"}),
     ("/osa", {}), ("/organisaatiot", {"owner": "1"}), ("/luovuta", {"user": "1"}), ("/tekijat/1/poista", {})],
)  # fmt: skip
def test_z04_nothing_is_done_to_the_makers_of_anothers_draft(
    session: Session, draft: Deed, browser: Browser, other: User, rest: str, data: dict[str, object]
) -> None:
    before = events(session)
    session.rollback()
    browser.sign_in(other)
    assert browser.post(f"/teot/{draft.id}{rest}", data).status_code == 404
    renew(session)
    assert [event for event in events(session) if event not in ("UserSignedIn",)] == before


def test_an_editor_merges_two_deeds_and_a_wrong_address_is_told(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    one, two = make.deed("Teko kahdesti"), make.deed("Teko kerran")
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))
    assert "/yhdista" in editor.get(f"/teot/{one.id}/poista").text
    for wrong in ("", "ei mikään", f"/teot/{one.id}", "/teot/9999"):
        answer = editor.post(f"/teot/{one.id}/yhdista", {"into": wrong})
        assert answer.status_code == 422, wrong
        assert f'value="{wrong}"' in answer.text
    assert editor.post(f"/teot/{one.id}/yhdista", {"into": f"http://127.0.0.1/teot/{two.id}-teko"}).status_code == 303
    moved = client.get(f"/teot/{one.id}")
    assert (moved.status_code, moved.location) == (301, f"/teot/{two.id}-teko-kerran")
