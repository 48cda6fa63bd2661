"""A feed for every list of the site, and the one table that tells a page which feed is its own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from tori import statistics
from tori.campaigns.queries import all_campaigns, campaign_of
from tori.core import clock
from tori.core.errors import NotFound
from tori.core.text import plain_text
from tori.curation.queries import newest_stories
from tori.database import db
from tori.deeds.filters import DeedFilter
from tori.edge.access import PUBLIC, access
from tori.edge.templating import request_locale
from tori.models.deeds import Sector, Theme
from tori.models.people import Organisation
from tori.web.feeds import FEED_ENTRIES, START, blueprint, deed_feed, plain_feed, site_name
from tori.web.statistics_words import behind_title
from tori.wishes import queries as wish_queries
from tori.wishes.views import wish_filter

NAMED: dict[str, tuple[type[Theme] | type[Sector] | type[Organisation], str]] = {
    "teemat": (Theme, "teema"),
    "toimialat": (Sector, "toimiala"),
    "organisaatiot": (Organisation, "organisaatio"),
}
"""First part of an address -> the table of its pages, and the parameter of ``Behind``."""


def _name(row: Any) -> str:
    return str(row.name_in(request_locale()))


def _deeds_behind(chosen: statistics.Behind, own: str, page: str, name: str) -> Response:
    ids = statistics.ids_behind(db.session(), chosen, 1, FEED_ENTRIES)
    return deed_feed(own, page, f"{site_name()}: {name}", ids)


@blueprint.get("/teemat/<slug>.atom", defaults={"kind": "teemat"})
@blueprint.get("/toimialat/<slug>.atom", defaults={"kind": "toimialat"})
@blueprint.get("/organisaatiot/<slug>.atom", defaults={"kind": "organisaatiot"})
@access(PUBLIC)
def deeds_of(kind: str, slug: str) -> Response:
    """The newest deeds of a theme, a sector or an organisation."""
    table, parameter = NAMED[kind]
    row = db.session().scalar(select(table).where(table.slug == slug))
    if row is None:
        raise NotFound(slug)
    path = f"/{kind}/{slug}"
    return _deeds_behind(statistics.Behind({parameter: slug}), f"{path}.atom", path, _name(row))


@blueprint.get("/kampanjat/<slug>.atom")
@access(PUBLIC)
def deeds_of_campaign(slug: str) -> Response:
    campaign = campaign_of(db.session(), slug)
    path = f"/kampanjat/{slug}"
    return _deeds_behind(statistics.Behind({"kampanja": slug}), f"{path}.atom", path, campaign.name)


@blueprint.get("/tilastot/teot.atom")
@access(PUBLIC)
def deeds_of_figure() -> Response:
    """The deeds behind a number: of a municipality, a region, a year, a stage, and so on."""
    chosen = statistics.Behind.parse(request.args)
    name = ", ".join(behind_title(db.session(), chosen, request_locale())) or _("All deeds")
    values: dict[str, Any] = dict(chosen.values)
    own, page = url_for("feeds.deeds_of_figure", **values), url_for("statistics.deeds_behind", **values)
    return _deeds_behind(chosen, _bare(own), _bare(page), name)


@blueprint.get("/kampanjat.atom")
@access(PUBLIC)
def campaigns() -> Response:
    """Campaigns by the day on which they began, the newest first."""
    rows = sorted(all_campaigns(db.session()), key=lambda row: row.starts_on, reverse=True)
    entries = [
        (f"/kampanjat/{row.slug}", row.name, row.subtitle, clock.start_of_day(row.starts_on))
        for row in rows[:FEED_ENTRIES]
    ]
    return plain_feed("/kampanjat", _("%(site)s: campaigns", site=site_name()), entries)


@blueprint.get("/jutut.atom")
@access(PUBLIC)
def stories() -> Response:
    """Stories of all series, the newest first."""
    entries: list[tuple[str, str, str, datetime]] = [
        (f"/jutut/{row.series.slug}/{row.slug}", row.title, row.summary, row.published_at or START)
        for row in newest_stories(db.session(), FEED_ENTRIES)
    ]
    return plain_feed("/jutut", _("%(site)s: stories", site=site_name()), entries)


@blueprint.get("/toiveet.atom")
@access(PUBLIC)
def wishes() -> Response:
    """What is looked for, the newest first, with the filters of the page."""
    chosen = wish_filter()
    entries = [
        (f"/toiveet/{row.id}-{row.slug}", row.title, plain_text(row.body), row.created_at)
        for row in wish_queries.newest(db.session(), chosen, FEED_ENTRIES)
    ]
    own = _bare(url_for("feeds.wishes", **_wish_parameters()))
    return plain_feed("/toiveet", _("%(site)s: wishes", site=site_name()), entries, own)


def _wish_parameters() -> dict[str, Any]:
    chosen = wish_filter()
    values = {"q": chosen.text, "tila": chosen.state, "maakunta": chosen.region, "teema": chosen.theme}
    return {name: value for name, value in values.items() if value}


def _bare(address: str) -> str:
    """Without the language, which the feed adds itself."""
    return address.removeprefix(request.script_root)


def _of_path() -> str:
    return f"{request.script_root}{request.path}.atom"


def _of_filter() -> str:
    return DeedFilter.parse(request.args).feed_url(url_for("feeds.deeds"))


def _of_figure() -> str:
    values: dict[str, Any] = dict(statistics.Behind.parse(request.args).values)
    return url_for("feeds.deeds_of_figure", **values)


FEEDS: dict[str, Callable[[], str]] = {
    "deeds.index": _of_filter,
    "themes.show": _of_path,
    "sectors.show": _of_path,
    "organisations.show": _of_path,
    "campaigns.index": _of_path,
    "campaigns.show": _of_path,
    "toplists.index": _of_path,
    "toplists.show": _of_path,
    "stories.index": _of_path,
    "stories.series": _of_path,
    "wishes.index": lambda: url_for("feeds.wishes", **_wish_parameters()),
    "statistics.deeds_behind": _of_figure,
}
"""Endpoint of a page that lists something -> the address of its feed."""


@blueprint.app_context_processor
def feed_of_page() -> dict[str, Any]:
    def feed() -> str | None:
        own = FEEDS.get(request.endpoint or "") if request else None
        return own() if own else None

    return {"feed_of_page": feed}
