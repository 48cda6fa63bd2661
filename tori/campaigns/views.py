"""Campaigns: those that run and those that have been, and what is needed to spread the word of one."""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from tori.campaigns import figures, kit, nominations, picture, queries, video, visits, voting
from tori.campaigns.labels import KINDS, STATES, campaign_time, qualified
from tori.core import clock, icalendar
from tori.core.text import excerpt, plain_text
from tori.database import db, transaction
from tori.deeds import campaign_answers, printing, sharing
from tori.deeds.panels import config, site_name
from tori.deeds.queries import cards_by_ids
from tori.deeds.views import language_names
from tori.edge.access import OBJECT, PUBLIC, access
from tori.edge.actor import current_actor
from tori.edge.caching import with_etag
from tori.edge.security import with_own_media
from tori.edge.templating import number, public_link, request_locale
from tori.media.serving import OPEN, PERSONAL, READ_AT_ONCE, answer_with, answer_with_size
from tori.media.storage import storage_of
from tori.models.campaigns import Campaign, CampaignKind, CampaignState, StorySeries
from tori.models.deeds import Deed
from tori.policy import ANONYMOUS, Permission, can

EXCERPT = 180

blueprint = Blueprint("campaigns", __name__)


FORMATS = ("a6", "a4")
STAND = "tapahtuma"
"""The counted source of a stand at an event."""


@blueprint.app_context_processor
def deed_campaign() -> dict[str, Any]:
    """``campaign_answers(deed)`` asks the database only for a deed whose campaign has public questions."""

    def answers(deed: Deed) -> list[campaign_answers.Answered]:
        return campaign_answers.public_answers(db.session(), deed)

    return {"campaign_answers": answers}


