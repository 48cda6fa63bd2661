"""Who is due for an issue now. Called by the worker again and again; killed at any moment it goes on where it was."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.database import Due, db, transaction
from tori.digest.content import News, chosen_news, found_by_searches, interests_of, news_between, own_wishes, told_deeds
from tori.digest.letters import address_of, locale_of, write_issue
from tori.digest.windows import SETTLING, Slot, latest_slot, window_of
from tori.follows.service import targets_of
from tori.models.base import UtcDateTime
from tori.models.digest import NewsKind, Rhythm, Subscriber
from tori.models.operations import IndexTask
from tori.search.port import SearchEngine, SearchError

log = logging.getLogger(__name__)

BATCH = 50
RHYTHMS = (Rhythm.WEEKLY, Rhythm.MONTHLY)


def send_due_digests(config: Config, engine: SearchEngine) -> int:
    """Writes the issues of some readers into the outbox, one transaction a reader. Returns how many were looked at."""
    now, slot = clock.now(), Slot.parse(config.digest_at)
    ids = due_ids(db.session(), now, slot)
    kept = _News()
    return sum(_write_for(subscriber_id, now, slot, engine, kept) for subscriber_id in ids)


def due_ids(session: Session, now: datetime, slot: Slot) -> list[int]:
    """The readers whose told time ends before the last slot of their rhythm."""
    statement = select(Subscriber.id).where(_is_due(_slots(now, slot)))
    return list(session.scalars(statement.order_by(Subscriber.told_until, Subscriber.id).limit(BATCH)))


def _slots(now: datetime, slot: Slot) -> Mapping[str, datetime]:
    """For each rhythm the moment up to which its readers are to have been told."""
    return {rhythm: latest_slot(rhythm, now, slot) - SETTLING for rhythm in RHYTHMS}


def _is_due(slots: Mapping[str, Any]) -> ColumnElement[bool]:
    return or_(*((Subscriber.rhythm == rhythm) & (Subscriber.told_until < moment) for rhythm, moment in slots.items()))


is_due = Due(
    select(Subscriber.id).where(_is_due({rhythm: bindparam(rhythm, type_=UtcDateTime()) for rhythm in RHYTHMS})),
    lambda config: _slots(clock.now(), Slot.parse(config.digest_at)),
)


class _News:
    """The news of a batch: most of its readers have the same window, so each window is read once."""

    def __init__(self) -> None:
        self._windows: dict[tuple[datetime, datetime], list[News]] = {}

    def between(self, session: Session, since: datetime, until: datetime) -> list[News]:
        if (since, until) not in self._windows:
            self._windows[since, until] = news_between(session, since, until)
        return self._windows[since, until]


def _write_for(subscriber_id: int, now: datetime, slot: Slot, engine: SearchEngine, kept: _News) -> int:
    try:
        with transaction() as session:
            # Whoever comes second waits here and then finds that nothing is due any more.
            subscriber = session.get(Subscriber, subscriber_id, with_for_update=True, populate_existing=True)
            if subscriber is None:
                return 0
            window = window_of(subscriber.rhythm, subscriber.told_until, now, slot)
            if window is None:
                return 0
            address = address_of(subscriber)
            if address is not None:
                news = _news_for(session, subscriber, kept.between(session, window.since, window.until), engine)
                if news:
                    write_issue(session, subscriber, address, window.since, window.until, news)
            subscriber.told_until = window.until
    except SearchError:
        log.warning("the digest of subscriber %s waits for the search index", subscriber_id)
        return 0
    return 1


def _news_for(session: Session, subscriber: Subscriber, news: list[News], engine: SearchEngine) -> list[News]:
    if not news:
        return []
    followed = targets_of(session, [subscriber.user_id]) if subscriber.user_id else {}
    wishes = own_wishes(session, subscriber.user_id) if subscriber.user_id else ()
    interests = interests_of(subscriber, followed.get(subscriber.user_id or 0, {}), wishes)
    if interests.searches:
        if session.scalar(select(IndexTask.id).where(IndexTask.created_at <= news[-1].moment).limit(1)) is not None:
            raise SearchError("changes wait to be indexed")
        interests = replace(interests, found=found_by_searches(session, engine, interests, locale_of(subscriber)))
    has_picks = any(item.kind == NewsKind.DEED_PICKED for item in news)
    return chosen_news(news, interests, told_deeds(session, subscriber.id) if has_picks else ())
