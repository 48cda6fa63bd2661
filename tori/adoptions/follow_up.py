""" "How did it go?": asked by mail 3, 6 and 12 months after the press, answered by a link without signing in.

The link is the right to answer: it is signed and works for 60 days, again and again, so that an answer can be mended.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from tori.adoptions.labels import STATUSES
from tori.adoptions.links import mail_link
from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import FollowUpAnswered, FollowUpsStopped, record
from tori.core.text import clean_text
from tori.database import db, transaction
from tori.deeds.adoptions import MAX_NOTE, keep_gains, set_status
from tori.models.adoptions import AdoptionMember, FollowUp
from tori.models.deeds import PUBLIC_STATUSES, Adoption, AdoptionStatus, Deed
from tori.models.operations import Notification
from tori.models.people import Membership, User
from tori.notifications import mail

MONTHS = (3, 6, 12)
QUESTIONS_AT = 6
QUESTIONS = ("start", "continuation", "progress", "success", "direction")
SCALE = range(1, 6)
LINK_DAYS = 60
LATE_DAYS = 60
"""So long after the last month an adoption is still asked of, when the service has been down."""
SALT = "follow-up"


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def due_month(since: date, today: date, asked: set[int]) -> int | None:
    """Which question is due. One that was missed for long is left out for the newer one."""
    due = [month for month in MONTHS if months_after(since, month) <= today]
    if not due or any(month >= due[-1] for month in asked):
        return None
    if today > months_after(since, MONTHS[-1]) + timedelta(days=LATE_DAYS):
        return None
    return due[-1]


def send_due(config: Config) -> int:
    """Asks all whose turn it is, one transaction each, so that a killed run goes on where it was. Returns how many."""
    asked = 0
    for adoption_id, month in _due(db.session()):
        try:
            with transaction() as session:
                asked += _ask(session, adoption_id, month)
        except IntegrityError:
            # Another worker asked at the same moment.
            continue
    return asked


def _due(session: Session) -> list[tuple[int, int]]:
    today = clock.today()
    earliest = clock.start_of_day(months_after(today, -MONTHS[-1]) - timedelta(days=LATE_DAYS + 31))
    latest = clock.start_of_day(months_after(today, -MONTHS[0]) + timedelta(days=4))
    statement = (
        select(Adoption.id, Adoption.created_at, FollowUp.month)
        .join(Deed, Deed.id == Adoption.deed_id)
        .outerjoin(FollowUp, FollowUp.adoption_id == Adoption.id)
        .where(
            Adoption.created_at.between(earliest, latest),
            Adoption.asks_stopped_at.is_(None),
            func.coalesce(Adoption.status, "") != AdoptionStatus.ABANDONED,
            Deed.status.in_(PUBLIC_STATUSES),
        )
        .order_by(Adoption.id)
    )
    asked: dict[int, set[int]] = {}
    since: dict[int, date] = {}
    for adoption_id, created_at, month in session.execute(statement):
        since[adoption_id] = clock.in_finland(created_at).date()
        asked.setdefault(adoption_id, set()).update([month] if month else [])
    found = [(number, due_month(day, today, asked[number])) for number, day in since.items()]
    return [(number, month) for number, month in found if month is not None]


def _ask(session: Session, adoption_id: int, month: int) -> bool:
    adoption = session.get(Adoption, adoption_id)
    if adoption is None or adoption.asks_stopped_at is not None or not adoption.deed.is_public:
        return False
    known = select(FollowUp.id).where(FollowUp.adoption_id == adoption_id, FollowUp.month == month)
    person = recipient(session, adoption)
    if person is None or session.scalar(known) is not None:
        return False
    row = FollowUp(adoption_id=adoption.id, month=month, user_id=person.id, sent_at=clock.now(), answers={})
    session.add(row)
    session.flush()
    _write(session, row, adoption, person)
    return True


def recipient(session: Session, adoption: Adoption) -> User | None:
    """Who is asked: the one who pressed first and still works there, else the contact person, else nobody."""
    there = {
        membership.user_id: membership
        for membership in session.scalars(
            select(Membership)
            .join(Membership.user)
            .where(
                Membership.organisation_id == adoption.organisation_id,
                User.confirmed_at.is_not(None),
                User.disabled_at.is_(None),
            )
            .options(joinedload(Membership.user))
            .order_by(Membership.id)
        )
    }
    pressed = session.scalars(
        select(AdoptionMember.user_id).where(AdoptionMember.adoption_id == adoption.id).order_by(AdoptionMember.id)
    )
    for user_id in [adoption.user_id, *pressed]:
        if user_id in there:
            return there[user_id].user
    return next((membership.user for membership in there.values() if membership.is_steward), None)


def _write(session: Session, row: FollowUp, adoption: Adoption, person: User) -> None:
    token, locale = token_of(row), person.locale
    stop = mail_link("adoptions.stop", locale, token=token)
    mail.enqueue(
        session, "follow_up", person.email, locale,
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        user=person, deed=adoption.deed, organisation=adoption.organisation, month=row.month, stop=stop,
        is_presser=person.id == adoption.user_id,
        has_questions=row.month == QUESTIONS_AT, asks_gains=adoption.gains is None and row.month == MONTHS[0],
        days=LINK_DAYS,
        choices=[
            (label, mail_link("adoptions.answer", locale, f"tila={status}", token=token))
            for status, label in STATUSES.items()
        ],
    )  # fmt: skip


# The link


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], str(current_app.secret_key)]
    return URLSafeSerializer(keys, salt=SALT)


def token_of(row: FollowUp) -> str:
    token = _signer().dumps(row.id)
    return token if isinstance(token, str) else token.decode()


def find(session: Session, token: str) -> FollowUp:
    """Raises RuleBroken: "bad_link" for an altered or old one, "nothing_to_answer" when the adoption is gone."""
    try:
        number = _signer().loads(token)
    except BadSignature as error:
        raise RuleBroken("bad_link") from error
    row = session.scalar(
        select(FollowUp)
        .where(FollowUp.id == number)
        .options(
            joinedload(FollowUp.adoption).joinedload(Adoption.deed),
            joinedload(FollowUp.adoption).joinedload(Adoption.organisation),
        )
    )
    if row is None or not row.adoption.deed.is_public:
        raise RuleBroken("nothing_to_answer")
    if clock.now() > row.sent_at + timedelta(days=LINK_DAYS):
        raise RuleBroken("bad_link")
    return row


@dataclass(frozen=True)
class Answer:
    """``marks`` holds a value of the scale for those of the five questions that the person could answer; ``gains`` what
    the model gave, which is asked until it is answered, here or on the page of the deed."""

    status: str
    abandoned_reason: str | None = None
    outcome: str = ""
    marks: Mapping[str, int] = field(default_factory=dict)
    gains: Collection[str] = ()


def asks_gains(row: FollowUp) -> bool:
    return row.adoption.gains is None or "gains" in row.answers


def answer(session: Session, token: str, given: Answer) -> FollowUp:
    """Keeps the answer and brings the adoption up to date. A second answer takes the place of the first."""
    row = find(session, token)
    outcome = clean_text(given.outcome)
    if not given.status:
        raise RuleBroken("value_missing", "status")
    if len(outcome) > MAX_NOTE:
        raise RuleBroken("text_too_long", "outcome", limit=MAX_NOTE)
    if not all(name in QUESTIONS and value in SCALE for name, value in given.marks.items()):
        raise RuleBroken("unknown_choice")
    adoption = row.adoption
    before = adoption.status
    set_status(adoption, given.status, given.abandoned_reason)
    adoption.outcome = outcome
    adoption.updated_at = clock.now()
    answers: dict[str, Any] = {"status": given.status}
    if adoption.abandoned_reason:
        answers["abandoned_reason"] = adoption.abandoned_reason
    if row.month == QUESTIONS_AT:
        answers |= given.marks
    if given.gains and asks_gains(row):
        keep_gains(session, adoption, given.gains, row.user_id)
        answers["gains"] = adoption.gains
    row.answers, row.answered_at = answers, clock.now()
    event = FollowUpAnswered(actor_id=row.user_id, deed_id=adoption.deed_id, adoption_id=adoption.id, month=row.month)
    record(session, event)
    if before != given.status:
        _tell_author(session, adoption)
    return row


def _tell_author(session: Session, adoption: Adoption) -> None:
    """A notice in the service, one for each organisation that has not been read yet."""
    author_id = adoption.deed.author_id
    if author_id is None or author_id == adoption.user_id:
        return
    waiting = select(Notification.id).where(
        Notification.user_id == author_id, Notification.kind == "adoption_status", Notification.read_at.is_(None),
        Notification.deed_id == adoption.deed_id, Notification.organisation_id == adoption.organisation_id,
    )  # fmt: skip
    if session.scalar(waiting) is None:
        session.add(
            Notification(
                user_id=author_id, kind="adoption_status", deed_id=adoption.deed_id,
                organisation_id=adoption.organisation_id,
            )
        )  # fmt: skip


def stop(session: Session, token: str) -> FollowUp:
    """No more questions of this adoption. Pressing again changes nothing."""
    row = find(session, token)
    adoption = row.adoption
    if adoption.asks_stopped_at is None:
        adoption.asks_stopped_at = clock.now()
        record(session, FollowUpsStopped(actor_id=row.user_id, deed_id=adoption.deed_id, adoption_id=adoption.id))
    return row
