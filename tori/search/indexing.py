"""From rows to the index: the queue of changed deeds, the nightly comparison, and rebuilding.

The database is the truth. A task is deleted only after the engine has committed, so a crash repeats a batch, and a
repeated batch changes nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Select, delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload, selectinload

from tori.config import Config
from tori.core import clock
from tori.database import Due, transaction
from tori.models.deeds import PUBLIC_STATUSES, Comment, Deed
from tori.models.operations import IndexTask
from tori.models.people import Organisation
from tori.models.searching import DeedWords
from tori.search.analysis import Analyser, analyser
from tori.search.engine import BaseEngine
from tori.search.memory_engine import MemoryEngine
from tori.search.port import DeedDocument, IndexLocked, IndexStatus, IndexUnavailable, SearchEngine
from tori.search.whoosh_engine import WhooshEngine

log = logging.getLogger(__name__)

BATCH = 100
MOST_AT_ONCE = 10
LOOK_EVERY_SECONDS = 15.0
MAX_COMMENTS_TEXT = 20_000
SIZES = {"alle-5000": 5_000, "alle-20000": 20_000, "alle-100000": 100_000}
LARGEST = "yli-100000"
Progress = Callable[[int, int], None]
"""Told how many deeds are done and how many there are."""

_looked: WeakKeyDictionary[SearchEngine, float] = WeakKeyDictionary()


@runtime_checkable
class ChangesWithin(Protocol):
    """An engine whose index lies in the database of the deeds."""

    def replace_within(
        self, connection: Connection, documents: Iterable[DeedDocument], removed: Iterable[int]
    ) -> bool: ...


@dataclass(frozen=True)
class IndexReport:
    """The index beside the database: `lag` is the number of waiting tasks."""

    index: IndexStatus
    published: int
    lag: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing waits and nothing is missing."""
        return self.index.ready and not self.lag and self.index.documents == self.published


def make_engine(
    search_url: str, folder: Path, chain: str = "auto", database: Callable[[], Engine] | None = None
) -> SearchEngine:
    """The engine that SEARCH_URL names. `chain` is auto, voikko or pip; `database` leads to that of the deeds."""
    analysis = analyser("packaged" if chain == "pip" else chain) if chain != "auto" else None
    kind = search_url.partition(":")[0]
    made: dict[str, Callable[[], BaseEngine]] = {
        "memory": lambda: MemoryEngine(analyser=analysis),
        "whoosh": lambda: WhooshEngine(folder, analyser=analysis),
    }
    if database is not None:
        made["postgresql"] = lambda: _postgresql(database(), analysis)
    if kind not in made:
        raise ValueError(f"SEARCH_URL begins with {kind}:, but only these are built in: {', '.join(made)}.")
    return made[kind]()


def _postgresql(database: Engine, analysis: Analyser | None) -> BaseEngine:
    # The driver takes a while to load.
    from tori.search.postgresql_engine import PostgresqlEngine

    return PostgresqlEngine(database, analyser=analysis)


def _public() -> Select[Deed]:
    return (
        select(Deed)
        .where(Deed.status.in_(PUBLIC_STATUSES))
        .options(
            joinedload(Deed.organisation).joinedload(Organisation.municipality),
            joinedload(Deed.organisation).joinedload(Organisation.region),
            joinedload(Deed.sector),
            selectinload(Deed.themes),
            selectinload(Deed.tags),
            selectinload(Deed.indicators),
            selectinload(Deed.materials),
        )
    )


def documents(session: Session, ids: Iterable[int]) -> list[DeedDocument]:
    """Those of the deeds that the public may see now, as documents."""
    wanted = list(ids)
    deeds = session.scalars(_public().where(Deed.id.in_(wanted))).unique().all()
    comments = _comments(session, [deed.id for deed in deeds])
    return [_document(deed, comments.get(deed.id, "")) for deed in deeds]


