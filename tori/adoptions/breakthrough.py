"""The mark of a breakthrough: a practice is in use in so many organisations of so many regions.

Only those who took the model count, and only when they say that it is in use. The mark is kept with the deed, so that
lists of deeds need no further statement for it.
"""

from collections.abc import Collection
from typing import Any

from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import transaction
from tori.models.deeds import IN_USE_STATUSES, Adoption, Deed
from tori.models.people import Organisation
from tori.notifications.changes import bump_content_version


def reached(session: Session, config: Config, deed_ids: Collection[int] | None = None) -> set[int]:
    """Those of the deeds (of all when None) that are in use widely enough. One statement."""
    statement = (
        select(Adoption.deed_id)
        .join(Organisation, Organisation.id == Adoption.organisation_id)
        .where(Adoption.status.in_(IN_USE_STATUSES))
        .group_by(Adoption.deed_id)
        .having(
            func.count(Adoption.organisation_id.distinct()) >= config.breakthrough_organisations,
            func.count(Organisation.region_id.distinct()) >= config.breakthrough_regions,
        )
    )
    if deed_ids is not None:
        statement = statement.where(Adoption.deed_id.in_(deed_ids))
    return set(session.scalars(statement))


def mark(session: Session, config: Config, deed_ids: Collection[int] | None = None) -> int:
    """Sets and takes away the mark as the adoptions stand now. Returns for how many deeds it changed."""
    wide = reached(session, config, deed_ids)
    known = select(Deed.id).where(Deed.breakthrough_at.is_not(None))
    if deed_ids is not None:
        known = known.where(Deed.id.in_(deed_ids))
    marked = set(session.scalars(known))
    for ids, moment in ((wide - marked, clock.now()), (marked - wide, None)):
        if ids:
            session.execute(update(Deed).where(Deed.id.in_(ids)).values(breakthrough_at=moment))
    return len(wide ^ marked)


def _config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


def follow_change(session: Session, event: Any) -> None:
    """Hears every event after which an adoption of ``event.deed_id`` may be another."""
    mark(session, _config(), [event.deed_id])


def mark_all(config: Config) -> int:
    """The daily look at all deeds, as the settings may have changed."""
    with transaction() as session:
        changed = mark(session, config)
        if changed:
            bump_content_version(session)
    return changed
