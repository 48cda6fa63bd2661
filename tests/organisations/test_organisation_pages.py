"""The list of organisations, one organisation, and its own words."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.models.deeds import Adoption, DeedStatus
from tori.models.operations import AuditEntry
from tori.models.people import Organisation
from tori.organisations.service import MAX_INTRODUCTION, edit_introduction
from tori.policy import Actor


def adopt(session: Session, deed_id: int, organisation: Organisation, status: str | None = None) -> None:
    session.add(Adoption(deed_id=deed_id, organisation_id=organisation.id, status=status, updated_at=clock.now()))
    session.commit()


def test_the_list_shows_only_organisations_with_public_deeds(make: Factory, client: FlaskClient) -> None:
    make.deed(organisation_id=make.organisation("Nokian kaupunki").id)
    make.deed("Luonnos", organisation_id=make.organisation("Akaan kaupunki").id, status=DeedStatus.DRAFT)
    page = client.get("/organisaatiot").text
    assert "Nokian kaupunki" in page
    assert "Akaan kaupunki" not in page


def test_a_search_finds_organisations_without_deeds_too(make: Factory, client: FlaskClient) -> None:
    make.organisation("Hämeenkyrön kunta", slug="hameenkyron-kunta")
    make.organisation("Akaan kaupunki")
    for words in ("Hämeenkyr", "hameenkyro", "HÄMEENKYRÖN"):
        page = client.get("/organisaatiot", query_string={"q": words}).text
        assert "Hämeenkyrön kunta" in page, words
        assert "Akaan kaupunki" not in page


def test_signs_of_a_pattern_are_plain_letters_in_the_search(make: Factory, client: FlaskClient) -> None:
    make.organisation("Akaan kaupunki")
    for words in ("%", "_", "\\", "a%n"):
        assert "Akaan kaupunki" not in client.get("/organisaatiot", query_string={"q": words}).text


def test_kind_and_region_narrow_the_list_and_odd_values_are_left_out(make: Factory, client: FlaskClient) -> None:
    make.organisation("Järvi-Saimaan Palvelut Oy", kind="kuntayhtio")
    make.organisation("Nokian kaupunki")
    page = client.get("/organisaatiot?tyyppi=kuntayhtio&maakunta=pirkanmaa").text
    assert "Järvi-Saimaan" in page
    assert "Nokian kaupunki" not in page
    assert client.get("/organisaatiot?tyyppi=lentokone&maakunta='--&sivu=x").status_code == 200


def test_nothing_found_says_what_to_do(client: FlaskClient) -> None:
    assert "No organisation was found" in client.get("/en/organisaatiot?q=zzz").text


def test_an_organisation_shows_its_deeds_and_the_models_it_has_taken(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    nokia, kangasala = make.organisation("Nokian kaupunki"), make.organisation("Kangasalan kaupunki")
    make.deed("Oma teko", organisation_id=nokia.id)
    adopt(session, make.deed("Naapurin teko", organisation_id=kangasala.id).id, nokia, "kaytossa")
    page = client.get("/en/organisaatiot/nokian-kaupunki").text
    assert "Oma teko" in page
    assert "Naapurin teko" in page
    assert "In use" in page


def test_drafts_and_withdrawn_deeds_show_nowhere_even_to_their_organisation(
    session: Session, make: Factory, browser: Browser
) -> None:
    nokia = make.organisation("Nokian kaupunki")
    steward = make.user(organisation=nokia, steward=True)
    other = make.organisation("Kangasalan kaupunki")
    make.deed("Salainen luonnos", organisation_id=nokia.id, status=DeedStatus.DRAFT, author_id=steward.id)
    adopt(session, make.deed("Poistettu teko", organisation_id=other.id, status=DeedStatus.WITHDRAWN).id, nokia)
    page = browser.sign_in(steward).get("/organisaatiot/nokian-kaupunki").text
    assert "Salainen luonnos" not in page
    assert "Poistettu teko" not in page


def test_an_organisation_without_deeds_gets_an_invitation_and_its_neighbours(
    make: Factory, client: FlaskClient
) -> None:
    make.organisation("Akaan kaupunki")
    make.deed("Naapurin teko", organisation_id=make.organisation("Nokian kaupunki").id)
    page = client.get("/en/organisaatiot/akaan-kaupunki").text
    assert "waiting for its first deed" in page
    assert "Naapurin teko" in page


def test_an_ended_organisation_leads_to_its_successor_and_back(make: Factory, client: FlaskClient) -> None:
    county = make.organisation("Päijät-Hämeen hyvinvointialue", kind="hyvinvointialue")
    make.organisation(
        "Päijät-Hämeen hyvinvointiyhtymä", kind="kuntayhtyma", ended_on=date(2022, 12, 31), successor_id=county.id
    )
    old = client.get("/en/organisaatiot/paijat-hameen-hyvinvointiyhtyma").text
    assert "/organisaatiot/paijat-hameen-hyvinvointialue" in old
    assert "December 31, 2022" in old
    assert "hyvinvointiyhtymä" in client.get("/organisaatiot/paijat-hameen-hyvinvointialue").text


def test_an_unknown_organisation_is_not_found(client: FlaskClient) -> None:
    assert client.get("/organisaatiot/ei-ole").status_code == 404
    assert client.get("/organisaatiot/ei-ole/muokkaa").status_code == 404


def test_the_pages_take_few_queries_whatever_the_number_of_deeds(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    nokia, other = make.organisation("Nokian kaupunki"), make.organisation("Kangasalan kaupunki")
    for number in range(30):
        make.deed(f"Teko {number}", organisation_id=nokia.id)
        adopt(session, make.deed(f"Toisen {number}", organisation_id=other.id).id, nokia)
    for path in ("/organisaatiot", "/organisaatiot?q=kau", "/organisaatiot/nokian-kaupunki?sivu=2"):
        with counted_queries(app) as statements:
            assert client.get(path).status_code == 200
        assert len(statements) <= PAGE_BUDGET, (path, statements)


def test_pages_of_deeds_are_whole_and_odd_numbers_lead_to_a_real_page(make: Factory, client: FlaskClient) -> None:
    nokia = make.organisation("Nokian kaupunki")
    titles = [f"Teko numero {number}" for number in range(14)]
    for title in titles:
        make.deed(title, organisation_id=nokia.id)
    pages = [client.get(f"/organisaatiot/nokian-kaupunki?sivu={page}").text for page in (1, 2, 99, "x")]
    assert all(f">{title}<" in pages[0] or f">{title}<" in pages[1] for title in titles)
    last = next(title for title in titles if f">{title}<" not in pages[0])
    assert f">{last}<" in pages[2]
    assert f">{last}<" not in pages[3]


class TestIntroduction:
    @pytest.fixture
    def nokia(self, make: Factory) -> Organisation:
        return make.organisation("Nokian kaupunki")

    def test_the_contact_person_writes_it_and_everybody_reads_it(
        self, session: Session, make: Factory, browser: Browser, client: FlaskClient, nokia: Organisation
    ) -> None:
        browser.sign_in(make.user(organisation=nokia, steward=True))
        answer = browser.edit("/organisaatiot/nokian-kaupunki/muokkaa", {"introduction": "Teemme **yhdessä**."})
        assert answer.status_code == 303
        assert "Teemme <strong>yhdessä</strong>." in client.get("/organisaatiot/nokian-kaupunki").text
        session.rollback()
        assert session.scalar(select(AuditEntry).where(AuditEntry.event == "OrganisationChanged")) is not None

    def test_it_can_do_nothing_to_its_readers(
        self, make: Factory, browser: Browser, client: FlaskClient, nokia: Organisation
    ) -> None:
        browser.sign_in(make.user(organisation=nokia, steward=True))
        browser.post(
            "/organisaatiot/nokian-kaupunki/muokkaa", {"introduction": "<script>alert(1)</script> [x](javascript:1)"}
        )
        page = client.get("/organisaatiot/nokian-kaupunki").text
        assert "<script>alert" not in page
        assert 'href="javascript' not in page

    def test_others_may_not_write_it(
        self, session: Session, make: Factory, browser: Browser, client: FlaskClient, nokia: Organisation
    ) -> None:
        assert client.get("/organisaatiot/nokian-kaupunki/muokkaa").status_code == 302
        browser.sign_in(make.user(organisation=nokia))
        assert browser.get("/organisaatiot/nokian-kaupunki/muokkaa").status_code == 403
        answer = browser.post("/organisaatiot/nokian-kaupunki/muokkaa", {"introduction": "Kaapattu"})
        assert answer.status_code == 403
        stranger = Actor(make.user(organisation=make.organisation("Muu kunta"), steward=True))
        with pytest.raises(NotAllowed):
            edit_introduction(session, stranger, nokia, "Kaapattu")

    def test_a_text_that_is_too_long_is_kept_in_the_form(
        self, make: Factory, browser: Browser, nokia: Organisation
    ) -> None:
        browser.sign_in(make.user(organisation=nokia, steward=True))
        text = "sana " * (MAX_INTRODUCTION // 5 + 1)
        answer = browser.edit("/en/organisaatiot/nokian-kaupunki/muokkaa", {"introduction": text})
        assert answer.status_code == 422
        assert "sana sana" in answer.text
        assert 'aria-invalid="true"' in answer.text

    def test_the_service_itself_checks_the_length(self, session: Session, make: Factory, nokia: Organisation) -> None:
        steward = Actor(make.user(organisation=nokia, steward=True))
        with pytest.raises(RuleBroken):
            edit_introduction(session, steward, nokia, "x" * (MAX_INTRODUCTION + 1))


def test_an_organisation_with_deeds_is_passed_on_to_its_own_people(make: Factory, client: FlaskClient) -> None:
    teller, silent = make.organisation("Kertova kunta"), make.organisation("Hiljainen kunta")
    make.deed(organisation_id=teller.id)
    page = client.get(f"/en/organisaatiot/{teller.slug}").text
    assert "Share inside the organisation" in page
    assert "mailto:?subject=What%20Kertova%20kunta%20has%20made%20better" in page
    assert "Share inside the organisation" not in client.get(f"/en/organisaatiot/{silent.slug}").text


def test_the_page_tells_what_the_deeds_are_about(make: Factory, client: FlaskClient) -> None:
    """O04: only public deeds of the organisation itself count."""
    nokia, raahe = make.organisation("Nokian kaupunki"), make.organisation("Raahen kaupunki")
    joy, food = make.theme("tyon ilo"), make.theme("ruokahuolto")
    make.deed("Eka", themes=[joy], organisation_id=nokia.id)
    make.deed("Toka", themes=[joy, food], organisation_id=nokia.id)
    make.deed("Salainen", themes=[make.theme("salaisuudet")], organisation_id=nokia.id, status=DeedStatus.DRAFT)
    make.deed("Muiden", themes=[make.theme("vieraat")], organisation_id=raahe.id)
    page = client.get("/organisaatiot/nokian-kaupunki").text.partition('id="own-themes"')[2].partition("</section>")[0]
    assert re.findall(r'teema=([a-z-]+)">[^<]+<span class="count">(\d+)<', page) == [
        ("tyon-ilo", "2"),
        ("ruokahuolto", "1"),
    ]
