"""From sent bytes to rows: check, store, write. The slow work is done while no transaction is open."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from flask import current_app
from sqlalchemy.orm import Session

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.media import service
from tori.media.documents import check_document
from tori.media.pictures import CheckedPicture, check_picture, store_picture
from tori.media.scanner import refuse_infected
from tori.media.storage import Storage
from tori.models.deeds import Deed
from tori.models.media import Attachment, Picture
from tori.policy import Actor

T = TypeVar("T")


@dataclass(frozen=True)
class SentPicture:
    name: str
    data: bytes
    description: service.Description


@dataclass(frozen=True)
class SentFile:
    name: str
    data: bytes
    title: str = ""


@dataclass
class Outcome(Generic[T]):
    """What was added, and why the others were not."""

    added: list[T] = field(default_factory=list)
    errors: list[RuleBroken] = field(default_factory=list)


def add_pictures(storage: Storage, actor: Actor, deed: Deed, sent: list[SentPicture]) -> Outcome[Picture]:
    """Adds those that are in order; the good ones need not wait for the bad."""
    outcome: Outcome[Picture] = Outcome()
    for item in sent:
        try:
            if (picture := _add_picture(storage, actor, deed, item)) is not None:
                outcome.added.append(picture)
        except RuleBroken as error:
            outcome.errors.append(error)
    return outcome


def add_checked_picture(
    storage: Storage, actor: Actor, deed: Deed, sent: SentPicture, checked: CheckedPicture
) -> Picture | None:
    """As ``add_pictures`` of one that has passed ``check_picture`` before the deed was there."""
    return _add_picture(storage, actor, deed, sent, checked)


def add_files(storage: Storage, actor: Actor, deed: Deed, sent: list[SentFile]) -> Outcome[Attachment]:
    outcome: Outcome[Attachment] = Outcome()
    for item in sent:
        try:
            if (attachment := _add_file(storage, actor, deed, item)) is not None:
                outcome.added.append(attachment)
        except RuleBroken as error:
            outcome.errors.append(error)
    return outcome


def _add_picture(
    storage: Storage, actor: Actor, deed: Deed, sent: SentPicture, checked: CheckedPicture | None = None
) -> Picture | None:
    """None when this very file is there already."""
    digest = hashlib.sha256(sent.data).hexdigest()
    session: Session = db.session()
    if service.has_picture(session, deed.id, digest):
        return None
    service.check_room_for_pictures(session, actor, deed)
    session.rollback()
    stored = store_picture(storage, checked or check_picture(sent.data, sent.name))

    def write(session: Session) -> Picture | None:
        return service.add_picture(session, actor, deed, stored, digest, sent.description)

    return write_or_forget(storage, list(stored.files.values()), write)


def _add_file(storage: Storage, actor: Actor, deed: Deed, sent: SentFile) -> Attachment | None:
    digest = hashlib.sha256(sent.data).hexdigest()
    session: Session = db.session()
    if service.has_file(session, deed.id, digest):
        return None
    service.check_room_for_files(session, actor, deed)
    session.rollback()
    checked = check_document(sent.data, sent.name)
    refuse_infected(sent.data, sent.name, current_app.extensions["tori"].clamd)
    key = storage.put(sent.data)

    def write(session: Session) -> Attachment | None:
        return service.add_file(session, actor, deed, checked, (key, digest, len(sent.data)), sent.title)

    return write_or_forget(storage, [key], write)


def write_or_forget(storage: Storage, keys: list[str], write: Callable[[Session], T | None]) -> T | None:
    """Keeps no file that no row names."""
    row: T | None = None
    try:
        with transaction() as session:
            row = write(session)
    finally:
        if row is None:
            for key in keys:
                storage.delete(key)
    return row
