"""The simulation: the same seed gives the same square, and it never plays into a real one."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL, MakeApp
from tests.factories import Factory
from tori.models.deeds import Adoption, Comment, Deed
from tori.models.operations import OutboxMail
from tori.upgrades import upgrade

SHORT = ("simulate", "--years", "0.15", "--organisations", "25", "--until", "2026-10-31")


def test_a_play_fills_an_empty_site_and_sends_nothing(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=[*SHORT, "--seed", "3"])
    assert result.exit_code == 0, result.output
    assert re.search(r"fingerprint [0-9a-f]{16}", result.output)
    session.rollback()
    for model in (Deed, Adoption, Comment):
        assert session.scalar(select(func.count()).select_from(model)), model
    taken = select(Adoption.deed_id, func.count()).group_by(Adoption.deed_id)
    assert all(session.get_one(Deed, deed_id).adoption_count == count for deed_id, count in session.execute(taken))
    assert session.scalar(select(func.count()).where(OutboxMail.sent_at.is_(None))) == 0
    assert session.scalar(select(func.count()).where(OutboxMail.event == "digest"))
    last = session.scalar(select(func.max(Deed.published_at)))
    assert last is not None
    assert last.date().isoformat() <= "2026-10-31"
    assert "empty site" in app.test_cli_runner().invoke(args=[*SHORT]).output


def fingerprint(make_app: MakeApp, tmp_path: Path, name: str, seed: str) -> str:
    app = make_app(instance=tmp_path / name, database_url="")
    (tmp_path / name).mkdir(exist_ok=True)
    runner = app.test_cli_runner()
    with app.app_context():
        upgrade()
        found = re.search(r"fingerprint ([0-9a-f]+)", runner.invoke(args=[*SHORT, "--seed", seed]).output)
    assert found
    return found[1]


@pytest.mark.skipif(bool(TEST_DATABASE_URL), reason="needs three databases; the play itself runs on both")
def test_the_same_seed_gives_the_same_square(make_app: MakeApp, tmp_path: Path) -> None:
    first = fingerprint(make_app, tmp_path, "a", "5")
    assert fingerprint(make_app, tmp_path, "b", "5") == first
    assert fingerprint(make_app, tmp_path, "c", "6") != first


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mail_url": "smtp://posti.example:25"}, "sends real mail"),
        ({"base_url": "https://tori.example.org"}, "public address"),
    ],
)
def test_it_refuses_a_site_in_use(make_app: MakeApp, settings: dict[str, str], words: str) -> None:
    app = make_app(**settings)
    with app.app_context():
        result = app.test_cli_runner().invoke(args=[*SHORT])
    assert result.exit_code == 1
    assert words in result.output


def test_it_refuses_a_site_with_people(app: Flask, session: Session, make: Factory) -> None:
    make.user()
    result = app.test_cli_runner().invoke(args=[*SHORT])
    assert result.exit_code == 1
    assert "empty site" in result.output
    assert session.execute(text("SELECT count(*) FROM deed")).scalar() == 0
