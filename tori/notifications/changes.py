"""What every change of public content sets going: the index looks at the deed again, and caches are out of date."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core.events import Event
from tori.models.operations import IndexTask, Setting

CONTENT_VERSION = "content_version"


def queue_indexing(session: Session, event: Event) -> None:
    session.add(IndexTask(deed_id=event.deed_id))  # type: ignore[attr-defined]


def bump_content_version(session: Session, event: Event) -> None:
    row = session.get(Setting, CONTENT_VERSION, with_for_update=True)
    if row is None:
        session.add(Setting(key=CONTENT_VERSION, value={"number": 1}))
    else:
        row.value = {"number": row.value["number"] + 1}


def content_version(session: Session) -> int:
    """Grows with every change that a visitor could see."""
    value = session.scalar(select(Setting.value).where(Setting.key == CONTENT_VERSION))
    return int(value["number"]) if value else 0
