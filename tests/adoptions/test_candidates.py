"""Practices that editors expect to break through, followed for years."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Browser
from tests.factories import Factory
from tori.adoptions import candidates
from tori.core import clock
from tori.core.errors import NotAllowed, NotFound, RuleBroken
from tori.database import transaction
from tori.models.deeds import Adoption, DeedStatus
from tori.models.people import Role
from tori.policy import Actor


def test_a_practice_is_followed_year_by_year(session: Session, make: Factory) -> None:
    editor = Actor(make.user(role=Role.EDITOR))
    deed, other = make.deed("Aamupuuro"), make.deed("Muu")
    now = datetime(2026, 11, 27, 9, tzinfo=UTC)
    for year, status in ((2025, "kaytossa"), (2026, "laajennettu"), (2026, "kokeilee")):
        moment = now.replace(year=year)
        session.add(
            Adoption(
                deed_id=deed.id, organisation_id=make.organisation().id, status=status, created_at=moment,
                updated_at=moment,
            )
        )  # fmt: skip
    session.add(Adoption(deed_id=other.id, organisation_id=make.organisation().id, created_at=now, updated_at=now))
    session.commit()
    with clock.frozen(now), transaction():
        candidates.mark(session, editor, deed, "Leviää jo naapuriin")
    with clock.frozen(now):
        (row,) = candidates.followed(session, editor)
        assert (row.by_year, row.organisations, row.regions, row.is_due) == ([(2025, 1), (2026, 2)], 2, 1, False)
    later = now + timedelta(days=200)
    with clock.frozen(later), transaction():
        assert candidates.followed(session, editor)[0].is_due
        candidates.note(session, editor, deed.id, "Kolmas kunta mukana")
    with clock.frozen(later):
        (row,) = candidates.followed(session, editor)
        assert not row.is_due
        assert row.candidate.notes == [{"on": "2027-06-15", "text": "Kolmas kunta mukana"}]
    with transaction():
        candidates.let_go(session, editor, deed.id)
    assert candidates.followed(session, editor) == []


def test_a_reason_given_again_is_kept_as_a_note(session: Session, make: Factory) -> None:
    editor, deed = Actor(make.user(role=Role.EDITOR)), make.deed()
    for why in ("Leviää jo naapuriin", "Leviää jo naapuriin", "Kolmas kunta kysyy"):
        with transaction():
            candidates.mark(session, editor, deed, why)
    (row,) = candidates.followed(session, editor)
    assert row.candidate.why == "Leviää jo naapuriin"
    assert [note["text"] for note in row.candidate.notes] == ["Kolmas kunta kysyy"]


def test_what_may_not_be_followed(session: Session, make: Factory) -> None:
    editor, deed = Actor(make.user(role=Role.EDITOR)), make.deed()
    with pytest.raises(RuleBroken, match="not_published"), transaction():
        candidates.mark(session, editor, make.deed("Luonnos", status=DeedStatus.DRAFT), "Hyvä")
    with pytest.raises(RuleBroken, match="value_missing"), transaction():
        candidates.mark(session, editor, deed, " ")
    with pytest.raises(NotFound), transaction():
        candidates.note(session, editor, deed.id, "Ei seurannassa")
    with pytest.raises(NotAllowed), transaction():
        candidates.mark(session, Actor(make.user()), deed, "Hyvä")


def test_at_the_desk_it_is_told_what_is_missing_and_readers_see_nothing(
    session: Session, make: Factory, browser: Browser, client: FlaskClient
) -> None:
    deed = make.deed("Aamupuuro")
    browser.sign_in(make.user(role=Role.EDITOR))
    wrong = browser.post("/en/hallinta/lapimurrot", {"deed": "", "why": ""})
    assert wrong.status_code == 422
    summary = wrong.text.split('id="error-summary"')[1].split("</ul>")[0]
    assert 'href="#deed"' in summary
    assert '<a href="#why">Why do you believe in it? – Fill in this field.</a>' in summary
    assert 'aria-describedby="why-error"' in wrong.text
    assert browser.post("/hallinta/lapimurrot", {"deed": f"/teot/{deed.id}", "why": "Leviää"}).status_code == 303
    page = browser.get("/en/hallinta/lapimurrot").text
    assert "0 of 5 organisations, 0 of 3 regions" in page
    note = f"/en/hallinta/lapimurrot/{deed.id}/huomio"
    assert f'href="#note-{deed.id}"' in browser.post(note, {"note": " "}).text.split('id="error-summary"')[1]
    assert browser.post(note, {"note": "Kolmas kunta"}).status_code == 303
    page = browser.get("/en/hallinta/lapimurrot").text
    assert "Kolmas kunta" in page
    assert "What has been written down goes away for good." in page
    assert "Not public any more" not in page
    deed.status = DeedStatus.WITHDRAWN
    session.commit()
    assert "Not public any more" in browser.get("/en/hallinta/lapimurrot").text
    deed.status = DeedStatus.PUBLISHED
    session.commit()
    assert "Leviää" not in client.get(f"/teot/{deed.id}-{deed.slug}").text
    assert browser.post(f"/hallinta/lapimurrot/{deed.id}/poista").status_code == 303
