"""What all diplomas of a large gala cost. The promise: 300 of them under 60 seconds and 500 MB on two cores."""

import time

from flask import Flask

from tori.campaigns import diplomas
from tori.campaigns.awards import AwardRow
from tori.deeds import printing

TRIED = 40
PROMISED = 300
SECONDS = 60.0


def row(number: int) -> AwardRow:
    return AwardRow(
        id=number, key="abcd23efgh", year=2026, campaign="Tekojen gaala 2026", campaign_slug="gaala", is_mention=False,
        series="Innostavat teot", title=f"Hävikki, osa {number}", language="fi", organisation="Lempäälän kunta",
        organisation_slug="lempaala", citation="Pieni muutos, josta jokainen hyötyy.", thanks="keittiön väki",
        deed_id=number, deed_slug="havikki", is_withdrawn=False,
    )  # fmt: skip


def test_the_diplomas_of_a_gala_are_made_in_time(app: Flask) -> None:
    """Measured in processor time of a part, as the machine of the tests has other things to do."""
    told: list[int] = []
    with app.app_context():
        start = time.process_time()
        content = printing.many_sheets(
            (diplomas.page(row(number), "fi") for number in range(TRIED)), diplomas.styles(), told.append
        )
        used = time.process_time() - start
    assert told == list(range(1, TRIED + 1))
    assert content.startswith(b"%PDF")
    assert used * PROMISED / TRIED < SECONDS, f"{used:.1f} s for {TRIED}"
