"""The yearly survey with the questions of 2020, and the one-question poll under the results. Anonymous by the way the
rows are made: an answer has a random number and a year, and nothing that leads to a person or a moment.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import SurveyAsked, SurveyReminded, record
from tori.database import transaction
from tori.digest.links import mail_link
from tori.digest.subscriptions import wants_answers_by_mail
from tori.models.deeds import Adoption, Deed
from tori.models.editorial import PollCount, SurveyAnswer, SurveyAsk
from tori.models.people import User
from tori.notifications import mail
from tori.statistics.surveys import ARRIVALS, YES_NO

OCCASIONS = ("julkaisu", "malli", "vuosi")
REMIND_AFTER = timedelta(days=14)
"""One reminder, to all who were asked, as nobody knows who has answered; the mail says so."""
ASKED_FROM, ASKED_UNTIL = (10, 1), (11, 30)
"""The survey of the year is asked by mail in October and November."""
BATCH = 200
ACTIVE = timedelta(days=365)


def answer(session: Session, occasion: str, choices: Mapping[str, str]) -> None:
    """Keeps one answer of nobody. Raises RuleBroken when nothing was chosen."""
    kept: dict[str, Any] = {name: choices[name] for name in YES_NO if choices.get(name) in ("yes", "no")}
    if choices.get("arrival") in ARRIVALS:
        kept["arrival"] = choices["arrival"]
    if not kept:
        raise RuleBroken("nothing_answered")
    session.add(
        SurveyAnswer(
            id=token_hex(16),
            year=clock.today().year,
            occasion=occasion if occasion in OCCASIONS else "muu",
            answers=kept,
        )
    )


def ask_members(config: Config) -> int:
    """Once a year, a mail with the same link to everybody who has told a deed or taken a model in a year."""
    today = clock.today()
    if not ASKED_FROM <= (today.month, today.day) <= ASKED_UNTIL:
        return 0
    with transaction() as session:
        asked = select(SurveyAsk.user_id).where(SurveyAsk.year == today.year)
        since = clock.now() - ACTIVE
        people = session.scalars(
            select(User)
            .where(
                User.id.not_in(asked), User.confirmed_at.is_not(None), User.disabled_at.is_(None),
                or_(
                    User.id.in_(select(Deed.author_id).where(Deed.published_at > since)),
                    User.id.in_(select(Adoption.user_id).where(Adoption.created_at > since)),
                ),
            )
            .order_by(User.id)
            .limit(BATCH)
        ).all()  # fmt: skip
        written = 0
        for user in people:
            session.add(SurveyAsk(user_id=user.id, year=today.year, asked_on=today))
            if wants_answers_by_mail(session, user):
                link = mail_link("survey.survey_page", user.locale)
                mail.enqueue(session, "survey", user.email, user.locale, name=user.display_name, link=link)
                written += 1
        if written:
            record(session, SurveyAsked(actor_id=None, year=today.year, count=written))
    return written


def remind_members(config: Config) -> int:
    """Once, two weeks after the question, while the survey is still asked."""
    today = clock.today()
    if not ASKED_FROM <= (today.month, today.day) <= ASKED_UNTIL:
        return 0
    with transaction() as session:
        asked = session.execute(
            select(SurveyAsk, User)
            .join(User, User.id == SurveyAsk.user_id)
            .where(
                SurveyAsk.year == today.year, SurveyAsk.reminded_on.is_(None),
                SurveyAsk.asked_on <= today - REMIND_AFTER, User.disabled_at.is_(None),
            )
            .order_by(SurveyAsk.user_id)
            .limit(BATCH)
        ).all()  # fmt: skip
        written = 0
        for ask, user in asked:
            ask.reminded_on = today
            if wants_answers_by_mail(session, user):
                link = mail_link("survey.survey_page", user.locale)
                mail.enqueue(session, "survey_reminder", user.email, user.locale, name=user.display_name, link=link)
                written += 1
        if written:
            record(session, SurveyReminded(actor_id=None, year=today.year, count=written))
    return written


# The poll under the results


def count_poll(session: Session, locale: str, found: str) -> None:
    """Adds one to the day's count; ``found`` is "yes" or "no"."""
    if found not in ("yes", "no"):
        raise RuleBroken("unknown_choice")
    row = session.get(PollCount, (clock.today(), locale), with_for_update=True)
    if row is None:
        row = PollCount(day=clock.today(), locale=locale, found=0, not_found=0)
        session.add(row)
    if found == "yes":
        row.found += 1
    else:
        row.not_found += 1


def poll_since(session: Session, since: date) -> tuple[int, int]:
    """How many found what they looked for, and how many did not."""
    row = session.execute(
        select(func.coalesce(func.sum(PollCount.found), 0), func.coalesce(func.sum(PollCount.not_found), 0)).where(
            PollCount.day >= since
        )
    ).one()
    return int(row[0]), int(row[1])
