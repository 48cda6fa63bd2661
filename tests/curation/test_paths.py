"""How far a reader has come on a path of learning, and where it goes on."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core.errors import NotFound
from tori.curation import pages, paths
from tori.curation.pages import PageTexts
from tori.database import transaction
from tori.models.deeds import Deed
from tori.models.editorial import GuidePage, PathStep
from tori.models.operations import AuditEntry
from tori.models.people import Role
from tori.policy import Actor


def add_path(session: Session, make: Factory, title: str, deeds: list[Deed], shelf: str = "path") -> GuidePage:
    texts = PageTexts(shelf, {"fi": title}, {}, {"fi": "Polku"}, deeds="\n".join(str(deed.id) for deed in deeds))
    with transaction():
        return pages.add(session, Actor(make.user(role=Role.EDITOR)), texts)


def test_a_reader_marks_what_is_read_and_goes_on_to_a_longer_path(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    deeds = [make.deed(f"Teko {number}") for number in range(3)]
    add_path(session, make, "Pitkä polku", deeds)
    add_path(session, make, "Lyhyt polku", deeds[:2])
    reader, other = (Browser(app).sign_in(make.user()) for _ in range(2))
    page = "/en/oppaat/lyhyt-polku"
    assert "You have read 0 of 2" in reader.get(page).text
    marked = reader.post(f"{page}/{deeds[0].id}/luettu")
    assert marked.location == f"{page}#step-{deeds[0].id}", "who goes by keyboard goes on where they were"
    assert f'<li id="step-{deeds[0].id}" tabindex="-1">' in reader.get(page).text
    assert "You have read 1 of 2" in reader.get("/en/oppaat").text
    assert "Go on with a longer one" not in reader.get(page).text
    reader.post(f"{page}/{deeds[1].id}/luettu")
    told = reader.get(page).text
    assert "You have walked the whole path" in told
    assert "Pitkä polku" in told.split("Go on with a longer one")[1]
    assert "You have read 0 of 2" in other.get(page).text, "nobody sees how far another is"
    assert "Sign in to follow how far you have come" in client.get(page).text
    reader.post(f"{page}/{deeds[0].id}/lukematta")
    assert "You have read 1 of 2" in reader.get(page).text


def test_only_deeds_of_a_path_are_marked_and_hidden_ones_do_not_count(session: Session, make: Factory) -> None:
    first, second, outside = make.deed("Yksi"), make.deed("Kaksi"), make.deed("Kolme")
    path, guide = add_path(session, make, "Polku", [first, second]), add_path(session, make, "Opas", [first], "guide")
    actor = Actor(make.user())
    for page, deed in ((path, outside), (guide, first)):
        with pytest.raises(NotFound), transaction():
            paths.mark(session, actor, page, deed.id)
    for _again in range(2):
        with transaction():
            paths.mark(session, actor, path, first.id)
    assert len(session.scalars(select(PathStep)).all()) == 1
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.event == "PathStepDone"))
    assert entry.data == {}, "what somebody reads is not in the log that administrators read"
    second.status = "withdrawn"
    session.commit()
    (progress,) = paths.progress_of(session, actor)
    assert progress.is_whole
