"""Ready answers: what the editors write again and again, to begin from and to finish by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core.errors import NotFound, RuleBroken
from tori.core.events import ReadyAnswerChanged, ReadyAnswerRemoved, record
from tori.core.text import clean_line, clean_text
from tori.i18n import LOCALES
from tori.models.editorial import ReadyAnswer
from tori.policy import Actor, Permission, require

MAX_TITLE = 100
MAX_BODY = 2000
MAX_ANSWERS = 60


class Occasion(StrEnum):
    REVIEW = "review"
    REPORT = "report"


@dataclass(frozen=True)
class AnswerTexts:
    """``bodies`` by language; Finnish must be there and stands in for what is missing."""

    occasion: str
    title: str
    bodies: Mapping[str, str]


def answers(session: Session, occasion: Occasion | None = None) -> list[ReadyAnswer]:
    """By title, all or those of one occasion."""
    statement = select(ReadyAnswer).order_by(ReadyAnswer.occasion, ReadyAnswer.title, ReadyAnswer.id)
    if occasion is not None:
        statement = statement.where(ReadyAnswer.occasion == occasion)
    return list(session.scalars(statement.limit(MAX_ANSWERS)))


def get_answer(session: Session, answer_id: int) -> ReadyAnswer:
    found = session.get(ReadyAnswer, answer_id)
    if found is None:
        raise NotFound("answer")
    return found


def _checked(content: AnswerTexts) -> dict[str, object]:
    title = clean_line(content.title)
    if content.occasion not in set(Occasion):
        raise RuleBroken("unknown_choice", "occasion")
    if not title:
        raise RuleBroken("value_missing", "title")
    if len(title) > MAX_TITLE:
        raise RuleBroken("text_too_long", "title", limit=MAX_TITLE)
    bodies = {code: clean_text(content.bodies.get(code, "")) for code in LOCALES}
    for code, text in bodies.items():
        if len(text) > MAX_BODY:
            raise RuleBroken("text_too_long", f"body_{code}", limit=MAX_BODY)
    if not bodies["fi"]:
        raise RuleBroken("value_missing", "body_fi")
    told = {code: text for code, text in bodies.items() if text}
    return {"occasion": content.occasion, "title": title, "bodies": told}


def add_answer(session: Session, actor: Actor, content: AnswerTexts) -> ReadyAnswer:
    require(actor, Permission.MODERATE)
    row = ReadyAnswer(**_checked(content))
    session.add(row)
    session.flush()
    record(session, ReadyAnswerChanged(actor_id=actor.id, answer_id=row.id, title=row.title))
    return row


def change_answer(session: Session, actor: Actor, row: ReadyAnswer, content: AnswerTexts) -> None:
    require(actor, Permission.MODERATE)
    for name, value in _checked(content).items():
        setattr(row, name, value)
    record(session, ReadyAnswerChanged(actor_id=actor.id, answer_id=row.id, title=row.title))


def remove_answer(session: Session, actor: Actor, row: ReadyAnswer) -> None:
    require(actor, Permission.MODERATE)
    title = row.title
    session.delete(row)
    record(session, ReadyAnswerRemoved(actor_id=actor.id, title=title))
