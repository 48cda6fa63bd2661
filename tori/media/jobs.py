"""What the worker does for pictures and files: smaller sizes, and the removal of files that no row names any more."""

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken, StorageAway
from tori.database import db, transaction
from tori.media.pictures import smaller_sizes
from tori.media.queries import keys_in_use
from tori.media.storage import Storage, storage_of
from tori.models.campaign_life import CampaignPicture
from tori.models.media import Picture, StoryPicture
from tori.notifications.changes import bump_content_version, note_pages

log = logging.getLogger(__name__)

AnyPicture = Picture | StoryPicture | CampaignPicture
KINDS: tuple[type[Any], ...] = (Picture, StoryPicture, CampaignPicture)

YOUNG = timedelta(hours=1)
"""A file younger than this may belong to an upload that is going on."""


def make_sizes(config: Config) -> int:
    """Makes the smaller sizes of the oldest picture of each kind that wants them. Returns how many pictures it was."""
    session, done = db.session(), 0
    for kind in KINDS:
        row = session.scalar(select(kind).where(~kind.is_whole).order_by(kind.id).limit(1))
        if row is not None:
            session.expunge(row)
            session.rollback()
            done += _make_whole(storage_of(config), row)
    return done


def _make_whole(storage: Storage, seen: AnyPicture) -> bool:
    """False when the files can't be reached: the next turn tries again."""
    kind: type[Any] = type(seen)
    files = dict(seen.files)
    try:
        with storage.open(files[str(max(seen.widths))]) as file:
            sizes = smaller_sizes(file.read(), seen.key)
        files |= {str(width): storage.put(data) for width, data in sizes.items()}
    except StorageAway:
        return False
    except (RuleBroken, OSError):
        # The largest size goes on standing in for the others.
        log.exception("the sizes of picture %s can't be made", seen.key)
    is_used = False
    try:
        with transaction() as session:
            row: AnyPicture | None = session.get(kind, seen.id, with_for_update=True)
            if row is not None and row.files == seen.files:
                row.files, row.is_whole, is_used = files, True, True
                _note(session, row)
    finally:
        if not is_used:
            for width in files.keys() - seen.files.keys():
                storage.delete(files[width])
    return True


def _note(session: Session, row: AnyPicture) -> None:
    if isinstance(row, Picture):
        note_pages(session, [row.deed_id])
    else:
        bump_content_version(session)


def sweep_uploads(config: Config) -> int:
    """Returns how many files it removed."""
    storage = storage_of(config)
    # Listed first: what is added meanwhile is either not in the list or young.
    present = list(storage.all())
    in_use = keys_in_use(db.session())
    db.session.rollback()
    orphans = [item for item in present if item.name not in in_use and item.kept_since < clock.now() - YOUNG]
    for item in orphans:
        storage.delete(item.name)
    return len(orphans)
