""" "Tätä haluaisin tietää": readers ask for the empty parts of a deed, so that demand decides what is filled in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import AskingTakenBack, DeedEdited, DeedPublished, PartAskedFor, record
from tori.database import db, transaction
from tori.deeds.labels import PARTS
from tori.models.deeds import STAGES, Deed, DeedStatus
from tori.models.operations import Notification
from tori.models.people import Membership, User
from tori.models.reading import ReaderRequest
from tori.notifications import mail
from tori.policy import Actor, Permission, require

TOLD_EVERY = timedelta(days=30)
DEEDS_IN_MAIL = 20

FIELDS: dict[str, tuple[str, ...]] = {
    "need": ("need",),
    "goals": ("goals",),
    "implementation": ("implementation",),
    "results": ("results",),
    "lessons": ("lessons", "obstacles", "did_not_work"),
    "applicability": ("applicability",),
    "costs": ("funding_euros", "funder", "cost", "effort"),
    "indicators": ("indicators",),
}
"""A part that can be asked for -> the fields of which one is enough to answer."""


def is_empty(deed: Deed, part: str) -> bool:
    return not any(getattr(deed, name, None) for name in FIELDS[part])


def empty_parts(deed: Deed) -> list[str]:
    """What a reader may ask for. A story told without stages has told them all."""
    told = set(STAGES) if deed.body and not deed.has_stages else set()
    return [part for part in FIELDS if part not in told and is_empty(deed, part)]


def ask(session: Session, actor: Actor, deed: Deed, part: str) -> None:
    """Once for each person and part: a second press changes nothing."""
    require(actor, Permission.DEED_ASK, deed)
    _check_part(part)
    if part not in empty_parts(deed):
        raise RuleBroken("not_empty", "part")
    if part in asked_parts(session, actor, deed.id):
        return
    try:
        with session.begin_nested():
            session.add(ReaderRequest(deed_id=deed.id, user_id=actor.id, part=part))
    except IntegrityError:
        # The same press twice at the same moment.
        return
    record(session, PartAskedFor(actor_id=actor.id, deed_id=deed.id, part=part))


def take_back(session: Session, actor: Actor, deed: Deed, part: str) -> None:
    require(actor, Permission.DEED_ASK, deed)
    _check_part(part)
    found = session.execute(
        delete(ReaderRequest).where(
            ReaderRequest.deed_id == deed.id,
            ReaderRequest.user_id == actor.id,
            ReaderRequest.part == part,
            ReaderRequest.answered_at.is_(None),
        )
    )
    if found.rowcount:  # type: ignore[attr-defined]
        record(session, AskingTakenBack(actor_id=actor.id, deed_id=deed.id, part=part))


def _check_part(part: str) -> None:
    if part not in FIELDS:
        raise RuleBroken("unknown_choice", "part")


def asked_parts(session: Session, actor: Actor, deed_id: int) -> set[str]:
    """What this reader has asked of the deed."""
    if actor.id is None:
        return set()
    rows = session.scalars(
        select(ReaderRequest.part).where(ReaderRequest.deed_id == deed_id, ReaderRequest.user_id == actor.id)
    )
    return set(rows)


def counts(session: Session, deed_id: int) -> dict[str, int]:
    """Part -> how many readers wait for it."""
    rows = session.execute(
        select(ReaderRequest.part, func.count())
        .where(ReaderRequest.deed_id == deed_id, ReaderRequest.answered_at.is_(None))
        .group_by(ReaderRequest.part)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class WantedDeed:
    """A deed of which readers would like to know more: part -> how many ask."""

    id: int
    title: str
    slug: str
    language: str
    parts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())


def wanted_of(session: Session, user: User) -> list[WantedDeed]:
    """What readers ask of a person's own deeds, the most asked first. One statement."""
    return _wanted(
        session.execute(
            select(Deed.id, Deed.title, Deed.slug, Deed.language, ReaderRequest.part, func.count())
            .join(Deed, Deed.id == ReaderRequest.deed_id)
            .where(
                Deed.author_id == user.id,
                Deed.status == DeedStatus.PUBLISHED,
                ReaderRequest.answered_at.is_(None),
            )
            .group_by(Deed.id, Deed.title, Deed.slug, Deed.language, ReaderRequest.part)
        )
    )


