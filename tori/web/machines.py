"""What programs ask for: rules for crawlers, the map of the site, the search as a browser sees it, a contact."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Blueprint, Response, current_app, redirect, render_template
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound
from tori.database import db
from tori.edge.access import PUBLIC, access
from tori.edge.templating import public_link, request_locale
from tori.i18n import DEFAULT_LOCALE, LOCALES, prefix_of
from tori.models.campaigns import Campaign, Story, StorySeries, TopList
from tori.models.deeds import PUBLIC_STATUSES, Deed, Sector, Theme
from tori.models.meetings import Meeting
from tori.models.people import Organisation

PER_SITEMAP = 10_000
"""Pages in one file; the protocol allows 50,000, but each of ours names its languages too."""
MAX_PARTS = 1_000
SECURITY_TXT_DAYS = 300
"""How far ahead the security contact promises to hold; the standard asks for less than a year."""

LISTS = (
    "front.index", "deeds.index", "organisations.index", "themes.index", "campaigns.index", "toplists.index",
    "stories.index", "meetings.index", "statistics.index", "map.index", "small.index", "guides.changes",
    "pages.about", "pages.help", "pages.accessibility", "pages.privacy", "pages.terms", "pages.developers",
    "pages.contact",
)  # fmt: skip

PRIVATE_PATHS = (
    "/oma",
    "/hallinta",
    "/kirjaudu",
    "/rekisteroidy",
    "/unohtunut-salasana",
    "/uusi-salasana",
    "/teot/uusi",
)
"""Nothing for a search engine; listing them here protects nothing, the pages themselves do."""
FILTERED_LIST = "/teot?"
"""The filters make an endless number of pages of the same deeds, which stand in the map of the site anyway."""

blueprint = Blueprint("machines", __name__)


def _asset(name: str) -> str:
    asset = cast("Callable[[str], str]", current_app.jinja_env.globals["asset"])
    return asset(name)


@dataclass(frozen=True)
class SitemapEntry:
    """A page by its path without the language prefix."""

    path: str
    changed: datetime | None = None


def _config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


@blueprint.route("/robots.txt")
@access(PUBLIC)
def robots() -> Response:
    prefixes = [prefix_of(locale) for locale in LOCALES]
    closed = [f"Disallow: {prefix}{path}" for prefix in prefixes for path in (*PRIVATE_PATHS, FILTERED_LIST)]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {_config().public_url}/sitemap.xml", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


def _path(endpoint: str, **values: Any) -> str:
    config = _config()
    return public_link(config, endpoint, DEFAULT_LOCALE, **values).removeprefix(config.public_url)


def _pages(session: Session) -> Iterator[SitemapEntry]:
    """Every public page but the deeds. A fixed number of queries."""
    for endpoint in LISTS:
        yield SitemapEntry(_path(endpoint))
    with_deeds = select(Deed.organisation_id).where(Deed.status.in_(PUBLIC_STATUSES))
    for statement, endpoint in (
        (select(Organisation.slug).where(Organisation.id.in_(with_deeds)).order_by(Organisation.slug), "organisations"),
        (select(Theme.slug).order_by(Theme.slug), "themes"),
        (select(Sector.slug).order_by(Sector.position), "sectors"),
        (select(Campaign.slug).where(Campaign.is_public.is_(True)).order_by(Campaign.slug), "campaigns"),
        (select(Meeting.slug).where(Meeting.published_at.is_not(None)).order_by(Meeting.slug), "meetings"),
        (select(TopList.slug).where(TopList.published_at <= clock.now()).order_by(TopList.slug), "toplists"),
    ):
        for slug in session.scalars(statement):
            yield SitemapEntry(_path(f"{endpoint}.show", slug=slug))
    yield from _stories(session)


def _stories(session: Session) -> Iterator[SitemapEntry]:
    rows = session.execute(
        select(StorySeries.slug, Story.slug)
        .join(Story, Story.series_id == StorySeries.id)
        .where(Story.published_at <= clock.now())
        .order_by(StorySeries.slug, Story.position)
    ).all()
    for series in dict.fromkeys(series for series, slug in rows):
        yield SitemapEntry(_path("stories.series", series_slug=series))
    for series, slug in rows:
        yield SitemapEntry(_path("stories.show", series_slug=series, slug=slug))


def _public(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.where(Deed.status.in_(PUBLIC_STATUSES))


def _deeds(session: Session, part: int) -> Iterator[SitemapEntry]:
    statement = _public(select(Deed.id, Deed.slug, Deed.updated_at)).order_by(Deed.id)
    for deed_id, slug, changed in session.execute(statement.limit(PER_SITEMAP).offset((part - 1) * PER_SITEMAP)):
        yield SitemapEntry(f"/teot/{deed_id}-{slug}", changed)


def _sitemap(entries: Iterator[SitemapEntry]) -> Response:
    base = _config().public_url
    languages = [(locale, base + prefix_of(locale)) for locale in LOCALES]
    body = render_template("machines/sitemap.xml", entries=entries, base=base, languages=languages)
    return Response(body, content_type="application/xml; charset=utf-8")


@blueprint.route("/sitemap.xml")
@access(PUBLIC)
def sitemap() -> Response:
    """All pages in one file while they fit into one, else a list of files."""
    session = db.session()
    deeds = session.scalar(_public(select(func.count()).select_from(Deed))) or 0
    if deeds <= PER_SITEMAP:
        return _sitemap(_both(session))
    parts = -(-deeds // PER_SITEMAP)
    body = render_template("machines/sitemap_index.xml", base=_config().public_url, parts=range(parts + 1))
    return Response(body, content_type="application/xml; charset=utf-8")


def _both(session: Session) -> Iterator[SitemapEntry]:
    yield from _pages(session)
    yield from _deeds(session, 1)


@blueprint.route("/sitemap-<id:part>.xml")
@access(PUBLIC)
def sitemap_part(part: int) -> Response:
    """Part 0 is the pages, the rest are deeds."""
    session = db.session()
    if part == 0:
        return _sitemap(_pages(session))
    entries = list(_deeds(session, part)) if part <= MAX_PARTS else []
    if not entries:
        raise NotFound("sitemap")
    return _sitemap(iter(entries))


@blueprint.route("/haku.xml")
@access(PUBLIC)
def opensearch() -> Response:
    config = _config()
    body = render_template(
        "machines/opensearch.xml",
        search_url=public_link(config, "deeds.index", request_locale()),
        icon_url=config.public_url + _asset("favicon.ico"),
    )
    return Response(body, content_type="application/opensearchdescription+xml; charset=utf-8")


@blueprint.route("/.well-known/security.txt")
@access(PUBLIC)
def security_txt() -> Response:
    config = _config()
    expires = (clock.now() + timedelta(days=SECURITY_TXT_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{config.contact_email}",
        f"Contact: {public_link(config, 'pages.contact')}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(LOCALES)}",
        f"Canonical: {config.public_url}/.well-known/security.txt",
        "",
    ]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@blueprint.route("/favicon.ico")
@access(PUBLIC)
def favicon() -> BaseResponse:
    return redirect(_asset("favicon.ico"), 302)
