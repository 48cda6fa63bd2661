"""Each finding of the doctor that a whole site doesn't show."""

import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from tori import doctor
from tori.config import Config, load_config
from tori.core.errors import ConfigurationError
from tori.doctor import Verdict


def config(tmp_path: Path, **changes: Any) -> Config:
    return load_config({}, instance=tmp_path, **changes)


def test_demo_accounts_have_no_place_on_a_public_address(tmp_path: Path) -> None:
    finding = doctor.check_configuration(config(tmp_path, demo=True, base_url="https://tori.example.org"))
    assert (finding.verdict, "TORI_DEMO" in finding.sentence) == (Verdict.WRONG, True)


def test_a_public_site_has_a_sender_of_its_own(tmp_path: Path) -> None:
    assert doctor.check_configuration(config(tmp_path, base_url="https://tori.example.org")).verdict == Verdict.WRONG
    own = config(tmp_path, base_url="https://tori.example.org", mail_sender="Tori <tori@kunta.fi>")
    assert doctor.check_configuration(own).verdict == Verdict.FINE


def test_the_key_is_the_owners_alone(tmp_path: Path) -> None:
    key = tmp_path / "secret_key"
    key.write_text("x")
    key.chmod(0o644)
    assert doctor.check_configuration(config(tmp_path)).verdict == Verdict.WRONG
    key.chmod(0o600)
    assert doctor.check_configuration(config(tmp_path)).verdict == Verdict.FINE


def test_a_silent_mail_server_is_named(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    finding = doctor.check_mail(config(tmp_path, mail_url=f"smtp://127.0.0.1:{port}"))
    assert finding.verdict == Verdict.WRONG
    assert "127.0.0.1" in finding.sentence


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1_000))
    assert doctor.check_disk(tmp_path).verdict == Verdict.WRONG


def test_a_missing_library_is_a_note_with_its_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LIBRARIES", (doctor.Library("Voikko", "libvoikko1 voikko-fi", "x", lambda: False),))
    (note,) = doctor.check_libraries(config(tmp_path))
    assert note.verdict == Verdict.NOTE
    assert "apt-get install libvoikko1 voikko-fi" in note.sentence
    (wrong,) = doctor.check_libraries(config(tmp_path, analyser="voikko"))
    assert wrong.verdict == Verdict.WRONG


def test_f38_debugging_on_a_public_address_stops_the_start() -> None:
    public = {"BASE_URL": "https://tori.example.org", "FLASK_DEBUG": "1"}
    with pytest.raises(ConfigurationError, match="FLASK_DEBUG"):
        load_config(public)
    assert load_config({**public, "FLASK_DEBUG": "0"}).is_secure
    assert not load_config({"FLASK_DEBUG": "1"}).is_secure


def test_f38_f42_an_old_sqlite_and_a_database_that_others_can_read_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(doctor.check_sqlite(config(tmp_path))) == [], "there is none yet"
    database = tmp_path / "tori.sqlite3"
    database.touch()
    database.chmod(0o644)
    tmp_path.chmod(0o755)
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version_info", (3, 40, 1))
    found = {finding.verdict for finding in doctor.check_sqlite(config(tmp_path))}
    assert found == {Verdict.NOTE, Verdict.WRONG}
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version_info", (3, 51, 3))
    tmp_path.chmod(0o700)
    assert list(doctor.check_sqlite(config(tmp_path))) == []
