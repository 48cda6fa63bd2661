"""Saving by itself while somebody writes, and getting the text back."""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from tori.core import clock
from tori.core.errors import Conflict, NotFound, RuleBroken
from tori.core.text import clean_line
from tori.database import db, transaction
from tori.deeds import drafts, form_steps, queries
from tori.deeds.parts import BY_SLUG
from tori.deeds.views import blueprint
from tori.edge import limits, messages
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.forms import ToriForm
from tori.edge.routing import row_number
from tori.edge.sessions import hash_token
from tori.models.campaigns import Campaign
from tori.models.people import User
from tori.policy import Permission, require


def _answer(status: int, **values: Any) -> Response:
    response = jsonify(values)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _saved(deed_id: int | None) -> Response:
    """Saves and says when by the Finnish clock; 401 when nobody is signed in, 409 when newer text is kept."""
    actor = current_actor()
    if not actor.is_member:
        return _answer(401)
    fields = drafts.typed(request.form.lists())
    sequence = request.form.get("sequence", 0, type=row_number)
    try:
        with transaction() as rows:
            if deed_id is None:
                moment = drafts.save_new(rows, actor, request.form.get("form_number", ""), fields, sequence)
            else:
                part = request.form.get("part", "")
                if part and part not in BY_SLUG:
                    raise NotFound("part")
                version = request.form.get("version", 0, type=row_number)
                deed = queries.bare_deed(rows, actor, deed_id)
                moment = drafts.save_of_deed(rows, actor, deed, part, fields, sequence, version)
    except Conflict as error:
        return _answer(409, sequence=error.current_version)
    except RuleBroken as error:
        return _answer(422, detail=messages.sentence(error))
    return _answer(200, sequence=sequence, clock=f"{clock.in_finland(moment):%H.%M}")


@blueprint.post("/teot/uusi/automaattitallennus")
@access(OBJECT)
def autosave_new() -> Response:
    return _saved(None)


@blueprint.post("/teot/<id:deed_id>/automaattitallennus")
@access(OBJECT)
def autosave(deed_id: int) -> Response:
    return _saved(deed_id)


@blueprint.get("/teot/lomaketunnus")
@access(OBJECT)
def form_token() -> Response:
    """A fresh token for a form that was open when the session ended, once its writer has signed in again."""
    actor = current_actor()
    if not actor.is_member:
        return _answer(401)
    return _answer(200, token=generate_csrf(), user=actor.id)


VISITORS_TEXT = "visitors_text"
"""Key of a browser's session: the hash of the secret by which the text that waits there is found."""
VISITORS_FIELDS = {"title", "goals", "summary", "sector", "themes", "language", "campaign"}


@blueprint.post("/teot/uusi/talteen")
@access(OBJECT)
def keep_visitors_text() -> BaseResponse:
    """Keeps a visitor's text until they have an account. The first thing that gives them a cookie.

    There is no token to check, as the page of a visitor has no session; where the form came from is checked by
    its headers (``edge/security.py``), and it can only leave a text.
    """
    if current_actor().is_member:
        return redirect(url_for("deeds.new"), 303)
    fields = {name: values for name, values in drafts.typed(request.form.lists()).items() if name in VISITORS_FIELDS}
    written = [text for name in ("title", "summary") for text in fields.get(name, []) if text.strip()]
    if request.form.get("homepage") or not written:
        return redirect(url_for("deeds.new"), 303)
    with transaction() as rows:
        limits.count(rows, "kept_text_address", limits.asker())
        secret = drafts.keep_for_visitor(rows, fields)
        slug = (fields.get("campaign") or [""])[0]
        form_steps.count(rows, rows.scalar(select(Campaign).where(Campaign.slug == slug)), [form_steps.KEPT])
    session[drafts.VISITORS_TEXT] = hash_token(secret)
    return redirect(url_for("deeds.text_kept"), 303)


@blueprint.get("/teot/uusi/tallessa")
@access(OBJECT)
def text_kept() -> str:
    number = drafts.number_of_visitors_text(db.session(), session.get(drafts.VISITORS_TEXT))
    return render_template("deeds/text_kept.html", new=url_for("deeds.new", luonnos=number or None))


@blueprint.route("/teot/uusi/jatka/<secret>", methods=["GET", "POST"])
@access(OBJECT)
def continue_text(secret: str) -> BaseResponse | Response:
    """Where the mail of somebody leads who wrote at an event. Opening it changes nothing; the button goes on."""
    form = ToriForm()
    text = drafts.text_behind(db.session(), secret)
    if text is None:
        response = Response(render_template("deeds/bad_link.html"), 404)
    elif not form.validate_on_submit():
        title = clean_line((text.fields.get("title") or [""])[0])
        response = Response(render_template("deeds/continue_text.html", title=title))
    elif current_actor().is_member:
        with transaction() as rows:
            number = drafts.claim(rows, rows.get_one(User, current_actor().id), hash_token(secret))
        return redirect(url_for("deeds.new", luonnos=number), 303)
    else:
        session[drafts.VISITORS_TEXT] = hash_token(secret)
        return redirect(url_for("deeds.text_kept"), 303)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/teot/uusi/hylkaa")
@access(Permission.ACCOUNT_OWN)
def discard_new() -> BaseResponse:
    with transaction() as rows:
        drafts.discard(rows, current_actor(), drafts.key_of_new(request.form.get("form_number", "")))
    flash(_("The unfinished text was discarded."), "success")
    return redirect(url_for("accounts.own" if request.form.get("from") == "own" else "deeds.new"), 303)


@blueprint.post("/teot/<id:deed_id>/hylkaa")
@access(OBJECT)
def discard(deed_id: int) -> BaseResponse:
    actor = current_actor()
    deed = queries.get_deed(db.session(), actor, deed_id)
    require(actor, Permission.DEED_EDIT, deed)
    part = request.form.get("part", "")
    with transaction() as rows:
        drafts.discard(rows, actor, drafts.key_of_deed(deed.id, part))
    flash(_("The unfinished text was discarded."), "success")
    if part in BY_SLUG:
        return redirect(url_for("deeds.fill_in", deed_id=deed.id, part=part), 303)
    return redirect(url_for("deeds.edit", deed_id=deed.id), 303)
