"""Lists that were asked for with a theme, an organisation or a tag that has been
merged or renamed lead to that of today."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from tori.curation.vocabulary import PARAMETER, THEME, all_moved
from tori.database import db
from tori.edge.actor import request_reads
from tori.models.deeds import Theme
from tori.models.people import Organisation
from tori.models.tags import Tag, TagKind
from tori.organisations import register

blueprint = Blueprint("moved", __name__)

MOVED = "moved"
LISTS = ("deeds.index", "feeds.deeds", "feeds.deeds_csv", "api.deeds")
KINDS: dict[str, tuple[str, type[Theme] | type[Tag] | type[Organisation]]] = {
    PARAMETER: (THEME, Theme),
    register.PARAMETER: (register.ORGANISATION, Organisation),
    **{kind.value: (kind.value, Tag) for kind in TagKind},
}
"""Parameter of the address -> the kind of what moved, and its table."""


@blueprint.before_app_request
def follow_the_vocabulary() -> Response | None:
    """No statement but that of the content version, which the list asks for too."""
    if request.endpoint not in LISTS or request.method != "GET":
        return None
    asked = KINDS.keys() & request.args.keys()
    if not asked:
        return None
    reads = request_reads()
    if MOVED not in reads:
        reads[MOVED] = all_moved(db.session())
    today = {parameter: _slugs_of_today(parameter, reads[MOVED]) for parameter in asked}
    if not any(today.values()):
        return None
    pairs = [(name, today.get(name, {}).get(value, value)) for name, value in request.args.items(multi=True)]
    return redirect(f"{request.script_root}{request.path}?{urlencode(list(dict.fromkeys(pairs)))}", 301)


def _slugs_of_today(parameter: str, all_that_moved: dict[str, dict[str, int]]) -> dict[str, str]:
    """Old slug of the address -> the present one, for those that have moved."""
    kind, model = KINDS[parameter]
    known = all_that_moved.get(kind, {})
    moved = {value: known[value] for value in request.args.getlist(parameter)[:30] if value in known}
    if not moved:
        return {}
    names = dict(db.session().execute(select(model.id, model.slug).where(model.id.in_(moved.values()))).all())
    return {old: names[target] for old, target in moved.items() if target in names}
