"""The archive of the newsletter."""

from flask import Blueprint, render_template

from tori.database import db
from tori.digest import newsletter
from tori.edge.access import PUBLIC, access
from tori.edge.templating import request_locale

blueprint = Blueprint("newsletters", __name__)


@blueprint.get("/uutiskirjeet")
@access(PUBLIC)
def index() -> str:
    return render_template("newsletters/index.html", issues=newsletter.sent_issues(db.session()))


@blueprint.get("/uutiskirjeet/<id:newsletter_id>")
@access(PUBLIC)
def show(newsletter_id: int) -> str:
    session = db.session()
    row = newsletter.sent_issue(session, newsletter_id)
    return render_template("newsletters/show.html", **newsletter.context_of(session, row, request_locale()))