def _comments(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(
        select(Comment.deed_id, Comment.body)
        .where(Comment.deed_id.in_(ids), Comment.removed_at.is_(None))
        .order_by(Comment.id)
    )
    texts: dict[int, str] = {}
    for deed_id, body in rows:
        texts[deed_id] = f"{texts.get(deed_id, '')} {body}"[:MAX_COMMENTS_TEXT]
    return texts


def _names(named: object | None) -> tuple[str, ...]:
    if named is None:
        return ()
    return tuple(getattr(named, field) or "" for field in ("name", "name_sv", "name_en"))


def _slugs(deed: Deed, field: str) -> tuple[str, ...]:
    return tuple(tag.slug for tag in deed.tags_of(field))


def size_class(population: int) -> str:
    """The class of a municipality by its inhabitants."""
    return next((name for name, below in SIZES.items() if population < below), LARGEST)


def _document(deed: Deed, comments: str) -> DeedDocument:
    organisation = deed.organisation
    place, region = organisation.municipality, organisation.region
    published = deed.published_at or deed.created_at
    figures = (f"{i.name} {i.unit} {i.target} {i.actual}" for i in deed.indicators)
    extra = (
        deed.unit,
        deed.participants,
        *deed.partners,
        *deed.team,
        deed.programme,
        deed.funder,
        *figures,
        *(m.title for m in deed.materials),
    )
    return DeedDocument(
        id=deed.id,
        title=deed.title,
        summary=deed.summary,
        need=deed.need,
        goals=deed.goals,
        implementation=deed.implementation,
        results=deed.results,
        body=deed.body,
        lessons=deed.lessons,
        applicability=deed.applicability,
        sector=deed.sector.slug,
        sector_names=_names(deed.sector),
        themes=tuple(theme.slug for theme in deed.themes),
        theme_names=tuple(name for theme in deed.themes for name in _names(theme)),
        theme_synonyms=tuple(synonym for theme in deed.themes for synonym in theme.synonyms),
        organisation=organisation.slug,
        organisation_names=_names(organisation),
        municipality=place.name if place else None,
        municipality_names=_names(place),
        region=region.slug if region else None,
        region_names=_names(region),
        year=clock.in_finland(published).year,
        language=deed.language,
        published_at=published,
        adoptions=deed.adoption_count,
        comments=deed.comment_count,
        extra=" ".join(text for text in (*extra, comments) if text),
        version=deed.version,
        effort=deed.effort,
        size=size_class(place.population) if place else None,
        customers=_slugs(deed, "customer_groups"),
        benefits=_slugs(deed, "benefits"),
        professions=_slugs(deed, "professions"),
        situations=_slugs(deed, "situations"),
        methods=_slugs(deed, "methods"),
        maturity=deed.maturity,
        tag_names=tuple(name for tag in deed.tags for name in _names(tag) if name),
        tag_synonyms=tuple(synonym for tag in deed.tags for synonym in tag.synonyms),
    )


def external_ids(session: Session) -> dict[int, str]:
    """External ids of public deeds, for reading judged queries; deeds without one are left out."""
    rows = session.execute(
        select(Deed.id, Deed.external_id).where(Deed.status.in_(PUBLIC_STATUSES), Deed.external_id.is_not(None))
    )
    return {deed_id: external_id for deed_id, external_id in rows if external_id}


_has_tasks = Due(select(IndexTask.id))


def is_due(config: Config, engine: SearchEngine) -> bool:
    """Whether ``drain`` has something to do."""
    return _has_tasks(config) or _needs_rebuild(engine)


def drain(session: Session, engine: SearchEngine) -> int:
    """Takes at most `BATCH` waiting changes into the index; returns how many tasks were done.

    A held lock leaves the tasks for the next turn. A missing, broken or outdated index is built anew.
    """
    try:
        if _needs_rebuild(engine):
            # When it can't be built now, it is tried again then.
            _looked[engine] = time.monotonic()
            return rebuild(session, engine)
        tasks = session.execute(select(IndexTask.id, IndexTask.deed_id).order_by(IndexTask.id).limit(BATCH)).all()
        if not tasks:
            return 0
        ids = {task.deed_id for task in tasks}
        found = documents(session, ids)
        engine.replace(found, ids - {deed.id for deed in found}, last_sequence=tasks[-1].id)
        _keep_words(engine, found, ids)
    except IndexLocked:
        log.info("the index is being written elsewhere; its tasks wait")
        return 0
    except IndexUnavailable as error:
        log.warning("%s It is built anew.", error)
        return rebuild(session, engine)
    _forget(task.id for task in tasks)
    return len(tasks)


def take_along(session: Session, engine: SearchEngine) -> int:
    """Takes what this transaction queued into an index that lies in the same database, as a part of it.

    Nothing here can stop the change itself: whatever goes wrong leaves the tasks to the worker, and so does a change
    of more deeds than a reader should wait for.
    """
    if not isinstance(engine, ChangesWithin):
        return 0
    tasks = session.execute(
        select(IndexTask.id, IndexTask.deed_id).order_by(IndexTask.id).limit(MOST_AT_ONCE + 1)
    ).all()
    if not tasks or len(tasks) > MOST_AT_ONCE:
        return 0
    ids = {task.deed_id for task in tasks}
    try:
        with session.begin_nested():
            found = documents(session, ids)
            if not engine.replace_within(session.connection(), found, ids - {deed.id for deed in found}):
                return 0
            session.execute(delete(IndexTask).where(IndexTask.id.in_([task.id for task in tasks])))
            _write_words(session, _packed(engine, found), ids)
    except SQLAlchemyError:
        log.warning("a change was not indexed at once; the worker does it", exc_info=True)
        return 0
    return len(tasks)


def _keep_words(engine: SearchEngine, deeds: Sequence[DeedDocument], ids: Iterable[int]) -> None:
    # Nobody who writes waits for the analysis.
    packed = _packed(engine, deeds)
    with transaction() as session:
        _write_words(session, packed, ids)


def _packed(engine: SearchEngine, deeds: Sequence[DeedDocument]) -> dict[int, bytes]:
    """Which forms stand for which terms in each of the deeds, for marking passages."""
    return {deed.id: engine.packed_words(deed) for deed in deeds}


def _write_words(session: Session, packed: Mapping[int, bytes], ids: Iterable[int]) -> None:
    """Of the others among `ids` nothing is kept."""
    session.execute(delete(DeedWords).where(DeedWords.deed_id.in_(list(ids))))
    # A deed may have been deleted since it was read.
    there = set(session.scalars(select(Deed.id).where(Deed.id.in_(packed))))
    rows = [{"deed_id": deed_id, "packed": words} for deed_id, words in packed.items() if deed_id in there]
    if rows:
        session.execute(insert(DeedWords), rows)


def _needs_rebuild(engine: SearchEngine) -> bool:
    now = time.monotonic()
    if now - _looked.get(engine, -LOOK_EVERY_SECONDS) < LOOK_EVERY_SECONDS:
        return False
    problem = engine.problem()
    if problem is None:
        _looked[engine] = now
        return False
    log.info("the index is to be built: %s", problem)
    return True


def _forget(task_ids: Iterable[int]) -> None:
    wanted = list(task_ids)
    with transaction() as session:
        for start in range(0, len(wanted), 500):
            session.execute(delete(IndexTask).where(IndexTask.id.in_(wanted[start : start + 500])))


def rebuild(session: Session, engine: SearchEngine, progress: Progress | None = None) -> int:
    """Builds the index from all public deeds beside the live one and switches to it; returns how many there are.

    Changes that arrive meanwhile keep their tasks and are taken in afterwards.
    """
    waiting = list(session.scalars(select(IndexTask.id)))

    def read() -> Iterator[DeedDocument]:
        # Asked for when the engine has begun: from then on it knows of changes that come meanwhile.
        ids = list(session.scalars(select(Deed.id).where(Deed.status.in_(PUBLIC_STATUSES)).order_by(Deed.id)))
        for start in range(0, len(ids), BATCH):
            batch = documents(session, ids[start : start + BATCH])
            yield from batch
            _keep_words(engine, batch, ids[start : start + BATCH])
            if progress:
                progress(min(start + BATCH, len(ids)), len(ids))

    count = engine.rebuild(read(), last_sequence=max(waiting, default=0))
    _forget(waiting)
    _looked[engine] = time.monotonic()
    return count


def check(session: Session, engine: SearchEngine) -> int:
    """Compares index and database and queues every deed that differs; returns how many did. Rebuilds what is broken.

    Words for marking that are missing (a release before them, a restored backup) are made on the way.
    """
    if not engine.status().ready:
        return rebuild(session, engine)
    indexed = engine.fingerprints()
    rows = session.execute(
        select(Deed.id, Deed.version, Deed.adoption_count).where(Deed.status.in_(PUBLIC_STATUSES))
    ).all()
    wanted = {row.id: (row.version, row.adoption_count) for row in rows}
    queued = set(session.scalars(select(IndexTask.deed_id)))
    different = {
        deed_id for deed_id in indexed.keys() | wanted.keys() if indexed.get(deed_id) != wanted.get(deed_id)
    } - queued
    if different:
        log.warning("the index differs from the database in %s deeds; they are queued", len(different))
        with transaction() as writing:
            writing.add_all(IndexTask(deed_id=deed_id) for deed_id in sorted(different))
    _add_missing_words(session, engine, wanted.keys() - different)
    return len(different)


def _add_missing_words(session: Session, engine: SearchEngine, public: Iterable[int]) -> None:
    missing = sorted(set(public) - set(session.scalars(select(DeedWords.deed_id))))
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        _keep_words(engine, documents(session, batch), batch)


def status(session: Session, engine: SearchEngine) -> IndexReport:
    """What `search status` and `/readyz` tell."""
    published = session.scalar(select(func.count()).select_from(Deed).where(Deed.status.in_(PUBLIC_STATUSES))) or 0
    lag = session.scalar(select(func.count()).select_from(IndexTask)) or 0
    return IndexReport(engine.status(), published, lag)
