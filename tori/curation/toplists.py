"""TOP lists."""

from flask import Blueprint, render_template, url_for

from tori.core.text import excerpt, plain_text
from tori.curation import queries
from tori.curation.queries import ListedItem
from tori.database import db
from tori.deeds.queries import DeedCard, cards_by_ids
from tori.edge.access import PUBLIC, access
from tori.edge.templating import request_locale
from tori.models.campaigns import TopList
from tori.policy import ANONYMOUS

ITEMS_IN_BOX = 3
NOTE_LENGTH = 140

blueprint = Blueprint("toplists", __name__)


def _box(row: TopList, items: list[ListedItem], cards: dict[int, DeedCard]) -> dict[str, object]:
    locale = request_locale()
    return {
        "title": row.title_in(locale),
        "url": url_for("toplists.show", slug=row.slug),
        "note": excerpt(plain_text(row.introduction_in(locale)), NOTE_LENGTH),
        "count": len(items),
        "is_proposal": row.is_proposal,
        "items": [
            {
                "position": item.position,
                "title": cards[item.deed_id].title,
                "url": cards[item.deed_id].url,
                "note": cards[item.deed_id].organisation_name,
            }
            for item in items[:ITEMS_IN_BOX]
            if item.deed_id in cards
        ],
    }


@blueprint.route("/toplistat")
@access(PUBLIC)
def index() -> str:
    session = db.session()
    lists = queries.published_lists(session)
    items = queries.items_of(session, lists)
    wanted = [item.deed_id for rows in items.values() for item in rows[:ITEMS_IN_BOX]]
    cards = {card.id: card for card in cards_by_ids(session, wanted, request_locale(), ANONYMOUS)}
    boxes = [_box(row, items[row.id], cards) for row in lists]
    return render_template(
        "toplists/index.html",
        lists=[box for box in boxes if box["count"]],
        waiting=[box for box in boxes if not box["count"]],
    )


@blueprint.route("/toplistat/<slug>")
@access(PUBLIC)
def show(slug: str) -> str:
    session = db.session()
    top_list = queries.list_of(session, slug)
    items = queries.items_of(session, [top_list])[top_list.id]
    ids = [item.deed_id for item in items]
    cards = {card.id: card for card in cards_by_ids(session, ids, request_locale(), ANONYMOUS)}
    others = [row for row in queries.published_lists(session) if row.id != top_list.id]
    return render_template(
        "toplists/show.html",
        top_list=top_list,
        items=[(item, cards[item.deed_id]) for item in items if item.deed_id in cards],
        others=others,
    )
