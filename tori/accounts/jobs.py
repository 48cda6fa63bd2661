"""What is done to accounts by the calendar."""

from datetime import timedelta

from sqlalchemy import delete

from tori.config import Config
from tori.core import clock
from tori.database import transaction
from tori.models.operations import RateCount
from tori.models.people import AccountToken, User

UNCONFIRMED_DAYS = 7
COUNTERS_KEPT = timedelta(days=2)


def sweep_accounts(config: Config) -> int:
    """Removes sign-ups never confirmed, links that no longer work and old counters. Returns how many rows."""
    moment = clock.now()
    outdated = [
        delete(AccountToken).where((AccountToken.expires_at < moment) | AccountToken.used_at.is_not(None)),
        delete(User).where(User.confirmed_at.is_(None), User.created_at < moment - timedelta(days=UNCONFIRMED_DAYS)),
        delete(RateCount).where(RateCount.window < int((moment - COUNTERS_KEPT).timestamp())),
    ]
    removed = 0
    with transaction() as session:
        for statement in outdated:
            removed += session.execute(statement).rowcount  # type: ignore[attr-defined]
    return removed
