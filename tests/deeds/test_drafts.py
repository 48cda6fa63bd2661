"""Nothing typed is lost: working copies, recovery, two windows, sessions that end."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import Conflict, NotAllowed, NotFound, RuleBroken
from tori.database import transaction
from tori.deeds import drafts
from tori.models.deeds import Deed, DeedRevision, DeedStatus
from tori.models.operations import AuditEntry
from tori.models.people import BrowserSession, User
from tori.models.writing import WorkingCopy
from tori.policy import ANONYMOUS, Actor

SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}
TEXT = {"form_number": "lomake-1", "title": "Kesken oleva teko", "summary": "Tätä ei saa kadottaa."}


@pytest.fixture
def author(make: Factory) -> User:
    make.sector()
    return make.user(organisation=make.organisation("Nokian kaupunki"))


@pytest.fixture
def member(browser: Browser, author: User) -> Browser:
    return browser.sign_in(author)


def renew(session: Session) -> None:
    session.rollback()
    session.expire_all()


def fields(text: str) -> drafts.Fields:
    return {"title": [text]}


def test_text_is_kept_without_a_deed_a_version_or_a_log_row(session: Session, member: Browser) -> None:
    entries = session.scalar(select(func.count()).select_from(AuditEntry))
    answer = member.post("/teot/uusi/automaattitallennus", {**TEXT, "sequence": 1}, headers=SCRIPT)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["clock"] == f"{clock.in_finland(clock.now()):%H.%M}"
    renew(session)
    assert session.scalars(select(Deed)).all() == []
    assert session.scalars(select(DeedRevision)).all() == []
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == entries
    kept = session.scalars(select(WorkingCopy)).one().fields
    assert kept["summary"] == ["Tätä ei saa kadottaa."]
    assert "csrf_token" not in kept


def test_a_begun_deed_is_offered_continued_and_gone_when_saved(session: Session, member: Browser) -> None:
    member.post("/teot/uusi/automaattitallennus", {**TEXT, "sequence": 1}, headers=SCRIPT)
    assert "luonnos=lomake-1" in member.get("/teot/uusi").text
    assert "Kesken oleva teko" in member.get("/oma").text
    page = member.get("/teot/uusi?luonnos=lomake-1").text
    assert "Tätä ei saa kadottaa." in page
    assert 'name="form_number" value="lomake-1"' in page
    data = {**TEXT, "sector": "koko-kunta", "language": "fi", "action": "draft"}
    organisation = session.scalars(select(User)).one().memberships[0].organisation_id
    renew(session)
    assert member.post("/teot/uusi", {**data, "organisation": organisation}).status_code == 303
    renew(session)
    assert session.scalars(select(WorkingCopy)).all() == []


def test_a_copy_is_discarded_with_one_press(session: Session, member: Browser) -> None:
    member.post("/teot/uusi/automaattitallennus", {**TEXT, "sequence": 1}, headers=SCRIPT)
    assert member.post("/teot/uusi/hylkaa", {"form_number": "lomake-1"}).status_code == 303
    renew(session)
    assert session.scalars(select(WorkingCopy)).all() == []


def test_an_older_window_overwrites_nothing(session: Session, author: User) -> None:
    actor = Actor(author)
    with transaction() as rows:
        drafts.save_new(rows, actor, "a", fields("uusi"), 6)
    with pytest.raises(Conflict) as caught, transaction() as rows:
        drafts.save_new(rows, actor, "a", fields("vanha"), 6)
    assert caught.value.current_version == 6
    renew(session)
    assert session.scalars(select(WorkingCopy)).one().fields == fields("uusi")


def test_two_windows_over_http(member: Browser) -> None:
    first = member.post("/teot/uusi/automaattitallennus", {**TEXT, "sequence": 1}, headers=SCRIPT)
    second = member.post("/teot/uusi/automaattitallennus", {**TEXT, "summary": "Muu", "sequence": 1}, headers=SCRIPT)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json == {"sequence": 1}


def test_an_ended_session_is_401_and_goes_on_with_a_new_token(session: Session, member: Browser, author: User) -> None:
    token = member.token()
    session.execute(delete(BrowserSession))
    session.commit()
    lost = member.client.post(
        "/teot/uusi/automaattitallennus", data={**TEXT, "sequence": 1, "csrf_token": token}, headers=SCRIPT
    )
    assert lost.status_code == 401
    assert member.get("/teot/lomaketunnus").status_code == 401
    member.sign_in(author)
    fresh = member.get("/teot/lomaketunnus").json
    assert fresh is not None
    assert fresh["user"] == author.id
    saved = member.client.post(
        "/teot/uusi/automaattitallennus", data={**TEXT, "sequence": 1, "csrf_token": fresh["token"]}, headers=SCRIPT
    )
    assert saved.status_code == 200


def test_changes_to_a_deed_are_kept_apart_and_offered(
    session: Session, member: Browser, author: User, make: Factory
) -> None:
    deed = make.deed(organisation_id=author.memberships[0].organisation_id, author_id=author.id)
    path = f"/teot/{deed.id}"
    data = {"part": "tulokset", "results": "Puoliksi kirjoitettu tulos", "version": 1, "sequence": 1}
    assert member.post(f"{path}/automaattitallennus", data, headers=SCRIPT).status_code == 200
    renew(session)
    assert (deed.results, deed.version) == ("", 1)
    page = member.get(f"{path}/taydenna/tulokset").text
    assert "?jatka=1" in page
    assert "data-waiting" in page
    assert "Puoliksi" not in page
    assert "Puoliksi kirjoitettu tulos" in member.get(f"{path}/taydenna/tulokset?jatka=1").text
    assert "Puoliksi" not in member.get(f"{path}/muokkaa?jatka=1").text
    saved = member.post(f"{path}/taydenna/tulokset", {"results": "Valmis tulos", "version": 1})
    assert saved.status_code == 303
    renew(session)
    assert session.scalars(select(WorkingCopy)).all() == []


def test_an_old_copy_of_a_changed_deed_leads_to_both_texts(
    session: Session, member: Browser, author: User, make: Factory
) -> None:
    deed = make.deed(organisation_id=author.memberships[0].organisation_id, author_id=author.id)
    data = {"part": "tulokset", "results": "Omani", "version": 1, "sequence": 1}
    member.post(f"/teot/{deed.id}/automaattitallennus", data, headers=SCRIPT)
    deed.results, deed.version = "Kollegan", 2
    session.commit()
    page = member.get(f"/teot/{deed.id}/taydenna/tulokset?jatka=1").text
    assert 'name="version" value="1"' in page
    answer = member.post(f"/teot/{deed.id}/taydenna/tulokset", {"results": "Omani", "version": 1})
    assert answer.status_code == 409
    assert "Kollegan" in answer.text
    assert "Omani" in answer.text


def test_nobody_writes_to_anothers_copy_or_deed(
    app: Flask, session: Session, member: Browser, make: Factory, author: User
) -> None:
    member.post("/teot/uusi/automaattitallennus", {**TEXT, "sequence": 1}, headers=SCRIPT)
    other = make.user(organisation=make.organisation("Kangasalan kaupunki"))
    draft = make.deed("Salainen", status=DeedStatus.DRAFT)
    stranger = Browser(app).sign_in(other)
    assert "Kesken oleva" not in stranger.get("/teot/uusi?luonnos=lomake-1").text
    assert stranger.post(f"/teot/{draft.id}/automaattitallennus", {"sequence": 1}, headers=SCRIPT).status_code == 404
    with pytest.raises(NotFound), transaction() as rows:
        drafts.save_of_deed(rows, Actor(other), draft, "", fields("x"), 1, 1)
    with pytest.raises(NotAllowed), transaction() as rows:
        drafts.save_new(rows, ANONYMOUS, "a", fields("x"), 1)


def test_limits(session: Session, author: User) -> None:
    actor = Actor(author)
    with pytest.raises(RuleBroken, match="text_too_long"), transaction() as rows:
        drafts.save_new(rows, actor, "a", fields("x" * (drafts.MAX_LENGTH + 1)), 1)
    with pytest.raises(RuleBroken), transaction() as rows:
        drafts.save_new(rows, actor, "a", fields("x"), 0)
    with transaction() as rows:
        for number in range(drafts.MAX_COPIES):
            drafts.save_new(rows, actor, str(number), fields("x"), 1)
    with pytest.raises(RuleBroken, match="too_many_copies"), transaction() as rows:
        drafts.save_new(rows, actor, "vielä", fields("x"), 1)


def test_forgotten_copies_are_swept(app: Flask, session: Session, author: User) -> None:
    with clock.frozen(clock.now() - drafts.KEPT - timedelta(days=1)), transaction() as rows:
        drafts.save_new(rows, Actor(author), "vanha", fields("x"), 1)
    with clock.frozen(clock.now() - timedelta(days=8)), transaction() as rows:
        drafts.keep_for_visitor(rows, fields("kävijä"))
    with transaction() as rows:
        drafts.save_new(rows, Actor(author), "uusi", fields("x"), 1)
    assert drafts.sweep_working_copies(app.extensions["tori"]) == 2
    renew(session)
    assert [copy.key for copy in session.scalars(select(WorkingCopy))] == ["new:uusi"]


def test_f29_what_only_one_of_two_changed_is_put_together(
    session: Session, member: Browser, author: User, make: Factory
) -> None:
    make.theme("kokeilukulttuuri")
    form = {
        "title": "Alku", "summary": "Alku.", "sector": "koko-kunta", "language": "fi",
        "organisation": author.memberships[0].organisation_id, "themes": ["kokeilukulttuuri"],
    }  # fmt: skip
    member.post("/teot/uusi", {**form, "action": "draft"})
    deed = session.scalars(select(Deed)).one()
    path = f"/teot/{deed.id}/muokkaa"
    renew(session)
    assert member.post(path, {**form, "title": "Kollegan otsikko", "version": 1}).status_code == 303
    answer = member.post(path, {**form, "need": "Oma tarve.", "version": 1}, follow_redirects=True)
    assert (answer.status_code, "Molemmat muutokset" in answer.text) == (200, True)
    renew(session)
    assert (deed.title, deed.need, deed.version) == ("Kollegan otsikko", "Oma tarve.", 3)


def test_f29_the_writer_chooses_between_two_texts(
    session: Session, member: Browser, author: User, make: Factory
) -> None:
    deed = make.deed(organisation_id=author.memberships[0].organisation_id, author_id=author.id)
    path = f"/teot/{deed.id}/taydenna/opit"
    member.post(path, {"lessons": "Kollegan oppi.", "obstacles": "Kollegan este.", "version": 1})
    mine = {"lessons": "Oma oppi.", "obstacles": "Oma este.", "version": 1}
    answer = member.post(path, mine)
    assert answer.status_code == 409
    assert answer.text.count('value="theirs"') == 2
    # What was changed once more meanwhile is not taken unseen.
    member.post(path, {"lessons": "Kollegan kolmas.", "obstacles": "Kollegan este.", "version": 2})
    late = member.post(path, {**mine, "version": 2, "keep-lessons": "theirs", "keep-obstacles": "ours"})
    assert (late.status_code, "Kollegan kolmas." in late.text) == (409, True)
    answer = member.post(path, {**mine, "version": 3, "keep-lessons": "theirs", "keep-obstacles": "ours"})
    assert answer.status_code == 303
    renew(session)
    assert (deed.lessons, deed.obstacles) == ("Kollegan kolmas.", "Oma este.")
