"""A year of the square on one page and as a PDF: for councils, planners and those who pay."""

from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, url_for

from tori.config import Config
from tori.core.errors import NotFound
from tori.database import db
from tori.deeds import printing
from tori.edge.access import PUBLIC, access
from tori.edge.templating import public_link, request_locale
from tori.statistics.yearly import year_summary
from tori.web.statistics import blueprint, current_figures


def _values(year: int) -> dict[str, Any]:
    session, locale = db.session(), request_locale()
    figures = current_figures(session, locale)
    summary = year_summary(session, locale, year, figures.years)
    if summary is None:
        raise NotFound(year)
    config: Config = current_app.extensions["tori"]
    return {
        "year": year,
        "summary": summary,
        "figures": figures,
        "is_running": year == figures.as_of.year,
        "address": public_link(config, "statistics.year", locale, year=year),
    }


@blueprint.route("/tilastot/vuosi/<int:year>")
@access(PUBLIC)
def year(year: int) -> str:
    values = _values(year)
    years = reversed(values["figures"].years)
    others = [row.year for row in years if row.deeds or row.adoptions or row.year == year]
    menu = [(str(each), url_for("statistics.year", year=each), each == year) for each in others]
    return render_template("statistics/year.html", menu=menu, **values)


@blueprint.route("/tilastot/vuosi-<int:year>.pdf")
@access(PUBLIC)
def year_pdf(year: int) -> Response:
    page = render_template("statistics/_year_pdf.html", **_values(year))
    styles = Path(current_app.static_folder or "") / "css" / "year-report-pdf.css"
    response = Response(printing.whole_document(page, styles), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="tekojen-tori-{year}.pdf"'
    return response
