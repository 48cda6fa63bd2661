"""Backup and restore of PostgreSQL with the real pg_dump and pg_restore."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import TEST_DATABASE_URL
from tests.factories import Factory
from tori import backup
from tori.config import Config
from tori.database import db
from tori.models.deeds import Deed

pytestmark = pytest.mark.skipif(not TEST_DATABASE_URL, reason="TEST_DATABASE_URL is not PostgreSQL")


def test_f12_what_was_there_comes_back_and_what_came_later_is_gone(
    app: Flask, session: Session, make: Factory, tmp_path: Path
) -> None:
    config: Config = app.extensions["tori"]
    make.deed("Ennen kopiota")
    (config.instance / "uploads").mkdir(exist_ok=True)
    (config.instance / "uploads" / "kuva.png").write_text("kuva")
    target = tmp_path / "kopio.tar.gz"
    backup.create(config, target, lambda done, total: None)
    assert backup.verify(target).files >= 1
    make.deed("Kopion jälkeen")
    (config.instance / "uploads" / "kuva.png").write_text("toinen")
    session.close()
    db.engine.dispose()

    backup.restore(config, target)
    assert list(db.session.scalars(select(Deed.title))) == ["Ennen kopiota"]
    assert (config.instance / "uploads" / "kuva.png").read_text() == "kuva"
    # The numbers go on after what came back.
    assert make.deed("Palautuksen jälkeen").title == "Palautuksen jälkeen"
