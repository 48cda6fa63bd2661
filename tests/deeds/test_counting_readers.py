"""How many read a deed: once a day, nobody's name, nothing kept after midnight."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL, Browser, MakeApp
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori import web_server
from tori.adoptions import author as authors
from tori.config import ROOT
from tori.core import clock
from tori.deeds import readings
from tori.models.deeds import Comment, CommentKind, Deed, DeedStatus
from tori.models.people import Role, User
from tori.models.reading import DeedReading, SavedDeed

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"
NOON = datetime(2026, 11, 26, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)
"""Half past midnight in Finland, while it is still the day before elsewhere."""


@pytest.fixture(autouse=True)
def memory() -> Iterator[readings._Memory]:
    fresh = readings._Memory()
    before, readings._memory = readings._memory, fresh
    yield fresh
    readings._memory = before


@pytest.fixture
def deed(make: Factory) -> Deed:
    deed: Deed = make.deed("Kirjaston aamu")
    return deed


def path_of(deed: Deed) -> str:
    return f"/teot/{deed.id}-{deed.slug}"


def read(client: FlaskClient, path: str, address: str = "192.0.2.7", agent: str = FIREFOX, **headers: str) -> None:
    while path:
        answer = client.get(path, headers={"User-Agent": agent, **headers}, environ_base={"REMOTE_ADDR": address})
        path = answer.location
    assert answer.status_code == 200


def rows(session: Session) -> list[tuple[int, date, str, int]]:
    readings.write()
    session.rollback()
    found = session.scalars(select(DeedReading).order_by(DeedReading.deed_id, DeedReading.day, DeedReading.channel))
    return [(row.deed_id, row.day, row.channel, row.readers) for row in found]


def test_a_reader_counts_once_a_day_for_each_deed(
    client: FlaskClient, session: Session, make: Factory, deed: Deed
) -> None:
    other = make.deed("Uimahallin vuorot")
    with clock.frozen(NOON):
        for _ in range(3):
            read(client, path_of(deed))
        read(client, path_of(other))
        read(client, path_of(deed), address="192.0.2.8")
        read(client, path_of(deed), agent=FIREFOX.replace("140", "141"))
        assert rows(session) == [(deed.id, date(2026, 11, 26), "", 3), (other.id, date(2026, 11, 26), "", 1)]
        read(client, path_of(deed))
    with clock.frozen(NIGHT):
        read(client, path_of(deed))
        assert rows(session)[:2] == [(deed.id, date(2026, 11, 26), "", 3), (deed.id, date(2026, 11, 27), "", 1)]


@pytest.mark.parametrize(
    ("agent", "headers"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", {}),
        ("curl/8.5", {}),
        ("", {}),
        (FIREFOX, {"Sec-Purpose": "prefetch;prerender"}),
    ],
)
def test_programs_do_not_count(
    client: FlaskClient, session: Session, deed: Deed, agent: str, headers: dict[str, str]
) -> None:
    read(client, path_of(deed), agent=agent, **headers)
    assert rows(session) == []


def test_makers_do_not_count_but_others_who_signed_in_do(
    app: Flask, session: Session, make: Factory, deed: Deed
) -> None:
    home = make.organisation("Nokian kaupunki")
    author, friend, colleague = (make.user(organisation=home) for _ in range(3))
    deed.author_id = author.id
    deed.co_authors = [friend]
    session.commit()
    for number, user in enumerate((author, friend, colleague)):
        browser = Browser(app).sign_in(user)
        read(browser.client, path_of(deed), address=f"192.0.2.{number}")
        if user is not colleague:
            assert rows(session) == []
    assert [row[3] for row in rows(session)] == [1]


def test_what_is_not_public_is_not_counted(app: Flask, session: Session, make: Factory) -> None:
    draft = make.deed("Kesken", status=DeedStatus.DRAFT)
    read(Browser(app).sign_in(make.user(role=Role.EDITOR)).client, path_of(draft))
    assert rows(session) == []


def test_the_tag_of_a_link_is_the_channel_and_lives_through_redirects(
    client: FlaskClient, session: Session, deed: Deed
) -> None:
    read(client, f"/t/{deed.id}?lahde=some", address="192.0.2.1")
    read(client, f"/teot/{deed.id}-vanha-nimi?lahde=uutiskirje", address="192.0.2.2")
    read(client, f"{path_of(deed)}?lahde=keksitty", address="192.0.2.3")
    read(client, f"{path_of(deed)}?lahde=intranet", address="192.0.2.3")
    assert [(row[2], row[3]) for row in rows(session)] == [("", 1), ("some", 1), ("uutiskirje", 1)]
    page = client.get(f"{path_of(deed)}?lahde=some").text
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{path_of(deed)}">' in page


def test_kept_pages_count_too(make_app: MakeApp, session: Session, deed: Deed) -> None:
    client = make_app(page_cache_mb=1, page_cache_check_ms=0, development=True).test_client()
    assert client.head(path_of(deed), headers={"User-Agent": FIREFOX}).status_code == 200
    for number in (1, 1, 2, 3):
        read(client, path_of(deed), address=f"192.0.2.{number}")
    read(client, path_of(deed), address="192.0.2.4", agent="Googlebot/2.1")
    client.head(path_of(deed), headers={"User-Agent": FIREFOX}, environ_base={"REMOTE_ADDR": "192.0.2.5"})
    assert [row[3] for row in rows(session)] == [3]


def test_a_head_alone_is_no_reading(client: FlaskClient, session: Session, deed: Deed) -> None:
    client.head(path_of(deed), headers={"User-Agent": FIREFOX})
    assert rows(session) == []


# What is kept


def test_nothing_of_the_reader_is_stored(
    client: FlaskClient, session: Session, deed: Deed, memory: readings._Memory
) -> None:
    with clock.frozen(NOON):
        read(client, path_of(deed))
        assert len(memory.seen) == 1
        assert len(memory.salt) == readings.SALT_BYTES
        held = repr(vars(memory))
        assert "192.0.2.7" not in held
        assert "Firefox" not in held
        assert rows(session) == [(deed.id, date(2026, 11, 26), "", 1)]
    assert {column.name for column in DeedReading.__table__.columns} == {"deed_id", "day", "channel", "readers"}


def test_what_is_known_of_readers_is_gone_after_midnight(
    client: FlaskClient, deed: Deed, memory: readings._Memory
) -> None:
    with clock.frozen(NOON):
        read(client, path_of(deed))
        salt, seen = memory.salt, set(memory.seen)
        readings.forget()
        assert memory.seen == seen, "the day is not over"
    with clock.frozen(NIGHT):
        readings.forget()
        assert (memory.day, memory.salt, memory.seen) == (None, b"", set())
        read(client, path_of(deed))
        assert memory.salt != salt
        assert not memory.seen & seen


def test_midnight_comes_by_itself(
    app: Flask, deed: Deed, memory: readings._Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[float, object]] = []
    monkeypatch.setattr(readings, "_start", lambda seconds, work, *given: started.append((seconds, work)) or "timer")
    client = app.test_client()
    app.testing = False
    # The limits of reading write by a timer of their own, which would outlive the test.
    monkeypatch.setattr(app.extensions["tori.reading_limits"], "_timer", object())
    with clock.frozen(NOON):
        read(client, path_of(deed))
        read(client, path_of(deed), address="192.0.2.8")
    assert started == [(12 * 3600 + 1, readings.forget), (readings.WRITTEN_EVERY_SECONDS, readings._write_later)]


def test_memory_is_bounded(
    client: FlaskClient, session: Session, deed: Deed, memory: readings._Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "MOST_SEEN", 3)
    for number in range(9):
        read(client, path_of(deed), address=f"192.0.2.{number}")
    assert len(memory.seen) == 3
    assert [row[3] for row in rows(session)] == [3]


def test_reading_writes_nothing_and_costs_no_statement(app: Flask, client: FlaskClient, deed: Deed) -> None:
    client.get(path_of(deed))
    with counted_queries(app) as counted:
        read(client, path_of(deed))
    with counted_queries(app) as without:
        read(client, path_of(deed), agent="Googlebot/2.1")
    assert len(counted) == len(without)
    assert not [text for text in counted if text.startswith(("INSERT", "UPDATE", "DELETE")) or "deed_reading" in text]


# Writing


def test_what_could_not_be_written_waits(
    app: Flask, client: FlaskClient, session: Session, deed: Deed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise OperationalError("INSERT", {}, Exception("locked"))

    read(client, path_of(deed))
    with monkeypatch.context() as broken:
        broken.setattr(readings, "_add", fail)
        readings._write_later(app)
    read(client, path_of(deed), address="192.0.2.8")
    assert [row[3] for row in rows(session)] == [2]
    assert readings.write() == 0


def test_a_deed_that_went_meanwhile_takes_no_others_along(
    client: FlaskClient, session: Session, make: Factory, deed: Deed
) -> None:
    gone = make.deed("Poistettu")
    read(client, path_of(gone))
    read(client, path_of(deed))
    session.delete(gone)
    session.commit()
    assert [(row[0], row[3]) for row in rows(session)] == [(deed.id, 1)]


SECOND_PROCESS = """
import sys
from pathlib import Path
from tori import create_app
from tori.config import load_config
from tori.deeds import readings
app = create_app(load_config({}, instance=Path(sys.argv[1]), database_url=sys.argv[2], secret_key="test",
                             page_cache_mb=0, development=True))
