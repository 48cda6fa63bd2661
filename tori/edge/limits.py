"""How often something may be done, counted in the database: every process sees the same and a restart forgets nothing."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from tori.core import clock
from tori.core.errors import TooMany
from tori.models.operations import RateCount

LIMITS: dict[str, tuple[int, timedelta]] = {
    "sign_in_account": (10, timedelta(minutes=15)),
    "sign_in_address": (60, timedelta(minutes=15)),
    "register_address": (10, timedelta(hours=1)),
    "reset_account": (3, timedelta(hours=1)),
    "reset_address": (10, timedelta(hours=1)),
    "publish_account": (60, timedelta(hours=1)),
    "comment_account": (20, timedelta(minutes=10)),
    "adopt_account": (120, timedelta(hours=1)),
    "feedback_address": (10, timedelta(hours=1)),
}
"""Limit -> how many times in which time."""


def count(session: Session, limit: str, key: object) -> None:
    """Counts one use. Raises TooMany when there were too many in the window. Runs inside the caller's transaction."""
    allowed, length = LIMITS[limit]
    seconds = int(length.total_seconds())
    moment = int(clock.now().timestamp())
    window = moment - moment % seconds
    name = f"{limit}:{key}"[:150]
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = insert(RateCount).values(key=name, window=window, count=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[RateCount.key, RateCount.window], set_={"count": RateCount.count + 1}
        )
    )
    used = session.scalar(select(func.sum(RateCount.count)).where(RateCount.key == name, RateCount.window == window))
    if (used or 0) > allowed:
        raise TooMany(limit, window + seconds - moment)
