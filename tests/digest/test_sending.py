"""Issues of the digest, from what happened to the mail that leaves."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from random import Random
from unittest.mock import patch

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests.digest.helpers import digests, publish, reader, run
from tests.factories import Factory
from tori.core import clock
from tori.database import transaction
from tori.deeds import adoptions
from tori.digest import letters, sending
from tori.follows import service as follows
from tori.models.deeds import DeedStatus
from tori.models.digest import DigestIssue, EditorPick, NewsItem, NewsKind, Rhythm, Subscriber
from tori.models.follows import Follow, Followed
from tori.models.operations import OutboxMail
from tori.models.people import User
from tori.notifications import mail
from tori.policy import Actor
from tori.worker import send_due_mails

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TUESDAY = datetime(2026, 9, 8, 4, 0, tzinfo=UTC)
"""Seven in the morning in Finland."""


def test_a_reader_gets_what_the_chosen_theme_and_sector_bring_and_nothing_else(session: Session, make: Factory) -> None:
    theme, sector = make.theme("esihenkilötyö"), make.sector("sivistys", "sivistys")
    reader(make, START, email="lukija@example.org", theme_ids=[theme.id], sector_ids=[sector.id])
    publish(make, START + DAY, "Teeman teko", themes=[theme])
    publish(make, START + DAY, "Toimialan teko", sector_id=sector.id)
    publish(make, START + DAY, "Muu teko")
    assert run(TUESDAY - timedelta(minutes=1)) == 0
    assert run(TUESDAY) == 1
    [issue] = digests(session)
    assert issue.recipient == "lukija@example.org"
    assert "Teeman teko" in issue.body_text
    assert "Toimialan teko" in issue.body_html
    assert "Muu teko" not in issue.body_text + issue.body_html


def test_when_nothing_has_happened_nothing_is_sent(session: Session, make: Factory) -> None:
    reader(make, START, email="lukija@example.org", theme_ids=[make.theme().id])
    publish(make, START + DAY, "Muu teko")
    run(TUESDAY)
    assert digests(session) == []
    assert session.scalars(select(Subscriber.told_until)).one() == TUESDAY - timedelta(minutes=10)


def test_a_member_follows_deeds_organisations_regions_and_their_variants(session: Session, make: Factory) -> None:
    giver = make.organisation("Nokian kaupunki")
    deed = make.deed("Seurattu teko")
    member = make.user("jasen@example.org", organisation=make.organisation())
    actor = Actor(member)
    reader(make, START, user_id=member.id)
    with transaction() as writing:
        follows.follow(writing, actor, Followed.DEED, deed.id)
        follows.follow(writing, actor, Followed.ORGANISATION, giver.id)
    publish(make, START + DAY, "Nokian uusi teko", organisation_id=giver.id)
    publish(make, START + DAY, "Seuratun muunnelma", parent_id=deed.id)
    publish(make, START + DAY, "Oma teko", organisation_id=giver.id, author_id=member.id)
    adopter = Actor(make.user(organisation=make.organisation("Kangasalan kaupunki")))
    with clock.frozen(START + DAY), transaction() as writing:
        adoptions.adopt(writing, adopter, deed)
    run(TUESDAY)
    [issue] = digests(session)
    for words in ("Nokian uusi teko", "Seuratun muunnelma", "Seurattu teko", "Kangasalan kaupunki"):
        assert words in issue.body_text, words
    assert "Oma teko" not in issue.body_text


def test_a_pick_of_the_editors_reaches_all_but_not_a_deed_told_before(session: Session, make: Factory) -> None:
    theme = make.theme()
    reader(make, START, email="teema@example.org", theme_ids=[theme.id])
    reader(make, START, email="muu@example.org", theme_ids=[make.theme("muu").id])
    deed = publish(make, START + DAY, "Poimittu teko", themes=[theme])
    run(TUESDAY)
    pick = make._add(EditorPick(deed_id=deed.id, note="Lue tämä."))
    make._add(NewsItem(kind=NewsKind.DEED_PICKED, key=f"picked:{pick.id}", deed_id=deed.id, created_at=TUESDAY + DAY))
    run(TUESDAY + 7 * DAY)
    assert Counter(mail.recipient for mail in digests(session)) == {"teema@example.org": 1, "muu@example.org": 1}
    assert "Lue tämä." in digests(session)[1].body_text


def test_a_followed_search_tells_of_new_hits(session: Session, make: Factory, app: Flask) -> None:
    from tori.search import indexing

    member = make.user("jasen@example.org")
    with transaction() as writing:
        follows.follow_search(writing, Actor(member), "kahvi", "q=kahvihetki")
    reader(make, START, user_id=member.id)
    publish(make, START + DAY, "Yhteinen kahvihetki")
    publish(make, START + DAY, "Aivan muuta")
    indexing.rebuild(session, app.extensions["tori.search"](), lambda done, total: None)
    run(TUESDAY)
    [issue] = digests(session)
    assert "Yhteinen kahvihetki" in issue.body_text
    assert "Aivan muuta" not in issue.body_text


def test_without_an_index_the_issue_of_a_followed_search_waits(session: Session, make: Factory) -> None:
    member = make.user("jasen@example.org")
    with transaction() as writing:
        follows.follow_search(writing, Actor(member), "kahvi", "q=kahvihetki")
    reader(make, START, user_id=member.id)
    publish(make, START + DAY, "Yhteinen kahvihetki")
    run(TUESDAY)
    session.rollback()
    assert session.scalars(select(Subscriber.told_until)).one() == START


def test_monthly_readers_wait_for_the_month(session: Session, make: Factory) -> None:
    theme = make.theme()
    reader(make, START, email="kuu@example.org", theme_ids=[theme.id], rhythm=Rhythm.MONTHLY)
    publish(make, START + DAY, "Syyskuun teko", themes=[theme])
    run(TUESDAY)
    assert digests(session) == []
    run(datetime(2026, 10, 6, 4, 0, tzinfo=UTC))
    assert len(digests(session)) == 1


@pytest.mark.parametrize("values", [{"confirmed_at": None}, {"bounced_at": START}, {"rhythm": Rhythm.NONE}])
def test_who_has_not_confirmed_or_has_left_gets_nothing(
    session: Session, make: Factory, values: dict[str, object]
) -> None:
    theme = make.theme()
    reader(make, START, email="lukija@example.org", theme_ids=[theme.id], **values)
    publish(make, START + DAY, "Teeman teko", themes=[theme])
    run(TUESDAY)
    assert digests(session) == []


def test_n02_a_deed_taken_away_in_between_is_not_in_the_mail(session: Session, make: Factory, app: Flask) -> None:
    theme = make.theme()
    reader(make, START, email="lukija@example.org", theme_ids=[theme.id])
    kept = publish(make, START + DAY, "Jäävä teko", themes=[theme])
    gone = publish(make, START + DAY, "Poistuva teko", themes=[theme])
    run(TUESDAY)
    gone.status = DeedStatus.WITHDRAWN
    session.commit()
    with clock.frozen(TUESDAY + timedelta(minutes=1)):
        assert send_due_mails(app.extensions["tori"]) == 1
    [issue] = digests(session)
    assert "Poistuva teko" not in issue.body_text + issue.body_html + issue.subject
    assert "Jäävä teko" in issue.body_text
    assert kept.is_public


def test_n02_a_mail_with_nothing_left_or_to_one_who_left_is_not_sent(
    session: Session, make: Factory, app: Flask
) -> None:
    theme = make.theme()
    reader(make, START, email="lukija@example.org", theme_ids=[theme.id])
    leaving = reader(make, START, email="lahteva@example.org", theme_ids=[theme.id, 999])
    gone = publish(make, START + DAY, "Poistuva teko", themes=[theme])
    run(TUESDAY)
    assert len(digests(session)) == 2
    gone.status = DeedStatus.WITHDRAWN
    leaving.rhythm = Rhythm.NONE
    session.commit()
    with clock.frozen(TUESDAY + timedelta(minutes=1)):
        send_due_mails(app.extensions["tori"])
    assert digests(session) == []


def test_n04_three_readers_get_three_mails_that_a_mail_program_understands(
    session: Session, make: Factory, app: Flask
) -> None:
    theme = make.theme()
    for number, locale in enumerate(("fi", "sv", "en")):
        reader(make, START, email=f"lukija{number}@example.org", locale=locale, theme_ids=[theme.id])
    publish(make, START + DAY, "Ääkkösiä täynnä", themes=[theme])
    run(TUESDAY)
    with clock.frozen(TUESDAY):
        assert send_due_mails(app.extensions["tori"]) == 3
    files = sorted((app.extensions["tori"].instance / "mail").glob("*.eml"))
    messages = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    assert sorted(message["To"] for message in messages) == [f"lukija{number}@example.org" for number in range(3)]
    for message in messages:
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None
        assert html is not None
        assert "Ääkkösiä täynnä" in text.get_content()
        assert "Ääkkösiä täynnä" in html.get_content()
        assert "<img" not in html.get_content()
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "/uutiskirje/peru/" in message["List-Unsubscribe"]
        assert "Bcc" not in message
        assert "Cc" not in message


def test_a_limit_of_mails_in_a_minute_is_kept(session: Session, make: Factory, app: Flask) -> None:
    from dataclasses import replace

    with app.app_context(), transaction() as writing:
        for number in range(5):
            mail.enqueue(writing, "digest_known", f"lukija{number}@example.org", "fi", link="https://example.org")
    config = replace(app.extensions["tori"], mails_per_minute=3)
    now = clock.now() + timedelta(seconds=1)
    with clock.frozen(now):
        assert send_due_mails(config) == 3
        assert send_due_mails(config) == 0
    with clock.frozen(now + timedelta(seconds=61)):
        assert send_due_mails(config) == 2


class Killed(Exception):
    """Stands for the end of the process."""


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_weeks_of_news_crashes_and_reruns_tell_each_reader_everything_once(
    session: Session, make: Factory, seed: int
) -> None:
    """Twelve weeks: deeds, new follows, runs killed anywhere and run again. What was told is what was followed."""
    chance = Random(seed)
    for table in (DigestIssue, OutboxMail, Subscriber, Follow, NewsItem):
        session.execute(delete(table))
    session.commit()
    themes = [make.theme(f"teema {number}") for number in range(3)]
    people = [make.user() for _ in range(3)]
    followed: dict[int, set[int]] = {}
    for person in people:
        reader(make, START, user_id=person.id, rhythm=chance.choice([Rhythm.WEEKLY, Rhythm.MONTHLY]))
        followed[person.id] = {theme.id for theme in themes if chance.random() < 0.6}
        with transaction() as writing:
            for theme_id in followed[person.id]:
                follows.follow(writing, Actor(person), Followed.THEME, theme_id)
    expected: Counter[tuple[int, int]] = Counter()
    for day in range(84):
        now = START + day * DAY + timedelta(minutes=chance.randrange(1200))
        if chance.random() < 0.4:
            theme = chance.choice(themes)
            deed = publish(make, now, f"Teko {day}", themes=[theme])
            expected.update((person.id, deed.id) for person in people if theme.id in followed[person.id])
        if chance.random() < 0.7:
            _run_or_be_killed(now + timedelta(minutes=chance.randrange(240)), chance)
    run(START + 150 * DAY)
    session.rollback()
    told: Counter[tuple[int | None, int | None]] = Counter()
    for issue in session.scalars(select(DigestIssue)):
        for number in issue.news_ids:
            told[issue.subscriber.user_id, session.get_one(NewsItem, number).deed_id] += 1
    assert told == expected
    assert session.query(OutboxMail).count() == session.query(DigestIssue).count()


def _run_or_be_killed(now: datetime, chance: Random) -> None:
    left = chance.randrange(6)

    def write_then_die(*args: object) -> DigestIssue:
        nonlocal left
        left -= 1
        issue = letters.write_issue(*args)  # type: ignore[arg-type]
        if left == 0:
            raise Killed
        return issue

    with patch.object(sending, "write_issue", write_then_die):
        try:
            run(now)
        except Killed:
            return


def test_a_closed_account_gets_no_digest(session: Session, make: Factory) -> None:
    theme = make.theme()
    person: User = make.user(disabled_at=START)
    reader(make, START, user_id=person.id)
    make._add(Follow(user_id=person.id, kind=Followed.THEME, target_id=theme.id))
    publish(make, START + DAY, "Teeman teko", themes=[theme])
    run(TUESDAY)
    assert digests(session) == []
