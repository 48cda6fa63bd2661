"""Reading wishes, their answers and calls for partners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.core import clock
from tori.core.errors import NotFound
from tori.deeds.queries import DeedCard, cards_by_ids
from tori.models.deeds import PUBLIC_STATUSES, Deed, Theme
from tori.models.people import Organisation, Region, User
from tori.models.searching import SearchLogEntry
from tori.models.wishes import PartnerCall, PartnerInterest, Wish, WishAnswer, WishPromise
from tori.policy import Actor, Permission, require
from tori.search.port import SearchEngine, SearchError, SearchQuery

PER_PAGE = 20
SIMILAR = 4
GAP_DAYS = 90
GAPS_SHOWN = 100
MAX_ANSWERS = 50


@dataclass(frozen=True)
class WishFilter:
    """``state`` is ``avoin``, ``vastattu`` or empty; ``region`` and ``theme`` are slugs."""

    text: str = ""
    state: str = ""
    region: str = ""
    theme: str = ""


@dataclass(frozen=True)
class Answer:
    row: WishAnswer
    card: DeedCard


@dataclass(frozen=True)
class Gap:
    """Words that readers searched for without finding much, and how often in the last months."""

    query: str
    times: int


def _loaded(statement: Select[Wish]) -> Select[Wish]:
    return statement.options(
        joinedload(Wish.author).lazyload(User.memberships),
        joinedload(Wish.organisation).joinedload(Organisation.region),
        joinedload(Wish.sector),
        selectinload(Wish.themes),
    )


def get_wish(session: Session, actor: Actor, wish_id: int) -> Wish:
    """Raises NotFound for a missing and for a hidden one alike."""
    wish = session.scalar(_loaded(select(Wish).where(Wish.id == wish_id)))
    if wish is None:
        raise NotFound("wish")
    require(actor, Permission.WISH_READ, wish)
    return wish


def _conditions(chosen: WishFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Wish.hidden_at.is_(None)]
    if chosen.state:
        conditions.append(Wish.answered_at.is_(None) if chosen.state == "avoin" else Wish.answered_at.is_not(None))
    if chosen.region:
        conditions.append(Wish.organisation.has(Organisation.region.has(Region.slug == chosen.region)))
    if chosen.theme:
        conditions.append(Wish.themes.any(Theme.slug == chosen.theme))
    for word in chosen.text.split()[:8]:
        conditions.append(Wish.title.icontains(word, autoescape=True) | Wish.body.icontains(word, autoescape=True))
    return conditions


def newest(session: Session, chosen: WishFilter, limit: int) -> list[Wish]:
    statement = select(Wish).where(*_conditions(chosen)).order_by(Wish.id.desc()).limit(limit)
    return list(session.scalars(_loaded(statement)))


def wishes(session: Session, chosen: WishFilter, page: int) -> tuple[list[Wish], int]:
    """One page, those with most joined first among the open ones, and how many there are."""
    conditions = _conditions(chosen)
    total = session.scalar(select(func.count()).select_from(Wish).where(*conditions)) or 0
    statement = (
        select(Wish)
        .where(*conditions)
        .order_by(Wish.answered_at.is_not(None), Wish.supporter_count.desc(), Wish.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return list(session.scalars(_loaded(statement))), total


def answers_of(session: Session, wish: Wish, locale: str, actor: Actor) -> list[Answer]:
    """The deeds offered, the first one first; those no longer public are left out."""
    rows = session.scalars(
        select(WishAnswer).where(WishAnswer.wish_id == wish.id).order_by(WishAnswer.id).limit(MAX_ANSWERS)
    ).all()
    cards = {card.id: card for card in cards_by_ids(session, [row.deed_id for row in rows], locale, actor)}
    return [Answer(row, cards[row.deed_id]) for row in rows if row.deed_id in cards]


def promises_of(session: Session, wish: Wish) -> int:
    """How many are telling a deed as the answer just now."""
    return session.scalar(select(func.count()).where(WishPromise.wish_id == wish.id)) or 0


def similar_deeds(session: Session, engine: SearchEngine, text: str, locale: str, actor: Actor) -> list[DeedCard]:
    """Deeds that may already answer; none when the index does not answer."""
    try:
        result = engine.search(SearchQuery(text=text[:200], locale=locale, per_page=SIMILAR))
    except SearchError:
        return []
    return cards_by_ids(session, [hit.id for hit in result.hits if not hit.weak], locale, actor)


def _calls() -> Select[PartnerCall]:
    return (
        select(PartnerCall)
        .outerjoin(Deed, Deed.id == PartnerCall.deed_id)
        .outerjoin(Wish, Wish.id == PartnerCall.wish_id)
        .where(
            PartnerCall.closed_at.is_(None),
            PartnerCall.until >= clock.today(),
            or_(Deed.status.in_(PUBLIC_STATUSES), Wish.id.is_not(None) & Wish.hidden_at.is_(None)),
        )
        .options(
            joinedload(PartnerCall.organisation).joinedload(Organisation.region),
            joinedload(PartnerCall.deed),
            joinedload(PartnerCall.wish),
        )
        .order_by(PartnerCall.until, PartnerCall.id)
    )


def open_calls(session: Session, region: str = "", theme: str = "", limit: int = 100) -> list[PartnerCall]:
    """Calls for partners, those that end first come first."""
    statement = _calls()
    if region:
        statement = statement.where(PartnerCall.organisation.has(Organisation.region.has(Region.slug == region)))
    if theme:
        in_theme = Theme.slug == theme
        statement = statement.where(or_(Deed.themes.any(in_theme), Wish.themes.any(in_theme)))
    return list(session.scalars(statement.limit(limit)))


def calls_of(session: Session, deed_id: int | None = None, wish_id: int | None = None) -> list[PartnerCall]:
    condition = PartnerCall.deed_id == deed_id if deed_id else PartnerCall.wish_id == wish_id
    return list(session.scalars(_calls().where(condition)))


def get_call(session: Session, call_id: int) -> PartnerCall:
    """Open or closed. Raises NotFound."""
    call = session.get(PartnerCall, call_id)
    if call is None:
        raise NotFound("partner call")
    return call


def interests_of(session: Session, call: PartnerCall) -> list[PartnerInterest]:
    return list(
        session.scalars(
            select(PartnerInterest)
            .where(PartnerInterest.call_id == call.id)
            .options(joinedload(PartnerInterest.user))
            .order_by(PartnerInterest.id)
        )
    )


def gaps(session: Session) -> Sequence[Gap]:
    """What is looked for and not found, the most wanted first. No persons: the log holds none."""
    since = clock.today() - timedelta(days=GAP_DAYS)
    query = func.lower(SearchLogEntry.query)
    rows = session.execute(
        select(query, func.count())
        .where(SearchLogEntry.day >= since, SearchLogEntry.strong == 0, SearchLogEntry.query != "")
        .group_by(query)
        .order_by(func.count().desc(), query)
        .limit(GAPS_SHOWN)
    )
    return [Gap(row[0], row[1]) for row in rows]
