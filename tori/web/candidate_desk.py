"""The desk's page of practices that editors expect to break through."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tori.adoptions import candidates
from tori.config import Config
from tori.core.errors import RuleBroken
from tori.database import db, transaction
from tori.edge import messages
from tori.edge.access import access
from tori.edge.actor import current_actor
from tori.policy import Permission
from tori.web.desk import blueprint
from tori.wishes.views import deed_in

Page = str | Response | tuple[str, int]


def _page(problems: dict[str, str] | None = None) -> str:
    """``problems``: id of a field -> what is wrong with it, in the order of the page."""
    config: Config = current_app.extensions["tori"]
    return render_template(
        "desk/candidates.html",
        rows=candidates.followed(db.session(), current_actor()),
        wanted=(config.breakthrough_organisations, config.breakthrough_regions),
        problems=problems or {}, sent=request.form,
    )  # fmt: skip


@blueprint.get("/lapimurrot", endpoint="candidates")
@access(Permission.CURATE)
def list_candidates() -> Page:
    return _page()


@blueprint.post("/lapimurrot", endpoint="mark_candidate")
@access(Permission.CURATE)
def mark_candidate() -> Page:
    why = request.form.get("why", "")
    try:
        deed = deed_in(db.session(), request.form.get("deed", ""))
        with transaction() as session:
            candidates.mark(session, current_actor(), deed, why)
    except RuleBroken as error:
        problems = {error.field or "deed": messages.sentence(error)}
        if not why.strip():
            problems["why"] = messages.sentence(RuleBroken("value_missing", "why"))
        return _page(problems), 422
    flash(_("The practice is now followed."), "success")
    return redirect(url_for("desk.candidates"), 303)


@blueprint.post("/lapimurrot/<id:deed_id>/huomio", endpoint="note_candidate")
@access(Permission.CURATE)
def note_candidate(deed_id: int) -> Page:
    try:
        with transaction() as session:
            candidates.note(session, current_actor(), deed_id, request.form.get("note", ""))
    except RuleBroken as error:
        return _page({f"note-{deed_id}": messages.sentence(error)}), 422
    flash(_("Noted. You are asked to look again in half a year."), "success")
    return redirect(url_for("desk.candidates"), 303)


@blueprint.post("/lapimurrot/<id:deed_id>/poista", endpoint="let_candidate_go")
@access(Permission.CURATE)
def let_candidate_go(deed_id: int) -> Page:
    with transaction() as session:
        candidates.let_go(session, current_actor(), deed_id)
    flash(_("The practice is no longer followed."), "success")
    return redirect(url_for("desk.candidates"), 303)
