"""Going, and what is kept how long. Names begin with the id of the case where there is one."""

import io
import json
import zipfile
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import PASSWORD, Browser
from tests.factories import Factory
from tests.media import samples
from tests.media.test_pages import send
from tori.accounts import erasure, jobs
from tori.accounts.export import TOLD_ABOVE, everything_about
from tori.config import Config
from tori.core import clock
from tori.database import transaction
from tori.models.base import Base
from tori.models.deeds import Comment, Deed, DeedStatus
from tori.models.operations import AuditEntry, Feedback, Notification, OutboxMail
from tori.models.people import BrowserSession, Organisation, Role, User
from tori.models.reading import SavedDeed
from tori.models.searching import SavedSearch
from tori.web import retention

NAME, ADDRESS = "Katoava Kehittäjä", "katoava@nokia.example.org"


@pytest.fixture
def config(app: Flask) -> Config:
    return app.extensions["tori"]  # type: ignore[no-any-return]


@pytest.fixture
def nokia(make: Factory) -> Organisation:
    return make.organisation("Nokian kaupunki", domain="nokia.example.org")


@pytest.fixture
def person(make: Factory, nokia: Organisation) -> User:
    return make.user(ADDRESS, organisation=nokia, display_name=NAME)


def fresh(session: Session) -> Session:
    session.rollback()
    session.expire_all()
    return session


def later(days: int) -> AbstractContextManager[None]:
    return clock.frozen(clock.now() + timedelta(days=days, minutes=1))


