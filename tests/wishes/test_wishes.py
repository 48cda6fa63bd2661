"""Wishes, answers to them, and calls for partners."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.helpers import mails
from tests.conftest import Browser
from tests.digest.helpers import digests, reader, run
from tests.digest.test_sending import DAY, START, TUESDAY
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, NotFound, RuleBroken
from tori.core.events import DeedPublished, DeedSaved, record
from tori.database import transaction
from tori.models.deeds import DeedStatus
from tori.models.follows import Follow, Followed
from tori.models.operations import Notification
from tori.models.people import Role
from tori.models.searching import SearchLogEntry
from tori.models.wishes import PartnerCall, PartnerInterest, Wish, WishAnswer, WishSupporter
from tori.policy import ANONYMOUS, Actor
from tori.search import indexing
from tori.wishes import partners, service
from tori.wishes.partners import CallContent
from tori.wishes.service import WishContent


@pytest.fixture
def asker(make: Factory) -> Actor:
    return Actor(make.user("kysyja@example.org", organisation=make.organisation("Nokian kaupunki")))


@pytest.fixture
def wish(session: Session, asker: Actor) -> Wish:
    with transaction() as writing:
        return service.post(writing, asker, WishContent("Perehdytys keittiössä", "Miten **te** teette?"))


def kinds(session: Session) -> list[tuple[int, str]]:
    session.rollback()
    return [(row.user_id, row.kind) for row in session.scalars(select(Notification).order_by(Notification.id))]


def test_the_same_form_posts_once(session: Session, asker: Actor) -> None:
    for _ in range(2):
        with transaction() as writing:
            service.post(writing, asker, WishContent("Perehdytys"), "lomake-1")
    assert session.scalar(select(func.count()).select_from(Wish)) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (WishContent(" "), "value_missing"),
        (WishContent("x" * 151), "text_too_long"),
        (WishContent("a", sector="kuu"), "unknown_sector"),
        (WishContent("a", themes=["kuu"]), "unknown_theme"),
    ],
)
def test_a_bad_wish_says_what_is_wrong(session: Session, asker: Actor, content: WishContent, code: str) -> None:
    with pytest.raises(RuleBroken, match=code), transaction() as writing:
        service.post(writing, asker, content)


def test_joining_counts_each_person_once_and_never_the_one_who_wished(
    session: Session, make: Factory, asker: Actor, wish: Wish
) -> None:
    other = Actor(make.user())
    for actor in (asker, other, other):
        with transaction() as writing:
            service.join(writing, actor, wish)
    assert wish.supporter_count == 1
    for _ in range(2):
        with transaction() as writing:
            service.leave(writing, other, wish)
    assert wish.supporter_count == 0
    with pytest.raises(NotAllowed), transaction() as writing:
        service.join(writing, ANONYMOUS, wish)


def test_an_answer_tells_all_who_joined_and_writes_to_the_one_who_wished(
    session: Session, make: Factory, asker: Actor, wish: Wish
) -> None:
    joined, helper, deed = make.user(), Actor(make.user()), make.deed("Keittiön perehdytyskortit")
    make._add(WishSupporter(wish_id=wish.id, user_id=joined.id))
    make._add(WishSupporter(wish_id=wish.id, user_id=helper.id))
    for _ in range(2):
        with transaction() as writing:
            service.answer(writing, helper, wish, deed, "Toimii meillä.")
    assert sorted(kinds(session)) == sorted([(asker.id, "wish_answered"), (joined.id, "wish_answered")])
    [mail] = mails(session)
    assert (mail.recipient, mail.event) == ("kysyja@example.org", "wish_answered")
    assert "Keittiön perehdytyskortit" in mail.body_text
    assert wish.answered_at is not None
    row = session.scalars(select(WishAnswer)).one()
    with pytest.raises(NotAllowed), transaction() as writing:
        service.remove_answer(writing, Actor(joined), row)
    with transaction() as writing:
        service.remove_answer(writing, asker, row)
    assert wish.answered_at is None


def test_a_draft_is_no_answer(session: Session, make: Factory, asker: Actor, wish: Wish) -> None:
    author = make.user()
    with pytest.raises(RuleBroken, match="not_published"), transaction() as writing:
        service.answer(writing, Actor(author), wish, make.deed(status=DeedStatus.DRAFT, author_id=author.id))


def test_we_have_this_makes_the_next_deed_the_answer_when_it_is_published(
    session: Session, make: Factory, wish: Wish
) -> None:
    helper = make.user()
    older = make.deed("Vanha luonnos", author_id=helper.id, status=DeedStatus.DRAFT)
    with transaction() as writing:
        service.promise(writing, Actor(helper), wish)
    with transaction() as writing:
        record(writing, DeedSaved(actor_id=helper.id, deed_id=older.id))
    deed = make.deed("Näin perehdytämme", author_id=helper.id, status=DeedStatus.DRAFT)
    later = make.deed("Seuraava teko", author_id=helper.id)
    for row in (deed, later):
        with transaction() as writing:
            record(writing, DeedSaved(actor_id=helper.id, deed_id=row.id))
    deed.status = DeedStatus.PUBLISHED
    session.commit()
    for row in (older, later, deed, deed):
        with transaction() as writing:
            record(writing, DeedPublished(actor_id=helper.id, deed_id=row.id))
    assert [row.deed_id for row in session.scalars(select(WishAnswer))] == [deed.id]


def test_a_hidden_wish_is_gone_for_others_and_the_reason_is_needed(
    session: Session, make: Factory, asker: Actor, wish: Wish, browser: Browser
) -> None:
    editor = Actor(make.user(role=Role.EDITOR))
    with pytest.raises(RuleBroken, match="reason_needed"), transaction() as writing:
        service.hide(writing, editor, wish)
    with pytest.raises(NotAllowed), transaction() as writing:
        service.hide(writing, Actor(make.user()), wish, "En pidä")
    with transaction() as writing:
        service.hide(writing, editor, wish, "Mainos")
    with pytest.raises(NotFound), transaction() as writing:
        service.join(writing, Actor(make.user()), wish)
    assert browser.get(f"/toiveet/{wish.id}-{wish.slug}").status_code == 404
    assert "Perehdytys" not in browser.get("/toiveet").text


def test_similar_deeds_are_shown_before_a_wish_is_posted(
    session: Session, make: Factory, browser: Browser, app: object
) -> None:
    make.deed("Keittiön perehdytyskortit")
    indexing.rebuild(session, app.extensions["tori.search"](), lambda done, total: None)  # type: ignore[attr-defined]
    browser.sign_in(make.user())
    data = {"title": "Keittiön perehdytys", "body": "", "form_number": "a1"}
    answer = browser.post("/toiveet/uusi", data)
    assert "Keittiön perehdytyskortit" in answer.text
    assert session.scalar(select(func.count()).select_from(Wish)) == 0
    answer = browser.post("/toiveet/uusi", {**data, "seen": "1"})
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).text
    assert "Keittiön perehdytys" in page
    assert browser.post("/toiveet/uusi", {"title": ""}).status_code == 422
    assert 'value="kahvi ja pulla"' in browser.get("/toiveet/uusi?q=kahvi ja pulla").text


def test_the_whole_way_over_the_pages(session: Session, make: Factory, wish: Wish, browser: Browser) -> None:
    deed, helper = make.deed("Keittiön perehdytyskortit"), make.user(organisation=make.organisation())
    path = f"/toiveet/{wish.id}-{wish.slug}"
    visitor = browser.client.application.test_client()
    page = visitor.get(path)
    assert page.status_code == 200
    assert "<strong>te</strong>" in page.text
    assert visitor.get(f"/toiveet/{wish.id}").status_code == 301
    for query in ("", "?tila=avoin&q=perehdytys&maakunta=pirkanmaa", "?sivu=2"):
        assert visitor.get(f"/toiveet{query}").status_code == 200
    assert "Perehdytys" not in visitor.get("/toiveet?teema=muu").text
    assert "Set-Cookie" not in visitor.get("/toiveet").headers
    browser.sign_in(helper)
    assert browser.post(f"/toiveet/{wish.id}/mukaan").status_code == 303
    assert browser.post(f"/toiveet/{wish.id}/vastaukset", {"deed": "olematon"}).status_code == 422
    assert browser.post(f"/toiveet/{wish.id}/vastaukset", {"deed": "99999"}).status_code == 422
    address = f"http://127.0.0.1:8000/sv/teot/{deed.id}-keittion"
    assert browser.post(f"/toiveet/{wish.id}/vastaukset", {"deed": address, "note": "Kokeile"}).status_code == 303
    assert "Keittiön perehdytyskortit" in visitor.get(path).text
    row = session.scalars(select(WishAnswer)).one()
    assert browser.post(f"/toiveet/vastaukset/{row.id}/poista").status_code == 303
    answer = browser.post(f"/toiveet/{wish.id}/meilla-on")
    assert answer.headers["Location"] == "/teot/uusi"
    assert browser.get(path).status_code == 200


# Partners


def call_on(session: Session, asker: Actor, wish: Wish, days: int = 30) -> PartnerCall:
    with transaction() as writing:
        content = CallContent("Kokeillaan yhdessä", "Aikaa", clock.today() + timedelta(days=days))
        return partners.seek(writing, asker, wish, content)


def test_a_call_for_partners_is_open_until_its_day_and_new_ones_replace_old(
    session: Session, asker: Actor, wish: Wish, browser: Browser
) -> None:
    first = call_on(session, asker, wish)
    second = call_on(session, asker, wish)
    assert not partners.is_open(first)
    assert partners.is_open(second)
    for path in ("/toiveet/kumppanit", "/toiveet/kumppanit?maakunta=pirkanmaa", f"/toiveet/{wish.id}-{wish.slug}"):
        assert browser.get(path).text.count("Kokeillaan yhdessä") == 1, path
    assert "Kokeillaan" not in browser.get("/toiveet/kumppanit?maakunta=uusimaa").text
    with clock.frozen(clock.now() + timedelta(days=40)):
        assert "Kokeillaan" not in browser.get("/toiveet/kumppanit").text
        assert browser.get(f"/kumppanit/{second.id}").status_code == 200


@pytest.mark.parametrize("days", [-1, 400])
def test_a_call_ends_within_a_year(session: Session, asker: Actor, wish: Wish, days: int) -> None:
    with pytest.raises(RuleBroken, match="bad_last_day"):
        call_on(session, asker, wish, days)


def test_offering_to_take_part_tells_the_caller_once(
    session: Session, make: Factory, asker: Actor, wish: Wish, browser: Browser
) -> None:
    call = call_on(session, asker, wish)
    helper = make.user(display_name="Kehittämispäällikkö", organisation=make.organisation("Kangasalan kaupunki"))
    with pytest.raises(NotAllowed), transaction() as writing:
        partners.offer(writing, asker, call, "Itse")
    browser.sign_in(helper)
    for text in ("Olemme mukana", "Olemme mukana, soitellaan"):
        assert browser.post(f"/kumppanit/{call.id}", {"message": text}).status_code == 303
    assert session.scalars(select(PartnerInterest.message)).all() == ["Olemme mukana, soitellaan"]
    assert kinds(session) == [(asker.id, "partner")]
    assert [mail.event for mail in mails(session)] == ["partner_found"]
    assert "Olemme mukana" not in browser.get(f"/kumppanit/{call.id}").text
    caller = Browser(browser.client.application).sign_in(asker.user)  # type: ignore[arg-type]
    assert "soitellaan" in caller.get(f"/kumppanit/{call.id}").text
    assert caller.post(f"/kumppanit/{call.id}/sulje").status_code == 303
    assert browser.post(f"/kumppanit/{call.id}", {"message": "vielä"}).status_code == 422


def test_the_maker_of_a_deed_looks_for_partners(session: Session, make: Factory, browser: Browser) -> None:
    maker = make.user(organisation=make.organisation())
    deed = make.deed("Kumppaneita kaipaava", author_id=maker.id, organisation_id=maker.organisation.id)  # type: ignore[union-attr]
    browser.sign_in(maker)
    path = f"/teot/{deed.id}/kumppanit"
    assert browser.get(path).status_code == 200
    until = (clock.today() + timedelta(days=20)).isoformat()
    assert browser.post(path, {"purpose": "", "until": until}).status_code == 422
    assert browser.post(path, {"purpose": "Haetaan rahaa yhdessä", "until": until}).status_code == 303
    assert "Haetaan rahaa yhdessä" in browser.client.application.test_client().get(f"/teot/{deed.id}-{deed.slug}").text
    stranger = Browser(browser.client.application).sign_in(make.user())
    assert stranger.get(path).status_code == 403


# The digest and the desk


def test_the_digest_tells_of_answers_wishes_and_calls(session: Session, make: Factory, asker: Actor) -> None:
    assert asker.user is not None
    theme = make.theme("perehdytys")
    follower = make.user("seuraaja@example.org")
    make._add(Follow(user_id=follower.id, kind=Followed.REGION, target_id=make.region().id))
    for person in (follower, asker.user):
        reader(make, START, user_id=person.id)
    with clock.frozen(START + DAY), transaction() as writing:
        wish = service.post(writing, asker, WishContent("Uusi toive", themes=["perehdytys"]))
        partners.seek(writing, asker, wish, CallContent("Etsitään kumppania", "", clock.today() + timedelta(days=90)))
        service.answer(writing, Actor(make.user()), wish, make.deed("Vastaava teko", themes=[theme]))
    with clock.frozen(TUESDAY):
        run(TUESDAY)
    issues = {mail.recipient: mail.body_text for mail in digests(session)}
    assert "Uusi toive" in issues["seuraaja@example.org"]
    assert "Etsitään kumppania" in issues["seuraaja@example.org"]
    assert "Vastaava teko" in issues["kysyja@example.org"]
    assert "Etsitään kumppania" not in issues["kysyja@example.org"]


def test_editors_see_what_is_looked_for_in_vain(session: Session, make: Factory, browser: Browser) -> None:
    today = clock.today()
    for query, strong, day in (
        ("Kissakahvila", 0, today), ("kissakahvila", 0, today), ("löytyy", 3, today),
        ("vanha", 0, today - timedelta(days=200)),
    ):  # fmt: skip
        make._add(SearchLogEntry(day=day, query=query, filters={}, locale="fi", hits=strong, strong=strong))
    assert browser.get("/hallinta/aukot").status_code in (302, 303, 401, 403)
    browser.sign_in(make.user(role=Role.EDITOR))
    page = browser.get("/hallinta/aukot").text
    assert "kissakahvila" in page
    assert "löytyy" not in page
    assert "vanha<" not in page


def test_editors_pick_deeds_for_the_digest(session: Session, make: Factory, browser: Browser) -> None:
    deed = make.deed("Poimittava teko")
    reader(make, clock.now() - timedelta(days=30), email="lukija@example.org", theme_ids=[999])
    browser.sign_in(make.user(role=Role.EDITOR))
    assert browser.post("/hallinta/poiminnat", {"deed": "tyhjä"}).status_code == 422
    for note in ("Lue", "Lue tämä"):
        assert browser.post("/hallinta/poiminnat", {"deed": str(deed.id), "note": note}).status_code == 303
    assert "Poimittava teko" in browser.get("/hallinta/poiminnat").text
    run(clock.now() + timedelta(days=8))
    [issue] = digests(session)
    assert "Lue tämä" in issue.body_text
    assert browser.post("/hallinta/poiminnat/1/poista").status_code == 303
    assert browser.post("/hallinta/poiminnat/1/poista").status_code == 404


def test_calls_tell_what_kind_of_partners_and_are_narrowed_by_it(
    session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    user = make.user(organisation=make.organisation("Nokian kaupunki"))
    deed = make.deed("Hanke", author_id=user.id)
    browser.sign_in(user)
    until = (clock.today() + timedelta(days=30)).isoformat()
    form = {"purpose": "Haetaan rahoitusta", "seeks": "funding", "until": until}
    assert browser.post(f"/teot/{deed.id}/kumppanit", {**form, "seeks": "kuu"}).status_code == 422
    assert browser.post(f"/teot/{deed.id}/kumppanit", form).status_code == 303
    assert "To apply for funding together" in client.get("/en/toiveet/kumppanit").text
    for seeks, is_there in (("funding", True), ("research", False), ("kuu", True)):
        assert ("Haetaan rahoitusta" in client.get(f"/toiveet/kumppanit?haku={seeks}").text) is is_there
