"""Everything that the service keeps about one person, for that person."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tori.models.adoptions import AdoptionMember, AuthorLetter, FollowUp
from tori.models.base import Base
from tori.models.campaigning import JuryMember, JuryScore, Nomination
from tori.models.conversation import DeedThanks, PrivateMessage, PrivateQuestion
from tori.models.deeds import MARKDOWN_FIELDS, Adoption, Comment, Deed, DeedRevision
from tori.models.moderation import Report
from tori.models.operations import AuditEntry, Notification
from tori.models.people import BrowserSession, User
from tori.models.reading import OwnPlan, ReaderRequest, SavedDeed
from tori.models.searching import SavedSearch


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None


def everything_about(session: Session, user: User) -> dict[str, Any]:
    """Plain values for JSON; times in UTC. No secrets: neither the hash of the password nor those of sessions."""
    return {
        "account": _account(user),
        "memberships": [
            {
                "organisation": membership.organisation.name,
                "unit": membership.unit,
                "is_contact_person": membership.is_steward,
                "ambassador_since": _moment(membership.ambassador_since),
                "since": _moment(membership.created_at),
            }
            for membership in user.memberships
        ],
        "deeds": [_deed(deed) for deed in _deeds(session, user)],
        "deed_versions_edited": [
            {"deed_id": deed_id, "version": version, "at": _moment(at)}
            for deed_id, version, at in session.execute(
                select(DeedRevision.deed_id, DeedRevision.version, DeedRevision.created_at)
                .where(DeedRevision.editor_id == user.id)
                .order_by(DeedRevision.id)
            )
        ],
        "adoptions": _adoptions(session, user),
        "presses": _joined(session, user),
        "follow_ups": _follow_ups(session, user),
        "letters_to_author": _letters(session, user),
        "comments": _comments(session, user),
        "challenges": _challenges(session, user),
        "juries": [
            {
                "campaign": row.member.campaign.name,
                "deed_id": row.deed_id,
                "marks": row.marks,
                "note": row.note,
                "has_conflict": row.has_conflict,
                "at": _moment(row.scored_at),
            }
            for row in session.scalars(
                select(JuryScore)
                .join(JuryScore.member)
                .where(JuryMember.user_id == user.id)
                .options(joinedload(JuryScore.member).joinedload(JuryMember.campaign))
                .order_by(JuryScore.id)
            )
        ],
        "thanked": [
            {"deed_id": row.deed_id, "at": _moment(row.created_at)}
            for row in session.scalars(select(DeedThanks).where(DeedThanks.user_id == user.id).order_by(DeedThanks.id))
        ],
        "private_questions": _private_questions(session, user),
        "private_messages": [
            {"question_id": row.question_id, "text": row.body, "at": _moment(row.created_at)}
            for row in session.scalars(
                select(PrivateMessage).where(PrivateMessage.author_id == user.id).order_by(PrivateMessage.id)
            )
        ],
        "reports": [
            {"kind": row.kind, "id": row.target_id, "fault": row.fault, "text": row.body, "at": _moment(row.created_at)}
            for row in session.scalars(select(Report).where(Report.reporter_id == user.id).order_by(Report.id))
        ],
        "saved_deeds": [
            {"deed_id": row.deed_id, "list": row.list_name, "note": row.note, "at": _moment(row.created_at)}
            for row in session.scalars(select(SavedDeed).where(SavedDeed.user_id == user.id).order_by(SavedDeed.id))
        ],
        "own_plans": [
            {
                "deed_id": row.deed_id,
                "title": row.title,
                **{name: getattr(row, name) for name in ("what", "needs", "who", "first_step", "timetable")},
                "remind_on": row.remind_on.isoformat() if row.remind_on else None,
                "every_month": row.repeats,
                "at": _moment(row.created_at),
                "changed": _moment(row.updated_at),
            }
            for row in session.scalars(select(OwnPlan).where(OwnPlan.user_id == user.id).order_by(OwnPlan.id))
        ],
        "asked_to_know": [
            {"deed_id": row.deed_id, "part": row.part, "at": _moment(row.created_at)}
            for row in session.scalars(
                select(ReaderRequest).where(ReaderRequest.user_id == user.id).order_by(ReaderRequest.id)
            )
        ],
        "saved_searches": [
            {"name": row.name, "query": row.query, "at": _moment(row.created_at)}
            for row in session.scalars(
                select(SavedSearch).where(SavedSearch.user_id == user.id).order_by(SavedSearch.id)
            )
        ],
        "notices": _notices(session, user),
        "sessions": [
            {"started": _moment(row.created_at), "seen": _moment(row.seen_at), "browser": row.user_agent}
            for row in session.scalars(select(BrowserSession).where(BrowserSession.user_id == user.id))
        ],
        "other": _other_tables(session, user),
        "log": [
            {"event": row.event, "at": _moment(row.created_at), "from": row.source, "data": row.data}
            for row in session.scalars(select(AuditEntry).where(AuditEntry.actor_id == user.id).order_by(AuditEntry.id))
        ],
    }


TOLD_ABOVE = {
    "membership", "deed", "deed_revision", "adoption", "adoption_member", "follow_up", "author_letter", "comment",
    "saved_deed", "own_plan", "reader_request", "saved_search", "notification", "browser_session",
}  # fmt: skip
"""Tables that ``everything_about`` tells in words of its own."""
SECRET_PARTS = ("hash", "secret", "token", "key", "digest")


def _other_tables(session: Session, user: User) -> dict[str, list[dict[str, Any]]]:
    """The rows of every other table that names the person, so that nothing is forgotten when a table is added."""
    told: dict[str, list[dict[str, Any]]] = {}
    for table in Base.metadata.sorted_tables:
        columns = [key.parent for key in table.foreign_keys if key.column.table is User.__table__]
        if not columns or table.name in TOLD_ABOVE:
            continue
        shown = [
            column for column in table.columns
            if column not in columns and not any(part in column.name for part in SECRET_PARTS)
        ]  # fmt: skip
        rows = session.execute(select(*shown, *columns[:1]).where(or_(*(column == user.id for column in columns))))
        values = [{column.name: _plain(row._mapping[column]) for column in shown} for row in rows]
        if values:
            told[table.name] = values
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _moment(value)
    return value.isoformat() if isinstance(value, date) else value


def _challenges(session: Session, user: User) -> list[dict[str, Any]]:
    """Those that the person made, and those that they got; of a got one the challenger's address is not told."""
    rows = session.scalars(
        select(Nomination)
        .where(or_(Nomination.nominator_email == user.email, Nomination.nominee_email == user.email))
        .options(joinedload(Nomination.campaign))
        .order_by(Nomination.id)
    )
    return [
        {
            "campaign": row.campaign.name,
            "is_made_by_you": row.nominator_email == user.email,
            "to": row.nominee_name,
            "to_address": row.nominee_email,
            "reason": row.reason,
            "at": _moment(row.created_at),
            "invited_at": _moment(row.invited_at),
            "answered_at": _moment(row.published_at),
            "declined_at": _moment(row.declined_at),
        }
        for row in rows
    ]


