"""The log of moderation: every act with its reason, only added to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.models.moderation import ModerationEntry
from tori.models.people import User
from tori.policy import Actor

PER_PAGE = 50
MAX_TITLE = 300


def note(
    session: Session,
    actor: Actor,
    action: str,
    kind: str,
    target_id: int,
    title: str,
    reason: str,
    report_id: int | None = None,
) -> None:
    """Adds a row. The title is kept as it was, since the thing may change or go."""
    session.add(
        ModerationEntry(
            action=action, kind=kind, target_id=target_id, title=title[:MAX_TITLE], reason=reason, actor_id=actor.id,
            report_id=report_id,
        )
    )  # fmt: skip


def entries(session: Session, before: int | None = None) -> list[tuple[ModerationEntry, str | None]]:
    """With the name of who acted, the newest first, one more than a page."""
    statement = (
        select(ModerationEntry, User.display_name)
        .outerjoin(User, User.id == ModerationEntry.actor_id)
        .order_by(ModerationEntry.id.desc())
        .limit(PER_PAGE + 1)
    )
    if before is not None:
        statement = statement.where(ModerationEntry.id < before)
    return [(entry, name) for entry, name in session.execute(statement)]


def of_target(session: Session, kind: str, target_id: int) -> list[ModerationEntry]:
    statement = select(ModerationEntry).where(ModerationEntry.kind == kind, ModerationEntry.target_id == target_id)
    return list(session.scalars(statement.order_by(ModerationEntry.id)))
