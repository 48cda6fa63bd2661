"""F13, F14, F16: the search index is gone, broken or held. Searching goes on, slower, and the index mends itself."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL, Browser
from tests.factories import Factory
from tori.config import Config
from tori.search import indexing
from tori.wiring import engine_of, make_worker

pytestmark = pytest.mark.fault

WORDS = ("Kirjasto avasi digipajan", "Päiväkodin kirjasto", "Liikuntapaikkojen varaus")


def newest(folder: Path, pattern: str) -> Path:
    return max(folder.rglob(pattern), key=lambda path: path.stat().st_mtime)


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def flip(path: Path) -> None:
    path.write_bytes(bytes(255 - byte for byte in path.read_bytes()))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "f13 removed": shutil.rmtree,
    "f14 table of contents cut": lambda folder: cut(newest(folder, "*.toc")),
    "f14 table of contents flipped": lambda folder: flip(newest(folder, "*.toc")),
    "f14 segment cut": lambda folder: cut(newest(folder, "*.trm")),
    "f14 segment flipped": lambda folder: flip(newest(folder, "*.trm")),
}


def hits(app: Flask, path: str = "/api/v1/deeds?q=kirjasto") -> list[str]:
    answer = app.test_client().get(path)
    assert answer.status_code == 200, answer.text
    return sorted(item["title"] for item in answer.get_json()["items"])


@pytest.mark.parametrize("damage", list(DAMAGES), ids=lambda name: name.replace(" ", "_"))
def test_f13_f14_without_a_whole_index_the_search_goes_on_and_mends_itself(
    app: Flask, session: Session, make: Factory, damage: str
) -> None:
    for title in WORDS:
        make.deed(title)
    config: Config = app.extensions["tori"]
    engine = engine_of(config)
    indexing.rebuild(session, engine)
    before = hits(app)
    assert before == sorted(WORDS[:2])
    folder = config.instance / "index"
    DAMAGES[damage](folder)

    for path in (
        "/teot?q=kirjasto",
        "/",
        "/teot",
        "/teot?q=kirjasto&sektori=koko-kunta",
        "/syote.xml",
        "/ehdota?q=kirj",
    ):
        assert app.test_client().get(path).status_code in (200, 404), path
    page = app.test_client().get("/teot?q=kirjasto").text
    for title in WORDS[:2]:
        assert title in page
    assert WORDS[2] not in page

    make_worker(app).turn()
    indexing.check(session, engine)
    make_worker(app).turn()
    assert engine.status().ready
    assert hits(app) == before


HOLD = """
import sys, fcntl
from pathlib import Path
from tori.search.indexing import make_engine
engine = make_engine("whoosh:", Path(sys.argv[1]))
with engine._writing():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="the index is a folder of its own with Whoosh")
def test_f16_while_another_process_holds_the_index_nobody_waits(
    app: Flask, session: Session, make: Factory, browser: Browser
) -> None:
    make.deed(WORDS[0])
    config: Config = app.extensions["tori"]
    engine = engine_of(config)
    indexing.rebuild(session, engine)
    deed = make.deed("Kirjasto kokeilee lainattavia työkaluja")
    browser.sign_in(make.user())
    token = browser.token()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(config.instance / "index")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        began = time.monotonic()
        browser.get("/teot?q=kirjasto")
        answer = browser.client.post(
            f"/teot/{deed.id}/kommentit", data={"csrf_token": token, "body": "Hieno juttu!", "kind": "comment"}
        )
        took = time.monotonic() - began
        assert answer.status_code == 303
        assert indexing.drain(session, engine) == 0
        holder.communicate(b"")
    assert took < 4
    assert indexing.drain(session, engine) > 0
