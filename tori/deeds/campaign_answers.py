"""Answers to the own questions of a campaign, given on the form of a deed."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core.errors import RuleBroken
from tori.core.text import clean_text
from tori.models.campaigns import CampaignAnswer
from tori.models.deeds import Deed

MAX_ANSWER = 1000


@dataclass(frozen=True)
class Answered:
    label: str
    text: str


def keep(session: Session, deed: Deed, fields: Mapping[str, str]) -> None:
    """Keeps what the form answers (``answer-<id of the question>``). A part of saving the deed: no event of its own."""
    if deed.campaign is None:
        return
    known = {row.question: row for row in _rows(session, deed)}
    for question in deed.campaign.questions:
        text = clean_text(fields.get(f"answer-{question['id']}", ""))
        if len(text) > MAX_ANSWER:
            raise RuleBroken("text_too_long", limit=MAX_ANSWER)
        row = known.get(question["id"])
        if row is not None:
            row.text = text or row.text
        elif text:
            session.add(CampaignAnswer(deed_id=deed.id, question=question["id"], text=text))


def _rows(session: Session, deed: Deed) -> list[CampaignAnswer]:
    return list(session.scalars(select(CampaignAnswer).where(CampaignAnswer.deed_id == deed.id)))


def public_answers(session: Session, deed: Deed) -> list[Answered]:
    """Those that everybody may read, in the order of the questions. Asks nothing when there can be none."""
    questions = [row for row in (deed.campaign.questions if deed.campaign else []) if row["is_public"]]
    if not questions:
        return []
    given = {row.question: row.text for row in _rows(session, deed)}
    return [Answered(row["label"], given[row["id"]]) for row in questions if row["id"] in given]
