"""Advice and tools for makers, the rules of moderation, what is new: the pages that editors keep."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as __
from werkzeug.wrappers import Response

from tori.core.errors import NotFound
from tori.curation import pages, paths
from tori.curation.pages import Shelf
from tori.database import db, transaction
from tori.deeds.queries import cards_by_ids
from tori.edge.access import PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.templating import request_locale
from tori.models.editorial import GuidePage
from tori.policy import ANONYMOUS, Permission

SHELVES = {
    Shelf.GUIDE: __("Advice for makers"),
    Shelf.TOOL: __("Tool shelf"),
    Shelf.PATH: __("Paths of learning"),
    Shelf.RULES: __("Rules"),
    Shelf.NEWS: __("What is new and what comes next"),
}

blueprint = Blueprint("guides", __name__)


@blueprint.get("/oppaat")
@access(PUBLIC)
def index() -> str:
    found = pages.shown_pages(db.session())
    shelves = [(label, [row for row in found if row.shelf == shelf]) for shelf, label in SHELVES.items()]
    actor = current_actor()
    way = {row.page.id: row for row in paths.progress_of(db.session(), actor)} if actor.is_member else {}
    return render_template("guides/index.html", shelves=[(label, rows) for label, rows in shelves if rows], way=way)


@blueprint.get("/muutokset")
@access(PUBLIC)
def changes() -> str:
    """What has changed and what comes next, as the editors tell it: the pages of that shelf, one after another."""
    rows = [row for row in pages.shown_pages(db.session()) if row.shelf == Shelf.NEWS]
    return render_template("guides/changes.html", pages=rows)


@blueprint.get("/oppaat/<slug>")
@access(PUBLIC)
def show(slug: str) -> str:
    session = db.session()
    page = pages.page_of(session, slug)
    others = [row for row in pages.shown_pages(session) if row.shelf == page.shelf and row.id != page.id]
    return render_template(
        "guides/show.html",
        guide=page,
        shelf=SHELVES.get(Shelf(page.shelf), ""),
        cards=cards_by_ids(session, page.deed_ids, request_locale(), ANONYMOUS),
        others=others,
        **_own_way(page),
    )


def _own_way(page: GuidePage) -> dict[str, Any]:
    """How far the reader has come, on a path and signed in."""
    actor = current_actor()
    if page.shelf != Shelf.PATH or not actor.is_member:
        return {"way": None}
    found = paths.progress_of(db.session(), actor)
    way = next((row for row in found if row.page.id == page.id), None)
    return {"way": way, "next_path": paths.next_path(found, page)}


@blueprint.post("/oppaat/<slug>/<id:deed_id>/<action>")
@access(Permission.ACCOUNT_OWN)
def step(slug: str, deed_id: int, action: str) -> Response:
    """Read, or not read after all."""
    if action not in ("luettu", "lukematta"):
        raise NotFound(action)
    with transaction() as session:
        change = paths.mark if action == "luettu" else paths.unmark
        change(session, current_actor(), pages.page_of(session, slug), deed_id)
    flash(_("Marked as read.") if action == "luettu" else _("No longer marked as read."), "success")
    return redirect(url_for("guides.show", slug=slug, _anchor=f"step-{deed_id}"), 303)
