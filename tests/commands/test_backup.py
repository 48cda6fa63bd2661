"""Backups of a living site, and the way back."""

import io
import json
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyrage as age
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL
from tests.factories import Factory
from tori import backup
from tori.backup import BackupError
from tori.config import Config, load_config
from tori.core import clock
from tori.database import db
from tori.edge.shelf import FILE
from tori.models.deeds import Deed
from tori.serving import running_lock

pytestmark = pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="PostgreSQL is copied by pg_dump")


def quiet(done: int, total: int) -> None:
    pass


@pytest.fixture
def config(app: Flask, make: Factory) -> Config:
    """A site with one deed, an upload and a mail."""
    config: Config = app.extensions["tori"]
    make.deed("Ennen kopiota")
    for name in ("uploads/kuva.png", "mail/kirje.eml", "index/CURRENT"):
        path = config.instance / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (config.instance / "secret_key").write_text("avain")
    return config


@pytest.fixture
def archive(config: Config, tmp_path: Path) -> Path:
    target = tmp_path / "kopio.tar.gz"
    backup.create(config, target, quiet)
    return target


@pytest.fixture
def closed(session: Session) -> None:
    """The site is stopped: nobody has the database open."""
    session.close()
    db.engine.dispose()


def titles(path: Path) -> list[str]:
    with sqlite3.connect(path) as connection:
        found = [row[0] for row in connection.execute("SELECT title FROM deed ORDER BY id")]
    connection.close()
    return found


def test_a_backup_holds_everything_but_the_index(archive: Path) -> None:
    with tarfile.open(archive) as opened:
        names = set(opened.getnames())
    assert names == {
        "tori.sqlite3",
        "uploads/kuva.png",
        "mail/kirje.eml",
        "secret_key",
        "settings.env",
        "manifest.json",
    }


def test_a_backup_is_for_its_owner_alone(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.iterdir() if path.name.startswith(".")] == []


def test_a_whole_backup_is_verified(archive: Path) -> None:
    contents = backup.verify(archive)
    assert (contents.deeds, contents.files) == (1, 5)
    assert contents.revision


def copy_meanwhile(config: Config, folder: Path, work: Callable[[], None], stop: threading.Event) -> None:
    """A backup named kopio.tar.gz while another thread works until it is told to stop."""
    worker = threading.Thread(target=work)
    worker.start()
    try:
        backup.create(config, folder / "kopio.tar.gz", quiet)
    finally:
        stop.set()
        worker.join()


def test_a_copy_taken_while_somebody_writes_is_of_one_moment(config: Config, session: Session, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(config.instance / "tori.sqlite3", timeout=30)
        while not stop.is_set():
            with connection:
                # Both rows or neither: what a copy in the middle of a change would tear apart.
                connection.execute("UPDATE deed SET title = title || 'x', summary = summary || 'x'")
        connection.close()

    session.execute(Deed.__table__.update().values(title="", summary=""))  # type: ignore[attr-defined]
    session.commit()
    copy_meanwhile(config, tmp_path, write, stop)
    with tarfile.open(tmp_path / "kopio.tar.gz") as opened:
        opened.extract("tori.sqlite3", tmp_path / "out", filter="data")
    connection = sqlite3.connect(tmp_path / "out" / "tori.sqlite3")
    title, summary = connection.execute("SELECT title, summary FROM deed").fetchone()
    connection.close()
    assert title == summary


def test_a_log_that_grows_and_ready_pages_do_not_damage_a_copy(
    config: Config, session: Session, tmp_path: Path
) -> None:
    session.close()
    pages, logged = config.instance / "pages" / FILE, config.instance / "tori.log"
    pages.parent.mkdir()
    pages.write_bytes(b"ready")
    logged.write_bytes(b"x" * 1_000_000)
    stop = threading.Event()

    def log() -> None:
        with logged.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"line\n" * 100)

    copy_meanwhile(config, tmp_path, log, stop)
    backup.verify(tmp_path / "kopio.tar.gz")
    with tarfile.open(tmp_path / "kopio.tar.gz") as opened:
        assert "tori.log" in opened.getnames()
        assert f"pages/{FILE}" not in opened.getnames()


def test_a_restore_brings_back_database_and_files(
    config: Config, archive: Path, session: Session, make: Factory
) -> None:
    make.deed("Kopion jälkeen")
    (config.instance / "uploads" / "kuva.png").write_text("muuttunut")
    session.close()
    db.engine.dispose()
    aside = backup.restore(config, archive)
    assert titles(config.instance / "tori.sqlite3") == ["Ennen kopiota"]
    assert (config.instance / "uploads" / "kuva.png").read_text() == "uploads/kuva.png"
    assert not (config.instance / "index").exists()
    assert aside is not None
    assert titles(aside / "tori.sqlite3") == ["Ennen kopiota", "Kopion jälkeen"]
    assert session.scalars(select(Deed.title)).all() == ["Ennen kopiota"]


def test_a_restore_into_an_empty_folder_makes_the_same_site(archive: Path, closed: None, tmp_path: Path) -> None:
    new = load_config({}, instance=tmp_path / "uusi")
    new.instance.mkdir()
    assert backup.restore(new, archive) is None
    assert titles(new.instance / "tori.sqlite3") == ["Ennen kopiota"]
    assert (new.instance / "secret_key").read_text() == "avain"


def test_a_restore_refuses_over_a_running_site(config: Config, archive: Path, closed: None) -> None:
    with running_lock(config.instance), pytest.raises(BackupError, match="stop it"):
        backup.restore(config, archive)


