"""Lists that were asked for with a theme that has been merged or renamed lead to the theme of today."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from tori.curation.vocabulary import THEME, moved_slugs
from tori.database import db
from tori.models.deeds import Theme

blueprint = Blueprint("moved", __name__)

LISTS = ("deeds.index", "feeds.deeds", "feeds.deeds_csv", "api.deeds")
PARAMETER = "teema"


@blueprint.before_app_request
def follow_themes() -> Response | None:
    """One statement more, and only where a list is narrowed by a theme."""
    if request.endpoint not in LISTS or request.method != "GET":
        return None
    chosen = [value for value in request.args.getlist(PARAMETER)[:30] if value.isprintable()]
    session = db.session()
    moved = moved_slugs(session, THEME, chosen) if chosen else {}
    if not moved:
        return None
    rows = session.execute(select(Theme.id, Theme.slug).where(Theme.id.in_(moved.values())))
    names = dict(rows.all())
    pairs = [
        (name, names.get(moved.get(value, 0), value) if name == PARAMETER else value)
        for name, value in request.args.items(multi=True)
    ]
    return redirect(f"{request.script_root}{request.path}?{urlencode(list(dict.fromkeys(pairs)))}", 301)
