"""Features on trial: each behind a switch of TRIALS with a last day, its use counted, shown to administrators.

After its last day a trial is off by itself. Then it is either kept for good (its switch goes away) or taken out of the
code; docs/operations.md tells how. A name in TRIALS that the code no longer knows does nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, current_app
from flask_babel import lazy_gettext as __
from sqlalchemy import select
from sqlalchemy.orm import Session

from tori.config import Config
from tori.core import clock
from tori.core.errors import NotFound, TooMany
from tori.database import insert_of, transaction
from tori.edge import limits
from tori.edge.access import PUBLIC, access
from tori.models.operations import TrialUse

LISTEN = "kuuntele"
TRIALS: dict[str, Any] = {
    LISTEN: __("A deed is read aloud by the reader’s own device."),
}
"""Name -> what is tried, for administrators."""
LATELY = timedelta(days=30)

blueprint = Blueprint("trials", __name__)


@dataclass(frozen=True)
class Trial:
    """``until`` is its last day; ``lately`` and ``together`` are how often it has been used, ``days`` on how many."""

    name: str
    words: Any
    until: date
    lately: int
    together: int
    days: int

    @property
    def is_over(self) -> bool:
        return self.until < clock.today()


def _config() -> Config:
    config: Config = current_app.extensions["tori"]
    return config


def is_on(name: str) -> bool:
    until = _config().trial_days.get(name)
    return name in TRIALS and until is not None and until >= clock.today()


def note_use(session: Session, name: str) -> None:
    """One more today, of nobody."""
    insert = insert_of(session)
    statement = insert(TrialUse).values(name=name, day=clock.today(), count=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[TrialUse.name, TrialUse.day], set_={"count": TrialUse.count + 1}
        )
    )


def trials(session: Session) -> list[Trial]:
    """Those that are set, also when their time is over. One statement."""
    rows = session.execute(select(TrialUse.name, TrialUse.day, TrialUse.count)).all()
    since = clock.today() - LATELY
    found = []
    for name, until in _config().trial_days.items():
        if name in TRIALS:
            own = [(day, count) for other, day, count in rows if other == name]
            lately = sum(count for day, count in own if day > since)
            found.append(Trial(name, TRIALS[name], until, lately, sum(count for _day, count in own), len(own)))
    return found


@blueprint.post("/kokeilut/<name>")
@access(PUBLIC)
def used(name: str) -> Response:
    """A script tells that a feature on trial was used. Without cookies, and nothing of anybody changes: no token."""
    if not is_on(name):
        raise NotFound(name)
    try:
        with transaction() as session:
            limits.count(session, "click_address", limits.asker())
            note_use(session, name)
    except TooMany:
        return Response(status=429)
    return Response(status=204)


@blueprint.app_context_processor
def switches() -> dict[str, Any]:
    return {"trial_is_on": is_on}