app.testing = True
client = app.test_client()
for turn in range(5):
    for path in sys.argv[4:]:
        agent = f"Mozilla/5.0 Firefox/{sys.argv[3]}{turn}"
        assert client.get(path, headers={"User-Agent": agent}).status_code == 200
    with app.app_context():
        readings.write()
"""


def test_processes_add_up(app: Flask, session: Session, make: Factory) -> None:
    paths = [path_of(make.deed(f"Teko {number}")) for number in range(3)]
    instance = str(app.extensions["tori"].instance)
    processes = [
        subprocess.Popen([sys.executable, "-c", SECOND_PROCESS, instance, TEST_DATABASE_URL, name, *order], cwd=ROOT)
        for name, order in (("1", paths), ("2", paths[::-1]))
    ]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    assert [row[3] for row in rows(session)] == [10, 10, 10]


def test_a_web_process_that_ends_writes_what_it_counted(
    app: Flask, client: FlaskClient, session: Session, deed: Deed, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(client, path_of(deed))
    worker = SimpleNamespace(wsgi=app)
    with monkeypatch.context() as broken:
        broken.setattr(readings, "_add", Mock(side_effect=OperationalError("INSERT", {}, Exception("locked"))))
        web_server.worker_exit(None, worker)
    web_server.worker_exit(None, worker)
    web_server.worker_exit(None, SimpleNamespace())
    assert session.scalars(select(DeedReading.readers)).all() == [1]


# Shown


@pytest.fixture
def author(session: Session, make: Factory, deed: Deed) -> User:
    """The author of a deed that was read 1,234 times this month and 5 times two months ago, and of another."""
    author: User = make.user(organisation=make.organisation("Nokian kaupunki"))
    deed.author_id = author.id
    make.deed("Uimahallin vuorot", author_id=author.id)
    today = clock.today()
    reader = make.user()
    session.add_all(
        [
            DeedReading(deed_id=deed.id, day=today, channel="", readers=1_000),
            DeedReading(deed_id=deed.id, day=today, channel="uutiskirje", readers=234),
            DeedReading(deed_id=deed.id, day=clock.shift_months(today.replace(day=1), -2), channel="some", readers=5),
            DeedReading(deed_id=deed.id, day=today - timedelta(days=800), channel="", readers=7),
            SavedDeed(deed_id=deed.id, user_id=reader.id),
            Comment(deed_id=deed.id, author_id=reader.id, body="Miten?", html="", kind=CommentKind.QUESTION),
        ]
    )
    session.commit()
    return author


def test_the_author_sees_readers_by_deed_month_and_channel(
    session: Session, browser: Browser, deed: Deed, author: User
) -> None:
    lives = authors.lives(session, author)
    assert {life.id: life.readers for life in lives}[deed.id] == 1_246
    year = authors.year_of(session, author, [])
    assert [row.readers for row in year.months] == [*[0] * 9, 5, 0, 1_234]
    assert (year.months[-1].saves, year.months[-1].questions) == (1, 1)
    assert year.channels == [("", 1_000), ("uutiskirje", 234), ("some", 5)]
    page = browser.sign_in(author).get("/oma/teot").text
    assert "1\u00a0246" in page
    assert "1\u00a0234" in page
    assert "Uutiskirje" in page


def test_the_page_takes_as_many_statements_for_many_deeds(
    app: Flask, session: Session, make: Factory, browser: Browser, author: User
) -> None:
    browser.sign_in(author)
    assert browser.get("/oma/teot").status_code == 200
    with counted_queries(app) as few:
        browser.get("/oma/teot")
    for number in range(8):
        deed = make.deed(f"Lisää {number}", author_id=author.id)
        session.add(DeedReading(deed_id=deed.id, day=clock.today(), channel="", readers=3))
    session.commit()
    with counted_queries(app) as many:
        browser.get("/oma/teot")
    assert len(few) == len(many)


def test_nobody_else_sees_readers(client: FlaskClient, deed: Deed, author: User) -> None:
    assert "1\u00a0234" not in client.get(path_of(deed)).text
    assert client.get("/oma/teot").status_code in (302, 303)


def test_editors_see_what_is_read_and_from_where(make: Factory, browser: Browser, deed: Deed, author: User) -> None:
    page = browser.sign_in(make.user(role=Role.EDITOR)).get("/hallinta/haut").text
    assert "1\u00a0234" in page
    assert path_of(deed) in page
    assert "Uutiskirje" in page
    assert "1\u00a0239" not in page, "older than thirty days"


def test_the_privacy_statement_tells_it(client: FlaskClient) -> None:
    assert "until midnight a fingerprint" in client.get("/en/tietosuoja").text
