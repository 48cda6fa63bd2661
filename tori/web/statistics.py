"""The statistics page, its charts and tables as files, and the deeds behind a number."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session

from tori import drawing, statistics
from tori.campaigns.labels import qualified
from tori.config import Config
from tori.core.errors import NotFound
from tori.core.paging import make_pages, page_count, parse_page
from tori.database import db
from tori.deeds.forms import ADOPTION_STATUSES
from tori.deeds.queries import cards_by_ids
from tori.digest.survey_views import QUESTIONS
from tori.edge.access import PUBLIC, access
from tori.edge.templating import number, period, public_link, request_locale
from tori.exchange.format import csv_rows
from tori.policy import ANONYMOUS
from tori.statistics import Figures, HistoryFigure
from tori.web import goals
from tori.web.statistics_charts import CHARTS, Chart, behind
from tori.web.statistics_tables import TABLES, Table
from tori.web.statistics_words import behind_title

SHOWN_CONFLICTS = 4
SHOWN_GROUPS = ("tekojen_tori", "kampanjat", "kayttajakysely", "viestinta")
"""Groups of history figures that concern the square; the rest tell of the programme around it."""
FIRST_PART = "kasvu"
PARTS = {
    FIRST_PART: __("Growth"),
    "aiheet-ja-paikat": __("What and where"),
    "mallit": __("How models spread"),
    "organisaatiot": __("Organisations"),
    "kampanjat": __("Campaigns"),
    "mielipiteet": __("Questions, searches, opinions"),
    "ensimmainen-tori": __("The first square"),
}
"""Last part of the address -> name of the page."""
THEMES_LISTED = 12
CAMPAIGNS_LISTED = 8
BEHIND_PER_PAGE = 24

blueprint = Blueprint("statistics", __name__)


def current_figures(session: Session, locale: str) -> Figures:
    """Counted once for each version of the content in this process."""
    return statistics.kept_figures(current_app.extensions, session, locale)


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
    return _part(FIRST_PART)


@blueprint.route(
    '/tilastot/<any("aiheet-ja-paikat", mallit, organisaatiot, kampanjat, mielipiteet, "ensimmainen-tori"):part>'
)
@access(PUBLIC)
def part(part: str) -> str:
    return _part(part)


def _menu(chosen: str) -> list[tuple[str, str, bool]]:
    return [
        (str(words), url_for("statistics.part", part=name) if name != FIRST_PART else url_for("statistics.index"),
         name == chosen)
        for name, words in PARTS.items()
    ]  # fmt: skip


def _part(part: str) -> str:
    session = db.session()
    locale = request_locale()
    history = statistics.history(locale)
    figures = current_figures(session, locale)
    return render_template(
        "statistics/index.html",
        part=part,
        goals=goals.load(session) if part == FIRST_PART else None,
        parts=PARTS,
        menu=_menu(part),
        survey_questions=QUESTIONS,
        figures=figures,
        totals=figures.totals,
        ranking=figures.rankings.top,
        charts={name: build(figures) for name, build in CHARTS.items()} if part != "ensimmainen-tori" else {},
        adopted=cards_by_ids(session, figures.most_adopted, locale, ANONYMOUS) if part == "mallit" else [],
        statuses=ADOPTION_STATUSES,
        themes_listed=THEMES_LISTED,
        campaigns_listed=CAMPAIGNS_LISTED,
        history=history,
        figure=lambda name: _value(history.figures[name]),
        as_of=lambda name: _as_of(history.figures[name]),
        history_rows=_history_rows(locale),
        conflicts=history.conflicts[:SHOWN_CONFLICTS],
    )


@blueprint.route("/tilastot/teot")
@access(PUBLIC)
def deeds_behind() -> str:
    """The deeds that a figure counts, by the same rules."""
    session, locale = db.session(), request_locale()
    chosen = statistics.Behind.parse(request.args)
    total = statistics.count_behind(session, chosen)
    last = page_count(total, BEHIND_PER_PAGE)
    page = min(parse_page(request.args.get("sivu")), last)
    ids = statistics.ids_behind(session, chosen, page, BEHIND_PER_PAGE)
    return render_template(
        "statistics/deeds.html",
        chosen=behind_title(session, chosen, locale),
        total=total,
        cards=cards_by_ids(session, ids, locale, ANONYMOUS),
        pages=make_pages(
            page,
            last,
            lambda turn: behind(**chosen.values, **({"sivu": turn} if turn > 1 else {})),
        ),
    )


def _table(name: str) -> Table:
    if name not in TABLES:
        raise NotFound(name)
    return TABLES[name](current_figures(db.session(), request_locale()))


@blueprint.route("/tilastot/<name>.csv")
@access(PUBLIC)
def table(name: str) -> Response:
    found = _table(name)
    response = Response(csv_rows(found.header, found.rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@blueprint.route("/tilastot/kaikki-kuukaudet.csv")
@access(PUBLIC)
def every_month() -> Response:
    """Every month since the first deed."""
    rows = [[f"{row.first_day:%Y-%m}", row.deeds, row.adoptions] for row in statistics.every_month(db.session())]
    text = csv_rows([_("Month"), _("New deeds"), _("Models taken")], rows)
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="kaikki-kuukaudet.csv"'
    return response


def _chart(name: str) -> tuple[Chart, Figures]:
    figures = current_figures(db.session(), request_locale())
    chart = CHARTS[name](figures) if name in CHARTS else None
    if chart is None:
        raise NotFound(name)
    return chart, figures


def _drawn(name: str) -> str:
    chart, figures = _chart(name)
    config: Config = current_app.extensions["tori"]
    values: dict[str, Any] = {
        "chart": chart,
        "as_of": figures.as_of,
        "address": public_link(config, "statistics.index", request_locale()).partition("://")[2],
    }
    return render_template("statistics/chart.svg", **values)


@blueprint.route("/tilastot/<name>.svg")
@access(PUBLIC)
def chart_svg(name: str) -> Response:
    response = Response(_drawn(name), content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    return response


@blueprint.route("/tilastot/<name>.png")
@access(PUBLIC)
def chart_png(name: str) -> Response:
    response = Response(drawing.png(_drawn(name)), content_type="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.png"'
    return response
