"""The campaign manager's pages: making, changing, copying, ending and following campaigns."""

from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tori.campaigns import cockpit, figures, letters, nominations, queries, service, starting
from tori.campaigns.forms import CampaignForm, EndForm, LetterForm
from tori.campaigns.labels import KINDS, STATES, campaign_time, qualified
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.text import paragraphs
from tori.database import db, transaction
from tori.deeds import sharing
from tori.deeds.forms import DeedForm
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.routing import row_number
from tori.edge.templating import request_locale
from tori.exchange.format import csv_rows
from tori.models.base import Named
from tori.models.campaigns import Campaign, CampaignKind, CampaignState
from tori.policy import Permission
from tori.web.desk import blueprint

MOST_FIELDS = 6

Page = str | Response | tuple[str, int]


def _campaign(campaign_id: int) -> Campaign:
    found = db.session().get(Campaign, campaign_id)
    if found is None:
        raise NotFound("campaign")
    return found


def labelled(rows: list[Campaign]) -> list[tuple[Campaign, Any, Any, str]]:
    """With the words for kind, state and time."""
    return [(row, KINDS[CampaignKind(row.kind)], STATES[CampaignState(row.state)], campaign_time(row)) for row in rows]


@blueprint.get("/kampanjat")
@access(Permission.CAMPAIGN_MANAGE)
def campaigns() -> Page:
    session = db.session()
    rows = queries.all_campaigns(session, current_actor())
    return render_template(
        "desk/campaigns.html",
        rows=labelled(rows),
        counts=queries.deed_counts(session, rows),
        kinds=KINDS,
    )


@blueprint.route("/kampanjat/uusi", methods=["GET", "POST"])
@access(Permission.CAMPAIGN_MANAGE)
def new_campaign() -> Page:
    """From the template of a kind (``laji``), or from an earlier campaign (``pohja``)."""
    session: Session = db.session()
    form = CampaignForm()
    form.prepare(session, request_locale())
    if not form.is_submitted():
        form.fill(_start(form))
        return render_template("desk/campaign_form.html", form=form, campaign=None)
    if form.validate():
        number = form.earlier.data or ""
        earlier = session.get(Campaign, int(number)) if number.isdigit() and len(number) < 10 else None
        try:
            with transaction() as session:
                campaign = service.create(session, current_actor(), form.content(), earlier)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The campaign was made."), "success")
            return redirect(url_for("desk.campaign", campaign_id=campaign.id), 303)
    return render_template("desk/campaign_form.html", form=form, campaign=None), 422


def _start(form: CampaignForm) -> service.CampaignContent:
    earlier_id = request.args.get("pohja", type=row_number)
    if earlier_id is not None:
        form.earlier.data = str(earlier_id)
        return service.following(_campaign(earlier_id), clock.today())
    kind = request.args.get("laji", "")
    return starting.template(CampaignKind(kind) if kind in set(CampaignKind) else CampaignKind.OPEN, clock.today())


@blueprint.get("/kampanjat/<id:campaign_id>")
@access(Permission.CAMPAIGN_MANAGE)
def campaign(campaign_id: int) -> Page:
    return _page(_campaign(campaign_id))


def _page(row: Campaign, **more: Any) -> str:
    session = db.session()
    others = [other for other in queries.all_campaigns(session, current_actor()) if other.id != row.id]
    end_form = EndForm()
    end_form.prepare(others)
    context = {
        "campaign": row,
        "kind": KINDS[CampaignKind(row.kind)],
        "state": STATES[CampaignState(row.state)],
        "time": campaign_time(row),
        "is_over": row.is_over(clock.today()),
        "next_state": STATES[following] if (following := service.NEXT.get(CampaignState(row.state))) else None,
        "end_form": end_form,
        "standing": cockpit.standing(session, row, clock.today()),
        "found": figures.figures_of(session, row, request_locale()),
        "earlier_ones": cockpit.earlier_ones(session, row, clock.today()),
        "qualified": qualified,
        "to_ask": cockpit.missing_from_last_time(session, row),
        "funnel": nominations.funnel(session, row) if row.kind == CampaignKind.CHALLENGE else None,
        "visits": _visits(session, row),
        "form_steps": (form := figures.form_steps_of(session, row)),
        "stumbling": _stumbling(form),
        "problem": "",
    }
    return render_template("desk/campaign.html", **{**context, **more})


def _stumbling(form: figures.FormSteps) -> list[tuple[Any, int]]:
    """The questions by their own words; of a question that is no more, its name."""
    labels = {name: field.args[0] for name, field in vars(DeedForm).items() if getattr(field, "args", ())}
    return [(labels.get(name, name), count) for name, count in form.fields[:MOST_FIELDS]]


