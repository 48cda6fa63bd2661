"""Settings of gunicorn that are code: what a web process does when it has started, and before it ends."""

import gc
import logging
import threading
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from tori.database import db
from tori.deeds import readings
from tori.edge.engine import search_engine
from tori.search.port import SearchError

log = logging.getLogger(__name__)


def post_worker_init(worker: Any) -> None:
    """Gets the search ready beside the first requests, so that nobody waits for the dictionary."""
    app = worker.wsgi

    def warm() -> None:
        with app.app_context():
            try:
                search_engine().warm()
            except SearchError as error:
                log.info("the search can't be warmed yet: %s", error)
            finally:
                db.session.remove()
        # Dictionaries and templates stay: looking through them for garbage again and again would hold up requests.
        gc.collect()
        gc.freeze()

    threading.Thread(target=warm, name="warm-search", daemon=True).start()


def worker_exit(server: Any, worker: Any) -> None:
    """Writes the readers counted in the last moments."""
    app = getattr(worker, "wsgi", None)
    if app is None:
        return
    with app.app_context():
        try:
            readings.write()
        except SQLAlchemyError:
            log.warning("readings could not be written before the end", exc_info=True)
        finally:
            db.session.remove()
