"""The desk's page of the vision and the goals of the square."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Optional

from tori.campaigns.forms import WholeNumber
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import block
from tori.edge.seen import SeenForm, lock_settings
from tori.i18n import LOCALES
from tori.policy import Permission
from tori.web import goals
from tori.web.desk import blueprint


class GoalsForm(SeenForm):
    vision_fi = TextAreaField(__("Vision in Finnish"), filters=[block])
    vision_sv = TextAreaField(__("Vision in Swedish"), filters=[block])
    vision_en = TextAreaField(__("Vision in English"), filters=[block])
    year = WholeNumber(__("By the end of which year?"), [Optional()])
    deeds = WholeNumber(__("Deeds"), [Optional()])
    organisations = WholeNumber(__("Organisations"), [Optional()])
    municipalities = WholeNumber(__("Municipalities"), [Optional()])
    regions = WholeNumber(__("Regions"), [Optional()])
    adoptions = WholeNumber(__("Models taken"), [Optional()])

    @staticmethod
    def values_of(row: goals.Goals) -> dict[str, Any]:
        visions = {f"vision_{locale}": row.vision.get(locale, "") for locale in LOCALES}
        return {"year": row.year, **{name: row.figures.get(name) for name in goals.FIGURES}, **visions}


@blueprint.route("/tavoitteet", methods=["GET", "POST"], endpoint="goals")
@access(Permission.CURATE)
def edit_goals() -> str | Response | tuple[str, int]:
    form = GoalsForm(data=GoalsForm.values_of(goals.load(db.session())))
    if not form.is_submitted():
        return render_template("desk/goals.html", form=form, names=goals.FIGURES)
    if form.validate():
        try:
            with transaction() as session:
                lock_settings(session, goals.KEY)
                form.compare(form.values_of(goals.load(session)))
                goals.save(
                    session,
                    current_actor(),
                    form.year.data,
                    {locale: form[f"vision_{locale}"].data or "" for locale in LOCALES},
                    {name: form[name].data for name in goals.FIGURES},
                )
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The goals have been saved."), "success")
            return redirect(url_for("desk.goals"), 303)
    return render_template("desk/goals.html", form=form, names=goals.FIGURES), form.status
