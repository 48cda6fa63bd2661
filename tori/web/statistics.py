"""The statistics page and its tables as files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from tori import statistics
from tori.campaigns.labels import qualified
from tori.core.errors import NotFound
from tori.database import db
from tori.deeds.queries import cards_by_ids
from tori.edge.access import PUBLIC, access
from tori.edge.templating import month_name, number, period, request_locale
from tori.exchange.format import csv_rows
from tori.policy import ANONYMOUS
from tori.statistics import HistoryFigure, MonthFigures, Ranking, RegionFigures, Share, YearFigures

SHOWN_CONFLICTS = 4
SHOWN_GROUPS = ("tekojen_tori", "kampanjat", "kayttajakysely", "viestinta")
"""Groups of history figures that concern the square; the rest tell of the programme around it."""

blueprint = Blueprint("statistics", __name__)


@dataclass(frozen=True)
class Chart:
    """What the macros of charts draw: a heading that states the finding, a sentence that reads it, rows, a unit."""

    title: str
    sentence: str
    rows: list[tuple[Any, ...]]
    unit: str
    csv_url: str


def _extremes(rows: Sequence[tuple[Any, ...]]) -> str:
    """A sentence that names the greatest and the smallest value."""
    greatest = max(rows, key=lambda row: row[1])
    smallest = min(rows, key=lambda row: row[1])
    words = _(
        "Most: %(most)s (%(most_count)s). Fewest: %(fewest)s (%(fewest_count)s).",
        most=greatest[0],
        most_count=number(greatest[1]),
        fewest=smallest[0],
        fewest_count=number(smallest[1]),
    )
    return str(words)


def years_chart(years: list[YearFigures]) -> Chart | None:
    if not years:
        return None
    rows = [(str(row.year), row.deeds, url_for("deeds.index", vuosi=row.year) if row.deeds else None) for row in years]
    best = max(years, key=lambda row: row.deeds)
    title = ngettext(
        "The best year so far is %(year)s with %(count)s deed",
        "The best year so far is %(year)s with %(count)s deeds",
        best.deeds,
        year=best.year,
        count=number(best.deeds),
    )
    return Chart(title, _extremes(rows), rows, _("deeds"), url_for("statistics.table", name="vuodet"))


def months_chart(months: list[MonthFigures]) -> Chart | None:
    """None when nothing came in the months, as a chart of zeros says nothing."""
    total = sum(row.deeds for row in months)
    if not total:
        return None
    rows = [
        (
            f"{month_name(row.first_day)} {row.first_day.year}",
            row.deeds,
            None,
            f"{row.first_day.month}/{row.first_day:%y}",
        )
        for row in months
    ]
    title = ngettext(
        "%(count)s new deed in twelve months", "%(count)s new deeds in twelve months", total, count=number(total)
    )
    return Chart(title, _extremes(rows), rows, _("deeds"), url_for("statistics.table", name="kuukaudet"))


def sectors_chart(shares: list[Share]) -> Chart | None:
    if not any(share.count for share in shares):
        return None
    ordered = sorted(shares, key=lambda share: -share.count)
    rows = [(share.name, share.percent, url_for("sectors.show", slug=share.slug)) for share in ordered]
    title = _("%(sector)s: %(share)s of the deeds", sector=ordered[0].name, share=f"{ordered[0].percent} %")
    sentence = _("Every deed has one sector. The shares are rounded so that they make 100 % together.")
    return Chart(title, sentence, rows, "%", url_for("statistics.table", name="toimialat"))


def regions_chart(regions: list[RegionFigures]) -> Chart | None:
    told = sorted((row for row in regions if row.deeds), key=lambda row: (-row.deeds, row.name))
    if not told:
        return None
    rows = [(row.name, row.deeds, url_for("deeds.index", maakunta=row.slug)) for row in told]
    title = ngettext(
        "Deeds from %(num)d region", "Deeds from %(num)d regions, most from %(region)s", len(told), region=told[0].name
    )
    silent = len(regions) - len(told)
    sentence = (
        ngettext("%(num)d region has no deeds yet.", "%(num)d regions have no deeds yet.", silent)
        if silent
        else _("Every region is on the square.")
    )
    return Chart(title, sentence, rows, _("deeds"), url_for("statistics.table", name="maakunnat"))


def _as_of(figure: HistoryFigure) -> str:
    return period(figure.as_of) if figure.as_of and figure.as_of.replace("-", "").isdigit() else figure.as_of or ""


def _value(figure: HistoryFigure) -> str:
    text = number(figure.value) if isinstance(figure.value, int | float) else str(figure.value)
    return qualified(text, figure.qualifier)


def _unit(figure: HistoryFigure, locale: str) -> str:
    """The units of the source are Finnish words; elsewhere the label says enough."""
    return figure.unit if locale == "fi" or figure.unit == "%" else ""


def _history_rows(locale: str) -> list[tuple[str, str, str]]:
    figures = statistics.history(locale).figures.values()
    return [
        (figure.label, f"{_value(figure)} {_unit(figure, locale)}".strip(), _as_of(figure))
        for group in SHOWN_GROUPS
        for figure in figures
        if figure.group == group
    ]


@blueprint.route("/tilastot")
@access(PUBLIC)
def index() -> str:
    session = db.session()
    locale = request_locale()
    history = statistics.history(locale)
    totals = statistics.totals(session)
    return render_template(
        "statistics/index.html",
        totals=totals,
        years=years_chart(statistics.by_year(session)),
        months=months_chart(statistics.by_month(session)),
        sectors=sectors_chart(statistics.by_sector(session, locale)),
        regions=regions_chart(statistics.by_region(session, locale)),
        ranking=statistics.top_organisations(session, locale),
        adopted=cards_by_ids(session, statistics.most_adopted_ids(session), locale, ANONYMOUS)
        if totals.adoptions
        else [],
        history=history,
        figure=lambda name: _value(history.figures[name]),
        as_of=lambda name: _as_of(history.figures[name]),
        history_rows=_history_rows(locale),
        conflicts=history.conflicts[:SHOWN_CONFLICTS],
    )


def _years_table(session: Session, locale: str) -> tuple[list[str], list[list[Any]]]:
    rows = statistics.by_year(session)
    header = [_("Year"), _("New deeds"), _("Deeds in total"), _("First-time organisations")]
    return header, [[row.year, row.deeds, row.total, row.newcomers] for row in rows]


def _months_table(session: Session, locale: str) -> tuple[list[str], list[list[Any]]]:
    rows = statistics.by_month(session)
    header = [_("Month"), _("New deeds"), _("Models taken")]
    return header, [[f"{row.first_day:%Y-%m}", row.deeds, row.adoptions] for row in rows]


def _sectors_table(session: Session, locale: str) -> tuple[list[str], list[list[Any]]]:
    rows = statistics.by_sector(session, locale)
    return [_("Sector"), _("Deeds"), _("Share, %")], [[row.name, row.count, row.percent] for row in rows]


def _regions_table(session: Session, locale: str) -> tuple[list[str], list[list[Any]]]:
    rows = statistics.by_region(session, locale)
    header = [_("Region"), _("Deeds"), _("Organisations"), _("Models taken")]
    return header, [[row.name, row.deeds, row.organisations, row.received] for row in rows]


def _organisations_table(session: Session, locale: str) -> tuple[list[str], list[list[Any]]]:
    ranking: Ranking = statistics.top_organisations(session, locale)
    header = [
        _("Place"),
        _("Organisation"),
        _("Deeds"),
        _("Per 1,000 inhabitants"),
        _("Adoptions received"),
        _("Adoptions made"),
    ]
    rows = [
        [
            row.place,
            row.name,
            row.deeds,
            "" if row.per_thousand is None else round(row.per_thousand, 2),
            row.received,
            row.made,
        ]
        for row in ranking.rows
    ]
    return header, rows


TABLES: dict[str, Callable[[Session, str], tuple[list[str], list[list[Any]]]]] = {
    "vuodet": _years_table,
    "kuukaudet": _months_table,
    "toimialat": _sectors_table,
    "maakunnat": _regions_table,
    "organisaatiot": _organisations_table,
}


@blueprint.route("/tilastot/<name>.csv")
@access(PUBLIC)
def table(name: str) -> Response:
    if name not in TABLES:
        raise NotFound(name)
    header, rows = TABLES[name](db.session(), request_locale())
    response = Response(csv_rows(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
