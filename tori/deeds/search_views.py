"""Saved searches, and the count of which hits are opened."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tori.core.errors import RuleBroken, TooMany
from tori.database import db, transaction
from tori.deeds import saved_searches, search_log
from tori.deeds.saved_searches import parsed
from tori.deeds.views import Answer, blueprint
from tori.edge import limits, messages
from tori.edge.access import PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.templating import request_locale
from tori.policy import Permission

MAX_SENT = 3000


@blueprint.get("/oma/haut")
@access(Permission.ACCOUNT_OWN)
def searches() -> str:
    """The own list. With a search in the address (after signing in) it offers to save that."""
    session, actor = db.session(), current_actor()
    offered = parsed(request.args.get("haku", ""))
    return render_template(
        "deeds/tools/searches.html",
        saved=saved_searches.saved_by(session, actor),
        offered=None if offered.is_empty or saved_searches.find(session, actor, offered) else offered,
        offered_query=offered.query,
    )


@blueprint.post("/oma/haut")
@access(Permission.ACCOUNT_OWN)
def save_search() -> Answer:
    query = request.form.get("haku", "")
    try:
        with transaction() as session:
            saved_searches.save(session, current_actor(), query, request.form.get("nimi", ""))
    except RuleBroken as error:
        flash(messages.sentence(error), "error")
        return redirect(url_for("deeds.searches"), 303)
    flash(_("The search is on your own list."), "success")
    return _back(query)


@blueprint.post("/oma/haut/<id:saved_id>/poista")
@access(Permission.ACCOUNT_OWN)
def remove_search(saved_id: int) -> Answer:
    with transaction() as session:
        saved_searches.remove(session, current_actor(), saved_id)
    flash(_("The search was taken off your list."), "success")
    return _back(request.form.get("haku", ""))


def _back(query: str) -> Answer:
    """To the results where the button was pressed, or to the list."""
    chosen = parsed(query)
    if chosen.is_empty:
        return redirect(url_for("deeds.searches"), 303)
    return redirect(f"{url_for('deeds.index')}?{chosen.query}", 303)


@blueprint.post("/haku/klikkaus")
@access(PUBLIC)
def clicked() -> Response:
    """Counts a hit that was opened. A script sends it without cookies, and nothing of anybody changes: no token."""
    query, rank = request.form.get("haku", "")[:MAX_SENT], request.form.get("sija", "")
    if rank.isascii() and rank.isdigit() and len(rank) < 5:
        try:
            with transaction() as session:
                limits.count(session, "click_address", limits.asker())
        except TooMany:
            return Response(status=204)
        search_log.note_click(parsed(query), request_locale(), int(rank))
    return Response(status=204)