def everywhere(session: Session, words: str) -> list[str]:
    """The columns of the whole database in which the words stand."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            found += [f"{table.name}.{name}" for name, value in row.items() if words.lower() in str(value).lower()]
    return found


def test_somebody_has_fourteen_days_to_change_their_mind(
    app: Flask, browser: Browser, person: User, session: Session, config: Config
) -> None:
    browser.sign_in(person)
    assert browser.post("/oma/poista", {"current": "väärä salasana"}).status_code == 422
    assert browser.post("/oma/poista", {"current": PASSWORD}).status_code == 303
    assert mails(session)[-1].event == "erasure_asked"
    with app.test_request_context(), later(13):
        assert erasure.erase_due(config) == 0
    session.rollback()
    assert browser.post("/oma/poista/peru").status_code == 303
    with app.test_request_context(), later(15):
        assert erasure.erase_due(config) == 0
    assert fresh(session).get(User, person.id) is not None
    events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events[-2:] == ["ErasureAsked", "ErasureCancelled"]


def test_g03_erasing_takes_the_person_out_of_everything_and_leaves_the_deed(
    app: Flask, browser: Browser, person: User, nokia: Organisation, make: Factory, session: Session, config: Config
) -> None:
    number = person.id
    deed = make.deed("Jää kaupungille", organisation_id=nokia.id, author_id=number)
    browser.sign_in(person)
    browser.post(f"/teot/{make.deed('Toinen').id}/kommentit", {"body": "Hieno!", "kind": "comment"})
    session.add_all(
        [
            SavedDeed(user_id=number, deed_id=deed.id, note="oma muistiinpano"),
            SavedSearch(user_id=number, name="haku", query="q=x"),
            Notification(user_id=number, kind="adopted", deed_id=deed.id),
            Feedback(topic="idea", body="Kiitos", email=ADDRESS),
            OutboxMail(event="x", recipient=ADDRESS, subject=f"Hei {NAME}", body_text=NAME, body_html=NAME,
                       message_id="<1@x>", due_at=clock.now()),
        ]
    )  # fmt: skip
    session.commit()
    assert NAME in app.test_client().get(f"/teot/{deed.id}-{deed.slug}").text
    browser.post("/oma/poista", {"current": PASSWORD})
    with app.test_request_context(), later(14):
        assert erasure.erase_due(config) == 1
    fresh(session)
    assert everywhere(session, NAME) == []
    assert set(everywhere(session, ADDRESS)) <= {"outbox_mail.recipient"}, "only the mail that says good-bye"
    assert [mail.event for mail in session.scalars(select(OutboxMail).where(OutboxMail.recipient == ADDRESS))] == [
        "erased"
    ]
    for table in (SavedDeed, SavedSearch, Notification, BrowserSession):
        rows = session.scalar(select(func.count()).select_from(table).where(table.user_id == number))
        assert rows == 0, table
    assert session.get_one(Deed, deed.id).author_id is None
    assert session.scalars(select(Comment.author_id)).all() == [None]
    session.rollback()
    client = app.test_client()
    for path in (f"/teot/{deed.id}-{deed.slug}", "/teot.atom", "/teot.csv", f"/api/v1/deeds/{deed.id}", "/"):
        assert NAME not in client.get(path).text, path
    page = client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert "Jää kaupungille" in page
    assert "Poistunut käyttäjä" in page
    assert "Poistunut käyttäjä" not in client.get(f"/teot/{make.deed('Arkistosta').id}", follow_redirects=True).text
    assert browser.get("/oma").status_code == 302


def test_the_number_of_an_erased_account_is_never_given_again(
    app: Flask, person: User, make: Factory, session: Session, config: Config
) -> None:
    number = person.id
    with app.test_request_context(), transaction() as rows:
        erasure.erase(rows, rows.get_one(User, number), config)
    session.rollback()
    assert make.user().id > number


def test_f12_somebody_erased_stays_erased_when_a_backup_brings_them_back(
    app: Flask, person: User, session: Session, config: Config, make: Factory
) -> None:
    row = {column.name: getattr(person, column.name) for column in User.__table__.columns}
    with app.test_request_context(), transaction() as rows:
        erasure.erase(rows, rows.get_one(User, person.id), config)
    path = Path(config.instance / "erased")
    assert path.stat().st_mode & 0o077 == 0
    assert ADDRESS not in path.read_text()
    session.rollback()
    session.expire_all()
    session.execute(User.__table__.insert().values(**row))
    session.commit()
    other = make.user()
    session.rollback()
    with app.test_request_context():
        assert erasure.erase_again(config) == 1
        assert erasure.erase_again(config) == 0
    fresh(session)
    assert session.get(User, row["id"]) is None
    assert session.get(User, other.id) is not None


def test_an_account_with_the_number_of_an_erased_one_is_left_alone(
    app: Flask, person: User, session: Session, config: Config
) -> None:
    (config.instance / "erased").write_text(f"{person.id} {'0' * 64}\n")
    with app.test_request_context():
        assert erasure.erase_again(config) == 0
    assert fresh(session).get(User, person.id) is not None


def test_the_last_administrator_can_not_go(browser: Browser, make: Factory, session: Session) -> None:
    browser.sign_in(make.user(role=Role.ADMIN))
    assert browser.post("/oma/poista", {"current": PASSWORD}).status_code == 422
    session.rollback()
    make.user(role=Role.ADMIN)
    session.rollback()
    assert browser.post("/oma/poista", {"current": PASSWORD}).status_code == 303


# Everything in one press


def test_z20_everything_comes_in_one_archive_for_its_owner_only(
    app: Flask, browser: Browser, person: User, nokia: Organisation, make: Factory, session: Session
) -> None:
    deed = make.deed("Oma teko", organisation_id=nokia.id, author_id=person.id)
    browser.sign_in(person)
    send(browser, deed.id, (samples.picture_bytes(), "kuva.png"), **{"new-0-alt": "Ranta", "new-0-has_consent": "y"})
    session.rollback()
    answer = browser.get("/oma/vienti.zip?email=toinen@example.org&id=1")
    assert answer.headers["Cache-Control"] == "private, no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    answer.close()
    data = json.loads(archive.read("omat-tiedot.json"))
    assert data["account"]["email"] == ADDRESS
    pictures = [name for name in archive.namelist() if name.startswith("kuvat/")]
    assert pictures
    assert archive.read(pictures[0])[8:12] == b"WEBP"
    assert session.scalars(select(AuditEntry).where(AuditEntry.event == "DataTaken")).one().actor_id == person.id
    session.rollback()
    other = Browser(app).sign_in(make.user())
    with other.get(f"/oma/vienti.zip?email={ADDRESS}&id={person.id}") as answer:
        assert ADDRESS.encode() not in zipfile.ZipFile(io.BytesIO(answer.data)).read("omat-tiedot.json")
    assert app.test_client().get("/oma/vienti.zip").status_code == 302


def test_z20_every_table_that_names_a_person_is_in_the_export(session: Session, person: User) -> None:
    tables = {
        table.name for table in Base.metadata.sorted_tables
        if any(key.column.table is User.__table__ for key in table.foreign_keys)
    }  # fmt: skip
    assert tables >= TOLD_ABOVE, "a name that is no table any more"
    told = everything_about(session, person)
    session.add(SavedSearch(user_id=person.id, name="haku", query="q=x"))
    session.commit()
    assert {"account", "deeds", "comments", "other", "log"} <= set(told)
    assert everything_about(session, person)["saved_searches"]


# How long


def test_accounts_long_unseen_are_asked_and_then_erased(
    app: Flask, session: Session, make: Factory, person: User, config: Config
) -> None:
    person.seen_on = clock.today()
    editor = make.user(role=Role.EDITOR, seen_on=clock.today())
    session.commit()
    with app.test_request_context():
        with later(700):
            assert jobs.ask_idle(config) == 0
        with later(740):
            assert jobs.ask_idle(config) == 1
            assert jobs.ask_idle(config) == 0
            assert jobs.erase_idle(config) == 0
        assert mails(session)[-1].event == "still_needed"
        session.rollback()
        with later(820):
            assert jobs.erase_idle(config) == 0
        with later(835):
            assert jobs.erase_idle(config) == 1
    fresh(session)
    assert session.get(User, person.id) is None
    assert session.get(User, editor.id) is not None, "a role is not lost by being away"


def test_signing_in_is_the_answer_to_the_question(
    app: Flask, browser: Browser, session: Session, person: User, config: Config
) -> None:
    person.seen_on = clock.today() - timedelta(days=800)
    session.commit()
    with app.test_request_context():
        assert jobs.ask_idle(config) == 1
    session.rollback()
    browser.sign_in(person)
    assert fresh(session).get_one(User, person.id).asked_idle_on is None
    session.rollback()
    with app.test_request_context(), later(120):
        assert jobs.erase_idle(config) == 0


def test_old_drafts_go_a_month_after_their_writer_was_told(
    app: Flask, session: Session, make: Factory, person: User, config: Config
) -> None:
    make.deed("Vanha", status=DeedStatus.DRAFT, author_id=person.id, updated_at=clock.now())
    make.deed("Tuore", status=DeedStatus.DRAFT, author_id=person.id, updated_at=clock.now() + timedelta(days=600))
    make.deed("Julkinen", updated_at=clock.now() - timedelta(days=900))
    session.rollback()
    with app.test_request_context():
        with later(600):
            assert retention.sweep_old_drafts(config) == 0
        assert mails(session) == []
        with later(705):
            assert retention.sweep_old_drafts(config) == 0
        assert mails(session)[-1].event == "draft_old"
        session.rollback()
        with later(750):
            assert retention.sweep_old_drafts(config) == 1
    assert set(fresh(session).scalars(select(Deed.title))) == {"Tuore", "Julkinen"}


def test_texts_of_removed_comments_and_whole_addresses_go_after_a_month(
    app: Flask, session: Session, make: Factory, person: User, config: Config
) -> None:
    deed = make.deed()
    moment = clock.now()
    for days in (10, 31):
        session.add(
            Comment(deed_id=deed.id, author_id=person.id, body=f"Sana {days}", html="x",
                    removed_at=moment - timedelta(days=days))
        )  # fmt: skip
        for source in ("web 192.0.2.17", "web 2001:db8:1:2::3", "worker"):
            session.add(AuditEntry(event="DeedSaved", source=source, created_at=moment - timedelta(days=days)))
    session.commit()
    with app.test_request_context():
        retention.sweep_old_rows(config)
    fresh(session)
    assert session.scalars(select(Comment.body).order_by(Comment.id)).all() == ["Sana 10", ""]
    sources = session.scalars(select(AuditEntry.source).where(AuditEntry.event == "DeedSaved").order_by(AuditEntry.id))
    assert list(sources) == [
        "web 192.0.2.17", "web 2001:db8:1:2::3", "worker", "web 192.0.2.0/24", "web 2001:db8:1::/48", "worker",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-01-31", 1, "2026-02-28"), ("2024-03-31", -1, "2024-02-29"), ("2026-11-26", -24, "2024-11-26"),
     ("2026-12-15", 1, "2027-01-15"), ("2026-01-15", -13, "2024-12-15")],
)  # fmt: skip
def test_months_are_counted_by_the_calendar(day: str, months: int, expected: str) -> None:
    from datetime import date

    assert clock.shift_months(date.fromisoformat(day), months).isoformat() == expected


def test_the_privacy_page_tells_the_real_times(make_app: object) -> None:
    page = make_app(  # type: ignore[operator]
        erasure_days=17, draft_months=19, idle_erase_months=31, address_days=23, audit_months=37
    )
    told = page.test_client().get("/en/tietosuoja").text
    for words in ("17 days", "19 months", "31 months", "23 days", "37 months"):
        assert words in told, words


def test_f12_a_restore_leaves_the_list_of_the_erased(config: Config) -> None:
    from tori import backup

    assert backup._is_ours("erased")
    assert not backup._is_ours("uploads")


def test_foreign_keys_are_what_erases(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is User.__table__:
                assert key.ondelete in ("CASCADE", "SET NULL"), f"{table.name}.{key.parent.name}"


def test_g03_every_column_that_may_hold_an_address_is_thought_of() -> None:
    known = {(column.class_.__tablename__, column.key) for column in (*erasure.GOES, *erasure.EMPTIED)}
    known |= {("user", "email"), ("notification", "address")}  # the account itself; a path of the site
    columns = {
        (table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns
        if any(word in column.name for word in ("email", "recipient", "address"))
    }  # fmt: skip
    assert columns - known == set(), "an erased person would stay here: name it in tori.accounts.erasure"
