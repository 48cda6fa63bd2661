"""What each block of the front page holds today. A block with nothing to show is left out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tori.campaigns import awards, picture, weekly
from tori.core import clock
from tori.core.text import plain_text
from tori.curation import queries as curation
from tori.curation.arrangement import Block, BlockKind
from tori.deeds import queries
from tori.models.campaign_life import CampaignPicture
from tori.models.deeds import Adoption, Deed, DeedStatus, Effort, Theme
from tori.models.people import Region
from tori.models.wishes import Wish
from tori.notifications.changes import content_version
from tori.policy import ANONYMOUS
from tori.web import front_parts

SHOWN = 6
FEW = 3
AWARDS_READ = 30
"""Awards looked at for the front page; withdrawn deeds and organisations among them are passed over."""
MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Filled:
    """A block with its content. ``url`` leads to all of the same kind."""

    key: str
    kind: str
    title: str
    text: str
    content: Any
    url: str = ""
    more: str = ""
    picture: CampaignPicture | None = None


def fill(session: Session, blocks: Iterable[Block], locale: str) -> list[Filled]:
    """Those that have something to show, in order. When none of them shows deeds, the newest come along."""
    filled = [found for block in blocks if (found := FILLERS[block.kind](session, block, locale)) is not None]
    if not any(found.kind in WITH_DEEDS for found in filled):
        newest = _newest(session, Block("newest", BlockKind.NEWEST), locale)
        filled += [newest] if newest is not None else []
    return filled


def _made(
    block: Block, locale: str, title: str, content: Any, url: str = "", more: str = "", text: str = ""
) -> Filled | None:
    """The editors' own words go before the usual ones. No content, no block."""
    if not content:
        return None
    return Filled(
        block.key, block.kind, block.title_in(locale) or title, block.text_in(locale) or text, content, url, more
    )


def _figures(session: Session, block: Block, locale: str) -> Filled | None:
    return _made(block, locale, "", front_parts.numbers(session))


def _campaign(session: Session, block: Block, locale: str) -> Filled | None:
    return _made(block, locale, "", front_parts.running_campaign(session, locale, block.choice))


def _newest(session: Session, block: Block, locale: str) -> Filled | None:
    cards = front_parts.spread(queries.latest_cards(session, locale, front_parts.LOOKED_AT), SHOWN)
    return _made(block, locale, _("Fresh on the square"), cards, url_for("deeds.index"), _("All deeds"))


def _theme(session: Session, block: Block, locale: str) -> Filled | None:
    theme = session.scalar(select(Theme).where(Theme.slug == block.choice))
    if theme is None:
        return None
    cards = queries.cards_of_theme(session, theme.id, locale, FEW)
    title = _("Theme of the month: %(theme)s", theme=theme.name_in(locale))
    url = url_for("themes.show", slug=theme.slug)
    return _made(block, locale, title, cards, url, _("All about the theme"), theme.meaning_in(locale))


def _cards(session: Session, ids: list[int], locale: str) -> list[queries.DeedCard]:
    return queries.cards_by_ids(session, ids, locale, ANONYMOUS)


def _adopted(session: Session, block: Block, locale: str) -> Filled | None:
    """Most often taken as a model in the last month."""
    count = func.count()
    ids = session.scalars(
        select(Adoption.deed_id)
        .join(Deed, Deed.id == Adoption.deed_id)
        .where(Adoption.created_at > clock.now() - MONTH, Deed.status == DeedStatus.PUBLISHED)
        .group_by(Adoption.deed_id)
        .order_by(count.desc(), Adoption.deed_id.desc())
        .limit(FEW)
    ).all()
    title, url = _("Most often taken as a model this month"), url_for("toplists.most_adopted")
    return _made(block, locale, title, _cards(session, list(ids), locale), url, _("Most often taken as a model"))


