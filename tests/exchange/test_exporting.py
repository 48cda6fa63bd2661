"""Export -> import into an empty site -> export gives the same lines."""

import json

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.exchange.lines import WHOLE, line, whole
from tests.factories import Factory
from tori.exchange import seeding
from tori.exchange.exporting import export_lines, give_external_ids
from tori.exchange.importing import import_deeds
from tori.models.base import Base
from tori.models.deeds import Deed, DeedStatus
from tori.notifications.changes import content_version
from tori.policy import SYSTEM


def export(session: Session, everything: bool = False) -> list[str]:
    give_external_ids(session)
    session.commit()
    return list(export_lines(session, list(DeedStatus)) if everything else export_lines(session))


def empty_site(session: Session) -> None:
    session.expunge_all()
    session.execute(Deed.__table__.update().values(part_of_id=None))  # type: ignore[attr-defined]
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(delete(table))
    seeding.load_vocabulary(session)
    session.commit()


def test_the_seed_content_comes_back_as_it_went(app: Flask, session: Session) -> None:
    seeding.seed(lambda result: None)
    lines = export(session, everything=True)
    assert len(lines) == 168
    empty_site(session)
    report = import_deeds(session, SYSTEM, lines)
    session.commit()
    assert (report.created, report.bad) == (168, [])
    assert export(session, everything=True) == lines


def test_every_key_comes_back(vocabulary: Session) -> None:
    import_deeds(vocabulary, SYSTEM, [whole(), line(external_id="toinen-teko", part_of="pihan-kokeilupaja")])
    vocabulary.commit()
    first, second = (json.loads(text) for text in export(vocabulary))
    assert first == WHOLE
    assert second["part_of"] == "pihan-kokeilupaja"


def test_deeds_written_here_get_a_name_of_this_site_and_keep_it(session: Session, make: Factory) -> None:
    make.deed("Kirjoitettu täällä", external_id=None)
    first = export(session)
    name = json.loads(first[0])["external_id"]
    assert name.endswith("-1")
    assert export(session) == first
    report = import_deeds(session, SYSTEM, first)
    assert report.unchanged == 1


def test_only_public_deeds_go_out_unless_asked(session: Session, make: Factory) -> None:
    draft = make.deed("Luonnos", status=DeedStatus.DRAFT, external_id="luonnos")
    make.deed("Vedetty", status=DeedStatus.WITHDRAWN)
    make.deed("Vanha", status=DeedStatus.ARCHIVED, part_of_id=draft.id)
    (text,) = export(session)
    assert json.loads(text)["title"] == "Vanha"
    assert json.loads(text)["status"] == "archived"
    assert "part_of" not in json.loads(text)
    assert len(export(session, everything=True)) == 3


def test_a_theme_made_by_an_import_keeps_its_name(vocabulary: Session) -> None:
    import_deeds(vocabulary, SYSTEM, [line(themes=["Kävelyn ilo!", "Aivotyö"])])
    vocabulary.commit()
    assert sorted(json.loads(export(vocabulary)[0])["themes"]) == ["Kävelyn ilo!", "aivotyo"]


def test_the_table_shows_formulas_as_text(app: Flask, client: FlaskClient, session: Session, make: Factory) -> None:
    """I12"""
    from tori.search import indexing

    for title in ("=HYPERLINK(1)", "+1", "@SUM(A1)", "＝1"):
        make.deed(title)
    make.deed("Salattu luonnos", status=DeedStatus.DRAFT)
    indexing.rebuild(session, app.extensions["tori.search"]())
    answer = client.get("/teot.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    titles = [row.split(";")[1] for row in answer.text.lstrip("\ufeff").splitlines()[1:]]
    assert sorted(titles) == ["'+1", "'=HYPERLINK(1)", "'@SUM(A1)", "'＝1"]


def test_the_feed_is_newest_first_and_holds_public_deeds_only(
    app: Flask, client: FlaskClient, session: Session, make: Factory
) -> None:
    """Z05"""
    from xml.etree import ElementTree

    from tori.search import indexing

    make.deed("Kokeilu <b>& paja")
    make.deed("Salattu luonnos", status=DeedStatus.DRAFT)
    indexing.rebuild(session, app.extensions["tori.search"]())
    answer = client.get("/sv/teot.atom?q=kokeilu")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    assert [entry.findtext("a:title", "", atom) for entry in feed.iterfind("a:entry", atom)] == ["Kokeilu <b>& paja"]
    entry = feed.find("a:entry", atom)
    assert entry is not None
    assert entry.findtext("a:id", "", atom) == "http://127.0.0.1:8000/teot/1"
    for query in ("?tila=luonnos", "?include_drafts=1", "?q=salattu"):
        assert "Salattu" not in client.get(f"/teot.atom{query}").text
        assert "Salattu" not in client.get(f"/teot.csv{query}").text


def test_names_given_for_an_export_show_at_once(session: Session, make: Factory) -> None:
    make.deed()
    before = content_version(session)
    give_external_ids(session)
    session.flush()
    named = content_version(session)
    give_external_ids(session)
    assert before < named == content_version(session)
