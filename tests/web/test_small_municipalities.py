"""The entrance of small municipalities."""

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.models.deeds import Adoption, Deed, DeedStatus, Material
from tori.models.people import Organisation


def town(make: Factory, name: str, people: int) -> Organisation:
    return make.organisation(f"{name} kunta", municipality_id=make.municipality(name, population=people).id)


def with_tool(make: Factory, session: Session, title: str, **values: object) -> Deed:
    deed = make.deed(title, **values)  # type: ignore[arg-type]
    session.add(Material(deed_id=deed.id, position=1, title="Lomake", url="https://example.fi/lomake"))
    session.commit()
    return deed


def part(page: str, name: str) -> str:
    return page.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


def test_packages_are_light_and_have_something_ready(session: Session, make: Factory, client: FlaskClient) -> None:
    with_tool(make, session, "Kevyt lomake", is_small=True, first_steps=["Tulosta lomake"])
    with_tool(make, session, "Ilmainen malli", cost="ei")
    with_tool(make, session, "Iso hanke", effort="hanke", cost="yli-100000")
    with_tool(make, session, "Luonnos", is_small=True, status=DeedStatus.DRAFT)
    make.deed("Ilman työkalua", is_small=True)
    make.deed("Askeleet riittävät", is_small=True, first_steps=["Kysy tiimiltä"])
    packages = part(client.get("/en/pienille-kunnille").text, "packages")
    assert "Kevyt lomake" in packages
    assert "Tulosta lomake" in packages
    assert "Ilmainen malli" in packages
    assert "Askeleet riittävät" in packages
    for title in ("Iso hanke", "Luonnos", "Ilman työkalua"):
        assert title not in packages, title


def test_deeds_and_models_of_small_ones_stand_apart_from_the_large(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    small, large = town(make, "Pieni", 4_000), town(make, "Suuri", 200_000)
    make.deed("Pienen teko", organisation_id=small.id)
    model = make.deed("Suuren teko", organisation_id=large.id)
    other = make.deed("Suuren toinen", organisation_id=large.id)
    now = datetime(2026, 5, 5, tzinfo=UTC)
    for deed, taker in ((model, small), (other, large)):
        session.add(Adoption(deed_id=deed.id, organisation_id=taker.id, created_at=now, updated_at=now))
    session.commit()
    client.get("/en/tilastot")
    with counted_queries(app) as queries:
        page = client.get("/en/pienille-kunnille").text
    assert len(queries) <= PAGE_BUDGET, queries
    own, taken = part(page, "own"), part(page, "taken")
    assert "Pienen teko" in own
    assert "Suuren teko" not in own
    assert "Suuren teko" in taken
    assert "Suuren toinen" not in taken
    assert "1 of 1 municipalities of fewer than 10,000 inhabitants has told a deed." in page


def test_an_empty_square_invites_the_first(client: FlaskClient) -> None:
    page = client.get("/en/pienille-kunnille").text
    assert "No small municipality has told a deed yet" in page
    assert 'href="/en/pienille-kunnille"' in client.get("/en/").text
