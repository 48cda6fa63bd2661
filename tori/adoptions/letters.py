"""The author's letter: who has taken a model, many in one mail, and only to the author."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tori.adoptions.labels import RHYTHMS
from tori.adoptions.links import mail_link
from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import LetterRhythmChanged, record
from tori.database import db, transaction
from tori.models.adoptions import AuthorLetter, LetterRhythm
from tori.models.deeds import PUBLIC_STATUSES, Adoption, Deed
from tori.models.people import User
from tori.models.reading import SavedDeed
from tori.notifications import mail
from tori.policy import Actor, Permission, require

PAUSES = {LetterRhythm.WEEKLY: timedelta(days=7), LetterRhythm.DAILY: timedelta(days=1)}
DEEDS_IN_LETTER = 20


def rhythm_of(session: Session, user: User) -> str:
    row = session.get(AuthorLetter, user.id)
    return row.rhythm if row else LetterRhythm.WEEKLY


def choose_rhythm(session: Session, actor: Actor, rhythm: str) -> None:
    """How often the person wants letters. What waited while they wanted none is not sent afterwards."""
    require(actor, Permission.ACCOUNT_OWN)
    assert actor.id is not None
    if rhythm not in RHYTHMS:
        raise RuleBroken("unknown_choice", "rhythm")
    row = session.get(AuthorLetter, actor.id)
    if row is None:
        row = AuthorLetter(user_id=actor.id, rhythm=LetterRhythm.WEEKLY)
        session.add(row)
    if row.rhythm == rhythm:
        return
    if row.rhythm == LetterRhythm.NONE:
        _mark_told(list(session.scalars(_untold(actor.id))))
    row.rhythm = rhythm
    record(session, LetterRhythmChanged(actor_id=actor.id, rhythm=rhythm))


def write_due(config: Config) -> int:
    """A letter to each author who has something to hear and whose turn it is, one transaction each."""
    written = 0
    for author_id in _waiting_authors(db.session()):
        with transaction() as session:
            written += _write(session, author_id)
    return written


def _untold(author_id: int) -> Select[Adoption]:
    return (
        select(Adoption)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(
            Deed.author_id == author_id,
            Deed.status.in_(PUBLIC_STATUSES),
            Adoption.author_told_at.is_(None),
            or_(Adoption.user_id.is_(None), Adoption.user_id != author_id),
        )
        .options(joinedload(Adoption.deed), joinedload(Adoption.organisation))
        .order_by(Adoption.id)
    )


def _waiting_authors(session: Session) -> list[int]:
    statement = (
        select(Deed.author_id)
        .join(Adoption, Adoption.deed_id == Deed.id)
        .where(Adoption.author_told_at.is_(None), Deed.author_id.is_not(None), Deed.status.in_(PUBLIC_STATUSES))
        .distinct()
        .order_by(Deed.author_id)
    )
    return [number for number in session.scalars(statement) if number is not None]


def _write(session: Session, author_id: int) -> bool:
    user = session.get(User, author_id)
    row = session.get(AuthorLetter, author_id) or AuthorLetter(user_id=author_id, rhythm=LetterRhythm.WEEKLY)
    if user is None or not user.is_active or not _is_turn(row):
        return False
    adoptions = list(session.scalars(_untold(author_id)))
    if not adoptions:
        return False
    locale = user.locale
    mail.enqueue(
        session, "author_letter", user.email, locale, user=user, deeds=_by_deed(session, adoptions, row, locale),
        count=len(adoptions), own_link=mail_link("adoptions.own_deeds", locale),
    )  # fmt: skip
    _mark_told(adoptions)
    row.sent_at = clock.now()
    session.add(row)
    return True


def _is_turn(row: AuthorLetter) -> bool:
    """Days are compared, not hours: the job runs once a day, and not at the same minute."""
    if row.rhythm == LetterRhythm.NONE:
        return False
    if row.sent_at is None:
        return True
    passed = clock.today() - clock.in_finland(row.sent_at).date()
    return passed >= PAUSES[LetterRhythm(row.rhythm)]


def _by_deed(session: Session, adoptions: list[Adoption], row: AuthorLetter, locale: str) -> list[dict[str, Any]]:
    deeds: dict[int, dict[str, Any]] = {}
    for adoption in adoptions:
        deed = adoption.deed
        entry = deeds.setdefault(
            deed.id,
            {
                "deed": deed, "link": mail_link("deeds.show", locale, deed_id=deed.id, slug=deed.slug),
                "takers": [], "saves": 0,
            },
        )  # fmt: skip
        entry["takers"].append((adoption.organisation.name_in(locale), adoption.note or adoption.outcome))
    saves = select(SavedDeed.deed_id, func.count()).where(SavedDeed.deed_id.in_(deeds)).group_by(SavedDeed.deed_id)
    if row.sent_at is not None:
        saves = saves.where(SavedDeed.created_at > row.sent_at)
    for deed_id, count in session.execute(saves):
        deeds[deed_id]["saves"] = count
    return list(deeds.values())[:DEEDS_IN_LETTER]


def _mark_told(adoptions: list[Adoption]) -> None:
    for adoption in adoptions:
        adoption.author_told_at = clock.now()
