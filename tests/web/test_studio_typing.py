"""Nothing that is typed in the studio of TOP lists is lost, whichever button is pressed and whoever else is there."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.filled import Fields, filled, on, told
from tori.curation import lists
from tori.curation.lists import Placed
from tori.database import transaction
from tori.models.deeds import Deed, DeedStatus
from tori.models.people import Role
from tori.policy import SYSTEM

MEANWHILE = "Joku muu tallensi"


@pytest.fixture
def desk(make: Factory, browser: Browser) -> Browser:
    return browser.sign_in(make.user(role=Role.ADMIN))


@pytest.fixture
def studio(session: Session, make: Factory) -> str:
    """The page of a published list of two deeds."""
    with transaction():
        row = lists.create(session, SYSTEM, "Päiväkodit")
        lists.arrange(session, SYSTEM, row, [Placed(make.deed(name).id, f"Peruste {name}") for name in ("Eka", "Toka")])
        lists.publish(session, SYSTEM, row)
    return f"/hallinta/toplistat/{row.id}"


def reasons(fields: Fields) -> Iterator[str]:
    return (fields[f"peruste-{number}"][0] for number in fields["teko"])


@pytest.mark.parametrize(("button", "field"), [("tiedot", "criteria"), ("teot", "peruste-1")])
def test_the_second_to_save_in_the_studio_is_told_and_chooses(
    desk: Browser, studio: str, button: str, field: str
) -> None:
    first, second = on(desk, studio), on(desk, studio)
    assert desk.post(f"{studio}/{button}", {**first, field: "Ensimmäisen sanat"}).status_code == 303
    refused = desk.post(f"{studio}/{button}", {**second, field: "Toisen sanat"})
    assert refused.status_code == 409
    assert MEANWHILE in refused.text
    assert filled(refused.text)[field] == ["Toisen sanat"]
    assert "<p>Ensimmäisen sanat</p>" in told(refused.text)
    assert told(refused.text).count("<details") == 1
    assert on(desk, studio)[field] == ["Ensimmäisen sanat"]
    assert desk.post(f"{studio}/{button}", filled(refused.text)).status_code == 303
    assert on(desk, studio)[field] == ["Toisen sanat"]
    assert desk.post(f"{studio}/{button}", {**second, field: "Toisen sanat"}).status_code == 303, "the same twice"


def test_texts_and_deeds_of_a_list_are_changed_by_two_at_once(desk: Browser, studio: str) -> None:
    first, second = on(desk, studio), on(desk, studio)
    assert desk.post(f"{studio}/tiedot", {**first, "criteria": "Toimii muualla"}).status_code == 303
    assert desk.post(f"{studio}/teot", {**second, "peruste-1": "Uusi peruste"}).status_code == 303
    now = on(desk, studio)
    assert (now["criteria"], now["peruste-1"]) == (["Toimii muualla"], ["Uusi peruste"])


def test_the_saved_order_is_shown_with_its_reasons(desk: Browser, studio: str) -> None:
    fields = on(desk, studio)
    assert desk.post(f"{studio}/teot", {**fields, "action": "up:2"}).status_code == 303
    refused = desk.post(f"{studio}/teot", {**fields, "action": "remove:2"})
    assert refused.status_code == 409
    assert filled(refused.text)["teko"] == ["1"]
    assert re.findall(r"<summary>(.*?)</summary>|<p>(.*?)</p>", told(refused.text)) == [
        ("1. Toka", ""), ("", "Peruste Toka"), ("2. Eka", ""), ("", "Peruste Eka"),
    ]  # fmt: skip
    assert on(desk, studio)["teko"] == ["2", "1"]


@pytest.mark.parametrize(
    ("button", "more"),
    [("tiedot", {}), ("teot", {}), ("teot", {"action": "down:1"}), ("lisaa", {"deed": "3"}),
     ("piilota", {}), ("yllapitajat", {"email": "verkosto@example.org"}), ("esikatselu", {})],
)  # fmt: skip
def test_whatever_button_is_pressed_all_that_is_typed_is_saved(
    desk: Browser, make: Factory, studio: str, button: str, more: dict[str, str]
) -> None:
    make.deed("Kolmas")
    make.user("verkosto@example.org")
    typed = {**on(desk, studio), "peruste-1": "Uusi peruste", "criteria": "Uusi tapa", "peruste-3": "Koska toimii"}
    assert desk.post(f"{studio}/{button}", {**typed, **more}).status_code in (200, 303)
    now = on(desk, studio)
    assert "Uusi peruste" in reasons(now)
    assert now["criteria"] == ["Uusi tapa"]
    assert ("Koska toimii" in reasons(now)) == (button == "lisaa")


def test_what_is_typed_is_saved_before_the_list_is_published(desk: Browser, studio: str) -> None:
    assert desk.post(f"{studio}/piilota").status_code == 303
    typed = {**on(desk, studio), "peruste-1": "Julkaistava peruste"}
    assert desk.post(f"{studio}/julkaise", {**typed, "peruste-2": ""}).status_code == 422
    assert on(desk, studio)["peruste-1"] == ["Peruste Eka"], "all of it or nothing"
    assert desk.post(f"{studio}/julkaise", typed).status_code == 303
    assert "Julkaistava peruste" in desk.get("/toplistat/paivakodit").text


def test_what_is_typed_becomes_a_version_before_an_older_one_is_brought_back(desk: Browser, studio: str) -> None:
    typed = {**on(desk, studio), "peruste-1": "Kesken jäänyt"}
    assert desk.post(f"{studio}/palauta/2", typed).status_code == 303
    assert on(desk, studio)["peruste-1"] == ["Peruste Eka"]
    assert desk.post(f"{studio}/palauta/3").status_code == 303
    assert on(desk, studio)["peruste-1"] == ["Kesken jäänyt"]


@pytest.mark.parametrize(("button", "more"), [("haku", {}), ("teot", {"action": "enter"})])
def test_a_search_saves_nothing_and_keeps_all_that_is_typed(
    desk: Browser, make: Factory, studio: str, button: str, more: dict[str, str]
) -> None:
    make.deed("Kolmas teko")
    typed = {**on(desk, studio), "peruste-1": "Puolikas lau", "publish_at": "2027-01-01T10:00", "q": "Kolmas"}
    page = desk.post(f"{studio}/{button}", {**typed, **more})
    assert page.status_code == 200
    assert "Kolmas teko" in page.text
    assert 'formaction="/hallinta/toplistat/1/lisaa#lisaa"' in page.text
    assert filled(page.text)["peruste-1"] == ["Puolikas lau"]
    assert on(desk, studio)["peruste-1"] == ["Peruste Eka"]
    assert desk.post(f"{studio}/teot", filled(page.text)).status_code == 303
    assert on(desk, studio)["peruste-1"] == ["Puolikas lau"]


def test_an_enter_whose_field_nobody_knows_saves_nothing_and_says_so(desk: Browser, studio: str) -> None:
    typed = {**on(desk, studio), "peruste-1": "Puolikas lau", "email": "verkosto@example.org"}
    page = desk.post(f"{studio}/teot", {**typed, "action": "enter"})
    assert page.status_code == 200
    assert "Mitään ei ole vielä tallennettu" in page.text
    sent = filled(page.text)
    assert (sent["peruste-1"], sent["email"]) == (["Puolikas lau"], ["verkosto@example.org"])
    assert '<details class="fold" open><summary>Listan ylläpitäjät' in page.text, "what is typed is in sight"
    assert on(desk, studio)["peruste-1"] == ["Peruste Eka"]


def test_a_missing_reason_of_a_deed_to_add_is_told_at_its_field(desk: Browser, make: Factory, studio: str) -> None:
    make.deed("Kolmas teko")
    page = desk.post(f"{studio}/lisaa", {**on(desk, f"{studio}?q=Kolmas"), "deed": "3"})
    assert page.status_code == 422
    assert '<a href="#peruste-3">' in page.text
    assert 'id="peruste-3-error"' in page.text
    assert page.text.count('aria-describedby="peruste-3-error"') == 1


def test_a_list_that_readers_see_is_not_emptied(desk: Browser, studio: str) -> None:
    for button, more in (("palauta/1", {}), ("teot", {"teko": []})):
        refused = desk.post(f"{studio}/{button}", {**on(desk, studio), **more})
        assert refused.status_code == 422, button
        assert "Piilota se ensin lukijoilta" in refused.text
    assert on(desk, studio)["teko"] == ["1", "2"]


def test_who_is_told_of_a_conflict_reads_what_left_the_list_and_that_the_button_did_nothing(
    desk: Browser, make: Factory, studio: str
) -> None:
    make.deed("Kolmas teko")
    old = on(desk, studio)
    assert desk.post(f"{studio}/teot", {**old, "action": "remove:2"}).status_code == 303
    refused = desk.post(f"{studio}/lisaa", {**old, "peruste-1": "Oma", "peruste-3": "Koska", "deed": "3"})
    assert refused.status_code == 409
    assert "sitä ei ole vielä tehty" in refused.text
    assert "<summary>Toka</summary>" in told(refused.text)
    assert "Ei enää listalla" in told(refused.text)


def test_a_proposal_that_readers_see_is_published_at_once(session: Session, desk: Browser, studio: str) -> None:
    lists.get_list(session, 1).is_proposal = True
    session.commit()
    page = desk.get(studio).text
    assert "Lukijat näkevät listan ehdotuksena" in page
    assert 'name="publish_at"' not in page
    assert desk.post(f"{studio}/julkaise", on(desk, studio)).status_code == 303
    session.expire_all()
    assert not lists.get_list(session, 1).is_proposal


def test_a_reason_of_a_deed_that_is_not_added_yet_stays_in_its_field(desk: Browser, make: Factory, studio: str) -> None:
    make.deed("Kolmas teko")
    make.deed("Neljäs teko")
    typed = {**on(desk, f"{studio}?q=teko"), "peruste-3": "Koska toimii", "peruste-4": "Koska riittää", "deed": "3"}
    page = desk.post(f"{studio}/lisaa", typed)
    assert filled(page.text)["peruste-4"] == ["Koska riittää"]
    assert filled(page.text)["teko"] == ["1", "2", "3"]
    assert list(reasons(on(desk, studio))) == ["Peruste Eka", "Peruste Toka", "Koska toimii"]


def test_somebody_elses_change_is_no_trouble_to_who_typed_nothing(desk: Browser, make: Factory, studio: str) -> None:
    make.deed("Kolmas")
    old = on(desk, studio)
    assert desk.post(f"{studio}/teot", {**old, "peruste-1": "Toisen peruste"}).status_code == 303
    assert desk.post(f"{studio}/lisaa", {**old, "deed": "3", "peruste-3": "Koska toimii"}).status_code == 303
    assert list(reasons(on(desk, studio))) == ["Toisen peruste", "Peruste Toka", "Koska toimii"]
    assert desk.post(f"{studio}/lisaa", {**old, "deed": "3", "peruste-1": "Oma peruste"}).status_code == 409


def test_a_deed_taken_away_stays_on_the_list_of_a_keeper_who_may_not_see_it(
    session: Session, make: Factory, browser: Browser, studio: str
) -> None:
    person = make.user("verkosto@example.org")
    make.deed("Kolmas")
    with transaction():
        lists.add_keeper(session, SYSTEM, lists.get_list(session, 1), person.email)
        session.get_one(Deed, 1).status = DeedStatus.WITHDRAWN
    browser.sign_in(person)
    assert "Eka" not in browser.get(studio).text.replace("Peruste Eka", "")
    typed = {**on(browser, studio), "deed": "3", "peruste-3": "Koska toimii"}
    assert browser.post(f"{studio}/lisaa", typed).status_code == 303
    assert on(browser, studio)["teko"] == ["1", "2", "3"]
    assert browser.post(f"{studio}/teot", {**on(browser, studio), "action": "remove:1"}).status_code == 303
    assert on(browser, studio)["teko"] == ["2", "3"]
