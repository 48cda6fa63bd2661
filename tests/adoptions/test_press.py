"""The press: colleagues join, tell more, leave; a visitor's press lives through registration."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import link_in, mails, sign_up_form
from tests.conftest import Browser
from tests.factories import Factory
from tori.adoptions import merging
from tori.core.errors import RuleBroken
from tori.database import transaction
from tori.deeds import adoptions, queries
from tori.deeds.adoptions import AdoptionDetails
from tori.models.adoptions import AdoptionMember
from tori.models.deeds import AbandonReason, Adoption, AdoptionStatus, Deed, DeedStatus
from tori.models.people import Membership, Organisation, Role
from tori.policy import Actor


@pytest.fixture
def nokia(make: Factory) -> Organisation:
    return make.organisation("Nokian kaupunki")


@pytest.fixture
def first(make: Factory, nokia: Organisation) -> Actor:
    return Actor(make.user(organisation=nokia, display_name="Rehtori"))


@pytest.fixture
def second(make: Factory, nokia: Organisation) -> Actor:
    return Actor(make.user(organisation=nokia, display_name="Opettaja"))


def press(session: Session, actor: Actor, deed: Deed) -> Adoption:
    with transaction():
        return adoptions.adopt(session, actor, deed)


def test_colleagues_are_counted_as_people_of_one_adoption(
    session: Session, make: Factory, first: Actor, second: Actor
) -> None:
    deed = make.deed()
    adoption = press(session, first, deed)
    for _press in range(2):
        press(session, second, deed)
    assert queries.adopters_of(session, [adoption.id]) == {adoption.id: [first.id, second.id]}
    assert deed.adoption_count == 1


def test_the_adoption_goes_with_the_last_who_pressed(
    session: Session, make: Factory, first: Actor, second: Actor
) -> None:
    deed = make.deed()
    adoption = press(session, first, deed)
    press(session, second, deed)
    with transaction():
        adoptions.undo(session, first, deed)
    assert deed.adoption_count == 1
    assert adoption.user_id == second.id
    with transaction():
        adoptions.undo(session, second, deed)
    assert deed.adoption_count == 0
    assert session.scalars(select(AdoptionMember)).all() == []


def test_a_colleague_cannot_take_back_what_others_pressed_but_the_contact_person_can(
    session: Session, make: Factory, nokia: Organisation, first: Actor, second: Actor
) -> None:
    deed = make.deed()
    press(session, first, deed)
    with pytest.raises(RuleBroken, match="not_your_press"), transaction():
        adoptions.undo(session, second, deed)
    steward = Actor(make.user(organisation=nokia, steward=True))
    with transaction():
        adoptions.undo(session, steward, deed)
    assert deed.adoption_count == 0


def test_a_model_that_was_given_up_has_a_reason_and_only_then(session: Session, make: Factory, first: Actor) -> None:
    adoption = press(session, first, make.deed())
    with transaction():
        details = AdoptionDetails(status=AdoptionStatus.ABANDONED, abandoned_reason=AbandonReason.LAW)
        adoptions.describe(session, first, adoption, details)
    assert adoption.abandoned_reason == "law"
    with transaction():
        details = AdoptionDetails(status=AdoptionStatus.IN_USE, abandoned_reason=AbandonReason.LAW)
        adoptions.describe(session, first, adoption, details)
    assert adoption.abandoned_reason is None
    with pytest.raises(RuleBroken, match="unknown_choice"), transaction():
        adoptions.describe(session, first, adoption, AdoptionDetails(abandoned_reason="laziness"))


@pytest.mark.parametrize("field", ["note", "outcome", "unit"])
def test_too_long_a_text_is_refused_at_its_field(session: Session, make: Factory, first: Actor, field: str) -> None:
    adoption = press(session, first, make.deed())
    with pytest.raises(RuleBroken, match="text_too_long") as refused, transaction():
        adoptions.describe(session, first, adoption, AdoptionDetails(**{field: "x" * 2001}))
    assert refused.value.field == field


def test_who_carries_on_the_work_of_the_maker_cannot_take_the_model(
    session: Session, make: Factory, nokia: Organisation, first: Actor
) -> None:
    before = make.organisation("Vanha kunta", successor_id=nokia.id)
    with pytest.raises(RuleBroken, match="own_deed"), transaction():
        adoptions.adopt(session, first, make.deed(organisation_id=before.id))


def test_everything_told_stands_on_the_page_and_can_be_narrowed(
    session: Session, make: Factory, browser: Browser, client: FlaskClient, first: Actor
) -> None:
    deed = make.deed()
    assert first.user is not None
    browser.sign_in(first.user)
    page = browser.post(f"/teot/{deed.id}/mallia", headers={"X-Requested-With": "fetch"}).text
    assert "Rehtori" not in page
    answer = browser.post(
        f"/teot/{deed.id}/mallia/tiedot",
        {"closeness": "adapted", "status": "luovuttu", "abandoned_reason": "skills", "note": "Vain <b>aamuisin</b>.",
         "outcome": "Opimme paljon.", "unit": "Harjuniityn koulu", "may_contact": "y"},
    )  # fmt: skip
    assert answer.status_code == 303
    path = f"/en/teot/{deed.id}-{deed.slug}"
    shown = client.get(path).text
    for text in ("We lacked the skills", "Vain &lt;b&gt;aamuisin", "Opimme paljon.", "Harjuniityn koulu", "Rehtori"):
        assert text in shown
    assert "Opimme paljon." in client.get(f"{path}?tilanne=luovuttu").text
    assert "Opimme paljon." not in client.get(f"{path}?tilanne=kaytossa").text
    assert "Opimme paljon." in client.get(f"{path}?tilanne=mitä-vain").text


def test_a_colleague_sees_a_button_to_join(
    make: Factory, session: Session, app: Flask, first: Actor, second: Actor
) -> None:
    deed = make.deed()
    press(session, first, deed)
    assert second.user is not None
    colleague = Browser(app).sign_in(second.user)
    page = colleague.get(f"/en/teot/{deed.id}/mallia").text
    assert "I have taken this model, too" in page
    assert "Take back" not in page
    page = colleague.post(f"/en/teot/{deed.id}/mallia", headers={"X-Requested-With": "fetch"}).text
    assert "2 people have pressed this here." in page
    assert "Take back" in page


def test_a_deed_that_was_taken_away_is_told_of_plainly(make: Factory, browser: Browser, first: Actor) -> None:
    deed = make.deed(status=DeedStatus.WITHDRAWN)
    assert first.user is not None
    browser.sign_in(first.user)
    assert browser.get(f"/teot/{deed.id}/mallia").status_code == 410
    assert browser.post(f"/teot/{deed.id}/mallia").status_code == 410
    assert browser.post("/teot/999/mallia").status_code == 404


def test_a_visitors_press_lives_through_registration(app: Flask, session: Session, make: Factory) -> None:
    make.organisation("Nokian kaupunki", domain="example.org")
    deed = make.deed()
    browser = Browser(app)
    sign_in = browser.get(f"/teot/{deed.id}/mallia")
    assert sign_in.status_code == 302
    page = browser.get(sign_in.location).text
    register = re.search(r'href="(/rekisteroidy\?next=[^"]+)"', page)
    assert register is not None
    assert f'value="/teot/{deed.id}/mallia"' in browser.get(register[1]).text
    form = sign_up_form(next=f"/teot/{deed.id}/mallia", opened="")
    assert browser.post("/rekisteroidy", form).status_code == 303
    mail = mails(session, "confirm_address")[-1]
    confirmed = browser.post(link_in(mail))
    assert (confirmed.status_code, confirmed.location) == (303, f"/teot/{deed.id}/mallia")
    assert browser.post(f"/teot/{deed.id}/mallia").status_code == 303
    session.rollback()
    assert session.get_one(Deed, deed.id).adoption_count == 1


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"])
def test_registration_leads_nowhere_else(app: Flask, session: Session, address: str) -> None:
    browser = Browser(app)
    assert "example.org/" not in browser.get("/rekisteroidy", query_string={"next": address}).text.partition("<form")[2]
    assert browser.post("/rekisteroidy", sign_up_form(next=address, opened="")).status_code == 303
    assert browser.post(link_in(mails(session, "confirm_address")[-1])).location == "/oma"


# Two tabs, and what others do meanwhile


def test_details_from_a_tab_after_taking_back_in_another_are_not_lost_in_silence(
    session: Session, make: Factory, browser: Browser, first: Actor
) -> None:
    deed = make.deed()
    assert first.user is not None
    browser.sign_in(first.user)
    for path in ("", "", "/peru", "/peru"):
        assert browser.post(f"/teot/{deed.id}/mallia{path}").status_code == 303
    answer = browser.post(f"/en/teot/{deed.id}/mallia/tiedot", {"note": "Muutimme lomakkeen.", "status": "kaytossa"})
    assert answer.status_code == 422
    assert "the model was taken back meanwhile" in answer.text
    assert "Muutimme lomakkeen." in answer.text
    session.rollback()
    session.expire_all()
    assert (deed.adoption_count, session.scalars(select(Adoption)).all()) == (0, [])


def test_the_last_of_two_tabs_that_tell_details_has_the_last_word(
    session: Session, make: Factory, browser: Browser, first: Actor
) -> None:
    deed = make.deed()
    adoption = press(session, first, deed)
    assert first.user is not None
    browser.sign_in(first.user)
    for status in ("kokeilee", "kaytossa"):
        assert browser.post(f"/teot/{deed.id}/mallia/tiedot", {"status": status}).status_code == 303
    session.rollback()
    session.expire_all()
    assert (adoption.status, deed.adoption_count) == ("kaytossa", 1)


def test_a_press_from_a_page_opened_before_the_organisations_were_merged_joins_the_one_that_stays(
    session: Session, make: Factory, app: Flask, nokia: Organisation
) -> None:
    small = make.organisation("Pieni kunta")
    deed, taken = make.deed(), make.deed("Toinen teko")
    people = [make.user(organisation=place) for place in (small, nokia)]
    for user in people:
        press(session, Actor(user), taken)
    browser = Browser(app).sign_in(people[0])
    assert "We took this model" in browser.get(f"/en/teot/{deed.id}-{deed.slug}").text
    with transaction():
        merging.merge(session, Actor(make.user(role=Role.ADMIN)), small, nokia)
    assert browser.post(f"/teot/{deed.id}/mallia").status_code == 303
    assert browser.post(f"/teot/{taken.id}/mallia").status_code == 303
    session.rollback()
    session.expire_all()
    found = [(row.deed_id, row.organisation_id) for row in session.scalars(select(Adoption).order_by(Adoption.deed_id))]
    assert found == [(deed.id, nokia.id), (taken.id, nokia.id)]
    assert (deed.adoption_count, taken.adoption_count) == (1, 1)


def test_a_press_after_the_own_organisation_was_merged_into_the_maker_is_refused_in_plain_words(
    session: Session, make: Factory, app: Flask, nokia: Organisation
) -> None:
    small = make.organisation("Pieni kunta")
    deed = make.deed(organisation_id=nokia.id)
    user = make.user(organisation=small)
    browser = Browser(app).sign_in(user)
    browser.get(f"/teot/{deed.id}-{deed.slug}")
    with transaction():
        merging.merge(session, Actor(make.user(role=Role.ADMIN)), small, nokia)
    answer = browser.post(f"/en/teot/{deed.id}/mallia")
    assert answer.status_code in (403, 422)
    assert "your own organisation" in answer.text
    assert "Take the model" not in answer.text
    session.rollback()
    session.expire_all()
    assert deed.adoption_count == 0


def test_no_maker_takes_the_own_model_even_beside_another_organisation(
    session: Session, make: Factory, nokia: Organisation, app: Flask
) -> None:
    partner, other = make.organisation("Kumppani"), make.organisation("Kolmas")
    deed = make.deed(organisation_id=make.organisation("Tekijä").id)
    deed.co_organisations = [partner]
    heir = make.organisation("Perijä")
    partner.successor_id = heir.id
    session.commit()
    user = make.user(organisation=heir)
    browser = Browser(app).sign_in(user)
    assert "own organisation" in browser.get(f"/en/teot/{deed.id}-{deed.slug}").text
    session.add(Membership(user_id=user.id, organisation_id=other.id))
    session.commit()
    session.refresh(user)
    assert press(session, Actor(user), deed).organisation_id == other.id
