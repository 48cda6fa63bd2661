"""Reporting, open to everybody, and following what became of a report."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge import limits
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.templating import request_locale
from tori.moderation import reports
from tori.moderation.forms import ReportForm
from tori.moderation.labels import FAULTS, VERDICTS
from tori.moderation.targets import readable, target_of

blueprint = Blueprint("moderation", __name__)

Page = str | Response | tuple[str, int]


@blueprint.route("/ilmoita/<kind>/<id:target_id>", methods=["GET", "POST"])
@access(OBJECT)
def report(kind: str, target_id: int) -> Page:
    actor = current_actor()
    target = readable(db.session(), actor, kind, target_id)
    form = ReportForm()
    status = 200
    if request.method == "POST":
        if form.is_from_program:
            return redirect(url_for("front.index"), 303)
        if form.validate():
            try:
                with transaction() as session:
                    limits.count(session, "report_address", limits.asker())
                    row = reports.report(
                        session, actor, kind, target_id, form.fault.data, form.body.data, form.email.data or "",
                        request_locale(),
                    )  # fmt: skip
            except RuleBroken as error:
                form.show(error)
            else:
                return redirect(url_for("moderation.receipt", key=row.key), 303)
        status = 422
    page = render_template(
        "moderation/report.html", form=form, target=target, days=reports.ANSWER_WITHIN.days, is_member=actor.is_member
    )
    return page, status


@blueprint.get("/ilmoitukset/<key>")
@access(OBJECT)
def receipt(key: str) -> Response:
    """Whoever has the link sees the report and what became of it."""
    session = db.session()
    row = reports.by_key(session, key)
    page = render_template(
        "moderation/receipt.html",
        report=row,
        target=target_of(session, row.kind, row.target_id),
        faults=FAULTS,
        verdicts=VERDICTS,
        days=reports.ANSWER_WITHIN.days,
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
