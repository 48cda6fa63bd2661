"""What is done to accounts by the calendar. How long each thing is kept is a setting."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from tori.accounts import mails
from tori.accounts.erasure import erase
from tori.config import Config
from tori.core import clock
from tori.database import db, transaction
from tori.models.operations import RateCount
from tori.models.people import AccountToken, Role, User

COUNTERS_KEPT = timedelta(days=2)
BATCH = 200


def sweep_accounts(config: Config) -> int:
    """Removes sign-ups never confirmed, links that no longer work and old counters. Returns how many rows."""
    moment = clock.now()
    unconfirmed = moment - timedelta(days=config.unconfirmed_days)
    outdated = [
        delete(AccountToken).where((AccountToken.expires_at < moment) | AccountToken.used_at.is_not(None)),
        delete(User).where(User.confirmed_at.is_(None), User.created_at < unconfirmed),
        delete(RateCount).where(RateCount.window < int((moment - COUNTERS_KEPT).timestamp())),
    ]
    removed = 0
    with transaction() as session:
        for statement in outdated:
            removed += session.execute(statement).rowcount  # type: ignore[attr-defined]
    return removed


def ask_idle(config: Config) -> int:
    """Asks people long unseen whether they still need the account. Signing in is the answer. Returns how many."""
    seen_before = clock.shift_months(clock.today(), -config.idle_ask_months)
    with transaction() as session:
        rows = session.scalars(
            select(User)
            .where(_last_seen() < seen_before, User.asked_idle_on.is_(None), *_ordinary())
            .order_by(User.id)
            .limit(BATCH)
        ).all()
        for user in rows:
            user.asked_idle_on = clock.today()
            months = config.idle_erase_months - config.idle_ask_months
            day = clock.shift_months(clock.today(), months)
            mails.send(session, user, "still_needed", day=day, sign_in=mails.link(user, "accounts.sign_in"))
    return len(rows)


def erase_idle(config: Config) -> int:
    """Erases accounts whose owners were asked and did not come. Returns how many."""
    months = config.idle_erase_months - config.idle_ask_months
    asked_before = clock.shift_months(clock.today(), -months)
    statement = select(User.id).where(User.asked_idle_on <= asked_before, *_ordinary()).limit(BATCH)
    erased = 0
    for number in list(db.session.scalars(statement)):
        with transaction() as session:
            user = session.get(User, number)
            if user is not None and user.asked_idle_on is not None and _is_unseen_since(user, user.asked_idle_on):
                erase(session, user, config)
                erased += 1
    return erased


def _last_seen() -> ColumnElement[date]:
    """Accounts from before the day was kept count from their making."""
    return func.coalesce(User.seen_on, func.date(User.created_at))


def _ordinary() -> tuple[ColumnElement[bool], ...]:
    """Nobody loses a role of the service by being away; an administrator decides that."""
    return User.confirmed_at.is_not(None), User.role == Role.MEMBER


def _is_unseen_since(user: User, day: date) -> bool:
    seen = user.seen_on or user.created_at.date()
    return seen <= day
