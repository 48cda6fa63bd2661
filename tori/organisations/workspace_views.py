"""The workspace of an organisation: pages of its contact person, and the report for the council."""

from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from tori import statistics
from tori.config import Config
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.core.text import clean_line
from tori.database import db, transaction
from tori.deeds import printing, service, sharing
from tori.edge import messages
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.routing import row_number
from tori.edge.templating import public_link, request_locale
from tori.models.deeds import Deed
from tori.models.people import Organisation
from tori.organisations import queries, workspace
from tori.organisations.labels import ADOPTION_STATUSES, CLOSENESS
from tori.organisations.views import blueprint
from tori.policy import Permission, can, require

FIRST_YEAR = 2000
MAX_UNIT = 100


def _own(session: Session, slug: str) -> Organisation:
    organisation = queries.organisation_of(session, slug)
    require(current_actor(), Permission.ORGANISATION_EDIT, organisation)
    return organisation


def _figures(session: Session) -> statistics.Figures:
    return statistics.kept_figures(current_app.extensions, session, request_locale())


@blueprint.get("/organisaatiot/<slug>/tyotila")
@access(OBJECT)
def work(slug: str) -> str:
    return _page(slug)


def _page(slug: str, problem: str = "", chosen: tuple[int, ...] = ()) -> str:
    session = db.session()
    organisation = _own(session, slug)
    config: Config = current_app.extensions["tori"]
    unit = clean_line(request.args.get("yksikko", ""))[:MAX_UNIT]
    link = public_link(config, "deeds.new", request_locale(), **({"yksikko": unit} if unit else {}))
    name = ", ".join(filter(None, (organisation.name_in(request_locale()), unit)))
    rows = workspace.by_year(session, organisation)
    return render_template(
        "organisations/work.html",
        organisation=organisation,
        years=rows,
        together=workspace.together(rows),
        units=workspace.by_unit(session, organisation),
        waiting=workspace.waiting(session, organisation),
        likeness=workspace.likeness(session, organisation, _figures(session)),
        own=next((row for row in _figures(session).rankings.every if row.slug == organisation.slug), None),
        report_years=[row.year for row in rows] or [clock.today().year],
        unit=unit,
        link=link,
        code=sharing.qr_code(link),
        ink=sharing.QR_INK,
        texts=invitations(name, link),
        may_keep_webhooks=can(current_actor(), Permission.ORGANISATION_WEBHOOKS, organisation),
        problem=problem,
        chosen=chosen,
    )


def invitations(name: str, link: str) -> list[tuple[str, str, str]]:
    """Id, label and text of ready invitations for colleagues."""
    mail = _(
        "Hi,\n\nwhat did you make better in your work this year? A shorter meeting or a form left out is enough.\n"
        "Tell it in three minutes on behalf of %(name)s: %(link)s\n\n"
        "Others can take the model from us, and we hear of it.",
        name=name,
        link=link,
    )
    notice = _(
        "Good work deserves to be seen. %(name)s tells its development deeds on the square, where other municipalities "
        "take models from them. Tell yours: a title and a few sentences are enough. %(link)s",
        name=name,
        link=link,
    )
    return [("invite-mail", _("Mail to colleagues"), mail), ("invite-intranet", _("Notice for the intranet"), notice)]


@blueprint.post("/organisaatiot/<slug>/tyotila/julkaise")
@access(OBJECT)
def publish_round(slug: str) -> str | BaseResponse | tuple[str, int]:
    """The best of an internal round, in one press: all of the chosen or none."""
    ids = tuple(dict.fromkeys(request.form.getlist("deed", type=row_number)))
    if not ids:
        return _page(slug, _("Choose at least one deed.")), 422
    try:
        with transaction() as session:
            _publish(session, _own(session, slug), ids)
    except (RuleBroken, NotAllowed) as error:
        return _page(slug, messages.sentence(error), ids), 422
    flash(ngettext("%(num)d deed has been published.", "%(num)d deeds have been published.", len(ids)), "success")
    return redirect(url_for("organisations.work", slug=slug), 303)


def _publish(session: Session, organisation: Organisation, ids: tuple[int, ...]) -> None:
    for deed_id in ids:
        deed = session.get(Deed, deed_id)
        if deed is None or deed.organisation_id != organisation.id:
            abort(404)
        service.publish(session, current_actor(), deed)


@blueprint.get("/organisaatiot/<slug>/vuosiraportti-<int:year>.pdf")
@access(OBJECT)
def report(slug: str, year: int) -> Response:
    """The year of the organisation for its council, in the language of the page."""
    session = db.session()
    organisation = _own(session, slug)
    if not FIRST_YEAR <= year <= clock.today().year:
        abort(404)
    config: Config = current_app.extensions["tori"]
    values: dict[str, Any] = {
        "organisation": organisation,
        "report": workspace.year_report(session, organisation, year),
        "likeness": workspace.likeness(session, organisation, _figures(session)),
        "as_of": clock.today(),
        "address": public_link(config, "organisations.show", request_locale(), slug=slug),
        "statuses": ADOPTION_STATUSES,
        "closeness": CLOSENESS,
    }
    page = render_template("organisations/_year_report_pdf.html", **values)
    styles = Path(current_app.static_folder or "") / "css" / "year-report-pdf.css"
    response = Response(printing.whole_document(page, styles), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{year}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
