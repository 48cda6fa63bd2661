"""Looking at a deed together: a link for the team, a form without signing in, the sum."""

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as __

from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.deeds import sharing, team_looks
from tori.deeds.panels import config
from tori.deeds.tools_views import public_deed
from tori.deeds.views import Answer, blueprint
from tori.edge import limits, messages
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.policy import Permission, require

QUESTIONS = {
    "need": __("We have the same need"),
    "means": __("We have the time and the means"),
    "benefit": __("It would help those whom we serve"),
    "begin": __("We could try it this season"),
}
CHOICES = {"yes": __("Yes"), "partly": __("Partly"), "no": __("Not so")}


@blueprint.route("/teot/<id:deed_id>/yhteisarvio", methods=["GET", "POST"])
@access(OBJECT)
def begin_look(deed_id: int) -> Answer:
    actor, deed = current_actor(), public_deed(deed_id)
    require(actor, Permission.DEED_KEEP, deed)
    if request.method == "GET":
        return render_template("deeds/tools/begin_look.html", deed=deed)
    with transaction() as session:
        limits.count(session, "plan_account", actor.id)
        key = team_looks.begin(session, actor, deed).key
    return redirect(url_for("deeds.look", key=key), 303)


@blueprint.route("/yhteisarvio/<key>", methods=["GET", "POST"])
@access(OBJECT)
def look(key: str) -> Answer:
    """Who has answered, and who opened it, sees the sum; before that it would lead the answer."""
    actor, row, problem = current_actor(), team_looks.find(db.session(), key), ""
    if request.method == "POST":
        try:
            with transaction() as session:
                limits.count(session, "team_address", limits.asker())
                team_looks.answer(session, key, request.form)
        except RuleBroken as error:
            problem = messages.sentence(error)
        else:
            return redirect(url_for("deeds.look", key=key, vastattu=1), 303)
    link = config().public_url + url_for("deeds.look", key=key)
    has_answered, is_keeper = "vastattu" in request.args, team_looks.is_keeper(actor, row)
    page = render_template(
        "deeds/tools/look.html", look=row, deed=row.deed, questions=QUESTIONS, choices=CHOICES, problem=problem,
        chosen=request.form, link=link, code=sharing.qr_code(link), ink=sharing.QR_INK, is_keeper=is_keeper,
        has_answered=has_answered, fewest=team_looks.FEWEST,
        sum=team_looks.sum_of(db.session(), row) if has_answered or is_keeper or row.closed_at else None,
    )  # fmt: skip
    response = Response(page, 422 if problem else 200, mimetype="text/html")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/yhteisarvio/<key>/sulje")
@access(Permission.ACCOUNT_OWN)
def close_look(key: str) -> Answer:
    with transaction() as session:
        team_looks.close(session, current_actor(), key)
    return redirect(url_for("deeds.look", key=key), 303)
