"""The workspace of a contact person and the report for the council."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.statistics.html_tables import tables_of
from tests.statistics.simulated import NOW, fill
from tests.statistics.slow_path import SlowPath, finnish_day
from tori.core import clock
from tori.models.deeds import Adoption, Comment, CommentKind, Deed, DeedStatus
from tori.models.people import Organisation, Role
from tori.models.reading import ReaderRequest
from tori.organisations import workspace


@pytest.fixture
def nokia(make: Factory) -> Organisation:
    return make.organisation("Nokian kaupunki", slug="nokian-kaupunki")


@pytest.fixture
def steward(make: Factory, nokia: Organisation, browser: Browser) -> Browser:
    return browser.sign_in(make.user(organisation=nokia, steward=True))


def adopt(session: Session, deed: Deed, taker: Organisation, moment: datetime, **values: object) -> None:
    session.add(Adoption(deed_id=deed.id, organisation_id=taker.id, created_at=moment, updated_at=moment, **values))
    session.commit()


def test_only_contact_persons_and_editors_open_it(app: Flask, make: Factory, nokia: Organisation) -> None:
    assert app.test_client().get("/organisaatiot/nokian-kaupunki/tyotila").status_code in (302, 303)
    member = Browser(app).sign_in(make.user(organisation=nokia))
    assert member.get("/organisaatiot/nokian-kaupunki/tyotila").status_code == 403
    assert member.get("/organisaatiot/nokian-kaupunki/vuosiraportti-2026.pdf").status_code == 403
    other = Browser(app).sign_in(make.user(organisation=make.organisation("Akaa"), steward=True))
    assert other.get("/organisaatiot/nokian-kaupunki/tyotila").status_code == 403
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))
    assert editor.get("/organisaatiot/nokian-kaupunki/tyotila").status_code == 200


def test_years_are_counted_as_the_rows_say(app: Flask, session: Session) -> None:
    fill(session)
    slow = SlowPath(session, NOW)
    with clock.frozen(NOW):
        for organisation in list(slow.places.values())[:8]:
            own = {deed.id for deed in slow.deeds if deed.organisation_id == organisation.id}
            for row in workspace.by_year(session, organisation):
                taken = [each for each in slow.adoptions if finnish_day(each.created_at).year == row.year]
                assert row.shared == sum(
                    finnish_day(deed.published_at).year == row.year for deed in slow.deeds if deed.id in own
                )
                assert row.received == sum(each.deed_id in own for each in taken)
                assert row.made == sum(each.organisation_id == organisation.id for each in taken)


def test_units_and_what_waits_are_told(session: Session, make: Factory, nokia: Organisation, steward: Browser) -> None:
    deed = make.deed("Kerrottu", organisation_id=nokia.id, unit="Päiväkoti Kanerva")
    make.deed("Toinen", organisation_id=nokia.id, unit="Päiväkoti Kanerva")
    make.deed("Keskeneräinen", organisation_id=nokia.id, status=DeedStatus.DRAFT)
    other = make.deed("Muiden luonnos", organisation_id=make.organisation("Akaa").id, status=DeedStatus.DRAFT)
    reader = make.user()
    session.add(ReaderRequest(deed_id=deed.id, user_id=reader.id, part="costs"))
    question = {"deed_id": deed.id, "kind": CommentKind.QUESTION, "body": "Miten?", "html": "<p>Miten?</p>"}
    session.add_all([Comment(**question), Comment(**question, answered_at=NOW), Comment(**question, removed_at=NOW)])
    session.commit()
    page = steward.get("/en/organisaatiot/nokian-kaupunki/tyotila").text
    assert tables_of(page)["Shared and taken by unit"] == [["Päiväkoti Kanerva", "2", "0"]]
    assert "1 reader’s request has no answer." in page
    assert "1 question waits for an answer." in page
    assert "Keskeneräinen" in page
    assert other.title not in page


def test_a_unit_gets_an_invitation_of_its_own_that_its_form_knows(
    make: Factory, nokia: Organisation, steward: Browser
) -> None:
    page = steward.get("/en/organisaatiot/nokian-kaupunki/tyotila?yksikko=P%C3%A4iv%C3%A4koti+Kanerva").text
    assert "on behalf of Nokian kaupunki, Päiväkoti Kanerva" in page
    link = re.search(r'<p><a href="http://[^/]+(/en/teot/uusi\?[^"]+)">', page)
    assert link
    assert 'value="Päiväkoti Kanerva"' in steward.get(link[1]).text


def test_the_best_of_a_round_are_published_in_one_press(
    session: Session, make: Factory, nokia: Organisation, steward: Browser
) -> None:
    first, second, third = (
        make.deed(f"Kierroksen teko {number}", organisation_id=nokia.id, status=DeedStatus.DRAFT) for number in range(3)
    )
    answer = steward.post("/organisaatiot/nokian-kaupunki/tyotila/julkaise", {"deed": [first.id, second.id]})
    assert answer.status_code == 303
    session.expire_all()
    assert [deed.status for deed in (first, second, third)] == ["published", "published", "draft"]


def test_all_of_the_chosen_are_published_or_none(
    session: Session, make: Factory, nokia: Organisation, steward: Browser
) -> None:
    good = make.deed("Valmis", organisation_id=nokia.id, status=DeedStatus.DRAFT)
    foreign = make.deed("Muiden", organisation_id=make.organisation("Akaa").id, status=DeedStatus.DRAFT)
    waits = make.deed("Tarkistuksessa", organisation_id=nokia.id, status=DeedStatus.IN_REVIEW, published_at=None)
    path = "/en/organisaatiot/nokian-kaupunki/tyotila/julkaise"
    assert steward.post(path, {"deed": [good.id, foreign.id]}).status_code == 404
    refused = steward.post(path, {"deed": [good.id, waits.id]})
    assert refused.status_code == 422
    assert f'value="{good.id}" checked' in refused.text
    assert steward.post(path, {}).status_code == 422
    session.expire_all()
    assert good.status == DeedStatus.DRAFT


def test_those_alike_are_of_the_same_size(
    session: Session, make: Factory, steward: Browser, nokia: Organisation
) -> None:
    home = make.municipality("Nokia")
    home.population = 34_000
    for name, people in (("Ylöjärvi", 33_000), ("Kangasala", 33_500), ("Tampere", 260_000)):
        town = make.municipality(name, population=people)
        place = make.organisation(name, municipality_id=town.id)
        make.deed(f"Teko {name}", organisation_id=place.id)
    session.commit()
    page = steward.get("/en/organisaatiot/nokian-kaupunki/tyotila").text
    assert "Municipalities of 20,000–49,999 inhabitants." in page
    rows = tables_of(page)["Others like us"]
    assert {row[0] for row in rows} == {"Ylöjärvi", "Kangasala"}


@pytest.mark.parametrize(("prefix", "heading"), [("", "torilla vuonna 2026"), ("/sv", "på arenan 2026")])
def test_the_report_for_the_council_tells_the_year(
    session: Session, make: Factory, nokia: Organisation, steward: Browser, prefix: str, heading: str
) -> None:
    moment = datetime(2026, 3, 4, tzinfo=UTC)
    told = make.deed("Kävelevä palaveri", organisation_id=nokia.id, published_at=moment, adoption_count=1)
    make.deed("Viime vuoden teko", organisation_id=nokia.id, published_at=datetime(2025, 3, 4, tzinfo=UTC))
    make.deed("Luonnos piilossa", organisation_id=nokia.id, status=DeedStatus.DRAFT)
    akaa = make.organisation("Akaan kaupunki")
    model = make.deed("Lainattu lomake", organisation_id=akaa.id)
    adopt(session, told, akaa, moment)
    adopt(session, model, nokia, moment, status="kaytossa", outcome="Jonot lyhenivät.")
    answer = steward.get(f"{prefix}/organisaatiot/nokian-kaupunki/vuosiraportti-2026.pdf")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    reader = PdfReader(BytesIO(answer.data))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert heading in text
    for words in ("Kävelevä palaveri", "Lainattu lomake", "Jonot lyhenivät.", "Akaan kaupunki"):
        assert words in text
    assert "Luonnos piilossa" not in text
    assert "Viime vuoden teko" not in text
    assert steward.get("/organisaatiot/nokian-kaupunki/vuosiraportti-2099.pdf").status_code == 404
