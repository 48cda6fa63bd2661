"""Own plans: made from a deed in one press, changed, the way to "otettu mallia", thrown away."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.deeds import plans, queries
from tori.deeds.tools_views import public_deed
from tori.deeds.views import Answer, blueprint
from tori.edge import limits
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm, block, line
from tori.edge.templating import long_date
from tori.models.reading import OwnPlan
from tori.policy import Actor, Permission, can, require


def _text(label: str) -> TextAreaField:
    limit = Length(max=plans.MAX_TEXT, message=__("The text is too long: at most %(max)d characters."))
    return TextAreaField(label, filters=[block], validators=[limit])


class PlanForm(ToriForm):
    title = StringField(__("Name of the plan"), filters=[line], validators=[InputRequired(__("Fill in this field."))])
    what = _text(__("What do we do?"))
    needs = _text(__("What does it take?"))
    who = _text(__("Who does it?"))
    first_step = _text(__("The first step"))
    timetable = _text(__("When?"))
    remind_on = DateField(__("Remind me on"), format=["%Y-%m-%d", "%d.%m.%Y"], validators=[Optional()])
    repeats = BooleanField(__("Remind me every month from then on"))

    def content(self) -> plans.PlanContent:
        return plans.PlanContent(
            title=self.title.data or "",
            remind_on=self.remind_on.data,
            repeats=bool(self.repeats.data),
            **{name: self[name].data or "" for name in plans.TEXTS},
        )


@blueprint.route("/teot/<id:deed_id>/suunnitelma", methods=["GET", "POST"])
@access(OBJECT)
def begin_plan(deed_id: int) -> Answer:
    """One press makes the plan. Opened as a page (after signing in) it shows the one button."""
    actor, deed = current_actor(), public_deed(deed_id)
    require(actor, Permission.DEED_KEEP, deed)
    if request.method == "GET":
        known = plans.find(db.session(), actor, deed.id)
        if known is not None:
            return redirect(url_for("deeds.plan", plan_id=known.id), 303)
        return render_template("deeds/tools/begin_plan.html", deed=deed)
    with transaction() as session:
        limits.count(session, "plan_account", actor.id)
        plan_id = plans.begin(session, actor, deed).id
    return redirect(url_for("deeds.plan", plan_id=plan_id), 303)


@blueprint.get("/oma/suunnitelmat", endpoint="plans")
@access(Permission.ACCOUNT_OWN)
def own_plans() -> str:
    found = plans.plans_of(db.session(), current_actor())
    return render_template("deeds/tools/plans.html", plans=[(plan, plans.model_of(plan)) for plan in found])


@blueprint.route("/oma/suunnitelmat/<id:plan_id>", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def plan(plan_id: int) -> Answer:
    actor = current_actor()
    row = plans.get(db.session(), actor, plan_id)
    form = PlanForm(obj=row)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                plans.change(session, actor, row, form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_said(row), "success")
            return redirect(url_for("deeds.plan", plan_id=plan_id), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("deeds/tools/plan.html", form=form, **_around(actor, row)), status


def _said(row: OwnPlan) -> str:
    if row.remind_on is None:
        return str(_("Your plan was saved. Only you see it."))
    return str(_("Your plan was saved. We remind you on %(day)s.", day=long_date(row.remind_on)))


def _around(actor: Actor, row: OwnPlan) -> dict[str, Any]:
    session, model = db.session(), plans.model_of(row)
    return {
        "plan": row,
        "model": model,
        "adoption": queries.own_adoption(session, actor, model.id) if model else None,
        "may_adopt": model is not None and can(actor, Permission.DEED_ADOPT, model),
    }


@blueprint.post("/oma/suunnitelmat/<id:plan_id>/mallia")
@access(Permission.ACCOUNT_OWN)
def adopt_by_plan(plan_id: int) -> Answer:
    actor = current_actor()
    row = plans.get(db.session(), actor, plan_id)
    with transaction() as session:
        limits.count_act(session, "adopt", actor)
        plans.take_model(session, actor, row)
    flash(_("Thank you! The author will hear that you took this model."), "success")
    return redirect(url_for("deeds.plan", plan_id=plan_id, _anchor="mallia"), 303)


@blueprint.post("/oma/suunnitelmat/<id:plan_id>/poista")
@access(Permission.ACCOUNT_OWN)
def remove_plan(plan_id: int) -> Answer:
    actor = current_actor()
    row = plans.get(db.session(), actor, plan_id)
    with transaction() as session:
        plans.remove(session, actor, row)
    flash(_("The plan was deleted."), "success")
    return redirect(url_for("deeds.plans"), 303)
