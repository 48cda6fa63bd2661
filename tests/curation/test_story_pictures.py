"""Stories with pictures of their own, in three languages, and on the pages of their deeds."""

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tests.media.samples import picture_bytes
from tori.core import clock
from tori.core.errors import RuleBroken
from tori.curation import writing_stories as writing
from tori.curation.writing_stories import SeriesTexts, StoryContent
from tori.database import transaction
from tori.media.queries import keys_in_use
from tori.models.campaigns import Story
from tori.models.media import StoryPicture
from tori.models.operations import AuditEntry
from tori.models.people import Role
from tori.policy import Actor


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user(role=Role.EDITOR))


@pytest.fixture
def desk(make: Factory, browser: Browser) -> Browser:
    browser.sign_in(make.user(role=Role.EDITOR))
    return browser


def told(session: Session, editor: Actor, **values: object) -> Story:
    with transaction():
        series = writing.begin_series(session, editor, SeriesTexts("Sankarit", {}, {"sv": "Hjältarna"}))
        content = StoryContent(**{"title": "Keittiön arki", "body": "Suomeksi.", **values})  # type: ignore[arg-type]
        return writing.write(session, editor, series, content)


def sent(number: int = 1, **values: object) -> dict[str, object]:
    file = (io.BytesIO(picture_bytes(size=(640 + number, 400))), f"kuva{number}.png")
    return {"pictures": file, "alt": f"Kuva {number}", "has_consent": "y", **values}


def test_pictures_are_described_put_on_top_and_removed(
    session: Session, editor: Actor, desk: Browser, client: FlaskClient
) -> None:
    story = told(session, editor)
    page = f"/hallinta/jutut/{story.id}/kuvat"
    refused = desk.post(page, sent(alt=""))
    assert refused.status_code == 422
    assert desk.post(page, sent(has_consent="")).status_code == 422
    assert desk.post(page, {"alt": "Ilman tiedostoa", "has_consent": "y"}).status_code == 422
    for number in (1, 2, 1):
        assert desk.post(page, sent(number, caption="Aamulla")).status_code == 303
    first, second = session.scalars(select(StoryPicture).order_by(StoryPicture.position)).all()
    address = first.address()
    assert {*first.files.values(), *second.files.values()} <= keys_in_use(session), "or the sweeper takes them"
    session.rollback()
    assert client.get(first.address()).status_code in (302, 303, 403, 404), "nobody reads the story yet"
    assert desk.get(first.address()).status_code == 200
    assert desk.post(f"{page}/{second.id}/ensimmaiseksi", {}).status_code == 303
    assert desk.edit(f"{page}/{first.id}", {f"kuva-{first.id}-alt": ""}, page).status_code == 422
    assert desk.edit(f"{page}/{first.id}", {f"kuva-{first.id}-alt": "Kattila"}, page).status_code == 303
    assert desk.get(f"/hallinta/jutut/{story.id + 1}/kuvat").status_code == 404
    with transaction():
        writing.publish(session, editor, story)
    shown = client.get("/jutut/sankarit/keittion-arki").text
    assert shown.index('alt="Kuva 2"') < shown.index("Suomeksi.") < shown.index('alt="Kattila"')
    answer = client.get(first.address())
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert desk.post(f"{page}/{first.id}/poista", {}).status_code == 303
    session.rollback()
    assert session.scalar(select(func.count()).select_from(StoryPicture)) == 1
    assert client.get(address).status_code == 404
    events = session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("StoryPicture%"))).all()
    assert sorted(events) == ["StoryPictureAdded"] * 2 + ["StoryPictureChanged"] * 2 + ["StoryPictureRemoved"]


def test_members_do_not_send_pictures_to_stories(
    session: Session, make: Factory, editor: Actor, browser: Browser
) -> None:
    story = told(session, editor)
    browser.sign_in(make.user())
    assert browser.post(f"/hallinta/jutut/{story.id}/kuvat", sent()).status_code == 403
    assert session.scalar(select(func.count()).select_from(StoryPicture)) == 0


def test_each_reader_gets_the_own_language_and_finnish_for_the_rest(
    session: Session, editor: Actor, client: FlaskClient
) -> None:
    story = told(session, editor, texts={"title_sv": "Kökets vardag", "body_sv": "På svenska."})
    with transaction():
        writing.publish(session, editor, story)
    swedish = client.get("/sv/jutut/sankarit/keittion-arki").text
    assert '<h1 lang="sv">Kökets vardag</h1>' in swedish
    assert "På svenska." in swedish
    assert "Suomeksi." not in swedish
    assert "Hjältarna" in swedish
    english = client.get("/en/jutut/sankarit/keittion-arki").text
    assert '<h1 lang="fi">Keittiön arki</h1>' in english
    assert "Suomeksi." in english
    assert "Kökets vardag" in client.get("/sv/jutut/sankarit").text
    assert "Kökets vardag" in client.get("/sv/jutut/sankarit.atom").text
    assert client.get("/sv/api/v1/stories").json["items"][0]["title"] == "Kökets vardag"


def test_a_translation_needs_its_heading_and_the_desk_keeps_it(session: Session, editor: Actor, desk: Browser) -> None:
    with pytest.raises(RuleBroken, match="value_missing"):
        told(session, editor, texts={"body_en": "In English."})
    session.rollback()
    story = told(session, editor)
    page = f"/hallinta/jutut/{story.id}"
    values = {"kind": "article", "title": "Keittiön arki", "summary_en": "In brief"}
    assert desk.edit(page, values).status_code == 422
    assert desk.edit(page, {**values, "title_en": "Days of a kitchen"}).status_code == 303
    session.rollback()
    session.expire_all()
    assert session.scalar(select(Story.texts)) == {"title_en": "Days of a kitchen", "summary_en": "In brief"}
    assert "Days of a kitchen" in desk.get(page).text


def test_the_page_of_a_deed_tells_of_its_stories_once_they_are_out(
    session: Session, make: Factory, editor: Actor, client: FlaskClient
) -> None:
    deed, other = make.deed("Keittiön uusi tapa"), make.deed("Toinen teko")
    story = told(session, editor, deeds=str(deed.id), texts={"title_sv": "Kökets vardag"})
    assert "Keittiön arki" not in client.get(f"/teot/{deed.id}-{deed.slug}").text
    with transaction():
        writing.publish(session, editor, story, clock.now() + timedelta(days=1))
    assert "Keittiön arki" not in client.get(f"/teot/{deed.id}-{deed.slug}").text
    with transaction():
        writing.publish(session, editor, story)
    assert "/jutut/sankarit/keittion-arki" in client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert "Kökets vardag" in client.get(f"/sv/teot/{deed.id}-{deed.slug}").text
    assert "keittion-arki" not in client.get(f"/teot/{other.id}-{other.slug}").text
