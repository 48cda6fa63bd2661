"""What the digest may tell is written down as it happens, in the same transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core.events import (
    CommentPosted,
    DeedAdopted,
    DeedPicked,
    DeedPublished,
    PartnersSought,
    WishAnswered,
    WishPosted,
)
from tori.models.digest import NewsItem, NewsKind
from tori.models.wishes import PartnerCall


def note_published(session: Session, event: DeedPublished) -> None:
    """A deed is news once, however often it is taken off the square and put back."""
    _note(session, NewsKind.DEED_PUBLISHED, event.deed_id, event.deed_id, event.actor_id)


def note_adopted(session: Session, event: DeedAdopted) -> None:
    item = _note(session, NewsKind.DEED_ADOPTED, event.adoption_id, event.deed_id, event.actor_id)
    if item is not None:
        item.organisation_id = event.organisation_id


def note_commented(session: Session, event: CommentPosted) -> None:
    _note(session, NewsKind.DEED_COMMENTED, event.comment_id, event.deed_id, event.actor_id)


def note_picked(session: Session, event: DeedPicked) -> None:
    _note(session, NewsKind.DEED_PICKED, event.pick_id, event.deed_id, event.actor_id)


def note_wish(session: Session, event: WishPosted) -> None:
    item = _note(session, NewsKind.WISH_POSTED, event.wish_id, None, event.actor_id)
    if item is not None:
        item.wish_id = event.wish_id


def note_wish_answered(session: Session, event: WishAnswered) -> None:
    item = _note(session, NewsKind.WISH_ANSWERED, event.answer_id, event.deed_id, event.actor_id)
    if item is not None:
        item.wish_id = event.wish_id


def note_partners_sought(session: Session, event: PartnersSought) -> None:
    call = session.get_one(PartnerCall, event.call_id)
    item = _note(session, NewsKind.PARTNERS_SOUGHT, call.id, call.deed_id, event.actor_id)
    if item is not None:
        item.wish_id = call.wish_id


def _note(session: Session, kind: NewsKind, number: int, deed_id: int | None, actor_id: int | None) -> NewsItem | None:
    key = f"{kind}:{number}"
    if session.scalar(select(NewsItem.id).where(NewsItem.key == key)) is not None:
        return None
    item = NewsItem(kind=kind, key=key, deed_id=deed_id, actor_id=actor_id)
    session.add(item)
    return item
