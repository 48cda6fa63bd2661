"""Marks of a person: counted, seen by nobody, taken along on wish."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.accounts import marks
from tori.accounts.marks import Kind
from tori.core import clock
from tori.core.errors import NotFound, RuleBroken
from tori.database import transaction
from tori.deeds import adoptions
from tori.models.deeds import DeedStatus
from tori.policy import Actor


def test_what_is_public_counts_and_taking_needs_enough(session: Session, make: Factory) -> None:
    home = make.organisation()
    person, other = make.user(organisation=home), make.user()
    for number in range(2):
        make.deed(f"Oma {number}", author_id=person.id, organisation_id=home.id)
    make.deed("Luonnos", author_id=person.id, status=DeedStatus.DRAFT)
    together = make.deed("Yhdessä", author_id=other.id)
    taken = make.deed("Muiden")
    with transaction():
        adoptions.adopt(session, Actor(person), taken)
    counts = {row.kind: row.count for row in marks.standings(session, person)}
    assert counts == {Kind.TELLER: 2, Kind.TAKER: 1, Kind.AMBASSADOR: 0}
    with pytest.raises(RuleBroken, match="mark_not_earned"), transaction():
        marks.take(session, Actor(person), "kertoja")
    with pytest.raises(NotFound), transaction():
        marks.take(session, Actor(person), "mestari")
    together.co_authors = [person]
    session.commit()
    with transaction():
        assert marks.take(session, Actor(person), "kertoja").key == marks.take(session, Actor(person), "kertoja").key


def test_an_earned_mark_is_taken_along_as_an_open_badge_and_taken_back(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    person = make.user("maija@example.org", display_name="Maija Mallikas")
    for number in range(3):
        make.deed(f"Oma {number}", author_id=person.id)
    own = Browser(app).sign_in(person)
    assert "/merkki/" not in own.get("/oma/merkit").text
    assert own.post("/oma/merkit/kertoja/ota").status_code == 303
    assert 'data-copy-from="address-kertoja"' in own.get("/oma/merkit").text
    session.rollback()
    mark = next(row.mark for row in marks.standings(session, person) if row.mark)
    assert mark is not None
    key = mark.key
    session.rollback()
    page = client.get(f"/en/merkki/{key}")
    assert "Maija Mallikas" in page.text
    assert "Teller of deeds" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    data = client.get(f"/en/merkki/{key}.json").json
    assert data["type"] == "Assertion"
    assert data["verification"] == {"type": "hosted"}
    assert data["badge"]["name"] == "Teller of deeds"
    assert "maija@" not in str(data)
    assert client.get(data["badge"]["id"]).json["type"] == "BadgeClass"
    assert Image.open(BytesIO(client.get(data["image"]).data)).size == (600, 600)
    own.post("/oma/merkit/kertoja/luovu")
    assert client.get(f"/merkki/{key}").status_code == 404
    assert client.get("/merkit/mestari.png").status_code == 404


def test_the_mark_of_an_ambassador_ends_with_the_task(session: Session, make: Factory) -> None:
    home = make.organisation()
    person = make.user(organisation=home)
    person.memberships[0].ambassador_since = clock.now()
    session.commit()
    with transaction():
        key = marks.take(session, Actor(person), "lahettilas").key
    assert marks.shown_mark(session, key).user_id == person.id
    person.memberships[0].ambassador_since = None
    session.commit()
    with pytest.raises(NotFound):
        marks.shown_mark(session, key)
