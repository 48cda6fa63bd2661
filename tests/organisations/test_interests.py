"""The themes that an organisation is interested in, and what is new on them elsewhere."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core.errors import NotAllowed, RuleBroken
from tori.curation import vocabulary
from tori.database import transaction
from tori.deeds.queries import interests_of
from tori.models.deeds import organisation_theme
from tori.models.people import Role
from tori.organisations import service
from tori.policy import Actor

PAGE = "/en/organisaatiot/nokian-kaupunki"


def test_the_contact_person_chooses_and_the_page_shows_what_is_new_on_them_elsewhere(
    make: Factory, browser: Browser
) -> None:
    home, away = make.organisation("Nokian kaupunki"), make.organisation("Kemin kaupunki")
    chosen, other = make.theme("aivotyö"), make.theme("muu aihe")
    make.deed("Hiljainen tunti", themes=[chosen], organisation_id=away.id)
    make.deed("Oma hiljainen tunti", themes=[chosen], organisation_id=home.id)
    make.deed("Aivan muuta", themes=[other], organisation_id=away.id)
    steward, member = make.user(organisation=home, steward=True), make.user(organisation=home)
    browser.sign_in(steward)
    edit = f"{PAGE}/muokkaa"
    assert browser.edit(edit, {"introduction": "Hei", "interests": ["aivotyo"]}).status_code == 303
    assert 'value="aivotyo" checked' in browser.get(edit).text
    page = browser.get(PAGE).text
    assert "Interested in:" in page
    new = page.split('id="elsewhere"')[1].split("</section>")[0]
    assert "Hiljainen tunti" in new
    assert "Oma hiljainen tunti" not in new
    assert "Aivan muuta" not in new
    for chosen in ("teema=aivotyo", "organisaatio=nokian-kaupunki"):
        assert f"/en/upote/teot?{chosen}&amp;maara=5" in page
        assert f"/en/teot.atom?{chosen}" in page
    assert "Hiljainen tunti" in browser.get("/en/upote/teot?teema=aivotyo&maara=5").text
    browser.sign_in(member)
    assert "Hiljainen tunti" in browser.get("/en/oma").text.split('id="new-for-us"')[1].split("</section>")[0]
    assert browser.edit(edit, {"introduction": "Hei", "interests": ["muu-aihe"]}).status_code == 403


def test_who_may_choose_and_how_many(session: Session, make: Factory) -> None:
    home = make.organisation()
    steward = Actor(make.user(organisation=home, steward=True))
    slugs = [make.theme(f"aihe {number}").slug for number in range(6)]
    with pytest.raises(NotAllowed), transaction():
        service.choose_interests(session, Actor(make.user(organisation=home)), home, slugs[:1])
    for wrong, code in ((slugs, "too_many_items"), (["ei-ole"], "unknown_choice")):
        with pytest.raises(RuleBroken, match=code), transaction():
            service.choose_interests(session, steward, home, wrong)
    with transaction():
        service.choose_interests(session, steward, home, slugs[:5])
    assert [theme.slug for theme in interests_of(session, home.id)] == slugs[:5]


def test_a_merged_theme_takes_those_who_are_interested_along(session: Session, make: Factory) -> None:
    home = make.organisation()
    one, two = make.theme("yksi"), make.theme("kaksi")
    with transaction():
        service.choose_interests(session, Actor(make.user(organisation=home, steward=True)), home, ["yksi", "kaksi"])
    two_id = two.id
    with transaction():
        vocabulary.merge_themes(session, Actor(make.user(role=Role.EDITOR)), one, two)
    assert session.execute(select(organisation_theme)).all() == [(home.id, two_id)]
