"""Answers, mentions, reports and thanks under a deed, and who hears of them."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import Browser
from tests.factories import Factory
from tests.web.counting import counted_queries
from tori.conversation import queries, service
from tori.core import clock
from tori.core.errors import NotAllowed, NotFound, RuleBroken
from tori.database import db, transaction
from tori.models.conversation import DeedThanks
from tori.models.deeds import Comment, CommentKind, Deed
from tori.models.moderation import Report
from tori.models.operations import Notification
from tori.models.people import Role, User
from tori.moderation import reports
from tori.policy import ANONYMOUS, Actor

HOUR = timedelta(hours=1)


@pytest.fixture
def author(make: Factory) -> User:
    return make.user("tekija@example.org", organisation=make.organisation("Kangasalan kaupunki"), display_name="Tekijä")


@pytest.fixture
def asker(make: Factory) -> Actor:
    place = make.organisation("Nokian kaupunki")
    return Actor(make.user("kysyja@example.org", organisation=place, display_name="Kysyjä"))


@pytest.fixture
def deed(make: Factory, author: User) -> Deed:
    return make.deed(author_id=author.id, organisation_id=author.memberships[0].organisation_id)


def post(actor: Actor, deed: Deed, body: str = "Mitä tämä maksoi?", **values: object) -> Comment:
    kind = values.pop("kind", CommentKind.QUESTION)
    with transaction() as session:
        return service.post(session, actor, deed, body, kind, **values)  # type: ignore[arg-type]


def notices(session: Session) -> list[tuple[int, str]]:
    session.rollback()
    return [(row.user_id, row.kind) for row in session.scalars(select(Notification).order_by(Notification.id))]


def test_the_makers_answer_marks_the_question_and_writes_to_the_asker(
    session: Session, deed: Deed, author: User, asker: Actor
) -> None:
    now = clock.now()
    question = post(asker, deed)
    assert [mail.recipient for mail in mails(session)] == ["tekija@example.org"]
    with clock.frozen(now + 50 * HOUR):
        answer = post(Actor(author), deed, "Kaksi työviikkoa.", kind=CommentKind.COMMENT, parent_id=question.id)
    assert question.answered_at == now + 50 * HOUR
    assert answer.parent_id == question.id
    assert notices(session) == [(author.id, "question"), (asker.id, "reply")]
    letter = mails(session)[-1]
    assert (letter.event, letter.recipient) == ("comment_reply", "kysyja@example.org")
    assert "Kaksi työviikkoa." in letter.body_text
    assert "tekija@example.org" not in letter.body_text + letter.body_html
    assert f"#kommentti-{answer.id}" in letter.body_text


def test_somebody_elses_answer_leaves_the_question_open(
    session: Session, deed: Deed, make: Factory, asker: Actor
) -> None:
    question = post(asker, deed)
    post(Actor(make.user()), deed, "Meillä se oli ilmaista.", kind=CommentKind.COMMENT, parent_id=question.id)
    assert question.answered_at is None


def test_an_answer_to_an_answer_hangs_on_the_same_comment(
    session: Session, deed: Deed, author: User, asker: Actor
) -> None:
    question = post(asker, deed)
    first = post(Actor(author), deed, "Vähän.", kind=CommentKind.COMMENT, parent_id=question.id)
    second = post(asker, deed, "Kiitos!", kind=CommentKind.COMMENT, parent_id=first.id)
    assert second.parent_id == question.id
    [thread] = queries.talk_of(session, asker, deed).threads
    assert [row.id for row in thread.answers] == [first.id, second.id]


def test_an_answer_to_a_removed_or_foreign_comment_is_refused_and_the_text_kept(
    session: Session, make: Factory, deed: Deed, asker: Actor, browser: Browser
) -> None:
    question, other = post(asker, deed), make.deed("Toinen teko")
    with pytest.raises(RuleBroken, match="comment_gone"):
        post(asker, other, "Väärä teko", parent_id=question.id)
    browser.sign_in(make.user())
    path = f"/teot/{deed.id}/kommentit/{question.id}/vastaa"
    assert browser.get(path).status_code == 200
    with transaction() as writing:
        service.remove(writing, asker, question)
    answer = browser.post(path, {"body": "Tämä ei saa kadota."})
    assert answer.status_code == 422
    assert "Tämä ei saa kadota." in answer.text
    assert 'href="#body"' in answer.text


def test_a_question_is_marked_and_opened_by_the_asker_the_makers_and_the_editors_only(
    session: Session, make: Factory, deed: Deed, author: User, asker: Actor
) -> None:
    question = post(asker, deed)
    for actor in (asker, Actor(author), Actor(make.user(role=Role.EDITOR))):
        with transaction() as writing:
            service.mark_answered(writing, actor, question)
        assert question.answered_at is not None
        with transaction() as writing:
            service.mark_open(writing, actor, question)
        assert question.answered_at is None
    with pytest.raises(NotAllowed), transaction() as writing:
        service.mark_answered(writing, Actor(make.user()), question)


def test_the_page_tells_how_long_answers_take(
    session: Session, deed: Deed, author: User, asker: Actor, client: FlaskClient
) -> None:
    now = clock.now()
    for hours in (2, 72, 80):
        with clock.frozen(now):
            question = post(asker, deed)
        with clock.frozen(now + hours * HOUR):
            post(Actor(author), deed, "Näin.", kind=CommentKind.COMMENT, parent_id=question.id)
    assert queries.usual_reply(session, deed) == 72 * HOUR
    page = client.get(f"/en/teot/{deed.id}-{deed.slug}").text
    assert "usually been answered in 3 days" in page
    assert "Answered in 2 hours." in page


def test_what_is_sent_is_confirmed_to_the_sender_alone(
    client: FlaskClient, deed: Deed, make: Factory, browser: Browser
) -> None:
    browser.sign_in(make.user())
    page = f"/en/teot/{deed.id}-{deed.slug}"

    def said(path: str, **data: object) -> str:
        answer = browser.post(f"/en/teot/{deed.id}/{path}", data)
        assert answer.status_code == 303, answer.text
        assert 'class="notices"' not in client.get(page).text
        return str(browser.get(answer.location).text.partition('class="notices"')[2][:600])

    assert "Your question has been published." in said("kommentit", body="Mitä maksoi?", kind="question")
    [question] = db.session.scalars(select(Comment))
    assert "Your comment has been published." in said("kommentit", body="Hieno.", kind="comment")
    assert "Your reply has been published." in said(f"kommentit/{question.id}/vastaa", body="Löysin sen.")
    assert "The changes were saved." in said(f"kommentit/{question.id}/muokkaa", body="Mitä se maksoi?")
    assert "The question is settled." in said(f"kommentit/{question.id}/vastattu")
    assert "The question is open again." in said(f"kommentit/{question.id}/vastattu", open="1")
    assert "What you take with you has been published." in said("mukaan", takeaway="Aloita pienestä.")
    assert "Thank you for thanking!" in said("kiita")
    assert "Your thanks were taken back." in said("kiita", back="1")


def test_only_a_reply_of_somebody_else_makes_a_reply_time(
    session: Session, client: FlaskClient, deed: Deed, make: Factory, author: User, asker: Actor
) -> None:
    now = clock.now()
    with clock.frozen(now):
        question = post(asker, deed)
    with clock.frozen(now + 2 * HOUR):
        post(asker, deed, "Luinkin sen jo tekstistä.", kind=CommentKind.COMMENT, parent_id=question.id)
        removed = post(Actor(make.user()), deed, "Osta tästä!", kind=CommentKind.COMMENT, parent_id=question.id)
    with clock.frozen(now + 3 * HOUR), transaction() as writing:
        service.remove(writing, Actor(make.user(role=Role.EDITOR)), removed, "Mainos")
        service.mark_answered(writing, asker, question)
    with clock.frozen(now + 9 * HOUR):
        post(Actor(make.user()), deed, "Hyvä että selvisi.", kind=CommentKind.COMMENT, parent_id=question.id)
    assert queries.usual_reply(session, deed) is None
    page = client.get(f"/en/teot/{deed.id}-{deed.slug}").text
    assert "The question is settled." in page
    assert "answered in" not in page.lower()

    with clock.frozen(now):
        other = post(asker, deed, "Kuka teki?")
    with clock.frozen(now + 5 * HOUR):
        post(Actor(make.user()), deed, "Ravintopalvelut.", kind=CommentKind.COMMENT, parent_id=other.id)
    with clock.frozen(now + 90 * HOUR), transaction() as writing:
        service.mark_answered(writing, asker, other)
    assert queries.usual_reply(session, deed) == 5 * HOUR
    assert "Answered in 5 hours." in client.get(f"/en/teot/{deed.id}-{deed.slug}").text


def test_mentioned_people_get_one_notice_and_strangers_none(
    session: Session, make: Factory, deed: Deed, author: User, asker: Actor
) -> None:
    stranger = make.user(display_name="Outo Ihminen")
    post(asker, deed)
    third = Actor(make.user())
    text = "@Kysyjä ja @tekijä, katsokaa. @Outo Ihminen ei ole mukana."
    row = post(third, deed, text, kind=CommentKind.COMMENT, mentioned=[stranger.id])
    assert row.mentions == sorted([asker.id or 0, author.id])
    assert notices(session)[1:] == [(author.id, "comment"), (asker.id, "mention")]


def test_a_comment_is_mended_for_half_an_hour_by_its_writer(
    session: Session, make: Factory, deed: Deed, asker: Actor
) -> None:
    now = clock.now()
    with clock.frozen(now):
        row = post(asker, deed)
    with clock.frozen(now + timedelta(minutes=30)), transaction() as writing:
        service.edit(writing, asker, row, "Mitä tämä **todella** maksoi?")
    assert row.html == "<p>Mitä tämä <strong>todella</strong> maksoi?</p>"
    assert row.edited_at is not None
    too_late = clock.frozen(now + timedelta(minutes=31))
    with too_late, pytest.raises(RuleBroken, match="edit_window_over"), transaction() as writing:
        service.edit(writing, asker, row, "Myöhään")
    with pytest.raises(NotAllowed), transaction() as writing:
        service.edit(writing, Actor(make.user(role=Role.EDITOR)), row, "Toimittaja ei muuta toisen sanoja")


@pytest.mark.parametrize("body", ["Katso https://kellot.example", "www.kellot.example", "[osta](x)", "kellot.fi"])
def test_a_link_of_a_new_account_waits_for_an_editor_who_shows_it(
    session: Session, make: Factory, deed: Deed, author: User, browser: Browser, body: str
) -> None:
    newcomer = make.user("uusi@example.org", trusted_at=None)
    row = post(Actor(newcomer), deed, body, kind=CommentKind.COMMENT)
    assert (deed.comment_count, notices(session)) == (0, [])
    assert queries.talk_of(session, ANONYMOUS, deed).threads == []
    assert len(queries.talk_of(session, Actor(newcomer), deed).threads) == 1
    browser.sign_in(make.user(role=Role.EDITOR))
    assert body in browser.get("/hallinta/moderointi").text
    assert browser.post(f"/hallinta/moderointi/kommentti/{row.id}/nayta").status_code == 303
    session.expire_all()
    assert deed.comment_count == 1
    assert notices(session) == [(newcomer.id, "comment_shown"), (author.id, "comment")]


def test_a_link_put_into_a_shown_comment_hides_it_and_nobody_is_told_twice(
    session: Session, make: Factory, deed: Deed, author: User
) -> None:
    newcomer = Actor(make.user(trusted_at=None))
    row = post(newcomer, deed, "Hyvä teko!", kind=CommentKind.COMMENT)
    with transaction() as writing:
        service.edit(writing, newcomer, row, "Osta: https://kellot.example")
    assert (row.held_at is not None, deed.comment_count) == (True, 0)
    with transaction() as writing:
        service.approve(writing, Actor(make.user(role=Role.EDITOR)), row)
    assert deed.comment_count == 1
    assert [kind for _user, kind in notices(session)] == ["comment", "comment_shown"]


def test_a_visitor_reports_and_the_editor_removes_with_a_reason_that_the_writer_sees(
    session: Session, make: Factory, deed: Deed, asker: Actor, client: FlaskClient, app: Flask, browser: Browser
) -> None:
    row = post(asker, deed, "Mainos", kind=CommentKind.COMMENT)
    path = f"/ilmoita/comment/{row.id}"
    assert path in client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert client.get(f"/teot/{deed.id}/kommentit/{row.id}/ilmoita").location.endswith(path), "older pages have this"
    visitor = Browser(app)
    assert visitor.get(path).status_code == 200
    answer = visitor.post(path, {"fault": "advert", "body": "Tämä on mainos"})
    assert answer.status_code == 303
    browser.sign_in(make.user(role=Role.EDITOR))
    report = session.scalars(select(Report)).one()
    assert "Tämä on mainos" in browser.get("/hallinta/ilmoitukset").text
    assert "Mainos" in browser.get(f"/hallinta/ilmoitukset/{report.id}").text
    desk = f"/hallinta/moderointi/kommentti/{row.id}"
    refused = browser.post(desk, {"reason": " "})
    assert refused.status_code == 422
    assert f'id="reason-comment-{row.id}"' in refused.text
    assert browser.post(desk, {"reason": "Mainokset eivät kuulu torille."}).status_code == 303
    assert notices(session)[-1] == (asker.id, "comment_hidden")
    assert "Mainokset eivät kuulu torille." in client.get(f"/teot/{deed.id}-{deed.slug}").text
    told = visitor.get(answer.location).text
    assert "Mainokset eivät kuulu torille." in told
    assert "Mainos<" not in told, "what was removed stays out of the page that anybody with the link can open"
    session.rollback()
    assert (report.verdict, report.answer) == ("removed", "Mainokset eivät kuulu torille.")
    assert client.get(path).status_code == 404


def test_a_writer_who_takes_the_comment_back_ends_its_reports(
    session: Session, deed: Deed, asker: Actor, make: Factory
) -> None:
    row = post(asker, deed)
    with transaction() as writing:
        report = reports.report(writing, ANONYMOUS, "comment", row.id, "personal", "Nimi", "", "fi")
    with transaction() as writing:
        service.remove(writing, asker, row)
    assert (report.verdict, report.decider_id) == ("removed", asker.id)
    assert reports.open_reports(session) == []


def test_reports_of_a_comment_in_order_go_away_and_it_stays(
    session: Session, make: Factory, deed: Deed, asker: Actor
) -> None:
    row = post(asker, deed)
    editor = Actor(make.user(role=Role.EDITOR))
    for _visitor in range(2):
        with transaction() as writing:
            reports.report(writing, ANONYMOUS, "comment", row.id, "other", "Outo", "", "fi")
    first, second = reports.open_reports(session)
    with pytest.raises(NotAllowed), transaction() as writing:
        reports.decide(writing, asker, first, "kept", "Kunnossa.")
    with transaction() as writing:
        reports.decide(writing, editor, first, "kept", "Kunnossa.")
    assert (first.verdict, second.verdict) == ("kept", "kept")
    assert row.removed_at is None


def test_a_comment_removed_after_a_report_can_be_put_back(
    session: Session, make: Factory, deed: Deed, asker: Actor
) -> None:
    row = post(asker, deed)
    editor = Actor(make.user(role=Role.EDITOR))
    with transaction() as writing:
        report = reports.report(writing, ANONYMOUS, "comment", row.id, "false", "Ei totta", "", "fi")
    with transaction() as writing:
        reports.decide(writing, editor, report, "removed", "Ei pidä paikkaansa.")
    assert (row.removed_reason, deed.comment_count) == ("Ei pidä paikkaansa.", 0)
    assert [kind for user, kind in notices(session) if user == asker.id] == ["comment_hidden"], "told once"
    with transaction() as writing:
        reports.restore(writing, editor, "comment", row.id, "Päätös oli väärä.")
    assert (row.removed_at, row.removed_reason, deed.comment_count) == (None, "", 1)
    with pytest.raises(RuleBroken, match="nothing_to_restore"), transaction() as writing:
        reports.restore(writing, editor, "comment", row.id, "Uudestaan.")


def test_thanks_count_once_and_can_be_taken_back(
    session: Session, deed: Deed, author: User, make: Factory, app: Flask
) -> None:
    readers = [Browser(app).sign_in(make.user()) for _ in range(2)]
    for browser in (*readers, readers[0]):
        assert browser.post(f"/teot/{deed.id}/kiita").status_code == 303
    assert session.scalar(select(func.count()).select_from(DeedThanks)) == 2
    assert notices(session) == [(author.id, "thanks")]
    with pytest.raises(NotAllowed, match="own_thanks"), transaction() as writing:
        service.thank(writing, Actor(author), deed)
    fragment = readers[0].post(f"/teot/{deed.id}/kiita", {"back": "1"}, headers={"X-Requested-With": "fetch"})
    assert fragment.status_code == 200
    assert 'id="kiitokset"' in fragment.text
    assert "<html" not in fragment.text
    session.rollback()
    assert session.scalar(select(func.count()).select_from(DeedThanks)) == 1


def test_a_visitors_thanks_lead_to_signing_in(client: FlaskClient, deed: Deed) -> None:
    answer = client.get(f"/teot/{deed.id}/kiita")
    assert answer.status_code == 302
    assert "/kirjaudu" in answer.location


def test_a_takeaway_is_one_line_and_an_error_keeps_it(
    session: Session, deed: Deed, make: Factory, browser: Browser
) -> None:
    browser.sign_in(make.user())
    long = browser.post(f"/teot/{deed.id}/mukaan", {"takeaway": "x" * 201})
    assert long.status_code == 422
    assert 'href="#takeaway"' in long.text
    assert "x" * 201 in long.text
    assert browser.post(f"/teot/{deed.id}/mukaan", {"takeaway": "Aloitan pienestä."}).status_code == 303
    row = session.scalars(select(Comment)).one()
    assert (row.kind, row.body) == (CommentKind.TAKEAWAY, "Aloitan pienestä.")
    talk = queries.talk_of(session, ANONYMOUS, deed)
    assert (talk.threads, [item.id for item in talk.takeaways]) == ([], [row.id])


def test_the_same_form_sent_twice_answers_once(session: Session, deed: Deed, asker: Actor, make: Factory) -> None:
    question = post(asker, deed)
    other = Actor(make.user())
    rows = [post(other, deed, "Vastaus", form_number="lomake-7", parent_id=question.id) for _press in range(2)]
    assert rows[0].id == rows[1].id
    assert deed.comment_count == 2


def test_a_withdrawn_deed_takes_no_more_talk(session: Session, deed: Deed, asker: Actor) -> None:
    row = post(asker, deed)
    deed.status = "withdrawn"
    session.commit()
    for act in (service.mark_answered, service.thank):
        with pytest.raises(NotFound), transaction() as writing:
            act(writing, asker, row if act is service.mark_answered else deed)  # type: ignore[operator]
    with pytest.raises(NotFound), transaction() as writing:
        reports.report(writing, ANONYMOUS, "comment", row.id, "other", "x", "", "fi")


def test_the_page_of_much_talk_asks_the_database_no_more_often(
    app: Flask, session: Session, make: Factory, deed: Deed, client: FlaskClient
) -> None:
    path = f"/teot/{deed.id}-{deed.slug}"
    client.get(path)
    with counted_queries(app) as before:
        client.get(path)
    for _number in range(6):
        actor = Actor(make.user(organisation=make.organisation()))
        question = post(actor, deed)
        post(actor, deed, "Lisäys", kind=CommentKind.COMMENT, parent_id=question.id)
    with counted_queries(app) as after:
        assert client.get(path).text.count('class="comment') >= 12
    assert len(after) <= len(before) + 1


def test_a_visitor_finds_questions_from_another_angle(client: FlaskClient, make: Factory) -> None:
    page = client.get(f"/teot/{make.deed().id}", follow_redirects=True).text
    assert "Mitä asiakkaanne kysyisivät tästä?" in page.partition("Katso toisesta kulmasta")[2]
