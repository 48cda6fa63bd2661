"""All figures at one moment: what the page, the files, the interface and the reports read."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from tori.core import clock
from tori.statistics.campaigns import CampaignEffect, campaign_effects
from tori.statistics.counting import Share
from tori.statistics.gathered import gather
from tori.statistics.periods import MonthFigures, YearFigures, by_month, by_year
from tori.statistics.places import RegionFigures, by_region, without_region
from tori.statistics.ranking import Rankings, rankings
from tori.statistics.shares import (
    by_adoption_status,
    by_closeness,
    by_kind,
    by_language,
    by_maturity,
    by_sector,
    by_size,
)
from tori.statistics.spreading import Spreading, Standing, most_adopted_ids, spreading, standings
from tori.statistics.surveys import YearResult, surveys
from tori.statistics.talking import Questions, Searches, questions, searches
from tori.statistics.themes import ThemeFigures, by_theme, shown_years
from tori.statistics.totals import Totals, totals


@dataclass(frozen=True)
class Figures:
    """Names are in one language. ``counted_at`` is the moment of counting."""

    counted_at: datetime
    totals: Totals
    years: list[YearFigures]
    months: list[MonthFigures]
    sectors: list[Share]
    kinds: list[Share]
    regions: list[RegionFigures]
    without_region: int
    theme_years: list[int]
    themes: list[ThemeFigures]
    sizes: list[Share]
    maturities: list[Share]
    languages: list[Share]
    closenesses: list[Share]
    adoption_statuses: list[Share]
    spreading: Spreading
    standings: list[Standing]
    questions: Questions
    searches: Searches
    surveys: list[YearResult]
    campaigns: list[CampaignEffect]
    rankings: Rankings
    most_adopted: list[int]

    @property
    def as_of(self) -> date:
        return clock.in_finland(self.counted_at).date()


def figures(session: Session, locale: str) -> Figures:
    """Counted afresh; a fixed number of statements."""
    gathered = gather(session)
    return Figures(
        counted_at=clock.now(),
        totals=totals(session, gathered),
        years=by_year(session, gathered),
        months=by_month(session),
        sectors=by_sector(session, locale, gathered),
        kinds=by_kind(gathered),
        regions=by_region(session, locale, gathered),
        without_region=without_region(session, gathered),
        theme_years=shown_years(),
        themes=by_theme(session, locale),
        sizes=by_size(gathered),
        maturities=by_maturity(gathered),
        languages=by_language(gathered),
        closenesses=by_closeness(gathered),
        adoption_statuses=by_adoption_status(gathered),
        spreading=spreading(session, gathered),
        standings=standings(session),
        questions=questions(session),
        searches=searches(session),
        surveys=surveys(session),
        campaigns=campaign_effects(session, gathered),
        rankings=rankings(session, locale, gathered),
        most_adopted=most_adopted_ids(session),
    )
