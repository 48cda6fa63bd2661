"""Following things, and the page of what one follows and shares."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tori.core.errors import NotFound
from tori.core.text import alphabetical
from tori.database import db, transaction
from tori.deeds.filters import DeedFilter
from tori.edge import limits
from tori.edge.access import OBJECT, access
from tori.edge.actor import current_actor
from tori.edge.redirects import safe_next
from tori.edge.templating import request_locale
from tori.follows import queries, service
from tori.models.follows import Followed
from tori.models.people import Region
from tori.policy import Permission

blueprint = Blueprint("follows", __name__)

KINDS: dict[Followed, Any] = {
    Followed.SEARCH: __("Searches"),
    Followed.DEED: __("Deeds"),
    Followed.THEME: __("Themes"),
    Followed.SECTOR: __("Sectors"),
    Followed.ORGANISATION: __("Organisations"),
    Followed.REGION: __("Regions"),
    Followed.CAMPAIGN: __("Campaigns"),
    Followed.TOP_LIST: __("TOP lists"),
}
Page = str | Response


@blueprint.app_context_processor
def following() -> dict[str, Any]:
    """``may_follow()`` and ``is_followed(kind, id)`` ask nothing of the database for visitors."""

    def is_followed(kind: str, target_id: int) -> bool:
        return service.is_followed(db.session(), current_actor(), Followed(kind), target_id)

    return {"may_follow": lambda: current_actor().is_member, "is_followed": is_followed}


def _kind(text: str) -> Followed:
    if text not in set(Followed):
        raise NotFound(text)
    return Followed(text)


def _address(kind: Followed, thing: queries.FollowedThing) -> str:
    if kind == Followed.DEED:
        return url_for("deeds.show", deed_id=thing.id, slug=thing.key)
    if kind == Followed.SEARCH:
        return f"{url_for('deeds.index')}?{thing.key}"
    if kind == Followed.REGION:
        return url_for("deeds.index", maakunta=thing.key)
    pages = {
        Followed.THEME: "themes.show", Followed.SECTOR: "sectors.show",
        Followed.ORGANISATION: "organisations.show", Followed.CAMPAIGN: "campaigns.show",
        Followed.TOP_LIST: "toplists.show",
    }  # fmt: skip
    return url_for(pages[kind], slug=thing.key)


@blueprint.get("/oma/seurannat")
@access(Permission.FOLLOW)
def index() -> Page:
    session, actor = db.session(), current_actor()
    found = queries.followed_things(session, actor, request_locale())
    things = {kind: [(thing, _address(kind, thing)) for thing in found[kind]] for kind in KINDS if kind in found}
    return render_template(
        "follows/index.html",
        things=things,
        kinds=KINDS,
        regions=sorted(
            ((row.name_in(request_locale()), row.slug) for row in session.scalars(select(Region))),
            key=lambda row: alphabetical(row[0]),
        ),
        lists=queries.list_names(session, actor),
        shared=queries.shared_lists(session, actor),
    )


@blueprint.post("/oma/seurannat/alue")
@access(Permission.FOLLOW)
def follow_region() -> Page:
    """Regions have no page of their own, so they are chosen from a list here."""
    with transaction() as session:
        limits.count(session, "follow_account", current_actor().id)
        region = session.scalar(select(Region).where(Region.slug == request.form.get("alue", "")))
        if region is None:
            raise NotFound("region")
        service.follow(session, current_actor(), Followed.REGION, region.id)
    flash(_("You follow this now. News of it comes in your digest."), "success")
    return redirect(url_for("follows.index"), 303)


@blueprint.post("/oma/seurannat/<kind>/<id:target_id>")
@access(OBJECT)
def follow(kind: str, target_id: int) -> Page:
    actor = current_actor()
    with transaction() as session:
        limits.count(session, "follow_account", actor.id)
        service.follow(session, actor, _kind(kind), target_id)
    return _after(kind, target_id, _("You follow this now. News of it comes in your digest."))


@blueprint.post("/oma/seurannat/<kind>/<id:target_id>/lopeta")
@access(OBJECT)
def unfollow(kind: str, target_id: int) -> Page:
    with transaction() as session:
        service.unfollow(session, current_actor(), _kind(kind), target_id)
    return _after(kind, target_id, _("You no longer follow this."))


def _after(kind: str, target_id: int, words: str) -> Page:
    if request.headers.get("X-Requested-With") == "fetch":
        return render_template("follows/_follow.html", kind=kind, target_id=target_id, said=words)
    flash(words, "success")
    return redirect(safe_next(request.form.get("next")) or url_for("follows.index"), 303)


@blueprint.post("/oma/seurannat/haku")
@access(Permission.FOLLOW)
def follow_search() -> Page:
    """Keeps and follows a search of the list of deeds; its parameters are parsed, so odd ones fall away."""
    chosen = DeedFilter.parse(MultiDict(parse_qsl(request.form.get("haku", ""))))
    query = chosen.feed_url("").removeprefix("?")
    if not query:
        raise NotFound("search")
    values = [value for name in chosen.values for value in chosen.values[name]]
    name = ", ".join([*([chosen.text] if chosen.text else []), *values])[:300]
    with transaction() as session:
        limits.count(session, "follow_account", current_actor().id)
        service.follow_search(session, current_actor(), name, query)
    flash(_("You follow this search now. New deeds that match come in your digest."), "success")
    return redirect(url_for("follows.index"), 303)


@blueprint.post("/oma/listat/jaa")
@access(Permission.FOLLOW)
def share_list() -> Page:
    with transaction() as session:
        service.share_list(session, current_actor(), request.form.get("list_name", ""))
    flash(_("The list has a link now. Whoever has the link sees its deeds, but not your notes."), "success")
    return redirect(url_for("follows.index", _anchor="lists"), 303)


@blueprint.post("/oma/listat/<id:list_id>/lopeta")
@access(Permission.FOLLOW)
def stop_sharing(list_id: int) -> Page:
    with transaction() as session:
        service.stop_sharing(session, current_actor(), list_id)
    flash(_("The link no longer works. Only you see the list."), "success")
    return redirect(url_for("follows.index", _anchor="lists"), 303)


@blueprint.get("/listat/<key>")
@access(OBJECT)
def shared(key: str) -> Page:
    row, cards = queries.shared_list(db.session(), key, request_locale())
    response = Response(
        render_template("follows/shared.html", name=row.list_name, cards=cards), content_type="text/html; charset=utf-8"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
