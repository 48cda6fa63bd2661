"""How long one autosave takes beside one plain INSERT, in a database of 10,000 deeds. Run by its path:
``pytest -n 0 -s tests/benchmarks/test_autosave.py``."""

import statistics
import time
from collections.abc import Callable

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.core import clock
from tori.database import transaction
from tori.deeds import drafts
from tori.models.deeds import Deed
from tori.models.operations import Feedback
from tori.policy import Actor

DEEDS = 10_000
ROUNDS = 60
MOST_TIMES_AN_INSERT = 6
LONG_TEXT = "Palaveri pidetään kävellen, ja asiat sovitaan matkalla. " * 80


def median_ms(action: Callable[[int], None]) -> float:
    times = []
    for number in range(1, ROUNDS + 1):
        start = time.perf_counter()
        action(number)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def test_an_autosave_costs_little_more_than_one_insert(session: Session, make: Factory) -> None:
    organisation = make.organisation()
    actor, sector, moment = Actor(make.user(organisation=organisation)), make.sector(), clock.now()
    base = {
        "slug": "teko", "summary": "Tiivistelmä", "language": "fi", "organisation_id": organisation.id,
        "sector_id": sector.id, "status": "published", "published_at": moment, "updated_at": moment,
        "need": LONG_TEXT[:500],
    }  # fmt: skip
    session.execute(insert(Deed), [{**base, "title": f"Teko {number}"} for number in range(DEEDS)])
    session.commit()
    fields = {name: [LONG_TEXT] for name in ("summary", "need", "goals", "implementation", "results")}

    def plain(number: int) -> None:
        with transaction() as rows:
            rows.execute(insert(Feedback).values(topic="muu", body=LONG_TEXT, created_at=moment))

    def autosave(number: int) -> None:
        with transaction() as rows:
            drafts.save_new(rows, actor, "lomake", fields, number)

    plain_ms, autosave_ms = median_ms(plain), median_ms(autosave)
    print(f"\nplain INSERT {plain_ms:.2f} ms, autosave {autosave_ms:.2f} ms")
    assert autosave_ms < plain_ms * MOST_TIMES_AN_INSERT
