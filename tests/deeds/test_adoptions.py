""" "Otettu mallia": once for each organisation and deed, never of the own."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, NotFound, RuleBroken
from tori.database import db, transaction
from tori.deeds import adoptions
from tori.deeds.adoptions import AdoptionDetails
from tori.models.deeds import Adoption, AdoptionStatus, Closeness, Deed, DeedStatus
from tori.models.operations import Notification
from tori.models.people import User
from tori.policy import Actor


@pytest.fixture
def adopter(make: Factory) -> Actor:
    return Actor(make.user(organisation=make.organisation("Nokian kaupunki")))


def test_one_press_counts_once_and_tells_the_author(session: Session, make: Factory, adopter: Actor) -> None:
    author = make.user(organisation=make.organisation("Kangasalan kaupunki"))
    deed = make.deed(author_id=author.id, organisation_id=author.memberships[0].organisation_id)
    for _press in range(2):
        with transaction():
            adoptions.adopt(session, adopter, deed)
    assert deed.adoption_count == 1
    notices = session.scalars(select(Notification)).all()
    assert [(notice.user_id, notice.kind) for notice in notices] == [(author.id, "adopted")]


def test_a_colleague_joins_the_same_adoption(session: Session, make: Factory, adopter: Actor) -> None:
    assert adopter.user is not None
    colleague = Actor(make.user(organisation=adopter.user.organisation))
    deed = make.deed()
    with transaction():
        first = adoptions.adopt(session, adopter, deed)
    with transaction():
        second = adoptions.adopt(session, colleague, deed)
    assert first.id == second.id
    assert deed.adoption_count == 1


def test_an_organisation_cannot_adopt_its_own_deed(session: Session, make: Factory, adopter: Actor) -> None:
    deed = make.deed(organisation_id=next(iter(adopter.organisation_ids)))
    with pytest.raises(NotAllowed, match="own_deed"), transaction():
        adoptions.adopt(session, adopter, deed)
    assert deed.adoption_count == 0


def test_a_draft_cannot_be_adopted(session: Session, make: Factory, adopter: Actor) -> None:
    with pytest.raises(NotFound), transaction():
        adoptions.adopt(session, adopter, make.deed(status=DeedStatus.DRAFT))


def test_a_member_without_an_organisation_is_told_what_is_missing(session: Session, make: Factory) -> None:
    with pytest.raises(NotAllowed, match="no_organisation"), transaction():
        adoptions.adopt(session, Actor(make.user()), make.deed())


def test_undo_takes_the_count_back(session: Session, make: Factory, adopter: Actor) -> None:
    deed, other = make.deed(), make.deed(title="Toinen teko")
    with transaction():
        adoptions.adopt(session, adopter, deed)
        adoptions.adopt(session, adopter, other)
    with transaction():
        assert adoptions.undo(session, adopter, deed)
    with transaction():
        assert not adoptions.undo(session, adopter, deed)
    assert (deed.adoption_count, other.adoption_count) == (0, 1)


def test_details_can_be_added_afterwards(session: Session, make: Factory, adopter: Actor) -> None:
    deed = make.deed()
    with transaction():
        adoption = adoptions.adopt(session, adopter, deed)
    with transaction():
        adoptions.describe(
            session, adopter, adoption, AdoptionDetails(Closeness.ADAPTED, AdoptionStatus.TRIES, "Vain aamuisin.")
        )
    assert (adoption.closeness, adoption.status, adoption.note) == ("adapted", "kokeilee", "Vain aamuisin.")


def test_another_organisation_cannot_describe_it(session: Session, make: Factory, adopter: Actor) -> None:
    with transaction():
        adoption = adoptions.adopt(session, adopter, make.deed())
    stranger = Actor(make.user(organisation=make.organisation("Kangasalan kaupunki")))
    with pytest.raises(NotAllowed), transaction():
        adoptions.describe(session, stranger, adoption, AdoptionDetails(note="Väärä tieto."))


def test_an_unknown_choice_is_refused(session: Session, make: Factory, adopter: Actor) -> None:
    with transaction():
        adoption = adoptions.adopt(session, adopter, make.deed())
    with pytest.raises(RuleBroken, match="unknown_choice"), transaction():
        adoptions.describe(session, adopter, adoption, AdoptionDetails(closeness="stolen"))


def test_z17_presses_at_the_same_moment_count_once(app: Flask, session: Session, make: Factory, adopter: Actor) -> None:
    deed_id, user_id = make.deed().id, adopter.id
    session.rollback()
    errors: list[Exception] = []

    def press() -> None:
        with app.app_context():
            try:
                with transaction() as mine:
                    adoptions.adopt(mine, Actor(mine.get_one(User, user_id)), mine.get_one(Deed, deed_id))
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Adoption)) == 1
    assert session.get_one(Deed, deed_id).adoption_count == 1


def test_whoever_has_no_organisation_is_led_to_choose_one_instead_of_a_press_that_fails(
    make: Factory, browser: Browser
) -> None:
    deed = make.deed("Kävelevä palaveri", organisation_id=make.organisation("Nokian kaupunki").id)
    browser.sign_in(make.user())
    page = browser.get(f"/en/teot/{deed.id}-{deed.slug}").text
    box = page.split('id="mallia"')[1].split("</section>")[0]
    assert f'action="/en/teot/{deed.id}/mallia"' not in box
    assert 'href="/en/oma/tiedot"' in box


def test_whose_membership_waits_is_told_so_instead_of_a_press_that_fails(
    session: Session, make: Factory, browser: Browser
) -> None:
    deed = make.deed("Kävelevä palaveri", organisation_id=make.organisation("Nokian kaupunki").id)
    newcomer = make.user(organisation=make.organisation("Raahen kaupunki"))
    newcomer.memberships[0].waits_since = clock.now()
    session.commit()
    browser.sign_in(newcomer)
    box = browser.get(f"/en/teot/{deed.id}-{deed.slug}").text.split('id="mallia"')[1].split("</section>")[0]
    assert f'action="/en/teot/{deed.id}/mallia"' not in box
    assert "must first confirm" in box
