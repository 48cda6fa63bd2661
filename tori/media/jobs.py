"""Removes stored files that no row names any more: of deleted deeds, and of uploads that were broken off."""

from datetime import timedelta

from tori.config import Config
from tori.core import clock
from tori.database import db
from tori.media.queries import keys_in_use
from tori.media.storage import storage_of

YOUNG = timedelta(hours=1)
"""A file younger than this may belong to an upload that is going on."""


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
