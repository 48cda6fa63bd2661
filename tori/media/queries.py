"""Reading pictures and files of deeds."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tori.core.errors import NotFound
from tori.models.campaign_life import CampaignPicture, CampaignVideo
from tori.models.deeds import Deed
from tori.models.media import Attachment, Picture, StoryPicture, shown_pictures
from tori.policy import Actor, Permission, require


def editable_deed(session: Session, actor: Actor, deed_id: int) -> Deed:
    """Raises NotFound for a missing and for a hidden deed alike, NotAllowed for somebody else's."""
    deed = session.get(Deed, deed_id)
    if deed is None:
        raise NotFound("deed")
    require(actor, Permission.DEED_EDIT, deed)
    return deed


def pictures_of(session: Session, deed_id: int) -> list[Picture]:
    """All, also those that wait for a description."""
    statement = select(Picture).where(Picture.deed_id == deed_id).order_by(Picture.position, Picture.id)
    return list(session.scalars(statement))


def files_of(session: Session, deed_id: int) -> list[Attachment]:
    return list(session.scalars(select(Attachment).where(Attachment.deed_id == deed_id).order_by(Attachment.id)))


def shown_media(
    session: Session, deed_id: int | None, kinds: Collection[str] = frozenset({"pictures", "attachments"})
) -> dict[str, Any]:
    """What readers see: ``pictures`` in order and ``attachments``. A statement for each kind that is asked for; none
    for an unsaved deed."""
    shown: dict[str, Any] = {"pictures": [], "attachments": []}
    if deed_id and "pictures" in kinds:
        statement = select(Picture).where(Picture.deed_id == deed_id, shown_pictures())
        shown["pictures"] = list(session.scalars(statement.order_by(Picture.position, Picture.id)))
    if deed_id and "attachments" in kinds:
        shown["attachments"] = files_of(session, deed_id)
    return shown


def picture_by_key(session: Session, key: str) -> Picture:
    """With its deed, whose readers may see it. Raises NotFound."""
    statement = select(Picture).where(Picture.key == key).options(joinedload(Picture.deed))
    picture = session.scalar(statement)
    if picture is None:
        raise NotFound("picture")
    return picture


def file_by_key(session: Session, key: str) -> Attachment:
    statement = select(Attachment).where(Attachment.key == key).options(joinedload(Attachment.deed))
    attachment = session.scalar(statement)
    if attachment is None:
        raise NotFound("attachment")
    return attachment


def picture_of(session: Session, deed: Deed, picture_id: int) -> Picture:
    """Raises NotFound also when it is another deed's."""
    picture = session.get(Picture, picture_id)
    if picture is None or picture.deed_id != deed.id:
        raise NotFound("picture")
    return picture


def file_of(session: Session, deed: Deed, attachment_id: int) -> Attachment:
    attachment = session.get(Attachment, attachment_id)
    if attachment is None or attachment.deed_id != deed.id:
        raise NotFound("attachment")
    return attachment


def keys_in_use(session: Session) -> set[str]:
    """Of every stored file that a row names."""
    keys = set(session.scalars(select(Attachment.key)))
    for column in (Picture.files, CampaignPicture.files, StoryPicture.files):
        for files in session.scalars(select(column)):
            keys.update(files.values())
    for video_keys in session.execute(select(CampaignVideo.key, CampaignVideo.captions_key)):
        keys.update(key for key in video_keys if key)
    return keys
