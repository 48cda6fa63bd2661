"""The front page, as the editors have arranged it."""

from flask import Blueprint, render_template

from tori.core import clock
from tori.curation import arrangement
from tori.database import db
from tori.edge.access import PUBLIC, access
from tori.edge.stored import by_everything, stored
from tori.edge.templating import request_locale
from tori.web import front_blocks

blueprint = Blueprint("front", __name__)


@blueprint.get("/")
@access(PUBLIC)
@stored(by_everything)
def index() -> str:
    session = db.session()
    blocks = arrangement.published(session, clock.today())
    return render_template("front/index.html", blocks=front_blocks.fill(session, blocks, request_locale()))
