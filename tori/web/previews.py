"""How the square shows elsewhere: pictures and data for previews of a deed, oEmbed, and boxes for pages of others."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request
from flask_babel import gettext as _

from tori import drawing, statistics
from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound
from tori.core.text import excerpt, plain_text
from tori.database import db
from tori.deeds.queries import cards_by_ids, get_deed
from tori.deeds.sharing import LICENCES, embed_code
from tori.deeds.tools_views import EMBED_POLICY
from tori.edge.access import PUBLIC, access
from tori.edge.templating import public_link, request_locale
from tori.i18n import LOCALES, prefix_of
from tori.models.deeds import Deed
from tori.policy import ANONYMOUS
from tori.statistics import Behind

if TYPE_CHECKING:
    from PIL import ImageFont

WIDTH, HEIGHT = 1200, 630
SQUARE = 1080
SUMMARY_LETTERS, SUMMARY_LINES = 56, 6
TITLE_SIZES = (76, 64, 54, 46)
TITLE_LINES = 4
TITLE_WIDTH = 1050
SHORTEST, LONGEST = 1, 10
OEMBED_HEIGHT, OEMBED_WIDTH, LEAST_WIDTH = 320, 600, 200
SECTOR_STRIPES = {
    "opetus-ja-kasvatus": "#ef8f00", "sosiaali-ja-terveysala": "#c41a43", "kulttuuri-ja-vapaa-aika": "#993ca0",
    "tekniset-alat-ja-ymparisto": "#17805f", "elinkeino-ja-yrityspalvelut": "#0f828c",
    "johto-hr-ja-hallinto": "#4a46ad", "ruoka-ja-siivouspalvelut": "#a5822f", "koko-kunta": "#1877bd",
}  # fmt: skip
"""The stripe of each sector's colour."""

blueprint = Blueprint("previews", __name__)


def _config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


def _public_deed(deed_id: int) -> Deed:
    deed = get_deed(db.session(), ANONYMOUS, deed_id, also_gone=True)
    if not deed.is_public:
        abort(410)
    return deed


@lru_cache(maxsize=len(TITLE_SIZES))
def _font(size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(Path(drawing.FONTS) / "BricolageGrotesque-Bold.ttf"), size)


def title_lines(title: str) -> tuple[int, list[str]]:
    """Size and lines that fit on the picture; a title too long for the smallest size ends with an ellipsis."""
    for size in TITLE_SIZES:
        lines = _wrapped(title, size)
        if len(lines) <= TITLE_LINES:
            return size, lines
    return size, [*lines[: TITLE_LINES - 1], f"{lines[TITLE_LINES - 1].rstrip(' ,.')}…"]


def _wrapped(title: str, size: int) -> list[str]:
    font, lines, line = _font(size), [], ""
    for word in title.split():
        for piece in _pieces(word, font):
            longer = f"{line} {piece}".strip()
            if line and font.getlength(longer) > TITLE_WIDTH:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line]


def _pieces(word: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """A word that fits on a line, or its parts."""
    pieces = []
    while font.getlength(word) > TITLE_WIDTH:
        cut = next(end for end in range(len(word) - 1, 0, -1) if font.getlength(word[:end] + "-") <= TITLE_WIDTH)
        pieces.append(word[:cut] + "-")
        word = word[cut:]
    return [*pieces, word]


@blueprint.get("/teot/<id:deed_id>/kuva.png")
@access(PUBLIC)
def deed_picture(deed_id: int) -> Response:
    """What a social service shows of a link to the deed."""
    return _drawn("previews/deed.svg", _public_deed(deed_id), WIDTH)


@blueprint.get("/teot/<id:deed_id>/nelio.png")
@access(PUBLIC)
def square_picture(deed_id: int) -> Response:
    """For channels in which a post is a square picture."""
    response = _drawn("previews/deed_square.svg", _public_deed(deed_id), SQUARE)
    response.headers["Content-Disposition"] = f'inline; filename="teko-{deed_id}.png"'
    return response


def _drawn(template: str, deed: Deed, width: int) -> Response:
    locale = request_locale()
    size, lines = title_lines(deed.title)
    svg = render_template(
        template,
        size=size,
        lines=lines,
        summary=wrap(plain_text(deed.summary), SUMMARY_LETTERS, max_lines=SUMMARY_LINES, placeholder=" …"),
        organisation=excerpt(deed.organisation.name_in(locale), 60),
        sector=deed.sector.name_in(locale),
        stripe=SECTOR_STRIPES.get(deed.sector.slug, "#17805f"),
        adoptions=deed.adoption_count,
        address=urlsplit(_config().public_url).netloc,
    )
    return Response(drawing.png(svg, width), content_type="image/png")


def deed_data(deed: Deed) -> dict[str, Any]:
    """The deed after schema.org; the organisation stands as the author, since people are not told to machines."""
    url = public_link(_config(), "deeds.show", request_locale(), deed_id=deed.id, slug=deed.slug)
    day = clock.in_finland(deed.published_at).date().isoformat() if deed.published_at else None
    name = deed.organisation.name_in(request_locale())
    place = public_link(_config(), "organisations.show", request_locale(), slug=deed.organisation.slug)
    return {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": deed.title,
        "description": plain_text(deed.summary),
        "inLanguage": deed.language,
        "url": url,
        "mainEntityOfPage": url,
        "image": public_link(_config(), "previews.deed_picture", request_locale(), deed_id=deed.id),
        "datePublished": day,
        "dateModified": clock.in_finland(deed.updated_at).date().isoformat(),
        "author": {"@type": "GovernmentOrganization", "name": name, "url": place},
        "publisher": {"@type": "Organization", "name": _config().site_names[request_locale()]},
        "articleSection": deed.sector.name_in(request_locale()),
        "keywords": [theme.name_in(request_locale()) for theme in deed.themes],
        "license": LICENCES.get(deed.licence, deed.licence),
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/AdoptAction",
            "userInteractionCount": deed.adoption_count,
        },
    }


