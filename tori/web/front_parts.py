"""Parts of the front page: figures, the newest deeds spread out, TOP lists, the running campaign."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tori.core import clock
from tori.core.text import plain_text
from tori.curation.queries import is_current
from tori.deeds.queries import DeedCard
from tori.models.campaigns import Campaign, TopList, TopListItem, running_on
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.models.people import Organisation

LOOKED_AT = 60
SAME_SECTOR = 2
LISTS = 3
LIST_ITEMS = 3


@dataclass(frozen=True)
class Numbers:
    """What the square holds today, by the counting rules of the statistics."""

    deeds: int
    organisations: int
    adoptions: int
    this_month: int
    regions: int
    municipalities: int


def numbers(session: Session) -> Numbers:
    public = Deed.status.in_(PUBLIC_STATUSES)
    month_start = clock.start_of_day(clock.today().replace(day=1))
    row = session.execute(
        select(
            func.count(),
            func.count(Deed.organisation_id.distinct()),
            func.coalesce(func.sum(Deed.adoption_count), 0),
            func.count().filter(Deed.published_at >= month_start),
            func.count(Organisation.region_id.distinct()),
            func.count(Organisation.municipality_id.distinct()),
        )
        .select_from(Deed)
        .join(Deed.organisation)
        .where(public)
    ).one()
    return Numbers(*row)


def spread(cards: list[DeedCard], count: int) -> list[DeedCard]:
    """The newest cards with no organisation twice and no sector filling the wall, as long as there are enough."""
    chosen: list[DeedCard] = []
    for card in cards:
        sectors = [other.sector_slug for other in chosen].count(card.sector_slug)
        if sectors < SAME_SECTOR and card.organisation_slug not in {other.organisation_slug for other in chosen}:
            chosen.append(card)
    rest = [card for card in cards if card not in chosen]
    return (chosen + rest)[:count]


def top_lists(session: Session, locale: str, slug: str = "") -> list[dict[str, object]]:
    """The first lists with their first deeds, as the box of a list shows them; the chosen one before the others."""
    lists = session.scalars(
        select(TopList)
        .where(is_current(), TopList.items.any(TopListItem.deed.has(Deed.status.in_(PUBLIC_STATUSES))))
        .options(selectinload(TopList.items).joinedload(TopListItem.deed).joinedload(Deed.organisation))
        .order_by(TopList.slug != slug, TopList.position, TopList.id)
        .limit(LISTS)
    )
    return [
        {
            "title": row.title_in(locale),
            "url": url_for("toplists.show", slug=row.slug),
            "note": list_note(row),
            "items": [
                {
                    "position": position,
                    "title": item.deed.title,
                    "language": item.deed.language,
                    "url": url_for("deeds.show", deed_id=item.deed.id, slug=item.deed.slug),
                    "note": item.deed.organisation.name_in(locale),
                }
                for position, item in enumerate((item for item in row.items if item.deed.is_public), 1)
                if position <= LIST_ITEMS
            ],
        }
        for row in lists
    ]


def list_note(row: TopList) -> str:
    count = sum(item.deed.is_public for item in row.items)
    if row.is_proposal:
        return str(ngettext("Editors’ proposal, %(num)d deed", "Editors’ proposal, %(num)d deeds", count))
    return str(ngettext("Editors’ choice, %(num)d deed", "Editors’ choice, %(num)d deeds", count))


def running_campaign(session: Session, locale: str, slug: str = "") -> dict[str, object] | None:
    """The chosen campaign while it runs, else the one that runs today and ends first."""
    today = clock.today()
    campaign = session.scalar(
        select(Campaign)
        .where(running_on(today))
        .order_by(Campaign.slug != slug, Campaign.ends_on, Campaign.id)
        .limit(1)
    )
    if campaign is None:
        return None
    count = session.scalar(
        select(func.count()).where(Deed.campaign_id == campaign.id, Deed.status.in_(PUBLIC_STATUSES))
    )
    goal = campaign.goal_deeds or 0
    return {
        "name": campaign.name,
        "url": url_for("campaigns.show", slug=campaign.slug),
        "kicker": campaign.subtitle,
        "text": plain_text(campaign.description_in(locale)),
        "days_left": (campaign.ends_on - today).days,
        "ends_on": campaign.ends_on,
        "goal": goal,
        "count": count,
        "progress": min(100, 100 * (count or 0) // goal) if goal else 0,
        "join_url": url_for("deeds.new", kampanja=campaign.slug),
    }
