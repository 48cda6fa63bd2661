"""Two people edit the same thing at the desk: who saves last is told what was saved meanwhile."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD, Browser
from tests.factories import Factory
from tests.web.filled import filled, on, told
from tori.core import clock
from tori.models.people import BrowserSession, Role, User


@pytest.fixture
def desk(make: Factory, browser: Browser) -> Browser:
    return browser.sign_in(make.user(role=Role.ADMIN))


Place = tuple[str, str]
"""The address of a form, and a field of it."""


def guide(desk: Browser, make: Factory) -> Place:
    texts = {"shelf": "rules", "title_fi": "Säännöt", "body_fi": "Ole asiallinen.\n\nEle **kiistele**."}
    return desk.post("/hallinta/sivut/uusi", texts).location, "body_fi"


def answer(desk: Browser, make: Factory) -> Place:
    desk.post(
        "/hallinta/vastaukset/uusi", {"occasion": "report", "title": "Kiitos", "body_fi": "Kiitos ilmoituksesta."}
    )
    return "/hallinta/vastaukset/1", "body_fi"


def organisation(desk: Browser, make: Factory) -> Place:
    return f"/hallinta/organisaatiot/{make.organisation('Nokian kaupunki').id}", "name_sv"


def front_block(desk: Browser, make: Factory) -> Place:
    desk.post("/hallinta/etusivu/uusi/text", {"title_fi": "Tule mukaan", "text_fi": "Kerro teko."})
    key = re.findall(r'id="osa-([0-9a-f]{8})"', desk.get("/hallinta/etusivu").text)[-1]
    return f"/hallinta/etusivu/{key}/muokkaa", "text_fi"


def theme(desk: Browser, make: Factory) -> Place:
    return f"/hallinta/teemat/{make.theme().id}", "meaning_fi"


def tag(desk: Browser, make: Factory) -> Place:
    return f"/hallinta/valinnat/{make.tag().id}", "synonyms"


def synonyms(desk: Browser, make: Factory) -> Place:
    group = {"concept": "tekoäly", "members_fi": "tekoäly, koneoppiminen", "members_en": "AI", "is_enabled": "y"}
    desk.post("/hallinta/synonyymit", group)
    return "/hallinta/synonyymit?ryhma=tekoäly", "members_fi"


def series(desk: Browser, make: Factory) -> Place:
    return desk.post("/hallinta/jutut", {"name": "Sarja"}).location, "description_fi"


def story(desk: Browser, make: Factory) -> Place:
    themes = [make.theme("etätyö").slug, make.theme("arviointi").slug]
    deeds = f"{make.deed('Toka').id}\n{make.deed('Eka').id}"
    values = {"kind": "article", "title": "Juttu", "body": "Teksti", "themes": themes, "deeds": deeds}
    return desk.post(f"{series(desk, make)[0]}/uusi", values).location, "body"


def newsletter(desk: Browser, make: Factory) -> Place:
    texts = {"subject_fi": "Kirje", "lines": f"/teot/{make.deed().id}"}
    return desk.post("/hallinta/uutiskirjeet/uusi", texts).location, "intro_fi"


def goals(desk: Browser, make: Factory) -> Place:
    year = str(clock.today().year + 1)
    desk.edit("/hallinta/tavoitteet", {"vision_fi": "Hyvä leviää.", "year": year, "deeds": "100"})
    return "/hallinta/tavoitteet", "vision_fi"


def statement(desk: Browser, make: Factory) -> Place:
    return "/hallinta/saavutettavuus", "gaps_fi"


def campaign(desk: Browser, make: Factory) -> Place:
    values = {
        "name": "Tekoja tiskiin", "kind": "open", "starts_on": "2027-01-11", "ends_on": "2027-03-31", "is_public": "y",
        "description": "Haasta kollega.", "prizes_deeds": "Vuoden teko: yksi", "hashtags": "#teot #tiskiin",
    }  # fmt: skip
    return f"{desk.post('/hallinta/kampanjat/uusi', values).location}/muokkaa", "description"


def plan(desk: Browser, make: Factory) -> Place:
    desk.post("/hallinta/vuosikello", {"title": "Messut", "starts_on": "2027-02-01", "ends_on": "", "note": ""})
    return "/hallinta/vuosikello/1", "note"


def introduction(desk: Browser, make: Factory) -> Place:
    make.organisation("Nokian kaupunki")
    return "/organisaatiot/nokian-kaupunki/muokkaa", "introduction"


def meeting(desk: Browser, make: Factory) -> Place:
    values = {
        "title": "Työpaja",
        "kind": "workshop",
        "starts_at": "2027-02-01T09:00",
        "place": "Nokia",
        "language": "fi",
    }
    return desk.post("/tapahtumat/uusi", {**values, "organiser": "Verkosto"}).location, "outcome"


ALL = [
    guide, answer, organisation, front_block, theme, tag, synonyms, series, story, newsletter, goals, statement,
    campaign, plan, introduction, meeting,
]  # fmt: skip
MEANWHILE = "Joku muu tallensi"


@pytest.mark.parametrize("made", ALL)
def test_the_second_to_save_is_told_and_chooses(
    desk: Browser, make: Factory, made: Callable[[Browser, Factory], Place]
) -> None:
    page, field = made(desk, make)
    path = page.partition("?")[0]
    first, second = on(desk, page), on(desk, page)
    assert desk.post(path, {**first, field: "Ensimmäisen sanat"}).status_code == 303
    refused = desk.post(path, {**second, field: "Toisen sanat"})
    assert refused.status_code == 409
    assert MEANWHILE in refused.text
    assert 'id="error-summary"' in refused.text
    assert filled(refused.text)[field] == ["Toisen sanat"]
    assert "<p>Ensimmäisen sanat</p>" in refused.text
    assert told(refused.text).count("<details") == 1, "what both have alike is not compared"
    assert on(desk, page)[field] == ["Ensimmäisen sanat"]
    assert desk.post(path, filled(refused.text)).status_code == 303
    assert on(desk, page)[field] == ["Toisen sanat"]


@pytest.mark.parametrize("made", ALL)
def test_the_same_twice_is_no_conflict_but_a_form_without_its_mark_is(
    desk: Browser, make: Factory, made: Callable[[Browser, Factory], Place]
) -> None:
    page, field = made(desk, make)
    path = page.partition("?")[0]
    changed = {**on(desk, page), field: "Samat sanat"}
    assert [desk.post(path, changed).status_code for _time in range(2)] == [303, 303]
    unmarked = {name: values for name, values in changed.items() if name != "seen"}
    assert desk.post(path, {**unmarked, field: "Muut sanat"}).status_code == 409


def test_a_new_group_of_synonyms_does_not_replace_one_of_the_same_name(desk: Browser, make: Factory) -> None:
    synonyms(desk, make)
    assert desk.post("/hallinta/synonyymit", {"concept": "tekoäly", "members_fi": "tekoäly, AI"}).status_code == 409


def test_a_text_kept_over_signing_in_still_knows_what_it_was_written_on(
    session: Session, desk: Browser, make: Factory
) -> None:
    page, field = guide(desk, make)
    late = {**on(desk, page), field: "Myöhästyneen sanat"}
    assert desk.post(page, {**on(desk, page), field: "Ensimmäisen sanat"}).status_code == 303
    session.rollback()
    session.execute(BrowserSession.__table__.delete())  # type: ignore[attr-defined]
    session.commit()
    assert desk.client.post(page, data=late).status_code == 400
    user = session.query(User).one()
    assert desk.post("/kirjaudu", {"email": user.email, "password": PASSWORD, "next": page}).location == page
    kept = on(desk, page)
    assert kept[field] == ["Myöhästyneen sanat"]
    assert desk.post(page, {**kept, "csrf_token": desk.token()}).status_code == 409
