"""Makes what the worker makes for readers: `TORI_INSTANCE=… python -m tests.benchmarks.make_pages`. Not a test.

With `rows` only the rows of lists, in Finnish.
"""

import sys

from flask import Flask

from tori import create_app, wiring
from tori.database import db
from tori.deeds import alike
from tori.i18n import DEFAULT_LOCALE
from tori.models.deeds import Deed
from tori.web import ready_pages


def make_rows(app: Flask) -> None:
    ids = db.session().scalars(ready_pages._public_deeds().with_only_columns(Deed.id)).all()
    for start in range(0, len(ids), ready_pages.AT_ONCE):
        batch = ids[start : start + ready_pages.AT_ONCE]
        ready_pages._make_rows(app, app.extensions["tori"], DEFAULT_LOCALE, batch)


def main() -> None:
    ready_pages.MOST_SECONDS = float("inf")
    app = create_app()
    config = app.extensions["tori"]
    with app.app_context():
        if sys.argv[1:] == ["rows"]:
            make_rows(app)
            return
        while alike.find_due(db.session(), wiring.engine_of(config)):
            pass
        ready_pages.make_ready(config)


if __name__ == "__main__":
    main()
