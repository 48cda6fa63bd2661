"""Pictures of stories: sent like those of deeds, but seen only when they are described."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import StoryPictureAdded, StoryPictureChanged, StoryPictureRemoved, record
from tori.database import db
from tori.media.pictures import StoredPicture, check_picture, store_picture
from tori.media.service import Description
from tori.media.storage import Storage
from tori.media.uploads import write_or_forget
from tori.models.campaigns import Story
from tori.models.media import StoryPicture
from tori.policy import Actor, Permission, require

MAX_PICTURES = 8


def pictures_of(session: Session, story_id: int) -> list[StoryPicture]:
    """In the order in which readers see them."""
    statement = select(StoryPicture).where(StoryPicture.story_id == story_id)
    return list(session.scalars(statement.order_by(StoryPicture.position, StoryPicture.id)))


def picture_of(session: Session, story_id: int, picture_id: int) -> StoryPicture:
    picture = session.get(StoryPicture, picture_id)
    if picture is None or picture.story_id != story_id:
        raise NotFound("picture")
    return picture


def picture_by_key(session: Session, key: str) -> StoryPicture:
    """With its story, whose readers may see it. Raises NotFound."""
    statement = select(StoryPicture).where(StoryPicture.key == key).options(joinedload(StoryPicture.story))
    picture = session.scalar(statement)
    if picture is None:
        raise NotFound("picture")
    return picture


def check(description: Description) -> None:
    """Every picture of a story is described: it tells something, or it is left out."""
    description.check_lengths()
    if not description.alt:
        raise RuleBroken("alt_missing", "alt")
    if not description.has_consent:
        raise RuleBroken("consent_missing", "has_consent")


def upload(storage: Storage, actor: Actor, story_id: int, data: bytes, name: str, description: Description) -> None:
    """Checks, stores and writes; the slow work is done while no transaction is open. The same file again is passed
    over."""
    require(actor, Permission.CURATE)
    check(description)
    digest = hashlib.sha256(data).hexdigest()
    session = db.session()
    _check_room(session, story_id)
    if _has(session, story_id, digest):
        return
    session.rollback()
    stored = store_picture(storage, check_picture(data, name))
    write_or_forget(
        storage,
        list(stored.files.values()),
        lambda session: add_picture(session, actor, story_id, stored, digest, description),
    )


def _has(session: Session, story_id: int, digest: str) -> bool:
    statement = select(StoryPicture.id).where(StoryPicture.story_id == story_id, StoryPicture.digest == digest)
    return session.scalar(statement) is not None


def _check_room(session: Session, story_id: int) -> None:
    present = session.scalar(select(func.count(StoryPicture.id)).where(StoryPicture.story_id == story_id)) or 0
    if present >= MAX_PICTURES:
        raise RuleBroken("too_many_pictures", "pictures", limit=MAX_PICTURES)


def add_picture(
    session: Session, actor: Actor, story_id: int, stored: StoredPicture, digest: str, description: Description
) -> StoryPicture | None:
    """Last of the story; None when this very file is there already."""
    require(actor, Permission.CURATE)
    check(description)
    # Two who add at once take turns, so that the count and the order hold.
    if session.scalar(select(Story.id).where(Story.id == story_id).with_for_update()) is None:
        raise NotFound("story")
    if _has(session, story_id, digest):
        return None
    _check_room(session, story_id)
    last = session.scalar(select(func.max(StoryPicture.position)).where(StoryPicture.story_id == story_id)) or 0
    picture = StoryPicture(
        story_id=story_id, position=last + 1, key=next(iter(stored.files.values())), digest=digest, files=stored.files,
        is_whole=stored.is_whole,
        width=stored.width, height=stored.height, alt=description.alt, caption=description.caption,
        credit=description.credit, has_consent=True, created_by_id=actor.id,
    )  # fmt: skip
    session.add(picture)
    session.flush()
    record(session, StoryPictureAdded(actor_id=actor.id, story_id=story_id, picture_id=picture.id))
    return picture


def describe(session: Session, actor: Actor, picture: StoryPicture, description: Description) -> None:
    require(actor, Permission.CURATE)
    check(description)
    picture.alt, picture.caption, picture.credit = description.alt, description.caption, description.credit
    record(session, StoryPictureChanged(actor_id=actor.id, story_id=picture.story_id, picture_id=picture.id))


def put_first(session: Session, actor: Actor, picture: StoryPicture) -> None:
    """On top of the story; the others keep their order."""
    require(actor, Permission.CURATE)
    others = [row for row in pictures_of(session, picture.story_id) if row.id != picture.id]
    for position, row in enumerate([picture, *others], 1):
        row.position = position
    record(session, StoryPictureChanged(actor_id=actor.id, story_id=picture.story_id, picture_id=picture.id))


def remove_picture(session: Session, actor: Actor, picture: StoryPicture) -> list[str]:
    """Returns the keys of the files, to be deleted when the change is committed."""
    require(actor, Permission.CURATE)
    story_id, picture_id, keys = picture.story_id, picture.id, list(picture.files.values())
    session.delete(picture)
    record(session, StoryPictureRemoved(actor_id=actor.id, story_id=story_id, picture_id=picture_id))
    return keys