@blueprint.app_context_processor
def preview_data() -> dict[str, Any]:
    return {"deed_data": deed_data}


_DEED_PATH = re.compile(r"(?:/(?:sv|en))?/(?:teot|t)/(\d{1,9})(?:-[a-z0-9-]*)?")


@blueprint.get("/oembed")
@access(PUBLIC)
def oembed() -> Response:
    """oEmbed 1.0 for addresses of deeds: other services show the deed as a box when its link is pasted."""
    try:
        asked = urlsplit(request.args.get("url", "")[:500])
    except ValueError as error:
        raise NotFound("deed") from error
    found = _DEED_PATH.fullmatch(asked.path)
    if request.args.get("format", "json") != "json":
        abort(501)
    if found is None or asked.netloc not in ("", urlsplit(_config().public_url).netloc):
        raise NotFound("deed")
    deed = _public_deed(int(found[1]))
    locale = next((code for code in LOCALES if prefix_of(code) and asked.path.startswith(f"{prefix_of(code)}/")), "fi")
    widest = request.args.get("maxwidth", "")
    width = int(widest) if widest.isascii() and widest.isdigit() and len(widest) < 6 else OEMBED_WIDTH
    return jsonify(
        version="1.0",
        type="rich",
        title=deed.title,
        author_name=deed.organisation.name_in(locale),
        author_url=public_link(_config(), "organisations.show", locale, slug=deed.organisation.slug),
        provider_name=_config().site_names[locale],
        provider_url=_config().public_url,
        thumbnail_url=public_link(_config(), "previews.deed_picture", locale, deed_id=deed.id),
        thumbnail_width=WIDTH,
        thumbnail_height=HEIGHT,
        width=max(LEAST_WIDTH, min(width, OEMBED_WIDTH)),
        height=OEMBED_HEIGHT,
        html=embed_code(public_link(_config(), "deeds.embed", locale, deed_id=deed.id), deed.title),
    )


@blueprint.get("/upote/teot")
@access(PUBLIC)
def latest() -> Response:
    """The newest deeds, of an organisation, a sector, a theme, a region or a campaign, as a box for pages of others."""
    session, locale = db.session(), request_locale()
    chosen = Behind.parse(request.args)
    text = request.args.get("maara", "")
    many = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 5
    ids = statistics.ids_behind(session, chosen, 1, max(SHORTEST, min(many, LONGEST)))
    page = render_template(
        "previews/latest.html",
        cards=cards_by_ids(session, ids, locale, ANONYMOUS),
        public_url=_config().public_url,
        home=public_link(_config(), "front.index", locale),
    )
    return _box(page)


@blueprint.get("/upote/laskuri")
@access(PUBLIC)
def counter() -> Response:
    """How many deeds, organisations and models taken there are, as a small box."""
    figures = statistics.kept_figures(current_app.extensions, db.session(), request_locale())
    home = public_link(_config(), "front.index", request_locale())
    return _box(render_template("previews/counter.html", totals=figures.totals, home=home))


def _box(page: str) -> Response:
    response = Response(page)
    response.headers["Content-Security-Policy"] = EMBED_POLICY
    return response


def box_codes() -> list[tuple[str, str]]:
    """Label and code of the boxes, for the page of open data."""
    link = public_link(_config(), "previews.latest", request_locale())
    count = public_link(_config(), "previews.counter", request_locale())
    name = _config().site_names[request_locale()]
    fallback = f'<a data-tekojen-tori href="{link}?maara=5">{name}</a>'
    script = f'{fallback}\n<script src="{_config().public_url}/static/js/upote.js" async></script>'
    return [
        (_("Newest deeds, without a script"), embed_code(f"{link}?maara=5", name)),
        (_("Deeds of one organisation"), embed_code(f"{link}?organisaatio=nokian-kaupunki&maara=5", name)),
        (_("Counter"), embed_code(count, name)),
        (_("With a small script: the link stays where scripts are off"), script),
    ]


@blueprint.app_context_processor
def codes() -> dict[str, Any]:
    return {"box_codes": box_codes}
