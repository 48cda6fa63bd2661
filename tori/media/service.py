"""What is done to pictures and files of deeds. Files are checked and stored before; see ``uploads.py``."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import (
    FileAdded,
    FileRemoved,
    PictureAdded,
    PictureDescribed,
    PictureMoved,
    PictureRemoved,
    record,
)
from tori.core.text import clean_line
from tori.media.documents import CheckedDocument
from tori.media.pictures import StoredPicture
from tori.models.deeds import Deed
from tori.models.media import Attachment, Picture
from tori.policy import Actor, Permission, require

MAX_PICTURES = 8
MAX_FILES = 8
MAX_TEXT = 300


@dataclass(frozen=True)
class Description:
    """What is told of a picture. ``has_consent``: nobody in it can be recognised, or they have agreed."""

    alt: str = ""
    is_decorative: bool = False
    caption: str = ""
    credit: str = ""
    has_consent: bool = False

    def __post_init__(self) -> None:
        for name in ("alt", "caption", "credit"):
            object.__setattr__(self, name, clean_line(getattr(self, name)))

    def check_lengths(self) -> None:
        for name in ("alt", "caption", "credit"):
            if len(getattr(self, name)) > MAX_TEXT:
                raise RuleBroken("text_too_long", name, limit=MAX_TEXT)

    def check(self) -> None:
        """Raises RuleBroken for what is missing before readers can see the picture."""
        self.check_lengths()
        if not self.alt and not self.is_decorative:
            raise RuleBroken("alt_missing", "alt")
        if not self.has_consent:
            raise RuleBroken("consent_missing", "has_consent")


def check_room_for_pictures(session: Session, actor: Actor, deed: Deed, count: int = 1) -> None:
    """Raises RuleBroken when so many more would be too many; asked also before the work of checking them."""
    require(actor, Permission.DEED_EDIT, deed)
    present = session.scalar(select(func.count(Picture.id)).where(Picture.deed_id == deed.id)) or 0
    if present + count > MAX_PICTURES:
        raise RuleBroken("too_many_pictures", "pictures", limit=MAX_PICTURES)


def add_picture(
    session: Session, actor: Actor, deed: Deed, stored: StoredPicture, digest: str, description: Description
) -> Picture | None:
    """Puts the picture last; None when this very file is there already. Without a description it waits unseen."""
    require(actor, Permission.DEED_EDIT, deed)
    description.check_lengths()
    _lock(session, deed)
    if has_picture(session, deed.id, digest):
        return None
    check_room_for_pictures(session, actor, deed)
    last = session.scalar(select(func.max(Picture.position)).where(Picture.deed_id == deed.id)) or 0
    picture = Picture(
        deed_id=deed.id, position=last + 1, key=next(iter(stored.files.values())), digest=digest, files=stored.files,
        is_whole=stored.is_whole,
        width=stored.width, height=stored.height, created_by_id=actor.id,
    )  # fmt: skip
    _write(picture, description)
    session.add(picture)
    session.flush()
    record(session, PictureAdded(actor_id=actor.id, deed_id=deed.id, picture_id=picture.id))
    return picture


def describe_picture(session: Session, actor: Actor, picture: Picture, description: Description) -> None:
    require(actor, Permission.DEED_EDIT, picture.deed)
    description.check()
    _write(picture, description)
    record(session, PictureDescribed(actor_id=actor.id, deed_id=picture.deed_id, picture_id=picture.id))


def move_picture(session: Session, actor: Actor, picture: Picture, steps: int) -> None:
    """Moves the picture ``steps`` places later, or earlier when negative; past the ends it stays at the end."""
    require(actor, Permission.DEED_EDIT, picture.deed)
    _lock(session, picture.deed)
    order = list(
        session.scalars(
            select(Picture).where(Picture.deed_id == picture.deed_id).order_by(Picture.position, Picture.id)
        )
    )
    place = order.index(picture)
    order.insert(max(0, min(len(order) - 1, place + steps)), order.pop(place))
    for position, row in enumerate(order, 1):
        row.position = position
    record(session, PictureMoved(actor_id=actor.id, deed_id=picture.deed_id, picture_id=picture.id))


def remove_picture(session: Session, actor: Actor, picture: Picture) -> list[str]:
    """Returns the keys of the files, to be deleted when the change is committed."""
    require(actor, Permission.DEED_EDIT, picture.deed)
    deed_id, picture_id, keys = picture.deed_id, picture.id, list(picture.files.values())
    session.delete(picture)
    record(session, PictureRemoved(actor_id=actor.id, deed_id=deed_id, picture_id=picture_id))
    return keys


def check_room_for_files(session: Session, actor: Actor, deed: Deed, count: int = 1) -> None:
    require(actor, Permission.DEED_EDIT, deed)
    present = session.scalar(select(func.count(Attachment.id)).where(Attachment.deed_id == deed.id)) or 0
    if present + count > MAX_FILES:
        raise RuleBroken("too_many_files", "files", limit=MAX_FILES)


def add_file(
    session: Session, actor: Actor, deed: Deed, checked: CheckedDocument, stored: tuple[str, str, int], title: str
) -> Attachment | None:
    """``stored`` is the key, the digest and the size. None when this very file is there already.

    Without a title the file's name serves.
    """
    require(actor, Permission.DEED_EDIT, deed)
    title = clean_line(title)
    if len(title) > MAX_TEXT:
        raise RuleBroken("text_too_long", "title", limit=MAX_TEXT)
    key, digest, size = stored
    _lock(session, deed)
    if has_file(session, deed.id, digest):
        return None
    check_room_for_files(session, actor, deed)
    attachment = Attachment(
        deed_id=deed.id, title=title or checked.file_name.rpartition(".")[0], file_name=checked.file_name,
        media_type=checked.media_type, size=size, key=key, digest=digest, created_by_id=actor.id,
    )  # fmt: skip
    session.add(attachment)
    session.flush()
    record(session, FileAdded(actor_id=actor.id, deed_id=deed.id, attachment_id=attachment.id))
    return attachment


def remove_file(session: Session, actor: Actor, attachment: Attachment) -> list[str]:
    """Returns the keys of the files, to be deleted when the change is committed."""
    require(actor, Permission.DEED_EDIT, attachment.deed)
    deed_id, attachment_id, keys = attachment.deed_id, attachment.id, [attachment.key]
    session.delete(attachment)
    record(session, FileRemoved(actor_id=actor.id, deed_id=deed_id, attachment_id=attachment_id))
    return keys


def has_picture(session: Session, deed_id: int, digest: str) -> bool:
    """Whether this very file was sent before: a double click must not make two."""
    return session.scalar(select(Picture.id).where(Picture.deed_id == deed_id, Picture.digest == digest)) is not None


def has_file(session: Session, deed_id: int, digest: str) -> bool:
    statement = select(Attachment.id).where(Attachment.deed_id == deed_id, Attachment.digest == digest)
    return session.scalar(statement) is not None


def _write(picture: Picture, description: Description) -> None:
    picture.alt = description.alt
    picture.is_decorative = description.is_decorative
    picture.caption = description.caption
    picture.credit = description.credit
    picture.has_consent = description.has_consent


def _lock(session: Session, deed: Deed) -> None:
    """Two who add to one deed at once take turns, so that the count and the order hold."""
    if session.scalar(select(Deed.id).where(Deed.id == deed.id).with_for_update()) is None:
        raise NotFound("deed")
