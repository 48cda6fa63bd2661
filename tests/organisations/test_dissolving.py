"""A duplicate organisation goes away, and nothing that hung on it is lost."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.adoptions import dissolving
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.deeds import adoptions
from tori.follows import service as follows
from tori.models.deeds import Adoption, Deed
from tori.models.follows import Follow, Followed
from tori.models.operations import AuditEntry, IndexTask
from tori.models.people import Membership, Organisation, Role
from tori.models.searching import SavedSearch
from tori.policy import Actor


@pytest.fixture
def admin(make: Factory) -> Actor:
    return Actor(make.user(role=Role.ADMIN))


def test_everything_goes_to_the_one_that_stays(
    session: Session, make: Factory, admin: Actor, client: FlaskClient
) -> None:
    twice, real = make.organisation("Nokian kpunki", domain="nokia.test"), make.organisation("Nokia")
    third = make.organisation("Ylöjärvi")
    deed = make.deed("Kaksoiskappaleen teko", organisation_id=twice.id)
    own = make.deed("Oma teko", organisation_id=real.id)
    other, both = make.deed("Toisten teko", organisation_id=third.id), make.deed("Yhdessä", organisation_id=third.id)
    both.co_organisations = [twice, real]
    one, two = make.user(organisation=twice, steward=True), make.user(organisation=twice)
    two.memberships.append(Membership(organisation_id=real.id))
    member = make.user(organisation=real)
    session.add(SavedSearch(user_id=member.id, name="Oma", query="organisaatio=nokian-kpunki"))
    session.commit()
    with transaction():
        adoptions.adopt(session, Actor(one), own)
        adoptions.adopt(session, Actor(one), other)
        adoptions.adopt(session, Actor(member), other)
        adoptions.adopt(session, Actor(member), deed)
        for person in (one, member):
            follows.follow(session, Actor(person), Followed.ORGANISATION, twice.id)
        follows.follow(session, Actor(member), Followed.ORGANISATION, real.id)
    twice_id, real_id = twice.id, real.id
    told = dissolving.moving(session, twice_id)
    assert (told.deeds, told.people, told.adoptions, told.followers) == (1, 2, 2, 2)
    with transaction():
        dissolving.dissolve(session, admin, twice, real, "nokian KPUNKI")
    session.expire_all()
    assert session.get(Organisation, twice_id) is None
    assert session.get_one(Deed, deed.id).organisation_id == real_id
    assert [row.id for row in both.co_organisations] == [real_id]
    assert sorted(session.scalars(select(Membership.user_id))) == sorted([one.id, two.id, member.id])
    assert {row.organisation_id for row in session.scalars(select(Membership))} == {real_id}
    left = session.scalars(select(Adoption)).all()
    assert [(row.deed_id, row.organisation_id) for row in left] == [(other.id, real_id)], "own deeds are not adopted"
    assert [session.get_one(Deed, number).adoption_count for number in (deed.id, own.id, other.id)] == [0, 0, 1]
    assert sorted(session.scalars(select(Follow.user_id).where(Follow.target_id == real_id))) == sorted(
        [one.id, member.id]
    )
    assert session.scalars(select(SavedSearch.query)).one() == "organisaatio=nokia"
    assert deed.id in session.scalars(select(IndexTask.deed_id)).all()
    answer = client.get("/organisaatiot/nokian-kpunki")
    assert (answer.status_code, answer.location) == (301, "/organisaatiot/nokia")
    answer = client.get("/teot?organisaatio=nokian-kpunki")
    assert (answer.status_code, answer.location) == (301, "/teot?organisaatio=nokia")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "OrganisationDissolved")).one()
    assert (entry.data["name"], entry.data["deeds"]) == ("Nokian kpunki", 1)


def test_every_column_that_points_at_an_organisation_is_moved() -> None:
    names = {f"{column.table.name}.{column.name}" for column in dissolving.references()}
    known = {"deed.organisation_id", "deed_co_organisation.organisation_id", "organisation.successor_id"}
    assert known | {"award.organisation_id", "wish.organisation_id", "story_organisation.organisation_id"} <= names


def test_the_name_must_be_repeated_and_only_admins_may(session: Session, make: Factory, admin: Actor) -> None:
    twice, real = make.organisation("Nokian kpunki"), make.organisation("Nokia")
    with pytest.raises(RuleBroken, match="name_not_repeated"), transaction():
        dissolving.dissolve(session, admin, twice, real, "Nokia")
    with pytest.raises(RuleBroken, match="same_organisation"), transaction():
        dissolving.dissolve(session, admin, real, real, "Nokia")
    with pytest.raises(NotAllowed), transaction():
        dissolving.dissolve(session, Actor(make.user(role=Role.EDITOR)), twice, real, "Nokian kpunki")


def test_at_the_desk_a_wrong_name_changes_nothing_and_the_right_one_leads_on(
    session: Session, make: Factory, browser: Browser
) -> None:
    twice, real = make.organisation("Nokian kpunki"), make.organisation("Nokia")
    make.deed("Teko", organisation_id=twice.id)
    twice_id, real_id = twice.id, real.id
    browser.sign_in(make.user(role=Role.ADMIN))
    page = f"/hallinta/organisaatiot/{twice_id}"
    assert "1 deed" in browser.get(f"/en{page}").text
    assert browser.post(f"{page}/pura", {"duplicate_of": "Nokia", "said": "joku"}).status_code == 422
    assert browser.post(f"{page}/pura", {"duplicate_of": "ei ole", "said": "Nokian kpunki"}).status_code == 422
    answer = browser.post(f"{page}/pura", {"duplicate_of": "/organisaatiot/nokia", "said": "Nokian kpunki"})
    assert (answer.status_code, answer.location) == (303, f"/hallinta/organisaatiot/{real_id}")
    assert browser.get(page).status_code == 404
