"""Pictures and files that belong to deeds."""

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_, or_, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tori.models.base import Base, Created, Line
from tori.models.campaigns import Story
from tori.models.deeds import Deed

WIDTHS = (480, 960, 1600)
"""Greatest widths of the stored sizes in pixels; a smaller picture is never enlarged."""

SMALLEST = WIDTHS[0]


def index_of_halves(table: str) -> Index:
    """By which the worker finds the few pictures that want their smaller sizes."""
    is_half = text("NOT is_whole")
    return Index(f"ix_{table}_is_whole", "is_whole", sqlite_where=is_half, postgresql_where=is_half)


class PictureFile:
    """A stored picture and what is told of it, whatever it belongs to. Sizes are those of the largest one.

    ``key`` names it in addresses; ``files`` are the keys of the stored sizes by their greatest width. The largest is
    made when the picture is sent, the others by the worker: then it ``is_whole``. ``digest`` is the checksum of what
    was sent. Readers see it when it is described and everybody in it has agreed.
    """

    FOLDER = "kuvat"
    """First part of its address."""

    key: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    files: Mapped[dict[str, str]]
    is_whole: Mapped[bool] = mapped_column(default=True, server_default=true())
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[Line] = mapped_column(default="")
    is_decorative: Mapped[bool] = mapped_column(default=False)
    credit: Mapped[Line] = mapped_column(default="")
    has_consent: Mapped[bool] = mapped_column(default=False)

    @property
    def is_shown(self) -> bool:
        return self.has_consent and (self.is_decorative or bool(self.alt))

    @property
    def text(self) -> str:
        """What is read aloud in the picture's place: nothing when it only decorates."""
        return "" if self.is_decorative else self.alt

    @property
    def widths(self) -> list[int]:
        return sorted(int(width) for width in self.files)

    def stored_as(self, width: int) -> str | None:
        """Key of the size, of the next larger one while it is not made yet; None when the picture is not so wide."""
        return next((self.files[str(known)] for known in self.widths if known >= width), None)

    def address(self, width: int = SMALLEST) -> str:
        """The same in every language, since the picture is."""
        return picture_address(self.key, width, self.FOLDER)

    @property
    def srcset(self) -> str:
        return ", ".join(f"{self.address(width)} {min(width, self.width)}w" for width in self.widths)


class Picture(PictureFile, Created, Base):
    """A picture of a deed, in the order of ``position``. The same file sent twice is one picture."""

    __tablename__ = "picture"
    __table_args__ = (
        UniqueConstraint("deed_id", "digest"),
        Index("ix_picture_deed_id_position", "deed_id", "position"),
        index_of_halves("picture"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    position: Mapped[int]
    caption: Mapped[Line] = mapped_column(default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)

    deed: Mapped[Deed] = relationship()


def picture_address(key: str, width: int = SMALLEST, folder: str = "kuvat") -> str:
    return f"/{folder}/{key}/{width}.webp"


def shown_pictures(picture: type[Picture] = Picture) -> ColumnElement[bool]:
    """``Picture.is_shown`` as a condition of SQL, also on an alias."""
    return and_(picture.has_consent, or_(picture.is_decorative, picture.alt != ""))


class StoryPicture(PictureFile, Created, Base):
    """A picture that editors have put into a story, always described. The first one stands on top."""

    __tablename__ = "story_picture"
    __table_args__ = (
        UniqueConstraint("story_id", "digest"),
        Index("ix_story_picture_story_id_position", "story_id", "position"),
        index_of_halves("story_picture"),
    )
    FOLDER = "jutut/kuvat"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    position: Mapped[int]
    caption: Mapped[Line] = mapped_column(default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)

    story: Mapped[Story] = relationship()


class Attachment(Created, Base):
    """A file that readers may download. ``size`` is in bytes; ``media_type`` is what the content was found to be."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("deed_id", "digest"),
        Index("ix_attachment_deed_id_id", "deed_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deed_id: Mapped[int] = mapped_column(ForeignKey("deed.id", ondelete="CASCADE"))
    title: Mapped[Line]
    file_name: Mapped[Line]
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)

    deed: Mapped[Deed] = relationship()

    @property
    def address(self) -> str:
        return f"/liitteet/{self.key}"

    @property
    def kind(self) -> str:
        """``PDF``, ``DOCX`` …: what readers know the type by."""
        return self.file_name.rpartition(".")[2].upper()
