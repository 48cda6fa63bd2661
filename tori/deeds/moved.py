"""Lists that were asked for with a theme, an organisation or a tag that has been merged or renamed lead to that of
today."""

from collections.abc import Hashable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from tori.database import db
from tori.deeds.filters import MAX_VALUES
from tori.deeds.moving import KINDS, slugs_of_today
from tori.edge.actor import request_reads

blueprint = Blueprint("moved", __name__)

LISTS = ("feeds.deeds", "feeds.deeds_csv", "api.deeds")


@blueprint.before_app_request
def follow_the_vocabulary() -> Response | None:
    """The page of the list does so itself, after its search, to ask for the content version and the page versions of
    its deeds in one."""
    if request.endpoint not in LISTS or request.method != "GET" or KINDS.keys().isdisjoint(request.args.keys()):
        return None
    return to_list_of_today(request_reads())


def to_list_of_today(reads: dict[Hashable, Any]) -> Response | None:
    """None where nothing that this address names has moved."""
    today = {
        parameter: slugs_of_today(db.session(), reads, parameter, request.args.getlist(parameter)[:MAX_VALUES])
        for parameter in KINDS.keys() & request.args.keys()
    }
    if not any(today.values()):
        return None
    pairs = [(name, today.get(name, {}).get(value, value)) for name, value in request.args.items(multi=True)]
    return redirect(f"{request.script_root}{request.path}?{urlencode(list(dict.fromkeys(pairs)))}", 301)
