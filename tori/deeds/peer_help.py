"""Makers who would like advice on a deed, or who are glad to help others with it, and who else can use it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as __
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import RuleBroken
from tori.core.events import PeerHelpChanged, record
from tori.core.text import clean_line
from tori.deeds.queries import DeedCard, cards_by_ids, has_theme
from tori.models.deeds import PUBLIC_STATUSES, Deed, Theme
from tori.models.peer_help import PeerHelp
from tori.policy import ANONYMOUS, Actor, Permission, require

MAX_ADVICE = 200
SHOWN = 60

SUITS = {
    "county": __("Wellbeing services counties"),
    "state": __("Offices of the state"),
    "company": __("Companies"),
    "association": __("Associations"),
    "parish": __("Parishes"),
    "school": __("Schools and universities"),
}
"""Who else than municipalities may use a deed."""


@dataclass(frozen=True)
class Offer:
    advice_on: str = ""
    helps_others: bool = False
    suits: tuple[str, ...] = ()


def of_deed(deed: Deed) -> Offer:
    row = deed.peer_help
    if row is None:
        return Offer()
    return Offer(row.advice_on, row.helps_others, tuple(key for key in SUITS if key in row.suits))


def change(session: Session, actor: Actor, deed: Deed, offer: Offer) -> None:
    """Only the makers speak for themselves. Saying the same again changes nothing."""
    require(actor, Permission.DEED_EDIT, deed)
    advice = clean_line(offer.advice_on)
    if len(advice) > MAX_ADVICE:
        raise RuleBroken("text_too_long", "advice_on", limit=MAX_ADVICE)
    if not set(offer.suits) <= set(SUITS):
        raise RuleBroken("unknown_choice", "suits")
    wanted = Offer(advice, offer.helps_others, tuple(key for key in SUITS if key in offer.suits))
    if wanted == of_deed(deed):
        return
    row = deed.peer_help = deed.peer_help or PeerHelp()
    row.advice_on, row.helps_others, row.suits = wanted.advice_on, wanted.helps_others, list(wanted.suits)
    row.changed_at = clock.now()
    session.flush()
    record(session, PeerHelpChanged(actor_id=actor.id, deed_id=deed.id))


@dataclass(frozen=True)
class Asking:
    """A deed on which advice is asked."""

    card: DeedCard
    advice_on: str


def asking(session: Session, locale: str, theme: str = "") -> list[Asking]:
    """Public deeds whose makers would like advice, the latest first. Two statements."""
    wanted = select(PeerHelp.deed_id, PeerHelp.advice_on).where(PeerHelp.advice_on != "")
    found: Any = session.execute(_shown(wanted, theme)).all()
    rows: dict[int, str] = dict(found)
    return [Asking(card, rows[card.id]) for card in _cards(session, rows, locale)]


def helping(session: Session, locale: str, theme: str = "") -> list[DeedCard]:
    """Public deeds whose makers are glad to help, the latest first. Two statements."""
    wanted = select(PeerHelp.deed_id).where(PeerHelp.helps_others)
    return _cards(session, session.scalars(_shown(wanted, theme)), locale)


def _shown(statement: Any, theme: str) -> Any:
    statement = statement.join(Deed, Deed.id == PeerHelp.deed_id).where(Deed.status.in_(PUBLIC_STATUSES))
    if theme:
        statement = statement.where(has_theme(select(Theme.id).where(Theme.slug == theme).scalar_subquery()))
    return statement.order_by(PeerHelp.changed_at.desc(), PeerHelp.deed_id.desc()).limit(SHOWN)


def _cards(session: Session, ids: Iterable[int], locale: str) -> list[DeedCard]:
    return cards_by_ids(session, list(ids), locale, ANONYMOUS)
