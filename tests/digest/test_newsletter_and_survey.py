"""The newsletter from composing to the archive; the survey and the poll that know nobody."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.digest import newsletter, survey
from tori.digest.newsletter import Draft
from tori.models.deeds import DeedStatus
from tori.models.digest import Rhythm, Subscriber
from tori.models.editorial import Newsletter, NewsletterDelivery, PollCount, SurveyAnswer, SurveyAsk
from tori.models.operations import AuditEntry, OutboxMail
from tori.models.people import Role
from tori.policy import Actor
from tori.statistics.surveys import FEWEST, surveys


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user("toimitus@example.org", role=Role.EDITOR))


def reader(session: Session, email: str, **values: object) -> Subscriber:
    row = Subscriber(
        **{"email": email, "key": email, "rhythm": Rhythm.WEEKLY, "theme_ids": [], "sector_ids": [], "locale": "sv",
           "told_until": clock.now(), "confirmed_at": clock.now(),
           "created_at": clock.now() - timedelta(days=1), **values}
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


def composed(session: Session, editor: Actor, lines: str) -> Newsletter:
    with transaction():
        return newsletter.compose(
            session, editor,
            Draft({"fi": "Marraskuun kirje", "sv": "Novemberbrev"}, {"fi": "Hei **kaikki**"}, lines),
        )  # fmt: skip


def send_all(app: Flask) -> None:
    while newsletter.send_due(app.extensions["tori"]):
        pass


def test_an_issue_goes_once_to_each_who_wants_it(app: Flask, session: Session, make: Factory, editor: Actor) -> None:
    deed = make.deed("Hyvä teko")
    reader(session, "saa@example.org")
    reader(session, "suomeksi@example.org", locale="fi")
    reader(session, "vahvistamatta@example.org", confirmed_at=None)
    reader(session, "lopettanut@example.org", rhythm=Rhythm.NONE)
    reader(session, "palautunut@example.org", bounced_at=clock.now())
    closed, member = make.user("suljettu@example.org", disabled_at=clock.now()), make.user("jasen@example.org")
    for user in (closed, member):
        reader(session, user.email, user_id=user.id, confirmed_at=None)
    row = composed(session, editor, f"/teot/{deed.id}-x | Kokeile ensi viikolla")
    with transaction():
        newsletter.schedule(session, editor, row, None)
    assert newsletter.reader_count(session) == 3
    send_all(app)
    send_all(app)
    session.expire_all()
    mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert [(mail.recipient, mail.subject) for mail in mails] == [
        ("saa@example.org", "Novemberbrev"),
        ("suomeksi@example.org", "Marraskuun kirje"),
        ("jasen@example.org", "Marraskuun kirje"),
    ]
    for mail in mails:
        assert "Hyvä teko" in mail.body_text
        assert "Kokeile ensi viikolla" in mail.body_html
        assert (mail.headers or {})["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert row.mails == 3
    assert row.sent_at is not None
    assert session.scalar(select(func.count()).select_from(NewsletterDelivery)) == 7


def test_an_issue_waits_for_its_moment_and_can_be_stopped(
    app: Flask, session: Session, make: Factory, editor: Actor
) -> None:
    reader(session, "saa@example.org")
    row = composed(session, editor, str(make.deed().id))
    with transaction():
        newsletter.schedule(session, editor, row, clock.now() + timedelta(hours=2))
    send_all(app)
    assert session.scalars(select(OutboxMail)).all() == []
    with transaction():
        newsletter.stop(session, editor, row)
    with clock.frozen(clock.now() + timedelta(hours=3)):
        send_all(app)
    assert session.scalars(select(OutboxMail)).all() == []


def test_what_has_been_sent_is_not_changed(app: Flask, session: Session, make: Factory, editor: Actor) -> None:
    row = composed(session, editor, str(make.deed().id))
    with transaction():
        newsletter.schedule(session, editor, row, None)
    send_all(app)
    for act in (
        lambda: newsletter.change(session, editor, row, Draft({"fi": "Toinen"}, {})),
        lambda: newsletter.schedule(session, editor, row, None),
        lambda: newsletter.stop(session, editor, row),
    ):
        with pytest.raises(RuleBroken, match="newsletter_sent"), transaction():
            act()


def test_only_what_readers_see_is_told(session: Session, make: Factory, editor: Actor, client: FlaskClient) -> None:
    deed, draft = make.deed("Näkyvä"), make.deed("Salainen", status=DeedStatus.DRAFT)
    for lines in (str(draft.id), "/teot/99999", "/organisaatiot/x", "https://muu.example/"):
        with pytest.raises(RuleBroken, match="unknown_address"):
            composed(session, editor, lines)
    row = composed(session, editor, f"https://tori.example/sv/teot/{deed.id}?a=b")
    with pytest.raises(RuleBroken, match="newsletter_empty"), transaction():
        newsletter.schedule(session, editor, composed(session, editor, ""), None)
    assert client.get(f"/uutiskirjeet/{row.id}").status_code == 404, "not sent yet"
    row.sent_at = clock.now()
    session.commit()
    assert "Näkyvä" in client.get(f"/uutiskirjeet/{row.id}").text
    deed.status = DeedStatus.WITHDRAWN
    session.commit()
    assert "Näkyvä" not in client.get(f"/uutiskirjeet/{row.id}?").text


def test_composing_begins_with_a_suggestion(session: Session, make: Factory) -> None:
    new = make.deed("Uusi", published_at=clock.now())
    make.deed("Vanha")
    assert newsletter.suggested_lines(session) == f"/teot/{new.id}-uusi"


def test_only_editors_compose(session: Session, make: Factory) -> None:
    with pytest.raises(NotAllowed):
        composed(session, Actor(make.user()), "")


def test_the_newsletter_at_the_desk(session: Session, make: Factory, browser: Browser) -> None:
    deed = make.deed("Hyvä teko", published_at=clock.now())
    user = make.user("toimitus@example.org", role=Role.EDITOR)
    browser.sign_in(user)
    assert f"/teot/{deed.id}-" in browser.get("/hallinta/uutiskirjeet/uusi").text
    form = {"subject_fi": "Kirje", "subject_sv": "Brev", "lines": f"/teot/{deed.id}"}
    wrong = browser.post("/hallinta/uutiskirjeet/uusi", {**form, "lines": "/teot/99999"})
    assert wrong.status_code == 422
    assert "/teot/99999" in wrong.text
    made = browser.post("/hallinta/uutiskirjeet/uusi", form).location
    for language, subject in (("fi", "Kirje"), ("sv", "Brev"), ("en", "Kirje")):
        page = browser.get(f"{made}/esikatselu/{language}").text
        assert f"<h1>{subject}</h1>" in page
        assert "Hyvä teko" in browser.get(f"{made}/teksti/{language}").text
    assert browser.get(f"{made}/esikatselu/ru").status_code == 404
    assert browser.post(f"{made}/koe", {"language": "sv"}).status_code == 303
    session.rollback()
    assert session.scalars(select(OutboxMail.recipient)).all() == ["toimitus@example.org"]
    assert browser.edit(made, {**form, "subject_fi": ""}).status_code == 422
    assert browser.post(f"{made}/laheta", {"publish_at": "2020-01-01T10:00", "is_sure": "y"}).status_code == 422
    unasked = browser.post(f"{made}/laheta")
    assert (unasked.status_code, 'id="is_sure-error"' in unasked.text) == (422, True)
    assert "Kirje lähtee 0 lukijalle." in unasked.text
    held = browser.edit(f"{made}/laheta", {**form, "intro_fi": "Syksyn teot", "publish_at": "2020-01-01T10:00"}, made)
    assert (held.status_code, "Syksyn teot" in held.text) == (422, True), "what was typed is lost"
    session.rollback()
    assert session.scalars(select(Newsletter)).one().intros == {}, "half of it was done"
    assert browser.edit(f"{made}/koe", {**form, "language": "fi", "intro_fi": "Syksyn teot"}, made).status_code == 303
    assert "Syksyn teot" in browser.get(f"{made}/teksti/fi").text, "the trial went without what was typed"
    for button, other in ((made, {}), (f"{made}/koe", {"language": "sv"})):
        saved = browser.edit(button, {**form, "publish_at": "2099-01-01T10:00", **other}, made)
        assert 'value="2099-01-01T10:00"' in browser.get(saved.location).text, "the typed moment is lost"
    assert '<option value="sv" selected>' in browser.get(saved.location).text
    assert "checked" not in browser.get(f"{made}?is_sure=y").text, "a link has ticked that it may go"
    swedish = re.search(r'<a href="([^"]*)" lang="sv"', unasked.text)
    assert swedish is not None
    assert browser.get(swedish[1]).status_code == 200, "the form was sent to an address that only takes forms"
    assert browser.post(f"{made}/laheta", {"is_sure": "y"}).status_code == 303
    assert browser.post(f"{made}/seis").status_code == 422
    session.rollback()
    names = session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("Newsletter%"))).all()
    assert set(names) == {"NewsletterChanged", "NewsletterTested", "NewsletterScheduled"}


# The survey


def test_an_answer_is_kept_without_its_giver(session: Session, make: Factory, browser: Browser) -> None:
    browser.sign_in(make.user())
    answer = browser.client.post("/kysely", data={"interesting": "yes", "arrival": "event", "hetki": "julkaisu"})
    assert answer.status_code == 303
    row = session.scalars(select(SurveyAnswer)).one()
    assert (row.year, row.occasion, row.answers) == (
        clock.today().year, "julkaisu", {"interesting": "yes", "arrival": "event"},
    )  # fmt: skip
    assert {column.name for column in SurveyAnswer.__table__.columns} == {"id", "year", "occasion", "answers"}
    logged = session.scalars(select(AuditEntry.event)).all()
    assert not [event for event in logged if "Survey" in event]


def test_an_empty_answer_is_told(client: FlaskClient) -> None:
    answer = client.post("/en/kysely", data={"interesting": "perhaps"})
    assert answer.status_code == 422
    assert "Answer at least one" in answer.text


def test_years_are_compared_and_small_groups_hidden(session: Session, client: FlaskClient) -> None:
    with transaction():
        for number in range(6):
            choices = {"interesting": "yes" if number < 3 else "no"}
            if number < FEWEST - 1:
                choices["recommend"] = "yes"
            survey.answer(session, "vuosi", choices)
    own, report = surveys(session)
    assert (own.count, own.shares["interesting"], own.shares["recommend"], own.arrivals) == (6, 50, None, None)
    assert (report.year, report.count, report.shares["interesting"]) == (2020, 91, 91)
    page = client.get("/en/kysely/tulokset").text
    assert "almost 70" in page
    assert "too few" in page
    assert "2017" in page


def test_members_are_asked_once_a_year(app: Flask, session: Session, make: Factory) -> None:
    config = app.extensions["tori"]
    autumn = datetime(2026, 10, 5, 9, tzinfo=UTC)
    author = make.user("tekija@example.org")
    make.user("lukija@example.org")
    make.deed(author_id=author.id, published_at=autumn - timedelta(days=30))
    with clock.frozen(datetime(2026, 5, 5, tzinfo=UTC)):
        assert survey.ask_members(config) == 0
    with clock.frozen(autumn):
        assert survey.ask_members(config) == 1
        assert survey.ask_members(config) == 0
    assert session.scalars(select(OutboxMail.recipient)).all() == ["tekija@example.org"]
    assert session.scalars(select(SurveyAsk.user_id)).all() == [author.id]
    text = session.scalars(select(OutboxMail.body_text)).one()
    assert "/kysely\n" in text, "the link is the same for everybody"


def test_those_asked_are_reminded_once_while_the_survey_is_open(app: Flask, session: Session, make: Factory) -> None:
    config = app.extensions["tori"]
    autumn = datetime(2026, 10, 5, 9, tzinfo=UTC)
    author = make.user("tekija@example.org")
    make.user("lukija@example.org")
    make.deed(author_id=author.id, published_at=autumn - timedelta(days=30))
    with clock.frozen(autumn):
        assert survey.ask_members(config) == 1
    for days, reminded in ((13, 0), (14, 1), (15, 0), (80, 0)):
        with clock.frozen(autumn + timedelta(days=days)):
            assert survey.remind_members(config) == reminded, days
    texts = session.scalars(select(OutboxMail.body_text).order_by(OutboxMail.id)).all()
    assert len(texts) == 2
    assert "/kysely\n" in texts[1], "the same link again, as nobody knows who has answered"


def test_the_poll_counts_and_knows_nobody(session: Session, make: Factory, client: FlaskClient) -> None:
    make.deed()
    assert "Did you find" in client.get("/en/teot?q=kokous").text
    assert "Did you find" not in client.get("/en/teot").text
    for found in ("yes", "yes", "no"):
        answer = client.post("/haku/loysitko", data={"loytyi": found, "next": "/teot?q=kokous"})
        assert answer.location == "/teot?q=kokous#kiitos", "to the thanks, which are hidden else"
    assert 'id="kiitos"' in client.get("/teot?q=kokous").text
    assert client.post("/haku/loysitko", data={"loytyi": "ehkä"}).status_code == 204
    fragment = client.post("/en/haku/loysitko", data={"loytyi": "no"}, headers={"X-Requested-With": "fetch"})
    assert "Thank you!" in fragment.text
    assert "Set-Cookie" not in fragment.headers
    assert survey.poll_since(session, clock.today()) == (2, 2)
    assert {column.name for column in PollCount.__table__.columns} == {"day", "locale", "found", "not_found"}
