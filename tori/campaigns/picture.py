"""The picture of a campaign, and of the makers of a week: checked, made anew and stored as pictures of deeds are."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from tori.campaigns import weekly
from tori.core.errors import NotFound
from tori.core.events import CampaignPictureChanged, record
from tori.database import db, transaction
from tori.media.pictures import check_picture, store_picture
from tori.media.service import Description
from tori.media.storage import Storage
from tori.models.campaign_life import CampaignPicture
from tori.models.campaigning import WeeklyFeature
from tori.models.campaigns import Campaign
from tori.policy import Actor, Permission, can, require

Owner = Campaign | WeeklyFeature


def picture_of(session: Session, owner: Owner) -> CampaignPicture | None:
    return session.scalar(select(CampaignPicture).where(_is_of(owner)))


def pictures_of_features(session: Session, features: Sequence[WeeklyFeature]) -> dict[int, CampaignPicture]:
    """Feature id -> its picture, of those that have one. One statement."""
    ids = [row.id for row in features]
    rows = session.scalars(select(CampaignPicture).where(CampaignPicture.feature_id.in_(ids)))
    return {row.feature_id: row for row in rows if row.feature_id is not None}


def _is_of(owner: Owner) -> ColumnElement[bool]:
    if isinstance(owner, Campaign):
        return CampaignPicture.campaign_id == owner.id
    return CampaignPicture.feature_id == owner.id


def put(storage: Storage, actor: Actor, owner: Owner, name: str, data: bytes, told: Description) -> CampaignPicture:
    """Puts a picture in the place of the one before. The slow work is done while no transaction is open."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    told.check_lengths()
    told.check()
    session: Session = db.session()
    session.rollback()
    stored = store_picture(storage, check_picture(data, name))
    old: list[str] = []
    row: CampaignPicture | None = None
    try:
        with transaction() as session:
            old = _remove(session, owner)
            row = CampaignPicture(
                key=next(iter(stored.files.values())), digest=hashlib.sha256(data).hexdigest(), files=stored.files,
                is_whole=stored.is_whole,
                width=stored.width, height=stored.height,
                campaign_id=owner.id if isinstance(owner, Campaign) else None,
                feature_id=owner.id if isinstance(owner, WeeklyFeature) else None,
            )  # fmt: skip
            _write(row, told)
            session.add(row)
            session.flush()
            _record(session, actor, owner)
    except BaseException:
        # Keeps no file that no row names.
        for key in stored.files.values():
            storage.delete(key)
        raise
    for key in old:
        storage.delete(key)
    return row


def describe(session: Session, actor: Actor, owner: Owner, told: Description) -> None:
    require(actor, Permission.CAMPAIGN_MANAGE)
    told.check()
    row = picture_of(session, owner)
    if row is None:
        raise NotFound("picture")
    _write(row, told)
    _record(session, actor, owner)


def remove(session: Session, actor: Actor, owner: Owner) -> list[str]:
    """Returns the keys of the files, to be deleted when the change is committed."""
    require(actor, Permission.CAMPAIGN_MANAGE)
    keys = _remove(session, owner)
    if keys:
        _record(session, actor, owner)
    return keys


def _remove(session: Session, owner: Owner) -> list[str]:
    row = picture_of(session, owner)
    if row is None:
        return []
    keys = list(row.files.values())
    session.delete(row)
    session.flush()
    return keys


def _write(row: CampaignPicture, told: Description) -> None:
    row.alt, row.is_decorative, row.credit, row.has_consent = (
        told.alt, told.is_decorative, told.credit, told.has_consent,
    )  # fmt: skip


def _record(session: Session, actor: Actor, owner: Owner) -> None:
    is_campaign = isinstance(owner, Campaign)
    record(
        session,
        CampaignPictureChanged(
            actor_id=actor.id,
            campaign_id=owner.id if is_campaign else None,
            feature_id=None if is_campaign else owner.id,
        ),
    )


def is_seen_by(actor: Actor, row: CampaignPicture) -> bool:
    """Whether everybody may see it. Raises NotFound for whoever may not, and nobody else is there to be asked."""
    if row.is_shown and row.campaign is not None and row.campaign.is_public:
        return True
    feature = row.feature
    if row.is_shown and feature is not None and weekly.is_shown(feature):
        return True
    if not can(actor, Permission.CAMPAIGN_MANAGE):
        raise NotFound("picture")
    return False


def by_key(session: Session, key: str) -> CampaignPicture:
    """With what it belongs to, whose readers may see it. Raises NotFound."""
    row = session.scalar(
        select(CampaignPicture)
        .where(CampaignPicture.key == key)
        .options(
            joinedload(CampaignPicture.campaign),
            joinedload(CampaignPicture.feature).joinedload(WeeklyFeature.deed),
        )
    )
    if row is None:
        raise NotFound("picture")
    return row
