"""Advice and tools for makers, the rules of moderation, what is new: the pages that editors keep."""

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as __

from tori.curation import pages
from tori.curation.pages import Shelf
from tori.database import db
from tori.deeds.queries import cards_by_ids
from tori.edge.access import PUBLIC, access
from tori.edge.templating import request_locale
from tori.policy import ANONYMOUS

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
    return render_template("guides/index.html", shelves=[(label, rows) for label, rows in shelves if rows])


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
    )
