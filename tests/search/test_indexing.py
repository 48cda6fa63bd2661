"""From rows to the index and back to health."""

from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tori.database import is_writing, transaction
from tori.models.deeds import Comment, Deed, DeedStatus
from tori.models.operations import IndexTask
from tori.models.searching import DeedWords
from tori.search import indexing
from tori.search.marking import forms_met
from tori.search.port import DeedDocument, HighlightTerms, IndexLocked, SearchQuery
from tori.search.whoosh_engine import WhooshEngine


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    return WhooshEngine(tmp_path / "index")


def queue(session: Session, *ids: int) -> None:
    session.add_all(IndexTask(deed_id=deed_id) for deed_id in ids)
    session.commit()


def waiting(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(IndexTask)) or 0


def found(engine: WhooshEngine, text: str = "") -> list[int]:
    return sorted(hit.id for hit in engine.search(SearchQuery(text, per_page=100)).hits)


def test_a_missing_index_builds_itself(session: Session, make: Factory, engine: WhooshEngine) -> None:
    published, draft = make.deed("Kirjaston aamu"), make.deed("Luonnos", status=DeedStatus.DRAFT)
    archived, withdrawn = make.deed("Vanha malli", status="archived"), make.deed("Pois", status="withdrawn")
    queue(session, published.id, draft.id)
    assert indexing.drain(session, engine) == 2
    assert found(engine) == [published.id, archived.id]
    assert waiting(session) == 0
    assert draft.id not in engine.fingerprints()
    assert withdrawn.id not in engine.fingerprints()


