"""Marks of an organisation: counted from its figures, shown unless its contact person does not want them."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core.errors import NotAllowed
from tori.database import transaction
from tori.organisations import service
from tori.organisations.queries import Figures, Mark, marks_of
from tori.policy import Actor


def test_each_mark_comes_from_three(make: Factory) -> None:
    home = make.organisation()
    assert marks_of(home, Figures(deeds=2, short_deeds=0, received=2, made=2)) == []
    assert marks_of(home, Figures(deeds=3, short_deeds=0, received=2, made=3)) == [Mark.TELLS, Mark.USES]
    assert marks_of(home, Figures(deeds=0, short_deeds=0, received=3, made=0)) == [Mark.SPREADS]


def test_the_contact_person_hides_them_and_nobody_else(session: Session, make: Factory, browser: Browser) -> None:
    home = make.organisation("Nokian kaupunki")
    steward, member = make.user(organisation=home, steward=True), make.user(organisation=home)
    for title in ("Yksi", "Kaksi", "Kolme"):
        make.deed(title, organisation_id=home.id)
    with pytest.raises(NotAllowed), transaction():
        service.choose_marks(session, Actor(member), home, shown=False)
    page = "/en/organisaatiot/nokian-kaupunki"
    assert "Teller of deeds" in browser.get(page).text
    edit = f"{page}/muokkaa"
    browser.sign_in(steward)
    browser.edit(edit, {"introduction": "Hei", "shows_marks": "y"})
    assert "Teller of deeds" in browser.get(page).text
    browser.edit(edit, {"introduction": "Hei"})
    assert "Teller of deeds" not in browser.get(page).text
