"""Ready answers of the editors: kept at the desk, put into the answer in the language of its reader."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.core.errors import NotAllowed, RuleBroken
from tori.database import transaction
from tori.models.deeds import DeedStatus
from tori.models.editorial import ReadyAnswer
from tori.models.operations import AuditEntry
from tori.models.people import Role
from tori.moderation import answers, reports
from tori.moderation.answers import AnswerTexts
from tori.policy import Actor

TEXTS = AnswerTexts("review", "Kerro lisää", {"fi": "Kerro, mitä muuttui.", "sv": "Berätta vad som ändrades."})


@pytest.fixture
def editor(make: Factory) -> Actor:
    return Actor(make.user(role=Role.EDITOR))


@pytest.fixture
def desk(make: Factory, browser: Browser) -> Browser:
    browser.sign_in(make.user(role=Role.EDITOR))
    return browser


def test_a_deed_is_returned_with_a_ready_answer_in_its_makers_language(
    session: Session, make: Factory, editor: Actor, desk: Browser
) -> None:
    maker = make.user(locale="sv", trusted_at=None)
    deed = make.deed("Ensimmäinen", status=DeedStatus.IN_REVIEW, author_id=maker.id)
    with transaction():
        row = answers.add_answer(session, editor, TEXTS)
    page = f"/hallinta/tarkistus/{deed.id}"
    assert "Kerro lisää" in desk.get(page).text
    assert "Berätta vad som ändrades." not in desk.get(page).text
    assert "Berätta vad som ändrades.</textarea>" in desk.get(f"{page}?vastaus={row.id}").text
    assert desk.get(f"{page}?vastaus=999").status_code == 200
    long = "Pitkä perustelu " * 200
    refused = desk.post(page, {"action": "return", "reason": long})
    assert refused.status_code == 422
    assert "Pitkä perustelu" in refused.text, "what was typed stays"


def test_a_report_is_decided_from_a_ready_answer(session: Session, make: Factory, editor: Actor, desk: Browser) -> None:
    deed = make.deed("Teko", author_id=make.user(locale="en").id)
    with transaction():
        row = answers.add_answer(session, editor, AnswerTexts("report", "Kunnossa", {"fi": "Kaikki on hyvin."}))
        report = reports.report(session, Actor(make.user()), "deed", deed.id, "advert", "Mainos?", "", "fi")
    found = desk.get(f"/hallinta/ilmoitukset/{report.id}?vastaus={row.id}").text
    assert "Kaikki on hyvin.</textarea>" in found, "in Finnish where there is no translation"
    refused = desk.post(f"/hallinta/ilmoitukset/{report.id}/paatos", {})
    assert refused.status_code == 422
    assert f'href="/hallinta/ilmoitukset/{report.id}?vastaus={row.id}#answer"' in refused.text


def test_the_desk_keeps_them_and_members_do_not(session: Session, make: Factory, editor: Actor, desk: Browser) -> None:
    assert desk.post("/hallinta/vastaukset/uusi", {"occasion": "review", "title": "Tyhjä"}).status_code == 422
    values = {"occasion": "review", "title": "Kerro lisää", "body_fi": "Mitä muuttui?"}
    assert desk.post("/hallinta/vastaukset/uusi", values).status_code == 303
    row = session.scalars(select(ReadyAnswer)).one()
    answer_id = row.id
    session.rollback()
    page = f"/hallinta/vastaukset/{answer_id}"
    assert "Mitä muuttui?" in desk.get(page).text
    assert desk.edit(page, {**values, "body_sv": "Vad ändrades?"}).status_code == 303
    assert "Kerro lisää" in desk.get("/hallinta/vastaukset").text
    with pytest.raises(NotAllowed), transaction():
        answers.add_answer(session, Actor(make.user()), TEXTS)
    with pytest.raises(RuleBroken, match="text_too_long"), transaction():
        answers.add_answer(session, editor, AnswerTexts("review", "Pitkä", {"fi": "a" * 2001}))
    assert desk.post(f"{page}/poista", {}).status_code == 303
    assert desk.get(page).status_code == 404
    session.rollback()
    events = session.scalars(select(AuditEntry.event).where(AuditEntry.event.like("ReadyAnswer%"))).all()
    assert sorted(events) == ["ReadyAnswerChanged", "ReadyAnswerChanged", "ReadyAnswerRemoved"]
