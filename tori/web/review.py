"""The editors' queue: first deeds of new accounts, with a clock."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tori.core import clock
from tori.core.errors import Conflict, RuleBroken
from tori.database import db, transaction
from tori.deeds import review
from tori.deeds.queries import get_deed
from tori.deeds.views import story
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.edge.routing import row_number
from tori.models.deeds import Deed, DeedStatus
from tori.moderation.answers import Occasion
from tori.policy import Permission
from tori.web.answer_desk import ready_answers
from tori.web.desk import blueprint

Page = str | Response | tuple[str, int]


@blueprint.route("/tarkistus")
@access(Permission.DEED_REVIEW)
def review_queue() -> Page:
    return _queue_page()


def _queue_page() -> str:
    hours = current_app.extensions["tori"].review_hours
    rows = [(deed, review.promised_until(deed, hours)) for deed in review.queue(db.session())]
    return render_template("desk/review.html", rows=rows, now=clock.now(), hours=hours)


@blueprint.route("/tarkistus/<id:deed_id>", methods=["GET", "POST"])
@access(Permission.DEED_REVIEW)
def review_deed(deed_id: int) -> Page:
    """The deed as it would be seen, with two answers."""
    actor = current_actor()
    deed = get_deed(db.session(), actor, deed_id)
    problem = reason = ""
    if request.method == "POST":
        reason = request.form.get("reason", "")
        try:
            with transaction() as session:
                if request.form.get("action") == "approve":
                    review.approve(session, actor, deed, request.form.get("version", 0, type=row_number))
                else:
                    review.give_back(session, actor, deed, reason)
        except Conflict:
            words = _("The author has changed the text meanwhile. Read it once more before you publish it.")
            return _review_page(deed, changed=words), 409
        except RuleBroken as error:
            problem = messages.sentence(error)
        else:
            published = deed.is_public
            flash(_("The deed was published.") if published else _("The deed was returned to its maker."), "success")
            return redirect(url_for("desk.review_queue"), 303)
    if deed.status != DeedStatus.IN_REVIEW:
        return redirect(url_for("desk.review_queue"), 303)
    return _review_page(deed, problem=problem, reason=reason), 422 if problem else 200


def _review_page(deed: Deed, **values: str) -> str:
    locale = deed.author.locale if deed.author else "fi"
    ready = ready_answers(Occasion.REVIEW, locale)
    reason = values.pop("reason", "") or ready["ready_words"]
    return render_template("desk/review_deed.html", reason=reason, **{"problem": "", **values}, **ready, **story(deed))
