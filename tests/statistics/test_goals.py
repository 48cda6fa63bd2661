"""The vision and the goals of the square, kept at the desk and shown beside its figures."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.models.people import Role
from tori.policy import Actor
from tori.web import goals


def test_goals_stand_beside_the_figures_of_today(make: Factory, browser: Browser, client: FlaskClient) -> None:
    make.deed("Ensimmäinen")
    assert 'id="goals"' not in client.get("/en/tilastot").text
    browser.sign_in(make.user(role=Role.EDITOR))
    sent = {"vision_fi": "Hyvä käytäntö leviää.", "year": "2030", "deeds": "400", "regions": ""}
    assert browser.edit("/hallinta/tavoitteet", sent).status_code == 303
    page = client.get("/en/tilastot").text.split('id="goals"')[1]
    assert "Hyvä käytäntö leviää." in page
    assert "Deeds: 1 of 400" in page
    assert "by the end of 2030" in page
    assert "Regions:" not in page
    wrong = browser.edit("/en/hallinta/tavoitteet", {**sent, "year": "1999"})
    assert wrong.status_code == 422
    odd = browser.edit("/en/hallinta/tavoitteet", {**sent, "deeds": "paljon"}).text
    assert '<a href="#deeds">Deeds: Write a whole number' in odd, "the summary names the field"
    assert '<a href="#year">Choose this year' in wrong.text, "what tells itself is not told twice"
    assert 'value="400"' in wrong.text
    assert browser.sign_in(make.user()).get("/hallinta/tavoitteet").status_code == 403


def test_a_vision_is_told_in_the_language_that_it_has(make: Factory, browser: Browser, client: FlaskClient) -> None:
    make.deed()
    browser.sign_in(make.user(role=Role.EDITOR))
    browser.edit("/hallinta/tavoitteet", {"vision_fi": "Hyvä käytäntö leviää."})
    assert '<div class="prose" lang="fi">' in client.get("/sv/tilastot").text.split('id="goals"')[1]
    browser.edit("/hallinta/tavoitteet", {"vision_fi": "", "vision_sv": "God praxis sprids."})
    for address in ("/tilastot", "/sv/tilastot"):
        assert '<div class="prose" lang="sv"><p>God praxis sprids.' in client.get(address).text.split('id="goals"')[1]


def test_goals_have_limits(session: Session, make: Factory) -> None:
    editor = Actor(make.user(role=Role.EDITOR))
    wrong: list[tuple[int | None, dict[str, str], dict[str, int | None], str]] = [
        (None, {}, {"deeds": 5}, "value_missing"),
        (2030, {}, {"deeds": -5}, "bad_number"),
        (2300, {}, {"deeds": 5}, "bad_year"),
        (2030, {"fi": "x" * 601}, {}, "text_too_long"),
    ]
    for year, vision, figures, code in wrong:
        with pytest.raises(RuleBroken, match=code), transaction():
            goals.save(session, editor, year, vision, figures)
    with pytest.raises(NotAllowed), transaction():
        goals.save(session, Actor(make.user()), 2030, {}, {"deeds": 5})
