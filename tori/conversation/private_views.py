"""Asking in private: pages of the two sides. No page and no mail shows anybody's address."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tori.conversation import private
from tori.conversation.forms import PrivateForm
from tori.conversation.views import Page, blueprint
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.deeds.queries import get_deed
from tori.edge import limits
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.policy import Permission, require


@blueprint.route("/teot/<id:deed_id>/kysy", methods=["GET", "POST"])
@access(OBJECT)
def ask(deed_id: int) -> Page:
    actor = current_actor()
    deed = get_deed(db.session(), actor, deed_id)
    require(actor, Permission.PRIVATE_ASK, deed)
    form = PrivateForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                limits.count_act(session, "private", actor)
                row = private.ask(session, actor, deed, form.body.data or "", form.form_number.data or None)
        except RuleBroken as error:
            form.show(error)
        else:
            flash(_("Your question was sent. You get a notice and a mail when it is answered."), "success")
            return _to(row.id)
    days = private.PATIENCE.days
    return render_template("conversation/ask.html", form=form, deed=deed, days=days), 422 if form.errors else 200


def _to(question_id: int) -> Response:
    return redirect(url_for("conversation.private_question", question_id=question_id), 303)


@blueprint.get("/oma/kysymykset")
@access(Permission.ACCOUNT_OWN)
def private_questions() -> Page:
    actor = current_actor()
    return render_template("conversation/private.html", rows=private.own(db.session(), actor), actor=actor)


@blueprint.route("/oma/kysymykset/<id:question_id>", methods=["GET", "POST"])
@access(Permission.ACCOUNT_OWN)
def private_question(question_id: int) -> Page:
    actor = current_actor()
    row = private.get(db.session(), actor, question_id)
    form = PrivateForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                limits.count_act(session, "private", actor)
                private.answer(session, actor, row, form.body.data or "", form.form_number.data or None)
        except RuleBroken as error:
            form.show(error)
        else:
            return _to(row.id)
    page = render_template("conversation/question.html", form=form, row=row, actor=actor)
    return page, 422 if form.errors else 200
