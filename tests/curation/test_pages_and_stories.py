"""Pages with history, and stories written at the desk."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core import clock
from tori.core.errors import NotAllowed, RuleBroken
from tori.curation import pages
from tori.curation import writing_stories as writing
from tori.curation.pages import PageTexts
from tori.curation.writing_stories import SeriesTexts, StoryContent
from tori.database import transaction
from tori.models.campaigns import Story
from tori.models.deeds import DeedStatus
from tori.models.editorial import GuidePage
from tori.models.operations import AuditEntry
from tori.models.people import Role
from tori.policy import Actor


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user(role=Role.EDITOR))


def texts(body: str = "Ensimmäinen", **more: str) -> PageTexts:
    return PageTexts("guide", {"fi": "Näin kokeilet"}, {"fi": "Lyhyesti"}, {"fi": body}, **more)


def test_a_page_keeps_its_history(session: Session, editor: Actor, client: FlaskClient) -> None:
    with transaction():
        row = pages.add(session, editor, texts())
    with transaction():
        pages.change(session, editor, row, texts("Toinen **versio**"))
        pages.change(session, editor, row, texts("Toinen **versio**"))
    assert [version.number for version in pages.versions(session, row)] == [2, 1]
    assert "<strong>versio</strong>" in client.get("/oppaat/nain-kokeilet").text
    with transaction():
        pages.restore(session, editor, row, 1)
    assert "Ensimmäinen" in client.get("/oppaat/nain-kokeilet").text
    assert row.version == 3
    with transaction():
        pages.hide(session, editor, row)
    assert client.get("/oppaat/nain-kokeilet").status_code == 404
    assert "Näin kokeilet" not in client.get("/oppaat").text
    with transaction():
        pages.show(session, editor, row)
    names = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert names == ["PageChanged", "PageChanged", "PageChanged", "PageHidden", "PageShown"]


def test_a_path_of_learning_shows_its_deeds_in_order(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    first, second = make.deed("Luetaan toiseksi"), make.deed("Luetaan ensin")
    draft = make.deed("Salainen", status=DeedStatus.DRAFT)
    with transaction():
        pages.add(
            session, editor, texts(deeds=f"/teot/{second.id}-x\nhttps://tori.example/sv/teot/{first.id}\n{draft.id}")
        )
    page = client.get("/oppaat/nain-kokeilet").text
    assert page.index("Luetaan ensin") < page.index("Luetaan toiseksi")
    assert "Salainen" not in page
    for bad in ("999999", "ei osoite"):
        with pytest.raises(RuleBroken, match="unknown_deed"), transaction():
            pages.add(session, editor, texts(deeds=bad))


def test_changes_and_plans_stand_on_a_page_of_their_own(session: Session, editor: Actor, client: FlaskClient) -> None:
    titles = {"fi": "Mitä uutta", "sv": "Nyheter"}
    with transaction():
        row = pages.add(session, editor, PageTexts("news", titles, {}, {"fi": "- Tapahtumat", "sv": "- Evenemang"}))
        pages.add(session, editor, texts("Muu opas"))
    for prefix, words in (("", "Tapahtumat"), ("/sv", "Evenemang")):
        page = client.get(f"{prefix}/muutokset").text
        assert f"<li>{words}</li>" in page
        assert "Muu opas" not in page
        assert f'href="{prefix}/muutokset"' in client.get(f"{prefix}/tietoa").text
    with transaction():
        pages.hide(session, editor, row)
    assert "<li>Tapahtumat</li>" not in client.get("/muutokset").text


def test_only_editors_write_pages(session: Session, make: Factory) -> None:
    with pytest.raises(NotAllowed), transaction():
        pages.add(session, Actor(make.user()), texts())


def test_pages_at_the_desk(session: Session, make: Factory, browser: Browser) -> None:
    browser.sign_in(make.user(role=Role.EDITOR))
    form = {"shelf": "rules", "title_fi": "Säännöt", "body_fi": "Ole asiallinen."}
    assert browser.post("/hallinta/sivut/uusi", {**form, "body_fi": ""}).status_code == 422
    made = browser.post("/hallinta/sivut/uusi", form)
    assert made.status_code == 303
    assert browser.edit(made.location, {**form, "body_sv": "Var saklig.", "title_sv": "Regler"}).status_code == 303
    assert "Var saklig." in browser.get("/sv/oppaat/saannot").text
    assert browser.post(f"{made.location}/palauta/1").status_code == 303
    assert browser.post(f"{made.location}/palauta/99").status_code == 404
    assert browser.post(f"{made.location}/piilota").status_code == 303
    assert "Säännöt" in browser.get("/hallinta/sivut").text
    session.rollback()
    assert session.scalars(select(GuidePage.version)).one() == 3


def test_every_page_has_a_way_to_give_feedback_on_it(make: Factory, client: FlaskClient) -> None:
    make.deed()
    for path in ("/", "/teot", "/toplistat", "/oppaat", "/kysely"):
        assert f"/palaute?sivu={'/' if path == '/' else path}" in client.get(path).text, path


# Stories


def test_a_series_starts_in_a_minute_and_shows_with_its_first_story(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    deed, place, theme = make.deed("Teko jutun takana"), make.organisation("Nokian kaupunki"), make.theme("kokeilut")
    with transaction():
        series = writing.begin_series(session, editor, SeriesTexts("Kokeilijat", {"fi": "Sarja", "sv": "En serie"}))
        story = writing.write(
            session, editor, series,
            StoryContent(
                "Kuukausi kävellen", "podcast", "Lyhyesti", media_url="https://kuuntele.example/1", transcript="Hei!",
                deeds=str(deed.id), organisations=[place.slug], themes=[theme.slug],
            ),
        )  # fmt: skip
    path = "/jutut/kokeilijat/kuukausi-kavellen"
    assert client.get(path).status_code == 404
    assert "Kokeilijat" not in client.get("/jutut").text
    with transaction():
        writing.publish(session, editor, story)
    page = client.get(path).text
    for words in ("https://kuuntele.example/1", "Hei!", "Teko jutun takana", "Nokian kaupunki", "kokeilut"):
        assert words in page
    assert "En serie" in client.get("/sv/jutut").text
    assert "Kuukausi kävellen" in client.get("/jutut/kokeilijat.atom").text
    with transaction():
        writing.hide(session, editor, story)
    assert "Kuukausi kävellen" not in client.get("/jutut/kokeilijat.atom").text


def test_a_story_comes_out_by_itself(session: Session, editor: Actor) -> None:
    with transaction():
        series = writing.begin_series(session, editor, SeriesTexts("Sarja"))
        story = writing.write(session, editor, series, StoryContent("Juttu", body="Teksti"))
        writing.publish(session, editor, story, clock.now() + timedelta(hours=1))
    with pytest.raises(RuleBroken, match="bad_moment"), transaction():
        writing.publish(session, editor, story, clock.now() - timedelta(hours=1))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (StoryContent(" "), "value_missing"),
        (StoryContent("Juttu", "tanssi"), "unknown_choice"),
        (StoryContent("Juttu", media_url="http://x.example"), "bad_url"),
        (StoryContent("Juttu", media_url="javascript:alert(1)"), "bad_url"),
        (StoryContent("Juttu", deeds="99999"), "unknown_deed"),
    ],
)
def test_odd_stories_are_refused(session: Session, editor: Actor, content: StoryContent, code: str) -> None:
    with pytest.raises(RuleBroken, match=code), transaction():
        writing.write(session, editor, writing.begin_series(session, editor, SeriesTexts("Sarja")), content)


def test_a_recording_needs_its_text(session: Session, editor: Actor) -> None:
    with transaction():
        series = writing.begin_series(session, editor, SeriesTexts("Sarja"))
        story = writing.write(session, editor, series, StoryContent("Juttu", "webinar", media_url="https://x.example"))
    with pytest.raises(RuleBroken, match="transcript_missing"), transaction():
        writing.publish(session, editor, story)


def test_stories_at_the_desk(session: Session, make: Factory, browser: Browser) -> None:
    make.organisation("Nokian kaupunki")
    browser.sign_in(make.user(role=Role.EDITOR))
    assert browser.post("/hallinta/jutut", {"name": ""}).status_code == 422
    series = browser.post("/hallinta/jutut", {"name": "Sarja"}).location
    story = {"kind": "article", "title": "Juttu", "body": "Teksti", "organisations": "Nokian kaupunki"}
    assert browser.post(f"{series}/uusi", {**story, "organisations": "Ei kukaan"}).status_code == 422
    made = browser.post(f"{series}/uusi", story)
    assert made.status_code == 303
    assert "Nokian kaupunki" in browser.get(made.location).text
    assert "Teksti" in browser.get(f"{made.location}/esikatselu").text
    assert browser.edit(made.location, {**story, "title": ""}).status_code == 422
    assert browser.edit(made.location, {**story, "title": "Uusi nimi"}).status_code == 303
    assert browser.post(f"{made.location}/julkaise").status_code == 303
    assert "Uusi nimi" in browser.get("/jutut/sarja/juttu").text
    assert browser.post(f"{made.location}/piilota").status_code == 303
    session.rollback()
    assert session.scalars(select(Story.published_at)).one() is None
    assert browser.edit(f"{series}", {"name": "Toinen nimi"}).status_code == 303
