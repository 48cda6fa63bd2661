"""Who speaks for an organisation: by address, by invitation, by somebody who vouches; leaving, moving, running out."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.helpers import GOOD_PASSWORD, link_in, mails, sign_up_form
from tests.conftest import PASSWORD, Browser
from tests.factories import Factory
from tests.web.counting import PAGE_BUDGET, counted_queries
from tori.accounts.memberships import end_due_stewardships
from tori.core import clock
from tori.edge import limits
from tori.models.accounts import Invitation
from tori.models.deeds import Adoption, Deed, DeedStatus
from tori.models.operations import AuditEntry
from tori.models.people import Membership, Organisation, Role, User


@pytest.fixture
def nokia(make: Factory) -> Organisation:
    return make.organisation("Nokian kaupunki", domain="nokia.example.org")


@pytest.fixture
def steward(app: Flask, make: Factory, nokia: Organisation) -> Browser:
    return Browser(app).sign_in(make.user("yhteys@nokia.example.org", organisation=nokia, steward=True))


def newcomer(app: Flask, session: Session, email: str = "uusi@example.org") -> Browser:
    """Somebody who has registered and chosen Nokia by hand."""
    browser = Browser(app)
    browser.post("/rekisteroidy", sign_up_form(email=email, organisation="nokian-kaupunki"))
    browser.post(link_in(mails(session, "confirm_address")[-1]))
    assert browser.get("/oma").status_code == 200
    return browser


def membership_of(session: Session, email: str) -> Membership:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Membership).join(User).where(User.email == email)).one()


def test_somebody_who_only_says_so_does_not_speak_for_the_organisation(
    app: Flask, session: Session, make: Factory, nokia: Organisation, steward: Browser
) -> None:
    deed = make.deed()
    browser = newcomer(app, session)
    assert mails(session)[-1].event == "membership_waits"
    assert mails(session)[-1].recipient == "yhteys@nokia.example.org"
    assert browser.post(f"/teot/{deed.id}/mallia").status_code == 403
    assert session.scalars(select(Adoption)).all() == []
    assert browser.get("/teot/uusi").status_code == 200, "writing goes on meanwhile"


def test_a_contact_person_takes_somebody_in(
    app: Flask, session: Session, make: Factory, nokia: Organisation, steward: Browser
) -> None:
    deed = make.deed()
    browser = newcomer(app, session)
    page = steward.get("/organisaatiot/nokian-kaupunki/vaki").text
    assert "uusi@example.org" in page
    row = membership_of(session, "uusi@example.org")
    session.rollback()
    assert steward.post(f"/organisaatiot/nokian-kaupunki/vaki/{row.id}/hyvaksy").status_code == 303
    assert browser.post(f"/teot/{deed.id}/mallia").status_code == 303
    row = membership_of(session, "uusi@example.org")
    assert (row.waits_since, row.user.trusted_at is not None) == (None, True)
    assert mails(session)[-1].event == "membership_approved"
    assert session.scalars(select(AuditEntry.event).where(AuditEntry.event == "MembershipApproved")).all()


def test_who_ends_the_own_task_comes_to_the_page_of_the_organisation(
    session: Session, nokia: Organisation, steward: Browser
) -> None:
    row = session.scalars(select(Membership).where(Membership.is_steward)).one()
    session.rollback()
    answer = steward.post(f"/organisaatiot/nokian-kaupunki/vaki/{row.id}/ei-yhteyshenkilo")
    assert answer.status_code == 303
    assert answer.location == "/organisaatiot/nokian-kaupunki"
    assert steward.get(answer.location).status_code == 200


def test_a_contact_person_does_not_take_somebody_in(
    app: Flask, session: Session, nokia: Organisation, steward: Browser
) -> None:
    browser = newcomer(app, session)
    row_id = membership_of(session, "uusi@example.org").id
    session.rollback()
    assert steward.post(f"/organisaatiot/nokian-kaupunki/vaki/{row_id}/poista").status_code == 303
    session.rollback()
    assert session.scalars(select(Membership).where(Membership.id == row_id)).all() == []
    assert mails(session)[-1].event == "membership_refused"
    assert browser.get("/oma").status_code == 200


@pytest.mark.parametrize("who", ["visitor", "member", "steward of another", "editor"])
def test_z15_the_people_of_an_organisation_are_nobody_elses_business(
    app: Flask, session: Session, make: Factory, nokia: Organisation, who: str
) -> None:
    person = make.user(organisation=nokia)
    other = make.organisation("Kangasalan kaupunki")
    browser = Browser(app)
    if who != "visitor":
        browser.sign_in(
            {
                "member": lambda: make.user(organisation=nokia),
                "steward of another": lambda: make.user(organisation=other, steward=True),
                "editor": lambda: make.user(role=Role.EDITOR),
            }[who]()
        )
    invitation = Invitation(
        organisation_id=nokia.id, email="x@example.org", hash="x" * 64, expires_on=clock.today() + timedelta(days=3)
    )
    session.add(invitation)
    session.commit()
    row_id, invitation_id = person.memberships[0].id, invitation.id
    session.rollback()
    expected = 302 if who == "visitor" else 404
    base = "/organisaatiot/nokian-kaupunki/vaki"
    answer = browser.get(base)
    assert answer.status_code == expected
    assert person.display_name not in answer.text.replace("Kehittäjä ", "") or who != "visitor"
    for path in (f"{base}/{row_id}/yhteyshenkilo", f"{base}/{row_id}/poista", f"{base}/{row_id}/hyvaksy",
                 f"{base}/kutsut/{invitation_id}/peru"):  # fmt: skip
        assert browser.post(path).status_code in (302, 401, 404), path
    assert browser.post(f"{base}/kutsu", {"email": "uusi@example.org"}).status_code in (302, 401, 404)
    session.rollback()
    session.expire_all()
    assert session.scalars(select(Membership.id).where(Membership.id == row_id)).all() == [row_id]
    assert not session.get_one(Membership, row_id).is_steward
    assert session.scalars(select(Invitation.email)).all() == ["x@example.org"]


def test_z15_a_row_of_another_organisation_is_not_reached_through_ones_own(
    session: Session, make: Factory, steward: Browser
) -> None:
    stranger = make.user(organisation=make.organisation("Kangasalan kaupunki"))
    row_id = stranger.memberships[0].id
    session.rollback()
    for action in ("hyvaksy", "poista", "yhteyshenkilo", "ei-yhteyshenkilo"):
        assert steward.post(f"/organisaatiot/nokian-kaupunki/vaki/{row_id}/{action}").status_code == 404
    session.rollback()
    assert session.get(Membership, row_id) is not None


def test_a_member_does_not_vouch_for_themselves(app: Flask, session: Session, nokia: Organisation) -> None:
    browser = newcomer(app, session)
    row = membership_of(session, "uusi@example.org")
    session.rollback()
    assert browser.post(f"/organisaatiot/nokian-kaupunki/vaki/{row.id}/hyvaksy").status_code == 404
    assert membership_of(session, "uusi@example.org").waits_since is not None


def test_z14_a_member_taken_out_loses_every_right_through_the_organisation(
    app: Flask, session: Session, make: Factory, nokia: Organisation, steward: Browser
) -> None:
    colleague = make.user(organisation=nokia, steward=True)
    draft = make.deed("Luonnos", status=DeedStatus.DRAFT, organisation_id=nokia.id)
    browser = Browser(app).sign_in(colleague)
    row_id = colleague.memberships[0].id
    session.rollback()
    assert browser.get(f"/teot/{draft.id}/muokkaa").status_code == 200
    assert steward.post(f"/organisaatiot/nokian-kaupunki/vaki/{row_id}/poista").status_code == 303
    for path in (f"/teot/{draft.id}/muokkaa", f"/teot/{draft.id}", "/organisaatiot/nokian-kaupunki/vaki",
                 "/organisaatiot/nokian-kaupunki/muokkaa"):  # fmt: skip
        assert browser.get(path).status_code in (403, 404), path


def test_z14_a_deed_that_moved_is_out_of_reach_of_the_old_contact_person(
    session: Session, make: Factory, nokia: Organisation, steward: Browser
) -> None:
    draft = make.deed("Luonnos", status=DeedStatus.DRAFT, organisation_id=nokia.id)
    other_id = make.organisation("Kangasalan kaupunki").id
    assert steward.get(f"/teot/{draft.id}/muokkaa").status_code == 200
    session.get_one(Deed, draft.id).organisation_id = other_id
    session.commit()
    assert steward.get(f"/teot/{draft.id}/muokkaa").status_code == 404


class TestInvitations:
    def send(self, steward: Browser, session: Session, email: str = "kutsuttu@example.org") -> str:
        assert steward.post("/organisaatiot/nokian-kaupunki/vaki/kutsu", {"email": email}).status_code == 303
        return link_in(mails(session, "colleague_invited")[-1])

    def test_somebody_invited_joins_with_an_account_of_that_address(
        self, app: Flask, session: Session, make: Factory, nokia: Organisation, steward: Browser
    ) -> None:
        path = self.send(steward, session)
        browser = Browser(app)
        page = browser.get(path)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "kutsuttu@example.org" in page.text
        found = re.search(r'href="(/rekisteroidy\?next=[^"]+)"', page.text)
        assert found
        browser.post("/rekisteroidy", sign_up_form(email="kutsuttu@example.org", next=path))
        answer = browser.post(link_in(mails(session, "confirm_address")[-1]))
        assert answer.location == path, "registering leads back to the invitation"
        assert browser.post(path).status_code == 303
        row = membership_of(session, "kutsuttu@example.org")
        assert (row.organisation_id, row.waits_since, row.is_steward) == (nokia.id, None, False)
        session.rollback()
        assert browser.post(path).status_code == 400, "a link works once"

    def test_an_invitation_is_of_no_use_to_another_address(
        self, app: Flask, session: Session, make: Factory, steward: Browser
    ) -> None:
        path = self.send(steward, session)
        stranger = Browser(app).sign_in(make.user("muu@example.org"))
        assert stranger.post(path).status_code == 422
        assert session.scalars(select(Membership).join(User).where(User.email == "muu@example.org")).all() == []

    def test_an_invitation_ends_when_taken_back_when_renewed_and_by_itself(
        self, session: Session, make: Factory, nokia: Organisation, steward: Browser, browser: Browser
    ) -> None:
        first = self.send(steward, session)
        second = self.send(steward, session)
        browser.sign_in(make.user("kutsuttu@example.org"))
        assert browser.post(first).status_code == 400
        with clock.frozen(clock.now() + timedelta(minutes=5)):
            number = session.scalars(select(Invitation.id)).one()
            session.rollback()
            steward.post(f"/organisaatiot/nokian-kaupunki/vaki/kutsut/{number}/peru")
        assert browser.post(second).status_code == 400
        third = self.send(steward, session)
        session.scalars(select(Invitation)).one().expires_on = clock.today() - timedelta(days=1)
        session.commit()
        assert browser.get(third).status_code == 400

    def test_a13_an_old_invitation_and_a_forgotten_password_make_nobody_a_member(
        self, app: Flask, session: Session, make: Factory, steward: Browser
    ) -> None:
        self.send(steward, session)
        session.scalars(select(Invitation)).one().expires_on = clock.today() - timedelta(days=1)
        session.commit()
        browser = Browser(app)
        browser.post("/unohtunut-salasana", {"email": "kutsuttu@example.org"})
        assert mails(session, "reset_password") == []
        make.user("kutsuttu@example.org")
        browser.post("/unohtunut-salasana", {"email": "kutsuttu@example.org"})
        browser.post(link_in(mails(session, "reset_password")[0]), {"password": GOOD_PASSWORD})
        assert session.scalars(select(Membership).join(User).where(User.email == "kutsuttu@example.org")).all() == []

    def test_the_log_holds_no_address(self, session: Session, steward: Browser) -> None:
        self.send(steward, session)
        assert "kutsuttu" not in str(session.scalars(select(AuditEntry.data)).all())

    def test_a_bad_address_is_told_at_its_field(self, session: Session, steward: Browser) -> None:
        sent = {"email": "liitto@example.org\nei-osoite"}
        answer = steward.post("/en/organisaatiot/nokian-kaupunki/vaki/kutsu", sent)
        assert answer.status_code == 422
        assert 'id="email-error"' in answer.text
        assert "“ei-osoite” is not an e-mail address" in answer.text
        assert "liitto@example.org\nei-osoite</textarea>" in answer.text.replace("\r", "")
        assert mails(session, "colleague_invited") == []

    def test_who_belongs_to_the_organisation_is_not_invited_again(
        self, session: Session, make: Factory, nokia: Organisation, steward: Browser
    ) -> None:
        make.user("jasen@example.org", organisation=nokia)
        make.user("odottaa@example.org", organisation=nokia).memberships[0].waits_since = clock.now()
        session.commit()
        for address, words in (("jasen", "belongs to the organisation already"), ("odottaa", "waits for your answer")):
            sent = {"email": f"uusi@example.org\n{address}@example.org"}
            answer = steward.post("/en/organisaatiot/nokian-kaupunki/vaki/kutsu", sent)
            assert (answer.status_code, words in answer.text) == (422, True)
            assert f"uusi@example.org\n{address}@example.org</textarea>" in answer.text.replace("\r", "")
        assert mails(session, "colleague_invited") == []

    def test_the_members_of_a_partner_are_invited_together_and_join_one_by_one(
        self, session: Session, steward: Browser
    ) -> None:
        sent = {"email": "liitto@example.org, jaosto@example.org\nliitto@example.org"}
        assert steward.post("/organisaatiot/nokian-kaupunki/vaki/kutsu", sent).status_code == 303
        told = [mail.recipient for mail in mails(session, "colleague_invited")]
        assert sorted(told) == ["jaosto@example.org", "liitto@example.org"]
        assert session.scalars(select(User).where(User.email.in_(told))).all() == [], "nobody is added for them"
        many = {"email": " ".join(f"jasen{number}@example.org" for number in range(21))}
        assert steward.post("/organisaatiot/nokian-kaupunki/vaki/kutsu", many).status_code == 422


class TestStewards:
    def test_a_contact_person_is_named_for_a_time_and_prolonged(
        self, session: Session, make: Factory, nokia: Organisation, steward: Browser
    ) -> None:
        colleague = make.user("kollega@nokia.example.org", organisation=nokia)
        row_id = colleague.memberships[0].id
        session.rollback()
        assert steward.post(f"/organisaatiot/nokian-kaupunki/vaki/{row_id}/yhteyshenkilo").status_code == 303
        row = membership_of(session, "kollega@nokia.example.org")
        assert (row.is_steward, row.steward_until) == (True, clock.today() + timedelta(days=730))
        assert mails(session)[-1].event == "steward_named"

    def test_taking_somebody_out_and_ending_the_own_task_are_asked_about_first(
        self, session: Session, make: Factory, nokia: Organisation, steward: Browser
    ) -> None:
        make.user("kollega@nokia.example.org", organisation=nokia, display_name="Kollega")
        page = steward.get("/en/organisaatiot/nokian-kaupunki/vaki").text
        folds = re.findall(r"<details.*?</details>", page, re.DOTALL)
        assert ["End the task" in fold for fold in folds].count(True) == 1
        assert ["Take out" in fold for fold in folds].count(True) == 1
        assert page.count("/poista") == 1
        assert any("/poista" in fold and "hears of this by mail" in fold for fold in folds)
        assert any("/ei-yhteyshenkilo" in fold and "no longer see this page" in fold for fold in folds)

    def test_the_rights_end_with_the_day_and_the_job_tells_of_it(
        self, app: Flask, session: Session, make: Factory, nokia: Organisation
    ) -> None:
        person = make.user("kollega@nokia.example.org", organisation=nokia, steward=True)
        person.memberships[0].steward_until = clock.today()
        session.commit()
        browser = Browser(app).sign_in(person)
        assert browser.get("/organisaatiot/nokian-kaupunki/vaki").status_code == 200
        session.rollback()
        with app.test_request_context():
            assert end_due_stewardships(app.extensions["tori"]) == 0
        person.memberships[0].steward_until = clock.today() - timedelta(days=1)
        session.commit()
        assert browser.get("/organisaatiot/nokian-kaupunki/vaki").status_code == 404
        session.rollback()
        with app.test_request_context():
            assert end_due_stewardships(app.extensions["tori"]) == 1
        assert not membership_of(session, "kollega@nokia.example.org").is_steward
        assert mails(session)[-1].event == "stewardship_over"

    def test_the_page_takes_few_queries(
        self, app: Flask, session: Session, make: Factory, nokia: Organisation, steward: Browser
    ) -> None:
        for _ in range(20):
            make.user(organisation=nokia)
        session.rollback()
        with counted_queries(app) as statements:
            assert steward.get("/organisaatiot/nokian-kaupunki/vaki").status_code == 200
        assert len(statements) <= PAGE_BUDGET, statements


def test_leaving_ends_the_rights_and_leaves_the_deeds(
    session: Session, make: Factory, nokia: Organisation, browser: Browser
) -> None:
    user = make.user(organisation=nokia)
    deed = make.deed("Jää kaupungille", organisation_id=nokia.id, author_id=user.id)
    other = make.deed("Muualta")
    browser.sign_in(user)
    assert browser.get(f"/oma/organisaatiot/{nokia.id}/jata").status_code == 200
    session.rollback()
    assert session.scalars(select(Membership)).all(), "reading the page ends nothing"
    session.rollback()
    assert browser.post(f"/oma/organisaatiot/{nokia.id}/jata").status_code == 303
    session.rollback()
    assert session.scalars(select(Membership)).all() == []
    assert session.get_one(Deed, deed.id).organisation_id == nokia.id
    session.rollback()
    assert browser.post(f"/teot/{other.id}/mallia").status_code == 403
    assert browser.post(f"/oma/organisaatiot/{nokia.id}/jata").status_code == 404


def test_an_address_that_goes_takes_its_word_with_it(
    session: Session, make: Factory, nokia: Organisation, browser: Browser
) -> None:
    user = make.user("kehittaja@nokia.example.org", organisation=nokia, steward=True)
    browser.sign_in(user)
    browser.post("/oma/sahkoposti", {"email": "kehittaja@muu.example.org", "current": PASSWORD})
    browser.post(link_in(mails(session, "confirm_new_address")[0]))
    row = membership_of(session, "kehittaja@muu.example.org")
    assert row.waits_since is not None
    assert not row.is_steward
    assert row.user.trusted_at is None


def test_too_many_invitations_in_a_day_keep_the_addresses_and_send_none(
    session: Session, make: Factory, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "invite_colleague_account", (2, timedelta(days=1)))
    home = make.organisation("Nokian kaupunki")
    browser.sign_in(make.user(organisation=home, steward=True))
    sent = "yksi@example.org\nkaksi@example.org\nkolme@example.org"
    answer = browser.post("/en/organisaatiot/nokian-kaupunki/vaki/kutsu", {"email": sent})
    assert answer.status_code == 429
    assert sent in answer.text.replace("\r\n", "\n")
    assert 'href="#email">These are more invitations' in answer.text
    assert mails(session, "colleague_invited") == []
