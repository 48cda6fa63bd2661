"""The desk's list of meetings. Writing happens on their own pages, the same for editors and contact persons."""

from flask import render_template

from tori.core import clock
from tori.curation import meetings as told
from tori.database import db
from tori.edge.access import access
from tori.policy import Permission
from tori.web.desk import blueprint


@blueprint.get("/tapahtumat")
@access(Permission.CURATE)
def meetings() -> str:
    return render_template("desk/meetings.html", rows=told.every(db.session()), now=clock.now())
