"""The desk's page of how the service is."""

from flask import current_app, render_template
from flask_babel import lazy_gettext as __

from tori.core import clock
from tori.database import db
from tori.edge import troubles
from tori.edge.access import access
from tori.policy import Permission
from tori.web import state
from tori.web.desk import blueprint
from tori.web.state import Level

LEVELS = {Level.FINE: __("In order"), Level.WATCH: __("Keep an eye on it"), Level.BAD: __("Needs you now")}
TONES = {Level.FINE: "success", Level.WATCH: "warning", Level.BAD: "error"}


@blueprint.get("/tila", endpoint="state")
@access(Permission.AUDIT_READ)
def show_state() -> str:
    session = db.session()
    found = state.conditions(session, current_app.extensions["tori"], current_app.extensions["tori.search"]())
    return render_template(
        "desk/state.html",
        conditions=found, levels=LEVELS, tones=TONES, is_fine=all(item.level is Level.FINE for item in found),
        troubles=troubles.since(session, clock.today() - state.WEEK),
    )  # fmt: skip
