"""The awards of a campaign for the press: one list in three forms, from the same rows as the page."""

from io import BytesIO

from flask import Blueprint, Response, abort
from flask_babel import gettext as _

from tori.campaigns import awards, queries
from tori.campaigns.awards import AwardRow
from tori.core.errors import NotFound
from tori.database import db
from tori.deeds.panels import config
from tori.edge.access import PUBLIC, access
from tori.edge.templating import public_link, request_locale
from tori.exchange.format import csv_rows

blueprint = Blueprint("press", __name__)

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def header() -> list[str]:
    return [
        _("Year"), _("Campaign"), _("Series"), _("Award"), _("Deed"), _("Organisation"), _("Citation"), _("Thanks to"),
        _("Address"),
    ]  # fmt: skip


def cells(row: AwardRow) -> list[str]:
    """One column per field, all as text."""
    return [
        str(row.year), row.campaign, row.series, _("Honorary mention") if row.is_mention else _("Prize"), row.title,
        row.organisation, row.citation, row.thanks,
        public_link(config(), "campaigns.award", request_locale(), key=row.key),
    ]  # fmt: skip


@blueprint.get("/kampanjat/<slug>/tulokset.<ending>", endpoint="awards")
@access(PUBLIC)
def press_list(slug: str, ending: str) -> Response:
    if ending not in TYPES:
        abort(404)
    session, locale = db.session(), request_locale()
    campaign = queries.campaign_of(session, slug)
    if not awards.are_public(campaign):
        raise NotFound("results")
    rows = awards.award_rows(session, campaign, locale)
    content = {"csv": _csv, "txt": _text, "xlsx": _xlsx}[ending](rows)
    response = Response(content, content_type=TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{campaign.slug}-tulokset.{ending}"'
    return response


def _csv(rows: list[AwardRow]) -> bytes:
    return csv_rows(header(), (cells(row) for row in rows)).encode()


def _xlsx(rows: list[AwardRow]) -> bytes:
    """Every cell is written as text, so that nothing in it is ever reckoned."""
    out = BytesIO()
    from xlsxwriter import Workbook

    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_("Awards"))
        bold = book.add_format({"bold": True})
        for column, label in enumerate(header()):
            sheet.write_string(0, column, label, bold)
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(cells(row)):
                sheet.write_string(number, column, text)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()


def _text(rows: list[AwardRow]) -> bytes:
    """Ready to be put into a release."""
    lines: list[str] = []
    series, word = "", _("Honorary mention").lower()
    for row in rows:
        if row.series != series:
            series = row.series
            lines += ["", series, ""]
        mention = f" ({word})" if row.is_mention else ""
        lines.append(f"– {row.title}, {row.organisation}{mention}" if row.title else f"– {row.organisation}{mention}")
        lines += [f"  {row.citation}"] if row.citation else []
    return ("\n".join(lines).strip() + "\n").encode()