def _visits(session: Session, row: Campaign) -> list[tuple[str, int]]:
    names = sharing.source_names()
    return [(names.get(source, source), count) for source, count in figures.visits_of(session, row).items()]


@blueprint.route("/kampanjat/<id:campaign_id>/muokkaa", methods=["GET", "POST"])
@access(Permission.CAMPAIGN_MANAGE)
def edit_campaign(campaign_id: int) -> Page:
    session: Session = db.session()
    row = _campaign(campaign_id)
    form = CampaignForm(data=CampaignForm.values_of(row))
    form.prepare(session, request_locale())
    if not form.is_submitted():
        return render_template("desk/campaign_form.html", form=form, campaign=row)
    if form.validate():
        try:
            with transaction() as session:
                form.check(session, row)
                service.edit(session, current_actor(), row, form.content(row))
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The changes were saved."), "success")
            return redirect(url_for("desk.campaign", campaign_id=row.id), 303)
    return render_template("desk/campaign_form.html", form=form, campaign=row), form.status


@blueprint.post("/kampanjat/<id:campaign_id>/paata")
@access(Permission.CAMPAIGN_MANAGE)
def end_campaign(campaign_id: int) -> Page:
    row = _campaign(campaign_id)
    form = EndForm()
    others = [other for other in queries.all_campaigns(db.session(), current_actor()) if other.id != row.id]
    form.prepare(others)
    if form.validate():
        successor = next((other for other in others if str(other.id) == form.successor.data), None)
        try:
            with transaction() as session:
                service.end_early(session, current_actor(), row, form.note.data or "", successor)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The campaign ended."), "success")
            return redirect(url_for("desk.campaign", campaign_id=row.id), 303)
    return _page(row, end_form=form), 422


@blueprint.post("/kampanjat/<id:campaign_id>/seuraava")
@access(Permission.CAMPAIGN_MANAGE)
def move_campaign(campaign_id: int) -> Page:
    row = _campaign(campaign_id)
    try:
        with transaction() as session:
            state = service.move_on(session, current_actor(), row)
    except RuleBroken as error:
        return _page(row, problem=messages.sentence(error)), 422
    flash(_("The campaign is now: %(state)s.", state=STATES[state]), "success")
    return redirect(url_for("desk.campaign", campaign_id=row.id), 303)


@blueprint.get("/kampanjat/<id:campaign_id>/osallistujat.csv")
@access(Permission.CAMPAIGN_MANAGE)
def campaign_entries(campaign_id: int) -> Response:
    """Every deed of the campaign with its answers, one column per field."""
    row = _campaign(campaign_id)
    header = [
        _("Number"), _("Title"), _("Organisation"), _("Municipality"), _("Region"), _("Sector"), _("Published"),
        _("Taken up by"), *(question["label"] for question in row.questions),
    ]  # fmt: skip
    locale = request_locale()
    cells = [
        [
            entry.deed.id, entry.deed.title, entry.deed.organisation.name_in(locale),
            _name(entry.deed.organisation.municipality), _name(entry.deed.organisation.region),
            entry.deed.sector.name_in(locale), cockpit.published_on(entry.deed), entry.deed.adoption_count,
            *entry.answers,
        ]
        for entry in cockpit.entries(db.session(), row)
    ]  # fmt: skip
    response = FlaskResponse(csv_rows(header, cells), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.slug}.csv"'
    return response


def _name(place: Named | None) -> str:
    return place.name_in(request_locale()) if place else ""


@blueprint.route("/kampanjat/<id:campaign_id>/kirje", methods=["GET", "POST"])
@access(Permission.CAMPAIGN_MANAGE)
def campaign_letter(campaign_id: int) -> Page:
    """Seen before it is sent; the second button sends it."""
    row = _campaign(campaign_id)
    form = LetterForm()
    preview = None
    if form.is_submitted() and form.validate():
        letter = letters.Letter(form.audience.data, form.subject.data or "", form.body.data or "")
        try:
            if request.form.get("action") == "send":
                with transaction() as session:
                    sent = letters.send(session, current_actor(), row, letter)
                flash(
                    ngettext("%(num)d mail was put into the outbox.", "%(num)d mails were put into the outbox.", sent)
                )
                return redirect(url_for("desk.campaign", campaign_id=row.id), 303)
            letter = letters.checked(letter)
            people = letters.readers(db.session(), current_actor(), row, letter.audience)
            preview = {"subject": letter.subject, "html": paragraphs(letter.body), "readers": len(people)}
        except RuleBroken as error:
            form.show(error)
    page = render_template("desk/campaign_letter.html", campaign=row, form=form, preview=preview)
    return page, 422 if form.errors else 200
