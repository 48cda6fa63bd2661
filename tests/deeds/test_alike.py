"""Deeds beside a deed: found by the worker after the index, stored, and looked at again where a new one may belong."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori import wiring
from tori.database import db, transaction
from tori.deeds import alike, service
from tori.deeds.content import content_of
from tori.models.deeds import Deed, DeedStatus, LookForAlike
from tori.policy import Actor
from tori.search import indexing
from tori.search.port import SearchError

ABOUT = {"summary": "Kotihoidon yövuorot suunnitellaan yhdessä.", "need": "Kotihoidon yövuoroissa oli kiire."}


class Worker:
    def __init__(self, app: Flask) -> None:
        self.engine = wiring.engine_of(app.extensions["tori"])

    def turn(self) -> int:
        """Index first, then the neighbours. How many were looked at."""
        while indexing.drain(db.session(), self.engine):
            pass
        done = 0
        while looked := alike.find_due(db.session(), self.engine):
            done += looked
        return done


def beside(session: Session, deed: Deed) -> list[int]:
    session.expire_all()
    return alike.ids_beside(session, deed)


def test_a_new_deed_stands_beside_those_alike_and_they_beside_it(app: Flask, session: Session, make: Factory) -> None:
    home = make.organisation("Nokian kaupunki")
    author = make.user(organisation=home)
    near = make.deed("Yövuoron suunnittelu", organisation_id=home.id, **ABOUT)
    far = make.deed("Kirjaston iltapäivä", summary="Satuja lapsille.")
    worker = Worker(app)
    indexing.rebuild(session, worker.engine)
    worker.turn()
    assert beside(session, near) == []
    before = {deed.id: (beside(session, deed), deed.page_version) for deed in (near, far)}
    with transaction() as rows:
        draft = service.write_draft(rows, Actor(author), content_of(near))
    assert worker.turn() == 1
    assert beside(session, near) == []
    with transaction() as rows:
        service.publish(rows, Actor(author), draft)
    assert worker.turn() == len([draft, near])
    assert (beside(session, near), beside(session, draft)) == ([draft.id], [near.id])
    assert near.page_version > before[near.id][1]
    assert (beside(session, far), far.page_version) == before[far.id]
    assert session.scalar(select(Deed.id).where(Deed.look_for_alike != LookForAlike.NOT)) is None


def test_one_of_another_sector_with_the_same_theme_is_suggested(
    app: Flask, session: Session, make: Factory, client: FlaskClient
) -> None:
    theme, other_sector = make.theme("yhteiskehittäminen"), make.sector("ruoka", "ruoka")
    near = [make.deed(f"Yövuoron suunnittelu {number}", themes=[theme], **ABOUT) for number in range(8)]
    make.deed("Ei kenenkään malli", sector_id=other_sector.id, themes=[theme], summary="Keittiön listat.")
    taken = make.deed("Keittiön tauot", sector_id=other_sector.id, themes=[theme], summary="Tauot.", adoption_count=2)
    make.deed("Keittiön luonnos", sector_id=other_sector.id, themes=[theme], adoption_count=9, status=DeedStatus.DRAFT)
    worker = Worker(app)
    indexing.rebuild(session, worker.engine)
    worker.turn()
    assert beside(session, near[0])[-1] == taken.id
    shelf = client.get(f"/en/teot/{near[0].id}", follow_redirects=True).text.split("From the same shelf")[1]
    assert "Another sector is among them on purpose" in shelf
    assert "Keittiön tauot" in shelf


def test_nothing_is_looked_for_while_the_index_waits_or_is_broken(app: Flask, session: Session, make: Factory) -> None:
    class Broken:
        def nearest(self, text: str, limit: int) -> list[object]:
            raise SearchError("broken")

        related = nearest

    author = make.user(organisation=make.organisation("Nokian kaupunki"))
    deed = make.deed("Yövuoron suunnittelu", status=DeedStatus.DRAFT, author_id=author.id, **ABOUT)
    worker = Worker(app)
    indexing.rebuild(session, worker.engine)
    with transaction() as rows:
        service.publish(rows, Actor(author), deed)
    if not app.extensions["tori"].is_postgresql:
        assert alike.find_due(db.session(), worker.engine) == 0
    indexing.drain(db.session(), worker.engine)
    assert alike.find_due(db.session(), Broken()) == 0  # type: ignore[arg-type]
    assert alike.find_due(db.session(), worker.engine) == 1


def test_what_is_told_anew_meanwhile_stays_due(app: Flask, session: Session, make: Factory) -> None:
    deed = make.deed("Yövuoron suunnittelu", **ABOUT)
    stale = session.get(Deed, deed.id)
    assert stale is not None
    session.expunge(stale)
    with transaction() as rows:
        row = rows.get(Deed, deed.id)
        assert row is not None
        row.version += 1
    alike.store([(stale, [deed.id])])
    session.expire_all()
    row = session.get(Deed, deed.id)
    assert row is not None
    assert (row.alike, row.look_for_alike) == ([], LookForAlike.JUST_IT)