def _weekly(session: Session, block: Block, locale: str) -> Filled | None:
    """The makers of this week with their deed, while they agree."""
    row = weekly.of_this_week(session)
    if row is None:
        return None
    cards = _cards(session, [row.deed_id], locale)
    text = f"{row.makers}: {plain_text(row.text)}"
    url = url_for("campaigns.weekly")
    filled = _made(block, locale, _("Makers of the week"), cards, url, _("All makers of the week"), text)
    stored = picture.picture_of(session, row)
    return replace(filled, picture=stored) if filled and stored and stored.is_shown else filled


def _awarded(session: Session, block: Block, locale: str) -> Filled | None:
    """The deeds awarded in the newest campaign whose results are public, prizes before mentions."""
    rows = [row for row in awards.published_rows(session, locale, AWARDS_READ) if row.deed_id is not None]
    newest = [row for row in rows if row.campaign_slug == rows[0].campaign_slug]
    ids = list(dict.fromkeys(row.deed_id for row in newest if row.deed_id is not None))[:FEW]
    if not ids:
        return None
    title = _("Awarded: %(campaign)s", campaign=newest[0].campaign)
    url = url_for("campaigns.archive")
    return _made(block, locale, title, _cards(session, ids, locale), url, _("All awards"))


def _small(session: Session, block: Block, locale: str) -> Filled | None:
    """Deeds that take little work to do after others."""
    ids = session.scalars(
        select(Deed.id)
        .where(Deed.status == DeedStatus.PUBLISHED, Deed.is_small | (Deed.effort == Effort.SMALL))
        .order_by(Deed.published_at.desc(), Deed.id.desc())
        .limit(FEW)
    ).all()
    text = _("Deeds that can be tried next week, without a project.")
    return _made(block, locale, _("Try something small"), _cards(session, list(ids), locale), text=text)


def _toplists(session: Session, block: Block, locale: str) -> Filled | None:
    lists = front_parts.top_lists(session, locale, block.choice)
    return _made(block, locale, _("TOP lists"), lists, url_for("toplists.index"), _("All lists"))


def _wishes(session: Session, block: Block, locale: str) -> Filled | None:
    rows = session.scalars(
        select(Wish)
        .where(Wish.hidden_at.is_(None), Wish.answered_at.is_(None))
        .order_by(Wish.supporter_count.desc(), Wish.id.desc())
        .limit(FEW + 2)
    ).all()
    return _made(block, locale, _("Others look for this"), list(rows), url_for("wishes.index"), _("All wishes"))


def _stories(session: Session, block: Block, locale: str) -> Filled | None:
    rows = curation.newest_stories(session, FEW)
    return _made(block, locale, _("Stories"), rows, url_for("stories.index"), _("All stories"))


def _text(session: Session, block: Block, locale: str) -> Filled | None:
    return _made(block, locale, "", block.text_in(locale), block.link, _("Read more"))


def _map(session: Session, block: Block, locale: str) -> Filled | None:
    regions = list(session.scalars(select(Region).order_by(Region.name)))
    return Filled(block.key, block.kind, block.title_in(locale), "", (regions, content_version(session)))


Filler = Callable[[Session, Block, str], Filled | None]

FILLERS: dict[BlockKind, Filler] = {
    BlockKind.FIGURES: _figures,
    BlockKind.CAMPAIGN: _campaign,
    BlockKind.THEME: _theme,
    BlockKind.NEWEST: _newest,
    BlockKind.WEEKLY: _weekly,
    BlockKind.AWARDED: _awarded,
    BlockKind.TOP_LISTS: _toplists,
    BlockKind.MOST_ADOPTED: _adopted,
    BlockKind.WISHES: _wishes,
    BlockKind.SMALL: _small,
    BlockKind.STORIES: _stories,
    BlockKind.TEXT: _text,
    BlockKind.MAP: _map,
}
WEEKLY_TEXT = 300
WITH_DEEDS = {
    BlockKind.NEWEST,
    BlockKind.THEME,
    BlockKind.MOST_ADOPTED,
    BlockKind.WEEKLY,
    BlockKind.AWARDED,
    BlockKind.SMALL,
}
