"""Campaigns: those that run and those that have been."""

from flask import Blueprint, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.campaigns import queries
from tori.campaigns.labels import KINDS, campaign_time, qualified
from tori.core import clock
from tori.core.text import excerpt, plain_text
from tori.database import db
from tori.deeds.queries import cards_by_ids
from tori.edge.access import PUBLIC, access
from tori.edge.templating import month_name, number, request_locale
from tori.models.campaigns import Campaign, CampaignKind, StorySeries
from tori.policy import ANONYMOUS

EXCERPT = 180

blueprint = Blueprint("campaigns", __name__)


def _banner(campaign: Campaign, count: int) -> dict[str, object]:
    goal = campaign.goal_deeds or 0
    return {
        "name": campaign.name,
        "url": url_for("campaigns.show", slug=campaign.slug),
        "kicker": campaign.subtitle,
        "text": excerpt(plain_text(campaign.description_in(request_locale())), EXCERPT),
        "days_left": queries.days_left(campaign),
        "month_name": month_name(campaign.ends_on),
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
        coming=[_row(campaign) for campaign in reversed(campaigns) if campaign.starts_on > today],
        past=[_row(campaign) for campaign in campaigns if campaign.ends_on < today],
    )


def _successor(session: Session, slug: str | None) -> tuple[str, str] | None:
    """Name and address of what took a campaign's place: another campaign or a series of stories."""
    if not slug:
        return None
    campaign = session.scalar(select(Campaign).where(Campaign.slug == slug))
    if campaign:
        return campaign.name, url_for("campaigns.show", slug=slug)
    series = session.scalar(select(StorySeries).where(StorySeries.slug == slug))
    return (series.name, url_for("stories.series", series_slug=slug)) if series else None


@blueprint.route("/kampanjat/<slug>")
@access(PUBLIC)
def show(slug: str) -> str:
    session = db.session()
    campaign = queries.campaign_of(session, slug)
    ids = queries.deed_ids(session, campaign)
    is_running = campaign.is_running(clock.today())
    count = queries.deed_counts(session, [campaign]).get(campaign.id, 0)
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        facts=campaign.facts,
        kind=KINDS[CampaignKind(campaign.kind)],
        time=campaign_time(campaign),
        is_running=is_running,
        is_over=campaign.ends_on < clock.today(),
        banner=_banner(campaign, count) if is_running else None,
        result=recorded_result(campaign),
        successor=_successor(session, campaign.facts.get("successor")),
        count=count,
        cards=cards_by_ids(session, ids, request_locale(), ANONYMOUS),
    )
