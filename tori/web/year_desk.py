"""The year clock of the staff: campaigns, weekly makers and plans on a wheel and in a list, and as a calendar."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tori.campaigns import plans, queries, weekly, yearclock
from tori.campaigns.forms import CampaignDay
from tori.core import clock, icalendar
from tori.core.errors import NotFound, RuleBroken
from tori.database import db, transaction
from tori.deeds.panels import config, site_name
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import block, line
from tori.edge.routing import row_number
from tori.edge.seen import SeenForm
from tori.edge.templating import public_link, request_locale
from tori.models.campaign_life import Plan
from tori.models.campaigns import Campaign
from tori.policy import Permission, can
from tori.web.campaign_desk import labelled
from tori.web.desk import blueprint

FIRST_YEAR = 2015
YEARS_AHEAD = 5
NEEDED = __("Fill in this field.")
TOO_LONG = __("The text is too long: at most %(max)d characters.")

Page = str | Response | tuple[str, int]


class PlanForm(SeenForm):
    title = StringField(
        __("What is planned?"),
        filters=[line],
        validators=[InputRequired(NEEDED), Length(max=plans.MAX_TITLE, message=TOO_LONG)],
    )
    starts_on = CampaignDay(__("First day"), validators=[InputRequired(NEEDED)])
    ends_on = CampaignDay(__("Last day"), validators=[Optional()])
    note = TextAreaField(__("Notes"), filters=[block], validators=[Length(max=plans.MAX_NOTE, message=TOO_LONG)])

    @staticmethod
    def values_of(row: Plan) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("title", "starts_on", "ends_on", "note")}

    def planned(self) -> plans.Planned:
        return plans.Planned(self.title.data or "", self.starts_on.data, self.ends_on.data, self.note.data or "")


def _year() -> int:
    year = request.args.get("vuosi", clock.today().year, type=row_number)
    return int(min(max(year, FIRST_YEAR), clock.today().year + YEARS_AHEAD))


def _plan(plan_id: int) -> Plan:
    found = db.session().get(Plan, plan_id)
    if found is None:
        raise NotFound("plan")
    return found


@blueprint.route("/vuosikello", methods=["GET", "POST"])
@access(Permission.DESK_OPEN)
def year_clock() -> Page:
    form = PlanForm()
    if form.is_submitted() and form.validate():
        try:
            with transaction() as session:
                row = plans.save(session, current_actor(), form.planned())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The plan stands on the year clock."), "success")
            return redirect(url_for("desk.year_clock", vuosi=row.starts_on.year), 303)
    return _page(form), 422 if form.errors else 200


def _page(form: PlanForm) -> str:
    session: Session = db.session()
    year, actor = _year(), current_actor()
    campaigns = yearclock.of_year(queries.all_campaigns(session, actor), year)
    planned = plans.between(session, date(year, 1, 1), date(year, 12, 31))
    words = {found[0].id: found for found in labelled(campaigns)}
    rows: list[Campaign | Plan] = sorted([*campaigns, *planned], key=lambda row: (row.starts_on, row.ends_on))
    may_plan = can(actor, Permission.PLAN_MANAGE)
    return render_template(
        "desk/year_clock.html",
        year=year,
        rows=[(row, words[row.id] if isinstance(row, Campaign) else None) for row in rows],
        campaigns=len(campaigns),
        planned=len(planned),
        arcs=list(zip(yearclock.arcs(rows, year), (isinstance(row, Plan) for row in rows), strict=True)),
        months=yearclock.months(year),
        features=[row for row in weekly.queue(session) if row.monday.year == year],
        years=range(year - 1, year + 2),
        form=form,
        may_plan=may_plan,
        feed=public_link(config(), "desk.staff_calendar", request_locale(), token=plans.token_of(actor.id))
        if may_plan and actor.id
        else "",
    )


@blueprint.route("/vuosikello/<id:plan_id>", methods=["GET", "POST"])
@access(Permission.PLAN_MANAGE)
def edit_plan(plan_id: int) -> Page:
    row = _plan(plan_id)
    form = PlanForm(data=PlanForm.values_of(row))
    if form.is_submitted() and form.validate():
        try:
            with transaction() as session:
                form.check(session, row)
                plans.save(session, current_actor(), form.planned(), row)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The changes were saved."), "success")
            return redirect(url_for("desk.year_clock", vuosi=row.starts_on.year), 303)
    return render_template("desk/plan.html", form=form, row=row), form.status


@blueprint.post("/vuosikello/<id:plan_id>/tila")
@access(Permission.PLAN_MANAGE)
def change_plan(plan_id: int) -> Page:
    """``action``: done, undone or remove."""
    row, action = _plan(plan_id), request.form.get("action", "")
    year = row.starts_on.year
    if action not in ("done", "undone", "remove"):
        raise RuleBroken("unknown_choice")
    with transaction() as session:
        if action == "remove":
            plans.remove(session, current_actor(), row)
        else:
            plans.mark(session, current_actor(), row, action == "done")
    flash(_("The plan was removed.") if action == "remove" else _("The changes were saved."), "success")
    return redirect(url_for("desk.year_clock", vuosi=year), 303)


@blueprint.get("/vuosikello/<token>.ics")
@access(OBJECT)
def staff_calendar(token: str) -> FlaskResponse:
    """The whole year clock for the calendar program of one of the staff, which has no cookie."""
    session: Session = db.session()
    reader = plans.reader_of(session, token)
    host = urlsplit(config().public_url).hostname or "localhost"
    year = clock.today().year
    events = [
        *(
            icalendar.Entry(
                f"kampanja-{row.id}", row.name, row.starts_on, row.ends_on, row.description,
                public_link(config(), "campaigns.show", request_locale(), slug=row.slug), row.ended_at is not None,
            )
            for row in queries.all_campaigns(session, reader)
        ),
        *(
            icalendar.Entry(f"suunnitelma-{row.id}", row.title, row.starts_on, row.ends_on, row.note)
            for row in plans.between(session, date(year - 1, 1, 1), date(year + YEARS_AHEAD, 12, 31))
        ),
    ]  # fmt: skip
    title = _("Year clock")
    text = icalendar.calendar(events, f"{site_name()}: {title}", host)
    response = FlaskResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
