"""A year of the square on one page and as a PDF."""

from collections import Counter
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.statistics.html_tables import tables_of
from tests.statistics.simulated import NOW, fill
from tests.statistics.slow_path import SlowPath, finnish_day
from tests.web.counting import counted_queries
from tori.core import clock
from tori.models.deeds import Adoption, DeedStatus

YEAR = 2025
BUDGET = 16


def test_the_year_is_what_the_rows_say_on_the_page_and_in_the_pdf(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    fill(session)
    slow = SlowPath(session, NOW)
    with clock.frozen(NOW):
        client.get("/en/tilastot")
        with counted_queries(app) as queries:
            page = client.get(f"/en/tilastot/vuosi/{YEAR}").text
        file = client.get(f"/en/tilastot/vuosi-{YEAR}.pdf")
    assert len(queries) <= BUDGET, queries
    text = " ".join(" ".join(part.extract_text() for part in PdfReader(BytesIO(file.data)).pages).split())
    told = [deed for deed in slow.deeds if slow.year_in_finland(deed) == YEAR]
    took = [row for row in slow.adoptions if finnish_day(row.created_at).year == YEAR]
    tellers, takers = {deed.organisation_id for deed in told}, {row.organisation_id for row in took}
    sentence = (
        f"In {YEAR} {len(tellers)} organisations told {len(told)} deeds, "
        f"and {len(takers)} organisations took a model {len(took)} times."
    )
    assert sentence in " ".join(page.split())
    assert sentence in text
    tables = tables_of(page)
    for row in tables["The year by region"]:
        region = next(each for each in slow.regions if each.name == row[0])
        home = {place.id for place in slow.places.values() if place.region_id == region.id}
        own = [deed for deed in told if deed.organisation_id in home]
        assert row[1:] == [
            str(len(own)),
            str(len({deed.organisation_id for deed in own})),
            str(sum(each.organisation_id in home for each in took)),
        ]
        assert " ".join(row) in text
    times = Counter(row.deed_id for row in took)
    assert [int(row[2]) for row in tables["Models that spread in the year"]] == [
        count for _, count in times.most_common(10)
    ]
    slugs = Counter(deed.sector_id for deed in told)
    assert [row[1] for row in tables["Deeds by sector"]] == [str(count) for _, count in slugs.most_common()]
    assert sum(int(row[2].removesuffix(" %")) for row in tables["Deeds by sector"]) == 100


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_it_tells_what_came_of_it_and_hides_what_is_withdrawn(
    session: Session, make: Factory, client: FlaskClient, prefix: str
) -> None:
    moment = datetime(YEAR, 5, 4, tzinfo=UTC)
    taker = make.organisation("Akaan kaupunki")
    open_deed = make.deed("Avoin teko", published_at=moment)
    hidden = make.deed("Poistettu teko", published_at=moment, status=DeedStatus.WITHDRAWN)
    for deed, outcome in ((open_deed, "Jonot lyhenivät."), (hidden, "Salainen tulos.")):
        session.add(
            Adoption(
                deed_id=deed.id, organisation_id=taker.id, created_at=moment, updated_at=moment, outcome=outcome
            )
        )  # fmt: skip
    session.commit()
    page = client.get(f"{prefix}/tilastot/vuosi/{YEAR}").text
    assert "Jonot lyhenivät." in page
    assert "Salainen tulos." not in page
    assert "Poistettu teko" not in page
    for path in ("vuosi/2014", "vuosi/2099", "vuosi-2099.pdf"):
        assert client.get(f"{prefix}/tilastot/{path}").status_code == 404
