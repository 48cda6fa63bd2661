"""The figures of the square. Each is one function and a fixed number of queries.

The counting rules, stated once: a deed counts for one organisation, in the month it was published by Finnish time,
while it is published or archived; an adoption counts while its deed does. Nothing is rounded by itself: shares are made
whole by the largest remainder, and equal counts share a place.
"""

from tori.statistics.behind import Behind, count_behind, ids_behind
from tori.statistics.campaigns import CampaignEffect, campaign_effects
from tori.statistics.counting import COUNTED, Share, per_thousand, percent_of, whole_percents
from tori.statistics.history import History, HistoryFigure, HistoryTable, history
from tori.statistics.kept import kept_figures
from tori.statistics.periods import MonthFigures, YearFigures, by_month, by_year, every_month
from tori.statistics.places import RegionFigures, by_municipality, by_region, without_region
from tori.statistics.ranking import RankedOrganisation, Ranking, Rankings, rankings, top_organisations
from tori.statistics.shares import by_sector
from tori.statistics.snapshot import Figures, figures
from tori.statistics.spreading import Spreading, Standing, most_adopted_ids, spreading, standings
from tori.statistics.stored import keep_ready
from tori.statistics.surveys import YearResult, surveys
from tori.statistics.talking import Questions, Searches, questions, searches
from tori.statistics.themes import ThemeFigures, by_theme
from tori.statistics.totals import Totals, totals

__all__ = [
    "COUNTED",
    "Behind",
    "CampaignEffect",
    "Figures",
    "History",
    "HistoryFigure",
    "HistoryTable",
    "MonthFigures",
    "Questions",
    "RankedOrganisation",
    "Ranking",
    "Rankings",
    "RegionFigures",
    "Searches",
    "Share",
    "Spreading",
    "Standing",
    "ThemeFigures",
    "Totals",
    "YearFigures",
    "YearResult",
    "by_month",
    "by_municipality",
    "by_region",
    "by_sector",
    "by_theme",
    "by_year",
    "campaign_effects",
    "count_behind",
    "every_month",
    "figures",
    "history",
    "ids_behind",
    "keep_ready",
    "kept_figures",
    "most_adopted_ids",
    "per_thousand",
    "percent_of",
    "questions",
    "rankings",
    "searches",
    "spreading",
    "standings",
    "surveys",
    "top_organisations",
    "totals",
    "whole_percents",
    "without_region",
]
