"""The desk's page of features on trial."""

from flask import render_template

from tori.database import db
from tori.edge.access import access
from tori.policy import Permission
from tori.web import trials
from tori.web.desk import blueprint


@blueprint.get("/kokeilut", endpoint="trials")
@access(Permission.AUDIT_READ)
def show_trials() -> str:
    return render_template("desk/trials.html", trials=trials.trials(db.session()))
