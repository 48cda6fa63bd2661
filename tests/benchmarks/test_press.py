"""How long the press of "otettu mallia" takes to its answer, in a square of 10,000 deeds and 50,000 adoptions, beside
the page of the same deed in the same run. Run by its path: ``pytest -n 0 -s tests/benchmarks/test_press.py``."""

import statistics
import time
from collections.abc import Callable

from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.adoptions.queries import summaries
from tori.core import clock
from tori.models.adoptions import AdoptionMember
from tori.models.deeds import Adoption, AdoptionStatus, Deed
from tori.models.people import Organisation

DEEDS = 10_000
ADOPTIONS = 50_000
ORGANISATIONS = 300
ROUNDS = 40
MOST_MS = 50
MOST_TIMES_AN_EMPTY_SQUARE = 1.5
YARDSTICK = 200_000
YARDSTICK_MS = 10.0
"""An ordinary machine adds so many numbers in so many milliseconds. The limit of the press is that of such a machine:
how fast this one is, and how much others slow it down now, is measured by the same sum after the presses."""
FETCH = {"X-Requested-With": "fetch"}


def fill(session: Session, organisation_ids: list[int], sector_id: int) -> None:
    moment = clock.now()
    base = {
        "slug": "teko", "summary": "Tiivistelmä", "language": "fi", "sector_id": sector_id, "status": "published",
        "published_at": moment, "updated_at": moment,
    }  # fmt: skip
    places = len(organisation_ids)
    session.execute(
        insert(Deed),
        [
            {**base, "title": f"Teko {number}", "organisation_id": organisation_ids[number % places]}
            for number in range(DEEDS)
        ],
    )
    ids = session.scalars(select(Deed.id).order_by(Deed.id.desc()).limit(DEEDS)).all()[::-1]
    each = ADOPTIONS // DEEDS
    session.execute(
        insert(Adoption),
        [
            {
                "deed_id": deed_id, "organisation_id": organisation_ids[(number + 1 + step) % places],
                "updated_at": moment, "created_at": moment, "status": AdoptionStatus.IN_USE if step % 2 else None,
            }
            for number, deed_id in enumerate(ids)
            for step in range(each)
        ],
    )  # fmt: skip
    session.execute(update(Deed).where(Deed.id.in_(ids)).values(adoption_count=each))
    session.commit()


def yardstick_ms() -> float:
    start = time.process_time()
    total = 0
    for number in range(YARDSTICK):
        total += number
    assert total == YARDSTICK * (YARDSTICK - 1) // 2
    return (time.process_time() - start) * 1000


def median_ms(action: Callable[[int], None], ids: list[int]) -> float:
    """Of the time that this process works: what others do on the machine at the moment does not count."""
    times = []
    for number in ids:
        start = time.process_time()
        action(number)
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def test_the_press_is_quick_and_a_full_square_does_not_slow_it(session: Session, make: Factory, app: Flask) -> None:
    places = [make.organisation(f"Kunta {number}") for number in range(4)]
    few = [make.deed(f"Alku {number}", organisation_id=places[number % 3].id) for number in range(ROUNDS)]
    presser = make.user(organisation=places[3])
    browser = Browser(app).sign_in(presser)
    token = browser.token()

    def press(deed_id: int) -> None:
        answer = browser.client.post(f"/teot/{deed_id}/mallia", data={"csrf_token": token}, headers=FETCH)
        assert answer.status_code == 200

    press(few[0].id)
    with counted_queries(app) as statements_before:
        press(few[1].id)
    empty_ms = median_ms(press, [deed.id for deed in few[2:]])
    session.execute(
        insert(Organisation),
        [{"name": f"Paikka {n}", "slug": f"paikka-{n}", "kind": "kunta", "introduction": "", "note": "",
          "created_at": clock.now()} for n in range(ORGANISATIONS)],
    )  # fmt: skip
    session.commit()
    others = session.scalars(select(Organisation.id).where(Organisation.slug.startswith("paikka-"))).all()
    fill(session, list(others), few[0].sector_id)
    wanted = session.scalars(select(Deed.id).where(Deed.title.startswith("Teko")).order_by(Deed.id)).all()
    chosen = list(wanted)[:: DEEDS // ROUNDS]
    with counted_queries(app) as statements:
        press(chosen[0])
    full_ms = median_ms(press, chosen[1:])
    slowness = max(1.0, statistics.median(yardstick_ms() for _turn in range(9)) / YARDSTICK_MS)
    page_ms = median_ms(lambda deed_id: _open(browser, deed_id), chosen)
    print(
        f"\npress to answer: {empty_ms:.1f} ms with {ROUNDS} deeds, {full_ms:.1f} ms with {DEEDS} deeds and "
        f"{ADOPTIONS} adoptions ({full_ms / empty_ms:.2f} times), {len(statements)} statements; the page of a deed "
        f"{page_ms:.1f} ms; this machine is {slowness:.1f} times an ordinary one: {full_ms / slowness:.1f} ms there"
    )
    assert len(statements) == len(statements_before), "a full square asks the database no more often"
    assert full_ms < MOST_TIMES_AN_EMPTY_SQUARE * empty_ms
    assert full_ms < MOST_MS * slowness
    session.rollback()
    members = session.scalars(select(AdoptionMember.id).where(AdoptionMember.user_id == presser.id)).all()
    assert len(members) == len(few) + len(chosen)


def _open(browser: Browser, deed_id: int) -> None:
    assert browser.get(f"/teot/{deed_id}-teko").status_code == 200


def test_the_counts_of_fifty_deeds_come_in_one_statement(session: Session, make: Factory, app: Flask) -> None:
    places = [make.organisation() for _ in range(7)]
    fill(session, [place.id for place in places], make.sector().id)
    ids = list(session.scalars(select(Deed.id).limit(50)))
    session.rollback()
    with counted_queries(app) as statements:
        found = summaries(session, ids)
    assert len(statements) == 1
    assert len(found) == 50
    assert all((row.adoptions, row.in_use) == (5, 2) for row in found.values())
