"""Who gives and takes in a year, and where models go, recounted by hand."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.adoptions import activity
from tori.adoptions.activity import Activity
from tori.core import clock
from tori.models.deeds import Adoption, Comment, DeedStatus


def test_told_taken_and_commented_are_counted_by_organisation_and_year(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    giver, taker = make.organisation("Antaja"), make.organisation("Ottaja")
    first, second = make.deed("Eka", organisation_id=giver.id), make.deed("Toka", organisation_id=giver.id)
    hidden = make.deed("Piilo", organisation_id=taker.id, status=DeedStatus.WITHDRAWN)
    now = clock.now()
    writer = make.user(organisation=taker)

    def comment(deed_id: int, **values: object) -> Comment:
        return Comment(deed_id=deed_id, author_id=writer.id, organisation_id=taker.id, body="Hyvä", html="", **values)

    session.add_all(
        [
            *(Adoption(deed_id=deed.id, organisation_id=taker.id, updated_at=now) for deed in (first, second)),
            comment(first.id),
            comment(first.id, removed_at=now),
            comment(hidden.id),
            comment(first.id, created_at=now - timedelta(days=800)),
        ]
    )
    session.commit()
    year = clock.today().year
    assert activity.most_active(session, year, "fi") == [
        Activity("Ottaja", "ottaja", 0, 2, 1), Activity("Antaja", "antaja", 2, 0, 0),
    ]  # fmt: skip
    assert activity.most_active(session, year - 5, "fi") == []
    page = client.get("/en/mallinottajat").text
    assert f"Giving and taking in {year}" in page
    assert "Where models go" in page


def test_adoptions_are_counted_by_region_sector_and_kind(session: Session, make: Factory) -> None:
    deed, hidden = make.deed(), make.deed(status=DeedStatus.WITHDRAWN)
    places = [make.organisation(f"Paikka {number}") for number in range(3)]
    places.append(make.organisation("Yhtiö", kind="kuntayhtio"))
    session.add_all(
        Adoption(deed_id=row.id, organisation_id=place.id, updated_at=clock.now())
        for row in (deed, hidden)
        for place in places
    )
    session.commit()
    found = activity.spread(session, "fi")
    assert found.sectors == [(deed.sector.name, 4)]
    assert [count for _kind, count in found.kinds] == [3, 1]
    assert sum(count for _region, count in found.regions) == sum(1 for place in places if place.region_id)


def test_the_page_takes_as_many_statements_for_many(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    def take(count: int) -> None:
        for _number in range(count):
            place = make.organisation()
            session.add(Adoption(deed_id=make.deed().id, organisation_id=place.id, updated_at=clock.now()))
        session.commit()

    take(1)
    client.get("/mallinottajat")
    with counted_queries(app) as few:
        client.get("/mallinottajat")
    take(6)
    with counted_queries(app) as many:
        client.get("/mallinottajat")
    assert len(few) == len(many)
