"""Why somebody may or may not, for administrators."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.core.text import alphabetical
from tori.models.deeds import DeedStatus
from tori.models.operations import AuditEntry
from tori.models.people import Membership, Role
from tori.policy import Permission
from tori.web.desk_labels import RIGHTS
from tori.web.desk_people import explain


@pytest.fixture
def admin(make: Factory, browser: Browser) -> Browser:
    return browser.sign_in(make.user("yllapito@example.org", role=Role.ADMIN))


def test_the_page_tells_why_not_and_why(make: Factory, session: Session, admin: Browser) -> None:
    nokia = make.organisation("Nokian kaupunki")
    person = make.user(organisation=nokia)
    steward = make.user(organisation=nokia, steward=True)
    draft = make.deed("Luonnos", status=DeedStatus.DRAFT, organisation_id=nokia.id)
    session.rollback()

    def ask(user_id: int, right: str, about: object = "") -> str:
        answer = admin.get(f"/en/hallinta/kayttajat/{user_id}", query_string={"oikeus": right, "kohde": str(about)})
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    assert "it does not exist" in ask(person.id, "deed:edit", draft.id)
    assert "Yes, this person may" in ask(steward.id, "deed:edit", f"http://127.0.0.1/teot/{draft.id}-luonnos")
    assert "Only the organisation" in ask(person.id, "organisation:edit", "nokian-kaupunki")
    assert "Yes, this person may" in ask(steward.id, "organisation:people", "/organisaatiot/nokian-kaupunki")
    assert "right to open this page" in ask(person.id, "user:manage")


def test_what_does_not_exist_is_told_at_its_field(make: Factory, admin: Browser) -> None:
    person = make.user()
    for about in ("", "99999", "x", "9" * 30):
        answer = admin.get(f"/hallinta/kayttajat/{person.id}", query_string={"oikeus": "deed:edit", "kohde": about})
        assert answer.status_code == 422
        assert 'id="kohde-error"' in answer.text
    assert admin.get(f"/hallinta/kayttajat/{person.id}?oikeus=ei:ole").status_code == 200
    assert admin.get("/hallinta/kayttajat/99999").status_code == 404


def test_rights_are_told_in_words_in_the_order_of_the_alphabet(make: Factory, admin: Browser) -> None:
    assert set(RIGHTS) == set(Permission)
    deed = make.deed()
    path = f"/hallinta/kayttajat/{make.user().id}"
    page = admin.get(path, query_string={"oikeus": "deed:edit", "kohde": str(deed.id)}).text
    assert f"<p>Muokata tekoa: {deed.title}</p>" in page
    assert "Julkaistu" in page
    assert "published" not in page
    names = re.findall(r'<option value="[a-z:-]+"(?: selected)?>([^<]*)</option>', page)
    assert len(names) == len(set(names)) == len(Permission)
    assert names == sorted(names, key=alphabetical)


@pytest.mark.parametrize("permission", list(Permission))
def test_every_right_is_explained(make: Factory, session: Session, permission: Permission) -> None:
    person = make.user(organisation=make.organisation("Nokian kaupunki"))
    deed = make.deed(author_id=person.id)
    found = explain(session, person, permission, str(deed.id))
    assert found is None or found.words


def test_z23_looking_stands_in_the_log(make: Factory, session: Session, admin: Browser) -> None:
    person = make.user()
    admin.get(f"/hallinta/kayttajat/{person.id}")
    session.rollback()
    assert session.scalars(select(AuditEntry).where(AuditEntry.event == "UserViewed")).one().data == {
        "user_id": person.id
    }


def test_what_waits_is_listed_with_few_queries(make: Factory, session: Session, admin: Browser) -> None:
    from tori.core import clock

    nokia = make.organisation("Nokian kaupunki")
    for number in range(12):
        person = make.user(f"odottaja{number}@example.org")
        session.add(Membership(user_id=person.id, organisation_id=nokia.id, waits_since=clock.now()))
    session.commit()
    with counted_queries(admin.client.application) as statements:
        page = admin.get("/hallinta/jasenyydet").text
    assert "odottaja11@example.org" in page
    assert len(statements) <= PAGE_BUDGET, statements
