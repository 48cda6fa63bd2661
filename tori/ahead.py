"""What ``serve`` reads and makes before it forks, so that its children hold it in memory once: the words of the search,
the index, and everything that the first pages leave behind (templates, texts, statements, dictionaries)."""

import gc
import logging
import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from tori import heap, wiring
from tori.config import Config
from tori.core.errors import ToriError
from tori.database import PREPARED, db
from tori.edge.own_requests import ask
from tori.i18n import LOCALES, prefix_of
from tori.models.deeds import PUBLIC_STATUSES, Deed
from tori.search import dictionaries, finnish, synonyms
from tori.search.kept import REFRESHING
from tori.search.port import SearchError

log = logging.getLogger(__name__)

AGENT = "tori-serve (bot)"
"""Readings and searches of programs are not counted."""
DEEDS = 3
FOR_MEMBERS = ("accounts", "adoptions", "conversation", "deeds", "follows", "wishes")
"""Folders of templates of pages that members write on: compiling those of one page takes each process 50 ms."""
PAGES = ("/", "/teot", "/teot?sivu=2", "/teot?q=kirjasto", "/teot?q=digi+palvelu", "/tilastot", "/kirjaudu")


def lay_words(app: Flask, config: Config) -> bool:
    """Counts the words of the index into a file that all processes map. Returns whether that could be done."""
    return _apart_in_a_thread(app, lambda: wiring.engine_of(config).keep_words())


def read_words(app: Flask, config: Config) -> bool:
    """The words of the search. Returns whether that could be done: there may be no database yet."""

    def read() -> None:
        finnish.remember_few_words()
        engine = wiring.engine_of(config)
        synonyms.follow(db.session(), engine)
        engine.prepare_words()

    return _apart_in_a_thread(app, read)


def make_ready(app: Flask, config: Config) -> bool:
    """The index and what pages leave behind. Returns whether that could be done."""

    def make() -> None:
        engine = wiring.engine_of(config)
        engine.warm()
        heap.keep_small(engine.status().documents)
        deeds = db.session.execute(
            select(Deed.id, Deed.slug)
            .where(Deed.status.in_(PUBLIC_STATUSES))
            .order_by(Deed.published_at.desc(), Deed.id.desc())
            .limit(DEEDS)
        ).all()
        db.session.rollback()
        for path in (*PAGES, *(f"/teot/{deed.id}-{deed.slug}" for deed in deeds)):
            for locale in LOCALES:
                ask(app, config, f"{prefix_of(locale)}{path}", AGENT)
        for statement in PREPARED:
            statement.prepare(db.engine)
        for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(FOR_MEMBERS)):
            app.jinja_env.get_template(name)

    return _apart_in_a_thread(app, make)


def read_index(app: Flask, config: Config) -> bool:
    """What has changed in the index since it was read. Returns whether that could be done.

    Where nothing has, nothing is done: whatever this process does makes it copy memory that it shares with the others.
    """
    try:
        if wiring.engine_of(config).is_warm():
            return True
    except SearchError as error:
        log.info("the index can't be read now: %s", error)
        return False
    is_done = _apart_in_a_thread(app, lambda: wiring.engine_of(config).warm())
    # A process that is forked meanwhile would wait for them for ever.
    for thread in threading.enumerate():
        if thread.name == REFRESHING:
            thread.join()
    gc.freeze()
    return is_done


def _apart_in_a_thread(app: Flask, work: Callable[[], object]) -> bool:
    """In a thread that ends: what it has open is closed with it, and no child gets hold of it."""
    done = False

    def run() -> None:
        nonlocal done
        with app.app_context():
            try:
                work()
                done = True
            except (SQLAlchemyError, SearchError, ToriError, OSError) as error:
                log.info("not everything can be made ready ahead: %s", error)
            finally:
                db.session.remove()
                db.engine.dispose()

    thread = threading.Thread(target=run, name="ahead")
    thread.start()
    thread.join()
    return done


def save_memory() -> None:
    """What is in memory by now is for all children: nobody looks through it for garbage and so makes a copy of it."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    heap.close_gaps()
    # All of them is read for the vocabulary, few pages later.
    heap.let_go_of_files(dictionaries.MAPPED)