def _wanted(rows: Iterable[Sequence[Any]]) -> list[WantedDeed]:
    """From rows of id, title, slug, language, part and how many ask."""
    deeds: dict[int, WantedDeed] = {}
    for deed_id, title, slug, language, part, number in rows:
        deed = deeds.setdefault(deed_id, WantedDeed(deed_id, title, slug, language, {}))
        deed.parts[part] = deed.parts.get(part, 0) + number
    return sorted(deeds.values(), key=lambda deed: (-deed.total, deed.id))


def tell_of_filled_parts(session: Session, event: DeedEdited | DeedPublished) -> None:
    """Whoever asked for a part that is now told gets one notice of the deed, however many parts there were."""
    deed = session.get_one(Deed, event.deed_id)
    if not deed.is_public:
        return
    waiting = session.scalars(
        select(ReaderRequest).where(ReaderRequest.deed_id == deed.id, ReaderRequest.answered_at.is_(None))
    ).all()
    answered = [row for row in waiting if not is_empty(deed, row.part)]
    for row in answered:
        row.answered_at = clock.now()
    for user_id in {row.user_id for row in answered} - {event.actor_id}:
        session.add(Notification(user_id=user_id, kind="answered", deed_id=deed.id))


def tell_authors(config: Config) -> int:
    """Tells authors what readers would like to know: one mail and a notice for each deed, at most every 30 days.

    Where the author is gone, the contact persons of the organisation are told. Returns how many people.
    """
    told = 0
    for user_id, deed_ids in _people_to_tell(db.session()).items():
        with transaction() as session:
            told += _tell(session, user_id, deed_ids)
    return told


def _waiting_by_person(session: Session, *conditions: ColumnElement[bool]) -> dict[int, list[ReaderRequest]]:
    """Person -> the unanswered requests for that person's deeds, told ones too."""
    rows = session.scalars(
        select(ReaderRequest)
        .join(ReaderRequest.deed)
        .where(ReaderRequest.answered_at.is_(None), Deed.status == DeedStatus.PUBLISHED, *conditions)
        .options(joinedload(ReaderRequest.deed).joinedload(Deed.author).lazyload(User.memberships))
        .order_by(ReaderRequest.id)
    ).all()
    stewards = _stewards_of(session, {row.deed.organisation_id for row in rows})
    people: dict[int, list[ReaderRequest]] = defaultdict(list)
    for row in rows:
        author = row.deed.author
        keepers = [author.id] if author and author.is_active else stewards.get(row.deed.organisation_id, [])
        for user_id in keepers:
            people[user_id].append(row)
    return people


def _stewards_of(session: Session, organisation_ids: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = session.execute(
        select(Membership.organisation_id, User.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.is_steward,
            User.confirmed_at.is_not(None),
            User.disabled_at.is_(None),
        )
    )
    for organisation_id, user_id in rows:
        found[organisation_id].append(user_id)
    return found


def _people_to_tell(session: Session) -> dict[int, set[int]]:
    """Person -> the ids of the deeds to tell of."""
    return {
        user_id: {row.deed_id for row in rows}
        for user_id, rows in _waiting_by_person(session).items()
        if _is_due(session, user_id, rows)
    }


def _is_due(session: Session, user_id: int, rows: list[ReaderRequest]) -> bool:
    if all(row.told_at for row in rows):
        return False
    last = session.scalar(
        select(func.max(Notification.created_at)).where(Notification.user_id == user_id, Notification.kind == "wanted")
    )
    return last is None or last < clock.now() - TOLD_EVERY


def _tell(session: Session, user_id: int, deed_ids: set[int]) -> bool:
    user = session.get(User, user_id)
    rows = _waiting_by_person(session, ReaderRequest.deed_id.in_(deed_ids)).get(user_id, [])
    if user is None or not rows or not _is_due(session, user_id, rows):
        return False
    deeds = _wanted((row.deed.id, row.deed.title, row.deed.slug, row.deed.language, row.part, 1) for row in rows)
    session.execute(
        update(ReaderRequest)
        .where(ReaderRequest.id.in_([row.id for row in rows]), ReaderRequest.told_at.is_(None))
        .values(told_at=clock.now())
    )
    for deed in deeds:
        session.add(Notification(user_id=user_id, kind="wanted", deed_id=deed.id))
    mail.enqueue(
        session,
        "reader_requests",
        user.email,
        user.locale,
        user=user,
        deeds=deeds[:DEEDS_IN_MAIL],
        labels=PARTS,
    )
    return True
