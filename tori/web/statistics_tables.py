"""The figures as tables, for files and for reading beside the charts."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

from tori.deeds.forms import ADOPTION_STATUSES
from tori.digest.survey_views import QUESTIONS
from tori.models.deeds import AdoptionStatus
from tori.statistics import Figures, RankedOrganisation, Share
from tori.web.statistics_charts import share_words


@dataclass(frozen=True)
class Table:
    """Cells are words and numbers; an empty cell is not known."""

    header: list[str]
    rows: list[list[Any]]


def _years(figures: Figures) -> Table:
    header = [
        _("Year"), _("New deeds"), _("Deeds in total"), _("Deeds a month"), _("First-time organisations"),
        _("Models taken"),
    ]  # fmt: skip
    return Table(
        header,
        [[row.year, row.deeds, row.total, row.per_month, row.newcomers, row.adoptions] for row in figures.years],
    )


def _months(figures: Figures) -> Table:
    rows = [[f"{row.first_day:%Y-%m}", row.deeds, row.adoptions] for row in figures.months]
    return Table([_("Month"), _("New deeds"), _("Models taken")], rows)


def _sectors(figures: Figures) -> Table:
    rows = [[row.name, row.count, row.percent] for row in figures.sectors]
    return Table([_("Sector"), _("Deeds"), _("Share, %")], rows)


def _regions(figures: Figures) -> Table:
    header = [
        _("Region"), _("Deeds"), _("Organisations"), _("Per 1,000 inhabitants"), _("Adoptions received"),
        _("Adoptions made"),
    ]  # fmt: skip
    return Table(
        header,
        [
            [row.name, row.deeds, row.organisations, _cell(row.per_thousand), row.received, row.made]
            for row in figures.regions
        ],
    )


def _themes(figures: Figures) -> Table:
    header = [_("Theme"), _("Deeds"), *map(str, figures.theme_years)]
    return Table(header, [[row.name, row.deeds, *row.by_year] for row in figures.themes])


def _shares(name: str, shares: list[Share], head: str, count: str) -> Table:
    words = share_words(name)
    rows = [[str(words[row.slug]), row.count, row.percent] for row in shares]
    return Table([head, count, _("Share, %")], rows)


def _organisations(rows: list[RankedOrganisation]) -> Table:
    header = [
        _("Place"), _("Organisation"), _("Deeds"), _("Per 1,000 inhabitants"), _("Adoptions received"),
        _("Adoptions made"), _("Since"),
    ]  # fmt: skip
    return Table(
        header,
        [
            [row.place, row.name, row.deeds, _cell(row.per_thousand), row.received, row.made, row.since]
            for row in rows
        ],
    )  # fmt: skip


def _standings(figures: Figures) -> Table:
    header = [_("Months after"), _("Adoptions"), _("Answers"), *(str(words) for words in ADOPTION_STATUSES.values())]
    rows = [
        [row.month, row.adoptions, row.answered, *(row.counts[status] for status in AdoptionStatus)]
        for row in figures.standings
    ]
    return Table(header, rows)


def _campaigns(figures: Figures) -> Table:
    header = [
        _("Campaign"), _("First day"), _("Last day"), _("Deeds"), _("First-time organisations"),
        _("New deeds a week"), _("New deeds a week before"),
    ]  # fmt: skip
    rows = [
        [
            row.name, row.starts_on.isoformat(), row.ends_on.isoformat(), row.deeds, row.newcomers, row.weekly,
            row.weekly_before,
        ]
        for row in figures.campaigns
    ]  # fmt: skip
    return Table(header, rows)


def _key_figures(figures: Figures) -> Table:
    """One row for each single figure, under the name that the interface gives it."""
    words = {
        "deeds": _("Deeds in total"), "organisations": _("Organisations"), "municipalities": _("Municipalities"),
        "regions": _("Regions"), "adoptions": _("Models taken"), "adopters": _("Organisations that took a model"),
        "adopted_deeds": _("Deeds taken as a model"), "comments": _("Comments"),
    }  # fmt: skip
    spread, asked, sought = figures.spreading, figures.questions, figures.searches
    rows: list[list[Any]] = [[words[name], value] for name, value in asdict(figures.totals).items()]
    rows += [
        [_("Deeds of the whole country"), figures.without_region],
        [_("Models taken that are in use"), spread.confirmed_adoptions],
        [_("Deeds in use elsewhere"), spread.confirmed_deeds],
        [_("Share of deeds in use elsewhere, %"), _cell(spread.confirmed_percent)],
        [_("Breakthroughs"), spread.breakthroughs],
        [_("Questions to makers"), asked.asked],
        [_("Questions answered"), asked.answered],
        [_("Questions answered, %"), _cell(asked.percent)],
        [_("Searches in twelve months"), sought.made],
        [_("Searches that found"), sought.found],
        [_("Searches that found, %"), _cell(sought.found_percent)],
        [_("Searches that led to a deed"), sought.opened],
    ]
    return Table([_("What"), _("How many")], rows)


def _surveys(figures: Figures) -> Table:
    """Shares of yes in per cent; empty where too few answered."""
    header = [_("Year"), _("Answers"), *(str(words) for words in QUESTIONS.values())]
    rows = [[row.year, row.count, *(_cell(row.shares[name]) for name in QUESTIONS)] for row in figures.surveys]
    return Table(header, rows)


def _cell(value: float | None) -> float | str:
    return "" if value is None else value


TABLES: dict[str, Callable[[Figures], Table]] = {
    "tunnusluvut": _key_figures,
    "vuodet": _years,
    "kuukaudet": _months,
    "toimialat": _sectors,
    "maakunnat": _regions,
    "teemat": _themes,
    "tyypit": lambda figures: _shares("tyypit", figures.kinds, _("Kind"), _("Deeds")),
    "koot": lambda figures: _shares("koot", figures.sizes, _("Size"), _("Deeds")),
    "vaiheet": lambda figures: _shares("vaiheet", figures.maturities, _("Stage"), _("Deeds")),
    "kielet": lambda figures: _shares("kielet", figures.languages, _("Language"), _("Deeds")),
    "laheisyys": lambda figures: _shares("laheisyys", figures.closenesses, _("How close"), _("Models taken")),
    "mallien-tilat": lambda figures: _shares(
        "mallien-tilat", figures.adoption_statuses, _("Where it stands"), _("Models taken")
    ),
    "seuranta": _standings,
    "kysely": _surveys,
    "kampanjat": _campaigns,
    "organisaatiot": lambda figures: _organisations(figures.rankings.every),
    "pienet-kunnat": lambda figures: _organisations(figures.rankings.small),
}
"""Name of the file without its ending -> its table."""
