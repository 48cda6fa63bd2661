"""Was the digest useful? Asked under every letter, answered by a link and a button, counted without persons."""

from datetime import date

from flask_babel import lazy_gettext as __
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import insert_of
from tori.models.digest import LetterOpinion

OPINIONS = {"kylla": __("Useful"), "osin": __("Partly useful"), "ei": __("Not useful")}
"""The answers are parts of addresses."""


def count(session: Session, opinion: str) -> None:
    if opinion not in OPINIONS:
        raise RuleBroken("unknown_choice", "opinion")
    insert = insert_of(session)
    statement = insert(LetterOpinion).values(day=clock.today(), opinion=opinion, count=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[LetterOpinion.day, LetterOpinion.opinion], set_={"count": LetterOpinion.count + 1}
        )
    )


def since(session: Session, day: date) -> list[tuple[str, int]]:
    """Opinion and how many had it, in their order; empty when nobody has told."""
    rows = session.execute(
        select(LetterOpinion.opinion, func.sum(LetterOpinion.count))
        .where(LetterOpinion.day >= day)
        .group_by(LetterOpinion.opinion)
    )
    counts = {opinion: int(total) for opinion, total in rows}
    return [(opinion, counts[opinion]) for opinion in OPINIONS if opinion in counts]
