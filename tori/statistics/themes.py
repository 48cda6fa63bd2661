"""What the deeds are about, over the years."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.text import alphabetical
from tori.models.deeds import Deed, Theme, deed_theme
from tori.statistics.counting import COUNTED, within

YEARS_SHOWN = 5


@dataclass(frozen=True)
class ThemeFigures:
    """``by_year`` are the deeds of the last years, the running one last; a deed counts in each of its themes."""

    slug: str
    name: str
    deeds: int
    by_year: list[int]


def shown_years() -> list[int]:
    this_year = clock.today().year
    return list(range(this_year - YEARS_SHOWN + 1, this_year + 1))


def by_theme(session: Session, locale: str) -> list[ThemeFigures]:
    """Themes with deeds, most first. One statement."""
    spans = [(date(year, 1, 1), date(year + 1, 1, 1)) for year in shown_years()]
    rows = session.execute(
        select(Theme, func.count(), *(within(Deed.published_at, *span) for span in spans))
        .join(deed_theme, deed_theme.c.theme_id == Theme.id)
        .join(Deed, Deed.id == deed_theme.c.deed_id)
        .where(COUNTED)
        .group_by(Theme.id)
    )
    figures = [ThemeFigures(row[0].slug, row[0].name_in(locale), row[1], list(row[2:])) for row in rows]
    return sorted(figures, key=lambda theme: (-theme.deeds, alphabetical(theme.name)))
