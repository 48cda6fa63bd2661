"""Posting a wish, joining it, answering it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import (
    DeedPublished,
    DeedSaved,
    WishAnswered,
    WishAnswerRemoved,
    WishHidden,
    WishJoined,
    WishLeft,
    WishPosted,
    WishPromised,
    record,
)
from tori.core.text import clean_line, clean_text, render_markdown, slugify
from tori.deeds.newcomers import refuse_adverts
from tori.i18n import LOCALES
from tori.models.deeds import Deed, Sector, Theme
from tori.models.wishes import Wish, WishAnswer, WishPromise, WishSupporter
from tori.policy import Actor, Permission, require

MAX_TITLE = 150
MAX_BODY = 3000
MAX_NOTE = 300
MAX_THEMES = 5
PROMISE_LASTS = timedelta(hours=12)
"""A draft begun so soon after "we have this" is taken to be the answer that was promised."""


@dataclass(frozen=True)
class WishContent:
    """What is looked for; ``sector`` and ``themes`` are slugs and may be left out."""

    title: str
    body: str = ""
    language: str = "fi"
    sector: str = ""
    themes: Sequence[str] = ()


def post(session: Session, actor: Actor, content: WishContent, form_number: str | None = None) -> Wish:
    """Puts a wish on the square. The same form number again gives the same wish."""
    require(actor, Permission.WISH_WRITE)
    title, body = clean_line(content.title), clean_text(content.body)
    if not title:
        raise RuleBroken("value_missing", "title")
    if len(title) > MAX_TITLE:
        raise RuleBroken("text_too_long", "title", limit=MAX_TITLE)
    if len(body) > MAX_BODY:
        raise RuleBroken("text_too_long", "body", limit=MAX_BODY)
    if form_number:
        existing = session.scalar(select(Wish).where(Wish.form_number == form_number, Wish.author_id == actor.id))
        if existing is not None:
            return existing
    organisation = actor.user.organisation if actor.user else None
    wish = Wish(
        title=title, slug=slugify(title, "toive"), body=body, html=str(render_markdown(body)), author_id=actor.id,
        language=content.language if content.language in LOCALES else "fi",
        organisation_id=organisation.id if organisation else None, sector_id=_sector_id(session, content.sector),
        form_number=form_number,
    )  # fmt: skip
    wish.themes = _themes(session, content.themes)
    session.add(wish)
    session.flush()
    record(session, WishPosted(actor_id=actor.id, wish_id=wish.id))
    return wish


def _sector_id(session: Session, slug: str) -> int | None:
    if not slug:
        return None
    found = session.scalar(select(Sector.id).where(Sector.slug == slug))
    if found is None:
        raise RuleBroken("unknown_sector", "sector")
    return found


def _themes(session: Session, slugs: Sequence[str]) -> list[Theme]:
    wanted = set(slugs)
    if len(wanted) > MAX_THEMES:
        raise RuleBroken("too_many_themes", "themes")
    found = list(session.scalars(select(Theme).where(Theme.slug.in_(wanted))))
    if len(found) < len(wanted):
        raise RuleBroken("unknown_theme", "themes")
    return found


def join(session: Session, actor: Actor, wish: Wish) -> None:
    """ "Minäkin": one press, counted once."""
    require(actor, Permission.WISH_JOIN, wish)
    if wish.author_id == actor.id or is_joined(session, actor, wish.id):
        return
    try:
        with session.begin_nested():
            session.add(WishSupporter(wish_id=wish.id, user_id=actor.id))
    except IntegrityError:
        # The same press twice at the same moment.
        return
    _recount(session, wish)
    record(session, WishJoined(actor_id=actor.id, wish_id=wish.id))


def leave(session: Session, actor: Actor, wish: Wish) -> None:
    require(actor, Permission.WISH_JOIN, wish)
    row = session.scalar(
        select(WishSupporter).where(WishSupporter.wish_id == wish.id, WishSupporter.user_id == actor.id)
    )
    if row is None:
        return
    session.delete(row)
    _recount(session, wish)
    record(session, WishLeft(actor_id=actor.id, wish_id=wish.id))


def is_joined(session: Session, actor: Actor, wish_id: int) -> bool:
    if actor.id is None:
        return False
    statement = select(WishSupporter.id).where(WishSupporter.wish_id == wish_id, WishSupporter.user_id == actor.id)
    return session.scalar(statement) is not None


def _recount(session: Session, wish: Wish) -> None:
    session.flush()
    count = select(func.count()).where(WishSupporter.wish_id == wish.id).scalar_subquery()
    session.execute(
        update(Wish).where(Wish.id == wish.id).values(supporter_count=count),
        execution_options={"synchronize_session": False},
    )
    session.refresh(wish, ["supporter_count"])


def answer(session: Session, actor: Actor, wish: Wish, deed: Deed, note: str = "") -> WishAnswer:
    """Offers a public deed as the answer. The same deed again keeps the first offer."""
    require(actor, Permission.WISH_JOIN, wish)
    require(actor, Permission.DEED_READ, deed)
    if not deed.is_public:
        raise RuleBroken("not_published", "deed")
    note = clean_line(note)
    if len(note) > MAX_NOTE:
        raise RuleBroken("text_too_long", "note", limit=MAX_NOTE)
    refuse_adverts(actor, "note", note)
    existing = session.scalar(select(WishAnswer).where(WishAnswer.wish_id == wish.id, WishAnswer.deed_id == deed.id))
    if existing is not None:
        return existing
    row = WishAnswer(wish_id=wish.id, deed_id=deed.id, author_id=actor.id, note=note)
    session.add(row)
    wish.answered_at = wish.answered_at or clock.now()
    session.flush()
    record(session, WishAnswered(actor_id=actor.id, wish_id=wish.id, deed_id=deed.id, answer_id=row.id))
    return row


def remove_answer(session: Session, actor: Actor, row: WishAnswer) -> None:
    """Taken back by who offered it, or by the one who wished and finds that it does not answer."""
    require(actor, Permission.WISH_ANSWER_REMOVE, row)
    wish, deed_id = row.wish, row.deed_id
    session.delete(row)
    session.flush()
    if session.scalar(select(func.count()).where(WishAnswer.wish_id == wish.id)) == 0:
        wish.answered_at = None
    record(session, WishAnswerRemoved(actor_id=actor.id, wish_id=wish.id, deed_id=deed_id))


def hide(session: Session, actor: Actor, wish: Wish, reason: str = "") -> None:
    """Off the square: by its writer, or by an editor with a reason."""
    require(actor, Permission.WISH_HIDE, wish)
    reason = clean_line(reason)[:MAX_NOTE]
    if not reason and wish.author_id != actor.id:
        raise RuleBroken("reason_needed", "reason")
    if wish.hidden_at is not None:
        return
    wish.hidden_at = clock.now()
    wish.hidden_reason = reason
    record(session, WishHidden(actor_id=actor.id, wish_id=wish.id, reason=reason))


def promise(session: Session, actor: Actor, wish: Wish) -> None:
    """ "Meillä on tämä": the deed that the person begins next is the answer when it is published."""
    require(actor, Permission.WISH_JOIN, wish)
    row = session.scalar(select(WishPromise).where(WishPromise.wish_id == wish.id, WishPromise.user_id == actor.id))
    if row is None:
        row = WishPromise(wish_id=wish.id, user_id=actor.id)
        session.add(row)
    row.deed_id = None
    row.created_at = clock.now()
    record(session, WishPromised(actor_id=actor.id, wish_id=wish.id))


def note_draft(session: Session, event: DeedSaved) -> None:
    """A handler: the first deed begun after a promise belongs to it."""
    deed = session.get_one(Deed, event.deed_id)
    row = session.scalar(
        select(WishPromise)
        .where(
            WishPromise.user_id == event.actor_id,
            WishPromise.deed_id.is_(None),
            WishPromise.created_at <= deed.created_at,
            WishPromise.created_at > deed.created_at - PROMISE_LASTS,
        )
        .order_by(WishPromise.created_at.desc())
        .limit(1)
    )
    taken = session.scalar(select(WishPromise.id).where(WishPromise.deed_id == deed.id))
    if row is not None and taken is None and deed.author_id == event.actor_id:
        row.deed_id = deed.id


def keep_promises(session: Session, event: DeedPublished) -> None:
    """A handler: a promised deed answers its wish as soon as it is published."""
    deed = session.get_one(Deed, event.deed_id)
    for row in session.scalars(select(WishPromise).where(WishPromise.deed_id == deed.id)).all():
        session.delete(row)
        if row.wish.hidden_at is None and deed.author is not None and deed.is_public:
            answer(session, Actor(deed.author), row.wish, deed)
