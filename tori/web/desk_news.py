"""The desk's pages of picks for the digest and of what readers look for in vain."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tori.adoptions import activity
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.digest import opinions, picks
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.policy import Permission
from tori.web.desk import blueprint
from tori.wishes.queries import GAP_DAYS, gaps
from tori.wishes.views import deed_in

Page = str | Response | tuple[str, int]


@blueprint.get("/poiminnat", endpoint="picks")
@access(Permission.CURATE)
def list_picks() -> Page:
    return _page()


def _page(problem: str = "") -> str:
    return render_template(
        "desk/picks.html",
        picks=picks.latest(db.session()),
        growing=activity.growing(db.session()),
        growth_days=activity.GROWTH.days,
        opinions=opinions.since(db.session(), clock.today() - activity.GROWTH),
        problem=problem,
        deed=request.form.get("deed", ""),
        note=request.form.get("note", ""),
    )


@blueprint.post("/poiminnat", endpoint="pick")
@access(Permission.CURATE)
def pick_deed() -> Page:
    try:
        deed = deed_in(db.session(), request.form.get("deed", ""))
        with transaction() as session:
            picks.pick(session, current_actor(), deed, request.form.get("note", ""))
    except RuleBroken as error:
        return _page(messages.sentence(error)), 422
    flash(_("The deed is in everybody's next digest."), "success")
    return redirect(url_for("desk.picks"), 303)


@blueprint.post("/poiminnat/<id:pick_id>/poista")
@access(Permission.CURATE)
def remove_pick(pick_id: int) -> Page:
    with transaction() as session:
        picks.remove(session, current_actor(), pick_id)
    flash(_("The pick was taken back."), "success")
    return redirect(url_for("desk.picks"), 303)


@blueprint.get("/aukot", endpoint="gaps")
@access(Permission.CURATE)
def list_gaps() -> Page:
    return render_template("desk/gaps.html", gaps=gaps(db.session()), days=GAP_DAYS)
