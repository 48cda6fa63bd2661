"""The list of deeds for other programs: a table and a feed, with the filters of the page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

from flask import Blueprint, Response, abort, current_app, request
from flask_babel import gettext as _

from tori.config import Config
from tori.core.text import plain_text
from tori.curation.queries import items_of, list_of, published_lists, series_of, stories_of
from tori.database import db
from tori.deeds.filters import DeedFilter
from tori.deeds.queries import cards_by_ids
from tori.edge.access import PUBLIC, access
from tori.edge.engine import search_engine
from tori.edge.templating import request_locale
from tori.exchange.format import csv_rows
from tori.exchange.tables import (
    MAX_ROWS,
    Entry,
    deed_entries,
    found_ids,
    newest_ids,
    table_header,
    table_rows,
)
from tori.i18n import prefix_of
from tori.models.campaigns import TopList
from tori.policy import ANONYMOUS
from tori.search.port import SearchError, Sort

blueprint = Blueprint("feeds", __name__)

ATOM = "http://www.w3.org/2005/Atom"
FEED_ENTRIES = 50
START = datetime(2026, 1, 1, tzinfo=UTC)
"""When an empty feed was last changed."""


def _ids(chosen: DeedFilter, limit: int) -> list[int]:
    """The deeds that the filter finds. Without an index only the unfiltered list can be told; then 503 otherwise."""
    try:
        return found_ids(search_engine(), replace(chosen, page=1).as_query(request_locale(), per_page=limit))
    except SearchError:
        if not chosen.is_empty:
            abort(503)
        return newest_ids(db.session(), limit)


@blueprint.get("/teot.csv")
@access(PUBLIC)
def deeds_csv() -> Response:
    """All deeds of the filter as a table that Finnish spreadsheets open as it is."""
    config: Config = current_app.extensions["tori"]
    ids = _ids(DeedFilter.parse(request.args), MAX_ROWS)
    text = csv_rows(table_header(), table_rows(db.session(), ids, request_locale(), config.public_url))
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="teot.csv"'
    return response


@blueprint.get("/teot.atom")
@access(PUBLIC)
def deeds() -> Response:
    """The newest deeds of the filter as an Atom feed (RFC 4287)."""
    chosen = replace(DeedFilter.parse(request.args), sort=Sort.NEWEST, page=1)
    own = replace(chosen, sort=None)
    name = site_name()
    title = f"{name}: {chosen.text}" if chosen.text else _("%(site)s: new deeds", site=name)
    return deed_feed(own.url("/teot.atom"), own.url("/teot"), title, _ids(chosen, FEED_ENTRIES))


def deed_feed(own: str, page: str, title: str, ids: Sequence[int]) -> Response:
    """A feed of deeds. ``own`` and ``page`` are addresses without a language: of the feed and of what it follows."""
    entries = deed_entries(db.session(), ids, request_locale())
    return Response(_atom(own, page, title, entries), content_type="application/atom+xml; charset=utf-8")


@blueprint.get("/toplistat.atom")
@access(PUBLIC)
def toplists() -> Response:
    """The current TOP lists, the one changed last first."""
    rows = sorted(published_lists(db.session()), key=_changed, reverse=True)
    locale = request_locale()
    entries = [
        (f"/toplistat/{row.slug}", row.title_in(locale), plain_text(row.introduction_in(locale)), _changed(row))
        for row in rows
    ]
    return plain_feed("/toplistat", _("%(site)s: TOP lists", site=site_name()), entries)


@blueprint.get("/toplistat/<slug>.atom")
@access(PUBLIC)
def toplist(slug: str) -> Response:
    """The deeds of one list in its order, each with its reason."""
    session, locale = db.session(), request_locale()
    row = list_of(session, slug)
    items = items_of(session, [row])[row.id]
    cards = {card.id: card for card in cards_by_ids(session, [item.deed_id for item in items], locale, ANONYMOUS)}
    changed = _changed(row)
    entries = [
        (f"/teot/{card.id}-{card.url.partition('/teot/')[2].partition('-')[2]}", card.title, item.reason, changed)
        for item in items
        if (card := cards.get(item.deed_id)) is not None
    ]
    return plain_feed(f"/toplistat/{slug}", row.title_in(locale), entries)


@blueprint.get("/jutut/<series_slug>.atom")
@access(PUBLIC)
def story_series(series_slug: str) -> Response:
    """The published stories of a series, the newest first."""
    session, locale = db.session(), request_locale()
    series = series_of(session, series_slug)
    stories = sorted(stories_of(session, series), key=lambda row: (row.published_at or START, row.id), reverse=True)
    entries = []
    for row in stories[:FEED_ENTRIES]:
        title, summary = row.said("title", locale), row.said("summary", locale)
        entries.append((f"/jutut/{series.slug}/{row.slug}", title.text, summary.text, row.published_at or START))
    return plain_feed(f"/jutut/{series_slug}", series.said("name", locale).text, entries)


def _changed(row: TopList) -> datetime:
    return row.changed_at or row.published_at or row.created_at


def site_name() -> str:
    config: Config = current_app.extensions["tori"]
    return config.site_names[request_locale()]


def plain_feed(
    path: str, title: str, entries: list[tuple[str, str, str, datetime]], own: str | None = None
) -> Response:
    """A feed of addresses (without a language), titles, summaries and moments. ``own`` is its address with filters."""
    own = own or f"{path}.atom"
    config: Config = current_app.extensions["tori"]
    site = config.public_url + prefix_of(request_locale())
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": request_locale()})
    _element(feed, "id", f"{site}{own}")
    _element(feed, "title", title)
    _element(feed, "updated", _moment(max((moment for *_rest, moment in entries), default=START)))
    _element(feed, "link", rel="self", type="application/atom+xml", href=f"{site}{own}")
    _element(feed, "link", rel="alternate", type="text/html", href=f"{site}{path}")
    _element(_element(feed, "author"), "name", site_name())
    for address, name, summary, moment in entries:
        row = _element(feed, "entry")
        _element(row, "id", f"{config.public_url}{address}")
        _element(row, "title", name)
        _element(row, "link", rel="alternate", type="text/html", href=f"{site}{address}")
        _element(row, "updated", _moment(moment))
        _element(row, "summary", summary, type="text")
    document: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(document, content_type="application/atom+xml; charset=utf-8")


def _element(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _atom(own: str, page: str, title: str, entries: list[Entry]) -> bytes:
    config: Config = current_app.extensions["tori"]
    locale = request_locale()
    site = config.public_url + prefix_of(locale)
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": locale})
    _element(feed, "id", f"{site}{own}")
    _element(feed, "title", title)
    _element(feed, "updated", _moment(max((entry.updated_at for entry in entries), default=START)))
    _element(feed, "link", rel="self", type="application/atom+xml", href=f"{site}{own}")
    _element(feed, "link", rel="alternate", type="text/html", href=f"{site}{page}")
    for entry in entries:
        _entry(feed, entry, config.public_url)
    document: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _entry(feed: ElementTree.Element, entry: Entry, public_url: str) -> None:
    row = _element(feed, "entry")
    row.set("{http://www.w3.org/XML/1998/namespace}lang", entry.language)
    # The address without its words stays the same when a title is changed, in every language.
    _element(row, "id", f"{public_url}/teot/{entry.id}")
    _element(row, "title", entry.title)
    _element(row, "link", rel="alternate", type="text/html", href=public_url + entry.url)
    _element(row, "published", _moment(entry.published_at))
    _element(row, "updated", _moment(max(entry.updated_at, entry.published_at)))
    _element(_element(row, "author"), "name", entry.organisation)
    for term in (entry.sector, *entry.themes):
        _element(row, "category", term=term)
    _element(row, "summary", entry.summary, type="text")
