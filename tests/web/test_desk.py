"""The desk of the staff, role by role."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser, MakeApp
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.accounts import administration
from tori.core import clock, events
from tori.models.deeds import Comment, Deed, DeedStatus
from tori.models.operations import AuditEntry, Heartbeat, OutboxMail
from tori.models.people import Role, User
from tori.policy import Actor, Permission, can
from tori.web import desk
from tori.web.desk_labels import EVENTS
from tori.web.desk_queries import PER_PAGE

PAGES = {
    "/hallinta": {Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN},
    "/hallinta/palaute": {Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN},
    "/hallinta/toplistat": {Role.EDITOR, Role.ADMIN},
    "/hallinta/valinnat": {Role.EDITOR, Role.ADMIN},
    "/hallinta/vastaukset": {Role.EDITOR, Role.ADMIN},
    "/hallinta/moderointi": {Role.EDITOR, Role.ADMIN},
    "/hallinta/tuonti": {Role.EDITOR, Role.ADMIN},
    "/hallinta/kayttajat": {Role.ADMIN},
    "/hallinta/postit": {Role.ADMIN},
    "/hallinta/postit/1": {Role.ADMIN},
    "/hallinta/loki": {Role.ADMIN},
}

BUTTONS = {
    "/hallinta/kayttajat/1/rooli": {Role.ADMIN},
    "/hallinta/kayttajat/1/sulje": {Role.ADMIN},
    "/hallinta/kayttajat/1/avaa": {Role.ADMIN},
    "/hallinta/palaute/1/kasitelty": {Role.CAMPAIGN_MANAGER, Role.EDITOR, Role.ADMIN},
    "/hallinta/moderointi/kommentti/1": {Role.EDITOR, Role.ADMIN},
    "/hallinta/moderointi/kommentti/1/nayta": {Role.EDITOR, Role.ADMIN},
    "/hallinta/postit/1/laheta": {Role.ADMIN},
    "/hallinta/moderointi/teko/1": {Role.EDITOR, Role.ADMIN},
    "/hallinta/tuonti": {Role.EDITOR, Role.ADMIN},
}


def add_mail(session: Session, subject: str = "Vahvista osoitteesi", **values: object) -> OutboxMail:
    number = session.scalar(select(func.count()).select_from(OutboxMail)) or 0
    row = OutboxMail(
        **{"event": "confirm_address", "recipient": "uusi@example.org", "subject": subject,
           "body_text": "Linkki: https://x/salainen", "body_html": "", "message_id": f"<{number}@example.org>",
           "due_at": clock.now(), **values}
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


def add_comment(session: Session, deed: Deed, author: User, body: str = "Hyvä teko!") -> Comment:
    row = Comment(deed_id=deed.id, author_id=author.id, body=body, html=f"<p>{body}</p>")
    deed.comment_count += 1
    session.add(row)
    session.commit()
    return row


@pytest.fixture
def admin(make: Factory, browser: Browser) -> Browser:
    return browser.sign_in(make.user("yllapito@example.org", role=Role.ADMIN, display_name="Ylläpitäjä"))


@pytest.fixture
def editor(make: Factory, browser: Browser) -> Browser:
    return browser.sign_in(make.user(role=Role.EDITOR))


def fresh(session: Session) -> Session:
    session.rollback()
    session.expire_all()
    return session


@pytest.mark.parametrize("role", list(Role))
def test_z02_each_role_opens_exactly_its_own_pages(
    session: Session, make: Factory, browser: Browser, role: Role
) -> None:
    add_mail(session)
    browser.sign_in(make.user(role=role))
    for path, roles in PAGES.items():
        assert browser.get(path).status_code == (200 if role in roles else 403), path
    for path, roles in BUTTONS.items():
        if role not in roles:
            assert browser.post(path).status_code == 403, path


def test_z01_visitors_are_sent_to_sign_in(app: Flask) -> None:
    client = app.test_client()
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 302
        assert "/kirjaudu" in answer.location
    for path in BUTTONS:
        assert client.post(path).status_code == 400, path


def test_c04_nothing_changes_by_reading(admin: Browser) -> None:
    for path in BUTTONS:
        if path != "/hallinta/tuonti":
            assert admin.get(path).status_code == 405, path


def test_the_menu_shows_only_what_the_person_may_open(make: Factory, browser: Browser) -> None:
    page = browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER)).get("/hallinta").text
    assert "/hallinta/palaute" in page
    assert "/hallinta/kayttajat" not in page


def test_the_first_page_tells_what_waits(session: Session, make: Factory, admin: Browser) -> None:
    make.deed("Kesken", status=DeedStatus.DRAFT)
    add_mail(session)
    add_mail(session, failed_at=clock.now())
    page = admin.get("/en/hallinta").text
    assert "1 draft is being written" in page
    assert "1 mail waits to be sent" in page
    assert "Mails that could not be sent" in page
    assert "worker is not answering" in page
    session.add(Heartbeat(name="tyolainen", seen_at=clock.now()))
    session.commit()
    assert "worker is not answering" not in admin.get("/en/hallinta").text


def test_mails_are_listed_by_state_and_page(session: Session, admin: Browser) -> None:
    add_mail(session, "Rikki mennyt", failed_at=clock.now(), last_error="SMTPRecipientsRefused")
    for number in range(PER_PAGE + 1):
        add_mail(session, f"Posti {number}")
    first = admin.get("/hallinta/postit?tila=odottaa").text
    assert "Rikki mennyt" not in first
    assert "Posti 0<" not in first
    oldest = session.scalars(select(OutboxMail.id).order_by(OutboxMail.id).offset(2).limit(1)).one()
    assert "Posti 0<" in admin.get(f"/hallinta/postit?tila=odottaa&ennen={oldest}").text
    assert "Rikki mennyt" in admin.get("/hallinta/postit?tila=epaonnistunut").text
    assert admin.get("/hallinta/postit?tila=x&ennen=-1").status_code == 200
    assert admin.get("/hallinta/postit/99999").status_code == 404


def test_the_text_of_a_mail_is_shown_only_while_mails_go_to_a_folder(
    session: Session, make: Factory, admin: Browser, make_app: MakeApp
) -> None:
    mail = add_mail(session)
    assert "https://x/salainen" in admin.get(f"/hallinta/postit/{mail.id}").text
    real = Browser(make_app(mail_url="smtp://mail.example.org")).sign_in(make.user(role=Role.ADMIN))
    page = real.get(f"/en/hallinta/postit/{mail.id}").text
    assert "https://x/salainen" not in page
    assert "meant for its reader alone" in page


class TestAccounts:
    def test_a_search_finds_by_name_and_by_address(self, make: Factory, admin: Browser) -> None:
        make.user("matti@example.org", display_name="Kehittäjä Kainuusta")
        make.user("toinen@example.org", display_name="Toinen")
        for words in ("kainuu", "matti@"):
            page = admin.get("/hallinta/kayttajat", query_string={"q": words}).text
            assert "matti@example.org" in page
            assert "toinen@example.org" not in page
        assert "No account was found" in admin.get("/en/hallinta/kayttajat?q=%25").text

    def test_a20_a_change_of_role_ends_the_sessions_and_stands_in_the_log(
        self, app: Flask, session: Session, make: Factory, admin: Browser
    ) -> None:
        user = make.user("uusi@example.org")
        other = Browser(app).sign_in(user)
        answer = admin.post(f"/hallinta/kayttajat/{user.id}/rooli", {"role": "editor"})
        assert answer.status_code == 303
        assert other.get("/hallinta/moderointi").status_code == 302
        assert fresh(session).get_one(User, user.id).role == Role.EDITOR
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "RoleChanged")).one()
        assert entry.data == {"user_id": user.id, "role": "editor", "until": None}

    def test_a_role_ends_with_its_last_day_and_goes_away_by_itself(
        self, app: Flask, session: Session, make: Factory, admin: Browser
    ) -> None:
        user = make.user("sijainen@example.org")
        number, page = user.id, f"/hallinta/kayttajat/{user.id}/rooli"
        today = clock.today()
        assert admin.post(page, {"role": "editor", "until": str(today - timedelta(days=1))}).status_code == 422
        assert admin.post(page, {"role": "editor", "until": "huomenna"}).status_code == 422
        assert admin.post(page, {"role": "editor", "until": str(today)}).status_code == 303
        found = fresh(session).get_one(User, number)
        assert can(Actor(found), Permission.CURATE)
        assert administration.end_roles(app.extensions["tori"]) == 0
        with clock.frozen(clock.now() + timedelta(days=1)):
            assert not can(Actor(found), Permission.CURATE), "at once, before anything is cleaned up"
            assert can(Actor(found), Permission.ACCOUNT_OWN)
            assert administration.end_roles(app.extensions["tori"]) == 1
        found = fresh(session).get_one(User, number)
        assert (found.role, found.role_until) == (Role.MEMBER, None)
        events = session.scalars(select(AuditEntry).where(AuditEntry.event == "RoleChanged").order_by(AuditEntry.id))
        assert [(row.data["role"], row.data["until"]) for row in events] == [("editor", str(today)), ("member", None)]

    def test_a20_a_closed_account_is_out_at_once_and_can_be_opened_again(
        self, app: Flask, make: Factory, admin: Browser
    ) -> None:
        user = make.user("uusi@example.org")
        other = Browser(app).sign_in(user)
        assert admin.post(f"/hallinta/kayttajat/{user.id}/sulje").status_code == 303
        assert other.get("/oma").status_code == 302
        assert "Closed" in admin.get("/en/hallinta/kayttajat?q=uusi").text
        assert admin.post(f"/hallinta/kayttajat/{user.id}/avaa").status_code == 303
        assert Browser(app).sign_in(user).get("/oma").status_code == 200

    def test_nobody_changes_their_own_account(self, session: Session, admin: Browser) -> None:
        own = session.scalars(select(User).where(User.role == Role.ADMIN)).one()
        session.rollback()
        for action, data in (("rooli", {"role": "member"}), ("sulje", {})):
            answer = admin.post(f"/en/hallinta/kayttajat/{own.id}/{action}", data)
            assert answer.status_code == 422
            assert "own account" in answer.text
        user = fresh(session).get_one(User, own.id)
        assert (user.role, user.disabled_at) == (Role.ADMIN, None)

    def test_unknown_roles_and_accounts_change_nothing(self, session: Session, make: Factory, admin: Browser) -> None:
        user = make.user("uusi@example.org")
        assert admin.post(f"/hallinta/kayttajat/{user.id}/rooli", {"role": "superuser"}).status_code == 422
        assert admin.post("/hallinta/kayttajat/99999/rooli", {"role": "editor"}).status_code == 404
        assert fresh(session).get_one(User, user.id).role == Role.MEMBER


class TestLog:
    def test_it_is_filtered_and_paged_by_place(self, session: Session, admin: Browser) -> None:
        session.add_all(AuditEntry(event="DeedSaved", data={"deed_id": number}) for number in range(PER_PAGE + 5))
        session.add(AuditEntry(event="RoleChanged", data={"user_id": 7, "role": "editor"}, source="web 192.0.2.1"))
        session.commit()
        page = admin.get("/en/hallinta/loki?tapahtuma=RoleChanged").text
        assert "192.0.2.1" in page
        assert "deed 3<" not in page
        first = admin.get("/en/hallinta/loki?tapahtuma=DeedSaved").text
        assert "deed 54<" in first
        assert "deed 3<" not in first
        assert "Older" in first
        assert admin.get("/hallinta/loki?tapahtuma=x&ennen=99999999999999999999").status_code == 200

    def test_every_event_has_words(self) -> None:
        def below(kind: type) -> set[type]:
            return {sub for child in kind.__subclasses__() for sub in {child, *below(child)}}

        assert {kind.__name__ for kind in below(events.Event) if kind.__module__ == events.__name__} == set(EVENTS)


class TestModeration:
    def test_a_comment_goes_with_a_reason(self, session: Session, make: Factory, editor: Browser) -> None:
        deed = make.deed()
        comment = add_comment(session, deed, make.user(), "Osta halvalla <b>kelloja</b>")
        assert "Osta halvalla &lt;b&gt;" in editor.get("/hallinta/moderointi").text
        path = f"/hallinta/moderointi/kommentti/{comment.id}"
        refused = editor.post(path, {"reason": "  "})
        assert refused.status_code == 422
        assert f'href="#reason-comment-{comment.id}"' in refused.text
        assert editor.post(path, {"reason": "Mainos"}).status_code == 303
        row = fresh(session).get_one(Comment, comment.id)
        assert row.removed_at is not None
        assert row.removed_reason == "Mainos"

    def test_a_deed_is_withdrawn_with_a_reason(self, session: Session, make: Factory, editor: Browser) -> None:
        deed = make.deed("Mainosteko")
        path = f"/hallinta/moderointi/teko/{deed.id}"
        assert editor.post(path, {"reason": ""}).status_code == 422
        assert editor.post(path, {"reason": "Mainos"}).status_code == 303
        assert fresh(session).get_one(Deed, deed.id).status == DeedStatus.WITHDRAWN
        assert "Mainosteko" not in editor.get("/hallinta/moderointi").text

    def test_unknown_things_are_not_found(self, editor: Browser) -> None:
        for path in ("kommentti/9999", "teko/9999"):
            assert editor.post(f"/hallinta/moderointi/{path}", {"reason": "x"}).status_code == 404

    def test_the_page_takes_few_queries(self, app: Flask, session: Session, make: Factory, editor: Browser) -> None:
        for number in range(20):
            organisation = make.organisation()
            author = make.user(organisation=organisation)
            add_comment(
                session, make.deed(f"Teko {number}", author_id=author.id, organisation_id=organisation.id), author
            )
        with counted_queries(app) as statements:
            assert editor.get("/hallinta/moderointi").status_code == 200
        assert len(statements) <= 12, statements


class TestImport:
    LINE = (
        '{"title": "Tuotu teko", "summary": "Lyhyesti.", "organisation": "Nokian kaupunki", "sector": "koko-kunta", '
        '"external_id": "a-1"}'
    )

    def send(self, editor: Browser, content: bytes, **data: str) -> "object":
        return editor.post(
            "/en/hallinta/tuonti", {"file": (BytesIO(content), "teot.jsonl"), "action": "check", **data},
            content_type="multipart/form-data",
        )  # fmt: skip

    def test_a_file_is_checked_first_and_written_when_told(
        self, session: Session, make: Factory, editor: Browser
    ) -> None:
        make.sector()
        report = self.send(editor, f"\ufeff{self.LINE}\r\n\n".encode())
        assert report.status_code == 200
        assert "Bring in 1 deed" in report.text
        assert fresh(session).scalar(select(func.count()).select_from(Deed)) == 0
        answer = editor.post("/hallinta/tuonti", {"content": self.LINE, "action": "import"})
        assert answer.status_code == 303
        assert fresh(session).scalars(select(Deed.title)).all() == ["Tuotu teko"]
        assert "already has all this" in self.send(editor, self.LINE.encode()).text

    def test_bad_lines_are_named_with_line_field_and_reason(
        self, session: Session, make: Factory, editor: Browser
    ) -> None:
        make.sector()
        bad = self.LINE.replace("koko-kunta", "avaruus").replace("a-1", "a-2")
        answer = self.send(editor, f"{self.LINE}\n{bad}\n{{rikki\n".encode())
        assert answer.status_code == 422
        assert "<code>sector</code>" in answer.text
        assert "not valid JSON" in answer.text
        assert "Bring in" not in answer.text
        assert "Bring in 1 deed" in self.send(editor, f"{self.LINE}\n{bad}\n".encode(), keep_going="y").text
        assert fresh(session).scalar(select(func.count()).select_from(Deed)) == 0

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"", "Choose a file"), (b"\xff\xfe\x00", "not UTF-8"), (b"x" * 1_001, "too large")],
        ids=["empty", "bytes", "large"],
    )
    def test_a_file_that_is_none_is_refused_beside_its_field(
        self, editor: Browser, monkeypatch: pytest.MonkeyPatch, content: bytes, words: str
    ) -> None:
        monkeypatch.setattr(desk, "MAX_IMPORT_BYTES", 1_000)
        answer = self.send(editor, content)
        assert answer.status_code == 422
        assert words in answer.text
        assert 'id="error-summary"' in answer.text

    def test_the_report_shows_the_file_as_text(self, make: Factory, editor: Browser) -> None:
        make.sector()
        line = self.LINE.replace("Lyhyesti.", "</textarea><script>alert(1)</script>")
        assert "<script>alert" not in self.send(editor, line.encode()).text


def test_old_rows_go_by_themselves(app: Flask, session: Session, make: Factory) -> None:
    from tori.models.operations import Feedback
    from tori.notifications import audit
    from tori.web import retention

    moment = clock.now()
    old, new = add_mail(session, "Vanha", sent_at=moment - timedelta(days=8)), add_mail(session, "Uusi", sent_at=moment)
    waiting = add_mail(session, "Odottaa", created_at=moment - timedelta(days=30))
    session.add_all(
        [
            Feedback(topic="idea", body="vanha", handled_at=moment - timedelta(days=366)),
            Feedback(topic="idea", body="avoin", created_at=moment - timedelta(days=900)),
            AuditEntry(event="DeedSaved", data={}, created_at=moment - timedelta(days=731)),
            AuditEntry(event="DeedSaved", data={}, created_at=moment - timedelta(days=729)),
        ]
    )
    session.commit()
    ids = old.id, new.id, waiting.id
    audit.seal_new(app.extensions["tori"])
    retention.sweep_old_rows(app.extensions["tori"])
    fresh(session)
    texts = [session.get_one(OutboxMail, mail_id).body_text for mail_id in ids]
    assert [bool(text) for text in texts] == [False, True, True]
    assert session.get_one(OutboxMail, ids[0]).recipient == ""
    assert session.scalars(select(Feedback.body)).all() == ["avoin"]
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1
