"""The things that can be reported: reading one, taking it off the square, putting it back, telling who made it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tori.conversation import service as comments
from tori.core.errors import NotFound, RuleBroken
from tori.core.events import DeedRestored, WishShown, record
from tori.core.text import excerpt
from tori.deeds import service as deeds
from tori.models.deeds import Comment, Deed, DeedStatus
from tori.models.moderation import Reportable
from tori.models.people import Organisation
from tori.models.wishes import Wish
from tori.policy import Actor, Permission, decide, require
from tori.wishes import service as wishes

TITLE_LENGTH = 90
READING = {
    Reportable.DEED: Permission.DEED_READ,
    Reportable.WISH: Permission.WISH_READ,
    Reportable.COMMENT: Permission.COMMENT_REPORT,
}


@dataclass(frozen=True)
class Target:
    """``address`` is the path without a language; ``maker_id`` who hears of a decision."""

    kind: Reportable
    id: int
    title: str
    address: str
    language: str
    maker_id: int | None
    is_shown: bool
    row: Deed | Wish | Organisation | Comment


def target_of(session: Session, kind: str, target_id: int) -> Target:
    """Raises NotFound for what there is not."""
    if kind == Reportable.DEED and (deed := session.get(Deed, target_id)) is not None:
        return Target(
            Reportable.DEED, deed.id, deed.title, f"/teot/{deed.id}-{deed.slug}", deed.language, deed.author_id,
            deed.is_public, deed,
        )  # fmt: skip
    if kind == Reportable.WISH and (wish := session.get(Wish, target_id)) is not None:
        return Target(
            Reportable.WISH, wish.id, wish.title, f"/toiveet/{wish.id}-{wish.slug}", wish.language, wish.author_id,
            wish.hidden_at is None, wish,
        )  # fmt: skip
    if kind == Reportable.ORGANISATION and (place := session.get(Organisation, target_id)) is not None:
        return Target(
            Reportable.ORGANISATION, place.id, place.name, f"/organisaatiot/{place.slug}", "fi", None, True, place
        )
    if kind == Reportable.COMMENT and (comment := session.get(Comment, target_id)) is not None:
        deed = comment.deed
        return Target(
            Reportable.COMMENT, comment.id, deed.title if comment.removed_at else _first_words(comment.body),
            f"/teot/{deed.id}-{deed.slug}#kommentti-{comment.id}", deed.language, comment.author_id,
            comment.removed_at is None, comment,
        )  # fmt: skip
    raise NotFound("target")


def _first_words(text: str) -> str:
    return excerpt(text.replace("\n", " "), TITLE_LENGTH)


def readable(session: Session, actor: Actor, kind: str, target_id: int) -> Target:
    """As ``target_of``, but what the actor can't read is not there."""
    target = target_of(session, kind, target_id)
    reading = READING.get(target.kind)
    if reading is not None and not decide(actor, reading, target.row).allowed:
        raise NotFound("target")
    return target


def take_off(session: Session, actor: Actor, target: Target, reason: str) -> None:
    """Off the square. An organisation is no writing of anybody: it is corrected, never removed."""
    require(actor, Permission.MODERATE)
    if isinstance(target.row, Deed):
        deeds.withdraw(session, actor, target.row, reason)
    elif isinstance(target.row, Wish):
        wishes.hide(session, actor, target.row, reason)
    elif isinstance(target.row, Comment):
        comments.remove(session, actor, target.row, reason)
    else:
        raise RuleBroken("cant_be_removed", "verdict")


def put_back(session: Session, actor: Actor, target: Target) -> None:
    """Back on the square as it was."""
    require(actor, Permission.MODERATE)
    row = target.row
    if isinstance(row, Deed) and row.status == DeedStatus.WITHDRAWN and row.published_at is not None:
        row.status = DeedStatus.PUBLISHED
        row.merged_into_id = None
        record(session, DeedRestored(actor_id=actor.id, deed_id=row.id))
    elif isinstance(row, Wish) and row.hidden_at is not None:
        row.hidden_at, row.hidden_reason = None, ""
        record(session, WishShown(actor_id=actor.id, wish_id=row.id))
    elif isinstance(row, Comment):
        comments.put_back(session, actor, row)
    else:
        raise RuleBroken("nothing_to_restore")
