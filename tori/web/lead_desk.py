"""The staff's list of leads."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import StringField

from tori.campaigns import leads as service
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.core.text import clean_line
from tori.database import db, transaction
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, line
from tori.models.campaigning import Lead, LeadState
from tori.policy import Permission
from tori.web.desk import blueprint

Page = str | Response | tuple[str, int]
STATES = {
    LeadState.SEEN: __("Seen"),
    LeadState.ASKED: __("Asked"),
    LeadState.TOLD: __("Told on the square"),
    LeadState.DROPPED: __("Dropped"),
}


class LeadForm(ToriForm):
    title = StringField(__("What was done?"), filters=[line])
    organisation = StringField(__("Organisation"), filters=[line])
    source_url = StringField(__("Link to where it was seen"), filters=[line])
    source = StringField(__("Or where it was heard of"), filters=[line])
    email = StringField(__("E-mail of somebody there"), filters=[line])


def _page(form: LeadForm, problem: str = "") -> str:
    rows = service.open_leads(db.session())
    return render_template(
        "desk/leads.html",
        form=form, rows=rows, states=STATES, problem=problem, today=clock.today(),
        contacts=service.contacts(db.session(), rows),
    )  # fmt: skip


@blueprint.route("/vinkit", methods=["GET", "POST"])
@access(Permission.LEAD_MANAGE)
def leads() -> Page:
    # A search of the report that found nothing is a beginning for a lead.
    form = LeadForm(data={"title": clean_line(request.args.get("sana", ""))[:150]})
    if form.is_submitted() and form.validate():
        found = service.Found(
            form.title.data or "", form.organisation.data or "", form.source_url.data or "", form.source.data or "",
            form.email.data or "",
        )  # fmt: skip
        try:
            with transaction() as session:
                service.add(session, current_actor(), found)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The lead is in the list."), "success")
            return redirect(url_for("desk.leads"), 303)
    return _page(form), 422 if form.errors else 200


@blueprint.post("/vinkit/<id:lead_id>")
@access(Permission.LEAD_MANAGE)
def change_lead(lead_id: int) -> Page:
    """``state`` moves the lead; ``kutsu`` sends the invitation."""
    row = db.session().get(Lead, lead_id)
    if row is None:
        raise NotFound("lead")
    state = request.form.get("state", "")
    try:
        with transaction() as session:
            if state == "kutsu":
                service.invite(session, current_actor(), row)
            elif state == "lykkaa":
                service.put_off(session, current_actor(), row)
            else:
                service.move(session, current_actor(), row, state)
    except RuleBroken as error:
        return _page(LeadForm(formdata=None), messages.sentence(error)), 422
    flash(_("The invitation is on its way.") if state == "kutsu" else _("The lead was moved."), "success")
    return redirect(url_for("desk.leads"), 303)
