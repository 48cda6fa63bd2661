"""Files that no row names are removed; those in use and those just sent stay."""

import io
import os
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.media import samples
from tori.core.errors import NotFound
from tori.deeds import service as deeds
from tori.media.jobs import make_sizes, sweep_uploads
from tori.media.service import Description
from tori.media.storage import LocalStorage, storage_of
from tori.media.uploads import SentPicture, add_pictures
from tori.models.deeds import Deed, DeedStatus
from tori.policy import Actor

LONG_AGO = time.time() - 2 * 60 * 60


def age_all(folder: Path) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))


def test_files_of_a_deleted_draft_and_of_broken_uploads_go(app: Flask, session: Session, make: Factory) -> None:
    config = app.extensions["tori"]
    storage = storage_of(config)
    organisation = make.organisation()
    actor = Actor(make.user(organisation=organisation))
    kept, erased = [
        make.deed(title, status=DeedStatus.DRAFT, author_id=actor.id, organisation_id=organisation.id)
        for title in ("Jää", "Poistuu")
    ]
    for deed in (kept, erased):
        sent = SentPicture("kuva.png", samples.picture_bytes(), Description(alt="Kuva", has_consent=True))
        assert add_pictures(storage, actor, deed, [sent]).errors == []
    assert make_sizes(config) + make_sizes(config) + make_sizes(config) == 2
    deeds.delete_draft(session, actor, session.get_one(Deed, erased.id))
    session.commit()
    orphan = storage.put(b"broken off")
    part = config.instance / "uploads" / orphan[:2] / f"{orphan}.part"
    part.write_bytes(b"half")
    assert sweep_uploads(config) == 0
    age_all(config.instance / "uploads")
    fresh = storage.put(b"just sent")
    assert sweep_uploads(config) == 4
    left = {item.name for item in storage.all()}
    assert fresh in left
    assert orphan not in left
    assert len(left) == 3


def test_a_stored_file_is_read_back_and_deleted(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "uploads")
    key = storage.put(b"data")
    with storage.open(key) as file:
        assert file.read() == b"data"
    assert storage.put(b"data") != key
    storage.delete(key)
    storage.delete(key)
    with pytest.raises(NotFound):
        storage.open(key)


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "a/b", "x" * 49, "%2e%2e"])
def test_only_keys_open_anything(tmp_path: Path, key: str) -> None:
    storage = LocalStorage(tmp_path)
    for verb in (storage.open, storage.delete):
        with pytest.raises(NotFound):
            verb(key)


def test_samples_are_what_they_say() -> None:
    from PIL import Image

    image = Image.open(io.BytesIO(samples.jpeg_from_a_phone()))
    assert samples.SECRET in str(dict(image.getexif()))