def test_nobody_who_writes_waits_while_words_are_analysed(
    session: Session, make: Factory, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysed = engine.packed_words
    asked = []

    def while_writing(deed: DeedDocument) -> bytes:
        asked.append(is_writing())
        return analysed(deed)

    monkeypatch.setattr(engine, "packed_words", while_writing)
    deed = make.deed("Kirjaston aamu")
    indexing.rebuild(session, engine)
    queue(session, deed.id)
    indexing.drain(session, engine)
    session.execute(delete(DeedWords))
    session.commit()
    indexing.check(session, engine)
    assert asked == [False] * len(["rebuilt", "changed", "missing"])


def test_changes_are_taken_in_and_tasks_forgotten(session: Session, make: Factory, engine: WhooshEngine) -> None:
    first, second = make.deed("Kirjaston aamu"), make.deed("Koulun ilta")
    indexing.rebuild(session, engine)
    first.title, first.version = "Uimahallin aamu", 2
    second.status = DeedStatus.WITHDRAWN
    session.commit()
    queue(session, first.id, second.id, first.id)
    assert indexing.drain(session, engine) == 3
    assert indexing.drain(session, engine) == 0
    assert found(engine) == [first.id]
    assert found(engine, "uimahalli") == [first.id]
    assert engine.status().last_sequence == 3


def test_a_held_lock_leaves_the_tasks(
    session: Session, make: Factory, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed = make.deed()
    indexing.rebuild(session, engine)
    queue(session, deed.id)

    def locked(*_: object, **__: object) -> int:
        raise IndexLocked("written elsewhere")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "replace", locked)
        assert indexing.drain(session, engine) == 0
    assert waiting(session) == 1
    assert indexing.drain(session, engine) == 1
    assert waiting(session) == 0


def test_a_crash_between_commit_and_forgetting_repeats_harmlessly(
    session: Session, make: Factory, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    deed = make.deed()
    indexing.rebuild(session, engine)
    queue(session, deed.id)
    with monkeypatch.context() as patched:
        patched.setattr(indexing, "_forget", lambda ids: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            indexing.drain(session, engine)
    assert waiting(session) == 1
    assert indexing.drain(session, engine) == 1
    assert found(engine) == [deed.id]


def test_changes_during_a_rebuild_keep_their_tasks(session: Session, make: Factory, engine: WhooshEngine) -> None:
    deeds = [make.deed(f"Teko {number}") for number in range(3)]
    queue(session, deeds[0].id)

    def change(done: int, total: int) -> None:
        with transaction() as writing:
            writing.add(IndexTask(deed_id=deeds[1].id))

    assert indexing.rebuild(session, engine, change) == 3
    assert [task.deed_id for task in session.scalars(select(IndexTask))] == [deeds[1].id]


def test_the_nightly_comparison_queues_what_differs(session: Session, make: Factory, engine: WhooshEngine) -> None:
    kept, changed, gone = make.deed("Sama"), make.deed("Muuttuva"), make.deed("Poistuva")
    indexing.rebuild(session, engine)
    assert indexing.check(session, engine) == 0
    changed.version, gone.status = 2, DeedStatus.WITHDRAWN
    session.commit()
    new = make.deed("Uusi")
    assert indexing.check(session, engine) == 3
    assert {task.deed_id for task in session.scalars(select(IndexTask))} == {changed.id, gone.id, new.id}
    assert indexing.check(session, engine) == 0
    indexing.drain(session, engine)
    assert found(engine) == [kept.id, changed.id, new.id]


def test_a_broken_index_is_built_anew_by_the_worker(session: Session, make: Factory, engine: WhooshEngine) -> None:
    deed = make.deed()
    indexing.rebuild(session, engine)
    (engine.folder / "CURRENT").write_text("")
    queue(session, deed.id)
    assert indexing.drain(session, WhooshEngine(engine.folder)) == 1
    assert found(WhooshEngine(engine.folder)) == [deed.id]


def test_the_status_tells_lag_and_wholeness(session: Session, make: Factory, engine: WhooshEngine) -> None:
    deed = make.deed()
    report = indexing.status(session, engine)
    assert (report.index.ready, report.published, report.is_whole) == (False, 1, False)
    indexing.rebuild(session, engine)
    assert indexing.status(session, engine).is_whole
    queue(session, deed.id)
    assert indexing.status(session, engine).lag == 1


def test_a_document_holds_everything_a_reader_may_search_by(session: Session, make: Factory) -> None:
    theme = make.theme("työhyvinvointi")
    theme.name_sv, theme.synonyms = "välbefinnande i arbetet", ["tyhy"]
    deed = make.deed(
        "Tauko", themes=[theme], partners=["Työterveyslaitos"], unit="Kotihoito", lessons="Aloita ajoissa."
    )
    author = make.user()
    session.add(Comment(deed_id=deed.id, author_id=author.id, body="Toimii meilläkin", html=""))
    session.add(Comment(deed_id=deed.id, author_id=author.id, body="Poistettu", html="", removed_at=deed.updated_at))
    session.commit()
    (document,) = indexing.documents(session, [deed.id])
    assert isinstance(document, DeedDocument)
    assert document.theme_names == ("työhyvinvointi", "välbefinnande i arbetet", "")
    assert document.theme_synonyms == ("tyhy",)
    assert (document.municipality, document.region, document.year) == ("Nokia", "pirkanmaa", 2026)
    for word in ("Työterveyslaitos", "Kotihoito", "Toimii meilläkin"):
        assert word in document.extra
    assert "Poistettu" not in document.extra


def test_documents_cost_a_fixed_number_of_statements(session: Session, make: Factory) -> None:
    from sqlalchemy import event

    ids = [make.deed(f"Teko {number}", themes=[make.theme(f"teema {number}")]).id for number in range(12)]
    session.expire_all()
    session.rollback()
    statements: list[str] = []
    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *a: statements.append(a[2]))
    assert len(indexing.documents(session, ids)) == 12
    assert len(statements) <= 7  # BEGIN, deeds, themes, tags, indicators, materials, comments


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="solr"):
        indexing.make_engine("solr:", tmp_path)
    assert indexing.make_engine("memory:", tmp_path, "pip").status().ready


def test_every_public_deed_is_indexed_in_batches(session: Session, make: Factory, engine: WhooshEngine) -> None:
    organisation, sector = make.organisation().id, make.sector().id
    session.add_all(
        Deed(
            title=f"Teko {n}", slug=f"teko-{n}", summary="Lyhyt.", organisation_id=organisation, sector_id=sector,
            status="published", published_at=make.deed("Malli").published_at if n == 0 else None,
            updated_at=make.session.scalar(select(Deed.updated_at)),
        )
        for n in range(indexing.BATCH + 20)
    )  # fmt: skip
    session.commit()
    seen: list[tuple[int, int]] = []
    count = indexing.rebuild(session, engine, lambda done, total: seen.append((done, total)))
    assert count == indexing.BATCH + 21 == engine.status().documents
    assert seen[-1] == (count, count)


def packed(session: Session) -> dict[int, bytes]:
    return {row.deed_id: row.packed for row in session.scalars(select(DeedWords))}


def test_the_words_of_a_deed_are_kept_for_marking(session: Session, make: Factory, engine: WhooshEngine) -> None:
    first, second = make.deed("Aamu", summary="Kirjastoissa kokoonnuttiin."), make.deed("Koulun ilta")
    terms = HighlightTerms(frozenset({"kirjasto", "uimahalli"}))
    indexing.rebuild(session, engine)
    assert forms_met(packed(session), terms)[first.id] == {"kirjastoissa"}
    first.summary = "Uimahalleissa kokoonnuttiin."
    second.status = DeedStatus.WITHDRAWN
    session.commit()
    queue(session, first.id, second.id)
    indexing.drain(session, engine)
    session.expire_all()
    left = packed(session)
    assert left.keys() == {first.id}
    assert forms_met(left, terms)[first.id] == {"uimahalleissa"}
    session.execute(delete(DeedWords))
    session.commit()
    assert indexing.check(session, engine) == 0
    assert packed(session).keys() == {first.id}
