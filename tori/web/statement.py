"""The accessibility statement as data: an administrator keeps its state, day and gaps; a reminder comes yearly."""

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import StatementChanged, record
from tori.core.text import clean_line, clean_text
from tori.database import transaction
from tori.edge.templating import public_link
from tori.i18n import DEFAULT_LOCALE, LOCALES
from tori.models.operations import Setting
from tori.notifications import mail
from tori.policy import Actor, Permission, require

KEY = "accessibility_statement"
REMINDED = "accessibility_reminded"
FIRST_DAY = date(2026, 11, 22)
"""When the makers of the service last assessed it."""
GOOD_FOR = timedelta(days=365)
MAX_GAPS = 4_000
MAX_NAME = 200


class State(StrEnum):
    """The words of the decision (EU) 2018/1523."""

    FULLY = "fully"
    MOSTLY = "mostly"
    NOT = "not"


STATES = {
    State.FULLY: __("Meets all requirements"),
    State.MOSTLY: __("Meets most of the requirements"),
    State.NOT: __("Does not meet the requirements"),
}


@dataclass(frozen=True)
class Statement:
    """``gaps`` are one to a line by language; an empty text leaves those that the makers know of. ``assessed_by`` is
    empty when the assessment is the service's own."""

    state: State = State.MOSTLY
    assessed_on: date = FIRST_DAY
    assessed_by: str = ""
    gaps: dict[str, str] = field(default_factory=dict)

    def gaps_in(self, locale: str) -> list[str]:
        text = self.gaps.get(locale) or self.gaps.get(DEFAULT_LOCALE, "")
        return [line for line in text.split("\n") if line.strip()]

    @property
    def is_old(self) -> bool:
        return self.assessed_on + GOOD_FOR < clock.today()


def load(session: Session) -> Statement:
    row = session.get(Setting, KEY)
    if row is None:
        return Statement()
    value = row.value
    return Statement(
        State(value["state"]), date.fromisoformat(value["assessed_on"]), value["assessed_by"], dict(value["gaps"])
    )


def save(session: Session, actor: Actor, state: str, assessed_on: date, assessed_by: str, gaps: dict[str, str]) -> None:
    """Raises RuleBroken: an unknown state, a day to come, a text too long."""
    require(actor, Permission.USER_MANAGE)
    if state not in set(State):
        raise RuleBroken("unknown_choice", "state")
    if assessed_on > clock.today():
        raise RuleBroken("future_day", "assessed_on")
    texts = {locale: clean_text(gaps.get(locale, "")) for locale in LOCALES}
    for locale, text in texts.items():
        if len(text) > MAX_GAPS:
            raise RuleBroken("text_too_long", f"gaps_{locale}", limit=MAX_GAPS)
    statement = Statement(State(state), assessed_on, clean_line(assessed_by)[:MAX_NAME], texts)
    value = {**asdict(statement), "assessed_on": assessed_on.isoformat()}
    row = session.get(Setting, KEY)
    if row is None:
        session.add(Setting(key=KEY, value=value))
    else:
        row.value = value
    record(session, StatementChanged(actor_id=actor.id))


def remind(config: Config) -> bool:
    """Writes to the keepers of the service when the assessment is a year old; once for each. A daily job."""
    with transaction() as session:
        statement = load(session)
        row = session.get(Setting, REMINDED)
        day = statement.assessed_on.isoformat()
        if not statement.is_old or (row is not None and row.value["assessed_on"] == day):
            return False
        if row is None:
            session.add(Setting(key=REMINDED, value={"assessed_on": day}))
        else:
            row.value = {"assessed_on": day}
        link = public_link(config, "desk.statement", DEFAULT_LOCALE)
        mail.enqueue(
            session, "statement_old", config.contact_email, DEFAULT_LOCALE, day=statement.assessed_on, link=link
        )
    return True
