"""Stored pages: the same as made anew after every change, at the price of one statement, shared by processes."""

import gzip
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori import ahead, database, wiring
from tori.config import Config
from tori.conversation import service as talk
from tori.core import events
from tori.core.events import Event
from tori.database import db, transaction
from tori.deeds import adoptions, growing, history, keeping, lifecycle, listing, requests, review, service
from tori.deeds.content import content_of
from tori.deeds.list_rows import stored_rows
from tori.edge import stored
from tori.edge.shelf import FILE, Entry, Piece, Shelf
from tori.i18n import LOCALES
from tori.models.deeds import Adoption, Comment, CommentKind, Deed, DeedStatus, Gain
from tori.models.people import Role, User
from tori.notifications.changes import ONE_DEED, TOLD_ANEW, note_indexed, note_pages, quick_stamps
from tori.policy import Actor
from tori.search import indexing
from tori.web import ready_pages


@pytest.fixture
def app(app: Flask, make_app: MakeApp) -> Flask:
    return make_app(stored_pages_mb=4, shared_pages_mb=20)


@pytest.fixture(autouse=True)
def a_quiet_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready_pages, "MOST_SECONDS", 600)


@pytest.fixture
def truth(app: Flask, make_app: MakeApp) -> FlaskClient:
    """An application on the same database that stores nothing."""
    return make_app(stored_pages_mb=0).test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        session = db.session()
        yield session
        session.close()


@dataclass
class Square:
    """Four deeds that stand on each other's shelf, three of one author, and somebody from elsewhere."""

    deeds: list[Deed]
    author: Actor
    reader: Actor
    editor: Actor


@pytest.fixture
def square(app: Flask, session: Session, make: Factory) -> Square:
    home = make.organisation("Nokian kaupunki")
    author: User = make.user(organisation=home, display_name="Torin tekijä")
    reader: User = make.user(organisation=make.organisation("Kemin kaupunki"), display_name="Torin lukija")
    editor: User = make.user(role=Role.ADMIN)
    titles = ("Kokous kävellen", "Kokous seisten", "Kokous ulkona", "Kokous etänä")
    deeds = [
        # Their makers name each other, so that all stand on the shelf of each.
        make.deed(
            title, author_id=None if number == 1 else author.id, organisation_id=home.id, external_id=title,
            related=[other for other in titles if other != title],
        )
        for number, title in enumerate(titles)
    ]  # fmt: skip
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    session.rollback()
    return Square(deeds, Actor(author), Actor(reader), Actor(editor))


Step = Callable[[Session, Square], object]


def newest(session: Session, kind: type[Comment] | type[Adoption]) -> Comment | Adoption:
    row = session.query(kind).order_by(kind.id.desc()).first()
    assert row is not None
    return row


def first(square: Square) -> Deed:
    return square.deeds[0]


def say(kind: CommentKind, body: str) -> Step:
    return lambda session, on: talk.post(session, on.reader, first(on), body, kind)


def edit(title: str) -> Step:
    def step(session: Session, on: Square) -> object:
        deed = first(on)
        return service.edit(session, on.author, deed, replace(content_of(deed), title=title), deed.version)

    return step


def draft(session: Session, on: Square, **changes: object) -> Deed:
    content = replace(content_of(first(on)), title="Kokous portailla")
    made = service.write_draft(session, on.author, content, parent=first(on))
    for name, value in changes.items():
        setattr(made, name, value)
    session.flush()
    return made


def approved(session: Session, on: Square) -> None:
    made = draft(session, on, part_of_id=on.deeds[1].id)
    review.submit(session, on.author, made)
    review.approve(session, on.editor, made)


