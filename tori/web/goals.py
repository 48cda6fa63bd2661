"""Where the square wants to be: a vision in a sentence or two and goals for its key figures, shown beside them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import GoalsChanged, record
from tori.core.text import clean_text
from tori.i18n import DEFAULT_LOCALE, LOCALES
from tori.models.operations import Setting
from tori.policy import Actor, Permission, require

KEY = "goals"
FIGURES = ("deeds", "organisations", "municipalities", "regions", "adoptions")
"""Names of ``statistics.Totals``."""
MAX_VISION = 600
MAX_GOAL = 1_000_000
LONGEST_YEARS = 20


@dataclass(frozen=True)
class Goals:
    """``year`` is the one by the end of which they are to be reached; a figure without a goal is left out."""

    year: int | None = None
    vision: dict[str, str] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)

    def language_in(self, locale: str) -> str:
        """The language in which a reader of ``locale`` gets the vision."""
        order = (locale, DEFAULT_LOCALE, *LOCALES)
        return next((one for one in order if self.vision.get(one)), locale)

    def vision_in(self, locale: str) -> str:
        return self.vision.get(self.language_in(locale), "")

    @property
    def is_set(self) -> bool:
        return bool(self.figures) or any(self.vision.values())


def load(session: Session) -> Goals:
    """One statement."""
    row = session.get(Setting, KEY)
    return Goals(**row.value) if row is not None else Goals()


def save(
    session: Session, actor: Actor, year: int | None, vision: Mapping[str, str], figures: Mapping[str, int | None]
) -> None:
    """Raises RuleBroken: goals without a year, a year that is gone or far away, a text too long, an odd number."""
    require(actor, Permission.CURATE)
    wanted = {name: figures[name] for name in FIGURES if figures.get(name)}
    for name, number in wanted.items():
        if number is None or not 0 < number <= MAX_GOAL:
            raise RuleBroken("bad_number", name)
    if wanted and year is None:
        raise RuleBroken("value_missing", "year")
    if year is not None and not clock.today().year <= year <= clock.today().year + LONGEST_YEARS:
        raise RuleBroken("bad_year", "year")
    texts = {locale: clean_text(vision.get(locale, "")) for locale in LOCALES}
    for locale, text in texts.items():
        if len(text) > MAX_VISION:
            raise RuleBroken("text_too_long", f"vision_{locale}", limit=MAX_VISION)
    value = asdict(Goals(year, texts, {name: goal for name, goal in wanted.items() if goal}))
    row = session.get(Setting, KEY)
    if row is not None and row.value == value:
        return
    if row is None:
        session.add(Setting(key=KEY, value=value))
    else:
        row.value = value
    record(session, GoalsChanged(actor_id=actor.id))
