"""TOP lists as readers see them: pages, print, embed, picture; and the lists that count themselves."""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.text import excerpt, plain_text
from tori.curation import queries, share_picture
from tori.curation.queries import ListedItem
from tori.database import db
from tori.deeds import printing, sharing
from tori.deeds.queries import DeedCard, cards_by_ids
from tori.deeds.tools_views import EMBED_POLICY
from tori.edge.access import PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.templating import public_link, request_locale
from tori.models.campaigns import TopList
from tori.policy import ANONYMOUS, Permission, can

ITEMS_IN_BOX = 3
NOTE_LENGTH = 140
MOST_ADOPTED = 12
TOP_ORGANISATIONS = 5
EMBEDDED = 20
PICTURE_KEPT_SECONDS = 3_600

blueprint = Blueprint("toplists", __name__)

Shown = list[tuple[ListedItem, DeedCard]]


def _config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


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
                "language": cards[item.deed_id].language,
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
        has_adopted=bool(queries.most_adopted(session, 1)),
    )


# The lists that count themselves


@blueprint.route("/toplistat/eniten-mallia")
@access(PUBLIC)
def most_adopted() -> str:
    session = db.session()
    counted = queries.most_adopted(session, MOST_ADOPTED)
    cards = {
        card.id: card
        for card in cards_by_ids(session, [deed_id for deed_id, count in counted], request_locale(), ANONYMOUS)
    }
    places = queries.ranks([count for deed_id, count in counted])
    return render_template(
        "toplists/most_adopted.html",
        rows=[
            (place, cards[deed_id]) for place, (deed_id, count) in zip(places, counted, strict=True) if deed_id in cards
        ],
    )


@blueprint.route("/toplistat/organisaatiot")
@access(PUBLIC)
def organisations() -> str:
    counted = queries.most_deeds(db.session(), TOP_ORGANISATIONS)
    places = queries.ranks([count for row, count in counted])
    return render_template(
        "toplists/organisations.html",
        rows=[(place, row, count) for place, (row, count) in zip(places, counted, strict=True)],
        day=clock.today(),
    )


# One list


def _shown(session: Session, slug: str) -> tuple[TopList, Shown]:
    top_list = queries.list_of(session, slug)
    items = queries.items_of(session, [top_list])[top_list.id]
    ids = [item.deed_id for item in items]
    cards = {card.id: card for card in cards_by_ids(session, ids, request_locale(), ANONYMOUS)}
    return top_list, [(item, cards[item.deed_id]) for item in items if item.deed_id in cards]


@blueprint.route("/toplistat/<slug>")
@access(PUBLIC)
def show(slug: str) -> str:
    session = db.session()
    top_list, items = _shown(session, slug)
    actor = current_actor()
    link = public_link(_config(), "toplists.show", request_locale(), slug=slug)
    embedded = public_link(_config(), "toplists.embed", request_locale(), slug=slug)
    return render_template(
        "toplists/show.html",
        top_list=top_list,
        items=items,
        kit=queries.kit_of(session, [item.deed_id for item, _card in items]),
        titles={card.id: (card.title, card.language) for _item, card in items},
        others=[row for row in queries.published_lists(session) if row.id != top_list.id],
        is_over=top_list.is_expired(clock.today()),
        may_edit=actor.is_member and can(actor, Permission.LIST_EDIT, top_list),
        link=link,
        picture=public_link(_config(), "toplists.picture", request_locale(), slug=slug, v=top_list.version),
        embed_code=sharing.embed_code(embedded, top_list.title_in(request_locale())),
        linkedin=sharing.linkedin_link(link),
        teams=sharing.teams_link(link),
    )


@blueprint.route("/toplistat/<slug>/upote")
@access(PUBLIC)
def embed(slug: str) -> Response:
    """The list on pages of others: no scripts, no cookies."""
    top_list, items = _shown(db.session(), slug)
    response = Response(
        render_template(
            "toplists/embed.html",
            top_list=top_list,
            items=items[:EMBEDDED],
            public=_config().public_url,
            link=public_link(_config(), "toplists.show", request_locale(), slug=slug),
        )
    )
    response.headers["Content-Security-Policy"] = EMBED_POLICY
    return response


@blueprint.route("/toplistat/<slug>/kuva.png")
@access(PUBLIC)
def picture(slug: str) -> Response:
    top_list, items = _shown(db.session(), slug)
    note = str(ngettext("%(num)d deed", "%(num)d deeds", len(items)))
    data = share_picture.draw(
        top_list.title_in(request_locale()),
        tuple(card.title for item, card in items[: share_picture.ITEMS]),
        note,
        _config().site_names[request_locale()],
        Path(current_app.static_folder or "") / "vendor",
    )
    response = Response(data, mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={PICTURE_KEPT_SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.route("/toplistat/<slug>.pdf")
@access(PUBLIC)
def pdf(slug: str) -> Response:
    top_list, items = _shown(db.session(), slug)
    page = render_template(
        "toplists/_pdf.html",
        top_list=top_list,
        items=items,
        public=_config().public_url,
        link=public_link(_config(), "toplists.show", request_locale(), slug=slug),
    )
    styles = Path(current_app.static_folder or "") / "css" / "meeting-pdf.css"
    tag = hashlib.sha256((page + styles.read_text(encoding="utf-8")).encode()).hexdigest()[:32]
    if request.if_none_match.contains(tag):
        response = Response(status=304)
    else:
        response = Response(printing.whole_document(page, styles), mimetype="application/pdf")
        response.headers["Content-Disposition"] = f'inline; filename="{top_list.slug}.pdf"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(tag)
    return response
