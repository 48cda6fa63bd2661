"""From a report to a decision told to both sides; blocking, cleaning up, the log that is only added to."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.conversation import service as comments
from tori.core import clock, spam
from tori.core.errors import NotAllowed, NotFound, RuleBroken
from tori.database import transaction
from tori.models.deeds import Comment, CommentKind, Deed, DeedStatus
from tori.models.moderation import ModerationEntry, Report, Reportable
from tori.models.operations import AuditEntry, Notification, OutboxMail
from tori.models.people import Role, User
from tori.models.wishes import Wish
from tori.moderation import accounts, reports
from tori.policy import ANONYMOUS, Actor, Permission, can
from tori.web import retention
from tori.wishes import service as wishes
from tori.wishes.service import WishContent


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user(role=Role.EDITOR))


def reported(session: Session, deed: Deed, actor: Actor = ANONYMOUS, email: str = "lukija@example.org") -> Report:
    with transaction():
        return reports.report(session, actor, "deed", deed.id, "advert", "Tämä on mainos.", email, "fi")


def test_a_removal_takes_the_deed_off_and_tells_both_sides(session: Session, make: Factory, editor: Actor) -> None:
    maker = make.user("tekija@example.org")
    deed = make.deed("Mainosteko", author_id=maker.id)
    row = reported(session, deed)
    other = reported(session, deed, email="")
    with transaction():
        reports.decide(session, editor, row, "removed", "Teko mainostaa yhtä tuotetta.")
    session.expire_all()
    assert deed.status == DeedStatus.WITHDRAWN
    assert other.verdict == "removed", "the other report of the same thing is decided with it"
    mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert [(mail.event, mail.recipient) for mail in mails] == [
        ("report_decided", "lukija@example.org"),
        ("moderated", "tekija@example.org"),
    ]
    assert all("Teko mainostaa yhtä tuotetta." in mail.body_text for mail in mails)
    assert "lukija@example.org" not in mails[1].body_text
    assert session.scalars(select(Notification.user_id)).all() == [maker.id]
    assert [entry.action for entry in session.scalars(select(ModerationEntry))] == ["report_removed", "report_removed"]


def test_a_kept_thing_disturbs_nobody_but_the_reporter(session: Session, make: Factory, editor: Actor) -> None:
    deed = make.deed(author_id=make.user().id)
    row = reported(session, deed)
    with transaction():
        reports.decide(session, editor, row, "kept", "Teko on asiallinen.")
    assert deed.is_public
    assert session.scalars(select(OutboxMail.event)).all() == ["report_decided"]
    with pytest.raises(RuleBroken, match="already_decided"), transaction():
        reports.decide(session, editor, row, "removed", "Uudelleen")


@pytest.mark.parametrize(
    ("action", "typed"),
    [("paatos", {"verdict": "removed", "answer": "Pitkä perustelu"}), ("siirto", {"note": "Pitkä perustelu"})],
)
def test_who_decides_second_reads_so_and_keeps_the_text(
    session: Session, make: Factory, editor: Actor, browser: Browser, action: str, typed: dict[str, object]
) -> None:
    row = reported(session, make.deed())
    browser.sign_in(make.user(role=Role.EDITOR))
    with transaction():
        reports.decide(session, editor, row, "kept", "Teko on asiallinen.")
    answer = browser.post(f"/en/hallinta/ilmoitukset/{row.id}/{action}", typed)
    assert answer.status_code == 422
    assert "This report has been decided already." in answer.text
    assert "<blockquote><p>Pitkä perustelu</p>" in answer.text
    assert "Pitkä perustelu" not in browser.get(f"/hallinta/ilmoitukset/{row.id}").text


def test_a_decision_needs_a_reason(session: Session, make: Factory, editor: Actor) -> None:
    row = reported(session, make.deed())
    for verdict, answer, code in (("removed", " ", "reason_needed"), ("poof", "Syy", "unknown_choice")):
        with pytest.raises(RuleBroken, match=code), transaction():
            reports.decide(session, editor, row, verdict, answer)


def test_what_was_passed_on_is_decided_by_an_administrator(session: Session, make: Factory, editor: Actor) -> None:
    row = reported(session, make.deed())
    with transaction():
        reports.escalate(session, editor, row, "Koskee omaa kuntaani")
    with pytest.raises(NotAllowed), transaction():
        reports.decide(session, editor, row, "kept", "Syy")
    with transaction():
        reports.decide(session, Actor(make.user(role=Role.ADMIN)), row, "kept", "Syy")
    assert row.decided_at is not None


def test_a_wrong_decision_is_put_right(session: Session, make: Factory, editor: Actor) -> None:
    deed = make.deed(author_id=make.user().id)
    with transaction():
        reports.decide(session, editor, reported(session, deed), "removed", "Syy")
    with transaction():
        reports.restore(session, editor, "deed", deed.id, "Erehdyimme.")
    session.expire_all()
    assert deed.is_public
    with pytest.raises(RuleBroken, match="nothing_to_restore"), transaction():
        reports.restore(session, editor, "deed", deed.id, "Taas")


def test_what_is_removed_without_a_report_is_told_and_logged_too(
    session: Session, make: Factory, browser: Browser
) -> None:
    deed = make.deed("Mainos", author_id=make.user("tekija@example.org").id)
    browser.sign_in(make.user(role=Role.EDITOR))
    assert browser.post(f"/hallinta/moderointi/teko/{deed.id}", {"reason": "Mainostaa tuotetta"}).status_code == 303
    session.rollback()
    entry = session.scalars(select(ModerationEntry)).one()
    assert (entry.action, entry.title, entry.reason) == ("removed", "Mainos", "Mainostaa tuotetta")
    assert session.scalars(select(OutboxMail.recipient)).all() == ["tekija@example.org"]


def test_a_draft_can_t_be_reported_by_strangers(session: Session, make: Factory) -> None:
    draft = make.deed(status=DeedStatus.DRAFT)
    with pytest.raises(NotFound):
        reported(session, draft)


def test_the_log_is_only_added_to(session: Session, make: Factory, editor: Actor) -> None:
    with transaction():
        reports.decide(session, editor, reported(session, make.deed()), "kept", "Syy")
    entry = session.scalars(select(ModerationEntry)).one()
    entry.reason = "Toinen syy"
    with pytest.raises(DBAPIError, match="only added to"):
        session.commit()
    session.rollback()
    session.delete(session.scalars(select(ModerationEntry)).one())
    with pytest.raises(DBAPIError, match="only added to"):
        session.commit()
    session.rollback()
    assert session.scalars(select(ModerationEntry.reason)).all() == ["Syy"]


def test_somebody_blocked_reads_but_does_not_write(session: Session, make: Factory, editor: Actor) -> None:
    deed = make.deed()
    user = make.user("häirikkö@example.org", organisation=make.organisation())
    with transaction():
        accounts.block(session, editor, user.id, 7, "Mainoksia varoituksesta huolimatta")
    actor = Actor(session.get_one(User, user.id))
    for permission, thing in (
        (Permission.COMMENT_WRITE, deed),
        (Permission.WISH_WRITE, None),
        (Permission.DEED_ADOPT, deed),
    ):
        assert not can(actor, permission, thing), permission
    assert can(actor, Permission.DEED_READ, deed)
    with pytest.raises(NotAllowed, match="blocked"), transaction():
        wishes.post(session, actor, WishContent("Toive"))
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert can(actor, Permission.COMMENT_WRITE, deed), "the time is over by itself"
    with transaction():
        accounts.unblock(session, editor, user.id, "Sovittu")
    assert can(actor, Permission.COMMENT_WRITE, deed)


def test_staff_is_blocked_by_administrators_only(session: Session, make: Factory, editor: Actor) -> None:
    colleague = make.user(role=Role.EDITOR)
    with pytest.raises(RuleBroken, match="role_needed"), transaction():
        accounts.block(session, editor, colleague.id, 7, "Syy")
    with pytest.raises(RuleBroken, match="own_account"), transaction():
        accounts.block(session, editor, editor.id or 0, 7, "Syy")


def test_an_account_is_cleaned_up_at_once(session: Session, make: Factory, editor: Actor) -> None:
    spammer, other = make.user(), make.user()
    theirs = make.deed("Roska", author_id=spammer.id)
    own = make.deed("Hyvä", author_id=other.id)
    waiting = make.deed("Jonossa", author_id=spammer.id, status=DeedStatus.IN_REVIEW)
    with transaction():
        wish = wishes.post(session, Actor(spammer), WishContent("Osta"))
        comments.post(session, Actor(spammer), own, "Osta tästä", CommentKind.COMMENT)
        comments.post(session, Actor(other), own, "Kiitos", CommentKind.COMMENT)
    with transaction():
        assert accounts.clean_up(session, editor, spammer.id, "Roskapostia").count == 4
    session.expire_all()
    assert (theirs.status, waiting.status, own.status) == (
        DeedStatus.WITHDRAWN, DeedStatus.DRAFT, DeedStatus.PUBLISHED,
    )  # fmt: skip
    assert session.get_one(Wish, wish.id).hidden_at is not None
    assert session.scalars(select(Comment.body).where(Comment.removed_at.is_(None))).all() == ["Kiitos"]
    assert own.comment_count == 1
    assert len(session.scalars(select(ModerationEntry)).all()) == 4


SPAM = "Halpoja lääkkeitä https://a.example ja https://b.example"
FOREIGN = "Comprar medicamentos baratos sin receta rapido seguro desde nuestra tienda oficial hoy mismo llame"


@pytest.mark.parametrize(
    ("text", "posted", "found"),
    [
        ("Etsimme mallia, jolla päiväkodin ruokahävikki on saatu pienemmäksi ja joka toimii myös meillä.", 1, []),
        ("Vi söker en modell för att minska matsvinnet i våra daghem och som fungerar för oss.", 1, []),
        ("Lyhyt toive", 1, []),
        (SPAM, 1, ["links"]),
        (FOREIGN, 1, ["language"]),
        ("Купить дёшево", 1, ["language"]),
        ("Etsimme mallia", 6, ["rate"]),
    ],
)
def test_the_guard_knows_spam_from_wishes(text: str, posted: int, found: list[str]) -> None:
    assert spam.signs(text, posted) == found


def test_spam_of_a_new_account_waits_for_a_person(session: Session, make: Factory, editor: Actor) -> None:
    newcomer, known = make.user(trusted_at=None), make.user()
    with transaction():
        held = wishes.post(session, Actor(newcomer), WishContent("Toive", SPAM))
        fine = wishes.post(session, Actor(newcomer), WishContent("Etsimme mallia kokouksiin"))
        trusted = wishes.post(session, Actor(known), WishContent("Toive", SPAM))
    assert [row.hidden_at is None for row in (held, fine, trusted)] == [False, True, True]
    assert [row.target_id for row in reports.open_reports(session)] == [held.id]
    with transaction():
        reports.restore(session, editor, Reportable.WISH, held.id, "Asiallinen toive")
    assert held.hidden_at is None


def test_the_promise_is_measured(session: Session, make: Factory) -> None:
    moment = clock.now() - timedelta(days=5)
    for number, (event, hours) in enumerate(
        [("DeedSubmitted", 0), ("DeedApproved", 2), ("DeedSubmitted", 0), ("DeedReturned", 30), ("DeedApproved", 40)]
    ):
        deed_id = 1 if number < 2 else 2
        session.add(AuditEntry(event=event, data={"deed_id": deed_id}, created_at=moment + timedelta(hours=hours)))
    session.commit()
    assert reports.review_hours(session) == [2, 30]
    assert reports.summary([2, 30], 24) == (16, 50)
    assert reports.summary([], 24) is None


def test_who_reported_is_forgotten_in_time(session: Session, make: Factory, editor: Actor, app: Flask) -> None:
    config = app.extensions["tori"]
    old, new = (reported(session, make.deed(title)) for title in ("Vanha", "Uusi"))
    with transaction():
        for row in (old, new):
            reports.decide(session, editor, row, "kept", "Syy")
        old.decided_at = clock.now() - timedelta(days=config.feedback_days + 1)
    retention.sweep_old_rows(config)
    session.expire_all()
    assert (old.email, old.answer) == ("", "Syy")
    assert new.email == "lukija@example.org"


def test_a_visitor_reports_and_reads_the_reason(session: Session, make: Factory, browser: Browser, app: object) -> None:
    deed = make.deed("Outo teko")
    page = browser.get(f"/ilmoita/deed/{deed.id}")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    form = {"csrf_token": token[1], "fault": "false", "body": "Luvut eivät pidä paikkaansa."}
    assert browser.client.post(f"/ilmoita/deed/{deed.id}", data={**form, "body": ""}).status_code == 422
    answer = browser.client.post(f"/ilmoita/deed/{deed.id}", data=form)
    assert answer.status_code == 303
    receipt = answer.location
    assert "within 3 days" in browser.get(f"/en{receipt}").text
    row = session.scalars(select(Report)).one()
    editor = Browser(app).sign_in(make.user(role=Role.EDITOR))  # type: ignore[arg-type]
    desk = f"/hallinta/ilmoitukset/{row.id}"
    assert "Luvut eivät pidä paikkaansa." in editor.get("/hallinta/ilmoitukset").text
    assert editor.post(f"{desk}/paatos", {"verdict": "changed", "answer": ""}).status_code == 422
    assert editor.post(f"{desk}/paatos", {"verdict": "changed", "answer": "Luku korjattiin."}).status_code == 303
    assert "Luku korjattiin." in browser.get(receipt).text
    assert "Luku korjattiin." in editor.get("/hallinta/moderointi/loki").text


def test_a_comment_that_was_taken_away_is_put_back_from_the_log(
    session: Session, make: Factory, browser: Browser
) -> None:
    deed = make.deed()
    with transaction():
        comment = comments.post(session, Actor(make.user()), deed, "Hyvä kysymys", CommentKind.COMMENT)
        row = reports.report(session, ANONYMOUS, "comment", comment.id, "advert", "Mainos?", "", "fi")
    comment_id = comment.id
    editor = browser.sign_in(make.user(role=Role.EDITOR))
    answer = {"verdict": "removed", "answer": "Näytti mainokselta."}
    assert editor.post(f"/hallinta/ilmoitukset/{row.id}/paatos", answer).status_code == 303
    page = f"/teot/{deed.id}-{deed.slug}"
    assert "Hyvä kysymys" not in editor.get(page).text
    back = f"/hallinta/moderointi/palauta/comment/{comment_id}"
    assert f'action="{back}"' in editor.get("/hallinta/moderointi/loki").text
    assert editor.post(back, {"reason": "Väärä päätös."}).status_code == 303
    assert "Hyvä kysymys" in editor.get(page).text


def test_the_desk_of_moderation_is_for_moderators(session: Session, make: Factory, browser: Browser) -> None:
    row = reported(session, make.deed())
    user = make.user()
    browser.sign_in(make.user(role=Role.CAMPAIGN_MANAGER))
    for path in ("ilmoitukset", f"ilmoitukset/{row.id}", "moderointi/loki", f"tilit/{user.id}"):
        assert browser.get(f"/hallinta/{path}").status_code == 403, path
    posts = (
        f"ilmoitukset/{row.id}/paatos", f"ilmoitukset/{row.id}/siirto", f"moderointi/palauta/deed/{row.target_id}",
        f"tilit/{user.id}/esto", f"tilit/{user.id}/siivous", f"tilit/{user.id}/eston_poisto",
    )  # fmt: skip
    for path in posts:
        assert browser.post(f"/hallinta/{path}", {"reason": "x"}).status_code == 403, path


def test_an_account_is_blocked_and_cleaned_at_the_desk(session: Session, make: Factory, browser: Browser) -> None:
    spammer = make.user()
    make.deed("Roska", author_id=spammer.id)
    browser.sign_in(make.user(role=Role.EDITOR))
    page = f"/hallinta/tilit/{spammer.id}"
    assert "Roska" in browser.get(page).text
    assert browser.post(f"{page}/esto", {"days": "30", "reason": ""}).status_code == 422
    assert browser.post(f"{page}/esto", {"days": "30", "reason": "Mainoksia"}).status_code == 303
    assert browser.post(f"{page}/siivous", {"reason": "Mainoksia"}).status_code == 303
    assert "Roska" not in browser.get(page).text.partition("<h2")[0]
    assert browser.post(f"{page}/eston_poisto", {"reason": "Sovittu"}).status_code == 303
    session.rollback()
    session.expire_all()
    assert session.get_one(User, spammer.id).blocked_until is None