def _banner(campaign: Campaign, count: int) -> dict[str, object]:
    goal = campaign.goal_deeds or 0
    return {
        "name": campaign.name,
        "url": url_for("campaigns.show", slug=campaign.slug),
        "kicker": campaign.subtitle,
        "text": excerpt(plain_text(campaign.description_in(request_locale())), EXCERPT),
        "days_left": queries.days_left(campaign),
        "ends_on": campaign.ends_on,
        "goal": goal,
        "count": count,
        "progress": min(100, 100 * count // goal) if goal else 0,
        "join_url": url_for("deeds.new", kampanja=campaign.slug),
    }


def _row(campaign: Campaign) -> dict[str, object]:
    return {
        "name": campaign.name,
        "subtitle": campaign.subtitle,
        "url": url_for("campaigns.show", slug=campaign.slug),
        "kind": KINDS[CampaignKind(campaign.kind)],
        "time": campaign_time(campaign),
        "year": campaign.starts_on.year,
        "text": excerpt(plain_text(campaign.description_in(request_locale())), EXCERPT),
        "result": recorded_result(campaign),
    }


def recorded_result(campaign: Campaign) -> str:
    """How many new deeds the source says that a campaign brought, with its qualifier; empty when it doesn't say."""
    results = campaign.facts.get("results") or {}
    deeds = results.get("new_deeds")
    return qualified(number(deeds), results.get("qualifier")) if deeds else ""


@blueprint.route("/kampanjat")
@access(PUBLIC)
def index() -> str:
    session = db.session()
    today = clock.today()
    campaigns = queries.all_campaigns(session)
    running = [campaign for campaign in campaigns if campaign.is_running(today)]
    counts = queries.deed_counts(session, running) if running else {}
    return render_template(
        "campaigns/index.html",
        running=[_banner(campaign, counts.get(campaign.id, 0)) for campaign in running],
        coming=[
            _row(campaign) for campaign in reversed(campaigns) if campaign.starts_on > today and not campaign.ended_at
        ],
        past=[_row(campaign) for campaign in campaigns if campaign.is_over(today)],
    )


def _successor(session: Session, campaign: Campaign) -> tuple[str, str] | None:
    """Name and address of what took a campaign's place: another campaign or a series of stories."""
    slug = campaign.facts.get("successor")
    by = Campaign.id == campaign.successor_id if campaign.successor_id else Campaign.slug == (slug or "")
    found = session.scalar(select(Campaign).where(by, Campaign.is_public.is_(True)))
    if found:
        return found.name, url_for("campaigns.show", slug=found.slug)
    series = session.scalar(select(StorySeries).where(StorySeries.slug == slug)) if slug else None
    return (series.name, url_for("stories.series", series_slug=slug)) if series else None


@blueprint.route("/kampanjat/<slug>")
@access(OBJECT)
def show(slug: str) -> str | Response:
    session, actor, locale = db.session(), current_actor(), request_locale()
    campaign = queries.campaign_of(session, slug, actor)
    today = clock.today()
    ids = queries.deed_ids(session, campaign)
    is_running = campaign.is_running(today)
    found = figures.figures_of(session, campaign, locale) if ids else None
    found_picture = picture.picture_of(session, campaign)
    found_video = video.video_of(session, campaign)
    is_played = found_video is not None and found_video.is_shown
    count = found.deeds if found else 0
    page = render_template(
        "campaigns/show.html",
        campaign=campaign,
        facts=campaign.facts,
        kind=KINDS[CampaignKind(campaign.kind)],
        state=STATES[CampaignState(campaign.state)],
        time=campaign_time(campaign),
        is_running=is_running,
        is_over=campaign.is_over(today),
        banner=_banner(campaign, count) if is_running else None,
        result=recorded_result(campaign),
        successor=_successor(session, campaign),
        ended_note=campaign.ended_note or campaign.facts.get("ended_note"),
        count=count,
        figures=found,
        rankings=_rankings(found) if found else [],
        video_host=urlsplit(campaign.video_url).hostname,
        video=found_video if is_played else None,
        language_names=language_names(),
        may_manage=can(actor, Permission.CAMPAIGN_MANAGE),
        image_url=public_link(config(), "campaigns.image", locale, slug=slug, size="laaja"),
        picture=found_picture if found_picture and found_picture.is_shown else None,
        vote_is_open=voting.is_open(campaign),
        vote_is_over=voting.is_over(campaign),
        chain=nominations.chain(session, campaign) if campaign.kind == CampaignKind.CHALLENGE else [],
        cards=cards_by_ids(session, ids, locale, ANONYMOUS),
    )
    return with_own_media(page) if is_played else page


def _rankings(found: figures.Figures) -> list[dict[str, Any]]:
    """The three counting rules beside each other: no single one is fair to all."""
    takers = found.takers
    return [
        {
            "title": _("Most deeds"),
            "rows": figures.ranked(takers, lambda taker: taker.deeds),
            "digits": 0,
        },
        {
            "title": _("Deeds per 1,000 inhabitants"),
            "rows": figures.ranked(takers, lambda taker: taker.per_thousand),
            "digits": 2,
        },
        {
            "title": _("First-timers"),
            "rows": figures.ranked(takers, lambda taker: taker.deeds if taker.is_new else None),
            "digits": 0,
        },
    ]


# Spreading the word


def short_link(campaign: Campaign, source: str) -> str:
    """Short enough to print and to read aloud; it leads to the page in the reader's own language."""
    return f"{config().public_url}/k/{campaign.slug}/{source}"


@blueprint.get("/k/<slug>")
@blueprint.get("/k/<slug>/<source>")
@access(OBJECT)
def short(slug: str, source: str = "") -> BaseResponse:
    """Counts the source, nothing else, and leads to the campaign; from a stand at once to the quick deed."""
    campaign = queries.campaign_of(db.session(), slug)
    if request.method == "GET" and source in campaign.sources:
        with transaction() as session:
            visits.count(session, campaign, source)
    at_once = source == STAND and campaign.is_running(clock.today())
    page = url_for("deeds.new", kampanja=slug) if at_once else url_for("campaigns.show", slug=slug)
    response = redirect(page, 302)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/kampanjat/<slug>/jaa")
@access(OBJECT)
def share(slug: str) -> str:
    campaign = queries.campaign_of(db.session(), slug, current_actor())
    links = {source: short_link(campaign, source) for source in campaign.sources}
    fallback = public_link(config(), "campaigns.show", request_locale(), slug=slug)
    names = sharing.source_names()
    card = links.get("kortti", fallback)
    return render_template(
        "campaigns/share.html",
        campaign=campaign,
        texts=kit.ready_texts(campaign, links, fallback, request_locale()),
        links=[(names.get(source, source), link) for source, link in links.items()],
        code=sharing.qr_code(card),
        ink=sharing.QR_INK,
        link=card,
        sizes=kit.SIZES,
    )


@blueprint.get("/kampanjat/<slug>/kuva-<size>.png")
@access(OBJECT)
def image(slug: str, size: str) -> Response:
    campaign = queries.campaign_of(db.session(), slug, current_actor())
    if size not in kit.SIZES:
        abort(404)
    place = urlsplit(config().public_url).netloc
    words = campaign.slogan or campaign.subtitle
    response = Response(kit.image(campaign.name, words, place, *kit.SIZES[size]), mimetype="image/png")
    if campaign.is_public:
        response.headers["Cache-Control"] = "public, no-cache"
        return with_etag(response)
    return response


@blueprint.get("/kampanjakuvat/<key>/<any('480', '960', '1600'):width>.webp")
@access(OBJECT)
def stored_picture(key: str, width: str) -> Response:
    """An uploaded picture in one of its sizes. The right is checked before anything of the request is looked at."""
    row = picture.by_key(db.session(), key)
    is_open = picture.is_seen_by(current_actor(), row)
    return answer_with_size(storage_of(config()), row, int(width), is_open)


@blueprint.get("/kampanjavideot/<key>.<any(mp4, webm, vtt):ending>")
@access(OBJECT)
def stored_video(key: str, ending: str) -> Response:
    """The video of a campaign, or its captions. The right is checked before anything of the request is looked at."""
    row, media_type = video.by_file(db.session(), key, ending)
    control = OPEN if video.is_seen_by(current_actor(), row) else PERSONAL
    return answer_with(storage_of(config()).open(key), media_type, key, control, READ_AT_ONCE)


@blueprint.get("/kampanjat/<slug>/kortti-<paper>.pdf")
@access(OBJECT)
def card(slug: str, paper: str) -> Response:
    """Slogan cards to hand out: one on A6, or four of them on A4 to be cut."""
    campaign = queries.campaign_of(db.session(), slug, current_actor())
    if paper not in FORMATS:
        abort(404)
    link = short_link(campaign, "kortti" if "kortti" in campaign.sources else "")
    page = render_template(
        "campaigns/_card_pdf.html", campaign=campaign, paper=paper, link=link, code=sharing.qr_code(link),
        ink=sharing.QR_INK, times=1 if paper == "a6" else 4, site_name=site_name(),
    )  # fmt: skip
    return pdf_answer((page,), "card-pdf.css", f"{campaign.slug}-{paper}.pdf", campaign.is_public)


def pdf_answer(pages: tuple[str, ...], styles: str, name: str, is_common: bool) -> Response:
    """A PDF of a page, or a plain sentence when this site can't make one just now."""
    file = Path(current_app.static_folder or "") / "css" / styles
    tag = hashlib.sha256("".join((*pages, file.read_text(encoding="utf-8"))).encode()).hexdigest()[:32]
    if is_common and request.if_none_match.contains(tag):
        response = Response(status=304)
    else:
        response = Response(printing.one_sheet(pages, file), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache" if is_common else "private, no-store"
    response.set_etag(tag)
    return response


@blueprint.get("/kampanjat.ics")
@access(PUBLIC)
def calendar() -> Response:
    """The public campaigns as a calendar to subscribe to."""
    events = [
        icalendar.Entry(
            f"kampanja-{row.id}", row.name, row.starts_on, row.ends_on, row.description,
            public_link(config(), "campaigns.show", request_locale(), slug=row.slug), row.ended_at is not None,
        )
        for row in queries.all_campaigns(db.session())
    ]  # fmt: skip
    host = urlsplit(config().public_url).hostname or "localhost"
    title = _("Campaigns")
    text = icalendar.calendar(events, f"{site_name()}: {title}", host)
    return Response(text, content_type="text/calendar; charset=utf-8")