def test_a_restore_refuses_while_an_idle_program_has_the_database_open(
    config: Config, archive: Path, closed: None
) -> None:
    """A web server that was started by other means than `serve`, between two requests."""
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode = WAL'); "
        "c.execute('SELECT count(*) FROM deed').fetchone(); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(config.instance / "tori.sqlite3")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(BackupError, match="open"):
            backup.restore(config, archive)
        other.communicate(b"")
    assert titles(config.instance / "tori.sqlite3") == ["Ennen kopiota"]
    assert backup.restore(config, archive) is not None


def _repacked(archive: Path, target: Path, name: str, content: bytes) -> Path:
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            data = content if member.name == name else old.extractfile(member).read()  # type: ignore[union-attr]
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return target


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data, archive, path: path.write_bytes(data[: len(data) // 2]),
        lambda data, archive, path: path.write_bytes(b"not an archive"),
        lambda data, archive, path: path.write_bytes(b""),
        lambda data, archive, path: _repacked(archive, path, "uploads/kuva.png", b"other"),
        lambda data, archive, path: _repacked(archive, path, "tori.sqlite3", b"SQLite format 3\x00 broken"),
        lambda data, archive, path: _repacked(archive, path, "manifest.json", b"{}"),
        lambda data, archive, path: _repacked(
            archive,
            path,
            "manifest.json",
            json.dumps(
                {"format": 1, "sha256": {"../../x": "0", "tori.sqlite3": "0"}, "created_at": "", "revision": ""}
            ).encode(),
        ),
    ],
    ids=["cut", "other file", "empty", "changed upload", "changed database", "no manifest", "leads out"],
)
def test_a_damaged_backup_is_refused_and_changes_nothing(
    config: Config, archive: Path, closed: None, tmp_path: Path, spoil: object
) -> None:
    broken = tmp_path / "rikki.tar.gz"
    spoil(archive.read_bytes(), archive, broken)  # type: ignore[operator]
    with pytest.raises(BackupError):
        backup.verify(broken)
    with pytest.raises(BackupError):
        backup.restore(config, broken)
    assert titles(config.instance / "tori.sqlite3") == ["Ennen kopiota"]
    assert (config.instance / "uploads" / "kuva.png").exists()


def test_without_the_tools_of_postgresql_a_sentence_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load_config({}, instance=tmp_path, database_url="postgresql://localhost/tori")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackupError, match="apt-get install postgresql-client"):
        backup.create(config, tmp_path / "kopio.tar.gz", quiet)


def test_there_is_nothing_to_copy_yet(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no database"):
        backup.create(load_config({}, instance=tmp_path), tmp_path / "kopio.tar.gz", quiet)


def test_an_encrypted_backup_opens_with_its_key_alone(config: Config, closed: None, tmp_path: Path) -> None:
    key, other = age.x25519.Identity.generate(), age.x25519.Identity.generate()
    files = {}
    for name, identity in (("key", key), ("other", other)):
        files[name] = tmp_path / name
        files[name].write_text(f"# a comment\n{identity}\n")
    sealed = replace(config, backup_recipient=str(key.to_public()))
    target = tmp_path / backup.default_name(sealed.backup_recipient)
    backup.create(sealed, target, quiet)
    assert target.name.endswith(".tar.gz.age")
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.read_bytes().startswith(backup.AGE)
    with pytest.raises(BackupError, match="--identity"):
        backup.verify(target)
    with pytest.raises(BackupError, match="can't be decrypted"):
        backup.verify(target, files["other"])
    assert backup.verify(target, files["key"]).deeds == 1
    assert backup.restore(config, target, files["key"]) is not None
    assert titles(config.instance / "tori.sqlite3") == ["Ennen kopiota"]


def test_settings_travel_without_keys_and_passwords(tmp_path: Path) -> None:
    config = load_config(
        {}, instance=tmp_path, secret_key="salainen", mail_url="smtp://me:salaa@mail", site_name="Kokeilu", port=8123
    )
    assert dict(backup.plain_settings(config)) == {
        "TORI_INSTANCE": str(tmp_path), "SITE_NAME": "Kokeilu", "PORT": "8123",
    }  # fmt: skip


def test_old_backups_go_and_one_of_each_day_week_and_month_stays(tmp_path: Path) -> None:
    day = datetime(2026, 11, 27, 3, 15, tzinfo=clock.HELSINKI)
    for number in range(200):
        for hour in (0, 2):
            moment = day - timedelta(days=number, hours=hour)
            (tmp_path / f"tekojen-tori-{moment:%Y-%m-%d-%H%M%S}.tar.gz").touch()
    (tmp_path / "muistiinpanot.tar.gz").touch()
    found = backup.backups_in(tmp_path)
    assert len(found) == 400
    gone = {item.path for item in backup.superfluous(found, "7 4 6")}
    kept = [item for item in found if item.path not in gone]
    assert [item.made_at for item in kept[:7]] == [day - timedelta(days=number) for number in range(7)]
    assert len(kept) <= 7 + 4 + 6
    assert len({f"{item.made_at:%G-%V}" for item in kept}) >= 4
    assert len({f"{item.made_at:%Y-%m}" for item in kept}) == 6
    # The newest stays whatever is asked for.
    assert len(found) - len(backup.superfluous(found, "0 0 0")) == 1


def test_the_backup_of_the_night_is_made_checked_and_the_old_ones_go(config: Config, tmp_path: Path) -> None:
    assert backup.make_nightly(config) is None
    folder = tmp_path / "kopiot"
    nightly = replace(config, backup_folder=str(folder), backup_keep="1 0 0")
    folder.mkdir()
    (folder / "tekojen-tori-2020-01-01-030000.tar.gz").touch()
    made = backup.make_nightly(nightly)
    assert made is not None
    assert [path.name for path in folder.iterdir()] == [made.name]
    assert backup.verify(made).deeds == 1