STEPS: dict[str, Step] = {
    "a comment": say(CommentKind.COMMENT, "Kokeilemme tätä keväällä."),
    "its correction": lambda session, on: talk.edit(session, on.reader, newest(session, Comment), "Syksyllä."),
    "its removal": lambda session, on: talk.remove(session, on.editor, newest(session, Comment), "Väärä paikka"),
    "a question": say(CommentKind.QUESTION, "Kuinka pitkä lenkki on?"),
    "an answer": lambda session, on: talk.post(
        session, on.author, first(on), "Kaksi kilometriä.", CommentKind.COMMENT, None, newest(session, Comment).id
    ),
    "thanks": lambda session, on: talk.thank(session, on.reader, first(on)),
    "thanks taken back": lambda session, on: talk.take_thanks_back(session, on.reader, first(on)),
    "kept": lambda session, on: keeping.keep(session, on.reader, first(on)),
    "let go": lambda session, on: keeping.let_go(session, on.reader, first(on).id),
    "asked for": lambda session, on: requests.ask(session, on.reader, first(on), "results"),
    "asking taken back": lambda session, on: requests.take_back(session, on.reader, first(on), "results"),
    "adopted": lambda session, on: adoptions.adopt(session, on.reader, first(on)),
    "the adoption told": lambda session, on: adoptions.describe(
        session, on.reader, newest(session, Adoption), adoptions.AdoptionDetails(status="kaytossa", note="Lyhyt")
    ),
    "what it gave": lambda session, on: adoptions.tell_gains(
        session, on.reader, newest(session, Adoption), [Gain.IDEAS]
    ),
    "the adoption undone": lambda session, on: adoptions.undo(session, on.reader, first(on)),
    "an update": lambda session, on: growing.add_update(
        session, on.author, first(on), date(2026, 10, 1), "Lenkki on nyt joka viikko."
    ),
    "the update taken away": lambda session, on: growing.remove_update(
        session, on.author, first(on), growing.updates_of(session, first(on).id)[0].id
    ),
    "edited": edit("Kokous hitaasti"),
    "edited again": edit("Kokous metsässä"),
    "an older version": lambda session, on: history.restore_version(
        session, on.author, first(on), first(on).version - 1, first(on).version
    ),
    "checked": lambda session, on: lifecycle.confirm_valid(session, on.author, first(on)),
    "a variant": lambda session, on: service.publish(session, on.author, draft(session, on)),
    "a part of another": approved,
    "a draft deleted": lambda session, on: service.delete_draft(session, on.author, draft(session, on)),
    "archived": lambda session, on: service.archive(session, on.author, first(on)),
    "restored": lambda session, on: service.publish(session, on.author, first(on)),
    "withdrawn": lambda session, on: service.withdraw(session, on.author, on.deeds[2], "Erehdys"),
}  # fmt: skip
"""In this order: some follow on those before them."""

pages_of = ["/", "/sv/", "/teot", "/sv/teot?kieli=fi", "/teot?q=kokous"]


def test_what_is_stored_never_differs_from_the_truth(
    app: Flask, truth: FlaskClient, session: Session, square: Square
) -> None:
    told: set[type[Event]] = set()
    events._handlers[Event].append(lambda session, event: told.add(type(event)))
    visitor, config = app.test_client(), app.extensions["tori"]
    addresses = [*pages_of, *(f"{start}/teot/{d.id}-{d.slug}" for d in square.deeds for start in ("", "/sv"))]

    def compare(name: str) -> None:
        for address in addresses:
            assert visitor.get(address).text == truth.get(address).text, (name, address)

    compare("nothing")
    for name, step in STEPS.items():
        with transaction() as rows:
            step(rows, square)
        compare(name)
        for queue in wiring.queues(config)[2:4]:
            queue.drain(config)
            compare(f"{name}, {queue.drain.__name__}")
    assert told >= ONE_DEED | TOLD_ANEW, "a change that leaves other pages stored must be tried here"


def test_a_stored_page_costs_no_statement_but_that_of_its_stamp(app: Flask, square: Square) -> None:
    client, deed = app.test_client(), first(square)
    path = f"/teot/{deed.id}-{deed.slug}"
    made = client.get(path)
    with counted_queries(app) as statements:
        again = client.get(path)
    assert statements == []
    assert (again.data, again.headers["ETag"]) == (made.data, made.headers["ETag"])
    assert again.headers["Cache-Control"] == "public, no-cache"