def _account(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.display_name,
        "job_title": user.job_title,
        "role": user.role,
        "language": user.locale,
        "colours": user.theme,
        "last_signed_in": user.seen_on.isoformat() if user.seen_on else None,
        "to_be_erased": user.erase_on.isoformat() if user.erase_on else None,
        "created": _moment(user.created_at),
        "confirmed": _moment(user.confirmed_at),
    }


def _deeds(session: Session, user: User) -> list[Deed]:
    return list(
        session.scalars(
            select(Deed)
            .where(Deed.author_id == user.id)
            .options(joinedload(Deed.organisation), joinedload(Deed.sector))
            .order_by(Deed.id)
        )
    )


def _deed(deed: Deed) -> dict[str, Any]:
    texts = {name: getattr(deed, name) for name in ("title", "summary", *MARKDOWN_FIELDS) if getattr(deed, name)}
    return {
        "id": deed.id,
        "status": deed.status,
        "organisation": deed.organisation.name,
        "sector": deed.sector.name,
        "created": _moment(deed.created_at),
        "published": _moment(deed.published_at),
        "adoptions": deed.adoption_count,
        **texts,
    }


def _adoptions(session: Session, user: User) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Adoption).where(Adoption.user_id == user.id).options(joinedload(Adoption.deed)).order_by(Adoption.id)
    )
    return [
        {
            "deed_id": row.deed_id,
            "deed": row.deed.title,
            "closeness": row.closeness,
            "status": row.status,
            "note": row.note,
            "outcome": row.outcome,
            "unit": row.unit,
            "may_be_contacted": row.may_contact,
            "abandoned_reason": row.abandoned_reason,
            "gave": row.gains,
            "at": _moment(row.created_at),
        }
        for row in rows
    ]


def _joined(session: Session, user: User) -> list[dict[str, Any]]:
    rows = session.scalars(select(AdoptionMember).where(AdoptionMember.user_id == user.id).order_by(AdoptionMember.id))
    return [{"adoption_id": row.adoption_id, "at": _moment(row.created_at)} for row in rows]


def _follow_ups(session: Session, user: User) -> list[dict[str, Any]]:
    rows = session.scalars(select(FollowUp).where(FollowUp.user_id == user.id).order_by(FollowUp.id))
    return [
        {
            "adoption_id": row.adoption_id,
            "month": row.month,
            "sent": _moment(row.sent_at),
            "answered": _moment(row.answered_at),
            "answers": row.answers,
        }
        for row in rows
    ]


def _letters(session: Session, user: User) -> dict[str, Any] | None:
    row = session.get(AuthorLetter, user.id)
    return {"rhythm": row.rhythm, "last_sent": _moment(row.sent_at)} if row else None


def _comments(session: Session, user: User) -> list[dict[str, Any]]:
    rows = session.scalars(select(Comment).where(Comment.author_id == user.id).order_by(Comment.id))
    return [
        {
            "deed_id": row.deed_id,
            "kind": row.kind,
            "text": row.body,
            "at": _moment(row.created_at),
            "answers_comment": row.parent_id,
            "edited": _moment(row.edited_at),
            "removed": _moment(row.removed_at),
        }
        for row in rows
    ]


def _private_questions(session: Session, user: User) -> list[dict[str, Any]]:
    """What the person asked; the answers of others belong to those who wrote them."""
    rows = session.scalars(
        select(PrivateQuestion).where(PrivateQuestion.asker_id == user.id).order_by(PrivateQuestion.id)
    )
    return [
        {
            "id": row.id,
            "deed_id": row.deed_id,
            "asked": _moment(row.created_at),
            "passed_on": _moment(row.passed_at),
            "answered": _moment(row.answered_at),
        }
        for row in rows
    ]


def _notices(session: Session, user: User) -> list[dict[str, Any]]:
    rows = session.scalars(select(Notification).where(Notification.user_id == user.id).order_by(Notification.id))
    return [
        {"kind": row.kind, "deed_id": row.deed_id, "at": _moment(row.created_at), "read": _moment(row.read_at)}
        for row in rows
    ]
