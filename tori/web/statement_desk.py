"""The desk's page of the accessibility statement."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import block, line
from tori.edge.seen import SeenForm, lock_settings
from tori.i18n import LOCALES
from tori.policy import Permission
from tori.web import statement as statements
from tori.web.desk import blueprint


class StatementForm(SeenForm):
    state = RadioField(
        __("State"), choices=[SelectChoice(value.value, label) for value, label in statements.STATES.items()]
    )
    assessed_on = DateField(__("Assessed on"), format="%Y-%m-%d")
    assessed_by = StringField(__("Assessed by somebody from outside"), filters=[line])
    gaps_fi = TextAreaField(__("What is not accessible yet, in Finnish"), filters=[block])
    gaps_sv = TextAreaField(__("What is not accessible yet, in Swedish"), filters=[block])
    gaps_en = TextAreaField(__("What is not accessible yet, in English"), filters=[block])

    @staticmethod
    def values_of(row: statements.Statement) -> dict[str, Any]:
        gaps = {f"gaps_{locale}": row.gaps.get(locale, "") for locale in LOCALES}
        return {"state": row.state.value, "assessed_on": row.assessed_on, "assessed_by": row.assessed_by, **gaps}


@blueprint.route("/saavutettavuus", methods=["GET", "POST"], endpoint="statement")
@access(Permission.USER_MANAGE)
def edit_statement() -> str | Response | tuple[str, int]:
    present = statements.load(db.session())
    form = StatementForm(data=StatementForm.values_of(present))
    if not form.is_submitted():
        return render_template("desk/statement.html", form=form, statement=present)
    if form.validate():
        try:
            with transaction() as session:
                lock_settings(session, statements.KEY)
                form.compare(form.values_of(statements.load(session)))
                statements.save(
                    session, current_actor(), form.state.data or "", form.assessed_on.data, form.assessed_by.data or "",
                    {locale: form[f"gaps_{locale}"].data or "" for locale in LOCALES},
                )  # fmt: skip
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The statement has been saved."), "success")
            return redirect(url_for("desk.statement"), 303)
    return render_template("desk/statement.html", form=form, statement=present), form.status