def test_a_comment_leaves_the_pages_of_other_deeds_stored(
    app: Flask, session: Session, square: Square, make: Factory
) -> None:
    client, commented = app.test_client(), square.deeds[1]
    alone = make.deed("Kirjaston iltapäivä")
    addresses = {deed.id: f"/teot/{deed.id}-{deed.slug}" for deed in (alone, commented)}
    shelf: Shelf = app.extensions["tori.shelf"]

    def entry_of(deed: Deed) -> Entry:
        client.get(addresses[deed.id])
        return next(entry for key, entry in shelf._entries.items() if f"{addresses[deed.id]}?" in key)

    before = {deed.id: entry_of(deed) for deed in (alone, commented)}
    with transaction() as rows:
        talk.post(rows, square.reader, commented, "Hyvä!", CommentKind.COMMENT)
    assert entry_of(alone) is before[alone.id]
    assert "Hyvä!" in gzip.decompress(entry_of(commented).body).decode()


def test_another_process_finds_the_page(
    app: Flask, make_app: MakeApp, square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed = first(square)
    path = f"/teot/{deed.id}-{deed.slug}"
    made = app.test_client().get(path)
    other = make_app(stored_pages_mb=4, shared_pages_mb=20)
    with counted_queries(other) as statements:
        assert other.test_client().get(path).data == made.data
    assert statements == []


def test_the_signed_in_get_and_leave_nothing_stored(browser: Browser, app: Flask, square: Square) -> None:
    user = square.reader.user
    assert user is not None
    browser.sign_in(user)
    deed = first(square)
    path = f"/teot/{deed.id}-{deed.slug}"
    assert user.display_name in browser.get(path).text
    assert user.display_name not in app.test_client().get(path).text
    assert user.display_name in browser.get(path).text


def test_odd_words_in_an_address_are_not_stored(app: Flask, square: Square) -> None:
    client, deed = app.test_client(), first(square)
    path = f"/teot/{deed.id}-{deed.slug}"
    plain = client.get(path).text
    assert client.get(f"{path}?utm=1").text == plain
    shelf: Shelf = app.extensions["tori.shelf"]
    count = len(shelf._entries)
    client.get(f"{path}?tilanne={'x' * 50}")
    assert len(shelf._entries) == count


def test_a_broken_file_costs_nobody_a_page(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database at all, only some bytes" * 100)
    shelf = Shelf(tmp_path, 1000, 1000)
    shelf.put("a", Entry("1", "e", b"page"))
    assert [entry.body for entry in shelf.candidates("a")] == [b"page"]


def test_a_locked_file_is_not_waited_for(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000, 10_000)
    shelf.put("a", Entry("1", "e", b"page"))
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        shelf.put("b", Entry("1", "e", b"other"))
        assert [entry.body for entry in shelf.candidates("b")] == [b"other"]
    finally:
        holder.close()


def test_both_shelves_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tori.edge.shelf.SWEEP_EVERY", 2)
    shelf = Shelf(tmp_path, 500, 2_000)
    for number in range(50):
        shelf.put(str(number), Entry("1", "e", b"x" * 100))
    assert shelf._size <= 500
    with sqlite3.connect(tmp_path / FILE) as file:
        assert file.execute("SELECT sum(size) FROM page").fetchone()[0] <= 2_200
    file.close()


def test_a_new_release_starts_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    config = app.extensions["tori"]
    before = stored._shape(config)
    assert before == stored._shape(config)
    assert before == stored._shape(replace(config, page_cache_mb=3, web_workers=7))
    assert before != stored._shape(replace(config, site_name="Toinen tori"))
    monkeypatch.setattr(stored, "SHAPES_PAGES", ("templates",))
    assert stored._shape(config) != before


def test_what_python_compiles_for_itself_is_no_new_release(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = app.extensions["tori"]
    code = tmp_path / "tori" / "views.py"
    compiled = code.parent / "__pycache__" / "views.pyc"
    compiled.parent.mkdir(parents=True)
    code.write_text("pass")
    monkeypatch.setattr(stored, "ROOT", tmp_path)
    before = stored._shape(config)
    compiled.write_bytes(b"by the first process that runs")
    assert stored._shape(config) == before
    code.write_text("return")
    assert stored._shape(config) != before


def test_drafts_are_not_stored(app: Flask, make: Factory, square: Square) -> None:
    draft = make.deed("Luonnos torille", status=DeedStatus.DRAFT)
    assert app.test_client().get(f"/teot/{draft.id}-{draft.slug}").status_code == 404
    shelf: Shelf = app.extensions["tori.shelf"]
    assert not any(f"/teot/{draft.id}-" in key for key in shelf._entries)


def test_a_stored_page_is_sent_packed_as_it_lies_there(app: Flask, make_app: MakeApp, square: Square) -> None:
    deed = first(square)
    path = f"/teot/{deed.id}-{deed.slug}"
    plain = app.test_client().get(path)
    packed = app.test_client().get(path, headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    with_cache = make_app(stored_pages_mb=4, shared_pages_mb=20, page_cache_mb=4)
    for accepted in ("", "gzip", ""):
        kept = with_cache.test_client().get(path, headers={"Accept-Encoding": accepted})
        assert kept.headers.get("Content-Encoding", "") == accepted
        assert (gzip.decompress(kept.data) if accepted else kept.data) == plain.data


def test_the_worker_makes_the_pages_of_all_deeds_before_anybody_asks(
    app: Flask, make_app: MakeApp, session: Session, square: Square, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed = first(square)
    paths = ["/", "/sv/", *(f"/teot/{row.id}-{row.slug}" for row in square.deeds)]
    monkeypatch.setattr(ready_pages, "NEWEST", 1)
    with app.app_context():
        config = app.extensions["tori"]
        assert ready_pages.make_ready(config) >= len(paths)
        assert ready_pages.make_ready(config) == 0
    other = make_app(stored_pages_mb=4, shared_pages_mb=20)
    client = other.test_client()
    for path in paths:
        with counted_queries(other) as statements:
            assert client.get(path).status_code == 200
        assert statements == [], path
    with transaction() as rows:
        service.archive(rows, square.author, deed)
    with app.app_context():
        assert ready_pages.make_ready(config) >= len(paths)
    with counted_queries(other) as statements:
        assert client.get(paths[2]).status_code == 200
    assert statements == []
    with transaction() as rows:
        talk.post(rows, square.reader, square.deeds[1], "Hyvä!", CommentKind.COMMENT)
    lonely = make.deed("Kirjaston iltapäivä")
    rows, pages = made_now(app, monkeypatch)
    assert rows == {square.deeds[1].id, lonely.id}
    assert pages[:3] == ["/", "/sv/", "/en/"]
    assert set(pages[3:]) == {f"/teot/{row.id}-{row.slug}" for row in (*square.deeds, lonely)}
    # Nothing has changed since.
    assert made_now(app, monkeypatch) == (set(), [])


def made_now(app: Flask, monkeypatch: pytest.MonkeyPatch) -> tuple[set[int], list[str]]:
    """What a worker that has just begun makes: rows of these deeds, and pages."""
    rows: set[int] = set()
    pages: list[str] = []
    make_rows, make_pages = ready_pages._make_rows, ready_pages._make_pages
    with monkeypatch.context() as patched, app.app_context():
        patched.setattr(ready_pages, "_make_rows", lambda *given: rows.update(given[-1]) or make_rows(*given))
        patched.setattr(ready_pages, "_make_pages", lambda *given: pages.extend(given[-1]) or make_pages(*given))
        app.extensions.pop(ready_pages._KEY, None)
        while ready_pages.make_ready(app.extensions["tori"]):
            pass
    return rows, pages


def make_as_at_the_start(config: Config) -> None:
    indexing.rebuild(db.session(), wiring.engine_of(config))
    assert ahead.make_ready(current_app._get_current_object(), config)  # type: ignore[attr-defined]


@pytest.mark.parametrize("maker", [ready_pages.make_ready, make_as_at_the_start])
def test_what_is_made_ahead_is_in_the_language_of_its_address(
    maker: Callable[[Config], object], app: Flask, make_app: MakeApp, truth: FlaskClient, square: Square
) -> None:
    with app.app_context():
        maker(app.extensions["tori"])
    client = make_app(stored_pages_mb=4, shared_pages_mb=20).test_client()
    for path in ("/", "/sv/", "/en/", "/teot", "/sv/teot", "/en/teot"):
        assert client.get(path).data == truth.get(path).data, path


def test_the_worker_leaves_room_on_a_full_shelf(app: Flask, square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready_pages, "NEWEST", 1)
    monkeypatch.setattr(ready_pages, "LEFT_FREE", 2)
    rows, pages = made_now(app, monkeypatch)
    assert (len(pages), rows) == (len(["/", "/sv/", "/en/", "the newest"]), set())


def test_the_worker_goes_on_where_it_was_after_a_change(
    app: Flask, square: Square, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready_pages, "AT_ONCE", 1)
    config, asked = app.extensions["tori"], []
    make_rows = ready_pages._make_rows

    def make_and_stop(*given: Any) -> None:
        asked.extend(given[-1])
        make_rows(*given)
        monkeypatch.setattr(ready_pages, "MOST_SECONDS", -1 if len(asked) == 1 else 600)

    monkeypatch.setattr(ready_pages, "_make_rows", make_and_stop)
    with app.app_context():
        ready_pages.make_ready(config)
        assert len(asked) == 1
        newest = make.deed("Kirjaston iltapäivä")
        with transaction() as rows:
            note_indexed(rows)
        monkeypatch.setattr(ready_pages, "MOST_SECONDS", 600)
        assert ready_pages.make_ready(config) > 0
        assert ready_pages.make_ready(config) == 0
    assert sorted(asked) == sorted([*(row.id for row in square.deeds), newest.id] * len(LOCALES))
    assert newest.id not in asked[: len(square.deeds)]


def test_another_process_goes_on_where_one_had_to_stop(
    app: Flask, square: Square, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready_pages, "AT_ONCE", 1)
    monkeypatch.setattr(ready_pages, "NEWEST", 0)
    config, asked = app.extensions["tori"], []
    make_rows = ready_pages._make_rows

    def make_and_stop(*given: Any) -> None:
        asked.extend(given[-1])
        if len(asked) == 1 + len(LOCALES):
            raise KeyboardInterrupt
        make_rows(*given)

    monkeypatch.setattr(ready_pages, "_make_rows", make_and_stop)
    with app.app_context():
        with pytest.raises(KeyboardInterrupt):
            ready_pages.make_ready(config)
        app.extensions.pop(ready_pages._KEY)
        while ready_pages.make_ready(config):
            pass
    newest, second, *others = [deed.id for deed in sorted(square.deeds, key=lambda deed: deed.published_at)][::-1]
    assert asked == [newest] * len(LOCALES) + [second] + [
        deed_id for deed_id in (second, *others) for _locale in LOCALES
    ]
    # At the end it begins with the newest again.
    assert made_now(app, monkeypatch) == (set(), [])
    assert ready_pages._reached[0] == 0


def test_a_list_that_nobody_has_asked_for_is_put_together_of_stored_rows(
    app: Flask, make_app: MakeApp, square: Square
) -> None:
    with app.app_context():
        ready_pages.make_ready(app.extensions["tori"])
    other = make_app(stored_pages_mb=4, shared_pages_mb=20)
    client = other.test_client()
    # The names of the facets are read once for a state of the content.
    client.get("/teot?sivu=2")
    with counted_queries(other) as statements:
        page = client.get("/teot?jarjestys=mallia&kieli=fi").text
    assert all(deed.title in page for deed in square.deeds)
    assert statements == []


def searched(client: FlaskClient, words: str) -> list[str]:
    """The summaries or passages of the hits."""
    return re.findall(r'<p class="card-summary"[^>]*>(.*?)</p>', client.get(f"/teot?q={words}").text)


@pytest.fixture
def told(session: Session, make: Factory, app: Flask) -> list[Deed]:
    """Deeds of which a search finds different parts."""
    long = "Aluksi kerrottiin muusta, sitten vielä jostakin. " * 5
    deeds = [
        make.deed("Yksi", summary="Äidit ja isät lukivat kirjastossa."),
        make.deed("Kaksi", summary="Muu teko.", need="Kirjastolla ei ollut aikaa."),
        make.deed("Kolme", summary="Kirjasto & <b>koulu</b> yhdessä."),
        make.deed("Neljä", summary=f"{long}Lopuksi avattiin kirjasto."),
        make.deed("Viisi: kirjasto", summary="Vain otsikko kertoo."),
        make.deed("Kuusi", summary="Biblioteket öppnades.", language="sv", need="Kirjaston aamu."),
    ]
    indexing.rebuild(session, wiring.engine_of(app.extensions["tori"]))
    session.rollback()
    return deeds


def test_stored_rows_are_marked_as_an_analysis_of_the_texts_would(
    app: Flask, make_app: MakeApp, told: list[Deed]
) -> None:
    truth = make_app(stored_pages_mb=0, shared_pages_mb=0)
    with app.app_context():
        ready_pages.make_ready(app.extensions["tori"])
    for words in ("kirjasto", "kirjastossa", "%C3%A4iti+kirjasto", "bibliotek", "otsikko"):
        wanted = searched(truth.test_client(), words)
        assert any("<mark>" in text for text in wanted)
        assert searched(make_app(stored_pages_mb=4, shared_pages_mb=20).test_client(), words) == wanted


def test_a_summary_that_says_it_is_not_read_again(
    app: Flask, told: list[Deed], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        ready_pages.make_ready(app.extensions["tori"])
    read: list[int] = []
    texts = listing._texts

    def noted(session: Session, ids: list[int]) -> Any:
        read.extend(ids)
        return texts(session, ids)

    monkeypatch.setattr(listing, "_texts", noted)
    searched(app.test_client(), "kirjasto")
    assert sorted(read) == [deed.id for deed in told if deed.title in ("Kaksi", "Kolme", "Viisi: kirjasto")]


def test_a_row_that_is_older_than_its_deed_is_not_marked(app: Flask, square: Square, told: list[Deed]) -> None:
    with app.app_context():
        ready_pages.make_ready(app.extensions["tori"])
    client = app.test_client()
    with transaction() as rows:
        deed = rows.get_one(Deed, told[0].id)
        deed.summary = "Kirjastossa luettiin, ja muuallakin."
        note_pages(rows, [deed.id])
    assert "<mark>Kirjastossa</mark> luettiin, ja muuallakin." in searched(client, "kirjasto")
    # The index has not heard of it; now it has.
    indexing.rebuild(db.session(), wiring.engine_of(app.extensions["tori"]))
    assert "<mark>Kirjastossa</mark> luettiin, ja muuallakin." in searched(client, "kirjasto")


def test_a_search_asks_three_statements_even_when_a_row_has_grown_old(
    app: Flask, square: Square, told: list[Deed], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        ready_pages.make_ready(app.extensions["tori"])
    client = app.test_client()
    # The names of the facets are read once for a state of the content, and so is what has moved.
    searched(client, "otsikko")
    with transaction() as rows:
        note_pages(rows, [told[0].id])
    client.get("/teot?teema=johtaminen")
    quick: list[str] = []
    rows_of = database.quick_rows

    def noted(engine: Engine, statement: str, values: Any = ()) -> Any:
        quick.append(statement)
        return rows_of(engine, statement, values)

    monkeypatch.setattr(database, "quick_rows", noted)
    with counted_queries(app) as statements:
        assert len(searched(client, "kirjasto")) == len(told)
    others = [statement for statement in statements if not statement.startswith("BEGIN")]
    assert len(quick) == 2, "the versions, and the texts of those whose row does not say it"
    assert len(others) == 1, "the one row that is made anew"


def test_the_worker_adds_the_words_to_rows_that_a_list_made_without(
    app: Flask, told: list[Deed], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.test_client().get("/teot")
    ids = [deed.id for deed in told]
    with app.test_request_context("/teot"):
        before = stored_rows(db.session(), {}, ids, "fi") or {}
    assert before.keys() == set(ids)
    assert not any(row.words for row in before.values())
    assert made_now(app, monkeypatch)[0] == set(ids)
    with app.test_request_context("/teot"):
        after = stored_rows(db.session(), {}, ids, "fi") or {}
    assert {told[0].id, told[3].id} <= {deed_id for deed_id, row in after.items() if row.words}
    assert made_now(app, monkeypatch)[0] == set()


def test_a_hidden_deed_leaves_the_lists_before_the_index_has_heard_of_it(app: Flask, square: Square) -> None:
    client, hidden = app.test_client(), square.deeds[2]
    assert hidden.title in client.get("/teot").text
    with transaction() as rows:
        service.withdraw(rows, square.author, hidden, "Erehdys")
    assert hidden.title not in client.get("/teot").text


def test_rows_of_a_broken_file_are_made_each_time(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database at all, only some bytes" * 100)
    shelf = Shelf(tmp_path, 1000, 1000)
    shelf.put_pieces([Piece(1, "1", 1, None, b"row", b"", b"")])
    assert (shelf.pieces([1]), shelf.whole_pieces([1]), shelf.stamps(["a"]), shelf.room()) == ([], [], {}, 0)


@pytest.mark.parametrize("words", [None, b"", b"\x1e" * 70_000])
def test_a_row_comes_back_from_the_file_as_it_was(tmp_path: Path, words: bytes | None) -> None:
    shelf = Shelf(tmp_path, 1000, 1_000_000)
    piece = Piece(3, "1", 7, words, b"<article>", b"", b"</article>")
    shelf.put_pieces([piece, piece._replace(number=4, inside=b"other")])
    assert shelf.pieces([3, 5]) == [piece]
    assert shelf.whole_pieces([3]) == ([] if words is None else [(3, "1", 7)])


def test_the_oldest_go_first_be_they_rows_or_pages(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 0, 1_000)
    shelf.put_pieces([Piece(1, "old", 1, b"", b"x" * 400, b"", b"")])
    shelf.put("page", Entry("old", "e", b"x" * 100))
    shelf.put_pieces([Piece(2, "new", 1, b"", b"x" * 250, b"", b"")])
    shelf.put_pieces([Piece(3, "new", 1, b"", b"x" * 350, b"", b"")])
    shelf._sweep(shelf._connection())
    assert [number for number, *_ in shelf.pieces([1, 2, 3])] == [2, 3]
    assert shelf.stamps(["page"]) == {"page": "old"}
    assert shelf.room() == 300


def test_files_of_earlier_releases_go(tmp_path: Path) -> None:
    (tmp_path / "pages.sqlite3").write_bytes(b"old")
    (tmp_path / "pages.sqlite3-wal").write_bytes(b"old")
    shelf = Shelf(tmp_path, 1000, 10_000)
    shelf.put("a", Entry("1", "e", b"page"))
    shelf.remove_older()
    assert {path.name.removeprefix(FILE) for path in tmp_path.iterdir()} == {"", "-wal", "-shm"}


def test_a_database_that_takes_no_connection_is_told_as_any_other_trouble_with_it() -> None:
    def refuse() -> sqlite3.Connection:
        raise sqlite3.OperationalError("no room for another one")

    with pytest.raises(OperationalError):
        quick_stamps(create_engine("sqlite://", creator=refuse))
