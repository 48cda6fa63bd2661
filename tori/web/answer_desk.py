"""The desk's pages of ready answers, and what the pages of review and reports show of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.forms import block, line
from tori.edge.routing import row_number
from tori.edge.seen import SeenForm
from tori.i18n import LOCALES
from tori.models.editorial import ReadyAnswer
from tori.moderation import answers
from tori.moderation.answers import AnswerTexts, Occasion
from tori.policy import Permission
from tori.web.desk import blueprint

Page = str | Response | tuple[str, int]
PARAMETER = "vastaus"
OCCASIONS: dict[Occasion, Any] = {
    Occasion.REVIEW: __("When a deed is returned to its maker"),
    Occasion.REPORT: __("When a report is decided"),
}


class ReadyAnswerForm(SeenForm):
    occasion = SelectField(
        __("When is it used?"), choices=[SelectChoice(key.value, label) for key, label in OCCASIONS.items()]
    )
    title = StringField(__("Name for the editors"), filters=[line])
    body_fi = TextAreaField(__("Answer in Finnish"), filters=[block])
    body_sv = TextAreaField(__("Answer in Swedish"), filters=[block])
    body_en = TextAreaField(__("Answer in English"), filters=[block])

    @staticmethod
    def values_of(row: ReadyAnswer) -> dict[str, Any]:
        bodies = {f"body_{code}": row.bodies.get(code, "") for code in LOCALES}
        return {"occasion": row.occasion, "title": row.title, **bodies}

    def content(self) -> AnswerTexts:
        bodies = {code: self[f"body_{code}"].data or "" for code in LOCALES}
        return AnswerTexts(self.occasion.data or "", self.title.data or "", bodies)


def ready_answers(occasion: Occasion, locale: str) -> dict[str, Any]:
    """For a page with an answer to write: the ready ones, and the words of the one that the address names.

    ``locale`` is the language of the person who gets the answer.
    """
    rows = answers.answers(db.session(), occasion)
    chosen = request.args.get(PARAMETER, 0, type=row_number)
    words = next((row.body_in(locale) for row in rows if row.id == chosen), "")
    return {"ready_answers": rows, "ready_words": words, "chosen_answer": chosen}


@blueprint.get("/vastaukset", endpoint="ready_answers")
@access(Permission.MODERATE)
def list_answers() -> Page:
    return render_template("desk/ready_answers.html", rows=answers.answers(db.session()), occasions=OCCASIONS)


@blueprint.route("/vastaukset/uusi", methods=["GET", "POST"])
@access(Permission.MODERATE)
def new_ready_answer() -> Page:
    form = ReadyAnswerForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                answers.add_answer(session, current_actor(), form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The answer is there to begin from."), "success")
            return redirect(url_for("desk.ready_answers"), 303)
    page = render_template("desk/ready_answer.html", form=form, answer=None)
    return page, 422 if form.errors else 200


@blueprint.route("/vastaukset/<id:answer_id>", methods=["GET", "POST"])
@access(Permission.MODERATE)
def ready_answer(answer_id: int) -> Page:
    row = answers.get_answer(db.session(), answer_id)
    form = ReadyAnswerForm(data=ReadyAnswerForm.values_of(row))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                found = answers.get_answer(session, answer_id)
                form.check(session, found)
                answers.change_answer(session, current_actor(), found, form.content())
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("The answer has been saved."), "success")
            return redirect(url_for("desk.ready_answers"), 303)
    page = render_template("desk/ready_answer.html", form=form, answer=row)
    return page, form.status


@blueprint.post("/vastaukset/<id:answer_id>/poista")
@access(Permission.MODERATE)
def remove_ready_answer(answer_id: int) -> Page:
    with transaction() as session:
        answers.remove_answer(session, current_actor(), answers.get_answer(session, answer_id))
    flash(_("Removed."), "success")
    return redirect(url_for("desk.ready_answers"), 303)
