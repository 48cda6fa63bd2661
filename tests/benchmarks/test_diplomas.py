"""What all diplomas of a large gala cost. The promise: 300 of them under 60 seconds and 500 MB on two cores."""

import resource
import time

from flask import Flask

from tori.campaigns import diplomas
from tori.campaigns.awards import AwardRow
from tori.deeds import printing

FEW, TRIED = 10, 40
PROMISED = 300
SECONDS = 60.0
MEGABYTES = 350.0
"""Beside what a worker takes anyway."""
LINEAR = 1.6


def row(number: int) -> AwardRow:
    return AwardRow(
        id=number, key="abcd23efgh", year=2026, campaign="Tekojen gaala 2026", campaign_slug="gaala", is_mention=False,
        series="Innostavat teot", title=f"Hävikki, osa {number}", language="fi", organisation="Lempäälän kunta",
        organisation_slug="lempaala", citation="Pieni muutos, josta jokainen hyötyy.", thanks="keittiön väki",
        deed_id=number, deed_slug="havikki", is_withdrawn=False,
    )  # fmt: skip


def printed(count: int) -> tuple[float, list[int]]:
    """Seconds of the processor for so many diplomas, and what was told of the progress."""
    told: list[int] = []
    start = time.process_time()
    pages = (diplomas.page(row(number), "fi") for number in range(count))
    assert printing.many_sheets(pages, diplomas.styles(), told.append).startswith(b"%PDF")
    return time.process_time() - start, told


def greatest_memory() -> float:
    """Megabytes that the process has had at its largest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_the_diplomas_of_a_gala_are_made_in_time(app: Flask) -> None:
    """Measured in processor time of a part, as the machine of the tests has other things to do."""
    with app.app_context():
        printed(FEW)
        few, _told = printed(FEW)
        before = greatest_memory()
        used, told = printed(TRIED)
    assert told == list(range(1, TRIED + 1))
    assert used * PROMISED / TRIED < SECONDS, f"{used:.1f} s for {TRIED}"
    # Twice as many take twice as long, not four times: so a part tells of the whole.
    assert used / few < LINEAR * TRIED / FEW, f"{used:.1f} s for {TRIED}, {few:.1f} s for {FEW}"
    grown = (greatest_memory() - before) * PROMISED / TRIED
    assert grown < MEGABYTES, f"{grown:.0f} MB"
